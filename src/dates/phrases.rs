//! Phrases of dates, as data: several words that mean one thing.

use jiff::civil::Weekday;

use super::lex::Kind;

/// Several words that mean one thing, folded, with single spaces: the first word, and what may follow it. Longest first where
/// one begins another.
const PHRASES: &[(&str, &[(&str, Kind)])] = &[
    (
        "thang",
        &[
            ("muoi mot", Kind::Month(11)),
            ("muoi hai", Kind::Month(12)),
            ("muoi", Kind::Month(10)),
            ("gieng", Kind::Month(1)),
            ("mot", Kind::Month(1)),
            ("hai", Kind::Month(2)),
            ("ba", Kind::Month(3)),
            ("tu", Kind::Month(4)),
            ("nam", Kind::Month(5)),
            ("sau", Kind::Month(6)),
            ("bay", Kind::Month(7)),
            ("tam", Kind::Month(8)),
            ("chin", Kind::Month(9)),
            ("chap", Kind::Month(12)),
        ],
    ),
    (
        "thu",
        &[
            ("hai", Kind::Weekday(Weekday::Monday)),
            ("ba", Kind::Weekday(Weekday::Tuesday)),
            ("tu", Kind::Weekday(Weekday::Wednesday)),
            ("nam", Kind::Weekday(Weekday::Thursday)),
            ("sau", Kind::Weekday(Weekday::Friday)),
            ("bay", Kind::Weekday(Weekday::Saturday)),
        ],
    ),
    ("chu", &[("nhat", Kind::Weekday(Weekday::Sunday))]),
    ("hom", &[("nay", Kind::RelativeDay(0)), ("qua", Kind::RelativeDay(-1)), ("kia", Kind::RelativeDay(-2))]),
    ("avant", &[("hier", Kind::RelativeDay(-2))]),
    ("antes", &[("de ayer", Kind::RelativeDay(-2))]),
    ("vua", &[("xong", Kind::Now), ("moi", Kind::Now)]),
    ("moi", &[("day", Kind::Now)]),
    ("just", &[("now", Kind::Now)]),
    ("right", &[("now", Kind::Now)]),
    ("gerade", &[("eben", Kind::Now)]),
    ("a", &[("l'instant", Kind::Now)]),
    ("ahora", &[("mismo", Kind::Now)]),
    ("il", &[("y a", Kind::AgoBefore)]),
];

/// What may follow a word so that it is a phrase.
pub(super) fn phrases(first: &str) -> &'static [(&'static str, Kind)] {
    PHRASES.iter().find(|(word, _)| *word == first).map_or(&[], |(_, rest)| rest)
}
