//! One post of the API → a candidate, or the reason why not.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::Names;
use crate::dates::{self, DateContext};
use crate::discover::{Context, text};
use crate::model::{Candidate, DiscoveryMethod, Document};

/// Reads a post.
pub(super) fn read(
    value: &Value,
    document: &Document,
    context: &Context<'_>,
    names: &Names,
) -> Result<Candidate, String> {
    let post = Post(value);
    post.is_published()?;
    let link = post.text("link").ok_or("has no link")?;
    let url = context
        .within(link, &document.url, &document.url)
        .ok_or_else(|| format!("is on another site: {link}"))?;
    let mut candidate = Candidate::new(url, DiscoveryMethod::WpJson, document.url.clone());
    candidate.post_id = post.0.get("id").and_then(Value::as_u64).filter(|id| *id > 0);
    candidate.title = post.rendered("title").and_then(text::title_from_html);
    let dates = context.dates(document.fetched);
    candidate.published = post.moment("date_gmt", "date", &dates);
    candidate.updated = post.moment("modified_gmt", "modified", &dates);
    candidate.authors = post.authors();
    candidate.categories = post.categories(context, names);
    candidate.content = post.rendered("content").filter(|html| !html.trim().is_empty()).map(str::to_owned);
    Ok(candidate)
}

/// What a post is called in a report: its id, else its place in the answer.
pub(super) fn label(value: &Value, index: usize) -> String {
    value.get("id").and_then(Value::as_u64).map_or_else(|| format!("no. {}", index + 1), |id| id.to_string())
}

struct Post<'a>(&'a Value);

impl<'a> Post<'a> {
    fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name)?.as_str().map(str::trim).filter(|text| !text.is_empty())
    }

    /// `title`, `content` and `guid` hold their HTML in `rendered`.
    fn rendered(&self, name: &str) -> Option<&'a str> {
        let field = self.0.get(name)?;
        field.get("rendered").unwrap_or(field).as_str()
    }

    fn is_published(&self) -> Result<(), String> {
        if !self.0.is_object() {
            return Err("is no object".to_owned());
        }
        match self.text("status") {
            None | Some("publish") => {}
            Some(status) => return Err(format!("has status {status}")),
        }
        if let Some(kind @ ("page" | "attachment" | "revision" | "nav_menu_item")) = self.text("type") {
            return Err(format!("is of type {kind}"));
        }
        let protected =
            |name: &str| self.0.get(name).and_then(|field| field.get("protected")).and_then(Value::as_bool);
        if protected("content") == Some(true) || protected("excerpt") == Some(true) {
            return Err("is protected by a password".to_owned());
        }
        Ok(())
    }

    /// The `_gmt` field is UTC without saying so; the other is local to the site, without an offset. WordPress writes a
    /// date it does not have as zeros, which no calendar knows.
    fn moment(&self, utc: &str, local: &str, context: &DateContext<'_>) -> Option<Timestamp> {
        let read = |name: &str, context: &DateContext<'_>| dates::read(self.text(name)?, context);
        let in_utc = DateContext { zone: &TimeZone::UTC, ..*context };
        read(utc, &in_utc).or_else(|| read(local, context)).map(|read| read.at)
    }

    fn authors(&self) -> Vec<String> {
        let embedded =
            self.0.get("_embedded").and_then(|embedded| embedded.get("author")).and_then(Value::as_array);
        let names = embedded.into_iter().flatten().filter_map(|author| author.get("name")?.as_str());
        names.filter_map(text::title_from_html).collect()
    }

    fn categories(&self, context: &Context<'_>, names: &Names) -> Vec<String> {
        let terms =
            self.0.get("_embedded").and_then(|embedded| embedded.get("wp:term")).and_then(Value::as_array);
        let terms = terms.into_iter().flatten().filter_map(Value::as_array).flatten();
        let terms = terms.filter(|term| term.get("taxonomy").and_then(Value::as_str) == Some("category"));
        let embedded = terms.filter_map(|term| text::title_from_html(term.get("name")?.as_str()?));
        let ids = self.0.get("categories").and_then(Value::as_array).into_iter().flatten();
        let by_id = ids.filter_map(|id| names.get(&id.as_u64()?).cloned());
        let mut all: Vec<String> = Vec::new();
        for name in by_id.chain(embedded).chain(context.categories()) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        all
    }
}
