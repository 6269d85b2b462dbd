//! Which addresses show the same picture, and which of them is the best: `srcset`, size suffixes, Photon.

use url::Url;

use super::links::resource;

/// Wider renditions are for printers: a reader's screen gains nothing and pays for the bytes.
pub(super) const MAX_WIDTH_PIXELS: u32 = 2_560;
/// The width that is assumed of an original whose size is unknown: more than the 1,024 px and 1,536 px
/// renditions that WordPress makes by itself, less than a named 2,048 px.
const ORIGINAL_WIDTH_PIXELS: u32 = 1_600;
/// No responsive picture has more renditions; the rest is noise or an attack.
pub(super) const MAX_RENDITIONS: usize = 64;

/// An address of a picture with its width in pixels, where known, and its [`family`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rendition {
    pub url: Url,
    pub width: Option<u32>,
    pub family: String,
}

impl Rendition {
    /// A rendition whose width a descriptor gave, if any did.
    pub fn new(url: Url, width: Option<u32>) -> Self {
        let family = family(&url);
        Self { url, width, family }
    }
}

/// Fills in widths that no descriptor gave: from the descriptor of the same address in another index, else from the
/// address itself.
pub(super) fn fill_widths(renditions: &mut [Rendition]) {
    for index in 0..renditions.len() {
        let Rendition { url, width: None, .. } = &renditions[index] else { continue };
        let described = renditions.iter().find(|other| other.width.is_some() && other.url == *url);
        renditions[index].width = described.and_then(|other| other.width).or_else(|| width_in_address(url));
    }
}

/// The renditions of a `srcset` (HTML Standard section 4.8.4.2.3), resolved; densities (`2x`) count for `shown` pixels
/// each. An entry that is no picture's address is left out.
pub(super) fn parse_srcset(value: &str, base: &Url, shown: Option<u32>) -> Vec<Rendition> {
    let mut found = Vec::new();
    let mut rest = value;
    while found.len() < MAX_RENDITIONS {
        rest = rest.trim_start_matches(|c: char| c.is_ascii_whitespace() || c == ',');
        if rest.is_empty() {
            break;
        }
        let end = rest.find(|c: char| c.is_ascii_whitespace()).unwrap_or(rest.len());
        let (address, after) = rest.split_at(end);
        let (address, descriptor) = if address.ends_with(',') {
            rest = after;
            (address.trim_end_matches(','), "")
        } else {
            let end = after.find(',').unwrap_or(after.len());
            rest = &after[end..];
            (address, after[..end].trim())
        };
        if let Some(url) = resource(address, base) {
            found.push(Rendition::new(unwrap_photon(url), width_of(descriptor, shown)));
        }
    }
    found
}

fn width_of(descriptor: &str, shown: Option<u32>) -> Option<u32> {
    let first = descriptor.split_ascii_whitespace().next()?;
    let width = if let Some(width) = first.strip_suffix('w') {
        width.parse().ok()?
    } else {
        let density: f64 = first.strip_suffix('x')?.parse().ok()?;
        (density.clamp(0.0, 10.0) * f64::from(shown?)).round() as u32
    };
    (1..=20_000).contains(&width).then_some(width)
}

/// The picture behind Jetpack's image CDN: `https://i1.wp.com/HOST/PATH?fit=…&ssl=1` shows `https://HOST/PATH`
/// (<https://developer.wordpress.com/docs/photon/>: the host is part of the path, `ssl=1` says https, everything else
/// in the query only scales).
pub(super) fn unwrap_photon(mut url: Url) -> Url {
    // One Photon can stand in another when a portal copied from a portal.
    for _ in 0..4 {
        let is_photon = matches!(url.host_str(), Some("i0.wp.com" | "i1.wp.com" | "i2.wp.com" | "i3.wp.com"));
        if !is_photon || !url.path()[1..].split('/').next().is_some_and(|host| host.contains('.')) {
            break;
        }
        let scheme = if url.query_pairs().any(|(name, value)| name == "ssl" && value == "1") {
            "https"
        } else {
            "http"
        };
        match Url::parse(&format!("{scheme}:/{}", url.path())) {
            Ok(inner) => url = inner,
            Err(_) => break,
        }
    }
    url
}

/// What the renditions of one picture have in common: host and path without `-300x200` and `-scaled` (the suffixes that
/// WordPress gives to files it makes from an upload), and the query without what scales.
pub(super) fn family(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let (stem, ending) = split_ending(url.path());
    let stem = without_size(stem).map_or(stem, |(stem, _)| stem);
    let stem = stem.strip_suffix("-scaled").unwrap_or(stem);
    let mut family = String::with_capacity(url.as_str().len());
    for part in [host.strip_prefix("www.").unwrap_or(host), stem, ending] {
        family.push_str(part);
    }
    let scales = |name: &str| SCALING_PARAMETERS.iter().any(|known| name.eq_ignore_ascii_case(known));
    for (name, value) in url.query_pairs().filter(|(name, _)| !scales(name)) {
        for part in ["&", &*name, "=", &*value] {
            family.push_str(part);
        }
    }
    family
}

/// Parameters by which image servers are told how large or good a rendition shall be.
const SCALING_PARAMETERS: &[&str] = &[
    "w", "h", "width", "height", "fit", "resize", "quality", "q", "ssl", "crop", "auto", "fm", "strip",
    "zoom", "dpr",
];

fn split_ending(path: &str) -> (&str, &str) {
    let from = path.rfind('/').map_or(0, |at| at + 1);
    match path[from..].rfind('.') {
        Some(at) if at > 0 => path.split_at(from + at),
        _ => (path, ""),
    }
}

/// The name without `-WxH`, and W.
fn without_size(stem: &str) -> Option<(&str, u32)> {
    let (before, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let is_number =
        |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    (is_number(width) && is_number(height) && !before.ends_with('/')).then_some((before, width.parse().ok()?))
}

fn width_in_address(url: &Url) -> Option<u32> {
    let suffix = || without_size(split_ending(url.path()).0).map(|(_, width)| width);
    let parameter = || {
        url.query_pairs()
            .find(|(name, _)| name == "w" || name == "width")
            .and_then(|(_, value)| value.parse().ok())
    };
    suffix().or_else(parameter).filter(|width| (1..=20_000).contains(width))
}

/// The best of the renditions: the widest that is not too wide, else the narrowest of those that are. An original of
/// unknown width (it has no size in its name and others of its family do) counts as [`ORIGINAL_WIDTH_PIXELS`]. An address
/// that tells nothing is taken only if there is nothing else. Of equals the first is taken. Returns its index and the
/// width that it counted for.
pub(super) fn best_rendition(renditions: &[Rendition]) -> Option<(usize, u32)> {
    let has_sized_relative = |index: usize| {
        renditions.iter().any(|other| other.width.is_some() && other.family == renditions[index].family)
    };
    let rank = |index: usize| match renditions[index].width {
        Some(width) if width <= MAX_WIDTH_PIXELS => (2, i64::from(width)),
        None if has_sized_relative(index) => (2, i64::from(ORIGINAL_WIDTH_PIXELS)),
        Some(width) => (1, -i64::from(width)),
        None => (0, 0),
    };
    let index = (0..renditions.len()).rev().max_by_key(|index| rank(*index))?;
    let pixels = match rank(index) {
        (2, width) => u32::try_from(width).unwrap_or(MAX_WIDTH_PIXELS),
        (1, _) => MAX_WIDTH_PIXELS,
        _ => 0,
    };
    Some((index, pixels))
}

/// Whether a rendition that [`best_rendition`] counted for `pixels` is larger than one of `others`. Within a family the one
/// of unknown width is the original.
pub(super) fn is_larger(pixels: u32, others: u32, is_one_family: bool) -> bool {
    let weight = |pixels: u32| if pixels == 0 && is_one_family { ORIGINAL_WIDTH_PIXELS } else { pixels };
    weight(pixels) > weight(others)
}
