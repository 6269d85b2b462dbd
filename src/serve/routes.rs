//! Which request is for what.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect};
use axum::routing::{MethodRouter, get};
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tower_http::catch_panic::CatchPanicLayer;

use super::feeds::{self, FeedRequest};
use super::listen::Answer;
use super::respond::{self, made};
use super::{Site, negotiate, pages};
use crate::article::SourceId;
use crate::publish::{FeedName, Format, media};

/// A response of which the body is there at once.
pub type Ready = Response<Full<Bytes>>;

/// The first to see a request: finished feeds are answered here, everything else goes through the router.
pub struct Front {
    site: Arc<Site>,
    router: TowerToHyperService<Router>,
    /// The path of the public URL, without slash at its end: a reverse proxy may leave it on or take it off.
    prefix: String,
}

impl Front {
    /// The front of a site.
    pub fn new(site: Arc<Site>) -> Self {
        let router = router(Arc::clone(&site));
        let prefix = site.press.public_url.path().trim_end_matches('/').to_owned();
        Self { site, router: TowerToHyperService::new(router), prefix }
    }

    /// Answers a request.
    pub async fn answer(&self, request: Request<Incoming>) -> Answer {
        if let Some(answer) = self.at_once(&request) {
            return answer.map(Either::Left);
        }
        let mut request = request.map(Body::new);
        self.strip_prefix(request.uri_mut());
        match self.router.call(request).await {
            Ok(answer) => answer.map(Either::Right),
            Err(never) => match never {},
        }
    }

    /// The answer to a request for a finished feed that is in memory.
    fn at_once(&self, request: &Request<Incoming>) -> Option<Ready> {
        let uri = request.uri();
        if uri.query().is_some() || !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let path = uri.path().strip_prefix(self.prefix.as_str())?;
        let held = self.site.editions.hot(path.strip_prefix('/')?)?;
        let headers = request.headers();
        (!wants_page(headers)).then(|| held.answer(headers))
    }

    fn strip_prefix(&self, uri: &mut Uri) {
        if self.prefix.is_empty() {
            return;
        }
        let shorter = uri
            .path_and_query()
            .and_then(|path| path.as_str().strip_prefix(self.prefix.as_str()))
            .filter(|rest| rest.starts_with('/'))
            .and_then(|rest| rest.parse().ok());
        if let Some(shorter) = shorter {
            *uri = shorter;
        }
    }
}

/// Whether a request for a feed is better answered with the page for people.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(negotiate::prefers_page)
}

fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", only_get(get(pages::front)))
        .route("/health", only_get(get(health)))
        .route("/health/live", only_get(get(async || made(StatusCode::OK, media::TEXT, Bytes::from("ok\n")))))
        .route("/metrics", only_get(get(metrics)))
        .route("/{name}", only_get(get(top)))
        .route("/{source}/c/{name}", only_get(get(category)))
        .fallback(nothing)
        .with_state(site)
        .layer(CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
            tracing::error!("a handler panicked");
            respond::message(StatusCode::INTERNAL_SERVER_ERROR, "something is broken here; it has been noted")
        }))
}

/// GET and HEAD; anything else is told so.
fn only_get(route: MethodRouter<Arc<Site>>) -> MethodRouter<Arc<Site>> {
    route.fallback(async || {
        let mut answer =
            respond::message(StatusCode::METHOD_NOT_ALLOWED, "only GET and HEAD are understood here");
        answer.headers_mut().insert(header::ALLOW, header::HeaderValue::from_static("GET, HEAD"));
        answer
    })
}

/// What stands at an address that has nothing.
async fn nothing(State(site): State<Arc<Site>>, headers: HeaderMap) -> Ready {
    pages::not_found(&site, &headers)
}

/// `/haiphong.atom`, `/all.json`; `/haiphong` is sent on to the source's page.
async fn top(
    State(site): State<Arc<Site>>,
    Path(name): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Response<Body> {
    if let Some((stem, format)) = split(&name) {
        let feed = if stem == "all" { FeedName::All } else { FeedName::Source(SourceId::new(stem)) };
        return feed_or_page(&site, feed, format, &uri, &headers).await.into_response();
    }
    if site.press.source(&SourceId::new(&name)).is_some() {
        let to = format!("{}{name}/", site.press.public_url.path());
        return Redirect::permanent(&to).into_response();
    }
    pages::not_found(&site, &headers).into_response()
}

/// `/haiphong/c/y-te.atom`.
async fn category(
    State(site): State<Arc<Site>>,
    Path((source, name)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Ready {
    match split(&name) {
        Some((slug, format)) => {
            let feed = FeedName::Category(SourceId::new(&source), slug.to_owned());
            feed_or_page(&site, feed, format, &uri, &headers).await
        }
        None => pages::not_found(&site, &headers),
    }
}

async fn feed_or_page(
    site: &Arc<Site>,
    name: FeedName,
    format: Format,
    uri: &Uri,
    headers: &HeaderMap,
) -> Ready {
    let request = match FeedRequest::read(name, format, uri.query().unwrap_or_default()) {
        Ok(request) => request,
        Err(why) => return respond::message(StatusCode::BAD_REQUEST, &why.to_string()),
    };
    feeds::answer(site, &request, headers).await
}

/// `name.extension` of a feed.
fn split(name: &str) -> Option<(&str, Format)> {
    let (stem, extension) = name.rsplit_once('.')?;
    Some((stem, Format::from_extension(extension)?))
}

async fn health(State(site): State<Arc<Site>>) -> Ready {
    let report = match site.report().await {
        Ok(report) => report,
        Err(fault) => return respond::message(StatusCode::SERVICE_UNAVAILABLE, &fault.to_string()),
    };
    match serde_json::to_vec_pretty(&report) {
        Ok(body) => made(StatusCode::OK, media::JSON, body.into()),
        Err(fault) => respond::message(StatusCode::INTERNAL_SERVER_ERROR, &fault.to_string()),
    }
}

async fn metrics(State(site): State<Arc<Site>>) -> Ready {
    let body = site.metrics.as_ref().map(|write| write()).unwrap_or_default();
    // The media type of the OpenMetrics text format, version 1.0.0.
    made(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", body.into())
}
