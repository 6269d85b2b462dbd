//! What is known of a block, as a row of numbers for the [classifier](super::classifier): one [`Column`] for each
//! number, then one for each kind of class name and one for each kind of phrase.
//!
//! Text and link density, length and neighbours are boilerpipe's (Kohlschütter et al. 2010), the kinds of class names
//! Readability's and trafilatura's. The statistics of blocks of one style come from site style trees (Yi and Liu 2003),
//! reduced to a single page.

mod context;
mod page;
mod phrases;
mod text;

pub(crate) use self::page::PageFeatures;
use super::class_hints;

/// Cap on the length features, in characters. Long articles are often annotated only in part; without a cap the model
/// learns that long means not content.
const MAX_CHARS: f32 = 15_000.0;

/// Cap on counts of blocks and paragraphs.
const MAX_COUNT: f32 = 30.0;

/// Declares the columns with their names, so that the two cannot differ.
macro_rules! columns {
    ($($column:ident)*) => {
        /// A feature that is filled by its name. The order is that of the model file.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(u8)]
        enum Column { $($column),* }

        const COLUMNS: &[Column] = &[$(Column::$column),*];
    };
}

columns! {
    OwnerTag ParentTag Chars Words WordLength LinkDensity Links BoldShare ItalicShare CapitalisedShare UpperCaseShare
    DigitShare CommasPerWord Sentences BarsPerWord Ending IsAligned StartsUpper NamesYear NamesTime
    Position CharsBefore Depth ArticlesAround MainsAround AsidesAround FormsAround HeadersAround ListsAround
    TablesAround FiguresAround QuotesAround ArticleShare
    IsInReadable ReadabilityOfContainers ReadabilityOfContainer HopsUpToMain HopsDownToMain IsInMain
    Container1Chars Container1Links Container1Paragraphs Container1Share Container1Media
    Container2Chars Container2Links Container2Paragraphs Container2Share Container2Media
    Container3Chars Container3Links Container3Paragraphs
    StyleBlocks StyleChars StyleLinks StyleStops StyleShare
    LikeTitle BlocksAfterTitle CharsAfterTitle InDescription InPublishedCopy
    MediaBefore MediaAfter HoldsMedia IsRepeated PageChars PageParagraphs PageLinks
    Previous1Chars Previous1Links Previous1Ending Previous1Tag Previous1Same
    Previous2Chars Previous2Links Previous2Same
    Next1Chars Next1Links Next1Ending Next1Tag Next1Same
    Next2Chars Next2Links Next2Same
    SharesOwnerWithPrevious SharesOwnerWithNext ListShare
    ContainerCharsBefore ContainerCharsAfter ContainerBlocksAfter BlocksBeforeMain BlocksAfterMain
    BlocksSinceHeading HeadingTag HeadingSaysMore HeadingSaysSubscribe HeadingSaysFollow HeadingSaysAuthor
    HeadingSaysComment
}

/// The first column of the kinds of class names, and of the kinds of phrases.
const FIRST_CLASS_HINT: usize = COLUMNS.len();
const FIRST_PHRASE: usize = FIRST_CLASS_HINT + class_hints::KINDS;

/// How many columns a row has.
pub(crate) const WIDTH: usize = FIRST_PHRASE + phrases::KINDS;

/// The names of all columns, in order.
pub(crate) fn names() -> Vec<String> {
    let columns = COLUMNS.iter().map(|column| format!("{column:?}"));
    let classes = class_hints::NAMES.iter().map(|name| format!("Class:{name}"));
    columns.chain(classes).chain(phrases::NAMES.iter().map(|name| format!("Says:{name}"))).collect()
}

/// A row has fewer columns than a byte has values, so the classifier can name a column by a byte and look it up without
/// a bounds check.
pub(crate) const ROW_SLOTS: usize = 256;

#[derive(Clone, Copy)]
pub(crate) struct Row(pub [f32; ROW_SLOTS]);

impl Row {
    pub(crate) const EMPTY: Self = Self([0.0; ROW_SLOTS]);

    fn set(&mut self, column: Column, value: f32) {
        self.0[column as usize] = value;
    }

    fn set_flag(&mut self, column: Column, value: bool) {
        self.set(column, f32::from(u8::from(value)));
    }
}

impl PageFeatures<'_> {
    /// Fills a row with all that is known of a block.
    pub(crate) fn fill(&self, index: usize, row: &mut Row) {
        self.fill_text(row, index);
        self.fill_position(row, index);
        self.fill_containers(row, index);
        self.fill_style(row, index);
        self.fill_title(row, index);
        self.fill_media(row, index);
        self.fill_page(row);
        self.fill_neighbours(row, index);
        self.fill_order(row, index);
        self.fill_heading(row, index);
        self.fill_class_hints(row, index);
        row.0[FIRST_PHRASE..WIDTH].copy_from_slice(self.phrases(index));
    }

    /// For each kind of class name how near one stands: 3 on the block itself, 2 on its parent or grandparent, 1 farther
    /// up, 0 nowhere.
    fn fill_class_hints(&self, row: &mut Row, index: usize) {
        let block = &self.arena.blocks[index];
        let owner = &self.arena.nodes[block.owner as usize];
        // Inline elements around the first text, below the owner.
        let inline = self
            .arena
            .ancestors(block.first)
            .take_while(|at| *at as u32 != block.owner)
            .fold(0, |all, at| all | self.arena.nodes[at].own);
        for (bit, slot) in row.0[FIRST_CLASS_HINT..FIRST_PHRASE].iter_mut().enumerate() {
            let mask = 1 << bit;
            *slot = if (owner.own | inline) & mask != 0 {
                3.0
            } else if owner.near & mask != 0 {
                2.0
            } else {
                f32::from(u8::from(owner.all & mask != 0))
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extract::body::labelled_page::LabelledPage;

    #[test]
    fn every_column_is_filled_for_every_block() {
        let html = include_str!("../../../../tests/data/extract/seed.html");
        let page = LabelledPage::of_filled(html, f32::NAN).expect("a page that can be read");
        let names = names();
        assert_eq!(names.len(), WIDTH);
        assert!(page.rows().count() > 10);
        for row in page.rows() {
            let empty: Vec<&String> =
                names.iter().zip(row).filter(|(_, value)| value.is_nan()).map(|(name, _)| name).collect();
            assert!(empty.is_empty(), "not filled: {empty:?}");
        }
    }
}
