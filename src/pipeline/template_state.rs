//! The template while it is learned: every page is read by what the pages before it have taught.

use std::sync::{Arc, Mutex, PoisonError};

use crate::extract::Observation;
use crate::model::Template;

/// Pages are learned together once they make up one in so many of all pages learned from …
const BATCH_DIVISOR: u32 = 8;
/// … and at most so many at a time. Each batch costs a copy of the template, so batches should be large; but a redesign
/// should be noticed within a few pages.
const MAX_BATCH: usize = 8;
/// A template is stored when it has grown by one in so many pages since it was last stored …
const GROWTH_DIVISOR: u32 = 4;
/// … and by at least so many pages: that many a crash may lose.
const MIN_NEW_PAGES: u32 = 50;

/// A template that is read and learned at the same time.
pub(super) struct TemplateState(Mutex<State>);

struct State {
    template: Arc<Template>,
    waiting: Vec<Observation>,
    stored: u32,
}

impl TemplateState {
    pub fn new(template: Template) -> Self {
        let stored = template.pages;
        Self(Mutex::new(State { template: Arc::new(template), waiting: Vec::new(), stored }))
    }

    /// The template as it is now.
    pub fn current(&self) -> Arc<Template> {
        Arc::clone(&self.state().template)
    }

    /// Takes in what a page taught: at once from the first pages, a few together later.
    pub fn learn(&self, page: Observation) {
        let mut state = self.state();
        state.waiting.push(page);
        let together =
            usize::try_from(state.template.pages / BATCH_DIVISOR).unwrap_or(MAX_BATCH).min(MAX_BATCH);
        if state.waiting.len() >= together {
            state.learn_waiting();
        }
    }

    /// The template, if it should be stored now; `at_end` of a visit, if it learned anything.
    pub fn to_store(&self, at_end: bool) -> Option<Arc<Template>> {
        let mut state = self.state();
        state.learn_waiting();
        let grown = state.template.pages.saturating_sub(state.stored);
        let worth = grown >= MIN_NEW_PAGES.max(state.stored / GROWTH_DIVISOR);
        if !(worth || (at_end && grown > 0)) {
            return None;
        }
        state.stored = state.template.pages;
        Some(Arc::clone(&state.template))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn learn_waiting(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let template = Arc::make_mut(&mut self.template);
        for page in self.waiting.drain(..) {
            template.learn(&page);
        }
    }
}
