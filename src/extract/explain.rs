//! What was decided, in words: one entry for each block, so that all entries together are the page's text.

use std::collections::HashSet;

use ego_tree::NodeId;
use scraper::Html;

use super::body::arena::Arena;
use super::body::choice::{Choice, Why};
use super::body::tag::Tag;
use super::text;
use crate::config::ArticleRules;
use crate::model::Decision;

/// Writes down the decision on every block; rules that found nothing come first.
pub fn decisions(
    document: &Html,
    arena: &Arena,
    choice: &Choice,
    rules: &ArticleRules,
    unmatched: &[String],
) -> Vec<Decision> {
    let unmatched = unmatched.iter().map(|rule| Decision {
        place: String::new(),
        kept: false,
        why: format!("rule {rule} found nothing, the evidence decided"),
        text: String::new(),
    });
    let blocks = arena.blocks.iter().enumerate().map(|(index, block)| Decision {
        place: place(document, arena, block.owner),
        kept: choice.keep[index] || choice.why[index] == Why::Caption,
        why: reason(choice.why[index], rules),
        text: arena.text_of(block).to_owned(),
    });
    unmatched.chain(blocks).chain(unread(document, arena)).collect()
}

/// Elements that hold no text of the page at all.
const NO_TEXT: &[&str] = &["head", "script", "style", "template"];

/// What extraction does not read: the choices of forms, drawings, what only browsers without scripts or players show.
fn unread(document: &Html, arena: &Arena) -> Vec<Decision> {
    let read: HashSet<NodeId> = arena.nodes.iter().map(|node| node.dom).collect();
    let mut unread: Vec<(NodeId, Decision)> = Vec::new();
    for node in document.tree.root().descendants() {
        let Some(words) = node.value().as_text().map(|text| text::normalize(text)) else { continue };
        if words.is_empty() || read.contains(&node.id()) {
            continue;
        }
        let names = || node.ancestors().filter_map(|up| up.value().as_element().map(|found| found.name()));
        if names().any(|name| NO_TEXT.contains(&name)) {
            continue;
        }
        // One entry for all that stands in one element, as for a block.
        let Some(holder) = node.parent() else { continue };
        match unread.last_mut().filter(|(last, _)| *last == holder.id()) {
            Some((_, decision)) => decision.text = format!("{} {words}", decision.text),
            None => {
                let place: Vec<&str> = names().take(3).collect();
                let place = place.into_iter().rev().collect::<Vec<_>>().join(" ");
                let why = "no text that people read".to_owned();
                unread.push((holder.id(), Decision { place, kept: false, why, text: words }));
            }
        }
    }
    unread.into_iter().map(|(_, decision)| decision).collect()
}

fn reason(why: Why, rules: &ArticleRules) -> String {
    match why {
        Why::Weighed(p) => format!("evidence {:.0} %", p * 100.0),
        Why::Container => "in the best container".to_owned(),
        Why::Title => "the title".to_owned(),
        Why::Header => "the line of date and author".to_owned(),
        Why::Byline => "the byline".to_owned(),
        Why::Attachment => "a link to a document".to_owned(),
        Why::Outside => "outside of the page's place for the body".to_owned(),
        Why::Caption => "a caption".to_owned(),
        Why::BodyRule => {
            rules.body.as_ref().map_or_else(String::new, |css| format!("in body {:?}", css.text))
        }
        Why::OutsideRule => {
            rules.body.as_ref().map_or_else(String::new, |css| format!("outside of body {:?}", css.text))
        }
        Why::Remove(at) => {
            rules.remove.get(at).map_or_else(String::new, |css| format!("remove {:?}", css.text))
        }
        Why::Learned(reason) => reason.to_string(),
        Why::CutAt(at) => rules.cut_at.get(at).map_or_else(String::new, |text| format!("cut_at {text:?}")),
    }
}

/// A short path in the manner of CSS: the block's element and the nearest two around it that have a name.
fn place(document: &Html, arena: &Arena, owner: u32) -> String {
    let mut steps = Vec::new();
    for at in arena.self_and_ancestors(owner) {
        let node = &arena.nodes[at];
        let Some(element) = document.tree.get(node.dom).and_then(|found| found.value().as_element()) else {
            continue;
        };
        let name = match (element.id(), element.classes().next()) {
            (_, Some(class)) => format!("{}.{class}", element.name()),
            (Some(id), None) => format!("{}#{id}", element.name()),
            (None, None) if steps.is_empty() => element.name().to_owned(),
            (None, None) => continue,
        };
        steps.push(name);
        if steps.len() == 3 || node.tag == Tag::Body {
            break;
        }
    }
    steps.reverse();
    steps.join(" ")
}
