//! Phrases that short blocks without content are known by ("read more", "sign up", "follow us"), in the languages of
//! the portals one meets. They are features for the classifier, never a verdict by themselves.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::text;

/// How many kinds of phrases there are.
pub(super) const KINDS: usize = 12;

pub(super) const NAMES: [&str; KINDS] = [
    "more",
    "subscribe",
    "follow",
    "photo",
    "rights",
    "author",
    "date",
    "comment",
    "ad",
    "script",
    "tags",
    "note",
];

/// The places of some kinds in [`NAMES`].
pub(super) const MORE: usize = 0;
pub(super) const SUBSCRIBE: usize = 1;
pub(super) const FOLLOW: usize = 2;
pub(super) const AUTHOR: usize = 5;
pub(super) const COMMENT: usize = 7;

/// Phrases of each kind, lower case, separated by bars.
const PHRASES: [&str; KINDS] = [
    "read more|also read|read also|read next|related|more from|see also|recommended|you may also|you might also|\
     more on this|more stories|don't miss|don’t miss|most read|most popular|trending|up next|keep reading|\
     continue reading|click here|full story|view all|see all|watch:|listen:|in pictures|read:|more:|more about|\
     lesen sie|mehr zum thema|lies auch|lesen sie auch|weitere artikel|zum thema|lire aussi|à lire|voir aussi|\
     sur le même|leer más|lea también|te puede interesar|más información|lee también|leia também|leia mais|saiba mais|\
     leggi anche|lees ook|läs också|les også|læs også|lue myös|czytaj|zobacz|čtěte|čítajte|olvasta|citește|читайте|\
     також|по теме|xem thêm|đọc thêm|tin liên quan|tin khác|bài liên quan|cùng chuyên mục|ayrıca|相关|関連|推荐",
    "newsletter|subscri|sign up|sign in|log in|login|your inbox|register|free trial|become a member|membership|donate|\
     support our|support us|download the app|our app|app store|google play|get the latest|delivered|abonn|anmelden|\
     registrier|suscr|regístr|inscri|iscriviti|aanmelden|prenumer|tilaa|zapisz się|assine|подпис|đăng ký|đăng nhập|\
     tải ứng dụng|join |unlimited access|premium|e-mail|email address|skip to|podcast",
    "follow us|follow |share this|share on|share |facebook|twitter|whatsapp|telegram|instagram|linkedin|tweet|\
     email this|print|copy link|youtube|tiktok|pinterest|folgen|teilen|suivez|partager|síguenos|compart|segui|\
     condividi|seuraa|jaa |udostępnij|theo dõi|chia sẻ|google news|threads|messenger|bluesky|reddit|flipboard",
    "photo|image|getty|reuters|afp|credit|foto|bild|ảnh|courtesy|photograph|picture|(ap|shutterstock|dpa|imago|\
     crédit|screenshot|via |©|ap photo|istock|unsplash|alamy|epa|wikimedia|handout|illustration|video|zdj|kuva|фото|\
     source:|quelle:|fuente:",
    "all rights reserved|copyright|terms of|privacy|disclaimer|cookie|©|alle rechte|derechos reservados|tous droits|\
     bản quyền|ghi rõ nguồn|may not be|permission|guidelines|policy|impressum|agb|datenschutz|opinions expressed|\
     views expressed|not necessarily|syndicated|trademark|giấy phép|gdpr",
    "by |von |por |par |di |door |written by|reporting by|editing by|contributed|reporter|writer|correspondent|\
     author|editor|journalist|tác giả|theo |nguồn|about the|autor|redakt|journaliste|periodista|av |oleh |автор|\
     posted by|staff|contributor|columnist|founder|professor|biograph|is a |ist |covers |works |lives |\
     reach |@|expert|phóng viên|thực hiện",
    "published|updated|posted|last modified|min read|minute read|minutes ago|hours ago|days ago|ago|cập nhật|\
     veröffentlicht|aktualisiert|publié|mis à jour|actualizado|publicado|uhr|stand:|pubblicato|gepubliceerd|\
     publicerad|julkaistu|опублик|january|february|march|april|june|july|august|september|october|november|december|\
     jan |feb |mar |apr |jun |jul |aug |sep |oct |nov |dec | am| pm|gmt|reading time|lesezeit|thứ ",
    "comment|reply|replies|leave a|bình luận|kommentar|commentaire|comentario|commenti|reacties|conversation|\
     discussion|moderat|your name|ý kiến|phản hồi|feedback|submit|letter to the editor",
    "advert|sponsored|anzeige|publicidad|publicité|quảng cáo|article continues|story continues|affiliate|commission|\
     amazon|buy now|shop |$|€|£|deal|discount|check price|werbung|pubblicità|reklam|promoted|partner|continues below|\
     scroll to|coupon|sale",
    "javascript|browser|enable|loading|video player|play video|unsupported|adblock|ad block|cookies|iframe|embed|\
     seconds of|volume|advance|gallery|slideshow|next slide|click to|tap to|trình duyệt|play |close|open in|expand|\
     view this post|this content|consent|externe|swipe|scroll|enlarge",
    "tags:|tags|tag:|filed under|topics|từ khóa|themen|categories|category|in this article|schlagw|posted in|\
     keywords|more about|etiquetas|mots-clés|sujets|temas|argomenti|thẻ|chuyên mục|tagged|#|topic|table of contents|\
     contents|jump to",
    "correction|this article was|this story|originally|first published|first appeared|clarification|editor's note|\
     editor’s note|note:|this report|an earlier version|this post|has been updated|anmerkung|hinweis|nota|source|\
     contact|for more information|visit |call |read the|read our|about ",
];

/// Blocks of more bytes are prose, where such phrases say nothing.
const MAX_BLOCK_BYTES: usize = 420;

/// The phrases, and the kind of each.
static PATTERNS: LazyLock<(AhoCorasick, Vec<usize>)> = LazyLock::new(|| {
    let kinds = PHRASES.iter().enumerate();
    let phrases = kinds.flat_map(|(kind, all)| all.split('|').map(move |phrase| (phrase, kind)));
    let (phrases, kinds): (Vec<&str>, Vec<usize>) = phrases.unzip();
    // Most blocks of a page are asked: what a table of all states saves is worth its 2 MB.
    let kind = Some(AhoCorasickKind::DFA);
    let patterns = AhoCorasick::builder().ascii_case_insensitive(true).kind(kind).build(phrases);
    (patterns.expect("the phrases are few and short"), kinds)
});

/// For each kind 0 if the block has no phrase of it, 1 if it has one, 2 if it begins with one. A phrase begins a word:
/// "tip" is not in "multiple".
pub(super) fn of(block: &str) -> [f32; KINDS] {
    let mut found = [0.0_f32; KINDS];
    if block.len() > MAX_BLOCK_BYTES {
        return found;
    }
    let (patterns, kinds) = &*PATTERNS;
    for phrase in patterns.find_overlapping_iter(block) {
        let before = block[..phrase.start()].chars().next_back();
        if before.is_none_or(|c| !text::is_letter_or_digit(c)) {
            let kind = &mut found[kinds[phrase.pattern()]];
            // A quotation mark or bracket may stand before the first word.
            *kind = kind.max(if phrase.start() <= 2 { 2.0 } else { 1.0 });
        }
    }
    found
}
