//! Where a portal is: its language and its time zone, each with the evidence. Pure.

mod offsets;
mod table;

use jiff::tz::TimeZone;
use url::{Host, Url};

pub(super) use offsets::{ObservedOffset, between, in_text, of_api};
use table::{COUNTRIES, Country, SCRIPTS, SHARED, SMALL_WORDS, SOLD, SPREAD};

/// A value, and in a few words what speaks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Inferred<T> {
    pub value: T,
    pub why: String,
}

impl<T> Inferred<T> {
    pub fn new(value: T, why: impl Into<String>) -> Self {
        Self { value, why: why.into() }
    }
}

/// One letter in this many of a script's own tells the language. Vietnamese text has one in six.
const OWN_LETTERS: usize = 25;
/// Small words of a language, in a hundred, that tell it.
const OWN_WORDS: usize = 6;

/// The language of texts, in the light of what the pages state. A statement that the letters contradict is not believed:
/// many themes say `en-US` whatever they are filled with.
pub(super) fn language(stated: &[String], text: &str, home: &Url) -> Inferred<String> {
    let stated = most_stated(stated);
    let by_letters = by_letters(text);
    let primary = stated.as_deref().map(primary).unwrap_or_default();
    match (stated.as_deref(), by_letters) {
        (Some(tag), Some(letters)) if is_written_in(primary, letters) => {
            Inferred::new(plain(tag), format!("the pages state {tag}"))
        }
        (Some(tag), Some(letters)) => Inferred::new(
            letters.to_owned(),
            format!("by the letters of its texts, though the pages state {tag}"),
        ),
        (None, Some(letters)) => {
            Inferred::new(letters.to_owned(), "by the letters of its texts; the pages state none")
        }
        // A language that has letters of its own, and none of them in the texts.
        (Some(tag), None) if !has_letters(primary) => {
            Inferred::new(plain(tag), format!("the pages state {tag}"))
        }
        _ => match by_words(text) {
            Some(language) => Inferred::new(language.to_owned(), "by the small words of its texts"),
            None => country(home).map_or_else(
                || Inferred::new("en".to_owned(), "a guess: nothing tells; please check"),
                |(domain, language, _)| {
                    Inferred::new(
                        (*language).to_owned(),
                        format!("a guess by the domain .{domain}; please check"),
                    )
                },
            ),
        },
    }
}

fn most_stated(stated: &[String]) -> Option<String> {
    let valid = |tag: &&String| {
        let primary = primary(tag);
        (2..=3).contains(&primary.len()) && primary.bytes().all(|byte| byte.is_ascii_alphabetic())
    };
    let tags: Vec<&String> = stated.iter().filter(valid).collect();
    tags.iter()
        .max_by_key(|tag| tags.iter().filter(|other| primary(other) == primary(tag)).count())
        .map(|tag| (**tag).clone())
}

fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or_default()
}

/// The tag without a region that says nothing more: `vi-VN` is `vi`, `en-GB` stays.
fn plain(tag: &str) -> String {
    let language = primary(tag).to_ascii_lowercase();
    match tag.split(['-', '_']).nth(1) {
        Some(region) if region.len() == 2 && SPREAD.contains(&language.as_str()) => {
            format!("{language}-{}", region.to_ascii_uppercase())
        }
        _ => language,
    }
}

fn is_written_in(language: &str, letters: &str) -> bool {
    let language = language.to_ascii_lowercase();
    let shares = |(of, others): &(&str, &[&str])| *of == letters && others.contains(&language.as_str());
    language == letters || SHARED.iter().any(shares)
}

fn has_letters(language: &str) -> bool {
    let language = language.to_ascii_lowercase();
    SCRIPTS.iter().any(|(of, _)| is_written_in(&language, of))
}

fn by_letters(text: &str) -> Option<&'static str> {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let of = |ranges: &[std::ops::RangeInclusive<char>]| {
        text.chars().filter(|c| ranges.iter().any(|range| range.contains(c))).count()
    };
    SCRIPTS
        .iter()
        .find(|(_, ranges)| of(ranges) * OWN_LETTERS > letters.max(1))
        .map(|(language, _)| *language)
}

fn by_words(text: &str) -> Option<&'static str> {
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).collect();
    let count = |small: &[&str]| words.iter().filter(|word| small.contains(*word)).count();
    let (language, most) = SMALL_WORDS
        .iter()
        .map(|(language, small)| (*language, count(small)))
        .max_by_key(|(_, count)| *count)?;
    (most * 100 >= words.len() * OWN_WORDS && words.len() >= 20).then_some(language)
}

/// The zone to read dates in before the pages were looked at.
pub(super) fn presumed(home: &Url, language: Option<&str>) -> TimeZone {
    country(home)
        .or_else(|| language.and_then(main_country))
        .and_then(|(_, _, zones)| zone(zones[0]))
        .unwrap_or(TimeZone::UTC)
}

/// The zone of a portal: of those of its country, or of the countries of its language, the one that the observed offsets
/// are of.
pub(super) fn time_zone(home: &Url, language: &str, observed: &[ObservedOffset]) -> Inferred<TimeZone> {
    let by_domain = country(home);
    let (candidates, origin): (Vec<&str>, String) =
        match (by_domain, by_region(language), main_country(language)) {
            (Some((domain, _, zones)), _, _) => (zones.to_vec(), format!("by the domain .{domain}")),
            (None, Some((_, _, zones)), _) => (zones.to_vec(), format!("by the language {language}")),
            (None, None, Some((_, _, zones))) => (zones.to_vec(), format!("by the language {language}")),
            (None, None, None) => (
                zones_of_language(language),
                format!("by the offsets, of the zones where {language} is spoken"),
            ),
        };
    if observed.is_empty() {
        let is_sure =
            by_domain.is_some() || by_region(language).is_some() || main_country(language).is_some();
        let first = candidates.first().filter(|_| is_sure).and_then(|name| zone(name));
        return match first {
            Some(zone) => Inferred::new(zone, format!("{origin}; no date of the portal states an offset")),
            None => Inferred::new(TimeZone::UTC, "a guess: nothing tells; please check"),
        };
    }
    let agreeing =
        |zone: &TimeZone| observed.iter().filter(|seen| zone.to_offset(seen.at) == seen.offset).count();
    let rated = candidates.iter().filter_map(|name| zone(name)).map(|zone| (agreeing(&zone), zone));
    // Of several that agree alike the first.
    let best = rated.reduce(|best, next| if next.0 > best.0 { next } else { best });
    match best.filter(|(count, _)| *count * 2 > observed.len()) {
        Some((count, zone)) => {
            let share = format!(
                "{count} of {} dates that state an offset agree ({})",
                observed.len(),
                places(observed)
            );
            Inferred::new(zone, format!("{origin}; {share}"))
        }
        None => by_offset(observed, &origin),
    }
}

/// The fixed offset that most dates have, where no zone fits.
fn by_offset(observed: &[ObservedOffset], origin: &str) -> Inferred<TimeZone> {
    let count = |seen: &ObservedOffset| observed.iter().filter(|other| other.offset == seen.offset).count();
    let Some(most) = observed.iter().max_by_key(|seen| count(seen)) else {
        return Inferred::new(TimeZone::UTC, "a guess: nothing tells; please check");
    };
    let anywhere = COUNTRIES.iter().flat_map(|(_, _, zones)| *zones).filter_map(|name| zone(name));
    let fits = |zone: &TimeZone| {
        observed.iter().all(|seen| seen.offset != most.offset || zone.to_offset(seen.at) == seen.offset)
    };
    let zone = anywhere.filter(|zone| zone.iana_name().is_some()).find(fits).unwrap_or(TimeZone::UTC);
    let why = format!(
        "its dates are at {} ({}), which no zone {origin} has; a guess, please check",
        most.offset,
        places(observed)
    );
    Inferred::new(zone, why)
}

fn places(observed: &[ObservedOffset]) -> String {
    let mut places: Vec<&str> = observed.iter().map(|seen| seen.place).collect();
    places.sort_unstable();
    places.dedup();
    places.join(", ")
}

fn country(home: &Url) -> Option<&'static Country> {
    let Some(Host::Domain(name)) = home.host() else { return None };
    let last = name.trim_end_matches('.').rsplit('.').next()?.to_ascii_lowercase();
    COUNTRIES.iter().find(|(domain, _, _)| *domain == last && !SOLD.contains(domain))
}

fn by_region(language: &str) -> Option<&'static Country> {
    let region = language.split('-').nth(1)?.to_ascii_lowercase();
    COUNTRIES.iter().find(|(domain, _, _)| *domain == region)
}

/// The country of a language that is spoken in one.
fn main_country(language: &str) -> Option<&'static Country> {
    let language = primary(language);
    COUNTRIES.iter().find(|(_, spoken, _)| *spoken == language && !SPREAD.contains(spoken))
}

fn zones_of_language(language: &str) -> Vec<&'static str> {
    let of = COUNTRIES.iter().filter(|(_, spoken, _)| *spoken == primary(language));
    of.flat_map(|(_, _, zones)| zones.iter().copied()).collect()
}

fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}
