//! What is in force, and from where, as TOML that reads back as the same configuration.

use std::fmt::{Display, Write};
use std::path::Path;

use toml::Value;
use url::Url;

use super::checked::{Backfill, Config, Css, Discover, Every, Keep, KeepRules, Listing, Setting, Source};
use super::notes::{Origin, Origins};
use super::units::{write_duration, write_size};

/// Writes the whole configuration as one main file with its sources in it, each value with a comment that says where it
/// comes from.
pub fn show(config: &Config, origins: &Origins) -> String {
    let mut out = Writer { text: String::new(), origins: Some(origins), prefix: String::new() };
    out.line("listen", text(&config.listen));
    out.line("public_url", text(&config.public_url));
    out.line("state_dir", path(&config.state_dir));
    out.table("fetch", "fetch.");
    out.line("user_agent", text(&config.fetch.user_agent));
    out.line("timeout", text(write_duration(config.fetch.timeout)));
    out.line("max_body", text(write_size(config.fetch.max_body)));
    out.line("per_host", config.fetch.per_host);
    out.line("gap", text(write_duration(config.fetch.gap)));
    out.line("allow_private", list(&config.fetch.allow_private, text));
    out.table("publish", "publish.");
    out.line("entries", config.publish.entries);
    out.line("hubs", list(&config.publish.hubs, text));
    out.optional("export", config.publish.export.as_deref().map(path));
    out.table("keep", "keep.");
    out.line("raw_pages", keep(config.keep.raw_pages));
    out.line("revisions", keep(config.keep.revisions));
    out.line("articles", keep(config.keep.articles));
    for (index, source) in config.sources.iter().enumerate() {
        out.table("[sources]", &format!("sources.{index}."));
        out.source(source, "sources.");
    }
    out.text
}

/// Writes a source as a source file.
pub fn source_toml(source: &Source) -> String {
    let mut out = Writer { text: String::new(), origins: None, prefix: String::new() };
    out.source(source, "");
    out.text
}

struct Writer<'a> {
    text: String,
    /// Where settings come from; `None` writes no comments.
    origins: Option<&'a Origins>,
    /// What goes before a key to make its name in the origins.
    prefix: String,
}

impl Writer<'_> {
    fn table(&mut self, header: &str, prefix: &str) {
        self.push(format_args!("\n[{header}]\n"));
        prefix.clone_into(&mut self.prefix);
    }

    fn line(&mut self, key: &str, value: impl Display) {
        let line = format!("{key} = {value}");
        let Some(origins) = self.origins else { return self.push(format_args!("{line}\n")) };
        let origin = match origins.get(&format!("{}{key}", self.prefix)) {
            None => "default".to_owned(),
            Some(Origin::Environment(variable)) => format!("${variable}"),
            Some(Origin::File(file, line)) => format!("{}:{line}", file.escape_debug()),
        };
        self.push(format_args!("{line:<48}  # {origin}\n"));
    }

    fn optional(&mut self, key: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.line(key, value);
        }
    }

    fn source(&mut self, source: &Source, header: &str) {
        let prefix = self.prefix.clone();
        self.line("id", text(&source.id));
        self.line("title", text(&source.title));
        self.line("home", text(&source.home));
        self.line("language", text(&source.language));
        self.line("timezone", text(source.time_zone.iana_name().unwrap_or("UTC")));
        self.line("every", every(source.every));
        self.line("backfill", backfill(source.backfill));
        self.optional("extra_ca", source.extra_ca.as_ref().map(|ca| path(&ca.file)));
        self.table(&format!("{header}discover"), &format!("{prefix}discover."));
        self.discover(&source.discover, &source.home);
        self.table(&format!("{header}article"), &format!("{prefix}article."));
        let article = &source.article;
        for (key, rule) in [
            ("title", &article.title),
            ("body", &article.body),
            ("published", &article.published),
            ("author", &article.author),
        ] {
            self.optional(key, rule.as_ref().map(css));
        }
        self.line("remove", list(&article.remove, css));
        self.line("cut_at", list(&article.cut_at, text));
        self.line("max_future", text(write_duration(article.max_future)));
        self.keep(&source.keep, header, &prefix);
    }

    /// What a source leaves to the main file stands there.
    fn keep(&mut self, rules: &KeepRules, header: &str, prefix: &str) {
        if *rules == KeepRules::default() {
            return;
        }
        self.table(&format!("{header}keep"), &format!("{prefix}keep."));
        self.optional("raw_pages", rules.raw_pages.map(keep));
        self.optional("revisions", rules.revisions.map(keep));
        self.optional("articles", rules.articles.map(keep));
    }

    fn discover(&mut self, discover: &Discover, home: &Url) {
        self.optional("wp_json", setting(&discover.wp_json, |()| "true".to_owned()));
        self.optional("feeds", setting(&discover.feeds, |feeds| list(feeds, |url| text(below(home, url)))));
        self.optional("sitemap", setting(&discover.sitemap, |()| "true".to_owned()));
        self.optional("listings", setting(&discover.listings, |all| list(all, |one| listing(home, one))));
    }

    fn push(&mut self, line: std::fmt::Arguments<'_>) {
        self.text.write_fmt(line).expect("a String takes everything that is written to it");
    }
}

fn text(value: impl Display) -> String {
    Value::String(value.to_string()).to_string()
}

fn path(path: &Path) -> String {
    text(path.display())
}

fn css(css: &Css) -> String {
    text(&css.text)
}

fn list<'a, T>(items: &'a [T], write: impl Fn(&'a T) -> String) -> String {
    format!("[{}]", items.iter().map(write).collect::<Vec<_>>().join(", "))
}

fn keep(keep: Keep) -> String {
    match keep {
        Keep::All => text("all"),
        Keep::For(duration) => text(write_duration(duration)),
    }
}

fn every(every: Every) -> String {
    format!("{{ min = {}, max = {} }}", text(write_duration(every.min)), text(write_duration(every.max)))
}

fn backfill(backfill: Backfill) -> String {
    match backfill {
        Backfill::All => text("all"),
        Backfill::Articles(count) => count.to_string(),
        Backfill::Within(duration) => text(write_duration(duration)),
    }
}

fn setting<T>(setting: &Setting<T>, write: impl Fn(&T) -> String) -> Option<String> {
    match setting {
        Setting::Find => None,
        Setting::Use(value) => Some(write(value)),
        Setting::Forbidden => Some("false".to_owned()),
    }
}

fn listing(home: &Url, listing: &Listing) -> String {
    let category = listing.category.as_deref().unwrap_or_default();
    format!("{{ url = {}, category = {} }}", text(below(home, &listing.url)), text(category))
}

/// A URL relative to `home`, so that the source can be moved by its home alone; in full where it is on another host.
fn below(home: &Url, url: &Url) -> String {
    let path = &url[url::Position::BeforePath..];
    // A path that begins with two slashes would read as a host.
    if url.origin() == home.origin() && !path.starts_with("//") { path.to_owned() } else { url.to_string() }
}
