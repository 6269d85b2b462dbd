//! Phrases of dates, as data: several words that mean one thing.

use jiff::civil::Weekday;

use super::lex::Kind;

/// Several words that mean one thing, folded, with single spaces. Longest first where one begins another.
const PHRASES: &[(&str, Kind)] = &[
    ("thang muoi mot", Kind::Month(11)),
    ("thang muoi hai", Kind::Month(12)),
    ("thang muoi", Kind::Month(10)),
    ("thang gieng", Kind::Month(1)),
    ("thang mot", Kind::Month(1)),
    ("thang hai", Kind::Month(2)),
    ("thang ba", Kind::Month(3)),
    ("thang tu", Kind::Month(4)),
    ("thang nam", Kind::Month(5)),
    ("thang sau", Kind::Month(6)),
    ("thang bay", Kind::Month(7)),
    ("thang tam", Kind::Month(8)),
    ("thang chin", Kind::Month(9)),
    ("thang chap", Kind::Month(12)),
    ("thu hai", Kind::Weekday(Weekday::Monday)),
    ("thu ba", Kind::Weekday(Weekday::Tuesday)),
    ("thu tu", Kind::Weekday(Weekday::Wednesday)),
    ("thu nam", Kind::Weekday(Weekday::Thursday)),
    ("thu sau", Kind::Weekday(Weekday::Friday)),
    ("thu bay", Kind::Weekday(Weekday::Saturday)),
    ("chu nhat", Kind::Weekday(Weekday::Sunday)),
    ("hom nay", Kind::RelativeDay(0)),
    ("hom qua", Kind::RelativeDay(-1)),
    ("hom kia", Kind::RelativeDay(-2)),
    ("avant hier", Kind::RelativeDay(-2)),
    ("antes de ayer", Kind::RelativeDay(-2)),
    ("vua xong", Kind::Now),
    ("moi day", Kind::Now),
    ("vua moi", Kind::Now),
    ("just now", Kind::Now),
    ("right now", Kind::Now),
    ("gerade eben", Kind::Now),
    ("a l'instant", Kind::Now),
    ("ahora mismo", Kind::Now),
    ("il y a", Kind::AgoBefore),
];

/// The phrases that begin with a word.
pub(super) fn phrases(first: &str) -> impl Iterator<Item = (&'static str, Kind)> {
    let first = first.to_owned();
    PHRASES.iter().copied().filter(move |(phrase, _)| {
        phrase.strip_prefix(first.as_str()).is_some_and(|rest| rest.starts_with(' '))
    })
}
