//! Answers of the WordPress REST API (`/wp/v2/posts`) → candidates, and the requests that bring them.
//!
//! The API is the best informed method: it names the post id, both dates in UTC, the categories and the whole content.
//! Fields follow <https://developer.wordpress.org/rest-api/reference/posts/>; every one of them is optional here, since
//! plug-ins leave some out.

mod error;
mod post;
mod request;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

use super::{Context, DiscoverError, feed, text};
use crate::model::{Candidate, Document};

pub use error::ApiError;
pub use request::{Request, roots};

/// Most posts an answer may hold (`per_page` ends there).
pub const MAX_PER_PAGE: u32 = 100;
/// Most elements of one answer that are looked at, whatever the server thinks of `per_page`.
const MAX_POSTS: usize = 1_000;
const EXPECTED: &str = "an answer of the WordPress API";

/// Category ids with their names, as for people.
pub type Names = BTreeMap<u64, String>;

/// What an answer named.
#[derive(Clone, Debug, PartialEq)]
pub struct Posts {
    /// The published articles, in the answer's order.
    pub candidates: Vec<Candidate>,
    /// How many answers there are in all (`X-WP-TotalPages`), where the server says so.
    pub total_pages: Option<u32>,
    /// The posts that were left out, each with the reason: protected, not yet published, on another site.
    pub skipped: Vec<String>,
}

/// Reads an answer to a request for posts. `names` are the categories' names, from [`categories`]; embedded ones
/// (`_embed`) are read from the answer itself.
///
/// # Errors
/// If the answer is an error of the API or no answer of it.
pub fn posts(document: &Document, context: &Context<'_>, names: &Names) -> Result<Posts, ApiError> {
    let answer = array(document)?;
    let mut posts = Posts { candidates: Vec::new(), total_pages: document.total_pages, skipped: Vec::new() };
    for (index, value) in answer.iter().take(MAX_POSTS).enumerate() {
        match post::read(value, document, context, names) {
            Ok(candidate) => posts.candidates.push(candidate),
            Err(reason) => posts.skipped.push(format!("post {}: {reason}", post::label(value, index))),
        }
    }
    if answer.len() > MAX_POSTS {
        posts.skipped.push(format!("{} posts over the limit of {MAX_POSTS}", answer.len() - MAX_POSTS));
    }
    Ok(posts)
}

/// Reads an answer to a request for categories into names by id.
///
/// # Errors
/// If the answer is an error of the API or no answer of it.
pub fn categories(document: &Document) -> Result<Names, ApiError> {
    let answer = array(document)?;
    let name = |value: &Value| {
        Some((value.get("id")?.as_u64()?, text::title_from_html(value.get("name")?.as_str()?)?))
    };
    Ok(answer.iter().take(MAX_POSTS).filter_map(name).collect())
}

fn array(document: &Document) -> Result<Vec<Value>, ApiError> {
    let url = || Box::new(document.url.clone());
    let bytes = &document.bytes;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(DiscoverError::Empty { url: url(), expected: EXPECTED }.into());
    }
    // Notices of a badly kept PHP come before the answer; only the first bracket can begin it.
    let start = bytes.iter().position(|byte| matches!(byte, b'[' | b'{')).unwrap_or(bytes.len());
    if feed::looks_like_web_page(&bytes[..start]) {
        return Err(DiscoverError::WebPage { url: url(), expected: EXPECTED }.into());
    }
    let malformed = |reason: String| DiscoverError::Malformed { url: url(), expected: EXPECTED, reason };
    match serde_json::from_slice(&bytes[start..]).map_err(|fault| malformed(fault.to_string()))? {
        Value::Array(values) => Ok(values),
        Value::Object(object) => {
            let text = |name: &str| object.get(name).and_then(Value::as_str).unwrap_or_default();
            let message = text::title_from_html(text("message")).unwrap_or_default();
            Err(error(url(), text("code"), message, &object).unwrap_or_else(|| {
                malformed("an object where a list of posts was expected".to_owned()).into()
            }))
        }
        _ => Err(malformed("neither a list nor an error".to_owned()).into()),
    }
}

/// Error codes of a closed API: core's own, and those of the plug-ins that close it.
const CLOSED_API_CODES: &[&str] = &[
    "rest_no_route",
    "rest_disabled",
    "rest_forbidden",
    "rest_not_logged_in",
    "rest_cannot_access",
    "rest_login_required",
    "rest_user_cannot_view",
    "rest_cannot_read",
    "rest_api_disabled",
    "rest_forbidden_context",
    "rest_unauthorized",
    "disabled",
    "forbidden",
    "itsec_rest_api_access_restricted",
];

fn error(
    url: Box<Url>,
    code: &str,
    message: String,
    object: &serde_json::Map<String, Value>,
) -> Option<ApiError> {
    if code.is_empty() {
        return None;
    }
    let status = object.get("data").and_then(|data| data.get("status")).and_then(Value::as_u64);
    let code = code.to_owned();
    Some(match code.as_str() {
        "rest_post_invalid_page_number" => ApiError::PastEnd { url },
        known if CLOSED_API_CODES.contains(&known) => ApiError::Closed { url, code, message },
        _ if matches!(status, Some(401 | 403 | 404)) => ApiError::Closed { url, code, message },
        _ => ApiError::Refused { url, code, message },
    })
}
