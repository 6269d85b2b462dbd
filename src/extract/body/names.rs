//! Reads class, id, role and the like by the table of [`hints`](super::hints), remembering what it read: the names of a
//! page repeat.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use html5ever::local_name;
use scraper::StrTendril;
use scraper::node::Element;

use super::hints::{HIDDEN, Hints, STEMS};
use super::stats::QuickHash;
use super::tag::Tag;

/// Stands before and after each word of a name.
const EDGE: u8 = 1;

/// Reads attributes by the table.
pub struct Reader {
    /// Finds stems at the beginnings of words, in a name whose words are parted.
    words: Finder,
    /// Finds stems anywhere, in a name without separators.
    anywhere: Finder,
}

struct Finder {
    automaton: AhoCorasick,
    kinds: Vec<Hints>,
}

impl Finder {
    fn new(stems: Vec<(Vec<u8>, Hints)>) -> Self {
        let (patterns, kinds): (Vec<Vec<u8>>, Vec<Hints>) = stems.into_iter().unzip();
        let automaton = AhoCorasick::builder()
            .kind(Some(AhoCorasickKind::DFA))
            .build(&patterns)
            .expect("a few hundred short patterns fit an automaton");
        Self { automaton, kinds }
    }

    fn find(&self, text: &[u8]) -> Hints {
        self.automaton
            .find_overlapping_iter(text)
            .fold(0, |all, hit| all | self.kinds[hit.pattern().as_usize()])
    }
}

impl Reader {
    /// Sorts the table for look-up.
    pub fn new() -> Self {
        let (mut words, mut anywhere) = (Vec::new(), Vec::new());
        for (kind, stems) in STEMS {
            for stem in stems.split_ascii_whitespace() {
                if let Some(stem) = stem.strip_prefix('*') {
                    anywhere.push((stem.as_bytes().to_vec(), *kind));
                    continue;
                }
                let mut pattern = vec![EDGE];
                pattern.extend(stem.trim_start_matches('=').bytes());
                pattern.extend(stem.starts_with('=').then_some(EDGE));
                words.push((pattern, *kind));
            }
        }
        Self { words: Finder::new(words), anywhere: Finder::new(anywhere) }
    }

    /// The hints of one attribute's value.
    fn read(&self, value: &str) -> Hints {
        let mut words: Vec<u8> = Vec::with_capacity(value.len() + 16);
        let mut joined: Vec<u8> = Vec::with_capacity(value.len());
        words.push(EDGE);
        let mut previous = b' ';
        for &byte in value.as_bytes().iter().take(240) {
            let starts =
                !byte.is_ascii_alphabetic() || (byte.is_ascii_uppercase() && previous.is_ascii_lowercase());
            if starts && words.last() != Some(&EDGE) {
                words.push(EDGE);
            }
            if byte.is_ascii_alphanumeric() {
                joined.push(byte.to_ascii_lowercase());
                if byte.is_ascii_alphabetic() {
                    words.push(byte.to_ascii_lowercase());
                }
            } else if byte == b' ' {
                joined.push(b' ');
            }
            previous = byte;
        }
        words.push(EDGE);
        self.words.find(&words) | self.anywhere.find(&joined)
    }
}

impl Default for Reader {
    fn default() -> Self {
        Self::new()
    }
}

/// What attributes say of an element.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen {
    /// What they hint at.
    pub hints: Hints,
    /// A hash of tag and class.
    pub look: u32,
    /// 1 if the content is centred, 2 if it is set to the right.
    pub aligned: u8,
}

/// A reader with the memory of one page.
pub struct Memo<'a> {
    reader: &'a Reader,
    seen: HashMap<StrTendril, Seen, QuickHash>,
}

impl<'a> Memo<'a> {
    /// Starts a page.
    pub fn new(reader: &'a Reader) -> Self {
        Self { reader, seen: HashMap::default() }
    }

    /// What an element's attributes say.
    pub fn of(&mut self, element: &Element, tag: Tag) -> Seen {
        let mut seen =
            Seen { hints: 0, look: 0x811c_9dc5 ^ tag as u32, aligned: u8::from(tag == Tag::Center) };
        for (name, value) in &element.attrs {
            match name.local {
                local_name!("class") => {
                    let class = self.value(value);
                    seen.hints |= class.hints;
                    seen.look ^= class.look;
                    seen.aligned = seen.aligned.max(class.aligned);
                }
                local_name!("id")
                | local_name!("itemprop")
                | local_name!("role")
                | local_name!("property") => {
                    seen.hints |= self.value(value).hints;
                }
                local_name!("hidden") => seen.hints |= HIDDEN,
                local_name!("aria-hidden") if &**value == "true" => seen.hints |= HIDDEN,
                local_name!("style") => {
                    seen.hints |= if is_invisible(value) { HIDDEN } else { 0 };
                    if value.contains("text-align") {
                        seen.aligned = seen.aligned.max(alignment(value));
                    }
                }
                local_name!("align") => {
                    seen.aligned = seen.aligned.max(alignment(&value.to_ascii_lowercase()));
                }
                _ => {}
            }
        }
        seen
    }

    fn value(&mut self, value: &StrTendril) -> Seen {
        if let Some(seen) = self.seen.get(value) {
            return *seen;
        }
        let mut look = 0x9e37_79b9_u32;
        // Numbers in classes count instances (`post-1234`), so they are no part of the look.
        for byte in value.bytes().filter(|byte| !byte.is_ascii_digit()) {
            look = (look ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        let is_align = value.contains("align-") || value.contains("text-");
        let aligned = if is_align { class_alignment(value) } else { 0 };
        let seen = Seen { hints: self.reader.read(value), look, aligned };
        self.seen.insert(value.clone(), seen);
        seen
    }
}

fn class_alignment(class: &str) -> u8 {
    let has = |names: [&str; 2]| names.iter().any(|name| class.contains(name));
    if has(["align-right", "text-right"]) { 2 } else { u8::from(has(["align-center", "text-center"])) }
}

fn alignment(value: &str) -> u8 {
    if value.contains("right") { 2 } else { u8::from(value.contains("center")) }
}

fn is_invisible(style: &str) -> bool {
    let mut rest = style;
    while let Some(at) = rest.find(':') {
        let (name, value) = (rest[..at].trim_end(), rest[at + 1..].trim_start());
        if (name.ends_with("display") && value.starts_with("none"))
            || (name.ends_with("visibility") && value.starts_with("hidden"))
        {
            return true;
        }
        rest = &rest[at + 1..];
    }
    false
}
