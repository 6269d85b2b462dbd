//! What cleaning knows about the web, as data: attributes of lazy pictures, placeholders, counters, embeds, file types.
//! Another plug-in needs only another row.

use crate::model::Media;

/// Attributes in which scripts that load pictures late keep the address, most trusted first. Each is the documented
/// switch of a plug-in, script or CDN: lazysizes, WP Rocket, a3 Lazy Load, jQuery Lazy Load, Jetpack, Smush, LiteSpeed,
/// Ezoic, Cloudflare Mirage, PageSpeed, Echo.js, Newspaper themes.
pub(super) const LAZY_SRC: &[&str] = &[
    "data-original",
    "data-lazy-src",
    "data-src",
    "data-lazy",
    "data-lazyload",
    "data-original-src",
    "data-actualsrc",
    "data-hi-res-src",
    "data-large-file",
    "data-full-src",
    "data-src-retina",
    "data-echo",
    "data-cfsrc",
    "data-ezsrc",
    "data-ll-src",
    "data-litespeed-src",
    "data-pagespeed-high-res-src",
    "data-pagespeed-lazy-src",
    "data-wpfc-original-src",
    "data-td-src-property",
    "data-delayed-url",
    "data-imgsrc",
    "data-img-src",
    "data-img",
    "data-image",
    "data-url",
    "data-photo",
    "datasrc",
];

/// Attributes that hold renditions in the grammar of `srcset`.
pub(super) const SRCSETS: &[&str] = &[
    "srcset",
    "data-srcset",
    "data-lazy-srcset",
    "data-original-set",
    "data-ezsrcset",
    "data-ll-srcset",
    "data-litespeed-srcset",
    "data-wpfc-original-srcset",
    "data-bgset",
];

/// Attributes that name the original upload: proof that it exists.
pub(super) const ORIGINALS: &[&str] = &["data-orig-file", "data-full-url", "data-large_image"];

/// Attributes in which an embed that waits for consent or scrolling keeps its address.
pub(super) const LAZY_FRAME_SRC: &[&str] = &[
    "src",
    "data-src",
    "data-lazy-src",
    "data-litespeed-src",
    "data-rocket-src",
    "data-cmp-src",
    "data-url",
];

/// Endings of file names (query left out) that stand in for a picture which is still to be loaded.
pub(super) const PLACEHOLDERS: &[&str] = &[
    "blank.gif",
    "blank.png",
    "pixel.gif",
    "pixel.png",
    "spacer.gif",
    "spacer.png",
    "transparent.gif",
    "transparent.png",
    "trans.gif",
    "clear.gif",
    "placeholder.gif",
    "placeholder.png",
    "placeholder.jpg",
    "placeholder.svg",
    "lazy.gif",
    "lazy.png",
    "lazyload.gif",
    "lazy_placeholder.gif",
    "loading.gif",
    "loading.svg",
    "loader.gif",
    "ajax-loader.gif",
    "grey.gif",
    "gray.gif",
    "1x1.gif",
    "1x1.png",
    "default-image.png",
    "image-lazy.gif",
];

/// Addresses of counters and web bugs: host, and what the path begins with.
pub(super) const COUNTERS: &[(&str, &str)] = &[
    ("www.facebook.com", "/tr"),
    ("www.google-analytics.com", "/"),
    ("ssl.google-analytics.com", "/"),
    ("www.googletagmanager.com", "/"),
    ("ad.doubleclick.net", "/"),
    ("googleads.g.doubleclick.net", "/"),
    ("pixel.wp.com", "/"),
    ("stats.wordpress.com", "/"),
    ("b.scorecardresearch.com", "/"),
    ("sb.scorecardresearch.com", "/"),
    ("pixel.quantserve.com", "/"),
    ("mc.yandex.ru", "/watch"),
    ("counter.yadro.ru", "/"),
    ("c.statcounter.com", "/"),
    ("feeds.feedburner.com", "/~r"),
    ("vg01.met.vgwort.de", "/na/"),
    ("ssl-vg03.met.vgwort.de", "/na/"),
    ("vg08.met.vgwort.de", "/na/"),
    ("ping.chartbeat.net", "/"),
    ("px.ads.linkedin.com", "/"),
    ("t.co", "/i/adsct"),
];

/// Parts of a path under which the portal's own furniture stands and never a picture of an article: a theme's images,
/// plug-ins' icons, QR codes made for the page. Each begins with a slash.
pub(super) const FURNITURE: &[&str] =
    &["/wp-content/themes/", "/wp-content/plugins/", "/wp-includes/", "/qrcode/", "/qr-code/"];

/// Embeds that are published as frames: host, what the path begins with, and the title where the page gives none.
pub(super) const EMBEDS: &[(&str, &str, &str)] = &[
    ("www.youtube.com", "/embed/", "YouTube"),
    ("youtube.com", "/embed/", "YouTube"),
    ("m.youtube.com", "/embed/", "YouTube"),
    ("www.youtube-nocookie.com", "/embed/", "YouTube"),
    ("youtube-nocookie.com", "/embed/", "YouTube"),
    ("player.vimeo.com", "/video/", "Vimeo"),
    ("www.dailymotion.com", "/embed/", "Dailymotion"),
    ("geo.dailymotion.com", "/player", "Dailymotion"),
    ("www.facebook.com", "/plugins/video.php", "Facebook"),
];

/// Frames that are no part of an article: advertisements, buttons, boxes. Host suffix, and what the path begins with.
pub(super) const FRAMES_OUTSIDE_ARTICLES: &[(&str, &str)] = &[
    ("doubleclick.net", "/"),
    ("googlesyndication.com", "/"),
    ("googletagmanager.com", "/"),
    ("taboola.com", "/"),
    ("outbrain.com", "/"),
    ("facebook.com", "/plugins/like"),
    ("facebook.com", "/plugins/share"),
    ("facebook.com", "/plugins/page"),
    ("facebook.com", "/plugins/comments"),
    ("facebook.com", "/plugins/follow"),
    ("button-share.zalo.me", "/"),
    ("page.widget.zalo.me", "/"),
    ("platform.twitter.com", "/widgets/tweet_button"),
    ("platform.twitter.com", "/widgets/follow_button"),
    ("accounts.google.com", "/"),
    ("recaptcha.net", "/"),
];

/// Types of files that are published as enclosures, by the ending of the name (IANA media types).
pub(super) const FILES: &[(&str, &str, Media)] = &[
    ("pdf", "application/pdf", Media::Document),
    ("doc", "application/msword", Media::Document),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Media::Document),
    ("xls", "application/vnd.ms-excel", Media::Document),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Media::Document),
    ("ppt", "application/vnd.ms-powerpoint", Media::Document),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation", Media::Document),
    ("odt", "application/vnd.oasis.opendocument.text", Media::Document),
    ("ods", "application/vnd.oasis.opendocument.spreadsheet", Media::Document),
    ("odp", "application/vnd.oasis.opendocument.presentation", Media::Document),
    ("rtf", "application/rtf", Media::Document),
    ("csv", "text/csv", Media::Document),
    ("epub", "application/epub+zip", Media::Document),
    ("zip", "application/zip", Media::Document),
    ("rar", "application/vnd.rar", Media::Document),
    ("7z", "application/x-7z-compressed", Media::Document),
    ("mp3", "audio/mpeg", Media::Audio),
    ("m4a", "audio/mp4", Media::Audio),
    ("aac", "audio/aac", Media::Audio),
    ("ogg", "audio/ogg", Media::Audio),
    ("oga", "audio/ogg", Media::Audio),
    ("opus", "audio/ogg", Media::Audio),
    ("wav", "audio/wav", Media::Audio),
    ("flac", "audio/flac", Media::Audio),
    ("mp4", "video/mp4", Media::Video),
    ("m4v", "video/mp4", Media::Video),
    ("webm", "video/webm", Media::Video),
    ("ogv", "video/ogg", Media::Video),
    ("mov", "video/quicktime", Media::Video),
    ("avi", "video/x-msvideo", Media::Video),
    ("wmv", "video/x-ms-wmv", Media::Video),
    ("m3u8", "application/vnd.apple.mpegurl", Media::Video),
];
