//! Where things stand: the class-path of every element, as a hash.
//!
//! A step is an element's tag, its id and its first classes. Numbers in names count instances (`post-7301`) and are taken
//! out; `html` and `body`, whose classes name the page, are no steps, nor are inline elements.

use html5ever::local_name;
use scraper::Html;
use scraper::node::Element;

use crate::extract::body::arena::{Arena, NONE};
use crate::extract::body::tag::Tag;

/// Classes of a step: themes put the ones that name the element first and those that name the article behind.
const MAX_STEP_CLASSES: usize = 2;

/// The hash of the path from the root for each node of an arena; that of its parent for texts and inline elements.
pub fn paths(document: &Html, arena: &Arena) -> Vec<u64> {
    let mut paths: Vec<u64> = Vec::with_capacity(arena.nodes.len());
    for node in &arena.nodes {
        let above = if node.parent == NONE { SEED } else { paths[node.parent as usize] };
        let is_step = node.tag.is_block() && !matches!(node.tag, Tag::Html | Tag::Body);
        let element = if is_step {
            document.tree.get(node.dom).and_then(|found| found.value().as_element())
        } else {
            None
        };
        paths.push(element.map_or(above, |element| step(above, element)));
    }
    paths
}

fn step(above: u64, element: &Element) -> u64 {
    let mut hash = add(above.rotate_left(7), element.name().as_bytes());
    for (name, value) in &element.attrs {
        match name.local {
            local_name!("id") => hash = add_name(hash ^ 1, value),
            local_name!("class") => {
                for class in value.split_ascii_whitespace().take(MAX_STEP_CLASSES) {
                    hash = add_name(hash ^ 2, class);
                }
            }
            _ => {}
        }
    }
    hash
}

fn add_name(hash: u64, name: &str) -> u64 {
    name.split(|c: char| c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .fold(hash, |hash, part| add(hash, part.as_bytes()))
}

/// The hash of nothing (FNV-1a, 64 bits). These hashes are kept in the store, so they must not change between builds.
pub const SEED: u64 = 0xcbf2_9ce4_8422_2325;

fn mixed(hash: u64, word: u64) -> u64 {
    let hash = (hash ^ word).wrapping_mul(0x0100_0000_01b3);
    hash ^ (hash >> 29)
}

/// Adds bytes to a hash: FNV-1a over words of eight bytes, mixed at the end so that all bits depend on all bytes.
pub fn add(hash: u64, bytes: &[u8]) -> u64 {
    let mut hash = hash ^ (bytes.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let (words, rest) = bytes.as_chunks::<8>();
    for word in words {
        hash = mixed(hash, u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        hash = mixed(hash, rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    hash = (hash ^ (hash >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}
