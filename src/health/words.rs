//! Findings in words: for those who run tinsach, and in one sentence for those who read.

use std::fmt;

use super::finding::{Finding, Kind};

const HOST_GONE: &str =
    "Look whether the portal has another address now; `tinsach learn --mend` writes the source file for it.";
const UNREACHABLE: &str =
    "Open the portal in a browser; if it answers there, look for a firewall between it and this machine.";
const SERVER_ERRORS: &str =
    "The portal is ill; it is tried again, ever less often. Tell its owner if it lasts.";
const TLS: &str = "If a browser opens the portal, its server leaves out a certificate: save the issuer's as PEM and name it \
    as `extra_ca` in the source file.";
const BLOCKED: &str =
    "The portal turns programs away: ask its owner to let the User-Agent in, or visit less often (`every`).";
const RATE_LIMITED: &str = "Visit less often: raise `every.min` in the source file, or `fetch.gap`.";
const ROBOTS: &str =
    "The portal's robots.txt asks us not to read this: name other listings, or stop following it.";
const MOVED: &str = "Set `home` in the source file to the new address; ids of articles stay as they are.";
const LISTING_GONE: &str = "Take the address out of the source file, or name the one that is in its place; \
    `tinsach learn --mend` looks for it.";
const LISTING_EMPTY: &str = "Open it in a browser: is it a notice, or filled by scripts? Name a feed or another listing in \
    the source file.";
const LISTING_BROKEN: &str = "Open the address in a browser; name another listing if it stays as it is.";
const HELD_ALL: &str = "`tinsach held` shows what came. If the portal shows its articles in a browser, \
    `tinsach check --live` tells what is read of one.";
const TEMPLATE_CHANGED: &str = "The portal's pages look different now: `tinsach learn --mend` proposes the source file for \
    them, and `tinsach replay` reads kept pages again.";
const FIELDS_LOST: &str = "`tinsach check --live` shows what is read of an article now; a selector under [article] in the \
    source file mends it.";
const TEXT_COLLAPSED: &str = "`tinsach check --live` shows what is read of an article now; `body` under [article] in the \
    source file mends it.";
const LATE: &str = "Look at the portal: if it has newer articles than the feed, its listing stands still; name another one \
    in the source file.";

impl Kind {
    /// What to do about it, as a sentence.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::HostGone => HOST_GONE,
            Self::Unreachable => UNREACHABLE,
            Self::ServerErrors => SERVER_ERRORS,
            Self::Tls => TLS,
            Self::Blocked => BLOCKED,
            Self::RateLimited => RATE_LIMITED,
            Self::Robots => ROBOTS,
            Self::Moved => MOVED,
            Self::ListingGone => LISTING_GONE,
            Self::ListingEmpty => LISTING_EMPTY,
            Self::ListingBroken => LISTING_BROKEN,
            Self::HeldAll => HELD_ALL,
            Self::TemplateChanged => TEMPLATE_CHANGED,
            Self::FieldsLost => FIELDS_LOST,
            Self::TextCollapsed => TEXT_COLLAPSED,
            Self::Late => LATE,
        }
    }

    /// What it is, as a short heading.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::HostGone => "the portal's host name is not known any more",
            Self::Unreachable => "the portal does not answer",
            Self::ServerErrors => "the portal answers with errors",
            Self::Tls => "the portal's certificate is not accepted",
            Self::Blocked => "the portal turns tinsach away",
            Self::RateLimited => "the portal says that it is asked too often",
            Self::Robots => "the portal's robots.txt forbids reading it",
            Self::Moved => "the portal has moved",
            Self::ListingGone => "a listing is gone",
            Self::ListingEmpty => "a listing is empty",
            Self::ListingBroken => "a listing cannot be read",
            Self::HeldAll => "every page is held back",
            Self::TemplateChanged => "the portal's pages have changed",
            Self::FieldsLost => "a part of the articles is missing",
            Self::TextCollapsed => "articles are far shorter than they were",
            Self::Late => "nothing new for unusually long",
        }
    }
}

/// The whole in one sentence, cause first: what came, where, what was expected.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind.title(), self.came)?;
        if let Some(url) = &self.url {
            write!(f, " ({})", crate::model::short_text(url))?;
        }
        write!(f, "; expected {}", self.expected)
    }
}
