//! What does not change while the program runs: stylesheet and icons, from inside the binary.

use std::sync::LazyLock;

use axum::http::HeaderMap;

use super::respond::{Held, STATIC_CACHE};
use super::routes::Ready;
use crate::publish::{Edition, media};

static STYLE: LazyLock<Held> = LazyLock::new(|| held(media::CSS, include_bytes!("../../assets/style.css")));
static SVG: LazyLock<Held> = LazyLock::new(|| held(media::SVG, include_bytes!("../../assets/icon.svg")));
static PNG: LazyLock<Held> = LazyLock::new(|| held(media::PNG, include_bytes!("../../assets/icon.png")));

fn held(content_type: &str, bytes: &[u8]) -> Held {
    let edition = Edition::new(content_type, String::new(), None, bytes.to_vec());
    Held::new(edition, STATIC_CACHE, "Accept-Encoding")
}

pub fn answer(name: &str, headers: &HeaderMap) -> Option<Ready> {
    let held = match name {
        "style.css" => &STYLE,
        "icon.svg" => &SVG,
        "icon.png" => &PNG,
        _ => return None,
    };
    Some(held.answer(headers))
}

/// Changes when the stylesheet does; stands in its URL, so that a cached one is not used with newer pages.
pub fn style_tag() -> &'static str {
    static TAG: LazyLock<String> = LazyLock::new(|| {
        let etag = &STYLE.edition().identity().etag;
        etag.trim_matches('"').chars().take(8).collect()
    });
    &TAG
}
