//! What the head of the page says that helps to know its body: titles, description, and the publisher's own copy of the
//! text in JSON-LD.

use std::collections::HashSet;
use std::hash::{BuildHasher, BuildHasherDefault};

use scraper::{Html, Node as Dom};
use siphasher::sip::SipHasher13;

use super::arena::{Arena, Block};
use super::tag::Tag;

type Hashes = HashSet<u64>;

/// What the head says, as sets of hashed words and word runs.
#[derive(Debug, Default)]
pub struct Facts {
    titles: Vec<Hashes>,
    description: Hashes,
    article: Hashes,
    /// The block that shows the title, if one does.
    pub title_block: Option<usize>,
}

impl Facts {
    /// Reads the head of a document and finds the title among the blocks.
    pub fn of(document: &Html, arena: &Arena) -> Self {
        let mut facts = Self::default();
        for id in &arena.head {
            let Some(node) = document.tree.get(*id) else { continue };
            let Dom::Element(element) = node.value() else { continue };
            match element.name() {
                "title" => facts.titles.push(words(&inner(node))),
                "script" => facts.json_ld(&inner(node)),
                "meta" => facts.meta(
                    element.attr("property").or_else(|| element.attr("name")).unwrap_or_default(),
                    element.attr("content").unwrap_or_default(),
                ),
                _ => {}
            }
        }
        facts.titles.retain(|title| !title.is_empty());
        facts.title_block = facts.find_title(arena);
        facts
    }

    fn meta(&mut self, name: &str, content: &str) {
        match name {
            "og:title" | "twitter:title" | "dc.title" | "DC.title" => self.titles.push(words(content)),
            "description" | "og:description" | "twitter:description" => {
                self.description.extend(runs(content, 3))
            }
            _ => {}
        }
    }

    /// Takes the value of every `articleBody` key, whatever state the rest of the JSON is in.
    fn json_ld(&mut self, json: &str) {
        for (at, key) in json.match_indices("\"articleBody\"") {
            let Some(value) = json[at + key.len()..].trim_start().strip_prefix(':') else { continue };
            let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
            if let Some(Ok(text)) = values.next() {
                self.article.extend(runs(&text, 3));
            }
        }
    }

    fn find_title(&self, arena: &Arena) -> Option<usize> {
        let mut best: Option<(usize, f32)> = None;
        for (index, block) in arena.blocks.iter().enumerate() {
            let tag = arena.nodes[block.owner as usize].tag;
            if block.stats.words > 60 || (block.stats.words < 2 && tag != Tag::H1) {
                continue;
            }
            let bonus = match tag {
                Tag::H1 => 0.5,
                tag if tag.is_heading() => 0.2,
                _ => 0.0,
            };
            let score = self.title_share(arena, block) - block.stats.link_density() * 0.4 + bonus;
            if score > 0.7 && best.is_none_or(|(_, other)| score > other + 0.05) {
                best = Some((index, score));
            }
        }
        best.map(|(index, _)| index)
    }

    /// How much a block reads like the title: the shared words over all words of both, 0 to 1.
    pub fn title_share(&self, arena: &Arena, block: &Block) -> f32 {
        if block.stats.words > 60 {
            return 0.0;
        }
        let own = words(arena.text_of(block));
        self.titles
            .iter()
            .map(|title| {
                let both = own.intersection(title).count() as f32;
                // The site's name may follow the title in the head, never in the heading.
                both / (own.len() as f32 + (title.len() as f32 - both).min(4.0) * 0.3).max(1.0)
                    * (both / title.len() as f32).sqrt()
            })
            .fold(0.0, f32::max)
    }

    /// The share of a block's word runs that the description has.
    pub fn description_share(&self, text: &str) -> f32 {
        share(&self.description, text)
    }

    /// The share of a block's word runs that the publisher's copy of the article has; -1 without a copy.
    pub fn article_share(&self, text: &str) -> f32 {
        if self.article.len() < 40 { -1.0 } else { share(&self.article, text) }
    }
}

fn share(known: &Hashes, text: &str) -> f32 {
    if known.is_empty() {
        return 0.0;
    }
    let (mut all, mut both) = (0_u32, 0_u32);
    for run in runs(text, 3) {
        all += 1;
        both += u32::from(known.contains(&run));
    }
    both as f32 / all.max(1) as f32
}

fn inner(node: ego_tree::NodeRef<'_, Dom>) -> String {
    node.children().filter_map(|child| child.value().as_text()).map(|text| &*text.text).collect()
}

type Hasher = BuildHasherDefault<SipHasher13>;

fn hashes(text: &str) -> impl Iterator<Item = u64> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(|word| {
        let hasher = Hasher::default();
        if word.chars().all(|c| c.is_lowercase() || c.is_ascii_digit()) {
            hasher.hash_one(word)
        } else {
            hasher.hash_one(word.to_lowercase().as_str())
        }
    })
}

fn words(text: &str) -> Hashes {
    hashes(text).collect()
}

/// Hashes of all runs of `n` words; of the whole text if it is shorter.
fn runs(text: &str, n: usize) -> Vec<u64> {
    let words: Vec<u64> = hashes(text).collect();
    let fold = |run: &[u64]| run.iter().fold(0_u64, |all, word| all.rotate_left(17).wrapping_mul(31) ^ word);
    if words.len() < n {
        return if words.is_empty() { Vec::new() } else { vec![fold(&words)] };
    }
    words.windows(n).map(fold).collect()
}
