//! What holds for blocks that follow each other, in whatever block they stand.

use super::inline::single_line;
use super::model::{Block, Figure, FigureItem, Group, GroupKind, Inline, Leaf, TextBlock};
use super::pictures::{merge_pictures, shows_same};

/// Puts neighbouring blocks into normal form: rules only between others, captions at their figures, no picture twice in
/// a row.
pub(super) fn flow(blocks: Vec<Block>) -> Vec<Block> {
    let is_apart = |block: &Block| match block {
        Block::TextBlock(_) => true,
        Block::Group(group) => group.kind != GroupKind::Caption,
        Block::Rule | Block::Figure(_) => false,
    };
    if blocks.iter().all(is_apart) {
        return blocks;
    }
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match (block, out.last_mut()) {
            (Block::Rule, None | Some(Block::Rule)) => {}
            (Block::Group(Group { kind: GroupKind::Caption, language, blocks }), before) => {
                let (leaves, _) = lines_of(blocks);
                match before {
                    Some(Block::Figure(figure)) if figure.caption.is_empty() => figure.caption = leaves,
                    _ => out.push(Block::Figure(Box::new(Figure {
                        language,
                        caption: leaves,
                        ..Figure::default()
                    }))),
                }
            }
            (Block::Figure(figure), Some(Block::Figure(before))) => {
                if let Some(other) = join_figures(before, *figure) {
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

/// Makes one figure of two that show the same; returns the second if they do not.
fn join_figures(before: &mut Figure, figure: Figure) -> Option<Figure> {
    let captions_agree = before.caption.is_empty()
        || figure.caption.is_empty()
        || plain_text(&before.caption) == plain_text(&figure.caption);
    let ([one], [other]) = (before.media.as_mut_slice(), figure.media.as_slice()) else {
        return Some(figure);
    };
    if !captions_agree || !join_media(one, other) {
        return Some(figure);
    }
    if before.caption.is_empty() {
        before.caption = figure.caption;
        before.language = figure.language;
    }
    None
}

pub(super) fn join_media(one: &mut FigureItem, other: &FigureItem) -> bool {
    match (one, other) {
        (FigureItem::Picture { picture, link }, FigureItem::Picture { picture: twin, link: also })
            if shows_same(picture, twin) =>
        {
            merge_pictures(picture, twin.as_ref().clone());
            *link = link.take().or_else(|| also.clone());
            true
        }
        (FigureItem::Frame { attrs }, FigureItem::Frame { attrs: twin }) => attrs.first() == twin.first(),
        (one, other) => one == other,
    }
}

/// The text of leaves, to compare and measure.
pub(super) fn plain_text(leaves: &[Leaf]) -> String {
    let text = |leaf: &Leaf| match &leaf.content {
        Inline::Text(text) => text.clone(),
        Inline::Break => " ".to_owned(),
        Inline::Picture(_) => String::new(),
    };
    leaves.iter().map(text).collect()
}

/// All lines of some blocks as one run, and the figures among them.
pub(super) fn lines_of(blocks: Vec<Block>) -> (Vec<Leaf>, Vec<Block>) {
    let (mut lines, mut outside) = (Vec::new(), Vec::new());
    collect_lines(blocks, &mut lines, &mut outside);
    (join_lines(lines), outside)
}

fn collect_lines(blocks: Vec<Block>, lines: &mut Vec<Vec<Leaf>>, outside: &mut Vec<Block>) {
    for block in blocks {
        match block {
            Block::TextBlock(TextBlock { leaves, .. }) => {
                let (pictures, text): (Vec<Leaf>, Vec<Leaf>) =
                    leaves.into_iter().partition(|leaf| matches!(leaf.content, Inline::Picture(_)));
                lines.push(text);
                outside.extend(pictures.into_iter().filter_map(|leaf| match leaf.content {
                    Inline::Picture(picture) => Some(figure_of(FigureItem::Picture { picture, link: None })),
                    _ => None,
                }));
            }
            Block::Rule => {}
            Block::Figure(figure) => {
                let Figure { media, blocks, caption, .. } = *figure;
                outside.extend(media.into_iter().map(figure_of));
                collect_lines(blocks, lines, outside);
                lines.push(caption);
            }
            Block::Group(group) => collect_lines(group.blocks, lines, outside),
        }
    }
}

pub(super) fn join_lines(lines: Vec<Vec<Leaf>>) -> Vec<Leaf> {
    let mut all: Vec<Leaf> = Vec::new();
    for leaves in lines {
        if !all.is_empty() {
            all.push(Leaf { content: Inline::Break, marks: Vec::new() });
        }
        all.extend(leaves);
    }
    single_line(all)
}

/// A figure of one item, without caption.
pub(super) fn figure_of(media: FigureItem) -> Block {
    Block::Figure(Box::new(Figure { media: vec![media], ..Figure::default() }))
}
