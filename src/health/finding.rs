//! What is wrong: of which kind, since when, with the evidence.

use std::fmt;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::model::Cause;

/// What can be wrong with a source. The names are part of `/health`, `/metrics` and the alerts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// The portal has no address any more: its name is not known.
    HostGone,
    /// It does not answer: refused, reset, timed out.
    Unreachable,
    /// It answers with errors of its own (5xx).
    ServerErrors,
    /// Its certificate is not trusted, or TLS fails otherwise.
    Tls,
    /// It turns us away: 401, 403, a challenge for browsers, a login.
    Blocked,
    /// It says that we ask too often (429).
    RateLimited,
    /// Its robots.txt forbids what was read before.
    Robots,
    /// It leads to another host.
    Moved,
    /// An address that lists articles is not there any more (404, 410).
    ListingGone,
    /// An address that lists articles names none.
    ListingEmpty,
    /// An address that lists articles gives what cannot be read.
    ListingBroken,
    /// Every new page is held back: error pages, notices, pages that speak of something else.
    HeldAll,
    /// Pages do not read like articles any more: the portal was redesigned.
    TemplateChanged,
    /// New articles lack what nearly all had: dates, authors, pictures.
    FieldsLost,
    /// New articles are far shorter than they were.
    TextCollapsed,
    /// Nothing new for far longer than is usual.
    Late,
}

impl Kind {
    /// Every kind, gravest first: where several hold, the first is shown first.
    pub const ALL: [Self; 16] = [
        Self::HostGone,
        Self::Unreachable,
        Self::ServerErrors,
        Self::Tls,
        Self::Blocked,
        Self::RateLimited,
        Self::Robots,
        Self::Moved,
        Self::ListingGone,
        Self::ListingEmpty,
        Self::ListingBroken,
        Self::HeldAll,
        Self::TemplateChanged,
        Self::FieldsLost,
        Self::TextCollapsed,
        Self::Late,
    ];

    /// Its name in `/health` and `/metrics`.
    pub fn name(self) -> &'static str {
        match self {
            Self::HostGone => "host-gone",
            Self::Unreachable => "unreachable",
            Self::ServerErrors => "server-errors",
            Self::Tls => "tls",
            Self::Blocked => "blocked",
            Self::RateLimited => "rate-limited",
            Self::Robots => "robots",
            Self::Moved => "moved",
            Self::ListingGone => "listing-gone",
            Self::ListingEmpty => "listing-empty",
            Self::ListingBroken => "listing-broken",
            Self::HeldAll => "held-all",
            Self::TemplateChanged => "template-changed",
            Self::FieldsLost => "fields-lost",
            Self::TextCollapsed => "text-collapsed",
            Self::Late => "late",
        }
    }

    /// The kind that a failed request speaks of; `None` where it says nothing about the portal.
    pub(crate) fn of(cause: Cause) -> Option<Self> {
        Some(match cause {
            Cause::HostUnknown => Self::HostGone,
            Cause::Unreachable | Cause::Timeout => Self::Unreachable,
            Cause::ServerError => Self::ServerErrors,
            Cause::Tls => Self::Tls,
            Cause::Blocked => Self::Blocked,
            Cause::RateLimited => Self::RateLimited,
            Cause::Robots => Self::Robots,
            Cause::RobotsUnreachable => Self::Unreachable,
            Cause::Redirect | Cause::Forbidden => Self::Moved,
            Cause::Missing => Self::ListingGone,
            Cause::OtherStatus | Cause::TooLarge | Cause::WrongType | Cause::Broken => Self::ListingBroken,
            Cause::LeftAlone | Cause::Stopping => return None,
        })
    }

    /// Whether it often passes by itself: the portal is ill, not the way to it.
    fn passes(self) -> bool {
        let portal_is_ill = matches!(self, Self::HostGone | Self::Unreachable | Self::ServerErrors);
        portal_is_ill || matches!(self, Self::RateLimited | Self::HeldAll)
    }

    /// Whether articles still come, so that it is a matter for a look and not for an alarm.
    fn is_partial(self) -> bool {
        matches!(self, Self::FieldsLost | Self::TextCollapsed | Self::Late)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// How a source or the whole stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// All is well.
    Ok,
    /// It was not visited yet.
    Waiting,
    /// Something is wrong and told; articles still come, or it may pass by itself.
    Degraded,
    /// A person has to mend something.
    Failing,
}

impl Status {
    /// Every status, best first.
    pub const ALL: [Self; 4] = [Self::Ok, Self::Waiting, Self::Degraded, Self::Failing];

    /// Its name in JSON, in metrics and as a class of pages.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Waiting => "waiting",
            Self::Degraded => "degraded",
            Self::Failing => "failing",
        }
    }
}

/// What passes by itself is a person's affair once it lasts this long.
const PASSING: SignedDuration = SignedDuration::from_hours(24);

/// One thing that is wrong with a source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    pub(crate) since: Timestamp,
    /// When it was seen last; of a finding that has ended, when it did.
    pub(crate) seen: Timestamp,
    /// Where it shows: an address of the portal.
    pub url: Option<String>,
    pub(crate) expected: String,
    pub(crate) came: String,
    /// Whether nothing of the source can be read.
    pub(crate) is_total: bool,
}

impl Finding {
    /// What it means for the source at `now`.
    pub(crate) fn status(&self, now: Timestamp) -> Status {
        if self.kind.is_partial() || !self.is_total {
            return Status::Degraded;
        }
        if self.kind.passes() && now.duration_since(self.since) < PASSING {
            return Status::Degraded;
        }
        Status::Failing
    }
}
