//! The bytes of an answer: read within a limit, and told apart by kind.

mod kind;

#[cfg(test)]
mod tests;

use std::io::Read;

use flate2::read::MultiGzDecoder;
use reqwest::Response;

use super::failure::broken;
use super::trouble::Trouble;
use crate::model::Cause;
pub(super) use kind::check_page;

/// What to do with a body that is larger than wanted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Limit {
    /// It is an error.
    Refuse(usize),
    /// The rest is left unread.
    Cut(usize),
}

/// Reads a body, content codings undone, chunk by chunk: the limit counts decoded bytes, so neither a compressed bomb
/// nor a stream without end gets further than one chunk over it.
pub(super) async fn read(response: &mut Response, limit: Limit) -> Result<Vec<u8>, Trouble> {
    let (Limit::Refuse(max) | Limit::Cut(max)) = limit;
    let announced = usize::try_from(response.content_length().unwrap_or(0)).unwrap_or(usize::MAX);
    if announced > max && matches!(limit, Limit::Refuse(_)) {
        return Err(too_large(max));
    }
    // What is announced is not believed: a large buffer has to be earned.
    let mut body = Vec::with_capacity(announced.min(64 * 1024));
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > max {
            if matches!(limit, Limit::Refuse(_)) {
                return Err(too_large(max));
            }
            body.extend_from_slice(&chunk[..max - body.len()]);
            return Ok(body);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// Undoes gzip that belongs to the file and not to the transfer (`sitemap.xml.gz`), within the same limit.
pub(super) fn unzipped(bytes: Vec<u8>, max: usize) -> Result<Vec<u8>, Trouble> {
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    let mut plain = Vec::new();
    MultiGzDecoder::new(bytes.as_slice())
        .take(limit)
        .read_to_end(&mut plain)
        .map_err(|error| Trouble::later(Cause::Broken, format!("the gzip file is broken: {error}")))?;
    if plain.len() > max { Err(too_large(max)) } else { Ok(plain) }
}

fn too_large(max: usize) -> Trouble {
    Trouble::unreadable(Cause::TooLarge, format!("the body is larger than fetch.max_body, {max} bytes"))
}
