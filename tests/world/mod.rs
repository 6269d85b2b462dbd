//! A simulated world: portals that publish, change and fall ill by a plan, a clock that the world moves, and a real tinsach
//! (schedule, fetcher, pipeline, store) that follows them over real sockets on loopback. Weeks pass in seconds.

// Each program that includes this uses a part of it.
#![allow(dead_code)]

pub mod cases;
pub mod daemon;
pub mod pages;
pub mod plan;
pub mod portal;
pub mod server;
pub mod stock;
pub mod text;
