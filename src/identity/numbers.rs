//! Numbers, dates and times in one spelling each.

use super::words::Words;

/// "tháng", "năm", "giờ", "phút" as tokens are folded: the tone at the end.
const MONTH: &str = "thang\u{301}";
const YEAR: &str = "na\u{306}m";
const HOUR: &str = "gio\u{31b}\u{300}";
const MINUTE: &str = "phut\u{301}";

/// One spelling of a number: 1.000 = 1000, 03/07 = 3-7 = 3/7, 08:00 = 8h00 = 8h.
pub(super) fn plain(text: &str) -> String {
    if let Some(clock) = clock(text) {
        return clock;
    }
    let groups: Vec<&str> = text.split('.').collect();
    let thousands = groups.len() > 1
        && groups.iter().all(|group| all_digits(group))
        && groups.iter().skip(1).all(|group| group.len() == 3);
    if thousands {
        return groups.concat();
    }
    let parts: Vec<&str> = text.split(['/', '-']).collect();
    if parts.len() == 1 {
        return text.to_owned();
    }
    let date = parts.iter().all(|part| all_digits(part) && part.len() <= 4);
    let parts: Vec<&str> = parts.into_iter().map(bare).collect();
    if date || !text.contains('-') { parts.join("/") } else { parts.join("-") }
}

/// "08:00", "8h00", "16h" → "8h", "16h"; nothing if it is no time of day.
fn clock(text: &str) -> Option<String> {
    let (hour, minute) = text.split_once(['h', ':'])?;
    let hour = small(hour, 24)?;
    match minute {
        "" => Some(format!("{hour}h")),
        minute => Some(time(hour, small(minute, 59)?)),
    }
}

fn time(hour: u32, minute: u32) -> String {
    if minute == 0 { format!("{hour}h") } else { format!("{hour}h{minute}") }
}

/// Whether a number is a time of day as [`plain`] writes it.
pub(super) fn is_clock(text: &str) -> bool {
    text.split_once('h')
        .is_some_and(|(hour, minute)| !hour.is_empty() && all_digits(hour) && all_digits(minute))
}

/// Dates and times that are written in words: "ngày 03 tháng 7 năm 2024" → 3/7/2024, "16 giờ 55" → 16h55. Gives the one
/// that begins at a place, and how many words it is written in; they begin with a number.
pub(super) fn spoken(words: &Words, place: usize) -> Option<(String, usize)> {
    date(|ahead| words.text(place + ahead)).or_else(|| spoken_time(|ahead| words.text(place + ahead)))
}

fn date<'a>(word: impl Fn(usize) -> &'a str) -> Option<(String, usize)> {
    let (date, used) = if word(1) == MONTH {
        (format!("{}/{}", small(word(0), 31)?, small(word(2), 12)?), 3)
    } else {
        (Some(word(0)).filter(|text| text.contains('/') && text.len() <= 5)?.to_owned(), 1)
    };
    let year = word(used + 1);
    if word(used) == YEAR && year.len() == 4 && all_digits(year) {
        return Some((format!("{date}/{year}"), used + 2));
    }
    (used > 1).then_some((date, used))
}

fn spoken_time<'a>(word: impl Fn(usize) -> &'a str) -> Option<(String, usize)> {
    let hour = small(word(0), 24).filter(|_| word(1) == HOUR)?;
    let Some(minute) = small(word(2), 59) else { return Some((time(hour, 0), 2)) };
    Some((time(hour, minute), if word(3) == MINUTE { 4 } else { 3 }))
}

fn small(text: &str, most: u32) -> Option<u32> {
    let digits = (1..=2).contains(&text.len()) && all_digits(text);
    text.parse().ok().filter(|number| digits && *number <= most)
}

fn bare(part: &str) -> &str {
    let bare = if all_digits(part) { part.trim_start_matches('0') } else { part };
    if bare.is_empty() { part } else { bare }
}

fn all_digits(part: &str) -> bool {
    part.bytes().all(|byte| byte.is_ascii_digit())
}
