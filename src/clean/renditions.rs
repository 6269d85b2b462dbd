//! Which addresses show the same picture, and which of them is the best: `srcset`, size suffixes, Photon.

use url::Url;

use super::links::resource;

/// Wider renditions are for printers: a reader's screen gains nothing and pays for the bytes.
pub(super) const WIDEST: u32 = 2_560;
/// What an original of unknown size counts for against renditions of known width: more than the 1,024 px and 1,536 px
/// renditions that WordPress makes by itself, less than a named 2,048 px.
const ORIGINAL: u32 = 1_600;
/// More candidates than any responsive picture has; the rest is noise or an attack.
pub(super) const MOST_CANDIDATES: usize = 64;

/// An address of a picture with its width in pixels, where known, and its [`family`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub url: Url,
    pub width: Option<u32>,
    pub kin: String,
}

impl Candidate {
    /// A candidate whose width a descriptor gave, if any did.
    pub fn new(url: Url, width: Option<u32>) -> Self {
        let kin = family(&url);
        Self { url, width, kin }
    }
}

/// Fills in widths that no descriptor gave: from the descriptor of the same address in another place, else from the
/// address itself.
pub(super) fn fill_widths(candidates: &mut [Candidate]) {
    for place in 0..candidates.len() {
        let Candidate { url, width: None, .. } = &candidates[place] else { continue };
        let described = candidates.iter().find(|other| other.width.is_some() && other.url == *url);
        candidates[place].width = described.and_then(|other| other.width).or_else(|| width_in_address(url));
    }
}

/// The candidates of a `srcset` (HTML Standard section 4.8.4.2.3), resolved; densities (`2x`) count for `shown` pixels
/// each. An entry that is no picture's address is left out.
pub(super) fn srcset(value: &str, base: &Url, shown: Option<u32>) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut rest = value;
    while found.len() < MOST_CANDIDATES {
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
            found.push(Candidate::new(original(url), width_of(descriptor, shown)));
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
pub(super) fn original(mut url: Url) -> Url {
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
    let scales = |name: &str| SCALING.iter().any(|known| name.eq_ignore_ascii_case(known));
    for (name, value) in url.query_pairs().filter(|(name, _)| !scales(name)) {
        for part in ["&", &*name, "=", &*value] {
            family.push_str(part);
        }
    }
    family
}

/// Parameters by which image servers are told how large or good a rendition shall be.
const SCALING: &[&str] = &[
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

/// The best of the candidates: the widest that is not too wide, else the narrowest of those that are. An original of
/// unknown width (it has no size in its name and others of its family do) counts as [`ORIGINAL`]; an address that tells
/// nothing is taken only if there is nothing else. Of equals the first. Gives its place and what it counted for.
pub(super) fn best(candidates: &[Candidate]) -> Option<(usize, u32)> {
    let has_sized_kin = |place: usize| {
        candidates.iter().any(|other| other.width.is_some() && other.kin == candidates[place].kin)
    };
    let rank = |place: usize| match candidates[place].width {
        Some(width) if width <= WIDEST => (2, i64::from(width)),
        None if has_sized_kin(place) => (2, i64::from(ORIGINAL)),
        Some(width) => (1, -i64::from(width)),
        None => (0, 0),
    };
    let place = (0..candidates.len()).rev().max_by_key(|place| rank(*place))?;
    let pixels = match rank(place) {
        (2, width) => u32::try_from(width).unwrap_or(WIDEST),
        (1, _) => WIDEST,
        _ => 0,
    };
    Some((place, pixels))
}

/// Whether a rendition that [`best`] counted for `pixels` is larger than one of `others`. Of one family the one that
/// tells nothing is the original.
pub(super) fn is_larger(pixels: u32, others: u32, is_kin: bool) -> bool {
    let weight = |pixels: u32| if pixels == 0 && is_kin { ORIGINAL } else { pixels };
    weight(pixels) > weight(others)
}
