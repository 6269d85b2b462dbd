//! The words of bylines, as data. Vietnamese ones are written with their marks and compared so, since without them
//! "Báo" (newspaper) is the name "Bảo" and "Đài" (station) the name "Đại".

use std::collections::HashSet;
use std::sync::LazyLock;

/// Words that are asked for one by one.
pub(super) type List = LazyLock<HashSet<&'static str>>;

/// What a label before a colon says of what follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Author,
    /// Whom it is taken from.
    Credit,
    /// Who took the pictures, drew, filmed: no author.
    Other,
}

/// Labels, lower case. A label of several parts ("Tin, ảnh") is an author's if one of its parts is.
pub(super) const LABELS: &[(&str, Role)] = &[
    ("tin", Role::Author),
    ("tin bài", Role::Author),
    ("bài", Role::Author),
    ("bài viết", Role::Author),
    ("thực hiện", Role::Author),
    ("người thực hiện", Role::Author),
    ("nhóm thực hiện", Role::Author),
    ("tác giả", Role::Author),
    ("người viết", Role::Author),
    ("nhóm tác giả", Role::Author),
    ("nhóm phóng viên", Role::Author),
    ("phóng viên", Role::Author),
    ("pv", Role::Author),
    ("nội dung", Role::Author),
    ("biên soạn", Role::Author),
    ("tổng hợp", Role::Author),
    ("by", Role::Author),
    ("author", Role::Author),
    ("authors", Role::Author),
    ("written by", Role::Author),
    ("reported by", Role::Author),
    ("reporting by", Role::Author),
    ("words", Role::Author),
    ("words by", Role::Author),
    ("text", Role::Author),
    ("story", Role::Author),
    ("von", Role::Author),
    ("autor", Role::Author),
    ("autorin", Role::Author),
    ("autoren", Role::Author),
    ("par", Role::Author),
    ("auteur", Role::Author),
    ("texte", Role::Author),
    ("por", Role::Author),
    ("autora", Role::Author),
    ("texto", Role::Author),
    ("di", Role::Author),
    ("door", Role::Author),
    ("av", Role::Author),
    ("af", Role::Author),
    ("oleh", Role::Author),
    ("作者", Role::Author),
    ("记者", Role::Author),
    ("記者", Role::Author),
    ("撰文", Role::Author),
    ("文", Role::Author),
    ("글", Role::Author),
    ("nguồn", Role::Credit),
    ("nguồn tin", Role::Credit),
    ("theo", Role::Credit),
    ("source", Role::Credit),
    ("sources", Role::Credit),
    ("quelle", Role::Credit),
    ("quellen", Role::Credit),
    ("fuente", Role::Credit),
    ("fonte", Role::Credit),
    ("via", Role::Credit),
    ("bron", Role::Credit),
    ("来源", Role::Credit),
    ("來源", Role::Credit),
    ("ảnh", Role::Other),
    ("hình", Role::Other),
    ("hình ảnh", Role::Other),
    ("video", Role::Other),
    ("clip", Role::Other),
    ("đồ họa", Role::Other),
    ("thiết kế", Role::Other),
    ("biên tập", Role::Other),
    ("photo", Role::Other),
    ("photos", Role::Other),
    ("photograph", Role::Other),
    ("picture", Role::Other),
    ("pictures", Role::Other),
    ("image", Role::Other),
    ("images", Role::Other),
    ("foto", Role::Other),
    ("fotos", Role::Other),
    ("bild", Role::Other),
    ("bilder", Role::Other),
    ("illustration", Role::Other),
    ("editing by", Role::Other),
    ("摄影", Role::Other),
    ("编辑", Role::Other),
    ("사진", Role::Other),
];

/// Labels that stand before names without a colon, with their capital: "By Jane Doe", "Theo TTXVN".
pub(super) const OPEN_LABELS: &[(&str, Role)] = &[
    ("By ", Role::Author),
    ("BY ", Role::Author),
    ("by ", Role::Author),
    ("Written by ", Role::Author),
    ("Von ", Role::Author),
    ("VON ", Role::Author),
    ("von ", Role::Author),
    ("Par ", Role::Author),
    ("PAR ", Role::Author),
    ("Por ", Role::Author),
    ("POR ", Role::Author),
    ("Di ", Role::Author),
    ("Door ", Role::Author),
    ("Av ", Role::Author),
    ("Af ", Role::Author),
    ("Oleh ", Role::Author),
    ("Theo ", Role::Credit),
    ("THEO ", Role::Credit),
    ("Source ", Role::Credit),
];

/// What joins names, besides marks.
pub(super) const JOINERS: &[&str] = &[
    " và ",
    " và nhóm ",
    " and ",
    " AND ",
    " und ",
    " UND ",
    " et ",
    " y ",
    " e ",
    " og ",
    " och ",
    " en ",
    " dan ",
    " mit ",
    " with ",
    " – ",
    " — ",
    " - ",
    "–",
    "—",
    " & ",
    " + ",
    ";",
    ",",
    "/",
    " | ",
    "|",
    " · ",
    " • ",
    "、",
    "，",
    "\u{b7}",
];

/// First words of what is no person.
pub(super) static ORGANISATION_STARTS: List = LazyLock::new(|| {
    "báo đài cổng ban sở ủy uỷ hội cục bộ viện trung tạp thông văn phòng ngân tập thành ubnd hđnd ubmttq \
     công liên tổng chi trang kênh đội ttxvn the agence nhóm tòa toà"
        .split(' ')
        .collect()
});

/// Second words that the ambiguous ones of [`ORGANISATION_STARTS`] need: each of these is also a name or its beginning.
pub(super) const ORGANISATION_SECONDS: &[(&str, &[&str])] = &[
    ("trung", &["tâm"]),
    ("thông", &["tấn", "tin"]),
    ("văn", &["phòng"]),
    ("ngân", &["hàng"]),
    ("thành", &["ủy", "uỷ", "đoàn", "phố"]),
    ("công", &["an", "ty", "đoàn", "thông"]),
    ("liên", &["đoàn", "minh", "hiệp"]),
    ("tổng", &["cục", "công", "liên"]),
    ("chi", &["cục", "nhánh", "bộ"]),
    ("tập", &["đoàn"]),
    ("tạp", &["chí"]),
    ("ủy", &["ban"]),
    ("uỷ", &["ban"]),
    ("hội", &["đồng", "nông", "liên", "phụ", "cựu", "chữ", "nhà", "khuyến", "văn", "luật", "doanh"]),
    ("viện", &["kiểm", "nghiên", "hàn", "khoa"]),
    ("the", &[]),
];

/// Words, or endings after a dot, that only an organisation's name holds, lower case.
pub(super) static ORGANISATION_WORDS: List = LazyLock::new(|| {
    "press agency agentur news media redaktion redaktionsnetzwerk rédaction redacción redazione redação \
     redaction editorial staff team times reuters afp dpa apa efe ansa ap sid epd kna ttxvn vov vtv \
     vnexpress tuoitre online newsroom desk correspondents guardian institute university ministry \
     department bbt pv ctv p.v nachrichten nachrichtenagentur shimbun mdr ndr wdr swr rbb ard zdf bbc \
     cnn nbc rfi associated tribune reporters editors zeitung verlag gmbh inc ltd llc network group \
     service services agencies wires wire contributors board channel magazine newspaper radio tv \
     administrator admin webmaster"
        .split(' ')
        .collect()
});

/// Words that tell what somebody is, not who: such a part of a byline is dropped.
pub(super) static ROLES: List = LazyLock::new(|| {
    "correspondent editor reporter writer journalist redakteur redakteurin korrespondent korrespondentin \
     chefredakteur columnist producer contributor journaliste chef periodista analyst author freelance \
     head chief senior thực ghi t/h ressortleiter reporterin autorin volontär volontärin photographer \
     professor lecturer fellow"
        .split(' ')
        .collect()
});

/// Words that no name begins with.
pub(super) static NO_NAME: List = LazyLock::new(|| "mit with from avec aus".split(' ').collect());

/// Small words within names.
pub(super) const PARTICLES: &[&str] = &[
    "van", "von", "de", "der", "den", "del", "della", "di", "da", "dos", "das", "do", "du", "la", "le", "el",
    "al", "bin", "ibn", "ter", "ten", "zu", "zur", "zum", "af", "av", "y", "e", "dr.", "st.", "und",
];
