//! What is for programs or never changes: health, metrics, the list of feeds, stylesheet and icons.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};

use super::respond::{self, made};
use super::routes::Ready;
use super::{Site, assets, pages};
use crate::health::{Fault, Status};
use crate::ops::metrics::ByFinding;
use crate::publish::{self, Edition, Format, media};

/// `/static/style.css` and its like.
pub async fn asset(State(site): State<Arc<Site>>, Path(name): Path<String>, headers: HeaderMap) -> Ready {
    assets::answer(&name, &headers).unwrap_or_else(|| pages::not_found(&site, &headers))
}

/// For browsers that ask before they have read a page.
pub async fn favicon(site: State<Arc<Site>>, headers: HeaderMap) -> Ready {
    asset(site, Path("icon.png".to_owned()), headers).await
}

/// `/sources.opml`.
pub async fn opml(State(site): State<Arc<Site>>, headers: HeaderMap) -> Ready {
    let edition = Edition::on_demand(media::OPML, String::new(), None, publish::opml(&site.feed_settings));
    respond::Prepared::new(edition, respond::FEED_CACHE, "Accept-Encoding").answer(&headers)
}

/// `/health`: 503 when a person has to mend something, so that a simple probe suffices.
pub async fn health(State(site): State<Arc<Site>>) -> Ready {
    let report = match site.report().await {
        Ok(report) => report,
        Err(fault) => return respond::message(StatusCode::SERVICE_UNAVAILABLE, &fault.to_string()),
    };
    let status = match report.status {
        Status::Failing => StatusCode::SERVICE_UNAVAILABLE,
        Status::Ok | Status::Waiting | Status::Degraded => StatusCode::OK,
    };
    match serde_json::to_vec_pretty(&report) {
        Ok(body) => made(status, media::JSON, body.into()),
        Err(fault) => respond::message(StatusCode::INTERNAL_SERVER_ERROR, &fault.to_string()),
    }
}

/// `/health.atom`: what is wrong, as a feed.
pub async fn notices(State(site): State<Arc<Site>>, headers: HeaderMap) -> Ready {
    let feed = site.notices().await;
    let edition = Edition::on_demand(Format::Atom.content_type(), String::new(), None, feed);
    respond::Prepared::new(edition, respond::NOTICES_CACHE, "Accept-Encoding").answer(&headers)
}

/// `/metrics`.
pub async fn metrics(State(site): State<Arc<Site>>) -> Ready {
    let body = site.metrics.as_ref().map(|metrics| {
        // Some begin and end beside every visit.
        let open = site.daemon.open();
        for fault in Fault::ALL {
            let lasts = open.iter().any(|finding| finding.fault == fault);
            let finding = ByFinding { finding: fault.name() };
            metrics.daemon_findings.get_or_create(&finding).set(i64::from(lasts));
        }
        metrics.render()
    });
    let body = body.unwrap_or_default();
    // The media type of the OpenMetrics text format, version 1.0.0.
    made(StatusCode::OK, "application/openmetrics-text; version=1.0.0; charset=utf-8", body.into())
}

/// `/health/live`: the process answers.
pub async fn live() -> Ready {
    made(StatusCode::OK, media::TEXT, "ok\n".into())
}
