//! Commits that the store has been given and has not yet answered, in order.

use std::collections::VecDeque;

use futures_util::future::BoxFuture;
use url::Url;

use crate::store::{Committed, StoreError};

type Answer = BoxFuture<'static, Result<Committed, StoreError>>;

/// Commits under way, oldest first.
#[derive(Default)]
pub(super) struct PendingCommits {
    commits: VecDeque<(Url, usize, Answer)>,
    length: usize,
}

impl PendingCommits {
    /// Adds the commit of an address whose kept pages are `length` bytes long.
    pub fn push(
        &mut self,
        url: Url,
        length: usize,
        answer: impl Future<Output = Result<Committed, StoreError>> + Send + 'static,
    ) {
        self.length += length;
        self.commits.push_back((url, length, Box::pin(answer)));
    }

    /// Takes the oldest out if they are more than so many, or their pages longer than so many bytes.
    pub fn pop_over(&mut self, (count, length): (usize, usize)) -> Option<(Url, Answer)> {
        if self.commits.len() <= count && self.length <= length {
            return None;
        }
        let (url, length, answer) = self.commits.pop_front()?;
        self.length -= length;
        Some((url, answer))
    }
}
