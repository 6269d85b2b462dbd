//! One portal: what it answers at which time.

use jiff::{SignedDuration, Timestamp};

use super::plan::{self, Article, Rhythm, Spell, What};
use super::stock::{CHALLENGE, LOGIN, NOTICE, SHELL};

pub struct Portal {
    pub seed: u64,
    pub articles: Vec<Article>,
    pub spells: Vec<Spell>,
}

/// An answer before it is sent.
pub enum Answer {
    Status(u16, &'static str, String, Vec<(&'static str, String)>),
    /// The connection is closed.
    Close,
    /// The connection is closed in the middle of a page.
    Torn(String),
    /// Nothing comes, ever.
    Hang,
}

const HTML: &str = "text/html; charset=utf-8";

fn page(body: String) -> Answer {
    Answer::Status(200, HTML, body, Vec::new())
}

fn error(status: u16) -> Answer {
    Answer::Status(status, HTML, format!("<html><body><h1>{status}</h1></body></html>"), Vec::new())
}

fn redirect(to: String) -> Answer {
    Answer::Status(301, HTML, "<p>moved</p>".into(), vec![("Location", to)])
}

impl Portal {
    /// A portal that publishes from `from` until `until`.
    pub fn new(seed: u64, rhythm: Rhythm, from: Timestamp, until: Timestamp, spells: Vec<Spell>) -> Self {
        Self { seed, articles: plan::articles(seed, rhythm, from, until, &spells), spells }
    }

    /// Articles that are listed at `now`, newest first.
    pub fn out(&self, now: Timestamp) -> Vec<&Article> {
        let frozen = self
            .spells
            .iter()
            .find(|spell| spell.what == What::Frozen && spell.from <= now && now < spell.until);
        let lag = SignedDuration::from_hours(if self.has(What::Lag, now) { 3 } else { 0 });
        let now = frozen.map_or(now, |spell| spell.from) - lag;
        let count = self.articles.partition_point(|article| article.at <= now);
        self.articles[..count].iter().rev().collect()
    }

    pub fn has(&self, what: What, now: Timestamp) -> bool {
        self.spells.iter().any(|spell| spell.what == what && spell.from <= now && now < spell.until)
    }

    /// Whether an article came out while this befell the portal.
    pub fn came_with(&self, article: &Article, what: What) -> bool {
        self.has(what, article.at)
    }

    fn status(&self, now: Timestamp, choose: impl Fn(What) -> Option<u16>) -> Option<u16> {
        let under_way = self.spells.iter().filter(|spell| spell.from <= now && now < spell.until);
        under_way.filter_map(|spell| choose(spell.what)).next()
    }

    /// Answers a request.
    pub fn answer(&self, path: &str, now: Timestamp) -> Answer {
        if let Some(answer) = self.for_everything(path, now) {
            return answer;
        }
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        match path {
            "/" => page(self.front(now, 0)),
            "/feed/" => self.feed(now),
            "/sitemap.xml" => Answer::Status(200, "application/xml", self.sitemap(now), Vec::new()),
            "/wp-json/wp/v2/posts" if self.has(What::ApiClosed, now) => Answer::Status(
                403,
                "application/json",
                "{\"code\":\"rest_forbidden\",\"message\":\"no\",\"data\":{\"status\":403}}".into(),
                Vec::new(),
            ),
            "/wp-json/wp/v2/posts" => {
                let (body, pages) = self.posts(query, now);
                Answer::Status(200, "application/json", body, vec![("X-WP-TotalPages", pages.to_string())])
            }
            _ if path.starts_with("/trang/") => {
                let number = path.trim_matches('/').rsplit('/').next().and_then(|n| n.parse::<usize>().ok());
                page(self.front(now, number.unwrap_or(1) - 1))
            }
            _ if path.starts_with("/chuyen-muc/") => page(self.section(path, now)),
            _ => self.article(path, now),
        }
    }

    /// What befalls the whole portal, whatever is asked for.
    fn for_everything(&self, path: &str, now: Timestamp) -> Option<Answer> {
        let is_night = self.has(What::NightlyWork, now) && plan::zone().to_datetime(now).hour() == 2;
        if self.has(What::Reset, now) || is_night {
            return Some(Answer::Close);
        }
        if self.has(What::Hang, now) {
            return Some(Answer::Hang);
        }
        let status =
            self.status(now, |what| if let What::Status(status) = what { Some(status) } else { None });
        if let Some(status) = status {
            return Some(error(status));
        }
        if path == "/robots.txt" {
            let rules = if self.has(What::RobotsForbid, now) { "/" } else { "/wp-admin/" };
            let rules = format!("User-agent: *\nDisallow: {rules}\n");
            return Some(match self.has(What::RobotsDown, now) {
                true => error(500),
                false => Answer::Status(200, "text/plain", rules, Vec::new()),
            });
        }
        if self.has(What::Moved, now) {
            return Some(redirect(format!("http://127.1.1.1:9{path}")));
        }
        if self.has(What::Loop, now) {
            let n = path.rsplit('~').next().and_then(|n| n.parse::<u32>().ok()).unwrap_or(0);
            return Some(redirect(format!("{}~{}", path.split('~').next().unwrap_or_default(), (n + 1) % 2)));
        }
        if self.has(What::BrokenGzip, now) {
            let encoding = vec![("Content-Encoding", "gzip".to_owned())];
            return Some(Answer::Status(200, HTML, self.front(now, 0), encoding));
        }
        let stock = [
            (What::Challenge, 200, CHALLENGE),
            (What::Challenge403, 403, CHALLENGE),
            (What::Maintenance, 200, NOTICE),
        ];
        let stock = stock.into_iter().find(|(what, ..)| self.has(*what, now));
        stock.map(|(_, status, text)| Answer::Status(status, HTML, text.to_owned(), Vec::new()))
    }

    fn feed(&self, now: Timestamp) -> Answer {
        if self.has(What::FeedGone, now) {
            return error(404);
        }
        if self.has(What::FeedIsPage, now) {
            return page(self.front(now, 0));
        }
        let body = match self.has(What::FeedBroken, now) {
            true => "{\"no\": \"feed\"}".to_owned(),
            false => self.feed_text(now),
        };
        Answer::Status(200, "application/rss+xml; charset=utf-8", body, Vec::new())
    }

    /// The article at a path, if it is out.
    pub fn at(&self, path: &str, now: Timestamp) -> Option<&Article> {
        let n = path.strip_suffix(".html")?.rsplit('-').next()?.parse::<usize>().ok()?;
        let article = self.articles.get(n.checked_sub(1)?)?;
        (article.path == path.replacen("/moi", "", 1) && article.at <= now).then_some(article)
    }

    fn article(&self, path: &str, now: Timestamp) -> Answer {
        if self.has(What::TwoBroken, now) && path.starts_with("/tin-hong-") {
            return error(500);
        }
        let Some(article) = self.at(path, now) else { return error(404) };
        let status =
            self.status(now, |what| if let What::ArticleStatus(status) = what { Some(status) } else { None });
        if let Some(status) = status {
            return error(status);
        }
        if self.has(What::ArticleHang, now) {
            return Answer::Hang;
        }
        let is_old = now.duration_since(article.at).as_hours() > 3 * 24;
        let is_taken_down = is_old && article.n.is_multiple_of(2) && self.has(What::TakenDown, now);
        if self.came_with(article, What::DeadLinks) || is_taken_down {
            return error(404);
        }
        if self.has(What::Readdressed, now) && !path.starts_with("/moi") {
            return redirect(format!("{{base}}/moi{path}"));
        }
        let stock = [
            (What::ArticleChallenge, CHALLENGE),
            (What::ArticleMaintenance, NOTICE),
            (What::LoginWall, LOGIN),
            (What::Shell, SHELL),
        ];
        if let Some((_, text)) = stock.into_iter().find(|(what, _)| self.has(*what, now)) {
            return page(text.to_owned());
        }
        if self.has(What::FrontForAll, now) {
            return page(self.front(now, 0));
        }
        if self.came_with(article, What::OneForAll) {
            return page(self.whole(&self.articles[0], now));
        }
        let whole = self.whole(article, now);
        if self.has(What::Torn, now) { Answer::Torn(whole) } else { page(whole) }
    }
}
