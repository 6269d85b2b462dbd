//! Mending broken XML feeds, as far as nothing has to be guessed.

use std::fmt;

/// What was wrong with a feed and could be mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mended {
    /// An `&` that begins no entity: it was taken for the sign itself.
    BareAmpersand,
    /// The end is missing: the items that are whole were read.
    CutEnd,
    /// `<rss>` without a version that exists: read as 2.0.
    NoVersion,
}

impl fmt::Display for Mended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BareAmpersand => "the feed holds a bare &, which was read as the sign itself",
            Self::CutEnd => "the feed's end is missing; the items before were read",
            Self::NoVersion => "the feed names no version of RSS; it was read as 2.0",
        })
    }
}

/// The ways to mend a feed, in the order to try them; each comes with the ones before it.
pub(super) fn attempts(bytes: &[u8]) -> Vec<(Vec<u8>, Mended)> {
    if bytes.first() != Some(&b'<') {
        return Vec::new();
    }
    let mut tries = Vec::new();
    let versioned = with_version(bytes);
    let base = versioned.as_deref().unwrap_or(bytes);
    let escaped = escape_bare(base);
    if let Some(cut) = close_cut(&escaped) {
        tries.push((cut, Mended::CutEnd));
    }
    tries.insert(0, (escaped, Mended::BareAmpersand));
    if let Some(versioned) = versioned {
        tries.insert(0, (versioned, Mended::NoVersion));
    }
    tries
}

/// Escapes every `&` outside CDATA that begins no entity.
fn escape_bare(bytes: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(bytes.len() + 64);
    let mut at = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.starts_with(b"<![CDATA[") {
            let end = find(rest, b"]]>").map_or(rest.len(), |end| end + 3);
            mended.extend_from_slice(&rest[..end]);
            at += end;
        } else {
            mended.push(rest[0]);
            if rest[0] == b'&' && !begins_entity(&rest[1..]) {
                mended.extend_from_slice(b"amp;");
            }
            at += 1;
        }
    }
    mended
}

fn begins_entity(rest: &[u8]) -> bool {
    let name = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#').count();
    name > 0 && rest.get(name) == Some(&b';')
}

/// Drops what follows the last whole item and closes the feed. `None` if there is no whole item, or nothing is cut.
fn close_cut(bytes: &[u8]) -> Option<Vec<u8>> {
    let ends: [(&[u8], &[u8], &[u8]); 2] =
        [(b"</item>", b"</channel></rss>", b"</rss>"), (b"</entry>", b"</feed>", b"</feed>")];
    let (last, close, end) =
        ends.iter().find_map(|(item, close, end)| Some((rfind(bytes, item)? + item.len(), close, end)))?;
    if find(&bytes[last..], end).is_some() {
        return None;
    }
    Some([&bytes[..last], close].concat())
}

fn with_version(bytes: &[u8]) -> Option<Vec<u8>> {
    let start = find(bytes, b"<rss")?;
    let end = start + find(&bytes[start..], b">")?;
    let tag = std::str::from_utf8(&bytes[start..end]).ok()?;
    if ["\"2.0\"", "'2.0'", "\"0.91\"", "\"0.92\""]
        .iter()
        .any(|known| tag.contains(&format!("version={known}")))
    {
        return None;
    }
    let tag = tag.replace(" version=", " was-version=");
    Some([&bytes[..start], b"<rss version=\"2.0\"", &tag.as_bytes()["<rss".len()..], &bytes[end..]].concat())
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

fn rfind(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).rposition(|window| window == what)
}
