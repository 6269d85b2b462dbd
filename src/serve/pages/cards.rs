//! Articles in a list, by day.

use jiff::tz::TimeZone;

use super::Page;
use super::dates::{self, When};
use crate::publish::{FeedSettings, lead_text, title_of};
use crate::store::Stored;

/// Characters of an article's first words in a list.
const LEAD_CHARS: usize = 220;

pub(super) struct Card {
    pub href: String,
    pub title: String,
    pub lead: String,
    pub language: String,
    pub when: When,
    /// Its category, or its source in a list of several.
    pub label: String,
    pub picture: Option<String>,
    /// Whether it leads the list.
    pub first: bool,
}

pub(super) struct Day {
    pub label: String,
    pub cards: Vec<Card>,
}

/// Articles as cards, by day. `with_source` labels each with where it comes from instead of its category.
pub(super) fn days(
    page: &Page,
    feed_settings: &FeedSettings,
    stored: &[Stored],
    with_source: bool,
) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for (place, one) in stored.iter().enumerate() {
        let source = feed_settings.source(&one.article.source);
        let zone = source.map_or(TimeZone::UTC, |source| source.time_zone.clone());
        let label = dates::day(dates::date(one.article.published, &zone), page.words);
        let mut card = card(page, one, &zone);
        card.first = place == 0;
        if with_source {
            card.label = source.map(|source| source.title.clone()).unwrap_or_default();
        }
        match days.last_mut() {
            Some(day) if day.label == label => day.cards.push(card),
            _ => days.push(Day { label, cards: vec![card] }),
        }
    }
    days
}

pub(super) fn card(page: &Page, stored: &Stored, zone: &TimeZone) -> Card {
    let article = &stored.article;
    let title = title_of(article);
    let lead = lead_text(article, LEAD_CHARS);
    Card {
        href: page.at(&format!("{}/{}", article.source, article.key.slug())),
        // A title that was made of the first words need not be followed by them.
        lead: if title == lead || article.title.is_empty() { String::new() } else { lead },
        title,
        language: article.language.clone(),
        when: When::time(article.published, zone),
        label: article.categories.first().cloned().unwrap_or_default(),
        picture: article.images.first().map(|image| image.url.to_string()),
        first: false,
    }
}
