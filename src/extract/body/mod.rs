//! The main content of a page, found from one walk over its DOM.
//!
//! 1. [`arena`]: the DOM becomes a flat list of nodes and text blocks.
//! 2. [`region`]: the first opinion, a container, by scoring elements (Readability).
//! 3. [`evidence`]: what is known of each block, neighbours and names included, as named numbers (boilerpipe, trafilatura,
//!    site style trees); [`forest`]: the second opinion, a learned table that weighs them.
//! 4. [`decide`]: the two become one decision, header and byline go to fields of their own; [`rules`] of the source win.
//! 5. [`captions`]: pictures and their captions; [`render`]: what stays is written out.
//!
//! The table is made by `scripts/train.sh` from annotated pages; sites that it had not seen are what its figures are
//! measured on.

pub(crate) mod arena;
pub(crate) mod decide;
pub(crate) mod evidence;
pub(crate) mod facts;
pub(crate) mod forest;
pub(crate) mod hints;
pub(crate) mod names;
pub(crate) mod phrases;
mod places;
pub(crate) mod region;
pub(crate) mod render;
pub(crate) mod rules;
mod space;
pub(crate) mod stats;
pub mod study;
pub(crate) mod sums;
mod surroundings;
pub(crate) mod tag;
pub(crate) mod trie;
mod walk;
pub(crate) mod witness;

use std::sync::LazyLock;

use ego_tree::NodeId;
use scraper::Html;

use self::arena::Arena;
use self::decide::{Choice, Why};
use self::evidence::Row;
use self::facts::Facts;
use self::forest::Forest;
use self::names::Memo;
use self::places::{Places, locate};
use self::region::Region;
use self::sums::Sums;
use self::tag::Tag;
use self::witness::Witness;
use super::byline::{self, Byline};
use super::captions::{self, Plan};
use super::explain;
use super::sanity::{self, Measure};
use super::template::{Learned, Observation};
use crate::config::ArticleRules;
use crate::model::{Decision, Fragment};

static TABLE: LazyLock<Forest> = LazyLock::new(|| {
    Forest::read(include_str!("table/first.txt")).expect("the table in the source is well formed")
});

static READER: LazyLock<names::Reader> = LazyLock::new(names::Reader::new);

/// What finding the content takes besides the document.
#[derive(Clone, Copy)]
pub struct Ask<'a> {
    /// Rules of the source file.
    pub rules: &'a ArticleRules,
    /// The element that shows the title.
    pub title: Option<NodeId>,
    /// The element that shows the date.
    pub published: Option<NodeId>,
    /// The element that shows the author.
    pub author: Option<NodeId>,
    /// Whether to write down every decision.
    pub explain: bool,
    /// What was learned from other pages of the source.
    pub learned: Option<Learned<'a>>,
}

/// The content of a page.
#[derive(Debug, Default)]
pub struct Body {
    /// What is kept, as a tree.
    pub content: Fragment,
    /// The byline that stood under or above the text.
    pub byline: Option<Byline>,
    /// What tells an article from other pages.
    pub measure: Measure,
    /// One for each block, if asked for.
    pub decisions: Vec<Decision>,
    /// What the page teaches of its source's template; nothing if no template was at hand.
    pub observation: Observation,
}

/// Finds the content.
pub fn find(document: &Html, ask: &Ask<'_>) -> Body {
    let arena = Arena::of(document, &mut Memo::new(&READER));
    let sums = Sums::of(&arena);
    let region = Region::find(&arena, &sums);
    let facts = Facts::of(document, &arena);
    let verdicts = weigh(&arena, &sums, &region, &facts);
    let mut choice = decide::choose(&arena, &region, &verdicts);
    decide::keep_attachments(&arena, &mut choice);
    let opinion = ask.learned.map(|learned| learned.consult(document, &arena, &choice.keep, &verdicts));
    let opinion = opinion.unwrap_or_default();
    opinion.apply(&mut choice);
    let idle = rules::apply(document, &arena, ask.rules, &mut choice);
    let places = Places {
        title: locate(&arena, ask.title),
        published: locate(&arena, ask.published),
        author: locate(&arena, ask.author),
    };
    decide::drop_header(&arena, &facts, &places, &mut choice);
    let home = known_home(&arena, &verdicts, opinion.home, &places, &choice);
    let home = home.and_then(|home| decide::rescue(&arena, &sums, &verdicts, home, &mut choice));
    let byline = take_byline(&arena, &mut choice);
    let plan = captions::plan(&arena, &sums, &verdicts, &choice.keep, home);
    let byline = byline.or_else(|| byline_of_pictures(&arena, &plan, &mut choice));
    for (index, is_caption) in plan.captions.iter().enumerate() {
        if *is_caption {
            choice.drop(index, Why::Caption);
        }
    }
    Body {
        content: render::render(document, &arena, &choice.keep, &plan),
        byline,
        measure: measure(&arena, &sums, &choice, &plan),
        decisions: if ask.explain {
            explain::decisions(document, &arena, &choice, ask.rules, &idle)
        } else {
            Vec::new()
        },
        observation: opinion.observation,
    }
}

/// The place of the body where next to nothing was kept: as other pages have it, as the page names it, else by its title.
fn known_home(
    arena: &Arena,
    verdicts: &[f32],
    learned: Option<u32>,
    places: &Places,
    choice: &Choice,
) -> Option<u32> {
    if choice.chars(arena) >= decide::SHORT {
        return None;
    }
    let named = || decide::named_home(arena, verdicts);
    learned.or_else(named).or_else(|| places.home(arena, verdicts, choice))
}

/// The second opinion: how likely each block is content.
fn weigh(arena: &Arena, sums: &Sums, region: &Region, facts: &Facts) -> Vec<f32> {
    let witness = Witness::new(arena, sums, region, facts);
    let mut verdicts = vec![HOPELESS; arena.blocks.len()];
    let asked: Vec<usize> = (0..arena.blocks.len()).filter(|index| !is_plain(arena, *index)).collect();
    let mut rows: [Row; forest::SIDE_BY_SIDE] = [[0.0; 256]; _];
    for some in asked.chunks(forest::SIDE_BY_SIDE) {
        for (index, row) in some.iter().zip(&mut rows) {
            witness.fill(*index, row);
        }
        for (index, likely) in some.iter().zip(TABLE.probabilities(&rows[..some.len()])) {
            verdicts[*index] = likely;
        }
    }
    decide::settle(arena, &mut verdicts);
    verdicts
}

/// What a short link in a menu or footer is content by.
const HOPELESS: f32 = 0.004;

/// Whether a block is a short link in a menu, header or footer: most of a page's blocks are, and the table need not be
/// asked.
fn is_plain(arena: &Arena, index: usize) -> bool {
    let block = &arena.blocks[index];
    let names = arena.nodes[block.owner as usize].all;
    block.stats.words < 8
        && block.stats.link_density() > 0.95
        && block.stats.attached == 0
        && names & (hints::NAV | hints::FOOTER | hints::HEADER) != 0
        && names & hints::BODY == 0
}

/// Takes bylines off the end of the text: the last block that stays and the one before it, or the line right under it.
fn take_byline(arena: &Arena, choice: &mut Choice) -> Option<Byline> {
    let mut found: Option<Byline> = None;
    for _ in 0..2 {
        let Some(last) = choice.keep.iter().rposition(|kept| *kept) else { break };
        // All the text there is may be a name only if it is set as one.
        let is_lone = choice.keep.iter().filter(|kept| **kept).count() < 2;
        let is_sibling = |at: &usize| {
            let parent = |index: usize| arena.nodes[arena.blocks[index].owner as usize].parent;
            // The line may stand outside of a wrapper that the text alone has.
            let around =
                |at: usize| arena.ancestors(arena.blocks[last].owner).any(|node| node as u32 == parent(at));
            *at < arena.blocks.len()
                && !matches!(choice.why[*at], Why::Byline | Why::Learned(_))
                && around(*at)
        };
        let under = (last + 1..last + 3)
            .filter(is_sibling)
            .find_map(|at| read_byline(arena, at, false).map(|line| (at, line)));
        let Some((at, line)) = read_byline(arena, last, is_lone).map(|line| (last, line)).or(under) else {
            break;
        };
        choice.drop(at, Why::Byline);
        let merged = found.get_or_insert_default();
        // Lines are met from the last upwards.
        let lower = std::mem::take(&mut merged.authors);
        merged.authors = line.authors;
        merged.authors.extend(lower);
        merged.credit = merged.credit.take().or(line.credit);
        if at != last {
            break;
        }
    }
    found
}

/// The byline of an article without text: a line set as one, under the last picture or its caption.
fn byline_of_pictures(arena: &Arena, plan: &Plan, choice: &mut Choice) -> Option<Byline> {
    if (0..choice.keep.len()).any(|index| choice.keep[index] && !plan.captions[index]) {
        return None;
    }
    let (last, _) = arena.media.iter().zip(&plan.media).rfind(|(_, kept)| **kept)?;
    let is_under = |at: &usize| {
        let owner = &arena.nodes[arena.blocks[*at].owner as usize];
        arena.ancestors(last.node).any(|node| node as u32 == owner.parent)
    };
    let below = (last.block as usize..arena.blocks.len()).filter(|at| !plan.captions[*at]).take(2);
    let (at, byline) =
        below.filter(is_under).find_map(|at| read_byline(arena, at, true).map(|byline| (at, byline)))?;
    choice.drop(at, Why::Byline);
    Some(byline)
}

fn read_byline(arena: &Arena, index: usize, is_lone: bool) -> Option<Byline> {
    let block = &arena.blocks[index];
    let owner = &arena.nodes[block.owner as usize];
    if owner.tag.is_heading()
        || matches!(owner.tag, Tag::Li | Tag::Td | Tag::Th)
        || block.stats.link_density() > 0.5
    {
        return None;
    }
    let emphasised = block.stats.bold.max(block.stats.italic) * 10 >= block.stats.bytes * 9;
    let hints = byline::Hints { last_block: !is_lone, aligned_end: owner.aligned == 2, emphasised };
    byline::read(arena.text_of(block), hints)
}

fn measure(arena: &Arena, sums: &Sums, choice: &Choice, plan: &Plan) -> Measure {
    let all = 0..arena.blocks.len();
    let mut measure = Measure {
        page_links: sums.link_density(&all),
        media: plan.media.iter().filter(|kept| **kept).count() as u32,
        ..Measure::default()
    };
    let mut since_teaser = usize::MAX;
    for (block, kept) in arena.blocks.iter().zip(&choice.keep) {
        let tag = arena.nodes[block.owner as usize].tag;
        let is_teaser = tag.is_heading() && block.stats.link_density() > 0.8 && block.stats.words > 2;
        since_teaser = if is_teaser { 0 } else { since_teaser.saturating_add(1) };
        measure.teasers += u32::from(is_teaser);
        if *kept {
            measure.chars += block.stats.chars;
            measure.teased += if since_teaser <= 3 { block.stats.chars } else { 0 };
        }
        if measure.heading.is_empty() && matches!(tag, Tag::H1 | Tag::H2) {
            arena.text_of(block).clone_into(&mut measure.heading);
        }
    }
    if measure.chars < sanity::FEW {
        let kept = arena.blocks.iter().zip(&choice.keep).filter(|(_, kept)| **kept);
        measure.text = kept.map(|(block, _)| arena.text_of(block)).collect::<Vec<_>>().join("\n");
    }
    measure
}
