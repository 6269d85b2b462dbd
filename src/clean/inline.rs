//! A run of leaves brought into order: characters, spaces, breaks, and pictures that stand for themselves.

use super::chars::fold_text;
use super::model::{Content, Leaf, MarkId, Picture};
use super::pictures::{is_same, merge};
use crate::text::{is_invisible, is_joiner, is_normal, nfc_without_stray_joiners};

/// A piece of a run: lines of text, or a picture that stands alone.
pub(super) enum Piece {
    Lines(Vec<Leaf>),
    Picture(Box<Picture>, Vec<MarkId>),
}

/// Pictures no larger than this in both directions are signs within the text.
const ICON: u32 = 48;

/// Brings a run into order. Two line breaks and more part paragraphs; pictures at the edges of a paragraph stand alone.
pub(super) fn pieces(run: Vec<Leaf>, mut each: impl FnMut(Piece)) {
    let run = tidied(run);
    if run.iter().all(|leaf| matches!(leaf.content, Content::Text(_))) && !run.first().is_none_or(is_blank) {
        return lines(run).into_iter().for_each(each);
    }
    for paragraph in paragraphs(run) {
        part(paragraph, &mut each);
    }
}

/// Lines of text without breaks and spaces at the edges, unless nothing is left.
fn lines(mut leaves: Vec<Leaf>) -> Option<Piece> {
    trim(&mut leaves);
    (!leaves.is_empty() && !is_debris(&leaves)).then_some(Piece::Lines(leaves))
}

/// A run brought into order as one line or more, never parted: captions, terms.
pub(super) fn one_piece(run: Vec<Leaf>) -> Vec<Leaf> {
    let mut leaves: Vec<Leaf> = Vec::new();
    for leaf in tidied(run) {
        let is_twice = leaf.content == Content::Break
            && leaves.last().is_none_or(|before| before.content == Content::Break);
        if !is_twice {
            leaves.push(leaf);
        }
    }
    trim(&mut leaves);
    if is_debris(&leaves) { Vec::new() } else { leaves }
}

/// Verbatim text: characters are put in order, spaces and line ends stay; the first line end would not survive a parser
/// (HTML Standard section 13.1.2.5) and goes.
pub(super) fn verbatim(run: Vec<Leaf>) -> Vec<Leaf> {
    let ended = run.into_iter().map(|leaf| match leaf.content {
        Content::Break => Leaf { content: Content::Text("\n".into()), ..leaf },
        _ => leaf,
    });
    let mut leaves: Vec<Leaf> = ended.collect();
    leaves.retain_mut(drop_debris);
    merge_neighbours(&mut leaves);
    for leaf in &mut leaves {
        if let Content::Text(text) = &mut leaf.content {
            *text = nfc_without_stray_joiners(
                &text.replace("\r\n", "\n").replace(['\r', '\u{85}', '\u{2028}', '\u{2029}'], "\n"),
            )
            .chars()
            .map(|c| if c.is_whitespace() && !matches!(c, '\n' | '\t') { ' ' } else { c })
            .collect();
        }
    }
    trim_verbatim(&mut leaves);
    leaves
}

/// Takes characters out that must not be published; false if there are no others. Joiners that are alone in their
/// element join nothing.
fn drop_debris(leaf: &mut Leaf) -> bool {
    let Content::Text(text) = &mut leaf.content else { return true };
    if text.contains(is_invisible) {
        text.retain(|c| !is_invisible(c));
    }
    !text.chars().all(is_joiner)
}

fn trim_verbatim(leaves: &mut Vec<Leaf>) {
    while let Some(Leaf { content: Content::Text(text), .. }) = leaves.last_mut() {
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            break;
        }
        leaves.pop();
    }
    let mut gone = 0;
    for leaf in leaves.iter_mut() {
        let Content::Text(text) = &mut leaf.content else { break };
        text.drain(..text.len() - text.trim_start_matches('\n').len());
        if !text.is_empty() {
            break;
        }
        gone += 1;
    }
    leaves.drain(..gone);
}

fn tidied(mut run: Vec<Leaf>) -> Vec<Leaf> {
    // Most paragraphs are one text that is as it should be.
    if let [Leaf { content: Content::Text(text), .. }] = run.as_slice()
        && is_normal(text)
    {
        trim(&mut run);
        return run;
    }
    run.retain_mut(drop_debris);
    merge_neighbours(&mut run);
    if run.iter().filter(|leaf| matches!(leaf.content, Content::Picture(_))).count() > 1 {
        merge_twins(&mut run);
        merge_neighbours(&mut run);
    }
    fold(&mut run);
    bare_spaces(&mut run);
    merge_neighbours(&mut run);
    run
}

/// Neighbouring text under the same marks becomes one leaf.
fn merge_neighbours(leaves: &mut Vec<Leaf>) {
    leaves.dedup_by(|leaf, before| match (&leaf.content, &mut before.content) {
        (Content::Text(text), Content::Text(known)) if leaf.marks == before.marks => {
            known.push_str(text);
            true
        }
        _ => false,
    });
}

/// One space for many, none at the start of a line or before a break; what is empty then goes.
fn fold(leaves: &mut Vec<Leaf>) {
    let mut after_space = true;
    for leaf in leaves.iter_mut() {
        match &mut leaf.content {
            Content::Text(text) => fold_text(text, &mut after_space),
            Content::Break => after_space = true,
            Content::Picture(_) => after_space = false,
        }
    }
    let mut at_end = true;
    for leaf in leaves.iter_mut().rev() {
        match &mut leaf.content {
            Content::Text(text) if at_end => {
                text.truncate(text.trim_end_matches(' ').len());
                at_end = text.is_empty();
            }
            Content::Text(text) => at_end = at_end && text.is_empty(),
            Content::Break => at_end = true,
            Content::Picture(_) => at_end = false,
        }
    }
    leaves.retain(|leaf| !matches!(&leaf.content, Content::Text(text) if text.is_empty()));
}

/// A space or break belongs to a mark only if what stands on both sides does.
fn bare_spaces(leaves: &mut [Leaf]) {
    for place in 0..leaves.len() {
        let is_space = match &leaves[place].content {
            Content::Text(text) => text == " ",
            Content::Break => true,
            Content::Picture(_) => false,
        };
        if is_space && !leaves[place].marks.is_empty() {
            let shared = |neighbour: Option<&Leaf>, marks: &[MarkId]| {
                let others = neighbour.map(|leaf| leaf.marks.as_slice()).unwrap_or_default();
                marks.iter().zip(others).take_while(|(a, b)| a == b).count()
            };
            let before = place.checked_sub(1).and_then(|place| leaves.get(place));
            let marks = &leaves[place].marks;
            let depth = shared(before, marks).min(shared(leaves.get(place + 1), marks));
            leaves[place].marks.truncate(depth);
        }
    }
}

/// The same picture twice with nothing but space between is one picture.
fn merge_twins(leaves: &mut Vec<Leaf>) {
    let mut out: Vec<Leaf> = Vec::with_capacity(leaves.len());
    // Where the last leaf stands that is not blank.
    let mut before = None;
    for leaf in leaves.drain(..) {
        if let Content::Picture(picture) = &leaf.content
            && let Some(Leaf { content: Content::Picture(known), .. }) =
                before.and_then(|at: usize| out.get_mut(at))
            && is_same(known, picture)
        {
            merge(known, picture.as_ref().clone());
            continue;
        }
        if !is_blank(&leaf) {
            before = Some(out.len());
        }
        out.push(leaf);
    }
    *leaves = out;
}

fn is_blank(leaf: &Leaf) -> bool {
    let is_nothing = |c: char| c.is_whitespace() || is_joiner(c);
    match &leaf.content {
        Content::Text(text) => text.chars().all(is_nothing),
        Content::Break => true,
        Content::Picture(_) => false,
    }
}

fn paragraphs(leaves: Vec<Leaf>) -> Vec<Vec<Leaf>> {
    let mut all = vec![Vec::new()];
    let mut breaks: Vec<Leaf> = Vec::new();
    for leaf in leaves {
        if leaf.content == Content::Break {
            breaks.push(leaf);
            continue;
        }
        if breaks.len() > 1 {
            breaks.clear();
            all.push(Vec::new());
        }
        if let Some(paragraph) = all.last_mut() {
            paragraph.append(&mut breaks);
            paragraph.push(leaf);
        }
    }
    all
}

/// Parts a paragraph into the pictures at its start, its text, and the pictures at its end.
fn part(mut leaves: Vec<Leaf>, each: &mut impl FnMut(Piece)) {
    trim(&mut leaves);
    let is_only_pictures =
        leaves.iter().all(|leaf| matches!(leaf.content, Content::Picture(_)) || is_blank(leaf));
    let stands_alone = |leaf: &Leaf| match &leaf.content {
        Content::Picture(picture) => is_only_pictures || !is_icon(picture),
        _ => false,
    };
    let mut after = Vec::new();
    while leaves.last().is_some_and(stands_alone) {
        after.extend(leaves.pop().and_then(alone));
        trim(&mut leaves);
    }
    let mut rest = leaves.into_iter().peekable();
    while rest.peek().is_some_and(|leaf| stands_alone(leaf) || is_blank(leaf)) {
        rest.next().and_then(alone).into_iter().for_each(&mut *each);
    }
    lines(rest.collect()).into_iter().chain(after.into_iter().rev()).for_each(each);
}

fn alone(leaf: Leaf) -> Option<Piece> {
    match leaf.content {
        Content::Picture(picture) => Some(Piece::Picture(picture, leaf.marks)),
        _ => None,
    }
}

fn is_icon(picture: &Picture) -> bool {
    matches!((picture.width, picture.height), (Some(width), Some(height)) if width.max(height) <= ICON)
}

/// The end of a comment that a broken conditional comment left behind.
fn is_debris(leaves: &[Leaf]) -> bool {
    matches!(leaves, [Leaf { content: Content::Text(text), .. }] if text == "-->" || text == "<!--")
}

/// No break and no space at the edges.
pub(super) fn trim(leaves: &mut Vec<Leaf>) {
    while let Some(last) = leaves.last_mut() {
        match &mut last.content {
            Content::Text(text) => text.truncate(text.trim_end_matches(' ').len()),
            Content::Picture(_) => break,
            Content::Break => {}
        }
        if matches!(&last.content, Content::Text(text) if !text.is_empty()) {
            break;
        }
        leaves.pop();
    }
    let mut gone = 0;
    for leaf in leaves.iter_mut() {
        match &mut leaf.content {
            Content::Text(text) if text.starts_with(' ') => {
                text.drain(..text.len() - text.trim_start_matches(' ').len());
            }
            Content::Text(_) | Content::Picture(_) => break,
            Content::Break => {}
        }
        if matches!(&leaf.content, Content::Text(text) if !text.is_empty()) {
            break;
        }
        gone += 1;
    }
    leaves.drain(..gone);
}
