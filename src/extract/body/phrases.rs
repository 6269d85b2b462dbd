//! Phrases by which short blocks give themselves away, in the languages of the portals one meets: data, weighed by the
//! model and never a verdict by themselves.

use std::sync::LazyLock;

use super::trie::Trie;
use crate::extract::text;

/// How many kinds there are.
pub const KINDS: usize = 12;

/// The names of the kinds.
pub const NAMES: [&str; KINDS] = [
    "says more",
    "says subscribe",
    "says follow",
    "says photo",
    "says rights",
    "says author",
    "says date",
    "says comment",
    "says ad",
    "says script",
    "says tags",
    "says note",
];

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

/// Longer blocks are prose: what they say says nothing of them.
const LONGEST: usize = 420;

static PATTERNS: LazyLock<Trie> = LazyLock::new(|| {
    let phrases: Vec<(&[u8], u32)> = PHRASES
        .iter()
        .enumerate()
        .flat_map(|(kind, all)| all.split('|').map(move |phrase| (phrase.as_bytes(), 1 << kind)))
        .collect();
    Trie::new(&phrases)
});

/// For each kind: 0 if the block says nothing of it, 1 if somewhere, 2 if it begins so. A phrase begins a word: "tip" is
/// not in "multiple".
pub fn of(block: &str) -> [f32; KINDS] {
    let mut found = [0.0_f32; KINDS];
    if block.len() > LONGEST {
        return found;
    }
    let (mut first, mut all, mut in_word) = (0_u32, 0_u32, false);
    for (at, c) in block.char_indices() {
        if !in_word {
            let kinds = PATTERNS.at_start(&block.as_bytes()[at..]);
            all |= kinds;
            first |= if at <= 2 { kinds } else { 0 };
        }
        in_word = text::is_letter_or_digit(c);
    }
    for (kind, value) in found.iter_mut().enumerate() {
        *value = ((all >> kind & 1) + (first >> kind & 1)) as f32;
    }
    found
}
