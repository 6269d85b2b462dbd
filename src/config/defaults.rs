//! What holds where the operator says nothing, but for what follows from the listening address and `max_future`, which
//! stand in `checked`. The commented files in `config/` say the same, which a test proves.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::checked::{Backfill, Every, Keep, Listen};

/// The main file inside the binary.
pub(super) const MAIN: &str = include_str!("../../config/tinsach.toml");
/// The source files inside the binary, by name.
pub(super) const SOURCES: &[(&str, &str)] =
    &[("sources/haiphong.toml", include_str!("../../config/sources/haiphong.toml"))];

/// The port is free of any well-known service (IANA registry, 8480).
pub(super) const LISTEN: Listen = Listen::Tcp(SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8480));
pub(super) const SOURCE_FILES: &str = "sources/*.toml";
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);
pub(super) const MAX_BODY: u64 = 8 << 20;
pub(super) const PER_HOST: usize = 1;
pub(super) const GAP: Duration = Duration::from_secs(1);
pub(super) const ENTRIES: usize = 50;
pub(super) const RAW_PAGES: Keep = Keep::For(Duration::from_secs(30 * 24 * 60 * 60));
pub(super) const REVISIONS: Keep = Keep::All;
pub(super) const ARTICLES: Keep = Keep::All;
pub(super) const EVERY: Every =
    Every { min: Duration::from_secs(5 * 60), max: Duration::from_secs(6 * 60 * 60) };
pub(super) const BACKFILL: Backfill = Backfill::Articles(200);
