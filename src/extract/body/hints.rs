//! What class, id, role and itemprop say of an element: a table of word stems, each with what it hints at.
//!
//! The words are those that content management systems and their themes use, in English and, as far as portals do so, in
//! Vietnamese, German, French and Spanish. Idea: Readability's positive and negative names, trafilatura's lists; the
//! weight of each kind is not set here but learned, see `model`.

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
pub const STEMS: &[(Hints, &str)] = &[
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
