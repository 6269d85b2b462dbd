//! What a report says to health.

use crate::health::{Answer, Failure, PageRead, Visit};
use crate::model::{Cause, DiscoveryMethod};
use crate::pipeline::{Asked, NotPublished, Outcome, Report};

/// A report, as health takes it.
pub(super) fn visit_facts(report: &Report) -> Visit {
    let known =
        (report.edited + report.same + report.joined + report.new).saturating_sub(report.shapes.len());
    // Of the known ones only the number is kept; as they come first, what is wrong with those behind them stands.
    let known = std::iter::repeat_n((0, PageRead::Read { new: None }), known);
    let new = report.shapes.iter().map(|(place, shape)| (*place, PageRead::Read { new: Some(*shape) }));
    let others = report.held.iter().chain(&report.failed);
    let others = others.filter_map(|other| Some((other.place, page(other)?)));
    let mut pages: Vec<(usize, PageRead)> = known.chain(new).chain(others).collect();
    pages.sort_by_key(|(place, _)| *place);
    let pages = pages.into_iter().map(|(_, page)| page).collect();
    let answers = report.asked.iter().map(answer).collect();
    Visit { at: report.finished, answers, pages, is_failed: report.outcome == Outcome::Failed }
}

fn answer(asked: &Asked) -> Answer {
    let failure = asked.trouble.as_ref().zip(asked.cause);
    Answer {
        url: key(asked),
        // What the API says has changed since the last visit may rightly be nothing.
        named: asked.named.filter(|_| asked.method != DiscoveryMethod::WpJson),
        is_wanted: asked.wanted,
        is_page: asked.method == DiscoveryMethod::Listing,
        failure: failure.map(|(why, cause)| Failure { cause, why: why.clone() }),
        moved_to: asked.moved_to.clone(),
    }
}

/// The address of a listing, the same at each visit: the API is asked with the time since when.
fn key(asked: &Asked) -> String {
    match asked.method == DiscoveryMethod::WpJson {
        true => asked.url.split('?').next().unwrap_or_default().to_owned(),
        false => asked.url.clone(),
    }
}

/// A page that is not there (404) is the portal's answer about that page alone; but where every new one is not, its links
/// lead nowhere.
fn page(page: &NotPublished) -> Option<PageRead> {
    let url = page.url.clone();
    match (page.not_article, page.cause) {
        (Some(why), _) => Some(PageRead::Held {
            url,
            why,
            is_new: page.is_new,
            is_certain: page.is_certain,
            is_first: page.is_first,
        }),
        (None, Some(Cause::LeftAlone | Cause::Stopping) | None) => None,
        (None, Some(Cause::Missing)) if !page.is_new => None,
        (None, Some(cause)) => {
            let failure = Failure { cause, why: page.why.clone() };
            Some(PageRead::Failed { url, failure, is_new: page.is_new, is_first: page.is_first })
        }
    }
}
