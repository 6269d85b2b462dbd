//! What can be counted in a text without knowing its language, and its words as numbers.

use std::hash::Hasher as _;
use std::sync::LazyLock;

use rustc_hash::FxHasher;

#[derive(Clone, Debug, Default)]
pub struct TextStats {
    pub bytes: u32,
    /// Bytes in links, in bold, in italics, and in links to documents.
    pub linked: u32,
    pub bold: u32,
    pub italic: u32,
    pub attached: u32,
    /// Texts that are links.
    pub links: u16,
    /// How the text ends, closing quotes and brackets taken off.
    pub ending: Ending,
    /// Length in characters.
    pub chars: u32,
    /// Words; in writing without spaces two characters count as one.
    pub words: u32,
    /// Words that begin with a capital.
    pub capitals: u32,
    pub uppers: u32,
    pub digits: u32,
    pub commas: u32,
    /// Ends of sentences inside or at the end.
    pub sentences: u32,
    /// Bars, bullets, arrows and slashes between words, as menus have them.
    pub bars: u32,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Ending {
    /// As a sentence does.
    Stop,
    Colon,
    Ellipsis,
    /// With a comma or semicolon.
    Comma,
    #[default]
    Word,
    Digit,
    Other,
}

impl TextStats {
    /// Counts a text whose white space is folded, and appends the hashes of its words, case folded.
    pub fn count(&mut self, text: &str, hashes: &mut Vec<u32>) {
        let (mut starts, mut wide) = (true, 0_u32);
        let (mut word, mut in_word) = (FxHasher::default(), false);
        let classes = &*CLASSES;
        for c in text.chars() {
            self.chars += 1;
            // Most letters are small ones within a word.
            if !starts && classes.get(c as usize) == Some(&Class::Lower) {
                word.write_u32(c as u32);
                in_word = true;
                self.ending = Ending::Word;
                continue;
            }
            if starts {
                self.words += 1;
                self.sentences += u32::from(self.ending == Ending::Stop && self.chars > 1);
            }
            let class = classes.get(c as usize).copied().unwrap_or_else(|| Class::of(c));
            self.capitals += u32::from(starts && class == Class::Upper);
            if matches!(class, Class::Lower | Class::Upper | Class::Digit) {
                word.write_u32(self.letter(class, c));
                in_word = true;
            } else {
                if std::mem::take(&mut in_word) {
                    hashes.push(std::mem::take(&mut word).finish() as u32);
                }
                self.mark(class, c);
            }
            wide += u32::from(class == Class::Lower && ('\u{3000}'..='\u{9fff}').contains(&c));
            starts = c == ' ';
        }
        if in_word {
            hashes.push(word.finish() as u32);
        }
        self.sentences += u32::from(self.ending == Ending::Stop && !text.ends_with('。'));
        self.words += wide / 2;
    }

    /// Counts a letter or digit. Gives what it is to a word: upper case is folded.
    fn letter(&mut self, class: Class, c: char) -> u32 {
        let is_upper = class == Class::Upper;
        self.uppers += u32::from(is_upper);
        self.digits += u32::from(class == Class::Digit);
        self.ending = if class == Class::Digit { Ending::Digit } else { Ending::Word };
        if is_upper { lower(c) } else { c as u32 }
    }

    fn mark(&mut self, class: Class, c: char) {
        match class {
            Class::Stop => {
                self.ending = Ending::Stop;
                self.sentences += u32::from(c == '。');
            }
            Class::Comma => {
                self.commas += 1;
                self.ending = Ending::Comma;
            }
            Class::Colon => self.ending = Ending::Colon,
            Class::Ellipsis => self.ending = Ending::Ellipsis,
            Class::Bar => {
                self.bars += 1;
                self.ending = Ending::Other;
            }
            Class::Other => self.ending = Ending::Other,
            _ => {}
        }
    }

    pub fn is_italic(&self) -> bool {
        self.italic * 10 >= self.bytes * 9
    }

    /// Whether most of the text is a link to a document.
    pub fn is_attachment(&self) -> bool {
        self.attached * 2 > self.bytes
    }

    /// Whether it is nothing but a short link.
    pub fn is_plain_link(&self) -> bool {
        self.words < 8 && self.link_density() > 0.95
    }

    /// The share of the text that stands in links, 0 to 1.
    pub fn link_density(&self) -> f32 {
        self.linked as f32 / self.bytes.max(1) as f32
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    /// White space, closing quotes and brackets: they do not change how a text ends.
    Closing,
    Stop,
    Comma,
    Colon,
    Ellipsis,
    Bar,
    Other,
}

/// The classes of the characters of Latin, Greek and Cyrillic writing and of their marks, looked up: each letter of a page
/// is asked for.
static CLASSES: LazyLock<Vec<Class>> = LazyLock::new(|| ('\0'..'\u{2040}').map(Class::of).collect());

impl Class {
    fn of(c: char) -> Self {
        match c {
            'a'..='z' => Self::Lower,
            ' ' | '"' | '\'' | ')' | ']' | '”' | '’' | '“' | '」' => Self::Closing,
            'A'..='Z' => Self::Upper,
            '0'..='9' => Self::Digit,
            '.' | '!' | '?' | '。' | '！' | '？' | '।' | '؟' => Self::Stop,
            ',' | ';' | '、' | '،' | '，' => Self::Comma,
            ':' => Self::Colon,
            '…' => Self::Ellipsis,
            '|' | '•' | '·' | '›' | '»' | '→' | '/' | '▶' => Self::Bar,
            _ if c.is_ascii() => Self::Other,
            _ if c.is_uppercase() => Self::Upper,
            _ if c.is_alphanumeric() => Self::Lower,
            _ => Self::Other,
        }
    }
}

fn lower(c: char) -> u32 {
    if c.is_ascii() { c.to_ascii_lowercase() as u32 } else { c.to_lowercase().next().unwrap_or(c) as u32 }
}

/// Hashes of a text's words, case folded.
pub fn words_of(text: &str) -> Vec<u32> {
    let mut hashes = Vec::new();
    TextStats::default().count(text, &mut hashes);
    hashes
}

/// Hashes of all runs of three words; of the whole if there are fewer.
pub fn runs(words: &[u32]) -> impl Iterator<Item = u32> {
    let fold = |run: &[u32]| {
        let mut hasher = FxHasher::default();
        run.iter().for_each(|word| hasher.write_u32(*word));
        hasher.finish() as u32
    };
    let short = (!words.is_empty() && words.len() < 3).then(|| fold(words));
    words.windows(3).map(fold).chain(short)
}
