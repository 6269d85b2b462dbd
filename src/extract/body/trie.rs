//! Many short patterns, looked for at once: a tree of bytes, letters of both cases alike.

/// A set of patterns, each with bits that say what it stands for.
#[derive(Debug)]
pub struct Trie {
    /// The class of each byte; 0 for bytes that no pattern has.
    classes: [u8; 256],
    /// How many classes there are.
    width: usize,
    /// The state that follows a state by a class; 0 for none, since no pattern leads back to the start.
    next: Vec<u16>,
    /// The bits of the patterns that end in a state.
    ends: Vec<u32>,
}

impl Trie {
    /// Builds the tree. There may be fewer than 65,536 bytes in all patterns together.
    pub fn new(patterns: &[(&[u8], u32)]) -> Self {
        let mut trie = Self { classes: [0; 256], width: 1, next: Vec::new(), ends: Vec::new() };
        for byte in patterns.iter().flat_map(|(pattern, _)| pattern.iter()) {
            if trie.classes[*byte as usize] == 0 {
                trie.classes[*byte as usize] = trie.width as u8;
                trie.classes[byte.to_ascii_uppercase() as usize] = trie.width as u8;
                trie.width += 1;
            }
        }
        trie.add_state();
        for (pattern, bits) in patterns {
            let mut state = 0;
            for byte in *pattern {
                let at = state * trie.width + trie.classes[*byte as usize] as usize;
                if trie.next[at] == 0 {
                    trie.next[at] = trie.add_state();
                }
                state = trie.next[at] as usize;
            }
            trie.ends[state] |= bits;
        }
        trie
    }

    fn add_state(&mut self) -> u16 {
        self.next.resize(self.next.len() + self.width, 0);
        self.ends.push(0);
        self.ends.len() as u16 - 1
    }

    /// The bits of the patterns that a text begins with.
    pub fn at_start(&self, text: &[u8]) -> u32 {
        let (mut state, mut bits) = (0, 0);
        for byte in text {
            state = self.next[state * self.width + self.classes[*byte as usize] as usize] as usize;
            if state == 0 {
                break;
            }
            bits |= self.ends[state];
        }
        bits
    }

    /// The bits of the patterns that stand anywhere in a text.
    pub fn anywhere(&self, text: &[u8]) -> u32 {
        (0..text.len()).fold(0, |all, at| all | self.at_start(&text[at..]))
    }
}
