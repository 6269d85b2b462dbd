//! What class, id, role and itemprop hint at: a table of word stems, and a matcher that remembers what it read, since
//! the names on a page repeat.
//!
//! The words are those that content management systems and their themes use, in English and, as far as portals do so,
//! in Vietnamese, German, French and Spanish. The idea is Readability's (positive and negative names) and trafilatura's;
//! how much each kind counts is not set here but learned by the classifier.

use std::cell::Cell;
use std::hash::Hasher as _;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use html5ever::local_name;
use rustc_hash::{FxHashMap, FxHasher};
use scraper::node::Element;

use super::tag::Tag;
use crate::html::hidden::is_hiding;

/// A set of hints, one bit for each kind.
pub type ClassHints = u32;

/// Declares the kinds with their names, a bit each in this order.
macro_rules! kinds {
    ($($name:ident = $bit:literal $word:literal),* $(,)?) => {
        $(pub const $name: ClassHints = 1 << $bit;)*
        /// The names of the kinds, in the order of their bits.
        pub const NAMES: &[&str] = &[$($word),*];
    };
}

kinds! {
    BODY = 0 "body", CONTENT = 1 "content", TEXT = 2 "text", LEAD = 3 "lead", TITLE = 4 "title", NAV = 5 "nav",
    FOOTER = 6 "footer", HEADER = 7 "header", SIDE = 8 "side", COMMENT = 9 "comment", SHARE = 10 "share",
    RELATED = 11 "related", PROMO = 12 "promo", AD = 13 "ad", AUTHOR = 14 "author", CAPTION = 15 "caption",
    DATE = 16 "date", TAGS = 17 "tags", CRUMB = 18 "crumb", CONSENT = 19 "consent", WALL = 20 "wall",
    WIDGET = 21 "widget", CARD = 22 "card", QUOTE = 23 "quote", MEDIA = 24 "media", HIDDEN = 25 "hidden",
}

pub const KINDS: usize = NAMES.len();

/// The stems of each kind. A stem stands at the start of a word of the name; with `=` it is the whole word, with `*` it
/// stands anywhere in the name once separators are taken out (`article-body`, `articleBody`).
const STEMS: &[(ClassHints, &str)] = &[
    (
        BODY,
        "*articlebody *articlecontent *articletext *storybody *storycontent *storytext *entrycontent *entrybody \
         *postcontent *postbody *posttext *bodytext *bodycopy *bodycontent *newscontent *newsdetail *newsbody \
         *contentdetail *detailcontent *contentbody *maincontent *singlecontent *blogcontent *pagecontent \
         *articlemain *fulltext *richtext *contenttext *textcontent *noidung *fckdetail *chitiet *cmscontent \
         *articledetail *detailbody *journalcontentarticle *pluginrichtext *artikelinhalt *artikeltext *cuerpo \
         *corps =prose *wysiwyg *articlepage *itemfulltext *fielditem *fieldnamebody *theiabody",
    ),
    (
        CONTENT,
        "content contenido contenu inhalt article artikel articulo story post entry main single detail news",
    ),
    (TEXT, "text texte texto paragraph para body copy block =p prose block wp"),
    (
        LEAD,
        "lead lede sapo summary standfirst intro dek deck excerpt abstract teaser chapo chapeau subtitle subhead \
            subheadline sub description kicker entradilla bajada vorspann anleser tldr keypoints highlights takeaway",
    ),
    (TITLE, "title headline heading titre titulo tieude =h1"),
    (
        NAV,
        "nav menu navbar navigation pager pagination breadcrumbs toolbar topbar tabs toc skip sitemap dropdown \
           offcanvas hamburger jump prev next",
    ),
    (FOOTER, "foot footer bottom colophon copyright legal imprint impressum disclaimer"),
    (HEADER, "header masthead banner top hero logo brand"),
    (SIDE, "side sidebar aside rail secondary right left col3 complementary sticky"),
    (
        COMMENT,
        "comment disqus respond reply replies discussion kommentar commentaire binhluan livefyre spotim \
               coral forum =coms",
    ),
    (
        SHARE,
        "share sharing shares social facebook twitter whatsapp follow addthis addtoany bookmark print tools \
             =tool like reaction heateor sharedaddy jp email linkedin pinterest action clipboard",
    ),
    (
        RELATED,
        "related relate recommend recirc more most popular trending similar outbrain taboola readmore readnext \
               tinkhac lienquan xemthem verwandt weitere mehr latest recent suggest further also upnext next \
               morefrom moreon associated linked links link see seealso voir lire alire relacionad =zone carousel \
               slider swiper editorspick recommended docthem",
    ),
    (
        PROMO,
        "promo newsletter subscribe subscription signup cta optin offer app mailchimp mailing campaign donate \
             support marketing callout abo register convertkit hubspot popup modal lightbox overlay fundraising \
             membership member download",
    ),
    (
        AD,
        "=ad =ads advert adslot advertisement sponsor sponsored adsense dfp gpt doubleclick publicidad werbung anzeige \
          pub =adv adbox adunit ads native affiliate commercial quangcao banner outstream inread teads google ezoic \
          shop product buy price deal amazon",
    ),
    (
        AUTHOR,
        "author byline bio writer contributor autor auteur tacgia vcard profile reporter journalist credits \
              signature avatar redakteur",
    ),
    (
        CAPTION,
        "caption figcaption credit legend bildunterschrift leyenda legende picbox imgcap photographer \
               photocredit attribution =source copyright desc imagetext imagecaption chuthich",
    ),
    (
        DATE,
        "date time timestamp datetime published updated meta postmeta info fecha datum ngay dateline =infos posted \
            pubdate readingtime reading",
    ),
    (
        TAGS,
        "=tag =tags taglist tagcloud topics topic keyword category categories cat tagged filed terms label \
            hashtag tukhoa schlagwort themen rubrik section",
    ),
    (CRUMB, "breadcrumb crumb breadcrumbs =path location"),
    (CONSENT, "cookie consent gdpr privacy cmp onetrust didomi ccpa notice alert warning"),
    (
        WALL,
        "paywall premium login signin register regwall meter piano locked gate gated plus subscriber restricted \
            abonne exclusive",
    ),
    (
        WIDGET,
        "widget module plugin box panel component embed infobox factbox sponsor poll quiz survey weather stock \
              ticker search form input button btn icon tooltip",
    ),
    (
        CARD,
        "card teaser item list grid tile thumb thumbnail listing feed archive loop row collection stream media",
    ),
    (QUOTE, "quote pullquote blockquote zitat citation pull"),
    (
        MEDIA,
        "image img photo picture gallery slideshow video player figure audio media bild foto hinh anh jwplayer \
             youtube podcast vid carousel slide infographic map chart",
    ),
    (
        HIDDEN,
        "hidden hide invisible screenreader =sr visually assistive offscreen =none mobileonly noprint accessib",
    ),
];

/// Stands before and after each word of a name.
const EDGE: u8 = 1;

/// Names of an element beyond these are not read: some styles give dozens, the telling ones first.
const MAX_NAMES: usize = 24;

/// A name is read so far.
const MAX_NAME_BYTES: usize = 120;

/// The stems, ready to be looked for in names.
struct Matcher {
    /// Stems at the start of a word, in a name whose words stand between edges.
    words: StemSet,
    /// Stems anywhere in a name without separators.
    anywhere: StemSet,
}

struct StemSet {
    patterns: AhoCorasick,
    kinds: Vec<ClassHints>,
}

impl StemSet {
    fn new(stems: &[(Vec<u8>, ClassHints)]) -> Self {
        let patterns = stems.iter().map(|(stem, _)| stem);
        let patterns = AhoCorasick::builder().ascii_case_insensitive(true).build(patterns);
        Self {
            patterns: patterns.expect("the stems are few and short"),
            kinds: stems.iter().map(|(_, kind)| *kind).collect(),
        }
    }

    fn hints(&self, name: &[u8]) -> ClassHints {
        self.patterns.find_overlapping_iter(name).fold(0, |all, found| all | self.kinds[found.pattern()])
    }
}

static MATCHER: LazyLock<Matcher> = LazyLock::new(|| {
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
    Matcher { words: StemSet::new(&words), anywhere: StemSet::new(&anywhere) }
});

impl Matcher {
    /// The hints of one name: of a class, an id, a role.
    fn hints(&self, name: &str) -> ClassHints {
        let name = &name.as_bytes()[..name.len().min(MAX_NAME_BYTES)];
        let (mut words, mut joined) = (vec![EDGE], Vec::with_capacity(name.len()));
        let mut previous = b' ';
        for &byte in name {
            let starts_word =
                !byte.is_ascii_alphabetic() || (byte.is_ascii_uppercase() && previous.is_ascii_lowercase());
            if starts_word && words.last() != Some(&EDGE) {
                words.push(EDGE);
            }
            if byte.is_ascii_alphabetic() {
                words.push(byte);
            }
            if byte.is_ascii_alphanumeric() {
                joined.push(byte);
            }
            previous = byte;
        }
        words.push(EDGE);
        self.words.hints(&words) | self.anywhere.hints(&joined)
    }
}

/// What attributes say of an element.
#[derive(Clone, Copy, Debug, Default)]
pub struct AttributeHints {
    pub hints: ClassHints,
    /// A hash of tag and class.
    pub style: u32,
    /// 1 if the content is centred, 2 if it is set to the right.
    pub aligned: u8,
}

/// What values and names were found to say. It depends on nothing but their letters.
#[derive(Default)]
struct Cache {
    values: FxHashMap<Box<str>, AttributeHints>,
    names: FxHashMap<Box<str>, ClassHints>,
}

/// A cache with more entries is dropped after the page. A page has about a hundred, the pages of a portal share most of
/// them; one that brings thousands, or chooses them so that their hashes collide, slows down nothing but itself.
const MAX_CACHED: usize = 1_000;
/// Values of more bytes are not cached.
const MAX_CACHED_BYTES: usize = 200;

thread_local! {
    /// Kept from page to page, as a thread reads many pages of one portal.
    static CACHE: Cell<Cache> = Cell::default();
}

/// Reads the attributes of a page's elements.
pub struct HintCache(Cache);

impl Drop for HintCache {
    fn drop(&mut self) {
        if self.0.values.len().max(self.0.names.len()) <= MAX_CACHED {
            CACHE.set(std::mem::take(&mut self.0));
        }
    }
}

impl HintCache {
    /// Starts a page with what this thread knows.
    pub fn new() -> Self {
        Self(CACHE.take())
    }

    pub fn read(&mut self, element: &Element, tag: Tag) -> AttributeHints {
        let mut found = AttributeHints { hints: 0, style: tag as u32, aligned: u8::from(tag == Tag::Center) };
        for (name, value) in &element.attrs {
            match name.local {
                local_name!("class") => {
                    let class = self.value(value);
                    found.hints |= class.hints;
                    found.style ^= class.style;
                    found.aligned = found.aligned.max(class.aligned);
                }
                local_name!("id")
                | local_name!("itemprop")
                | local_name!("role")
                | local_name!("property") => {
                    found.hints |= self.value(value).hints;
                }
                local_name!("hidden") => found.hints |= HIDDEN,
                local_name!("aria-hidden") if &**value == "true" => found.hints |= HIDDEN,
                local_name!("style") => {
                    found.hints |= if is_hiding(value) { HIDDEN } else { 0 };
                    if value.contains("text-align") {
                        found.aligned = found.aligned.max(alignment(value));
                    }
                }
                local_name!("align") => {
                    found.aligned = found.aligned.max(alignment(&value.to_ascii_lowercase()));
                }
                _ => {}
            }
        }
        found
    }

    /// The hints of all names in a value.
    fn names(&mut self, value: &str) -> ClassHints {
        let mut hints = 0;
        for name in value.split_ascii_whitespace().take(MAX_NAMES) {
            hints |= match self.0.names.get(name) {
                Some(known) => *known,
                None => {
                    let found = MATCHER.hints(name);
                    if name.len() <= MAX_NAME_BYTES {
                        self.0.names.insert(name.into(), found);
                    }
                    found
                }
            };
        }
        hints
    }

    fn value(&mut self, value: &str) -> AttributeHints {
        if let Some(known) = self.0.values.get(value) {
            return *known;
        }
        // Numbers in classes count instances (`post-1234`), so they are no part of the style.
        let mut style = FxHasher::default();
        style.write_u8(1);
        value.bytes().filter(|byte| !byte.is_ascii_digit()).for_each(|byte| style.write_u8(byte));
        let may_align = value.contains("align-") || value.contains("text-");
        let aligned = if may_align { class_alignment(value) } else { 0 };
        let found = AttributeHints { hints: self.names(value), style: style.finish() as u32, aligned };
        if value.len() <= MAX_CACHED_BYTES {
            self.0.values.insert(value.into(), found);
        }
        found
    }
}

fn class_alignment(class: &str) -> u8 {
    let has = |names: [&str; 2]| names.iter().any(|name| class.contains(name));
    if has(["align-right", "text-right"]) { 2 } else { u8::from(has(["align-center", "text-center"])) }
}

fn alignment(value: &str) -> u8 {
    if value.contains("right") { 2 } else { u8::from(value.contains("center")) }
}
