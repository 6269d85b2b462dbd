//! Closing a block: what it held is put into the one form that such content has. Lists, tables and figures that are
//! layout only are taken apart.

use super::flow::{figure_of, flow, join_lines, join_media, lines_of, plain_text};
use super::model::{
    Block, Figure, FigureItem, Group, GroupKind, Inline, Language, Leaf, Mark, TextBlock, TextStyle,
};

/// A paragraph beside the picture of a figure is its caption, unless it is longer.
const MAX_CAPTION_CHARS: usize = 600;

/// A line under a picture in a table of one column is its caption, unless it is longer.
const MAX_CAPTION_ROW_CHARS: usize = 300;

/// Closes a block and appends to the blocks `outside` of it what it becomes: itself in normal form, its content where it
/// was layout only, or nothing. `marks` are those that its leaves refer to.
pub(super) fn close(group: Group, marks: &[Mark], outside: &mut Vec<Block>) {
    let Group { kind, language, blocks } = group;
    match kind {
        GroupKind::Quote { .. } => {
            let mut blocks = flow(blocks);
            let is_doubled = matches!(
                blocks.as_slice(),
                [Block::Group(inner)] if matches!(inner.kind, GroupKind::Quote { .. }) && inner.language == Language::default()
            );
            if let ([Block::Group(inner)], true) = (blocks.as_mut_slice(), is_doubled) {
                inner.language = language;
                return outside.append(&mut blocks);
            }
            outside.extend(unless_empty(Group { kind, language, blocks }));
        }
        GroupKind::Item | GroupKind::Detail => {
            outside.extend(unless_empty(Group { kind, language, blocks: flow(blocks) }));
        }
        GroupKind::Cell { .. } => outside.push(Block::Group(Group { kind, language, blocks: flow(blocks) })),
        GroupKind::List { .. } => outside.extend(list(Group { kind, language, blocks })),
        GroupKind::Terms => outside.extend(terms(Group { kind, language, blocks })),
        GroupKind::Row { .. } => outside.extend(row(Group { kind, language, blocks })),
        GroupKind::Table => outside.extend(table(Group { kind, language, blocks })),
        GroupKind::Figure => outside.extend(figure(language, blocks, marks)),
        GroupKind::Term | GroupKind::TableCaption | GroupKind::Caption => {
            let (leaves, mut others) = lines_of(blocks);
            outside.append(&mut others);
            if !leaves.is_empty() {
                let lines = Block::TextBlock(TextBlock {
                    style: TextStyle::Paragraph,
                    language: Language::default(),
                    leaves,
                });
                outside.push(Block::Group(Group { kind, language, blocks: vec![lines] }));
            }
        }
        GroupKind::Root => outside.extend(flow(blocks)),
    }
}

fn unless_empty(group: Group) -> Option<Block> {
    (!group.blocks.is_empty()).then_some(Block::Group(group))
}

fn figure(language: Language, blocks: Vec<Block>, marks: &[Mark]) -> Vec<Block> {
    let is_picture = |block: &Block| {
        matches!(block, Block::Figure(figure)
            if figure.media.iter().any(|media| !matches!(media, FigureItem::Link { .. })) && figure.caption.is_empty())
    };
    let has_media = blocks.iter().any(is_picture);
    let (mut shown, texts, length) = sort_contents(&blocks, has_media, marks);
    let is_link_among_others =
        shown.media.len() > 1 && shown.media.iter().any(|media| matches!(media, FigureItem::Link { .. }));
    let is_wrapper = (!shown.media.is_empty() && !shown.blocks.is_empty())
        || is_link_among_others
        || (length > 0 && (!has_media || length > MAX_CAPTION_CHARS));
    if is_wrapper {
        return blocks;
    }
    (shown.language, shown.caption) = (language, join_lines(texts));
    split_uncaptioned(shown)
}

/// Sorts what a figure holds: media and other blocks, lines that can be its caption, and how many characters of these
/// stand outside of `figcaption`.
fn sort_contents(blocks: &[Block], has_media: bool, marks: &[Mark]) -> (Figure, Vec<Vec<Leaf>>, usize) {
    let (mut shown, mut texts, mut length) = (Figure::default(), Vec::new(), 0);
    for block in blocks {
        match block {
            Block::Figure(inner) if inner.caption.is_empty() && inner.blocks.is_empty() => {
                add_media(&mut shown, inner)
            }
            Block::Group(Group { kind: GroupKind::Caption, blocks, .. }) => {
                texts.push(lines_of(blocks.clone()).0)
            }
            Block::TextBlock(lines) if lines.style == TextStyle::Verbatim => shown.blocks.push(block.clone()),
            Block::TextBlock(lines) => match whole_link(lines, marks).filter(|_| !has_media) {
                Some(media) => shown.media.push(media),
                None => {
                    let (leaves, icons) = lines_of(vec![block.clone()]);
                    length += plain_text(&leaves).chars().count();
                    texts.push(leaves);
                    for icon in icons {
                        if let Block::Figure(icon) = icon {
                            add_media(&mut shown, &icon);
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

fn add_media(shown: &mut Figure, inner: &Figure) {
    for media in &inner.media {
        if !shown.media.last_mut().is_some_and(|before| join_media(before, media)) {
            shown.media.push(media.clone());
        }
    }
}

/// Makes of a figure without caption one for each of its media; its other blocks stand for themselves.
fn split_uncaptioned(shown: Figure) -> Vec<Block> {
    let Figure { language, media, blocks, caption } = shown;
    let blocks = flow(blocks);
    if !caption.is_empty() {
        return vec![Block::Figure(Box::new(Figure { language, media, blocks, caption }))];
    }
    media.into_iter().map(figure_of).chain(blocks).collect()
}

/// The link that makes up the whole of a line: an embed that could not be shown.
fn whole_link(lines: &TextBlock, marks: &[Mark]) -> Option<FigureItem> {
    let [Leaf { content: Inline::Text(label), marks: in_force }] = lines.leaves.as_slice() else {
        return None;
    };
    let [link] = in_force.as_slice() else { return None };
    Some(FigureItem::Link { href: marks[*link as usize].href()?.to_owned(), label: label.clone() })
}

fn is_figure(block: &Block) -> bool {
    matches!(block, Block::Figure(_))
}

fn group(kind: GroupKind, blocks: Vec<Block>) -> Block {
    Block::Group(Group { kind, language: Language::default(), blocks })
}

/// A list: items only; a list that stands between items belongs to the one before; a list of nothing but pictures is a
/// gallery's layout.
fn list(list: Group) -> Vec<Block> {
    let mut items: Vec<Group> = Vec::new();
    let mut is_stray = false;
    for block in list.blocks {
        match block {
            Block::Group(item) if item.kind == GroupKind::Item => {
                items.push(item);
                is_stray = false;
            }
            block => {
                let is_list =
                    matches!(&block, Block::Group(inner) if matches!(inner.kind, GroupKind::List { .. }));
                match items.last_mut().filter(|_| is_list || is_stray) {
                    Some(item) => item.blocks.push(block),
                    None => {
                        items.push(Group {
                            kind: GroupKind::Item,
                            language: Language::default(),
                            blocks: vec![block],
                        });
                        is_stray = true;
                    }
                }
            }
        }
    }
    for item in &mut items {
        item.blocks = flow(std::mem::take(&mut item.blocks));
    }
    items.retain(|item| !item.blocks.is_empty());
    if items.iter().all(|item| item.blocks.iter().all(is_figure)) {
        return items.into_iter().flat_map(|item| item.blocks).collect();
    }
    let blocks = items.into_iter().map(Block::Group).collect();
    unless_empty(Group { blocks, ..list }).into_iter().collect()
}

/// A description list; without terms it is indentation, or a gallery of the old make (picture in `dt`, caption in `dd`).
fn terms(terms: Group) -> Vec<Block> {
    let is_term = |block: &Block| matches!(block, Block::Group(part) if part.kind == GroupKind::Term);
    if terms.blocks.iter().any(is_term) {
        let entry = |block: Block| match block {
            Block::Group(part) if matches!(part.kind, GroupKind::Term | GroupKind::Detail) => {
                Some(Block::Group(part))
            }
            stray => {
                let (kind, blocks) = (GroupKind::Detail, flow(vec![stray]));
                unless_empty(Group { kind, language: Language::default(), blocks })
            }
        };
        let blocks = terms.blocks.into_iter().filter_map(entry).collect();
        return vec![Block::Group(Group { blocks, ..terms })];
    }
    let parts = terms.blocks.into_iter().map(|block| match block {
        Block::Group(part) if part.kind == GroupKind::Detail => part.blocks,
        other => vec![other],
    });
    with_captions(parts)
}

/// A row: cells only, and not all of them empty.
fn row(row: Group) -> Option<Block> {
    let cell = |block: Block| match block {
        Block::Group(part) if matches!(part.kind, GroupKind::Cell { .. }) => part,
        stray => Group {
            kind: GroupKind::Cell { tag: "td", attrs: Vec::new() },
            language: Language::default(),
            blocks: flow(vec![stray]),
        },
    };
    let cells: Vec<Group> = row.blocks.into_iter().map(cell).collect();
    if cells.iter().all(|cell| cell.blocks.is_empty()) {
        return None;
    }
    Some(Block::Group(Group { blocks: cells.into_iter().map(Block::Group).collect(), ..row }))
}

/// A table; with no more than one filled cell in any row it is layout, and its cells stand for themselves.
fn table(table: Group) -> Vec<Block> {
    let (mut outside, mut caption, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for block in table.blocks {
        match block {
            Block::Group(part) if part.kind == GroupKind::TableCaption => caption.push(part),
            Block::Group(part) if matches!(part.kind, GroupKind::Row { .. }) => rows.push(part),
            other => outside.push(other),
        }
    }
    let caption_lines: Vec<Leaf> = lines_of(caption.into_iter().flat_map(|part| part.blocks).collect()).0;
    let lines = |leaves| {
        Block::TextBlock(TextBlock { style: TextStyle::Paragraph, language: Language::default(), leaves })
    };
    let filled = |row: &Group| row.blocks.iter().filter(|cell| !is_empty(cell)).count();
    if rows.iter().all(|row| filled(row) <= 1) {
        outside.extend((!caption_lines.is_empty()).then(|| lines(caption_lines)));
        let cells = rows.into_iter().flat_map(|row| row.blocks).filter(|cell| !is_empty(cell));
        outside.extend(with_captions(cells.map(|cell| match cell {
            Block::Group(cell) => cell.blocks,
            other => vec![other],
        })));
        return outside;
    }
    let caption =
        (!caption_lines.is_empty()).then(|| group(GroupKind::TableCaption, vec![lines(caption_lines)]));
    let blocks = caption.into_iter().chain(rows.into_iter().map(Block::Group)).collect();
    outside.push(Block::Group(Group { blocks, kind: GroupKind::Table, language: table.language }));
    outside
}

fn is_empty(cell: &Block) -> bool {
    matches!(cell, Block::Group(cell) if cell.blocks.is_empty())
}

/// The contents of parts one after the other; a short line below a lone picture is its caption.
fn with_captions(parts: impl Iterator<Item = Vec<Block>>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::new();
    let mut below_picture = false;
    for part in parts {
        let is_short = match part.as_slice() {
            [Block::TextBlock(lines)] if lines.style == TextStyle::Paragraph => {
                plain_text(&lines.leaves).chars().count() <= MAX_CAPTION_ROW_CHARS
            }
            _ => false,
        };
        if below_picture && is_short {
            out.push(group(GroupKind::Caption, part));
            below_picture = false;
        } else {
            below_picture = matches!(part.as_slice(), [Block::Figure(figure)] if figure.caption.is_empty());
            out.extend(part);
        }
    }
    out
}

/// Numbers the heading levels in use from h2 on, without gaps. h1 is the title's, which stands outside of the body.
pub(super) fn renumber_headings(blocks: &mut [Block]) {
    let mut used = [false; 7];
    each_heading(blocks, &mut |level| used[usize::from(*level)] = true);
    let mut places = [0; 7];
    let mut next = 2;
    for level in 1..=6 {
        places[level] = next.min(6);
        next += u8::from(used[level]);
    }
    each_heading(blocks, &mut |level| *level = places[usize::from(*level)]);
}

/// Depth is bounded by the build, so this may call itself.
fn each_heading(blocks: &mut [Block], visit: &mut impl FnMut(&mut u8)) {
    for block in blocks {
        match block {
            Block::TextBlock(lines) => {
                if let TextStyle::Heading(level) = &mut lines.style {
                    visit(level);
                }
            }
            Block::Group(group) => each_heading(&mut group.blocks, visit),
            Block::Figure(figure) => each_heading(&mut figure.blocks, visit),
            Block::Rule => {}
        }
    }
}
