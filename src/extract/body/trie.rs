//! Many short patterns, looked for at once: a tree of bytes, ASCII letters of both cases alike.

use std::collections::BTreeMap;

/// A state of the tree. Those that follow it stand side by side.
#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// The first state that follows, and how many do.
    first: u16,
    count: u16,
    /// The bits of the patterns that end here.
    ends: u32,
}

/// A set of patterns, each with bits that say what it stands for.
#[derive(Debug)]
pub struct Trie {
    /// The state that follows the first by a byte; 0 for none, since no pattern leads back to the start.
    start: [u16; 256],
    states: Vec<State>,
    /// The byte that leads to each state: apart, so that those of a state's followers are read at one go.
    bytes: Vec<u8>,
}

/// A tree while it is built.
#[derive(Default)]
struct Growing {
    next: BTreeMap<u8, Growing>,
    ends: u32,
}

impl Trie {
    /// Builds the tree. There may be fewer than 65,536 bytes in all patterns together.
    pub fn new(patterns: &[(&[u8], u32)]) -> Self {
        let mut root = Growing::default();
        for (pattern, bits) in patterns {
            let last = pattern
                .iter()
                .fold(&mut root, |state, byte| state.next.entry(byte.to_ascii_lowercase()).or_default());
            last.ends |= bits;
        }
        let mut trie = Self { start: [0; 256], states: vec![State::default()], bytes: vec![0] };
        let mut waiting = std::collections::VecDeque::from([(0, root)]);
        while let Some((at, growing)) = waiting.pop_front() {
            let first = trie.states.len();
            trie.states[at] =
                State { first: first as u16, count: growing.next.len() as u16, ends: growing.ends };
            for (byte, next) in growing.next {
                waiting.push_back((trie.states.len(), next));
                trie.states.push(State::default());
                trie.bytes.push(byte);
            }
        }
        let State { first, count, .. } = trie.states[0];
        for state in first..first + count {
            let byte = trie.bytes[state as usize];
            trie.start[byte as usize] = state;
            trie.start[byte.to_ascii_uppercase() as usize] = state;
        }
        trie
    }

    /// The bits of the patterns that a text begins with.
    pub fn at_start(&self, text: &[u8]) -> u32 {
        let Some((first, rest)) = text.split_first() else { return 0 };
        let mut at = self.start[*first as usize];
        let mut bits = 0;
        let mut rest = rest.iter();
        while at != 0 {
            let State { first, count, ends } = self.states[at as usize];
            bits |= ends;
            let Some(byte) = rest.next() else { break };
            let byte = byte.to_ascii_lowercase();
            let next = &self.bytes[first as usize..(first + count) as usize];
            at = next.iter().position(|next| *next == byte).map_or(0, |place| first + place as u16);
        }
        bits
    }

    /// The bits of the patterns that stand anywhere in a text.
    pub fn anywhere(&self, text: &[u8]) -> u32 {
        (0..text.len()).fold(0, |all, at| all | self.at_start(&text[at..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_what_a_text_begins_with() {
        let trie = Trie::new(&[(b"tin", 1), (b"tin khac", 2), ("bài".as_bytes(), 4), (b"t", 8)]);
        for (text, bits) in
            [("Tin khac", 11), ("TIN KHÁC", 9), ("ti", 8), ("bài viết", 4), ("BÀI", 0), ("", 0), ("x", 0)]
        {
            assert_eq!(trie.at_start(text.as_bytes()), bits, "{text}");
        }
        assert_eq!(trie.anywhere(b"xx tin"), 9);
    }
}
