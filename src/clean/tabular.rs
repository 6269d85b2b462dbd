//! Lists and tables in normal form; those that are layout only are taken apart.

use super::model::{Block, Group, Leaf, Lines, Shape, Style, Tongue};
use super::settle::{flow, lines_of, plain, unless_empty};

/// A line under a picture in a table of one column is its caption, unless it is longer than this.
const LONGEST_CAPTION_ROW: usize = 300;

fn is_figure(block: &Block) -> bool {
    matches!(block, Block::Figure(_))
}

fn group(shape: Shape, blocks: Vec<Block>) -> Block {
    Block::Group(Group { shape, tongue: Tongue::default(), blocks })
}

/// A list: items only; a list that stands between items belongs to the one before; a list of nothing but pictures is a
/// gallery's layout.
pub(super) fn list(list: Group) -> Vec<Block> {
    let mut items: Vec<Group> = Vec::new();
    let mut is_stray = false;
    for block in list.blocks {
        match block {
            Block::Group(item) if item.shape == Shape::Item => {
                items.push(item);
                is_stray = false;
            }
            block => {
                let is_list =
                    matches!(&block, Block::Group(inner) if matches!(inner.shape, Shape::List { .. }));
                match items.last_mut().filter(|_| is_list || is_stray) {
                    Some(item) => item.blocks.push(block),
                    None => {
                        items.push(Group {
                            shape: Shape::Item,
                            tongue: Tongue::default(),
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
pub(super) fn terms(terms: Group) -> Vec<Block> {
    let is_term = |block: &Block| matches!(block, Block::Group(part) if part.shape == Shape::Term);
    if terms.blocks.iter().any(is_term) {
        let entry = |block: Block| match block {
            Block::Group(part) if matches!(part.shape, Shape::Term | Shape::Detail) => {
                Some(Block::Group(part))
            }
            stray => {
                let (shape, blocks) = (Shape::Detail, flow(vec![stray]));
                unless_empty(Group { shape, tongue: Tongue::default(), blocks })
            }
        };
        let blocks = terms.blocks.into_iter().filter_map(entry).collect();
        return vec![Block::Group(Group { blocks, ..terms })];
    }
    let parts = terms.blocks.into_iter().map(|block| match block {
        Block::Group(part) if part.shape == Shape::Detail => part.blocks,
        other => vec![other],
    });
    with_captions(parts)
}

/// A row: cells only, and not all of them empty.
pub(super) fn row(row: Group) -> Option<Block> {
    let cell = |block: Block| match block {
        Block::Group(part) if matches!(part.shape, Shape::Cell { .. }) => part,
        stray => Group {
            shape: Shape::Cell { tag: "td", attrs: Vec::new() },
            tongue: Tongue::default(),
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
pub(super) fn table(table: Group) -> Vec<Block> {
    let (mut outside, mut caption, mut rows) = (Vec::new(), Vec::new(), Vec::new());
    for block in table.blocks {
        match block {
            Block::Group(part) if part.shape == Shape::TableCaption => caption.push(part),
            Block::Group(part) if matches!(part.shape, Shape::Row { .. }) => rows.push(part),
            other => outside.push(other),
        }
    }
    let caption_lines: Vec<Leaf> = lines_of(caption.into_iter().flat_map(|part| part.blocks).collect()).0;
    let lines = |leaves| Block::Lines(Lines { style: Style::Paragraph, tongue: Tongue::default(), leaves });
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
    let caption = (!caption_lines.is_empty()).then(|| group(Shape::TableCaption, vec![lines(caption_lines)]));
    let blocks = caption.into_iter().chain(rows.into_iter().map(Block::Group)).collect();
    outside.push(Block::Group(Group { blocks, shape: Shape::Table, tongue: table.tongue }));
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
            [Block::Lines(lines)] if lines.style == Style::Paragraph => {
                plain(&lines.leaves).chars().count() <= LONGEST_CAPTION_ROW
            }
            _ => false,
        };
        if below_picture && is_short {
            out.push(group(Shape::Caption, part));
            below_picture = false;
        } else {
            below_picture = matches!(part.as_slice(), [Block::Figure(figure)] if figure.caption.is_empty());
            out.extend(part);
        }
    }
    out
}
