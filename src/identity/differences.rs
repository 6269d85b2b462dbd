//! What two texts have in each other's place: numbers for numbers, names for names.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{Class, Token, Words};
use crate::text::{is_mark, strip_diacritics};

/// From this many words on, a few exchanged names among many can be a correction.
const MIN_CORRECTABLE_WORDS: usize = 150;

/// What was exchanged between two runs of words.
#[derive(Debug, Default)]
pub(super) struct Differences {
    /// Dates, document numbers and the like.
    pub(super) marks: bool,
    /// One of the two numbers a part of a series, the other does not.
    pub(super) series: bool,
    /// Amounts, how many.
    pub(super) quantities: usize,
    /// Numbers of either kind that both have.
    kept: usize,
    /// Names that are no mere correction of spelling, how many.
    pub(super) names: usize,
    /// Names that both have.
    kept_names: usize,
}

impl Differences {
    /// Whether so little was exchanged, and so much stayed, that it can be a correction: one amount of five or more,
    /// a name (up to three words) of forty words or more of names.
    pub(super) fn may_correct(&self, length: usize) -> bool {
        let amounts = self.quantities == 0 || (self.quantities == 1 && self.kept >= 4);
        let names = self.names == 0 || (self.names <= 3 && self.names * 12 <= self.kept_names);
        length >= MIN_CORRECTABLE_WORDS && amounts && names
    }

    /// What was exchanged between two runs of words. What `told` says both articles tell elsewhere was not, unless it
    /// numbers the part of a series.
    pub(super) fn between(one: &Words, other: &Words, told: impl Fn(&Token<'_>) -> bool) -> Self {
        let (one, other): (Vec<_>, Vec<_>) = (one.iter().collect(), other.iter().collect());
        let (one, other) = (shortened(&one, &other), shortened(&other, &one));
        let of = |class: Class| {
            let both = (surplus(&one, &other, class), surplus(&other, &one, class));
            let forgiven = both.0.iter().chain(&both.1).all(|token| !token.series && told(token));
            if forgiven { (Vec::new(), Vec::new()) } else { both }
        };
        let (marks, quantities, names) = (of(Class::Mark), of(Class::Quantity), of(Class::Name));
        let series = |(one, other): &(Vec<Token<'_>>, Vec<Token<'_>>)| {
            one.iter().chain(other).any(|token| token.series)
        };
        let crossed = (!marks.0.is_empty() && !quantities.1.is_empty())
            || (!marks.1.is_empty() && !quantities.0.is_empty());
        let kept = |classes: &[Class]| -> usize {
            let (one, other) = (distinct(&one, classes), distinct(&other, classes));
            one.intersection(&other).count()
        };
        Self {
            series: series(&marks),
            marks: (!marks.0.is_empty() && !marks.1.is_empty()) || crossed,
            quantities: quantities.0.len().min(quantities.1.len()),
            kept: kept(&[Class::Mark, Class::Quantity]),
            names: differing_names(&names.0, &names.1),
            kept_names: kept(&[Class::Name]),
        }
    }
}

fn distinct<'a>(tokens: &[Token<'a>], classes: &[Class]) -> BTreeSet<&'a [u8]> {
    tokens.iter().filter(|token| classes.contains(&token.class)).map(|token| token.letters).collect()
}

/// Small numbers as words, folded as tokens are; "năm" is left out, since it is "year" far more often than five.
const SPELLED: [(&str, &str); 8] = [
    ("2", "hai"),
    ("3", "ba"),
    ("4", "bo\u{302}n\u{301}"),
    ("6", "sau\u{301}"),
    ("7", "bay\u{309}"),
    ("8", "tam\u{301}"),
    ("9", "chin\u{301}"),
    ("10", "mu\u{31b}o\u{31b}i\u{300}"),
];

/// The words of a class that `one` has and `other` lacks. A word counts whatever its class in `other`: a name may stand
/// at the start of a sentence there, a number may be spelled.
fn surplus<'a>(one: &[Token<'a>], other: &[Token<'_>], class: Class) -> Vec<Token<'a>> {
    let known: BTreeSet<&[u8]> = other.iter().map(|token| token.letters).collect();
    let date = |text: &[u8]| text.contains(&b'/') && known.iter().any(|other| same_date(text, other));
    let spelled = |text: &[u8]| {
        SPELLED.iter().any(|(digit, word)| digit.as_bytes() == text && known.contains(word.as_bytes()))
    };
    let lacking = one
        .iter()
        .filter(|token| token.class == class)
        .filter(|token| !known.contains(token.letters) && !spelled(token.letters) && !date(token.letters));
    let lacking: BTreeMap<&[u8], &Token<'a>> = lacking.map(|token| (token.letters, token)).collect();
    lacking.into_values().copied().collect()
}

/// "3/7" and "3/7/2024".
fn same_date(one: &[u8], other: &[u8]) -> bool {
    let longer = |long: &[u8], short: &[u8]| {
        long.strip_prefix(short).is_some_and(|year| year.len() == 5 && year.starts_with(b"/"))
    };
    longer(one, other) || longer(other, one)
}

/// How many names on either side are not spellings of one on the other.
fn differing_names(one: &[Token<'_>], other: &[Token<'_>]) -> usize {
    let odd = |names: &[Token<'_>], others: &[Token<'_>]| {
        names.iter().filter(|name| !others.iter().any(|other| respelled(name.text(), other.text()))).count()
    };
    let (left, right) = (odd(one, other), odd(other, one));
    if left.min(right) == 0 { 0 } else { left.max(right) }
}

/// Whether two names differ in marks or one letter only: "Hưng", corrected to "Hùng".
fn respelled(one: &str, other: &str) -> bool {
    let bare = |name: &str| strip_diacritics(name);
    let (one, other): (Vec<char>, Vec<char>) = (bare(one).chars().collect(), bare(other).chars().collect());
    if one == other {
        return true;
    }
    one.len().min(other.len()) >= 4 && one_letter_apart(&one, &other)
}

fn one_letter_apart(one: &[char], other: &[char]) -> bool {
    if one.len() > other.len() {
        return one_letter_apart(other, one);
    }
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    match other.len() - one.len() {
        0 => one[same + 1..] == other[same + 1..],
        1 => one[same..] == other[same + 1..],
        _ => false,
    }
}

/// `tokens` with every run that an abbreviation of either text stands for replaced by it: "Ủy ban nhân dân" and "UBND"
/// are the same words.
fn shortened<'a>(tokens: &[Token<'a>], other: &[Token<'a>]) -> Vec<Token<'a>> {
    let short = |token: &&Token<'_>| token.capitals && (2..=5).contains(&letters(token.text()).count());
    let abbreviations: BTreeMap<String, &Token<'a>> = tokens
        .iter()
        .chain(other)
        .filter(short)
        .map(|token| (letters(token.text()).collect(), token))
        .collect();
    let mut out = Vec::with_capacity(tokens.len());
    let mut rest = tokens;
    while let Some((token, after)) = rest.split_first() {
        match abbreviations.iter().find_map(|(initials, token)| Some((spelled_out(initials, rest)?, *token)))
        {
            Some((length, abbreviation)) => {
                out.push(Token { class: Class::Common, ..*abbreviation });
                rest = &rest[length..];
            }
            None => {
                out.push(*token);
                rest = after;
            }
        }
    }
    out
}

/// How many words spell out an abbreviation at the start of `tokens`; names do not ("Trần Phú" is no "TP").
fn spelled_out(initials: &str, tokens: &[Token<'_>]) -> Option<usize> {
    let length = initials.chars().count();
    let run = tokens.get(..length)?;
    let alike =
        initials.chars().zip(run).all(|(initial, token)| letters(token.text()).next() == Some(initial));
    (alike && run.iter().any(|token| token.class != Class::Name)).then_some(length)
}

/// The bare letters of a folded word.
fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|letter| !is_mark(*letter)).map(|letter| if letter == 'đ' { 'd' } else { letter })
}
