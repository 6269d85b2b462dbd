//! The evidence: everything that is known of a block, as one row of numbers, each with its name.
//!
//! Text and link density, length and neighbours are boilerpipe's (Kohlschütter et al. 2010), names of classes
//! Readability's and trafilatura's, the statistics of blocks that look alike come from site style trees (Yi & Liu 2003)
//! reduced to one page; the weights are learned, see `model`.

use super::hints;
use super::phrases;
use super::tag::Tag;
use super::witness::Witness;

/// Beyond this many characters a text is long: annotators stop reading where the learner must not conclude that long
/// articles are none.
pub const LONG: f32 = 15_000.0;

/// Beyond this many blocks there are many.
pub const MANY: f32 = 30.0;

/// The names of the columns, hints and phrases excepted.
const COLUMNS: &str = "\
    tag, parent tag, chars, words, word length, link density, links, bold, italic, capitals, uppers, \
    digits, commas, sentences, bars, ending, aligned, starts upper, year, clock, position, chars \
    before, depth, in article, in main, in aside, in form, in header, in list, in table, in figure, \
    in quote, article share, region inside, region score, region own score, main hops up, main hops \
    down, main same, c1 chars, c1 links, c1 paragraphs, c1 share, c1 media, c2 chars, c2 links, c2 \
    paragraphs, c2 share, c2 media, c3 chars, c3 links, c3 paragraphs, look count, look chars, look \
    links, look stops, look share, title, after title, from title, description, publisher, media \
    before, media after, media own, repeated, page chars, page paragraphs, page links, p1 chars, p1 \
    links, p1 ending, p1 tag, p1 same, p2 chars, p2 links, p2 same, n1 chars, n1 links, n1 ending, \
    n1 tag, n1 same, n2 chars, n2 links, n2 same, p1 owner, n1 owner, list item share, before in c1, \
    after in c1, blocks after in c1, before main, after main, heading distance, heading tag, heading \
    says more, heading says subscribe, heading says follow, heading says author, heading says \
    comment";

/// How many columns a row has.
pub const WIDTH: usize = count(COLUMNS) + hints::KINDS + phrases::KINDS;

const fn count(names: &str) -> usize {
    let (bytes, mut at, mut count) = (names.as_bytes(), 0, 1);
    while at < bytes.len() {
        count += (bytes[at] == b',') as usize;
        at += 1;
    }
    count
}

/// The names of all columns, in order.
pub fn names() -> Vec<&'static str> {
    COLUMNS.split(", ").chain(hints::NAMES).chain(phrases::NAMES).collect()
}

/// A row; there are fewer columns than bytes, so that every byte names a place in it.
pub type Row = [f32; 256];

/// Fills a row from left to right.
pub struct Filler<'a> {
    row: &'a mut Row,
    at: usize,
}

impl Filler<'_> {
    /// Fills the next column.
    pub fn put(&mut self, value: f32) {
        self.row[self.at] = value;
        self.at += 1;
    }

    /// Fills the next column with yes or no.
    pub fn flag(&mut self, value: bool) {
        self.put(f32::from(u8::from(value)));
    }
}

impl Witness<'_> {
    /// Fills a row with all that is known of a block.
    pub fn fill(&self, index: usize, row: &mut Row) {
        let mut f = Filler { row, at: 0 };
        self.shape(&mut f, index);
        self.place(&mut f, index);
        self.containers(&mut f, index);
        self.page_wide(&mut f, index);
        self.neighbours(&mut f, index);
        let owner = &self.arena.nodes[self.arena.blocks[index].owner as usize];
        let inner = self.inner(index);
        for bit in 0..hints::KINDS {
            let mask = 1 << bit;
            let level = if (owner.own | inner) & mask != 0 {
                3.0
            } else if owner.near & mask != 0 {
                2.0
            } else {
                f32::from(u8::from(owner.all & mask != 0))
            };
            f.put(level);
        }
        for value in *self.phrases(index) {
            f.put(value);
        }
        debug_assert_eq!(f.at, WIDTH, "every column has a value");
    }

    /// Hints of inline elements around the first text, below the owner.
    fn inner(&self, index: usize) -> hints::Hints {
        let block = &self.arena.blocks[index];
        self.arena
            .ancestors(block.first)
            .take_while(|at| *at as u32 != block.owner)
            .fold(0, |all, at| all | self.arena.nodes[at].own)
    }

    fn shape(&self, f: &mut Filler, index: usize) {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        let parent = self.arena.nodes.get(owner.parent as usize).map_or(Tag::Html, |node| node.tag);
        let stats = &block.stats;
        let text = self.arena.text_of(block);
        let (bytes, chars, words) =
            (stats.bytes.max(1) as f32, stats.chars.max(1) as f32, stats.words.max(1) as f32);
        f.put(owner.tag as u8 as f32);
        f.put(parent as u8 as f32);
        f.put(chars);
        f.put(words);
        f.put(chars / words);
        f.put(stats.link_density());
        f.put(f32::from(stats.links));
        f.put(stats.bold as f32 / bytes);
        f.put(stats.italic as f32 / bytes);
        f.put(stats.capitals as f32 / words);
        f.put(stats.uppers as f32 / chars);
        f.put(stats.digits as f32 / chars);
        f.put(stats.commas as f32 / words);
        f.put(stats.sentences as f32);
        f.put(stats.bars as f32 / words);
        f.put(stats.ending as u8 as f32);
        f.flag(owner.aligned > 0);
        f.flag(text.starts_with(char::is_uppercase));
        let (year, clock) = dates(text);
        f.flag(year);
        f.flag(clock);
    }

    fn page_wide(&self, f: &mut Filler, index: usize) {
        let block = &self.arena.blocks[index];
        let words = self.arena.words_of(block);
        f.put(self.facts.like_title[index]);
        let after = self.facts.title_block.map(|title| index as f32 - title as f32);
        f.put(after.unwrap_or(-99.0).clamp(-99.0, MANY));
        f.put(self.facts.title_block.map_or(-1.0, |title| {
            if title < index { self.sums.chars(&(title..index)).min(LONG) } else { -1.0 }
        }));
        f.put(self.facts.description_share(words));
        f.put(self.facts.article_share(words));
        f.put(self.media[index].min(5) as f32);
        f.put(self.media[index + 1].min(5) as f32);
        let owner = &self.arena.nodes[block.owner as usize];
        let next = self.arena.media.partition_point(|one| one.node < block.owner);
        let holds = |node: u32| node >= block.owner && node < owner.end;
        f.flag(self.arena.media.get(next).is_some_and(|one| holds(one.node)));
        f.flag(self.repeated[index]);
        f.put(self.sums.chars(&self.page).min(LONG));
        f.put(self.sums.paragraphs(&self.page).min(MANY));
        f.put(self.sums.link_density(&self.page));
    }
}

/// Whether a short text names a year, and a time of day.
fn dates(text: &str) -> (bool, bool) {
    if text.len() > 200 {
        return (false, false);
    }
    let bytes = text.as_bytes();
    let (mut year, mut clock) = (false, false);
    let mut at = 0;
    while at < bytes.len() {
        if !bytes[at].is_ascii_digit() {
            at += 1;
            continue;
        }
        let end = bytes[at..].iter().position(|byte| !byte.is_ascii_digit()).map_or(bytes.len(), |n| at + n);
        year |= end - at == 4 && (bytes[at..].starts_with(b"19") || bytes[at..].starts_with(b"20"));
        clock |= end - at <= 2
            && matches!(bytes.get(end), Some(b':' | b'h' | b'.'))
            && bytes.get(end + 1..end + 3).is_some_and(|minutes| minutes.iter().all(u8::is_ascii_digit))
            && !bytes.get(end + 3).is_some_and(u8::is_ascii_digit);
        at = end;
    }
    (year, clock)
}
