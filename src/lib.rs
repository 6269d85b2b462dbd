//! tinsach ("tin sạch", clean news) follows news portals that have no clean feed of their own and republishes every
//! article, whole and stripped of boilerplate, as Atom, RSS, JSON Feed and pages for people.
//!
//! # The way the data goes
//!
//! ```text
//! listing ─discover─▶ candidate ─fetch─▶ page ─extract─▶ draft ─clean─▶ article ─identity─▶ store ─publish─▶ edition ─serve─▶ reader
//!    ▲                                               ▲ template learned across pages ┘                        │
//!    └─────────────── schedule: when each source, listing and article is due again ◀── run report ────────────┘
//! ```
//!
//! Forward only. A stage is one verb that takes values and returns values. Reading and parsing stages are pure: no
//! clock, no network, no disk. The effects stand at the rim: [`fetch`], [`store`], [`serve`], [`ops`].
//!
//! # The rooms
//!
//! [`model`], [`text`] and [`dates`] are the ground floor: every module may import them.
//!
//! | module | is | may import |
//! |---|---|---|
//! | [`model`] | the values that travel: candidate, page, draft, article, ids; the clock | nothing |
//! | [`text`] | letters and words: normal form, white space, diacritics, what is invisible | nothing |
//! | [`dates`] | dates as machines and people write them → moments; the one reader for pages, listings and feeds | text |
//! | [`html`] | text → tree within bounds, what is hidden, what addresses are relative to (pure) | model |
//! | [`config`] | what the operator wrote, checked; all faults at once | model |
//! | [`discover`] | listing page, feed, sitemap, WordPress JSON → candidates (pure) | model, html, config |
//! | [`fetch`] | one polite, safe, conditional GET | model, config |
//! | [`extract`] | page → draft: metadata, dates, main content, learned template; with `clean`, the one way to read a page (pure) | model, html, config, clean |
//! | [`clean`] | draft → what an article holds: text, links, images, allow-list (pure) | model, html, config |
//! | [`identity`] | which articles are one entry, its id and dates; New, Edit, Same, Duplicate (pure) | model |
//! | [`store`] | SQLite behind an async facade; SQL nowhere else | model, config, identity |
//! | [`crawl`] | asks the discovery methods of a source; for pipeline and learn | model, config, discover, fetch, extract |
//! | [`pipeline`] | one source start to end → run report | all of the above |
//! | [`schedule`] | when to visit next (pure), and the loop | model, config, store, pipeline, health |
//! | [`learn`] | portal URL → source file | model, html, config, discover, fetch, crawl, extract, clean |
//! | [`publish`] | articles → editions: Atom, RSS, JSON Feed, OPML, archives (pure) | model, config |
//! | [`health`] | how sources stand → verdicts in words (pure) | model, config |
//! | [`announce`] | hub pings, retried | model, config, fetch, store, health |
//! | [`export`] | the site → files | model, config, store, publish, serve |
//! | [`serve`] | HTTP: feeds, pages for people, health, metrics; never fetches | model, config, store, publish, health, ops |
//! | [`ops`] | logging, signals, systemd, metrics registry | model, config |
//! | [`app`] | composition root: builds what everything shares, starts and stops it in order | everything but cli |
//! | [`cli`] | the command line: one file a command, with its work | everything |
//!
//! `tests/it/tidy.rs` holds this table against the code, with the sizes of files and functions.
//!
//! # What always holds
//!
//! 1. **Identity.** One article has one Atom id for ever, minted from source id and the portal's own key; a rebuilt
//!    database gives the same ids ([`model::ArticleId`]).
//! 2. **`updated` means edited.** It moves only when the words of the cleaned text change, and then once ([`identity`]).
//! 3. **A failure is never published.** What looks wrong is held back and reported; the last good edition stays up.
//! 4. **Nothing is lost, nothing comes twice.** A commit is one article, whole ([`store`]).
//! 5. **Nothing invented.** A date the page does not give is never "now" ([`extract`]).
//! 6. **Everything fetched is hostile.** Size, time, depth, redirects and addresses are bounded ([`fetch`]); what is
//!    published has passed the allow-list ([`clean`]).
//! 7. **Polite.** robots.txt, one connection to a host, conditional requests, an honest User-Agent ([`fetch`]).
//! 8. **Serving never waits for fetching.** Editions are finished bytes ([`publish`], [`serve`]).

mod announce;
pub mod app;
pub mod clean;
pub mod cli;
pub mod config;
mod crawl;
pub mod dates;
pub mod discover;
mod export;
pub mod extract;
pub mod fetch;
pub mod health;
pub mod html;
pub mod identity;
pub mod learn;
pub mod model;
pub mod ops;
pub mod pipeline;
pub mod publish;
pub mod schedule;
pub mod serve;
pub mod store;
pub mod text;
