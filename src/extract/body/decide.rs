//! From probabilities to a decision on every block, and the parts of an article that are not its body.

use super::arena::Arena;
use super::choice::{Choice, Why};
use super::class_hints as h;
use super::content_root::{MetadataPositions, named_root};
use super::page_head::PageHead;
use super::prefix_sums::sums_before;
use super::readability::Readability;
use super::tag::Tag;

/// From this probability on a block is taken for content: where precision and recall meet on sites that the model had
/// not seen.
pub const MIN_CONTENT_PROBABILITY: f32 = 0.48;

/// From this probability on a block between two blocks of content is content too.
const MIN_GAP_PROBABILITY: f32 = 0.25;

/// With fewer characters of content the container that readability scoring found is asked as well.
const FEW_CONTENT_CHARS: u32 = 250;

/// A line with date or author has at most so many characters.
const MAX_HEADER_CHARS: u32 = 140;

/// Gives blocks that stand or fall together, as the cells of a table and the items of a list do, a common probability.
pub fn smooth(arena: &Arena, probabilities: &mut [f32]) {
    let mut at = 0;
    while at < arena.nodes.len() {
        let node = &arena.nodes[at];
        let share = match node.tag {
            Tag::Table => 1.0,
            Tag::Ul | Tag::Ol | Tag::Dl => 0.5,
            _ => {
                at += 1;
                continue;
            }
        };
        let range = arena.blocks_in(at);
        let blocks = &arena.blocks[range.clone()];
        // Tables within tables lay out a page.
        let holds_table =
            || arena.nodes[at + 1..node.end as usize].iter().any(|inner| inner.tag == Tag::Table);
        let is_layout =
            blocks.iter().any(|block| block.stats.chars > 400) || (node.tag == Tag::Table && holds_table());
        if blocks.len() >= 3 && !is_layout {
            let weight: f32 = blocks.iter().map(|block| block.stats.chars as f32 + 5.0).sum();
            let mean = blocks
                .iter()
                .zip(&probabilities[range.clone()])
                .map(|(block, p)| (block.stats.chars as f32 + 5.0) * p)
                .sum::<f32>()
                / weight;
            for p in &mut probabilities[range] {
                *p += (mean - *p) * share;
            }
            at = node.end as usize;
        } else {
            at += 1;
        }
    }
    fill_gaps(arena, probabilities);
}

/// Takes what stands between two blocks that are surely content for content, if it is no link and there is some reason
/// to think so: a short quotation, a line of dialogue, a heading.
fn fill_gaps(arena: &Arena, probabilities: &mut [f32]) {
    for index in 1..probabilities.len().saturating_sub(1) {
        let between = probabilities[index - 1].min(probabilities[index + 1]);
        let is_unsure =
            probabilities[index] > MIN_GAP_PROBABILITY && probabilities[index] < MIN_CONTENT_PROBABILITY;
        if is_unsure && between > 0.7 && arena.blocks[index].stats.link_density() < 0.3 {
            probabilities[index] = MIN_CONTENT_PROBABILITY;
        }
    }
}

/// The classifier decides, unless it finds next to nothing where readability scoring found an article; then that
/// container is taken, except for blocks that are surely not content.
pub fn choose(arena: &Arena, readability: &Readability, probabilities: &[f32]) -> Choice {
    let keep: Vec<bool> = probabilities.iter().map(|p| *p >= MIN_CONTENT_PROBABILITY).collect();
    let mut choice = Choice { keep, why: probabilities.iter().map(|p| Why::Weighed(*p)).collect() };
    let found = choice.chars(arena);
    if found >= FEW_CONTENT_CHARS {
        return choice;
    }
    let root = named_root(arena, probabilities).map(|root| arena.blocks_in(root as usize));
    let candidates: Vec<usize> = (0..probabilities.len())
        .filter(|index| readability.inside[*index] && probabilities[*index] > 0.08)
        .filter(|index| root.as_ref().is_none_or(|root| root.contains(index)))
        .filter(|index| arena.blocks[*index].stats.link_density() < 0.4)
        .collect();
    let in_container: u32 = candidates.iter().map(|index| arena.blocks[*index].stats.chars).sum();
    if in_container > 2 * found + if root.is_some() { 0 } else { 150 } {
        for index in candidates {
            choice.keep(index, Why::Container);
        }
    }
    choice
}

/// Keeps attachments: a block that is a link to a document stays where the article does, in a container with content.
pub fn keep_attachments(arena: &Arena, choice: &mut Choice) {
    let kept = sums_before(choice.keep.iter().map(|kept| u32::from(*kept)));
    for (index, block) in arena.blocks.iter().enumerate() {
        if choice.keep[index] || !block.stats.is_attachment() {
            continue;
        }
        let has_content = arena.ancestors(block.owner).take(2).any(|at| {
            let range = arena.blocks_in(at);
            arena.nodes[at].tag != Tag::Body && kept[range.end] > kept[range.start]
        });
        if has_content && arena.nodes[block.owner as usize].near & (h::RELATED | h::NAV | h::FOOTER) == 0 {
            choice.keep(index, Why::Attachment);
        }
    }
}

/// Whether a block is the title, or a heading that repeats it.
pub fn shows_title(arena: &Arena, head: &PageHead, index: usize) -> bool {
    let block = &arena.blocks[index];
    let is_heading = arena.nodes[block.owner as usize].tag.is_heading();
    let repeats = head.like_title[index] > 0.85 && block.stats.words > 2 && is_heading;
    repeats || (head.title_block == Some(index) && head.like_title[index] > 0.75)
}

/// Takes title, date line and author line out, as the draft carries them in fields of their own.
pub fn drop_header(arena: &Arena, head: &PageHead, shown: &MetadataPositions, choice: &mut Choice) {
    for (index, block) in arena.blocks.iter().enumerate() {
        let is_in = |node: u32| {
            arena.nodes.get(node as usize).is_some_and(|found| block.first < found.end && node < block.last)
        };
        if is_in(shown.title) || shows_title(arena, head, index) {
            choice.drop(index, Why::Title);
        } else if block.stats.chars <= MAX_HEADER_CHARS
            && block.stats.sentences < 2
            && (is_in(shown.published) || is_in(shown.author))
        {
            choice.drop(index, Why::Header);
        }
    }
}
