//! What the source file says of article pages: where the body stands, what goes out of it, and where it ends. Rules
//! win over the classifier; a rule that matches nothing on a page leaves the page to it.

use scraper::{Html, Selector};

use super::arena::Arena;
use super::choice::{Choice, Why};
use crate::config::ArticleRules;
use crate::extract::text;

/// Applies the rules of a source. Gives those that matched nothing.
pub fn apply(document: &Html, arena: &Arena, rules: &ArticleRules, choice: &mut Choice) -> Vec<String> {
    let mut unmatched = Vec::new();
    if let Some(body) = &rules.body {
        let inside = covered(document, arena, &body.selector);
        if inside.iter().zip(&arena.blocks).any(|(inside, _)| *inside) {
            for (index, inside) in inside.into_iter().enumerate() {
                choice.keep[index] = inside;
                choice.why[index] = if inside { Why::BodyRule } else { Why::OutsideRule };
            }
        } else {
            unmatched.push(format!("body {:?}", body.text));
        }
    }
    for (number, rule) in rules.remove.iter().enumerate() {
        for (index, covered) in covered(document, arena, &rule.selector).into_iter().enumerate() {
            if covered {
                choice.drop(index, Why::Remove(number));
            }
        }
    }
    cut(arena, &rules.cut_at, choice);
    unmatched
}

/// For each block, whether a selected element holds it.
fn covered(document: &Html, arena: &Arena, selector: &Selector) -> Vec<bool> {
    let mut covered = vec![false; arena.blocks.len()];
    let selected: std::collections::HashSet<_> =
        document.select(selector).map(|element| element.id()).collect();
    let mut at = 0;
    while at < arena.nodes.len() {
        let node = &arena.nodes[at];
        if !selected.contains(&node.dom) {
            at += 1;
            continue;
        }
        for (index, block) in arena.blocks.iter().enumerate().skip(arena.blocks_before(at)) {
            if block.first >= node.end {
                break;
            }
            covered[index] |= block.last > at as u32;
        }
        at = node.end as usize;
    }
    covered
}

/// Drops everything from the block on that reads like one of the texts, if there is content before it.
fn cut(arena: &Arena, texts: &[String], choice: &mut Choice) {
    let wanted: Vec<String> = texts.iter().map(|text| text::normalize(text)).collect();
    if wanted.is_empty() {
        return;
    }
    let mut cut: Option<usize> = None;
    let mut begun = false;
    for (index, block) in arena.blocks.iter().enumerate() {
        let reads = block.stats.words < 40 && {
            let own = text::normalize(arena.text_of(block));
            cut = cut.or_else(|| wanted.iter().position(|text| own == *text).filter(|_| begun));
            cut.is_some()
        };
        if reads || cut.is_some() {
            choice.drop(index, Why::CutAt(cut.unwrap_or_default()));
        }
        begun |= choice.keep[index];
    }
}
