//! Headings below the article's own: the first level in use becomes h2, the next h3, without gaps.

use super::model::{Block, Style};

/// Gives the heading levels in use their places from h2 on. h1 is the title's, which stands outside of the body.
pub(super) fn rebase(blocks: &mut [Block]) {
    let mut used = [false; 7];
    each(blocks, &mut |level| used[usize::from(*level)] = true);
    let mut places = [0; 7];
    let mut next = 2;
    for level in 1..=6 {
        places[level] = next.min(6);
        next += u8::from(used[level]);
    }
    each(blocks, &mut |level| *level = places[usize::from(*level)]);
}

/// Depth is bounded by the build, so this may call itself.
fn each(blocks: &mut [Block], visit: &mut impl FnMut(&mut u8)) {
    for block in blocks {
        match block {
            Block::Lines(lines) => {
                if let Style::Heading(level) = &mut lines.style {
                    visit(level);
                }
            }
            Block::Group(group) => each(&mut group.blocks, visit),
            Block::Figure(figure) => each(&mut figure.blocks, visit),
            Block::Rule => {}
        }
    }
}
