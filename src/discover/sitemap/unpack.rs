//! Undoing the gzip of a `.xml.gz`, with a bound on what comes out.

use std::borrow::Cow;
use std::io::{self, Read};

use flate2::read::MultiGzDecoder;

/// A sitemap's bytes.
pub(super) struct Unpacked<'a> {
    pub(super) bytes: Cow<'a, [u8]>,
    /// Whether there was more than the limit.
    pub(super) cut: bool,
    /// Why the file could not be unpacked to its end.
    pub(super) broken: Option<String>,
}

/// Unpacks gzip; anything else stays as it is. No more than `limit` bytes come out.
///
/// # Errors
/// If the file says that it is gzip and nothing can be unpacked of it.
pub(super) fn unpack(bytes: &[u8], limit: u64) -> io::Result<Unpacked<'_>> {
    let size = usize::try_from(limit).unwrap_or(usize::MAX);
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        let kept = &bytes[..bytes.len().min(size)];
        return Ok(Unpacked { bytes: Cow::Borrowed(kept), cut: kept.len() < bytes.len(), broken: None });
    }
    let mut out = Vec::new();
    let mut decoder = MultiGzDecoder::new(bytes).take(limit.saturating_add(1));
    let result = decoder.read_to_end(&mut out);
    let cut = out.len() > size;
    out.truncate(size);
    match result {
        Err(fault) if out.is_empty() => Err(fault),
        Err(fault) => {
            Ok(Unpacked { bytes: Cow::Owned(out), cut, broken: Some(format!("the gzip is broken: {fault}")) })
        }
        Ok(_) => Ok(Unpacked { bytes: Cow::Owned(out), cut, broken: None }),
    }
}
