//! Countries with their languages and zones, as data. Country codes are those of domains (ISO 3166 and `uk`), zones those
//! of the time zone database's `zone1970.tab`, the one with the most people first where a country has several.

/// A country: its domain, the language most of its portals are in, its zones.
pub(super) type Country = (&'static str, &'static str, &'static [&'static str]);

/// For a language spoken in several countries the first of them stands for it.
pub(super) const COUNTRIES: &[Country] = &[
    ("vn", "vi", &["Asia/Ho_Chi_Minh"]),
    ("la", "lo", &["Asia/Vientiane"]),
    ("kh", "km", &["Asia/Phnom_Penh"]),
    ("th", "th", &["Asia/Bangkok"]),
    ("mm", "my", &["Asia/Yangon"]),
    ("cn", "zh", &["Asia/Shanghai"]),
    ("tw", "zh", &["Asia/Taipei"]),
    ("hk", "zh", &["Asia/Hong_Kong"]),
    ("jp", "ja", &["Asia/Tokyo"]),
    ("kr", "ko", &["Asia/Seoul"]),
    ("id", "id", &["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]),
    ("my", "ms", &["Asia/Kuala_Lumpur"]),
    ("gb", "en", &["Europe/London"]),
    ("uk", "en", &["Europe/London"]),
    (
        "us",
        "en",
        &["America/New_York", "America/Chicago", "America/Los_Angeles", "America/Denver", "America/Phoenix"],
    ),
    (
        "ca",
        "en",
        &["America/Toronto", "America/Vancouver", "America/Edmonton", "America/Winnipeg", "America/Halifax"],
    ),
    ("au", "en", &["Australia/Sydney", "Australia/Brisbane", "Australia/Perth", "Australia/Adelaide"]),
    ("sg", "en", &["Asia/Singapore"]),
    ("ph", "en", &["Asia/Manila"]),
    ("in", "en", &["Asia/Kolkata"]),
    ("nz", "en", &["Pacific/Auckland"]),
    ("ie", "en", &["Europe/Dublin"]),
    ("za", "en", &["Africa/Johannesburg"]),
    ("ng", "en", &["Africa/Lagos"]),
    ("ke", "en", &["Africa/Nairobi"]),
    ("bd", "bn", &["Asia/Dhaka"]),
    ("pk", "ur", &["Asia/Karachi"]),
    ("np", "ne", &["Asia/Kathmandu"]),
    ("lk", "si", &["Asia/Colombo"]),
    ("de", "de", &["Europe/Berlin"]),
    ("at", "de", &["Europe/Vienna"]),
    ("ch", "de", &["Europe/Zurich"]),
    ("fr", "fr", &["Europe/Paris"]),
    ("be", "nl", &["Europe/Brussels"]),
    ("nl", "nl", &["Europe/Amsterdam"]),
    ("es", "es", &["Europe/Madrid", "Atlantic/Canary"]),
    ("mx", "es", &["America/Mexico_City", "America/Tijuana"]),
    ("ar", "es", &["America/Argentina/Buenos_Aires"]),
    ("co", "es", &["America/Bogota"]),
    ("cl", "es", &["America/Santiago"]),
    ("pe", "es", &["America/Lima"]),
    ("pt", "pt", &["Europe/Lisbon", "Atlantic/Azores"]),
    ("br", "pt", &["America/Sao_Paulo", "America/Manaus", "America/Recife"]),
    ("it", "it", &["Europe/Rome"]),
    ("gr", "el", &["Europe/Athens"]),
    ("pl", "pl", &["Europe/Warsaw"]),
    ("cz", "cs", &["Europe/Prague"]),
    ("sk", "sk", &["Europe/Bratislava"]),
    ("hu", "hu", &["Europe/Budapest"]),
    ("ro", "ro", &["Europe/Bucharest"]),
    ("bg", "bg", &["Europe/Sofia"]),
    ("rs", "sr", &["Europe/Belgrade"]),
    ("hr", "hr", &["Europe/Zagreb"]),
    ("ua", "uk", &["Europe/Kyiv"]),
    ("by", "ru", &["Europe/Minsk"]),
    ("ru", "ru", &["Europe/Moscow", "Asia/Yekaterinburg", "Asia/Novosibirsk", "Asia/Vladivostok"]),
    ("kz", "ru", &["Asia/Almaty"]),
    ("se", "sv", &["Europe/Stockholm"]),
    ("no", "no", &["Europe/Oslo"]),
    ("dk", "da", &["Europe/Copenhagen"]),
    ("fi", "fi", &["Europe/Helsinki"]),
    ("ee", "et", &["Europe/Tallinn"]),
    ("lv", "lv", &["Europe/Riga"]),
    ("lt", "lt", &["Europe/Vilnius"]),
    ("tr", "tr", &["Europe/Istanbul"]),
    ("il", "he", &["Asia/Jerusalem"]),
    ("sa", "ar", &["Asia/Riyadh"]),
    ("ae", "ar", &["Asia/Dubai"]),
    ("eg", "ar", &["Africa/Cairo"]),
    ("ma", "ar", &["Africa/Casablanca"]),
    ("ir", "fa", &["Asia/Tehran"]),
];

/// Languages of so many countries that they say nothing of the zone by themselves.
pub(super) const SPREAD: &[&str] = &["en", "es", "pt", "fr", "ar", "zh", "de", "ru"];

/// Domains of countries that are sold to everybody.
pub(super) const SOLD: &[&str] = &["co", "la"];

/// Scripts that tell the language, by ranges of Unicode blocks. Kana before Han, which Japanese is written with as well.
pub(super) const SCRIPTS: &[(&str, &[std::ops::RangeInclusive<char>])] = &[
    ("ja", &['\u{3040}'..='\u{30ff}']),
    ("ko", &['\u{ac00}'..='\u{d7af}']),
    ("zh", &['\u{4e00}'..='\u{9fff}']),
    ("th", &['\u{e00}'..='\u{e7f}']),
    ("lo", &['\u{e80}'..='\u{eff}']),
    ("my", &['\u{1000}'..='\u{109f}']),
    ("km", &['\u{1780}'..='\u{17ff}']),
    ("el", &['\u{370}'..='\u{3ff}']),
    ("he", &['\u{590}'..='\u{5ff}']),
    ("ar", &['\u{600}'..='\u{6ff}']),
    ("ru", &['\u{400}'..='\u{4ff}']),
    // The letters that of the languages in Latin script only Vietnamese has.
    ("vi", &['\u{1ea0}'..='\u{1ef9}', 'Ơ'..='ơ', 'Ư'..='ư']),
];

/// Languages that share a script with the one that stands for it above.
pub(super) const SHARED: &[(&str, &[&str])] = &[
    ("ru", &["uk", "bg", "sr", "be", "kk", "mk", "mn", "ky"]),
    ("ar", &["fa", "ur", "ps", "ckb"]),
    ("he", &["yi"]),
];

/// Small words of languages in Latin script, for pages that do not say their language.
pub(super) const SMALL_WORDS: &[(&str, &[&str])] = &[
    ("en", &["the", "and", "of", "to", "in", "that", "with", "for", "was", "is"]),
    ("fr", &["les", "des", "une", "est", "dans", "pour", "que", "qui", "sur", "avec"]),
    ("de", &["der", "die", "und", "das", "ist", "nicht", "mit", "den", "von", "auf"]),
    ("es", &["los", "las", "una", "por", "con", "para", "del", "que", "como", "más"]),
    ("pt", &["não", "uma", "com", "para", "dos", "das", "que", "mais", "pelo", "são"]),
    ("it", &["che", "della", "per", "non", "con", "una", "gli", "sono", "nel", "delle"]),
    ("nl", &["het", "een", "van", "niet", "met", "voor", "zijn", "dat", "op", "aan"]),
    ("id", &["yang", "dan", "di", "dengan", "untuk", "dari", "ini", "pada", "dalam", "tidak"]),
    ("pl", &["nie", "się", "jest", "na", "do", "przez", "oraz", "dla", "jak", "że"]),
];
