//! Puts a run of leaves into normal form: characters, spaces, breaks, and pictures that stand alone.

use super::chars::fold_text;
use super::model::{Inline, Leaf, MarkId, Picture};
use super::pictures::{merge_pictures, shows_same};
use crate::text::{is_invisible, is_joiner, is_normal, nfc_without_stray_joiners};

/// A part of a run: lines of text, or a picture that stands alone.
pub(super) enum LinePart {
    TextBlock(Vec<Leaf>),
    Picture(Box<Picture>, Vec<MarkId>),
}

/// A picture that is no larger in either direction is an icon within the text.
const MAX_ICON_PIXELS: u32 = 48;

/// Splits a run into paragraphs and pictures. Two or more line breaks end a paragraph; a picture at either edge of one
/// stands alone.
pub(super) fn split(run: Vec<Leaf>, mut each: impl FnMut(LinePart)) {
    let run = normalize_run(run);
    if run.iter().all(|leaf| matches!(leaf.content, Inline::Text(_))) && !run.first().is_none_or(is_blank) {
        return lines(run).into_iter().for_each(each);
    }
    for paragraph in paragraphs(run) {
        split_pictures_off(paragraph, &mut each);
    }
}

/// Lines of text without breaks and spaces at the edges; `None` if nothing is left.
fn lines(mut leaves: Vec<Leaf>) -> Option<LinePart> {
    trim(&mut leaves);
    (!leaves.is_empty() && !is_comment_remnant(&leaves)).then_some(LinePart::TextBlock(leaves))
}

/// A run in normal form that is not split into paragraphs: captions, terms.
pub(super) fn single_line(run: Vec<Leaf>) -> Vec<Leaf> {
    let mut leaves: Vec<Leaf> = Vec::new();
    for leaf in normalize_run(run) {
        let is_twice = leaf.content == Inline::Break
            && leaves.last().is_none_or(|before| before.content == Inline::Break);
        if !is_twice {
            leaves.push(leaf);
        }
    }
    trim(&mut leaves);
    if is_comment_remnant(&leaves) { Vec::new() } else { leaves }
}

/// Puts verbatim text into normal form: spaces and line ends stay, but for a first line end, which a parser would drop
/// (HTML Standard section 13.1.2.5).
pub(super) fn verbatim(run: Vec<Leaf>) -> Vec<Leaf> {
    let ended = run.into_iter().map(|leaf| match leaf.content {
        Inline::Break => Leaf { content: Inline::Text("\n".into()), ..leaf },
        _ => leaf,
    });
    let mut leaves: Vec<Leaf> = ended.collect();
    leaves.retain_mut(drop_invisible);
    merge_neighbours(&mut leaves);
    for leaf in &mut leaves {
        if let Inline::Text(text) = &mut leaf.content {
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

/// Takes out characters that must not be published; returns false if nothing else is left. Joiners that are alone in their
/// element join nothing.
fn drop_invisible(leaf: &mut Leaf) -> bool {
    let Inline::Text(text) = &mut leaf.content else { return true };
    if text.contains(is_invisible) {
        text.retain(|c| !is_invisible(c));
    }
    !text.chars().all(is_joiner)
}

fn trim_verbatim(leaves: &mut Vec<Leaf>) {
    while let Some(Leaf { content: Inline::Text(text), .. }) = leaves.last_mut() {
        text.truncate(text.trim_end().len());
        if !text.is_empty() {
            break;
        }
        leaves.pop();
    }
    let mut gone = 0;
    for leaf in leaves.iter_mut() {
        let Inline::Text(text) = &mut leaf.content else { break };
        text.drain(..text.len() - text.trim_start_matches('\n').len());
        if !text.is_empty() {
            break;
        }
        gone += 1;
    }
    leaves.drain(..gone);
}

fn normalize_run(mut run: Vec<Leaf>) -> Vec<Leaf> {
    // Most paragraphs are a single text in normal form.
    if let [Leaf { content: Inline::Text(text), .. }] = run.as_slice()
        && is_normal(text)
    {
        trim(&mut run);
        return run;
    }
    run.retain_mut(drop_invisible);
    merge_neighbours(&mut run);
    if run.iter().filter(|leaf| matches!(leaf.content, Inline::Picture(_))).count() > 1 {
        merge_same_pictures(&mut run);
        merge_neighbours(&mut run);
    }
    fold(&mut run);
    unmark_spaces(&mut run);
    merge_neighbours(&mut run);
    run
}

/// Neighbouring text under the same marks becomes one leaf.
fn merge_neighbours(leaves: &mut Vec<Leaf>) {
    leaves.dedup_by(|leaf, before| match (&leaf.content, &mut before.content) {
        (Inline::Text(text), Inline::Text(known)) if leaf.marks == before.marks => {
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
            Inline::Text(text) => fold_text(text, &mut after_space),
            Inline::Break => after_space = true,
            Inline::Picture(_) => after_space = false,
        }
    }
    let mut at_end = true;
    for leaf in leaves.iter_mut().rev() {
        match &mut leaf.content {
            Inline::Text(text) if at_end => {
                text.truncate(text.trim_end_matches(' ').len());
                at_end = text.is_empty();
            }
            Inline::Text(text) => at_end = at_end && text.is_empty(),
            Inline::Break => at_end = true,
            Inline::Picture(_) => at_end = false,
        }
    }
    leaves.retain(|leaf| !matches!(&leaf.content, Inline::Text(text) if text.is_empty()));
}

/// A space or break stays marked only where the text on both sides has the mark.
fn unmark_spaces(leaves: &mut [Leaf]) {
    for index in 0..leaves.len() {
        let is_space = match &leaves[index].content {
            Inline::Text(text) => text == " ",
            Inline::Break => true,
            Inline::Picture(_) => false,
        };
        if is_space && !leaves[index].marks.is_empty() {
            let shared = |neighbour: Option<&Leaf>, marks: &[MarkId]| {
                let others = neighbour.map(|leaf| leaf.marks.as_slice()).unwrap_or_default();
                marks.iter().zip(others).take_while(|(a, b)| a == b).count()
            };
            let before = index.checked_sub(1).and_then(|index| leaves.get(index));
            let marks = &leaves[index].marks;
            let depth = shared(before, marks).min(shared(leaves.get(index + 1), marks));
            leaves[index].marks.truncate(depth);
        }
    }
}

/// Makes one picture of two that show the same with only space between them.
fn merge_same_pictures(leaves: &mut Vec<Leaf>) {
    let mut out: Vec<Leaf> = Vec::with_capacity(leaves.len());
    // Where the last leaf stands that is not blank.
    let mut before = None;
    for leaf in leaves.drain(..) {
        if let Inline::Picture(picture) = &leaf.content
            && let Some(Leaf { content: Inline::Picture(known), .. }) =
                before.and_then(|at: usize| out.get_mut(at))
            && shows_same(known, picture)
        {
            merge_pictures(known, picture.as_ref().clone());
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
        Inline::Text(text) => text.chars().all(is_nothing),
        Inline::Break => true,
        Inline::Picture(_) => false,
    }
}

fn paragraphs(leaves: Vec<Leaf>) -> Vec<Vec<Leaf>> {
    let mut all = vec![Vec::new()];
    let mut breaks: Vec<Leaf> = Vec::new();
    for leaf in leaves {
        if leaf.content == Inline::Break {
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

/// Splits a paragraph into the pictures at its start, its text, and the pictures at its end.
fn split_pictures_off(mut leaves: Vec<Leaf>, each: &mut impl FnMut(LinePart)) {
    trim(&mut leaves);
    let is_only_pictures =
        leaves.iter().all(|leaf| matches!(leaf.content, Inline::Picture(_)) || is_blank(leaf));
    let stands_alone = |leaf: &Leaf| match &leaf.content {
        Inline::Picture(picture) => is_only_pictures || !is_icon(picture),
        _ => false,
    };
    let mut after = Vec::new();
    while leaves.last().is_some_and(stands_alone) {
        after.extend(leaves.pop().and_then(picture_alone));
        trim(&mut leaves);
    }
    let mut rest = leaves.into_iter().peekable();
    while rest.peek().is_some_and(|leaf| stands_alone(leaf) || is_blank(leaf)) {
        rest.next().and_then(picture_alone).into_iter().for_each(&mut *each);
    }
    lines(rest.collect()).into_iter().chain(after.into_iter().rev()).for_each(each);
}

fn picture_alone(leaf: Leaf) -> Option<LinePart> {
    match leaf.content {
        Inline::Picture(picture) => Some(LinePart::Picture(picture, leaf.marks)),
        _ => None,
    }
}

fn is_icon(picture: &Picture) -> bool {
    matches!((picture.width, picture.height), (Some(width), Some(height)) if width.max(height) <= MAX_ICON_PIXELS)
}

/// The end of a comment that a broken conditional comment left behind.
fn is_comment_remnant(leaves: &[Leaf]) -> bool {
    matches!(leaves, [Leaf { content: Inline::Text(text), .. }] if text == "-->" || text == "<!--")
}

/// No break and no space at the edges.
pub(super) fn trim(leaves: &mut Vec<Leaf>) {
    while let Some(last) = leaves.last_mut() {
        match &mut last.content {
            Inline::Text(text) => text.truncate(text.trim_end_matches(' ').len()),
            Inline::Picture(_) => break,
            Inline::Break => {}
        }
        if matches!(&last.content, Inline::Text(text) if !text.is_empty()) {
            break;
        }
        leaves.pop();
    }
    let mut gone = 0;
    for leaf in leaves.iter_mut() {
        match &mut leaf.content {
            Inline::Text(text) if text.starts_with(' ') => {
                text.drain(..text.len() - text.trim_start_matches(' ').len());
            }
            Inline::Text(_) | Inline::Picture(_) => break,
            Inline::Break => {}
        }
        if matches!(&leaf.content, Inline::Text(text) if !text.is_empty()) {
            break;
        }
        gone += 1;
    }
    leaves.drain(..gone);
}
