//! What the pages, feeds and answers of a portal look like.

use jiff::Timestamp;
use serde_json::json;

use super::plan::{self, Article, What};
use super::portal::Portal;
use super::text::{chance, sentence};

impl Portal {
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

    pub fn front(&self, now: Timestamp, number: usize) -> String {
        let out = self.out(now);
        let count = if self.has(What::FewerListed, now) { 15 } else { 20 };
        let more = out.len() > (number + 1) * count;
        let mut listed: Vec<&Article> = out.into_iter().skip(number * count).take(count).collect();
        if self.has(What::EmptyListing, now) {
            listed.clear();
        }
        if self.has(What::HardlyAny, now) {
            listed.drain(..listed.len().saturating_sub(1));
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
            for n in 0..if self.has(What::MoreSections, now) { 14 } else { 4 } {
                items.push_str(&format!(
                    "<li><h3><a href=\"/chuyen-muc/chuyen-de-{n}/\">Chuyên đề số {n} của cổng thông tin thành phố</a></h3></li>"
                ));
            }
        }
        if self.has(What::TwoBroken, now) {
            for name in ["mot", "hai"] {
                items.push_str(&format!(
                    "<li><h3><a href=\"/tin-hong-{name}.html\">Bài viết cũ số {name} không mở được nữa</a></h3></li>"
                ));
            }
        }
        let next = match more && !listed.is_empty() {
            true => format!("<a rel=\"next\" href=\"/trang/{}/\">Trang sau</a>", number + 2),
            false => String::new(),
        };
        self.layout("Cổng thông tin", &format!("<ul class=\"tin\">{items}</ul>{next}"), now)
    }

    pub fn section(&self, path: &str, now: Timestamp) -> String {
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

    pub fn feed_text(&self, now: Timestamp) -> String {
        if self.has(What::EmptyFeed, now) {
            return "<rss version=\"2.0\"><channel><title>Tin</title><link>{base}/</link></channel></rss>"
                .to_owned();
        }
        let is_fresh = |article: &Article| now.duration_since(article.at).as_hours() < 24;
        let is_day = self.has(What::DayFeed, now);
        let count = if self.has(What::ShortFeed, now) { 3 } else { 10 };
        let items: String = self
            .out(now)
            .into_iter()
            .filter(|article| !is_day || is_fresh(article))
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
        format!(
            "<rss version=\"2.0\"><channel><title>Tin</title><link>{{base}}/</link>{items}</channel></rss>"
        )
    }

    /// What the API answers to a query for posts, and of how many pages.
    pub fn posts(&self, query: &str, now: Timestamp) -> (String, usize) {
        let asked = |name: &str| {
            query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).map(str::to_owned)
        };
        let since = asked("modified_after").map(|text| text.replace("%3A", ":").replace("%2B", "+"));
        let since = since.and_then(|text| {
            let is_zoned = text.ends_with('Z') || text.contains('+');
            if is_zoned { text.parse::<Timestamp>().ok() } else { format!("{text}Z").parse().ok() }
        });
        let number = |name: &str, else_: usize| asked(name).and_then(|n| n.parse().ok()).unwrap_or(else_);
        let (size, page) = (number("per_page", 10), number("page", 1));
        let listed: Vec<&Article> = self
            .out(now)
            .into_iter()
            .filter(|article| since.is_none_or(|since| article.at > since))
            .collect();
        let post = |article: &&Article| {
            let at = article.at.strftime("%Y-%m-%dT%H:%M:%S").to_string();
            json!({"id": article.n, "status": "publish", "type": "post", "link": format!("{{base}}{}", article.path),
                "date_gmt": at, "modified_gmt": at, "title": {"rendered": article.title}})
        };
        let posts: Vec<_> = listed.iter().skip((page - 1) * size).take(size).map(post).collect();
        (serde_json::Value::from(posts).to_string(), listed.len().div_ceil(size).max(1))
    }

    pub fn sitemap(&self, now: Timestamp) -> String {
        let url = |article: &Article| {
            format!("<url><loc>{{base}}{}</loc><lastmod>{}</lastmod></url>", article.path, article.at)
        };
        let urls: String = self.out(now).into_iter().map(url).collect();
        format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">{urls}</urlset>")
    }

    // A page from top to bottom reads best in one piece.
    #[allow(clippy::too_many_lines)]
    pub fn whole(&self, article: &Article, now: Timestamp) -> String {
        let n = article.n;
        let comes_with = |what| self.came_with(article, what);
        let is_notice = (n.is_multiple_of(2) && comes_with(What::ShortNotices))
            || (n.is_multiple_of(10) && comes_with(What::FewNotices));
        let is_bare = is_notice || (n.is_multiple_of(2) && comes_with(What::HalfBare));
        let is_teaser = self.came_with(article, What::Teasers);
        let count = if is_notice || is_teaser || comes_with(What::Short) { 1 } else { 4 + n % 3 };
        let mut text: String = (0..count)
            .map(|k| format!("<p>{}. {}</p>", article.title, sentence(self.seed, n * 100 + k + 1)))
            .collect();
        if self.has(What::Edited, now) && n.is_multiple_of(3) {
            text.push_str(&format!("<p>Đính chính: {}</p>", sentence(self.seed, n * 100 + 50)));
        }
        let picture = if is_bare || comes_with(What::NoPictures) {
            String::new()
        } else {
            format!(
                "<figure><img src=\"/anh/{}-{n}.jpg\" width=\"800\" height=\"600\"><figcaption>Quang cảnh buổi lễ số {n}.</figcaption></figure>",
                self.seed
            )
        };
        let author = if is_bare || comes_with(What::NoAuthors) {
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
        let (picture, text, author) = match comes_with(What::Films) {
            true => (
                "<iframe src=\"https://phim.example/xem\"></iframe>".to_owned(),
                String::new(),
                String::new(),
            ),
            false => (picture, text, author),
        };
        let main = format!(
            "{banner}<article class=\"{outer}\"><h1>{}</h1>{date}<div class=\"{inner}\">{picture}{text}{author}</div></article>{related}",
            article.title
        );
        self.layout(&format!("{} - Cổng thông tin", article.title), &main, now)
    }

    fn date(&self, at: Timestamp) -> String {
        const DAYS: [&str; 7] = ["Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật"];
        let local = plan::zone().to_datetime(at);
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
