//! An edition: the finished bytes of one resource in every content coding, with its validators.

use std::io::Write;

use bytes::Bytes;
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use zstd::zstd_safe::CParameter;

/// Media types of what is not a feed, as they are sent.
pub mod media {
    /// Pages for people.
    pub const HTML: &str = "text/html; charset=utf-8";
    /// The list of feeds.
    pub const OPML: &str = "text/x-opml; charset=utf-8";
    pub const JSON: &str = "application/json";
    pub const TEXT: &str = "text/plain; charset=utf-8";
    pub const CSS: &str = "text/css; charset=utf-8";
    pub const SVG: &str = "image/svg+xml";
    pub const PNG: &str = "image/png";
}

/// Size from which a lower brotli level is taken, in bytes: all codings of three formats must be done in a quarter of a
/// second. Level 7 would take a table of 8 MB for each feed that is compressed, level 6 takes 2 MB.
const LARGE_BODY_BYTES: usize = 512 * 1024;

/// Places in zstd's table, as a power of two: 1 MB. By itself it takes four times that for a feed of 400 kB, which costs more
/// time to clear than the 1 % that is gained is worth.
const ZSTD_TABLE: u32 = 18;

/// Bounds of brotli's window, as powers of two (RFC 7932 section 9.1).
const WINDOW: std::ops::RangeInclusive<u32> = 16..=22;

/// Bodies shorter than this are not compressed: the headers outweigh the gain.
const MIN_COMPRESSED_BYTES: usize = 256;

/// How long compressing may take.
#[derive(Clone, Copy)]
enum Effort {
    /// Nobody waits, and many will read it.
    Thorough,
    /// Nobody waits, but it is soon made anew: it changes with every source.
    Often,
    /// Somebody waits, and few will read it: a few milliseconds.
    Quick,
}

impl Effort {
    /// The level that is meant.
    fn of<T>(self, thorough: T, often: T, quick: T) -> T {
        match self {
            Self::Thorough => thorough,
            Self::Often => often,
            Self::Quick => quick,
        }
    }

    /// The codings that can be had in that time, best first.
    fn codings(self) -> &'static [Coding] {
        let all: &[Coding] = &[Coding::Brotli, Coding::Zstd, Coding::Gzip];
        self.of(all, all, &all[1..])
    }
}

/// A content coding (RFC 9110 section 8.4.1), in the order in which the server prefers them at equal weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Coding {
    /// RFC 7932.
    Brotli,
    /// RFC 8878.
    Zstd,
    /// RFC 1952.
    Gzip,
    /// None.
    Identity,
}

impl Coding {
    /// Every coding, best first.
    pub const ALL: [Self; 4] = [Self::Brotli, Self::Zstd, Self::Gzip, Self::Identity];

    /// The name in `Accept-Encoding` and `Content-Encoding`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
            Self::Identity => "identity",
        }
    }

    /// What a file in this coding has at the end of its name, dot included; empty for identity.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Zstd => ".zst",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The bytes in this coding, as small as a quarter of a second allows. The same bytes give the same result: no time
    /// and no name goes into it.
    pub fn encode(self, bytes: &[u8]) -> Vec<u8> {
        self.encode_at(bytes, Effort::Thorough)
    }

    fn encode_at(self, bytes: &[u8], effort: Effort) -> Vec<u8> {
        const IN_MEMORY: &str = "a vector takes every byte it is given";
        match self {
            Self::Identity => bytes.to_vec(),
            Self::Gzip => {
                let mut encoder =
                    flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(effort.of(6, 4, 2)));
                encoder.write_all(bytes).expect(IN_MEMORY);
                encoder.finish().expect(IN_MEMORY)
            }
            Self::Brotli => {
                let quality = effort.of(if bytes.len() < LARGE_BODY_BYTES { 6 } else { 5 }, 4, 4);
                // A window larger than the text costs memory and finds nothing.
                let window =
                    (usize::BITS - bytes.len().leading_zeros()).clamp(*WINDOW.start(), *WINDOW.end());
                let mut encoded = Vec::new();
                let mut encoder = brotli::CompressorWriter::new(&mut encoded, 64 * 1024, quality, window);
                encoder.write_all(bytes).expect(IN_MEMORY);
                drop(encoder);
                encoded
            }
            Self::Zstd => {
                const KNOWN: &str = "zstd knows the level and the parameter";
                let mut compressor = zstd::bulk::Compressor::new(effort.of(7, 3, 1)).expect(KNOWN);
                compressor.set_parameter(CParameter::HashLog(ZSTD_TABLE)).expect(KNOWN);
                compressor.compress(bytes).expect(IN_MEMORY)
            }
        }
    }
}

/// The bytes of an edition in one coding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Body {
    pub coding: Coding,
    pub bytes: Bytes,
    /// The strong validator of these very bytes (RFC 9110 section 8.8.3), quotes included.
    pub etag: String,
}

impl Body {
    /// A body with the ETag that its bytes give.
    pub fn new(coding: Coding, bytes: Bytes) -> Self {
        let digest = Sha256::digest(&bytes);
        let hex: String = digest.iter().take(12).map(|byte| format!("{byte:02x}")).collect();
        Self { coding, bytes, etag: format!("\"{hex}\"") }
    }
}

/// A resource, finished: nothing is left to do but to send it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// `Content-Type`.
    pub(crate) content_type: String,
    /// `Link` (RFC 8288); empty for none.
    pub(crate) link: String,
    /// When any byte of it last changed; `None` if that is not known.
    pub(crate) last_modified: Option<Timestamp>,
    /// One per coding, in the order of [`Coding::ALL`]; those that did not pay are left out, identity never.
    pub(crate) bodies: Vec<Body>,
}

impl Edition {
    /// Compresses. Slow (up to a quarter of a second for a large feed): off the serving path, please.
    pub fn new(content_type: &str, link: String, last_modified: Option<Timestamp>, bytes: Vec<u8>) -> Self {
        Self::coded(content_type, link, last_modified, bytes, Effort::Thorough)
    }

    /// An edition that is made anew with every source: in about half the time, some percent larger.
    pub(crate) fn often(
        content_type: &str,
        link: String,
        last_modified: Option<Timestamp>,
        bytes: Vec<u8>,
    ) -> Self {
        Self::coded(content_type, link, last_modified, bytes, Effort::Often)
    }

    /// An edition that somebody waits for: only the codings that take milliseconds.
    pub(crate) fn on_demand(
        content_type: &str,
        link: String,
        last_modified: Option<Timestamp>,
        bytes: Vec<u8>,
    ) -> Self {
        Self::coded(content_type, link, last_modified, bytes, Effort::Quick)
    }

    fn coded(
        content_type: &str,
        link: String,
        last_modified: Option<Timestamp>,
        bytes: Vec<u8>,
        effort: Effort,
    ) -> Self {
        let bodies = bodies(bytes, effort);
        Self { content_type: content_type.to_owned(), link, last_modified, bodies }
    }

    /// The bytes as they were rendered.
    pub(crate) fn identity(&self) -> &Body {
        self.bodies.last().expect("identity is always there, and last")
    }

    /// The memory it takes, in bytes.
    pub(crate) fn weight(&self) -> usize {
        self.bodies.iter().map(|body| body.bytes.len()).sum()
    }
}

/// The bytes in those codings that pay, and at last as they are.
fn bodies(bytes: Vec<u8>, effort: Effort) -> Vec<Body> {
    let mut bodies = Vec::with_capacity(Coding::ALL.len());
    for &coding in effort.codings() {
        if bytes.len() < MIN_COMPRESSED_BYTES {
            break;
        }
        let encoded = coding.encode_at(&bytes, effort);
        if encoded.len() < bytes.len() {
            bodies.push(Body::new(coding, encoded.into()));
        }
    }
    bodies.push(Body::new(Coding::Identity, bytes.into()));
    bodies
}
