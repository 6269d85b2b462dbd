//! Which request is for what.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, Request, Response, StatusCode, Uri, header};
use axum::routing::{MethodRouter, get};
use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::body::Incoming;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;
use tower_http::catch_panic::CatchPanicLayer;

use super::feeds::{self, BadRequest, FeedRequest};
use super::listen::Answer;
use super::pages::View;
use super::respond;
use super::sendfile::CurrentBody;
use super::{Site, archive, negotiate, pages, plain};
use crate::model::SourceId;
use crate::ops::metrics::RequestKind;
use crate::publish::{FeedName, Format};

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
    pub fn new(site: Arc<Site>) -> Self {
        let router = router(Arc::clone(&site));
        let prefix = site.feed_settings.public_url.path().trim_end_matches('/').to_owned();
        Self { site, router: TowerToHyperService::new(router), prefix }
    }

    pub fn site(&self) -> Arc<Site> {
        Arc::clone(&self.site)
    }

    /// Answers a request; `current_body` hears of one that the connection can send from its file.
    pub async fn answer(&self, request: Request<Incoming>, current_body: &CurrentBody) -> Answer {
        if let Some(answer) = self.at_once(&request, current_body) {
            self.count(RequestKind::Feed, answer.status());
            return answer.map(Either::Left);
        }
        let mut request = request.map(Body::new);
        self.strip_prefix(request.uri_mut());
        let kind = kind_of(request.uri().path());
        let answer = self.route(request).await;
        self.count(kind, answer.status());
        answer.map(Either::Right)
    }

    fn count(&self, kind: RequestKind, status: StatusCode) {
        if let Some(metrics) = &self.site.metrics {
            metrics.http.count(kind, status.as_u16());
        }
    }

    /// Answers a request through the router; its path begins at our own root.
    pub async fn route(&self, request: Request<Body>) -> Response<Body> {
        match self.router.call(request).await {
            Ok(answer) => answer,
            Err(never) => match never {},
        }
    }

    /// The answer to a request for a finished feed that is in memory.
    fn at_once(&self, request: &Request<Incoming>, current_body: &CurrentBody) -> Option<Ready> {
        let uri = request.uri();
        if uri.query().is_some() || !matches!(*request.method(), Method::GET | Method::HEAD) {
            return None;
        }
        let path = uri.path().strip_prefix(self.prefix.as_str())?;
        let name = path.strip_prefix('/')?;
        let prepared = self.site.editions.cached(name)?;
        // An answer that began before a reload may have taken the feed of a source into memory that is gone now.
        if !self.site.has_feed(name) {
            return None;
        }
        let headers = request.headers();
        if wants_page(headers) {
            return None;
        }
        let (answer, file_body) = prepared.answer_from(headers);
        current_body.set(file_body);
        Some(answer)
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

/// What a path of ours asks for.
fn kind_of(path: &str) -> RequestKind {
    let is_feed = path.rsplit_once('.').is_some_and(|(_, end)| Format::from_extension(end).is_some());
    match path {
        "/health" | "/health/live" | "/health.atom" | "/metrics" => RequestKind::Ops,
        _ if path.starts_with("/static/") || path == "/favicon.ico" => RequestKind::Static,
        _ if is_feed && path.contains("/archive/") => RequestKind::Archive,
        _ if is_feed || path == "/sources.opml" => RequestKind::Feed,
        _ => RequestKind::Page,
    }
}

/// Whether a request for a feed is better answered with the page for people.
fn wants_page(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|accept| accept.to_str().ok()).is_some_and(negotiate::prefers_page)
}

fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/", only_get(get(root)))
        .route("/health", only_get(get(plain::health)))
        .route("/health.atom", only_get(get(plain::notices)))
        .route("/health/live", only_get(get(plain::live)))
        .route("/metrics", only_get(get(plain::metrics)))
        .route("/sources.opml", only_get(get(plain::opml)))
        .route("/favicon.ico", only_get(get(plain::favicon)))
        .route("/static/{name}", only_get(get(plain::asset)))
        .route("/{name}", only_get(get(top)))
        .route("/{source}/", only_get(get(source)))
        .route("/{source}/{article}", only_get(get(article)))
        .route("/{source}/c/", only_get(get(categories)))
        .route("/{source}/c/{name}", only_get(get(category_feed)))
        .route("/{source}/c/{slug}/", only_get(get(category)))
        .route("/{source}/archive/{name}", only_get(get(archive_feed)))
        .route("/{source}/archive/{month}/", only_get(get(month)))
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

/// `/`, and with a query the search over all.
async fn root(State(site): State<Arc<Site>>, uri: Uri, headers: HeaderMap) -> Ready {
    match searched(FeedName::All, &uri) {
        Ok(view) if view.query.is_none() && view.limit.is_none() => pages::front(&site, &headers).await,
        Ok(view) => pages::listing(&site, &view, &headers).await,
        Err(why) => bad(&why),
    }
}

/// `/haiphong.atom`, `/all.json`; `/haiphong` is sent on to the source's page.
async fn top(State(site): State<Arc<Site>>, Path(name): Path<String>, uri: Uri, headers: HeaderMap) -> Ready {
    if let Some((stem, format)) = split(&name) {
        let feed = if stem == "all" { FeedName::All } else { FeedName::Source(SourceId::new(stem)) };
        return feed_or_page(&site, feed, format, &uri, &headers).await;
    }
    if site.feed_settings.source(&SourceId::new(&name)).is_some() {
        return respond::moved(&format!("{}{name}/", site.feed_settings.public_url.path()));
    }
    pages::not_found(&site, &headers)
}

/// `/haiphong/`, also with a search.
async fn source(
    State(site): State<Arc<Site>>,
    Path(source): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Ready {
    list(&site, FeedName::Source(SourceId::new(&source)), &uri, &headers).await
}

/// `/haiphong/7301`.
async fn article(
    State(site): State<Arc<Site>>,
    Path((source, slug)): Path<(String, String)>,
    headers: HeaderMap,
) -> Ready {
    pages::article(&site, &SourceId::new(&source), &slug, &headers).await
}

/// `/haiphong/c/`: every category.
async fn categories(State(site): State<Arc<Site>>, Path(source): Path<String>, headers: HeaderMap) -> Ready {
    pages::categories(&site, &SourceId::new(&source), &headers).await
}

/// `/haiphong/c/y-te/`.
async fn category(
    State(site): State<Arc<Site>>,
    Path((source, slug)): Path<(String, String)>,
    uri: Uri,
    headers: HeaderMap,
) -> Ready {
    list(&site, FeedName::Category(SourceId::new(&source), slug), &uri, &headers).await
}

/// `/haiphong/c/y-te.atom`.
async fn category_feed(
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

/// `/haiphong/archive/2024-07.atom`.
async fn archive_feed(
    State(site): State<Arc<Site>>,
    Path((source, name)): Path<(String, String)>,
    headers: HeaderMap,
) -> Ready {
    let Some(month) = name.strip_suffix(".atom").and_then(archive::month_of) else {
        return pages::not_found(&site, &headers);
    };
    let source = SourceId::new(&source);
    if wants_page(&headers) {
        return pages::listing(&site, &View::of_month(source, month), &headers).await;
    }
    archive::answer(&site, &source, month, &headers).await
}

/// `/haiphong/archive/2024-07/`.
async fn month(
    State(site): State<Arc<Site>>,
    Path((source, month)): Path<(String, String)>,
    headers: HeaderMap,
) -> Ready {
    match archive::month_of(&month) {
        Some(month) => pages::listing(&site, &View::of_month(SourceId::new(&source), month), &headers).await,
        None => pages::not_found(&site, &headers),
    }
}

async fn list(site: &Arc<Site>, name: FeedName, uri: &Uri, headers: &HeaderMap) -> Ready {
    match searched(name, uri) {
        Ok(view) => pages::listing(site, &view, headers).await,
        Err(why) => bad(&why),
    }
}

/// A list with the search that the URL asks for.
fn searched(name: FeedName, uri: &Uri) -> Result<View, BadRequest> {
    let request = FeedRequest::read(name, Format::Atom, uri.query().unwrap_or_default())?;
    Ok(View { name: request.name, query: request.query, limit: request.limit, month: None, opened: None })
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
        Err(why) => return bad(&why),
    };
    if wants_page(headers) {
        let FeedRequest { name, query, limit, .. } = request;
        let view = View { name, query, limit, month: None, opened: Some(format) };
        return pages::listing(site, &view, headers).await;
    }
    feeds::answer(site, &request, headers).await
}

fn bad(why: &BadRequest) -> Ready {
    respond::message(StatusCode::BAD_REQUEST, &why.to_string())
}

/// `name.extension` of a feed.
fn split(name: &str) -> Option<(&str, Format)> {
    let (stem, extension) = name.rsplit_once('.')?;
    Some((stem, Format::from_extension(extension)?))
}
