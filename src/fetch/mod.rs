//! One polite, safe, conditional GET: the only door to the network, and the home of reqwest.
//!
//! A request passes five stages, each in its own file, and any of them may end it: the address guard (`guard`),
//! robots.txt (`robots`), the host's next slot and its circuit breaker (`pace`), the exchange with its deadline and
//! size limit (`clients`, `exchange`, `body`), and what the answer is (`headers`, `body`, `charset`). Redirects are followed
//! here, hop by hop, so that every hop passes every stage; reqwest follows none.
//!
//! Errors are typed by what the caller does next ([`FetchError`]); nothing that came from the network is believed
//! before it is bounded.

mod body;
pub(crate) mod charset;
mod client;
mod clients;
mod error;
mod exchange;
mod failure;
mod fetcher;
mod guard;
mod headers;
mod pace;
mod post;
mod reading;
mod redirect;
mod request;
mod robots;
mod tls;
mod trouble;

#[cfg(test)]
mod tests;

pub(crate) use error::FetchError;
pub use fetcher::Fetcher;
pub use request::{Accept, Request};
pub(crate) use request::{Fetched, NotModified};
pub(crate) use robots::RobotsEntry;
