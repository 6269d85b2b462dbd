//! Bylines: who wrote a text or whom it is taken from, read from one short block at its end or start.
//!
//! Labels and organisations are data (`words`). A name is recognised by its shape (`shape`): letter case, number of
//! words, no final stop. A name without a label is accepted only where a byline may stand, which the caller knows.

mod shape;
#[cfg(test)]
mod tests;
mod words;

pub(super) use shape::is_eastern;

use super::text;
use words::Role;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Byline {
    /// Persons, in the letters of the page ("CAO MINH").
    pub authors: Vec<String>,
    /// Whom the text is credited to, when that is no person: "Báo Hải Phòng".
    pub credit: Option<String>,
}

impl Byline {
    fn is_empty(&self) -> bool {
        self.authors.is_empty() && self.credit.is_none()
    }
}

/// How the block stands in the page. A bare name needs at least one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placement {
    /// It is the last block of the body that has text.
    pub last_block: bool,
    /// It is aligned to the right or to the end of the line.
    pub aligned_end: bool,
    /// All of it is bold or italic.
    pub emphasised: bool,
}

/// Three names with label and credit.
const MAX_BYLINE_BYTES: usize = 220;

/// Reads a block; `None` if it is none: a sentence, a heading, a cell, a caption's photo credit.
pub fn read(block: &str, placement: Placement) -> Option<Byline> {
    if block.len() > 4 * MAX_BYLINE_BYTES {
        return None;
    }
    let folded = text::normalize(block);
    let line = shape::unwrapped(&folded);
    if line.is_empty() || line.len() > MAX_BYLINE_BYTES || shape::is_sentence(line) {
        return None;
    }
    let byline = labelled(line).unwrap_or_else(|| bare(line, placement));
    (!byline.is_empty()).then_some(byline)
}

/// The names in a string that is known to hold authors, such as a meta tag or an element of class `author`. What is no
/// person goes to the credit.
pub fn names(claim: &str) -> Byline {
    let folded = text::normalize(claim);
    let line = shape::unwrapped(&folded);
    let line = open_label(line).map_or(line, |(_, rest)| rest);
    let (role, line) = colon_label(line).unwrap_or((Role::Author, line));
    if role == Role::Other {
        return Byline::default();
    }
    if role == Role::Credit {
        return Byline { authors: Vec::new(), credit: shape::credit(line) };
    }
    if line.is_empty() || line.len() > MAX_BYLINE_BYTES || line.contains("://") {
        return Byline::default();
    }
    persons(line)
}

/// Reads a block with labels; `None` if it has none. An empty byline means that the label was that of a picture.
fn labelled(line: &str) -> Option<Byline> {
    let mut byline = Byline::default();
    let mut found = false;
    for part in shape::labelled_parts(line) {
        let Some((role, rest)) = colon_label(part).or_else(|| open_label(part)) else {
            if found {
                break;
            }
            return None;
        };
        found = true;
        match role {
            Role::Other => {}
            Role::Credit => byline.credit = byline.credit.or_else(|| shape::credit(rest)),
            Role::Author => {
                let read = persons(rest);
                byline.authors.extend(read.authors);
                byline.credit = byline.credit.or(read.credit);
            }
        }
    }
    Some(byline)
}

/// A label with a colon. All parts of a joint label ("Tin, ảnh", "Bài và ảnh") have to be labels.
fn colon_label(line: &str) -> Option<(Role, &str)> {
    let (label, rest) = line.split_once([':', '：'])?;
    let label = label.trim().to_lowercase();
    if label.len() > 40 || rest.trim().is_empty() {
        return None;
    }
    let role = |part: &str| words::LABELS.iter().find(|(name, _)| *name == part).map(|(_, role)| *role);
    let whole = role(label.as_str());
    let roles: Option<Vec<Role>> = match whole {
        Some(role) => Some(vec![role]),
        None => shape::label_parts(&label).map(role).collect(),
    };
    let roles = roles?;
    let role = if roles.contains(&Role::Author) { Role::Author } else { *roles.first()? };
    Some((role, rest.trim()))
}

/// A label without a colon, before what reads as names or a source.
fn open_label(line: &str) -> Option<(Role, &str)> {
    let (role, rest) = words::OPEN_LABELS
        .iter()
        .find_map(|(label, role)| line.strip_prefix(label).map(|rest| (*role, rest.trim())))?;
    let plausible = match role {
        Role::Credit => shape::words(rest) <= 8 && (shape::is_organisation(rest) || shape::is_name(rest)),
        _ => !persons(rest).authors.is_empty(),
    };
    plausible.then_some((role, rest))
}

/// Names and credit in what follows a label.
fn persons(line: &str) -> Byline {
    let mut byline = Byline::default();
    let (line, aside) = shape::aside(line);
    if let Some(aside) = aside {
        byline.credit = colon_label(aside)
            .or_else(|| open_label(aside))
            .and_then(|(role, rest)| if role == Role::Credit { shape::credit(rest) } else { None });
        if byline.credit.is_none() && shape::is_organisation(aside) {
            // "Deutsche Welle (www.dw.com)": the address is the organisation's own.
            let own = aside.contains('.') && !aside.contains(' ');
            byline.credit = shape::credit(if own { line } else { aside });
            if own {
                return byline;
            }
        }
    }
    for part in shape::split(line) {
        let label = part.to_lowercase();
        if shape::is_role(part) || words::LABELS.iter().any(|(name, _)| *name == label) {
            continue;
        }
        if shape::is_organisation(part) {
            byline.credit = byline.credit.or_else(|| shape::credit(part));
        } else if shape::is_name(part) && !byline.authors.iter().any(|name| name == part) {
            byline.authors.push(part.to_owned());
        }
    }
    byline
}

/// A block without label: every part has to be a name, or all of it an organisation.
fn bare(line: &str, placement: Placement) -> Byline {
    let placed = placement.aligned_end || placement.last_block;
    if !placed && !placement.emphasised {
        return Byline::default();
    }
    let (names, aside) = shape::aside(line);
    let parted = shape::split(names).nth(1).is_some();
    let whole = !parted
        && shape::is_organisation(names)
        && shape::words(names) <= 12
        && shape::starts_with_capital(names);
    if whole && placed {
        return Byline { authors: Vec::new(), credit: shape::credit(names) };
    }
    let parts: Vec<&str> = shape::split(names).collect();
    let sure = placement.aligned_end || (placement.last_block && placement.emphasised);
    let fits = |part: &&str| {
        let words = shape::words(part);
        shape::is_organisation(part) || (shape::is_name(part) && (words >= 2 || sure) && words <= 5)
    };
    let whole = !parts.is_empty() && parts.len() <= 4 && parts.iter().all(fits);
    let aside_fits = aside.is_none_or(|aside| shape::words(aside) <= 6);
    if whole && aside_fits && (placed || parts.len() == 1) { persons(line) } else { Byline::default() }
}
