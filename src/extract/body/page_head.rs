//! What the head of the page says that helps to find the article's text: titles, description, and the publisher's own
//! copy of the text in JSON-LD.

use rustc_hash::{FxHashMap, FxHashSet};
use scraper::{Html, Node as Dom};

use super::arena::{Arena, Block};
use super::stats::{runs, words_of};
use super::tag::Tag;

type Hashes = FxHashSet<u32>;

/// How many titles are read: the head's, OpenGraph's and Twitter's, and one to spare.
const MAX_TITLES: usize = 4;

/// A block of more words is no title.
const MAX_TITLE_WORDS: usize = 50;

/// What the head says, as sets of hashed words and word runs.
#[derive(Debug, Default)]
pub struct PageHead {
    /// How many words each title has.
    titles: Vec<usize>,
    /// For each word of the titles, the titles that have it, one bit each.
    title_words: FxHashMap<u32, u8>,
    description: Hashes,
    article: Hashes,
    /// How much each block reads like a title, 0 to 1.
    pub like_title: Vec<f32>,
    /// The block that shows the title, if one does.
    pub title_block: Option<usize>,
}

impl PageHead {
    /// Reads the head of a document and finds the title among the blocks.
    pub fn of(document: &Html, arena: &Arena) -> Self {
        let mut head = Self::default();
        for id in &arena.head {
            let Some(node) = document.tree.get(*id) else { continue };
            let Dom::Element(element) = node.value() else { continue };
            match element.name() {
                "title" => head.title(&inner(node)),
                "script" => head.json_ld(&inner(node)),
                "meta" => head.meta(
                    element.attr("property").or_else(|| element.attr("name")).unwrap_or_default(),
                    element.attr("content").unwrap_or_default(),
                ),
                _ => {}
            }
        }
        head.like_title = arena.blocks.iter().map(|block| head.title_share(arena, block)).collect();
        head.title_block = head.find_title(arena);
        head
    }

    fn meta(&mut self, name: &str, content: &str) {
        match name {
            "og:title" | "twitter:title" | "dc.title" | "DC.title" => self.title(content),
            "description" | "og:description" | "twitter:description" => {
                self.description.extend(runs(&words_of(content)));
            }
            _ => {}
        }
    }

    fn title(&mut self, text: &str) {
        let mut words = words_of(text);
        words.truncate(MAX_TITLE_WORDS);
        words.sort_unstable();
        words.dedup();
        if words.is_empty() || self.titles.len() >= MAX_TITLES {
            return;
        }
        for word in &words {
            *self.title_words.entry(*word).or_default() |= 1 << self.titles.len();
        }
        self.titles.push(words.len());
    }

    /// Takes the value of every `articleBody` key, whatever state the rest of the JSON is in.
    fn json_ld(&mut self, json: &str) {
        for (at, key) in json.match_indices("\"articleBody\"") {
            let Some(value) = json[at + key.len()..].trim_start().strip_prefix(':') else { continue };
            let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
            if let Some(Ok(text)) = values.next() {
                self.article.extend(runs(&words_of(&text)));
            }
        }
    }

    fn find_title(&self, arena: &Arena) -> Option<usize> {
        let mut best: Option<(usize, f32)> = None;
        for (index, block) in arena.blocks.iter().enumerate() {
            let tag = arena.nodes[block.owner as usize].tag;
            let bonus = match tag {
                Tag::H1 => 0.5,
                tag if tag.is_heading() => 0.2,
                _ => 0.0,
            };
            let score = self.like_title[index] - block.stats.link_density() * 0.4 + bonus;
            if score > 0.7 && best.is_none_or(|(_, other)| score > other + 0.05) {
                best = Some((index, score));
            }
        }
        best.map(|(index, _)| index)
    }

    /// How much a block reads like the title: the shared words over all words of both, 0 to 1.
    fn title_share(&self, arena: &Arena, block: &Block) -> f32 {
        let own = arena.words_of(block);
        if own.is_empty() || own.len() > MAX_TITLE_WORDS {
            return 0.0;
        }
        let mut shared = [0_usize; MAX_TITLES];
        for titles in own.iter().filter_map(|word| self.title_words.get(word)) {
            for (bit, count) in shared.iter_mut().enumerate() {
                *count += usize::from(titles >> bit & 1);
            }
        }
        let share = |(title, both): (&usize, usize)| {
            let (title, both) = (*title as f32, both.min(*title) as f32);
            // The site's name may follow the title in the head, never in the heading.
            let missing = (title - both).min(4.0) * 0.3;
            both / (own.len() as f32 + missing) * (both / title).sqrt()
        };
        self.titles.iter().zip(shared).map(share).fold(0.0, f32::max)
    }

    /// The share of a block's word runs that the description has.
    pub fn description_share(&self, words: &[u32]) -> f32 {
        share(&self.description, words)
    }

    /// The share of a block's word runs that the publisher's copy of the article has; -1 without a copy.
    pub fn article_share(&self, words: &[u32]) -> f32 {
        if self.article.len() < 40 { -1.0 } else { share(&self.article, words) }
    }
}

fn share(known: &Hashes, words: &[u32]) -> f32 {
    if known.is_empty() {
        return 0.0;
    }
    let (mut all, mut both) = (0_u32, 0_u32);
    for run in runs(words) {
        all += 1;
        both += u32::from(known.contains(&run));
    }
    both as f32 / all.max(1) as f32
}

fn inner(node: ego_tree::NodeRef<'_, Dom>) -> String {
    node.children().filter_map(|child| child.value().as_text()).map(|text| &*text.text).collect()
}
