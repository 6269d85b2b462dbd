//! Labelled pairs, folding, words.

mod entries;

use std::path::Path;

use icu_normalizer::{ComposingNormalizerBorrowed, DecomposingNormalizerBorrowed};
use serde::Deserialize;

use super::tokens::tokens;
use super::words::Class;
use super::*;

#[derive(Deserialize)]
struct Bases {
    base: Vec<Base>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Base {
    name: String,
    title: String,
    text: String,
    #[serde(default)]
    files: Vec<String>,
    same: Vec<Variant>,
    apart: Vec<Variant>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Variant {
    edits: Vec<[String; 2]>,
    title: Option<String>,
    text: Option<String>,
    first: String,
    more: String,
    files: Option<Vec<String>>,
}

struct Sample {
    title: String,
    text: String,
    files: Vec<String>,
}

impl Base {
    fn plain(&self) -> Sample {
        Sample { title: self.title.clone(), text: self.text.clone(), files: self.files.clone() }
    }

    fn varied(&self, variant: &Variant) -> Sample {
        let mut copy = self.plain();
        for [old, new] in &variant.edits {
            let applies = copy.title.contains(old.as_str()) || copy.text.contains(old.as_str());
            assert!(applies, "{}: nothing reads {old:?}", self.name);
            copy = Sample { title: copy.title.replace(old, new), text: copy.text.replace(old, new), ..copy };
        }
        copy.title = variant.title.clone().unwrap_or(copy.title);
        copy.text = variant.text.clone().unwrap_or(copy.text);
        copy.text = format!("{}\n\n{}\n\n{}", variant.first, copy.text, variant.more);
        copy.files = variant.files.clone().unwrap_or(copy.files);
        copy
    }
}

fn bases() -> Vec<Base> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/identity");
    ["notices.toml", "news.toml"]
        .iter()
        .flat_map(|file| {
            let text = std::fs::read_to_string(folder.join(file)).expect("the pairs");
            toml::from_str::<Bases>(&text).unwrap_or_else(|error| panic!("{file}: {error}")).base
        })
        .collect()
}

fn reading(copy: &Sample) -> TokenizedArticle {
    TokenizedArticle::of(&text(copy))
}

fn text(copy: &Sample) -> ComparedArticle<'_> {
    ComparedArticle {
        title: &copy.title,
        text: &copy.text,
        published: jiff::Timestamp::UNIX_EPOCH,
        files: copy.files.iter().map(String::as_str).collect(),
        images: Vec::new(),
    }
}

/// Whether the index would bring the two together, and the judgement then.
fn joined(one: &Sample, other: &Sample) -> bool {
    let seen = |copy: &Sample| Fingerprint::of(&copy.title, &copy.text);
    let (left, right) = (seen(one), seen(other));
    let stored = Sketch::from_bytes(&right.sketch.to_bytes());
    let met =
        left.bands.iter().any(|key| right.bands.contains(key)) && stored.may_be_release_of(&left.sketch);
    let same = same_release(&reading(one), &reading(other)).is_some();
    assert_eq!(
        same,
        same_release(&reading(other), &reading(one)).is_some(),
        "{} is not symmetrical",
        one.title
    );
    met && same
}

#[test]
fn labelled_pairs() {
    let (mut hits, mut misses, mut wrong, mut right) = (0, 0, 0, 0);
    let bases = bases();
    for base in &bases {
        for (place, variant) in base.same.iter().enumerate() {
            if joined(&base.plain(), &base.varied(variant)) {
                hits += 1;
            } else {
                misses += 1;
                println!("missed: {} same[{place}]", base.name);
            }
        }
        for (place, variant) in base.apart.iter().enumerate() {
            if joined(&base.plain(), &base.varied(variant)) {
                wrong += 1;
                println!("wrongly joined: {} apart[{place}]", base.name);
            } else {
                right += 1;
            }
        }
    }
    // Reposts must also stay apart from the look-alikes of their original, and originals from one another.
    let plain: Vec<Sample> = bases.iter().map(Base::plain).collect();
    let read: Vec<TokenizedArticle> = plain.iter().map(reading).collect();
    let mut cross = 0;
    for (place, one) in read.iter().enumerate() {
        for (other, copy) in read[place + 1..].iter().zip(&plain[place + 1..]) {
            assert_eq!(same_release(one, other), None, "{} and {}", plain[place].title, copy.title);
            cross += 1;
        }
    }
    let precision = f64::from(hits) / f64::from(hits + wrong);
    let recall = f64::from(hits) / f64::from(hits + misses);
    println!(
        "{} pairs: {} reposts, {} look-alikes; {cross} unrelated",
        hits + misses + wrong + right,
        hits + misses,
        wrong + right
    );
    println!("precision {precision:.4}, recall {recall:.4}");
    assert!(hits + misses + wrong + right >= 200, "too few pairs");
    assert!(precision >= 0.995 && recall >= 0.95);
}

#[test]
fn typing_makes_no_difference() {
    let nfd = |text: &str| DecomposingNormalizerBorrowed::new_nfd().normalize(text).into_owned();
    let nfc = |text: &str| ComposingNormalizerBorrowed::new_nfc().normalize(text).into_owned();
    let old_tones =
        |text: &str| text.replace("ủy", "uỷ").replace("hòa", "hoà").replace("úy", "uý").replace("ỏe", "oẻ");
    let quotes = |text: &str| text.replace(['“', '”'], "\"").replace('–', "-");
    for base in bases().iter().filter(|base| base.text.len() > 200) {
        let plain = base.plain();
        let typings: [&dyn Fn(&str) -> String; 6] =
            [&nfd, &nfc, &old_tones, &quotes, &|text| text.to_uppercase(), &|text| {
                text.replace(' ', " \u{a0}")
            }];
        for (place, typing) in typings.iter().enumerate() {
            let typed = Sample { title: typing(&plain.title), text: typing(&plain.text), files: Vec::new() };
            assert!(joined(&plain, &typed), "{} typing {place}", base.name);
        }
    }
}

#[test]
fn tones_are_compared_wherever_they_stand() {
    let folded = |word: &str| tokens(word).iter().last().map(|token| token.text().to_owned());
    for (one, other) in [("uỷ", "ủy"), ("hoà", "hòa"), ("Thuý", "thúy"), ("khoẻ", "khỏe")] {
        assert_eq!(folded(one), folded(other), "{one}");
    }
    assert!(tokens("2020-2025").iter().eq(tokens("2020 – 2025").iter()));
    for (one, other) in [("da", "đa"), ("ma", "má"), ("tư", "tu"), ("lân", "lần")] {
        assert_ne!(folded(one), folded(other), "{one}");
    }
}

#[test]
fn dates_and_times_have_one_spelling() {
    let text =
        |text: &str| -> Vec<String> { tokens(text).iter().map(|token| token.text().to_owned()).collect() };
    for (one, other) in [
        ("ngày 03 tháng 7 năm 2024", "ngày 3/7/2024"),
        ("ngày 22-8", "ngày 22/08"),
        ("lúc 16 giờ 55 phút", "lúc 16h55"),
        ("từ 08:00", "từ 8 giờ"),
        ("1.250.000 đồng", "1250000 đồng"),
    ] {
        assert_eq!(text(one), text(other));
    }
    assert_ne!(text("ngày 3/7"), text("ngày 7/3"));
}

#[test]
fn words_are_told_apart_by_what_they_mean() {
    let classes = |text: &str| -> Vec<(String, Class)> {
        tokens(text).iter().map(|token| (token.text().to_owned(), token.class)).collect()
    };
    let of = |text: &str, class: Class| -> Vec<String> {
        classes(text).into_iter().filter(|(_, is)| *is == class).map(|(text, _)| text).collect()
    };
    let text =
        "Chiều 03/07/2024, tại quận Lê Chân có 1.000 người, số 12/TB-UBND, quý II, lúc 16:55, tháng Ba";
    assert_eq!(of(text, Class::Mark), ["3/7/2024", "12-tb-ubnd", "ii", "16h55", "ba"]);
    assert_eq!(of(text, Class::Quantity), ["1000"]);
    assert_eq!(of(text, Class::Name).len(), 2);
}

#[test]
fn fingerprints_stay_what_they_are_in_databases() {
    let title = "Thông báo số 12/TB-UBND về lịch tiếp công dân tháng 7";
    let text = "Ngày 03 tháng 7 năm 2024, UBND quận Lê Chân tiếp 1.250 người từ 08:00 – 16 giờ 55 phút;\n\n\
                các ông, bà ở quý II (2020-2025) “hoà giải” lần thứ hai\u{a0}tại 35,5 m² đất. Ca\u{309}ng 한국 ΣΑΣ İ";
    let print = Fingerprint::of(title, text);
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(hex(&print.words), "fb8ecdedfc31ef418c4a9a111294ef9d");
    let bands = [
        7992066947345885979,
        6968029584458430587,
        -5935189456082917232,
        -7421023022335287695,
        -3116714752975749883,
        -1698269721908767001,
        4038589844803686916,
        -4738962909891961934,
        -859876094779464518,
        3884815282543209027,
        2781924790048471103,
        1663312693952267885,
        5988345444182339692,
        8092739274665592080,
    ];
    let sketch = "24006ebcff2f2232ca44b13baff0f16cecedc57daecf9cabee7309163927d449b8d4bbac2ff10a8c54509ab8910f1cce\
         6f7d75e29026b3506de62e33feb033c9d6bd8dc0a34f895cb1358f0a9b5ed260436dc486ca9b51ad15b45dcebbf272fe";
    assert_eq!((&print.bands[..], hex(&print.sketch.to_bytes()).as_str()), (&bands[..], sketch));
}

mod quick {
    use super::super::sketch;
    use super::super::tokens::tokens_by;
    use super::*;
    use crate::text::{CharTable, is_invisible, nfc_without_stray_joiners, normalize, strip_diacritics};
    use proptest::prelude::*;

    /// Letters of the table, their marks apart, what is like them and outside of it, numbers and what joins them.
    fn letters() -> impl Strategy<Value = char> {
        let chosen = "aAăÂđĐêơƯẾộữỹỲñİßẞǖ0123456789IVX.,/:-–—… \n\r\u{a0}\u{2002}\u{2028}“;!()\u{300}\u{301}\u{303}\u{309}\
                      \u{323}\u{302}\u{306}\u{31b}\u{307}\u{345}\u{363}\u{315}\u{327}ΣσςǅⅣ½٣한\u{1161}\u{11a8}Ａ①ﬁ\u{212b}\u{200d}\u{ad}Ж本ำ👩";
        prop_oneof![
            8 => prop::sample::select(chosen.chars().collect::<Vec<char>>()),
            2 => prop::char::range('\u{20}', '\u{24f}'),
            2 => prop::char::range('\u{1e00}', '\u{206f}'),
            1 => any::<char>(),
        ]
    }

    fn texts() -> impl Strategy<Value = String> {
        let words =
            "ngày tháng năm số kỳ giờ phút thứ quý lần Ba hai UBND 03 7 2024 12/TB 1.000 16h55 8:00 3/7"
                .split(' ');
        let piece = prop_oneof![
            4 => letters().prop_map(String::from),
            1 => prop::sample::select(words.collect::<Vec<&str>>()).prop_map(|word| format!(" {word} ")),
        ];
        prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
    }

    fn sorted(mut hashes: Vec<u64>) -> Vec<u64> {
        hashes.sort_unstable();
        hashes
    }

    fn plainly_stripped(text: &str) -> String {
        let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
        let bare = apart.chars().filter(|letter| !('\u{300}'..='\u{36f}').contains(letter));
        let lower: String = bare.flat_map(char::to_lowercase).collect();
        let folded = lower.replace('đ', "d").replace('ß', "ss").replace('ς', "σ");
        ComposingNormalizerBorrowed::new_nfc().normalize(&folded).into_owned()
    }

    fn plainly_normal(text: &str) -> String {
        let visible: String = text.chars().filter(|letter| !is_invisible(*letter)).collect();
        let composed = nfc_without_stray_joiners(&visible);
        composed.split_whitespace().collect::<Vec<&str>>().join(" ")
    }

    fn is_plain(text: &str) {
        assert_eq!(strip_diacritics(text), plainly_stripped(text), "{text:?}");
        assert_eq!(normalize(text), plainly_normal(text), "{text:?}");
        let (quick, plain) = (tokens(text), tokens_by(text, CharTable::empty()));
        assert!(quick.iter().eq(plain.iter()), "{text:?}");
        let apart = DecomposingNormalizerBorrowed::new_nfd().normalize(text);
        assert!(plain.iter().eq(tokens_by(&apart, CharTable::empty()).iter()), "{text:?}");
    }

    #[test]
    fn every_letter_is_folded_as_the_normaliser_has_it() {
        for letter in ('\0'..'\u{3000}').chain('\u{ac00}'..'\u{ac80}').chain('\u{f900}'..'\u{10000}') {
            is_plain(&format!(
                "a{letter}b 1{letter}2 {letter} Ế{letter}\u{301} {letter}\u{323}\u{302}{letter}\n\u{301}\n{letter}"
            ));
            // Without marks a line is read in the quick way.
            is_plain(&format!(
                "a{letter}b 1{letter}2 1.{letter} {letter}/1 1-{letter}{letter} {letter}.\n{letter}"
            ));
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_folded_as_the_normaliser_has_it(text in texts()) {
            is_plain(&text);
        }

        #[test]
        fn the_least_hashes_are_the_least_of_their_bins(shingles in prop::collection::vec(any::<u64>(), 1..200)) {
            let least_in = |bin: usize, round: u64| {
                let hashes = shingles.iter().map(|shingle| sketch::rehashed(*shingle, round));
                hashes.filter(|hash| ((u128::from(*hash) * 36) >> 64) as usize == bin).min()
            };
            let plain = |bin| (0..).find_map(|round| least_in(bin, round)).expect("some round fills it");
            prop_assert_eq!(sketch::least(&shingles), (0..36).map(plain).collect::<Vec<u64>>());
            prop_assert!(sketch::least(&[]).is_empty());
        }

        #[test]
        fn texts_agree_in_as_many_places_as_they_have_in_common(
            common in prop::collection::vec(any::<u64>(), 24..400),
            share in 1_usize..4,
        ) {
            let other: Vec<u64> = common.iter().enumerate().map(|(at, hash)| if at % 4 < share { *hash } else { sketch::mixed(*hash) }).collect();
            let (one, two) = (sketch::least(&common), sketch::least(&other));
            let agree = one.iter().zip(&two).filter(|(one, two)| one == two).count() as f64 / 36.0;
            let (similarity, _) = sketch::likeness(&sorted(common), &sorted(other));
            // Six standard deviations of 36 draws.
            prop_assert!((agree - similarity).abs() < 6.0 * (similarity * (1.0 - similarity) / 36.0).sqrt(), "{agree} of {similarity}");
        }

        #[test]
        fn a_word_has_one_hash(word in "\\PC{0,60}") {
            prop_assert_eq!(sketch::word(word.as_bytes()), sketch::hash(0, std::iter::once(word.as_bytes())));
        }
    }
}
