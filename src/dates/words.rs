//! The words of dates: months, weekdays, units, zones and the like, as data, folded (lower case, no diacritics).
//!
//! Vietnamese forms are those counted over the site files of docbao and in chrono's and dateparser's tables; the other
//! languages follow CLDR's names and abbreviations. Two of dateparser's Vietnamese entries are wrong and left out
//! ("Thứ 1" is not Sunday, "nguyên bản" is not a minute).

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Weekday;

use super::lex::{Kind, Unit};

/// January to December. A full stop after an abbreviation is the lexer's affair.
const MONTHS: [&str; 12] = [
    "january jan januar janner janvier janv enero ene gennaio janeiro januari stycznia januara ocak januaro январь января янв",
    "february feb februar fevrier fevr fev febrero febbraio fevereiro februari lutego subat feber февраль февраля фев",
    "march mar marz maerz mars marzo março marco mart maart mrt mrz marca maret март марта мар",
    "april apr avril avr abril abr aprile kwietnia nisan апрель апреля апр",
    "may mai mayo maggio mag maio mei maj maja mayis май мая",
    "june jun juni juin junio giugno giu junho czerwca haziran июнь июня июн",
    "july jul juli juillet juil julio luglio lug julho lipca temmuz июль июля июл",
    "august aug aout agosto ago augustus augusti sierpnia agustus agu agustos август августа авг",
    "september sep sept septembre septiembre setiembre set settembre setembro wrzesnia eylul сентябрь сентября сен сент",
    "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika ekim октябрь октября окт",
    "november nov novembre noviembre novembro listopada kasim ноябрь ноября ноя нояб",
    "december dec dezember dez decembre diciembre dic dicembre dezembro grudnia desember des aralik декабрь декабря дек",
];

/// Monday to Sunday. Two-letter German and three-letter Romance forms serve as a checksum only, so a chance hit does no
/// harm unless the date agrees with it.
const WEEKDAYS: [&str; 7] = [
    "monday mon montag lundi lun lunes lunedi segunda maandag mandag poniedzialek senin понедельник пн",
    "tuesday tue tues dienstag mardi martes martedi terca dinsdag tirsdag tisdag wtorek selasa вторник вт",
    "wednesday wed weds mittwoch mercredi mer miercoles mie mercoledi quarta woensdag onsdag sroda rabu среда ср",
    "thursday thu thur thurs donnerstag jeudi jeu jueves jue giovedi quinta donderdag torsdag czwartek kamis четверг чт",
    "friday fri freitag vendredi ven viernes vie venerdi sexta vrijdag fredag piatek jumat пятница пт",
    "saturday sat samstag sonnabend samedi sam sabado sab sabato zaterdag lordag sobota sabtu суббота сб",
    "sunday sun sonntag dimanche dim domingo domenica dom zondag sondag niedziela minggu воскресенье вс cn",
];

/// Two letters mean a weekday in German only, and only before a stop or comma.
const GERMAN_WEEKDAYS: [&str; 7] = ["mo", "di", "mi", "do", "fr", "sa", "so"];

/// Units of time, also as the marks of clock times and of days ("16 giờ 55", "2024年").
const UNITS: &[(&str, Unit)] = &[
    (
        "second seconds sec secs sekunde sekunden seconde secondes segundo segundos giay 秒 초 秒钟",
        Unit::Second,
    ),
    ("minute minutes min mins minuten minuto minutos phut 分 分钟 分钟 분 分鐘 minuti minuut", Unit::Minute),
    (
        "hour hours hr hrs h stunde stunden std heure heures hora horas gio uhr 时 時 点 點 小时 小時 時間 시 시간 ora ore uur",
        Unit::Hour,
    ),
    ("day days tag tage tagen jour jours dia dias ngay 日 天 일 日前 giorno giorni dag dagen", Unit::Day),
    (
        "week weeks woche wochen semaine semaines semana semanas tuan 周 週間 주 settimana settimane weken",
        Unit::Week,
    ),
    (
        "month months monat monate monaten mois mes meses thang thg 月 월 个月 個月 ヶ月 개월 mese mesi",
        Unit::Month,
    ),
    ("year years jahr jahre jahren an ans annee annees ano anos nam 年 년 anno anni jaar", Unit::Year),
];

/// Words that may stand between the parts of a date without meaning anything.
const FILLERS: &str = "of de del den der the le el la at um a à lúc luc vao vào hoi hồi kl klo alle ore om pada pukul \
     il dia em as las às on the à um gegen ok dne st в na og o";

/// "ago", after the number.
const AGO: &str = "ago truoc 前 之前 以前 전 fa geleden yang lalu назад temu siden sedan atras";

/// "ago", before the number ("il y a" is a phrase).
const AGO_BEFORE: &str = "vor hace ha há";

/// One, as people write it before a unit: "an hour ago", "vor einer Stunde", "một giờ trước".
const ONES: &str = "one an a mot ein einem einer einen un une una uno einige vai few";

/// Zone names with one meaning in news, in minutes east of Greenwich (RFC 822 section 5.1 and common use).
///
/// A name that is not here leaves the time in the zone of the source. RFC 2822 section 4.3 has readers take it for UTC
/// only as long as they know nothing better, and of a source the zone is known: a portal that names a zone few have heard
/// of names its own.
const ZONES: &[(&str, i32)] = &[
    ("utc", 0),
    ("gmt", 0),
    ("ut", 0),
    ("z", 0),
    ("wet", 0),
    ("bst", 60),
    ("cet", 60),
    ("mez", 60),
    ("cest", 120),
    ("mesz", 120),
    ("eet", 120),
    ("eest", 180),
    ("msk", 180),
    ("ict", 420),
    ("vnt", 420),
    ("wib", 420),
    ("sgt", 480),
    ("hkt", 480),
    ("jst", 540),
    ("kst", 540),
    ("aest", 600),
    ("aedt", 660),
    ("nzst", 720),
    ("nzdt", 780),
    ("est", -300),
    ("edt", -240),
    ("cdt", -300),
    ("mst", -420),
    ("mdt", -360),
    ("pst", -480),
    ("pdt", -420),
];

/// Zone names whose offset changes with the season, as POSIX rules, so that nothing has to be looked up on a disk.
const SEASONAL: &[(&str, &str)] = &[
    ("et", "EST5EDT,M3.2.0,M11.1.0"),
    ("ct", "CST6CDT,M3.2.0,M11.1.0"),
    ("mt", "MST7MDT,M3.2.0,M11.1.0"),
    ("pt", "PST8PDT,M3.2.0,M11.1.0"),
];

/// Single words that fit no table above. Scripts without spaces are matched against these greedily.
const SINGLES: &[(&str, Kind)] = &[
    ("ago", Kind::AgoAfter),
    ("am", Kind::Meridiem(false)),
    ("pm", Kind::Meridiem(true)),
    ("sa", Kind::Meridiem(false)),
    ("ch", Kind::Meridiem(true)),
    ("sang", Kind::DayPart(false)),
    ("trua", Kind::DayPart(true)),
    ("chieu", Kind::DayPart(true)),
    ("toi", Kind::DayPart(true)),
    ("上午", Kind::Meridiem(false)),
    ("下午", Kind::Meridiem(true)),
    ("晚上", Kind::Meridiem(true)),
    ("午前", Kind::Meridiem(false)),
    ("午後", Kind::Meridiem(true)),
    ("오전", Kind::Meridiem(false)),
    ("오후", Kind::Meridiem(true)),
    ("today", Kind::RelativeDay(0)),
    ("yesterday", Kind::RelativeDay(-1)),
    ("heute", Kind::RelativeDay(0)),
    ("gestern", Kind::RelativeDay(-1)),
    ("vorgestern", Kind::RelativeDay(-2)),
    ("aujourd'hui", Kind::RelativeDay(0)),
    ("hier", Kind::RelativeDay(-1)),
    ("hoy", Kind::RelativeDay(0)),
    ("ayer", Kind::RelativeDay(-1)),
    ("anteayer", Kind::RelativeDay(-2)),
    ("oggi", Kind::RelativeDay(0)),
    ("ieri", Kind::RelativeDay(-1)),
    ("hoje", Kind::RelativeDay(0)),
    ("ontem", Kind::RelativeDay(-1)),
    ("今天", Kind::RelativeDay(0)),
    ("今日", Kind::RelativeDay(0)),
    ("昨天", Kind::RelativeDay(-1)),
    ("昨日", Kind::RelativeDay(-1)),
    ("前天", Kind::RelativeDay(-2)),
    ("오늘", Kind::RelativeDay(0)),
    ("어제", Kind::RelativeDay(-1)),
    ("刚刚", Kind::Now),
    ("剛剛", Kind::Now),
    ("たった今", Kind::Now),
    ("방금", Kind::Now),
    ("th", Kind::Th),
    ("t", Kind::T),
    ("st", Kind::Ordinal),
    ("nd", Kind::Ordinal),
    ("rd", Kind::Ordinal),
    ("er", Kind::Ordinal),
    ("º", Kind::Ordinal),
    ("ª", Kind::Ordinal),
];

/// Weekdays of scripts without spaces: the prefix or suffix, and the letter of each day from Monday on.
const EASTERN_WEEKDAYS: [&str; 7] = [
    "星期一 周一 週一 礼拜一 月曜日 월요일",
    "星期二 周二 週二 礼拜二 火曜日 화요일",
    "星期三 周三 週三 礼拜三 水曜日 수요일",
    "星期四 周四 週四 礼拜四 木曜日 목요일",
    "星期五 周五 週五 礼拜五 金曜日 금요일",
    "星期六 周六 週六 礼拜六 土曜日 토요일",
    "星期日 星期天 周日 週日 礼拜日 日曜日 일요일",
];

/// Monday to Sunday as jiff names them.
pub(super) const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// All single words. Earlier tables win, so that "mar" is March and not mardi, and "am" a half of the day.
static WORDS: LazyLock<HashMap<&'static str, Kind>> = LazyLock::new(|| {
    let mut words = HashMap::new();
    let mut add = |names: &'static str, kind: Kind| {
        for name in names.split_whitespace() {
            words.entry(name).or_insert(kind);
        }
    };
    for (name, kind) in SINGLES {
        add(name, *kind);
    }
    for (month, names) in (1..).zip(MONTHS) {
        add(names, Kind::Month(month));
    }
    for (day, names) in WEEK.into_iter().zip(WEEKDAYS) {
        add(names, Kind::Weekday(day));
    }
    for (day, names) in WEEK.into_iter().zip(EASTERN_WEEKDAYS) {
        add(names, Kind::Weekday(day));
    }
    for (names, unit) in UNITS {
        add(names, Kind::Unit(*unit));
    }
    for (name, minutes) in ZONES {
        add(name, Kind::Zone(minutes * 60));
    }
    for (index, (name, _)) in SEASONAL.iter().enumerate() {
        add(name, Kind::Season(index));
    }
    add(AGO, Kind::AgoAfter);
    add(AGO_BEFORE, Kind::AgoBefore);
    add(FILLERS, Kind::Filler);
    add(ONES, Kind::One);
    words
});

/// What a folded word means.
pub(super) fn word(folded: &str) -> Option<Kind> {
    WORDS.get(folded).copied()
}

/// What a single letter in brackets means as a weekday: "2024年7月3日(水)", "2024. 7. 3. (수)".
pub(super) fn letter_weekday(letter: &str) -> Option<Weekday> {
    const LETTERS: [&str; 3] = ["一二三四五六日", "月火水木金土日", "월화수목금토일"];
    let place = |letters: &str| letters.chars().position(|other| letter.chars().eq([other]));
    LETTERS.into_iter().find_map(place).map(|day| WEEK[day])
}

/// What a two-letter word means as a German weekday.
pub(super) fn german_weekday(folded: &str) -> Option<Weekday> {
    GERMAN_WEEKDAYS.iter().position(|name| *name == folded).map(|day| WEEK[day])
}

/// Whether a word can mean one before a unit ("a day", "un día", "an hour"), whatever else it means.
pub(super) fn is_one(folded: &str) -> bool {
    ONES.split_whitespace().any(|one| one == folded)
}

/// The POSIX rule of a [`Kind::Season`].
pub(super) fn season(index: usize) -> Option<&'static str> {
    SEASONAL.get(index).map(|(_, rule)| *rule)
}
