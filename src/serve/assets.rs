//! What does not change while the program runs: stylesheet and icons, from inside the binary.

use std::sync::LazyLock;

use axum::http::HeaderMap;

use super::respond::{Prepared, STATIC_CACHE};
use super::routes::Ready;
use crate::publish::{Edition, media};

static STYLE: LazyLock<Prepared> =
    LazyLock::new(|| prepared(media::CSS, include_bytes!("../../assets/style.css")));
static SVG: LazyLock<Prepared> =
    LazyLock::new(|| prepared(media::SVG, include_bytes!("../../assets/icon.svg")));
static PNG: LazyLock<Prepared> =
    LazyLock::new(|| prepared(media::PNG, include_bytes!("../../assets/icon.png")));

fn prepared(content_type: &str, bytes: &[u8]) -> Prepared {
    let edition = Edition::new(content_type, String::new(), None, bytes.to_vec());
    Prepared::new(edition, STATIC_CACHE, "Accept-Encoding")
}

pub fn answer(name: &str, headers: &HeaderMap) -> Option<Ready> {
    let prepared = match name {
        "style.css" => &STYLE,
        "icon.svg" => &SVG,
        "icon.png" => &PNG,
        _ => return None,
    };
    Some(prepared.answer(headers))
}

/// Changes when the stylesheet does; stands in its URL, so that a cached one is not used with newer pages.
pub fn style_tag() -> &'static str {
    static TAG: LazyLock<String> = LazyLock::new(|| {
        let etag = &STYLE.edition().identity().etag;
        etag.trim_matches('"').chars().take(8).collect()
    });
    &TAG
}
