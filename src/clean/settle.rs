//! Closing a block: what it held is put into the one form that such content has.

use super::inline::one_piece;
use super::model::{Block, Content, Figure, Group, Leaf, Lines, Mark, Media, Shape, Style, Tongue};
use super::pictures::{is_same, merge};
use super::tabular;

/// A paragraph in a figure beside its picture is the caption, unless it is longer than captions are.
const LONGEST_CAPTION: usize = 600;

/// Closes a block and puts what it gives behind those `outside` of it: itself in normal form, what is left of it where it
/// was layout only, or nothing. `marks` are those that its leaves refer to.
pub(super) fn close(group: Group, marks: &[Mark], outside: &mut Vec<Block>) {
    let Group { shape, tongue, blocks } = group;
    match shape {
        Shape::Quote { .. } => {
            let mut blocks = flow(blocks);
            let is_doubled = matches!(
                blocks.as_slice(),
                [Block::Group(inner)] if matches!(inner.shape, Shape::Quote { .. }) && inner.tongue == Tongue::default()
            );
            if let ([Block::Group(inner)], true) = (blocks.as_mut_slice(), is_doubled) {
                inner.tongue = tongue;
                return outside.append(&mut blocks);
            }
            outside.extend(unless_empty(Group { shape, tongue, blocks }));
        }
        Shape::Item | Shape::Detail => {
            outside.extend(unless_empty(Group { shape, tongue, blocks: flow(blocks) }));
        }
        Shape::Cell { .. } => outside.push(Block::Group(Group { shape, tongue, blocks: flow(blocks) })),
        Shape::List { .. } => outside.extend(tabular::list(Group { shape, tongue, blocks })),
        Shape::Terms => outside.extend(tabular::terms(Group { shape, tongue, blocks })),
        Shape::Row { .. } => outside.extend(tabular::row(Group { shape, tongue, blocks })),
        Shape::Table => outside.extend(tabular::table(Group { shape, tongue, blocks })),
        Shape::Figure => outside.extend(figure(tongue, blocks, marks)),
        Shape::Term | Shape::TableCaption | Shape::Caption => {
            let (leaves, mut others) = lines_of(blocks);
            outside.append(&mut others);
            if !leaves.is_empty() {
                let lines =
                    Block::Lines(Lines { style: Style::Paragraph, tongue: Tongue::default(), leaves });
                outside.push(Block::Group(Group { shape, tongue, blocks: vec![lines] }));
            }
        }
        Shape::Root => outside.extend(flow(blocks)),
    }
}

/// A group, unless there is nothing in it.
pub(super) fn unless_empty(group: Group) -> Option<Block> {
    (!group.blocks.is_empty()).then_some(Block::Group(group))
}

/// Blocks one after the other: rules only between others, captions at their figures, no picture twice in a row.
pub(super) fn flow(blocks: Vec<Block>) -> Vec<Block> {
    let is_apart = |block: &Block| match block {
        Block::Lines(_) => true,
        Block::Group(group) => group.shape != Shape::Caption,
        Block::Rule | Block::Figure(_) => false,
    };
    if blocks.iter().all(is_apart) {
        return blocks;
    }
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match (block, out.last_mut()) {
            (Block::Rule, None | Some(Block::Rule)) => {}
            (Block::Group(Group { shape: Shape::Caption, tongue, blocks }), before) => {
                let (leaves, _) = lines_of(blocks);
                match before {
                    Some(Block::Figure(figure)) if figure.caption.is_empty() => figure.caption = leaves,
                    _ => out.push(Block::Figure(Box::new(Figure {
                        tongue,
                        caption: leaves,
                        ..Figure::default()
                    }))),
                }
            }
            (Block::Figure(figure), Some(Block::Figure(before))) => {
                if let Some(other) = join(before, *figure) {
                    out.push(Block::Figure(Box::new(other)));
                }
            }
            (block, _) => out.push(block),
        }
    }
    if out.last() == Some(&Block::Rule) {
        out.pop();
    }
    out
}

/// Makes one of two figures that show the same; gives the second back if they do not.
fn join(before: &mut Figure, figure: Figure) -> Option<Figure> {
    let captions_agree = before.caption.is_empty()
        || figure.caption.is_empty()
        || plain(&before.caption) == plain(&figure.caption);
    let ([one], [other]) = (before.media.as_mut_slice(), figure.media.as_slice()) else {
        return Some(figure);
    };
    if !captions_agree || !join_media(one, other) {
        return Some(figure);
    }
    if before.caption.is_empty() {
        before.caption = figure.caption;
        before.tongue = figure.tongue;
    }
    None
}

fn join_media(one: &mut Media, other: &Media) -> bool {
    match (one, other) {
        (Media::Picture { picture, link }, Media::Picture { picture: twin, link: also })
            if is_same(picture, twin) =>
        {
            merge(picture, twin.as_ref().clone());
            *link = link.take().or_else(|| also.clone());
            true
        }
        (Media::Frame { attrs }, Media::Frame { attrs: twin }) => attrs.first() == twin.first(),
        (one, other) => one == other,
    }
}

/// The text of leaves, to compare and measure.
pub(super) fn plain(leaves: &[Leaf]) -> String {
    let text = |leaf: &Leaf| match &leaf.content {
        Content::Text(text) => text.clone(),
        Content::Break => " ".to_owned(),
        Content::Picture(_) => String::new(),
    };
    leaves.iter().map(text).collect()
}

fn figure(tongue: Tongue, blocks: Vec<Block>, marks: &[Mark]) -> Vec<Block> {
    let is_picture = |block: &Block| {
        matches!(block, Block::Figure(figure)
            if figure.media.iter().any(|media| !matches!(media, Media::Link { .. })) && figure.caption.is_empty())
    };
    let has_media = blocks.iter().any(is_picture);
    let (mut shown, texts, length) = sorted(&blocks, has_media, marks);
    let is_link_among_others =
        shown.media.len() > 1 && shown.media.iter().any(|media| matches!(media, Media::Link { .. }));
    let is_wrapper = (!shown.media.is_empty() && !shown.blocks.is_empty())
        || is_link_among_others
        || (length > 0 && (!has_media || length > LONGEST_CAPTION));
    if is_wrapper {
        return blocks;
    }
    (shown.tongue, shown.caption) = (tongue, joined(texts));
    settled(shown)
}

/// What a figure holds, by kind: media and other blocks, lines that can be its caption, and how many characters of those
/// stood outside of `figcaption`.
fn sorted(blocks: &[Block], has_media: bool, marks: &[Mark]) -> (Figure, Vec<Vec<Leaf>>, usize) {
    let (mut shown, mut texts, mut length) = (Figure::default(), Vec::new(), 0);
    for block in blocks {
        match block {
            Block::Figure(inner) if inner.caption.is_empty() && inner.blocks.is_empty() => {
                show(&mut shown, inner)
            }
            Block::Group(Group { shape: Shape::Caption, blocks, .. }) => {
                texts.push(lines_of(blocks.clone()).0)
            }
            Block::Lines(lines) if lines.style == Style::Verbatim => shown.blocks.push(block.clone()),
            Block::Lines(lines) => match whole_link(lines, marks).filter(|_| !has_media) {
                Some(media) => shown.media.push(media),
                None => {
                    let (leaves, icons) = lines_of(vec![block.clone()]);
                    length += plain(&leaves).chars().count();
                    texts.push(leaves);
                    for icon in icons {
                        if let Block::Figure(icon) = icon {
                            show(&mut shown, &icon);
                        }
                    }
                }
            },
            Block::Rule => {}
            other => shown.blocks.push(other.clone()),
        }
    }
    (shown, texts, length)
}

fn show(shown: &mut Figure, inner: &Figure) {
    for media in &inner.media {
        if !shown.media.last_mut().is_some_and(|before| join_media(before, media)) {
            shown.media.push(media.clone());
        }
    }
}

/// A figure without caption is one for each of its media, and none for anything else.
fn settled(shown: Figure) -> Vec<Block> {
    let Figure { tongue, media, blocks, caption } = shown;
    let blocks = flow(blocks);
    if !caption.is_empty() {
        return vec![Block::Figure(Box::new(Figure { tongue, media, blocks, caption }))];
    }
    let single = |media| Block::Figure(Box::new(Figure { media: vec![media], ..Figure::default() }));
    media.into_iter().map(single).chain(blocks).collect()
}

/// The link that makes up the whole of a line: an embed that could not be shown.
fn whole_link(lines: &Lines, marks: &[Mark]) -> Option<Media> {
    let [Leaf { content: Content::Text(label), marks: in_force }] = lines.leaves.as_slice() else {
        return None;
    };
    let [link] = in_force.as_slice() else { return None };
    Some(Media::Link { href: marks[*link as usize].href()?.to_owned(), label: label.clone() })
}

/// All lines of some blocks as one, and the figures that stood among them.
pub(super) fn lines_of(blocks: Vec<Block>) -> (Vec<Leaf>, Vec<Block>) {
    let (mut lines, mut outside) = (Vec::new(), Vec::new());
    gather(blocks, &mut lines, &mut outside);
    (joined(lines), outside)
}

fn gather(blocks: Vec<Block>, lines: &mut Vec<Vec<Leaf>>, outside: &mut Vec<Block>) {
    for block in blocks {
        match block {
            Block::Lines(Lines { leaves, .. }) => {
                let (pictures, text): (Vec<Leaf>, Vec<Leaf>) =
                    leaves.into_iter().partition(|leaf| matches!(leaf.content, Content::Picture(_)));
                lines.push(text);
                outside.extend(pictures.into_iter().filter_map(|leaf| match leaf.content {
                    Content::Picture(picture) => {
                        let media = vec![Media::Picture { picture, link: None }];
                        Some(Block::Figure(Box::new(Figure { media, ..Figure::default() })))
                    }
                    _ => None,
                }));
            }
            Block::Rule => {}
            Block::Figure(figure) => {
                let Figure { media, blocks, caption, .. } = *figure;
                let single =
                    |media| Block::Figure(Box::new(Figure { media: vec![media], ..Figure::default() }));
                outside.extend(media.into_iter().map(single));
                gather(blocks, lines, outside);
                lines.push(caption);
            }
            Block::Group(group) => gather(group.blocks, lines, outside),
        }
    }
}

fn joined(lines: Vec<Vec<Leaf>>) -> Vec<Leaf> {
    let mut all: Vec<Leaf> = Vec::new();
    for leaves in lines {
        if !all.is_empty() {
            all.push(Leaf { content: Content::Break, marks: Vec::new() });
        }
        all.extend(leaves);
    }
    one_piece(all)
}
