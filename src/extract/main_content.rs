//! The main content of a page: its blocks are told apart (`body`), bylines go to fields of their own, pictures and
//! captions are chosen (`captions`), and what stays is written out (`render`).

use ego_tree::NodeId;
use scraper::Html;

use super::body::arena::Arena;
use super::body::choice::{Choice, Why};
use super::body::class_hints::{self, HintCache};
use super::body::classifier::{LANES, MODEL};
use super::body::content_root::{self, MetadataPositions};
use super::body::features::{PageFeatures, Row};
use super::body::page_head::PageHead;
use super::body::prefix_sums::PrefixSums;
use super::body::readability::Readability;
use super::body::tag::Tag;
use super::body::{decide, rules};
use super::byline::{self, Byline};
use super::captions::{self, MediaPlan};
use super::explain;
use super::render;
use super::sanity::{ContentMeasure, FEW_SENTENCES_CHARS};
use super::template::{Learned, Observation};
use crate::config::ArticleRules;
use crate::model::{Decision, Fragment};

/// What finding the content takes besides the document.
#[derive(Clone, Copy)]
pub struct ContentRequest<'a> {
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
pub struct MainContent {
    /// What is kept, as a tree.
    pub content: Fragment,
    /// The byline that stood under or above the text.
    pub byline: Option<Byline>,
    /// What tells an article from other pages.
    pub measure: ContentMeasure,
    /// One for each block, if asked for.
    pub decisions: Vec<Decision>,
    /// What the page teaches of its source's template; nothing if no template was at hand.
    pub observation: Observation,
}

/// Finds the content.
pub fn find(document: &Html, request: &ContentRequest<'_>) -> MainContent {
    let arena = Arena::of(document, &mut HintCache::new());
    let sums = PrefixSums::of(&arena);
    let readability = Readability::of(&arena, &sums);
    let head = PageHead::of(document, &arena);
    let probabilities = probabilities(&arena, &sums, &readability, &head);
    let mut choice = decide::choose(&arena, &readability, &probabilities);
    decide::keep_attachments(&arena, &mut choice);
    let advice =
        request.learned.map(|learned| learned.compare(document, &arena, &choice.keep, &probabilities));
    let advice = advice.unwrap_or_default();
    advice.apply(&mut choice);
    let unmatched = rules::apply(document, &arena, request.rules, &mut choice);
    let shown = MetadataPositions::locate(&arena, request.title, request.published, request.author);
    decide::drop_header(&arena, &head, &shown, &mut choice);
    let root = content_root::find_root(&arena, &probabilities, advice.root, &shown, &choice);
    let root =
        root.and_then(|root| content_root::keep_root(&arena, &sums, &probabilities, root, &mut choice));
    let byline = take_byline(&arena, &mut choice);
    let plan = captions::plan(&arena, &sums, &probabilities, &choice.keep, root);
    let byline = byline.or_else(|| byline_of_pictures(&arena, &plan, &mut choice));
    for (index, is_caption) in plan.captions.iter().enumerate() {
        if *is_caption {
            choice.drop(index, Why::Caption);
        }
    }
    MainContent {
        content: render::render(document, &arena, &choice.keep, &plan),
        byline,
        measure: measure(&arena, &sums, &choice, &plan),
        decisions: if request.explain {
            explain::decisions(document, &arena, &choice, request.rules, &unmatched)
        } else {
            Vec::new()
        },
        observation: advice.observation,
    }
}

/// How likely each block is content.
fn probabilities(arena: &Arena, sums: &PrefixSums, readability: &Readability, head: &PageHead) -> Vec<f32> {
    let features = PageFeatures::new(arena, sums, readability, head);
    let mut probabilities = vec![MENU_LINK_PROBABILITY; arena.blocks.len()];
    let asked: Vec<usize> = (0..arena.blocks.len()).filter(|index| !is_menu_link(arena, *index)).collect();
    let mut rows = [Row::EMPTY; LANES];
    for some in asked.chunks(LANES) {
        for (index, row) in some.iter().zip(&mut rows) {
            features.fill(*index, row);
        }
        for (index, likely) in some.iter().zip(MODEL.probabilities(&rows[..some.len()])) {
            probabilities[*index] = likely;
        }
    }
    decide::smooth(arena, &mut probabilities);
    probabilities
}

/// What a short link in a menu or footer is given without asking the classifier.
const MENU_LINK_PROBABILITY: f32 = 0.004;

/// Whether a block is a short link in a menu, header or footer, as most blocks of a page are.
fn is_menu_link(arena: &Arena, index: usize) -> bool {
    let block = &arena.blocks[index];
    let names = arena.nodes[block.owner as usize].all;
    block.stats.is_plain_link()
        && block.stats.attached == 0
        && names & (class_hints::NAV | class_hints::FOOTER | class_hints::HEADER) != 0
        && names & class_hints::BODY == 0
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
fn byline_of_pictures(arena: &Arena, plan: &MediaPlan, choice: &mut Choice) -> Option<Byline> {
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
    let emphasised = block.stats.is_italic() || block.stats.bold * 10 >= block.stats.bytes * 9;
    let placement = byline::Placement { last_block: !is_lone, aligned_end: owner.aligned == 2, emphasised };
    byline::read(arena.text_of(block), placement)
}

fn measure(arena: &Arena, sums: &PrefixSums, choice: &Choice, plan: &MediaPlan) -> ContentMeasure {
    let all = 0..arena.blocks.len();
    let mut measure = ContentMeasure {
        page_links: sums.link_density(&all),
        media: plan.media.iter().filter(|kept| **kept).count() as u32,
        ..ContentMeasure::default()
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
    if measure.chars < FEW_SENTENCES_CHARS {
        let kept = arena.blocks.iter().zip(&choice.keep).filter(|(_, kept)| **kept);
        measure.text = kept.map(|(block, _)| arena.text_of(block)).collect::<Vec<_>>().join("\n");
    }
    measure
}
