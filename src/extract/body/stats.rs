//! What can be counted in a text without knowing its language.

/// Counts of one block.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    /// Length in bytes, and how many of them stand in links, in bold and in italics.
    pub bytes: u32,
    pub linked: u32,
    pub bold: u32,
    pub italic: u32,
    /// Texts that are links.
    pub links: u16,
    /// Length in characters.
    pub chars: u32,
    /// Words; in writing without spaces two characters count as one.
    pub words: u32,
    /// Words that begin with a capital.
    pub capitals: u32,
    /// Letters in upper case.
    pub uppers: u32,
    /// Digits.
    pub digits: u32,
    /// Commas of all scripts.
    pub commas: u32,
    /// Ends of sentences inside or at the end.
    pub sentences: u32,
    /// Bars, bullets, arrows and slashes between words, as menus have them.
    pub bars: u32,
    /// The last character, closing quotes and brackets taken off.
    pub ending: Ending,
}

/// How a text ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// As a sentence does.
    Stop,
    /// With a colon.
    Colon,
    /// With an ellipsis.
    Ellipsis,
    /// With a comma or semicolon.
    Comma,
    /// With a word.
    #[default]
    Word,
    /// With a digit.
    Digit,
    /// With something else.
    Other,
}

impl Stats {
    /// Counts a text.
    pub fn count(&mut self, text: &str) {
        let (mut previous, mut wide) = (' ', 0_u32);
        for c in text.chars() {
            self.chars += 1;
            if previous == ' ' {
                self.words += 1;
                self.capitals += u32::from(c.is_uppercase());
                self.sentences += u32::from(self.ending == Ending::Stop && self.chars > 1);
            }
            match c {
                'a'..='z' | ' ' => {}
                'A'..='Z' => self.uppers += 1,
                '0'..='9' => self.digits += 1,
                ',' | ';' | '、' | '،' | '，' => self.commas += 1,
                '|' | '•' | '·' | '›' | '»' | '→' | '/' | '▶' => self.bars += 1,
                '。' => self.sentences += 1,
                _ if c.is_uppercase() => self.uppers += 1,
                '\u{3000}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => wide += 1,
                _ => {}
            }
            match c {
                ' ' | '"' | '\'' | ')' | ']' | '”' | '’' | '»' | '“' | '」' => {}
                '.' | '!' | '?' | '。' | '！' | '？' | '।' | '؟' => self.ending = Ending::Stop,
                ':' => self.ending = Ending::Colon,
                '…' => self.ending = Ending::Ellipsis,
                ',' | ';' => self.ending = Ending::Comma,
                '0'..='9' => self.ending = Ending::Digit,
                _ if c.is_alphabetic() => self.ending = Ending::Word,
                _ => self.ending = Ending::Other,
            }
            previous = c;
        }
        self.sentences += u32::from(self.ending == Ending::Stop && !text.ends_with('。'));
        self.words += wide / 2;
    }

    /// The share of the text that stands in links, 0 to 1.
    pub fn link_density(&self) -> f32 {
        self.linked as f32 / self.bytes.max(1) as f32
    }
}
