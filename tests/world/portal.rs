//! One portal: what it publishes when, and what befalls it.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::text::{chance, sentence, title};

/// What befalls a portal for a while.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    // --- breakage
    /// This status for everything.
    Status(u16),
    /// This status for article pages alone.
    ArticleStatus(u16),
    /// Every connection is closed without an answer.
    Reset,
    /// A bot check with status 200 for everything.
    Challenge,
    /// The same for article pages alone.
    ArticleChallenge,
    /// A notice of maintenance with status 200 for everything.
    Maintenance,
    /// The same for article pages alone.
    ArticleMaintenance,
    /// A login form in the place of articles.
    LoginWall,
    /// The front page lists nothing.
    EmptyListing,
    /// The feed is gone.
    FeedGone,
    /// A web page in the place of the feed.
    FeedIsPage,
    /// What is no feed in the place of the feed.
    FeedBroken,
    /// robots.txt forbids everything.
    RobotsForbid,
    /// Everything leads to another host.
    Moved,
    /// Article pages are filled by scripts.
    Shell,
    /// New articles lack their authors.
    NoAuthors,
    /// New articles lack their dates, in the lists too.
    NoDates,
    /// New articles lack their pictures.
    NoPictures,
    /// New articles hold their first sentence alone.
    Teasers,
    /// Lists show what they showed when this began, though the portal publishes.
    Frozen,
    /// New articles are not there (404), though they are listed.
    DeadLinks,
    // --- legitimate
    /// A banner above every article.
    Banner,
    /// Another menu with more entries.
    OtherMenu,
    /// Another footer, related links, counters that change with each request.
    Noise,
    /// Another layout that can be read.
    Redesign,
    /// Every second article is a short notice without picture and author.
    ShortNotices,
    /// One listed address is not there.
    OneDeadLink,
    /// Listed addresses that are sections and no articles.
    ListedSections,
    /// The feed holds three articles.
    ShortFeed,
    /// Links carry tracking parameters.
    Tracking,
    /// robots.txt cannot be had.
    RobotsDown,
    /// Old articles are taken down.
    TakenDown,
    /// Old articles are edited.
    Edited,
    /// The list is turned round.
    Reordered,
    /// Nothing is published though the plan says so: a quiet weekend, a holiday.
    Quiet,
}

/// What befalls a portal from when to when.
#[derive(Clone, Copy, Debug)]
pub struct Spell {
    pub what: What,
    pub from: Timestamp,
    pub until: Timestamp,
}

/// An article as the portal has it.
#[derive(Clone, Debug)]
pub struct Article {
    pub n: u64,
    pub at: Timestamp,
    pub path: String,
    pub title: String,
}

/// How often a portal publishes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rhythm {
    /// So many times on working days, from 8 to 17.
    Office(u64),
    /// So many times every day, from 6 to 22.
    Daily(u64),
    /// Once in so many days, at 9.
    Every(u64),
}

pub struct Portal {
    pub seed: u64,
    pub articles: Vec<Article>,
    pub spells: Vec<Spell>,
    zone: TimeZone,
}

/// An answer before it is sent.
pub enum Answer {
    Status(u16, &'static str, String, Vec<(&'static str, String)>),
    Close,
}

const HTML: &str = "text/html; charset=utf-8";

fn page(body: String) -> Answer {
    Answer::Status(200, HTML, body, Vec::new())
}

impl Portal {
    /// A portal that publishes from `from` until `until`.
    pub fn new(seed: u64, rhythm: Rhythm, from: Timestamp, until: Timestamp, spells: Vec<Spell>) -> Self {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").expect("bundled");
        let days = until.duration_since(from).as_hours() / 24 + 1;
        let mut articles = Vec::new();
        for day in 0..days {
            let midnight = from + SignedDuration::from_hours(24 * day);
            let weekday = zone.to_datetime(midnight).weekday().to_monday_zero_offset();
            let (count, first, last) = match rhythm {
                Rhythm::Office(count) => (if weekday < 5 { count } else { 0 }, 8, 17),
                Rhythm::Daily(count) => (count, 6, 22),
                Rhythm::Every(days) => (u64::from((day as u64).is_multiple_of(days)), 9, 10),
            };
            let mut times: Vec<i64> = (0..count)
                .map(|k| {
                    let span = (last - first) * 3600;
                    first * 3600 + (chance(seed, (day as u64) * 1000 + k) % span as u64) as i64
                })
                .collect();
            times.sort_unstable();
            for second in times {
                let at = midnight + SignedDuration::from_secs(second);
                let is_quiet =
                    |spell: &&Spell| spell.what == What::Quiet && spell.from <= at && at < spell.until;
                if at < until && !spells.iter().any(|spell| is_quiet(&spell)) {
                    let n = articles.len() as u64 + 1;
                    articles.push(Article {
                        n,
                        at,
                        path: format!("/tin-{seed}-{n}.html"),
                        title: title(seed, n),
                    });
                }
            }
        }
        Self { seed, articles, spells, zone }
    }

    /// Articles that are out at `now`, newest first.
    pub fn out(&self, now: Timestamp) -> Vec<&Article> {
        let frozen = self
            .spells
            .iter()
            .find(|spell| spell.what == What::Frozen && spell.from <= now && now < spell.until);
        let now = frozen.map_or(now, |spell| spell.from);
        let count = self.articles.partition_point(|article| article.at <= now);
        self.articles[..count].iter().rev().collect()
    }

    pub fn has(&self, what: What, now: Timestamp) -> bool {
        self.spells.iter().any(|spell| spell.what == what && spell.from <= now && now < spell.until)
    }

    /// Whether an article came out while this befell the portal.
    fn came_with(&self, article: &Article, what: What) -> bool {
        self.has(what, article.at)
    }

    fn spell(&self, now: Timestamp, choose: impl Fn(What) -> Option<u16>) -> Option<u16> {
        let under_way = self.spells.iter().filter(|spell| spell.from <= now && now < spell.until);
        under_way.filter_map(|spell| choose(spell.what)).next()
    }

    /// Answers a request.
    pub fn answer(&self, path: &str, now: Timestamp) -> Answer {
        if self.has(What::Reset, now) {
            return Answer::Close;
        }
        if let Some(status) =
            self.spell(now, |what| if let What::Status(status) = what { Some(status) } else { None })
        {
            return error(status);
        }
        if path == "/robots.txt" {
            return match (self.has(What::RobotsForbid, now), self.has(What::RobotsDown, now)) {
                (true, _) => {
                    Answer::Status(200, "text/plain", "User-agent: *\nDisallow: /\n".into(), Vec::new())
                }
                (_, true) => error(500),
                _ => Answer::Status(
                    200,
                    "text/plain",
                    "User-agent: *\nDisallow: /wp-admin/\n".into(),
                    Vec::new(),
                ),
            };
        }
        if self.has(What::Moved, now) {
            let to = format!("http://127.1.1.1:9{path}");
            return Answer::Status(301, HTML, "<p>moved</p>".into(), vec![("Location", to)]);
        }
        if self.has(What::Challenge, now) {
            return page(CHALLENGE.to_owned());
        }
        if self.has(What::Maintenance, now) {
            return page(NOTICE.to_owned());
        }
        let path = path.split('?').next().unwrap_or_default();
        match path {
            "/" => page(self.front(now, 0)),
            _ if path.starts_with("/trang/") => {
                let number = path.trim_matches('/').rsplit('/').next().and_then(|n| n.parse::<usize>().ok());
                page(self.front(now, number.unwrap_or(1) - 1))
            }
            "/feed/" => self.feed(now),
            _ if path.starts_with("/chuyen-muc/") => page(self.section(path, now)),
            _ => self.article(path, now),
        }
    }

    fn layout(&self, title: &str, main: &str, now: Timestamp) -> String {
        let mut menu = vec!["Thời sự", "Kinh tế", "Văn hóa"];
        if self.has(What::OtherMenu, now) {
            menu.extend(["Du lịch", "Giáo dục", "Y tế", "Thể thao"]);
        }
        let menu: String = menu
            .iter()
            .enumerate()
            .map(|(n, name)| format!("<li><a href=\"/chuyen-muc/muc-{n}/\">{name}</a></li>"))
            .collect();
        let footer = if self.has(What::Noise, now) {
            let visits = chance(self.seed, now.as_second() as u64) % 10_000;
            format!(
                "<div class=\"dem\">Lượt truy cập: {visits}</div><div>Bản quyền mới của cổng thông tin</div>"
            )
        } else {
            "<div>Bản quyền thuộc về cổng thông tin</div>".to_owned()
        };
        format!(
            "<!DOCTYPE html><html lang=\"vi\"><head><title>{title}</title></head><body><header><nav><ul>{menu}</ul></nav>\
             </header><main>{main}</main><footer>{footer}</footer></body></html>"
        )
    }

    fn link(&self, article: &Article, now: Timestamp) -> String {
        match self.has(What::Tracking, now) {
            true => format!("{}?utm_source=trang-chu&utm_medium=web", article.path),
            false => article.path.clone(),
        }
    }

    fn front(&self, now: Timestamp, number: usize) -> String {
        let out = self.out(now);
        let more = out.len() > (number + 1) * 20;
        let mut listed: Vec<&Article> = out.into_iter().skip(number * 20).take(20).collect();
        if self.has(What::EmptyListing, now) {
            listed.clear();
        }
        if self.has(What::Reordered, now) {
            listed.reverse();
        }
        let mut items: String = listed
            .iter()
            .map(|article| {
                let date = if self.came_with(article, What::NoDates) {
                    String::new()
                } else {
                    self.date(article.at)
                };
                format!(
                    "<li><h3><a href=\"{}\">{}</a></h3><span class=\"ngay\">{date}</span><p>{}</p></li>",
                    self.link(article, now),
                    article.title,
                    sentence(self.seed, article.n * 100)
                )
            })
            .collect();
        if self.has(What::OneDeadLink, now) {
            items.push_str("<li><h3><a href=\"/tin-da-mat-tu-lau.html\">Một bài viết đã mất từ lâu của cổng</a></h3></li>");
        }
        if self.has(What::ListedSections, now) {
            for n in 0..4 {
                items.push_str(&format!(
                    "<li><h3><a href=\"/chuyen-muc/chuyen-de-{n}/\">Chuyên đề số {n} của cổng thông tin thành phố</a></h3></li>"
                ));
            }
        }
        let next = match more && !listed.is_empty() {
            true => format!("<a rel=\"next\" href=\"/trang/{}/\">Trang sau</a>", number + 2),
            false => String::new(),
        };
        self.layout("Cổng thông tin", &format!("<ul class=\"tin\">{items}</ul>{next}"), now)
    }

    fn section(&self, path: &str, now: Timestamp) -> String {
        let number = chance(self.seed, path.len() as u64);
        let items: String = self
            .out(now)
            .into_iter()
            .filter(|article| article.n % 3 == number % 3)
            .take(12)
            .map(|article| format!("<li><h3><a href=\"{}\">{}</a></h3></li>", article.path, article.title))
            .collect();
        self.layout("Chuyên mục", &format!("<ul class=\"tin\">{items}</ul>"), now)
    }

    fn feed(&self, now: Timestamp) -> Answer {
        if self.has(What::FeedGone, now) {
            return error(404);
        }
        if self.has(What::FeedIsPage, now) {
            return page(self.front(now, 0));
        }
        if self.has(What::FeedBroken, now) {
            return Answer::Status(200, "application/rss+xml", "{\"no\": \"feed\"}".into(), Vec::new());
        }
        let count = if self.has(What::ShortFeed, now) { 3 } else { 10 };
        let items: String = self
            .out(now)
            .into_iter()
            .take(count)
            .map(|article| {
                let date = article.at.strftime("%a, %d %b %Y %H:%M:%S +0000");
                let date = match self.came_with(article, What::NoDates) {
                    true => String::new(),
                    false => format!("<pubDate>{date}</pubDate>"),
                };
                format!(
                    "<item><title>{}</title><link>{{base}}{}</link>{date}</item>",
                    article.title, article.path
                )
            })
            .collect();
        let feed = format!(
            "<rss version=\"2.0\"><channel><title>Tin</title><link>{{base}}/</link>{items}</channel></rss>"
        );
        Answer::Status(200, "application/rss+xml; charset=utf-8", feed, Vec::new())
    }

    fn article(&self, path: &str, now: Timestamp) -> Answer {
        let Some(article) = self.articles.iter().find(|article| article.path == path && article.at <= now)
        else {
            return error(404);
        };
        if let Some(status) =
            self.spell(now, |what| if let What::ArticleStatus(status) = what { Some(status) } else { None })
        {
            return error(status);
        }
        let is_old = now.duration_since(article.at).as_hours() > 3 * 24;
        if self.came_with(article, What::DeadLinks)
            || (is_old && article.n % 2 == 0 && self.has(What::TakenDown, now))
        {
            return error(404);
        }
        for (what, text) in [
            (What::ArticleChallenge, CHALLENGE),
            (What::ArticleMaintenance, NOTICE),
            (What::LoginWall, LOGIN),
            (What::Shell, SHELL),
        ] {
            if self.has(what, now) {
                return page(text.to_owned());
            }
        }
        page(self.whole(article, now))
    }

    fn whole(&self, article: &Article, now: Timestamp) -> String {
        let n = article.n;
        let is_notice = n.is_multiple_of(2) && self.came_with(article, What::ShortNotices);
        let is_teaser = self.came_with(article, What::Teasers);
        let count = if is_notice || is_teaser { 1 } else { 5 + n % 4 };
        let mut text: String = (0..count)
            .map(|k| format!("<p>{}. {}</p>", article.title, sentence(self.seed, n * 100 + k + 1)))
            .collect();
        if self.has(What::Edited, now) && n.is_multiple_of(3) {
            text.push_str(&format!("<p>Đính chính: {}</p>", sentence(self.seed, n * 100 + 50)));
        }
        let picture = if is_notice || self.came_with(article, What::NoPictures) {
            String::new()
        } else {
            format!(
                "<figure><img src=\"/anh/{}-{n}.jpg\" width=\"800\" height=\"600\"><figcaption>Quang cảnh buổi lễ số {n}.</figcaption></figure>",
                self.seed
            )
        };
        let author = if is_notice || self.came_with(article, What::NoAuthors) {
            String::new()
        } else {
            format!(
                "<p style=\"text-align: right;\"><strong>Nguyễn Văn {}</strong></p>",
                ["An", "Bình", "Cường", "Dũng"][(n % 4) as usize]
            )
        };
        let date = match self.came_with(article, What::NoDates) {
            true => String::new(),
            false => format!("<div class=\"ngay-dang\">{}</div>", self.date(article.at)),
        };
        let banner = if self.has(What::Banner, now) {
            "<div class=\"banner\"><a href=\"/gioi-thieu\"><img src=\"/anh/banner.png\" alt=\"Chào mừng\"></a></div>"
        } else {
            ""
        };
        let related = if self.has(What::Noise, now) {
            let listed = self.out(now);
            let items: String = listed
                .iter()
                .take(5)
                .map(|other| format!("<li><a href=\"{}\">{}</a></li>", other.path, other.title))
                .collect();
            format!("<div class=\"tin-khac\"><h4>Tin khác</h4><ul>{items}</ul></div>")
        } else {
            String::new()
        };
        let (outer, inner) = if self.has(What::Redesign, now) {
            ("bai-viet-moi", "than-bai")
        } else {
            ("chi-tiet", "noi-dung")
        };
        let main = format!(
            "{banner}<article class=\"{outer}\"><h1>{}</h1>{date}<div class=\"{inner}\">{picture}{text}{author}</div></article>{related}",
            article.title
        );
        self.layout(&format!("{} - Cổng thông tin", article.title), &main, now)
    }

    fn date(&self, at: Timestamp) -> String {
        const DAYS: [&str; 7] = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"];
        let local = self.zone.to_datetime(at);
        let day = DAYS[local.weekday().to_monday_zero_offset() as usize];
        format!(
            "{day}, {:02}/{:02}/{} {:02}:{:02}",
            local.day(),
            local.month(),
            local.year(),
            local.hour(),
            local.minute()
        )
    }
}

fn error(status: u16) -> Answer {
    Answer::Status(status, HTML, format!("<html><body><h1>{status}</h1></body></html>"), Vec::new())
}

const CHALLENGE: &str = "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><h1>Checking your browser</h1>\
    <script>window._cf_chl_opt={}</script></body></html>";
const NOTICE: &str = "<html><head><title>Bảo trì hệ thống</title></head><body><h1>Hệ thống đang bảo trì</h1>\
    <p>Cổng thông tin đang được nâng cấp, mời bạn quay lại sau ít phút.</p></body></html>";
const LOGIN: &str = "<html><head><title>Đăng nhập</title></head><body><h1>Đăng nhập</h1><form><input name=\"u\">\
    <input type=\"password\" name=\"p\"><button>Đăng nhập</button></form></body></html>";
const SHELL: &str = "<!DOCTYPE html><html><head><title>Cổng thông tin</title><script src=\"/app.js\"></script></head>\
    <body><div id=\"root\"></div></body></html>";
