//! The site's resources as they are served, for whoever writes them into files.

use std::sync::Arc;

use axum::body::Body;
use axum::http::{Request, header};
use bytes::Bytes;
use http_body_util::BodyExt;
use jiff::Timestamp;

use super::Site;
use super::routes::Front;

/// Why a resource could not be read.
#[derive(Debug, thiserror::Error)]
#[error("{path} cannot be rendered: {why}")]
pub struct CopyError {
    pub path: String,
    /// The status or fault.
    pub why: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resource {
    pub bytes: Bytes,
    /// When it last changed, where that is known.
    pub changed: Option<Timestamp>,
}

/// Reads a site's resources in-process: the very bytes that an HTTP client gets.
pub struct Copier {
    front: Front,
    language: &'static str,
}

impl Copier {
    /// Reads from a site, pages in the language of its first source if we have words for it.
    pub fn new(site: Arc<Site>) -> Self {
        let is_vietnamese =
            site.feed_settings.sources().next().is_none_or(|source| source.language.starts_with("vi"));
        Self { front: Front::new(site), language: if is_vietnamese { "vi" } else { "en" } }
    }

    /// The resource at a path of ours (`/haiphong.atom`, `/haiphong/7301`); `None` if there is none.
    ///
    /// # Errors
    /// If the store or an edition cannot be read.
    pub async fn read(&self, path: &str) -> Result<Option<Resource>, CopyError> {
        let failed = |why: String| CopyError { path: path.to_owned(), why };
        let request = Request::get(path)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .body(Body::empty())
            .map_err(|fault| failed(fault.to_string()))?;
        let (head, body) = self.front.route(request).await.into_parts();
        match head.status.as_u16() {
            200 => {}
            404 => return Ok(None),
            status => return Err(failed(format!("status {status}"))),
        }
        let bytes = body.collect().await.map_err(|fault| failed(fault.to_string()))?.to_bytes();
        let changed = head
            .headers
            .get(header::LAST_MODIFIED)
            .and_then(|date| httpdate::parse_http_date(date.to_str().ok()?).ok())
            .and_then(|date| Timestamp::try_from(date).ok());
        Ok(Some(Resource { bytes, changed }))
    }
}
