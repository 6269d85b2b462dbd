//! Reads class, id, role and the like by the table of [`hints`](super::hints), remembering what it read: the names of a
//! page repeat.

use std::cell::Cell;
use std::collections::HashMap;

use html5ever::local_name;
use scraper::node::Element;

use super::hints::{HIDDEN, Hints, STEMS};
use super::stats::QuickHash;
use super::tag::Tag;
use super::trie::Trie;
use crate::html::hidden::is_hiding;

/// Stands after each word of a name.
const EDGE: u8 = 1;

/// So many names of an element are read: some styles give dozens, the telling ones first.
const MANY: usize = 24;

/// Names are read so far, in bytes.
const LONGEST: usize = 120;

/// Reads attributes by the table.
pub struct Reader {
    /// Stems at the beginnings of words, in a name whose words are parted.
    words: Trie,
    /// Stems anywhere, in a name without separators.
    anywhere: Trie,
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
                let mut pattern = stem.trim_start_matches('=').as_bytes().to_vec();
                pattern.extend(stem.starts_with('=').then_some(EDGE));
                words.push((pattern, *kind));
            }
        }
        let build = |stems: &[(Vec<u8>, Hints)]| {
            let stems: Vec<(&[u8], Hints)> =
                stems.iter().map(|(stem, kind)| (stem.as_slice(), *kind)).collect();
            Trie::new(&stems)
        };
        Self { words: build(&words), anywhere: build(&anywhere) }
    }

    /// The hints of one name: of a class, an id, a role.
    fn read(&self, name: &str, scratch: &mut [Vec<u8>; 2]) -> Hints {
        let [words, joined] = scratch;
        words.clear();
        joined.clear();
        let mut hints = 0;
        let (mut previous, mut word) = (b' ', 0);
        for &byte in name.as_bytes().iter().take(LONGEST) {
            let starts =
                !byte.is_ascii_alphabetic() || (byte.is_ascii_uppercase() && previous.is_ascii_lowercase());
            if starts && words.len() > word {
                words.push(EDGE);
                hints |= self.words.at_start(&words[word..]);
                word = words.len();
            }
            if byte.is_ascii_alphanumeric() {
                joined.push(byte);
                if byte.is_ascii_alphabetic() {
                    words.push(byte);
                }
            }
            previous = byte;
        }
        words.push(EDGE);
        hints | self.words.at_start(&words[word..]) | self.anywhere.anywhere(joined)
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

/// What names were found to say. It depends on nothing but the names.
#[derive(Default)]
struct Known {
    /// Whole values.
    seen: HashMap<Box<str>, Seen, QuickHash>,
    /// The names in them.
    names: HashMap<Box<str>, Hints, QuickHash>,
}

/// So many values, and names in them, are remembered: those of the templates of some portals. A page has about a hundred;
/// one that brings more, or makes them collide, is forgotten.
const MANY_VALUES: usize = 1_000;
/// Longer values are read each time.
const LONG_VALUE: usize = 200;

thread_local! {
    /// The pages of a portal share nearly all their names, and a thread reads many of them.
    static KNOWN: Cell<Known> = Cell::default();
}

/// A reader that remembers what it read on the pages before.
pub struct Memo<'a> {
    reader: &'a Reader,
    known: Known,
    /// Where names are taken apart.
    scratch: [Vec<u8>; 2],
}

impl Drop for Memo<'_> {
    fn drop(&mut self) {
        if self.known.seen.len().max(self.known.names.len()) <= MANY_VALUES {
            KNOWN.set(std::mem::take(&mut self.known));
        }
    }
}

impl<'a> Memo<'a> {
    /// Starts a page.
    pub fn new(reader: &'a Reader) -> Self {
        Self { reader, known: KNOWN.take(), scratch: Default::default() }
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
                    seen.hints |= if is_hiding(value) { HIDDEN } else { 0 };
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

    /// The hints of all names in a value.
    fn names(&mut self, value: &str) -> Hints {
        let mut hints = 0;
        for name in value.split_ascii_whitespace().take(MANY) {
            hints |= match self.known.names.get(name) {
                Some(known) => *known,
                None => {
                    let found = self.reader.read(name, &mut self.scratch);
                    if name.len() <= LONGEST {
                        self.known.names.insert(name.into(), found);
                    }
                    found
                }
            };
        }
        hints
    }

    fn value(&mut self, value: &str) -> Seen {
        if let Some(seen) = self.known.seen.get(value) {
            return *seen;
        }
        let mut look = 0x9e37_79b9_u32;
        // Numbers in classes count instances (`post-1234`), so they are no part of the look.
        for byte in value.bytes().filter(|byte| !byte.is_ascii_digit()) {
            look = (look ^ u32::from(byte)).wrapping_mul(0x0100_0193);
        }
        let is_align = value.contains("align-") || value.contains("text-");
        let aligned = if is_align { class_alignment(value) } else { 0 };
        let seen = Seen { hints: self.names(value), look, aligned };
        if value.len() <= LONG_VALUE {
            self.known.seen.insert(value.into(), seen);
        }
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
