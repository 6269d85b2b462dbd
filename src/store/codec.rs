//! How large values lie in the database: zstd, with the length in front so that a reader knows what to reserve.

use std::io::Cursor;

use serde::Serialize;
use serde::de::DeserializeOwned;
use zstd::bulk::{Compressor, Decompressor};

use super::error::{Result, StoreError};

/// The quickest: for pages as portals have them the next levels cost twice the time and save a twentieth.
const ZSTD_LEVEL: i32 = 1;
/// No value we store comes near; a damaged length must not make us reserve gigabytes.
const MAX_VALUE_BYTES: usize = 256 << 20;

/// The compression state of one connection, reused from value to value.
pub(super) struct Codec {
    pack: Compressor<'static>,
    unpack: Decompressor<'static>,
    /// Damage that was passed over.
    damage: Option<StoreError>,
}

impl Codec {
    pub(super) fn new() -> Result<Self> {
        Ok(Self { pack: packer(&[])?, unpack: unpacker(&[])?, damage: None })
    }

    /// What was read, or nothing where it is damaged: then whoever reads goes on without it, and the damage is told.
    ///
    /// # Errors
    /// Every other one.
    pub(super) fn pass_over<T>(&mut self, read: Result<T>) -> Result<Option<T>> {
        match read {
            Ok(value) => Ok(Some(value)),
            Err(error @ (StoreError::Damaged(_) | StoreError::Corrupt(_))) => {
                self.damage = Some(error);
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// The last damage that was passed over since this was asked before.
    pub(super) fn take_damage(&mut self) -> Option<StoreError> {
        self.damage.take()
    }

    pub(super) fn pack(&mut self, bytes: &[u8]) -> Result<Vec<u8>> {
        pack(&mut self.pack, bytes)
    }

    pub(super) fn unpack(&mut self, blob: &[u8]) -> Result<Vec<u8>> {
        unpack(&mut self.unpack, blob)
    }

    pub(super) fn pack_text(&mut self, text: &str) -> Result<Vec<u8>> {
        self.pack(text.as_bytes())
    }

    pub(super) fn unpack_text(&mut self, blob: &[u8]) -> Result<String> {
        text(self.unpack(blob)?)
    }

    pub(super) fn pack_json<T: Serialize>(&mut self, value: &T) -> Result<Vec<u8>> {
        self.pack(to_json(value)?.as_bytes())
    }

    pub(super) fn unpack_json<T: DeserializeOwned>(&mut self, blob: &[u8]) -> Result<T> {
        let bytes = self.unpack(blob)?;
        serde_json::from_slice(&bytes)
            .map_err(|error| StoreError::Damaged(format!("a stored value: {error}")))
    }
}

/// State for packing values that have much in common with a dictionary; an empty one is none.
pub(super) fn packer(dictionary: &[u8]) -> Result<Compressor<'static>> {
    Compressor::with_dictionary(ZSTD_LEVEL, dictionary).map_err(fault)
}

/// State for unpacking what was packed with the same dictionary.
pub(super) fn unpacker(dictionary: &[u8]) -> Result<Decompressor<'static>> {
    Decompressor::with_dictionary(dictionary).map_err(fault)
}

fn fault(error: std::io::Error) -> StoreError {
    StoreError::Sql(format!("zstd: {error}"))
}

pub(super) fn pack(packer: &mut Compressor<'_>, bytes: &[u8]) -> Result<Vec<u8>> {
    let length = u32::try_from(bytes.len()).ok().filter(|length| *length as usize <= MAX_VALUE_BYTES);
    let length = length.ok_or_else(|| StoreError::Write(format!("a value of {} bytes", bytes.len())))?;
    let mut blob = Vec::with_capacity(4 + zstd::zstd_safe::compress_bound(bytes.len()));
    blob.extend_from_slice(&length.to_le_bytes());
    let mut place = Cursor::new(blob);
    place.set_position(4);
    packer.compress_to_buffer(bytes, &mut place).map_err(fault)?;
    Ok(place.into_inner())
}

pub(super) fn unpack(unpacker: &mut Decompressor<'_>, blob: &[u8]) -> Result<Vec<u8>> {
    let damaged = || StoreError::Damaged("a compressed value is cut short".to_owned());
    let (length, frame) = blob.split_first_chunk::<4>().ok_or_else(damaged)?;
    let length = u32::from_le_bytes(*length) as usize;
    if length > MAX_VALUE_BYTES {
        return Err(damaged());
    }
    unpacker.decompress(frame, length).map_err(|error| StoreError::Damaged(format!("zstd: {error}")))
}

pub(super) fn text(bytes: Vec<u8>) -> Result<String> {
    String::from_utf8(bytes).map_err(|_| StoreError::Damaged("a compressed text is not UTF-8".to_owned()))
}

pub(super) fn to_json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|error| StoreError::Sql(format!("a value is no JSON: {error}")))
}
