//! What class, id, role and itemprop say of an element: a table of word stems, each with what it hints at.
//!
//! The words are those that content management systems and their themes use, in English and, as far as portals do so, in
//! Vietnamese, German, French and Spanish. Idea: Readability's positive and negative names, trafilatura's lists; the
//! weight of each kind is not set here but learned, see `model`.

use std::collections::HashMap;

use html5ever::local_name;
use scraper::StrTendril;
use scraper::node::Element;

use super::stats::QuickHash;
use super::tag::Tag;

/// A set of hints, one bit for each kind.
pub type Hints = u32;

/// How many kinds there are.
pub const KINDS: usize = 26;

macro_rules! kinds {
    ($($name:ident = $bit:literal),* $(,)?) => { $(pub const $name: Hints = 1 << $bit;)* };
}

kinds! {
    BODY = 0, CONTENT = 1, TEXT = 2, LEAD = 3, TITLE = 4, NAV = 5, FOOTER = 6, HEADER = 7, SIDE = 8, COMMENT = 9,
    SHARE = 10, RELATED = 11, PROMO = 12, AD = 13, AUTHOR = 14, CAPTION = 15, DATE = 16, TAGS = 17, CRUMB = 18,
    CONSENT = 19, WALL = 20, WIDGET = 21, CARD = 22, QUOTE = 23, MEDIA = 24, HIDDEN = 25,
}

/// The names of the kinds, in the order of their bits.
pub const NAMES: [&str; KINDS] = [
    "body", "content", "text", "lead", "title", "nav", "footer", "header", "side", "comment", "share",
    "related", "promo", "ad", "author", "caption", "date", "tags", "crumb", "consent", "wall", "widget",
    "card", "quote", "media", "hidden",
];

/// Stems of one kind. A word of a class that starts with the stem has the hint; `=` asks for the whole word, `*` finds
/// the stem anywhere in the attribute with its separators taken out (`article-body`, `articleBody`).
const STEMS: &[(Hints, &str)] = &[
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

/// Reads attributes, remembering what it read: the classes of a page repeat.
pub struct Reader {
    prefixes: HashMap<u8, Vec<(&'static [u8], bool, Hints)>>,
    anywhere: Vec<(&'static str, Hints)>,
}

impl Reader {
    /// Sorts the table for look-up.
    pub fn new() -> Self {
        let mut reader = Self { prefixes: HashMap::new(), anywhere: Vec::new() };
        for (kind, stems) in STEMS {
            for stem in stems.split_ascii_whitespace() {
                if let Some(stem) = stem.strip_prefix('*') {
                    reader.anywhere.push((stem, *kind));
                    continue;
                }
                let whole = stem.strip_prefix('=');
                let text = whole.unwrap_or(stem).as_bytes();
                reader.prefixes.entry(text[0]).or_default().push((text, whole.is_some(), *kind));
            }
        }
        reader
    }

    /// The hints of one attribute's value.
    fn read(&self, value: &str) -> Hints {
        let mut hints = 0;
        let mut word: Vec<u8> = Vec::with_capacity(24);
        let mut joined = String::with_capacity(value.len());
        let mut previous = b' ';
        for &byte in value.as_bytes().iter().take(240) {
            let starts =
                !byte.is_ascii_alphabetic() || (byte.is_ascii_uppercase() && previous.is_ascii_lowercase());
            if starts {
                hints |= self.word(&word);
                word.clear();
            }
            if byte.is_ascii_alphanumeric() {
                let lower = byte.to_ascii_lowercase();
                joined.push(char::from(lower));
                if byte.is_ascii_alphabetic() {
                    word.push(lower);
                }
            } else if byte == b' ' {
                joined.push(' ');
            }
            previous = byte;
        }
        hints |= self.word(&word);
        for (stem, kind) in &self.anywhere {
            if hints & kind == 0 && joined.contains(stem) {
                hints |= kind;
            }
        }
        hints
    }

    fn word(&self, word: &[u8]) -> Hints {
        let Some(stems) = word.first().and_then(|first| self.prefixes.get(first)) else { return 0 };
        stems
            .iter()
            .filter(|(stem, whole, _)| if *whole { word == *stem } else { word.starts_with(stem) })
            .fold(0, |all, (_, _, kind)| all | kind)
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
        let is_align =
            value.contains("align-") || value.contains("text-right") || value.contains("text-center");
        let aligned = if is_align { alignment(value) } else { 0 };
        let seen = Seen { hints: self.reader.read(value), look, aligned };
        self.seen.insert(value.clone(), seen);
        seen
    }
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
