//! A source: one file of the sources folder, or one `[[sources]]` table of the main file.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use toml::de::DeValue;
use url::Url;

use super::checked::{
    ArticleRules, Backfill, DEFAULT_MAX_FUTURE, Discover, Every, KeepRules, Listing, Setting, Source,
};
use super::defaults;
use super::table::Table;
use super::trust;
use super::units;
use super::value_error::{Value, ValueError, expected};
use super::values;
use super::web;
use crate::model::SourceId;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// A second spares a portal the visitor who wrote "5ms" for "5m"; a leap year is the longest anybody plans.
const RHYTHM: RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_secs(366 * 24 * 60 * 60);
const AGE: RangeInclusive<Duration> = DAY..=Duration::from_secs(100 * 365 * 24 * 60 * 60);

/// Stands for a `home` that is wrong, so that the URLs below it are checked all the same.
static NO_HOME: LazyLock<Url> =
    LazyLock::new(|| Url::parse("http://home.invalid/").expect("a constant that is a URL"));

/// The names that sources have taken, with the place where.
pub(super) type Taken = HashMap<SourceId, String>;

/// Reads a source; `None` if something that it cannot do without is missing or wrong, which is then noted.
pub(super) fn read(t: &mut Table<'_, '_>, taken: &mut Taken) -> Option<Source> {
    let id = t.need("id", "\"haiphong\"", values::source_id);
    take_id(t, id.as_ref(), taken);
    let title = t.need("title", "\"News of the city\"", values::text);
    let home = t.need("home", "\"https://portal.example/\"", web::base_url);
    let language = t.need("language", "\"vi\"", values::language);
    let time_zone = t.need("timezone", "\"Asia/Ho_Chi_Minh\"", values::time_zone);
    let every = every(t);
    let backfill = t.read("backfill", backfill).unwrap_or(defaults::BACKFILL);
    let folder = Path::new(&*t.document().name).parent().unwrap_or(Path::new("")).to_owned();
    let extra_ca = t.read("extra_ca", trust::extra_ca(&folder));
    let base = home.clone().unwrap_or_else(|| NO_HOME.clone());
    let discover = t.section("discover", "{ sitemap = true }", |t| read_discover(t, &base));
    let article = t.section("article", "{ title = \"h1\" }", read_article);
    let keep = t.section("keep", "{ articles = \"365d\" }", read_keep);
    Some(Source {
        id: id?,
        title: title?,
        home: home?,
        language: language?,
        time_zone: time_zone?,
        every,
        backfill,
        extra_ca,
        discover,
        article,
        keep,
    })
}

fn take_id(t: &mut Table<'_, '_>, id: Option<&SourceId>, taken: &mut Taken) {
    let (Some(id), Some(value)) = (id, t.value("id")) else { return };
    if let Some(place) = taken.get(id) {
        let wrong =
            ValueError::new(format!("is the name of another source already: {id:?}", id = id.as_str()))
                .hint(format!("the other stands in {place}; every source needs a name of its own"));
        return t.refuse_value("id", wrong);
    }
    let (line, _) = t.document().position(value.span().start);
    taken.insert(id.clone(), format!("{}:{line}", t.document().name));
}

fn every(t: &mut Table<'_, '_>) -> Every {
    t.section("every", "{ min = \"5m\", max = \"6h\" }", |t| {
        let min = t.read("min", units::duration(RHYTHM));
        let max = t.read("max", units::duration(RHYTHM));
        if let (Some(least), Some(most)) = (min, max)
            && least > most
        {
            let most = units::write_duration(most);
            let wrong = ValueError::new(format!("is longer than `max`, which is {most}"));
            t.refuse_value(
                "min",
                wrong.hint("`min` is the shortest time between two visits, `max` the longest"),
            );
        }
        // One bound alone moves the other's default out of its way.
        Every {
            min: min.unwrap_or_else(|| defaults::EVERY.min.min(max.unwrap_or(defaults::EVERY.min))),
            max: max.unwrap_or_else(|| defaults::EVERY.max.max(min.unwrap_or(defaults::EVERY.max))),
        }
    })
}

fn backfill(value: &Value<'_>) -> Result<Backfill, ValueError> {
    match value.get_ref() {
        DeValue::Integer(_) => values::number(1..=10_000_000)(value).map(Backfill::Articles),
        DeValue::String(text) if text == "all" => Ok(Backfill::All),
        DeValue::String(_) => units::duration(AGE)(value).map(Backfill::Within),
        _ => Err(expected("a number or a text", value)
            .hint("write a number of articles, a time such as \"30d\", or \"all\"")),
    }
}

fn read_discover(t: &mut Table<'_, '_>, home: &Url) -> Discover {
    Discover {
        wp_json: switch(t, "wp_json"),
        feeds: discovery_method(t, "feeds", |t| t.list("feeds", web::url_below(home)).unwrap_or_default()),
        sitemap: switch(t, "sitemap"),
        listings: discovery_method(t, "listings", |t| {
            t.tables("listings", "{ url = \"/\", category = \"\" }", |t| listing(t, home))
        }),
    }
}

fn switch(t: &mut Table<'_, '_>, key: &'static str) -> Setting<()> {
    let wrong = |value: &Value<'_>| {
        expected("true or false", value).hint("write true or false without quotes, or leave the key out")
    };
    match t.read(key, |value| value.get_ref().as_bool().ok_or_else(|| wrong(value))) {
        None => Setting::Find,
        Some(true) => Setting::Use(()),
        Some(false) => Setting::Forbidden,
    }
}

/// A discovery method that is a list: `false` forbids it, `true` and silence let it be found.
fn discovery_method<'d, T>(
    t: &mut Table<'d, '_>,
    key: &'static str,
    read: impl FnOnce(&mut Table<'d, '_>) -> Vec<T>,
) -> Setting<Vec<T>> {
    let Some(value) = t.value(key) else { return Setting::Find };
    match value.get_ref() {
        DeValue::Boolean(true) => return Setting::Find,
        DeValue::Boolean(false) => return Setting::Forbidden,
        DeValue::Array(items) if items.is_empty() => {
            let wrong = ValueError::new("must not be an empty list")
                .hint(format!("`{key} = false` forbids it; leave it out to let it be found"));
            t.refuse_value(key, wrong);
        }
        _ => {}
    }
    Setting::Use(read(t))
}

fn listing(t: &mut Table<'_, '_>, home: &Url) -> Option<Listing> {
    let url = t.need("url", "\"/\"", web::url_below(home));
    let category = t.read("category", values::any_text).unwrap_or_default();
    let category = Some(category.trim().to_owned()).filter(|name| !name.is_empty());
    Some(Listing { url: url?, category })
}

fn read_article(t: &mut Table<'_, '_>) -> ArticleRules {
    ArticleRules {
        title: t.read("title", web::css),
        body: t.read("body", web::css),
        published: t.read("published", web::css),
        author: t.read("author", web::css),
        remove: t.list("remove", web::css).unwrap_or_default(),
        cut_at: t.list("cut_at", values::text).unwrap_or_default(),
        max_future: t
            .read("max_future", units::duration(Duration::ZERO..=*RHYTHM.end()))
            .unwrap_or(DEFAULT_MAX_FUTURE),
    }
}

fn read_keep(t: &mut Table<'_, '_>) -> KeepRules {
    KeepRules {
        raw_pages: t.read("raw_pages", units::keep),
        revisions: t.read("revisions", units::keep),
        articles: t.read("articles", units::keep),
    }
}
