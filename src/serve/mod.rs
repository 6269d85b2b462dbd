//! HTTP: feeds, pages for people, health. It serves finished bytes and never fetches anything.
//!
//! A request for a source's feed is answered from a map of finished editions before any routing (`routes`); what is
//! made on demand (categories, filters, pages) goes through a bounded cache (`cache`) and reads the store on its
//! reading side only. [`Site::refresh`] is how news get in: it renders, compresses off the serving path, writes to the
//! state folder and swaps. Requests are answered on threads of their own (`threads`), which whatever else the process does
//! stands behind.

mod archive;
mod assets;
mod cache;
mod copy;
mod deadline;
mod editions;
mod feeds;
mod health;
mod listen;
mod negotiate;
mod pages;
mod plain;
mod refresh;
mod respond;
mod routes;
mod sendfile;
mod site;
mod sockets;
mod stored;
mod threads;

#[cfg(test)]
pub(crate) mod tests;

pub(crate) use copy::{Copier, CopyError, Resource};
pub(crate) use health::status_of;
pub(crate) use refresh::FeedVersion;
pub use site::Site;
pub(crate) use site::{SiteError, unreadable_editions};
pub(crate) use sockets::Listener;
pub(crate) use threads::Server;
pub use threads::start;
