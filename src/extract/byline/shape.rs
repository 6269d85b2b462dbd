//! The shape of names, organisations and sentences.

use super::words;

/// Without brackets, dashes and marks around the whole.
pub(super) fn unwrapped(line: &str) -> &str {
    let mut line = line.trim();
    loop {
        let before = line.len();
        for (open, close) in [('(', ')'), ('[', ']'), ('“', '”'), ('"', '"'), ('*', '*')] {
            if let Some(inner) = line.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
                && !inner.contains([open, close])
            {
                line = inner.trim();
            }
        }
        line = line
            .trim_start_matches(['-', '–', '—', '*', '•', '✍', '>', '|', '·', '/', ',', ':'])
            .trim_start();
        line = line
            .strip_suffix("./.")
            .unwrap_or(line)
            .trim_end_matches(['-', '–', '—', '|', '/', '*', ',', ':', ';']);
        line = line.trim();
        if line.len() == before {
            return line;
        }
    }
}

/// Whether a line ends like a sentence and is longer than initials.
pub(super) fn is_sentence(line: &str) -> bool {
    let ends = line.ends_with(['.', '!', '?', '…', '。', '！', '？', '”', '"']);
    (ends && words(line) > 3 && !line.starts_with('(')) || words(line) > 24
}

pub(super) fn words(line: &str) -> usize {
    line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count()
}

/// Whether the first letter is a capital, or of a script without case.
pub(super) fn starts_with_capital(line: &str) -> bool {
    line.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase())
}

/// The parts of a joint label: "tin, ảnh", "bài - ảnh", "bài và ảnh", "tin/ảnh".
pub(super) fn label_parts(label: &str) -> impl Iterator<Item = &str> {
    label
        .split([',', '/', '&', '+', '-', '–'])
        .flat_map(|part| part.split(" và "))
        .flat_map(|part| part.split(" and "))
        .flat_map(|part| part.split(" und "))
        .flat_map(|part| part.split(" et "))
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// The labelled parts of a line: "Tin: A - Ảnh: B", "Bài: A; Ảnh: B", "Text: A / Foto: B".
pub(super) fn labelled_parts(line: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = line;
    while let Some((colon, _)) = rest.match_indices(':').nth(1) {
        // The second label begins behind the last mark before its colon.
        let marks = [" - ", " – ", " — ", ";", ",", " / ", ".", " | "];
        let cut = marks.iter().filter_map(|mark| rest[..colon].rfind(mark).map(|at| (at, mark.len()))).max();
        let Some((at, length)) = cut else { break };
        parts.push(rest[..at].trim());
        rest = rest[at + length..].trim();
    }
    parts.push(rest);
    parts
}

/// What stands in brackets at the end, and the line without it: "X (tổng hợp)".
pub(super) fn aside(line: &str) -> (&str, Option<&str>) {
    match line.strip_suffix(')').and_then(|inner| inner.rsplit_once('(')) {
        Some((head, aside)) if !head.trim().is_empty() => (head.trim(), Some(aside.trim())),
        _ => (line, None),
    }
}

pub(super) fn split(line: &str) -> impl Iterator<Item = &str> {
    let mut parts = vec![line];
    for joiner in words::JOINERS {
        if line.contains(joiner) {
            parts = parts.into_iter().flat_map(|part| part.split(joiner)).collect();
        }
    }
    parts
        .into_iter()
        .map(|part| part.trim().trim_end_matches(['.', ':']).trim())
        .filter(|part| !part.is_empty())
}

/// A source as it is to be credited; `None` if the line is too long for one.
pub(super) fn credit(line: &str) -> Option<String> {
    let line = unwrapped(line).trim_end_matches('.').trim();
    let fits = !line.is_empty() && line.len() <= 120 && words(line) <= 12;
    fits.then(|| line.to_owned())
}

/// Whether a part says what somebody is.
pub(super) fn is_role(part: &str) -> bool {
    let lower = part.to_lowercase();
    let mut parts = lower.split([' ', '-']);
    parts.any(|word| words::ROLES.contains(word))
}

/// Whether a name is that of an organisation.
pub(super) fn is_organisation(name: &str) -> bool {
    let lower = name.to_lowercase();
    let mut all = lower.split_whitespace();
    let (Some(first), second) = (all.next(), all.next().unwrap_or_default()) else { return false };
    let domain = !lower.contains(' ')
        && lower.contains('.')
        && lower.rsplit('.').next().is_some_and(|end| {
            (2..=4).contains(&end.len()) && end.bytes().all(|byte| byte.is_ascii_alphabetic())
        });
    if domain && lower.len() > 5 {
        return true;
    }
    if has_organisation_word(name) {
        return true;
    }
    if !words::ORGANISATION_STARTS.contains(first) {
        return false;
    }
    match words::ORGANISATION_SECONDS.iter().find(|(word, _)| *word == first) {
        Some((_, seconds)) => seconds.is_empty() || seconds.contains(&second),
        None => true,
    }
}

/// Whether one of the words is an organisation's. Short ones are acronyms, which are names too ("Sid"): they count
/// alone, or in capitals among words that are not.
fn has_organisation_word(name: &str) -> bool {
    let single = words(name) == 1;
    let mixed = name.chars().any(char::is_lowercase);
    name.split(|c: char| !c.is_alphanumeric() && c != '.').filter(|word| !word.is_empty()).any(|word| {
        let acronym = mixed && !word.chars().any(char::is_lowercase);
        let long = word.chars().count() > 3;
        (single || long || acronym || word.contains('.'))
            && words::ORGANISATION_WORDS.contains(word.to_lowercase().as_str())
    })
}

/// Whether a name is Chinese, Japanese or Korean, which are written without spaces.
pub(in crate::extract) fn is_eastern(name: &str) -> bool {
    let is_eastern =
        |c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    name.chars().all(is_eastern)
}

/// Whether a part has the shape of a person's name: one to six words with initial capitals, small particles between them, no
/// digits, no punctuation but that of names.
pub(super) fn is_name(part: &str) -> bool {
    let count = words(part);
    if count == 0 || count > 6 || part.len() > 80 || part.chars().any(|c| c.is_numeric()) {
        return false;
    }
    let odd = |c: char| !(c.is_alphabetic() || c.is_whitespace() || ".'’-‑\u{301}".contains(c));
    if part.contains(odd) {
        return false;
    }
    if is_eastern(part) {
        return (2..=6).contains(&part.chars().count());
    }
    let first = part.split_whitespace().next().unwrap_or_default().to_lowercase();
    if words::NO_NAME.contains(first.as_str()) {
        return false;
    }
    let high = |word: &str| starts_with_capital(word) || words::PARTICLES.contains(&word);
    let all: Vec<&str> = part.split_whitespace().collect();
    starts_with_capital(part)
        && all.iter().all(|word| high(word))
        && all.last().is_some_and(|word| starts_with_capital(word))
}
