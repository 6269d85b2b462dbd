//! A tiny portal inside the binary: the demonstration's other side, so that listing, article and clean feed can be
//! seen without a network. Its pages are those of `assets/demo/`, as full of boilerplate as a real portal's.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

const LISTING: &str = include_str!("../../assets/demo/listing.html");
const FEED: &str = include_str!("../../assets/demo/feed.xml");

/// Slug without `.html`, and the page.
const ARTICLES: &[(&str, &str)] = &[
    (
        "thuong-truc-thanh-uy-giao-ban-voi-mat-tran-to-quoc-va-cac-to-chuc-chinh-tri-xa-hoi-thanh-pho",
        include_str!("../../assets/demo/article-7301.html"),
    ),
    (
        "thong-bao-tam-ngung-cap-nuoc-de-sua-chua-duong-ong",
        include_str!("../../assets/demo/article-7288.html"),
    ),
    ("vinh-lan-ha-mua-he-nhung-dieu-du-khach-can-biet", include_str!("../../assets/demo/article-7275.html")),
];

const PICTURES: &[(&str, &[u8])] = &[
    ("hoi-nghi-1.png", include_bytes!("../../assets/demo/hoi-nghi-1.png")),
    ("hoi-nghi-2.png", include_bytes!("../../assets/demo/hoi-nghi-2.png")),
    ("hoi-nghi-3.png", include_bytes!("../../assets/demo/hoi-nghi-3.png")),
    ("lan-ha.png", include_bytes!("../../assets/demo/lan-ha.png")),
];

/// Serves the portal on `listener` until the task is dropped.
///
/// # Errors
/// Fails where the socket does.
pub async fn serve(listener: TcpListener) -> std::io::Result<()> {
    let base = format!("http://{}/", listener.local_addr()?);
    let portal = Router::new()
        .route("/", get(|| async { html(LISTING) }))
        .route("/feed/", get(feed))
        .route("/robots.txt", get(|| async { "User-agent: *\nDisallow: /wp-admin/\n" }))
        .route("/{page}", get(article))
        .route("/wp-content/uploads/2024/07/{name}", get(picture))
        .with_state(base);
    axum::serve(listener, portal).await
}

fn html(page: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}

async fn feed(State(base): State<String>) -> Response {
    ([(header::CONTENT_TYPE, "application/rss+xml; charset=utf-8")], FEED.replace("{base}", &base))
        .into_response()
}

async fn article(Path(page): Path<String>) -> Response {
    let slug = page.trim_end_matches(".html");
    match ARTICLES.iter().find(|(known, _)| *known == slug) {
        Some((_, page)) => html(page),
        None => (StatusCode::NOT_FOUND, "Không tìm thấy trang").into_response(),
    }
}

async fn picture(Path(name): Path<String>) -> Response {
    if let Some((_, bytes)) = PICTURES.iter().find(|(known, _)| *known == name) {
        return ([(header::CONTENT_TYPE, "image/png")], *bytes).into_response();
    }
    (StatusCode::NOT_FOUND, "Không tìm thấy tệp").into_response()
}
