use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use url::Url;

use super::*;
use crate::clean::guard::sanitised;
use crate::clean::{Options, clean_html};

/// What a sanitiser takes out, moves or writes otherwise, one a line; `⏎` is a line end, `⇥` a tab.
const UNLISTED: &str = include_str!("../../../tests/data/clean/unlisted.txt");
/// Pieces of markup and text, one a line, each bad in its own way.
const PIECES: &str = include_str!("../../../tests/data/clean/pieces.txt");

/// Pages whose cleaned bodies are what the pieces are mixed into.
const PAGES: &[&str] = &[
    include_str!("../../../tests/pages/seed/page.html"),
    include_str!("../../../tests/pages/notice-with-table/page.html"),
    include_str!("../../../tests/data/clean/golden.txt"),
];

fn is_void(tag: &str) -> bool {
    model(tag).is_some_and(|(_, content)| content == Content::Nothing)
}

fn lines(data: &str) -> Vec<String> {
    data.lines().map(|line| line.replace('⏎', "\n").replace('⇥', "\t")).collect()
}

#[test]
fn what_the_sanitiser_changes_is_not_listed() {
    let (unchanged, changed): (Vec<String>, Vec<String>) =
        lines(UNLISTED).into_iter().partition(|html| sanitised(html) == *html);
    assert!(unchanged.is_empty(), "the sanitiser lets these be:\n{}", unchanged.join("\n"));
    let wrong: Vec<String> = changed.into_iter().filter(|html| is_listed(html)).collect();
    assert!(wrong.is_empty(), "taken for listed:\n{}", wrong.join("\n"));
}

/// Elements by what may stand in them, as the writer has them.
const WITHIN: &[(&str, &str)] = &[
    ("", "p h2 h6 pre ul ol dl table figure blockquote hr a b img"),
    (
        "p h2 h3 h6 pre dt caption figcaption",
        "a b i em strong code s u small span q time del abbr sub mark img br",
    ),
    ("li dd td th blockquote figure", "p h3 pre ul dl table figure figcaption blockquote hr a b span img br"),
    ("ul ol", "li"),
    ("dl", "dt dd"),
    ("table", "caption thead tbody tfoot"),
    ("thead tbody tfoot", "tr"),
    ("tr", "td th"),
    (
        "a b i em strong code s u small span q time del abbr sub mark",
        "a b i strong code span q ins sup img br",
    ),
];

const TEXTS: &str = "một|hai &amp; ba|&lt;b&gt;|\n|\n|\n|\n| |\t\n|\"|'|💡|e\u{301}|\u{200e}|a=\"b\"|x";
const ODD_TEXTS: &str = "&quot;|>|&|&amp|&#60;|&nbsp;|\u{a0}|\u{feff}|\r|\r\n|\0|\u{c}|\u{85}|\u{fffe}|\u{fffd}|<|</|<!|\
                         \u{202e}|-->|]]>|\u{1}|\u{7f}|&lt|&AMP;|&LT;|&notit;";
const ADDRESSES: &str = "https://a.vn/|http://a.vn/x.jpg?a=1&amp;b=2#c|https://a.vn:8443/|http://127.0.0.1:80/x|\
                         https://a.vn/%22&quot;&lt;|https://a.vn/'`{|}\\^|https://a.vn//|https://x-y.a9.vn/,b";
const ODD_ADDRESSES: &str = "https://a.vn|https:a.vn/|https:///a.vn/|http:/a.vn/|https:\\\\a.vn\\|https://u:p@a.vn/|https://@a.vn/|\
     https://a&lt;b/|https://a&amp;b/|https://a&quot;b/|https://a.vn:99999/|https://a.vn:0/|https://a.vn:/|https://:80/|\
     https://a%/|https://%61.vn/|https://1.2.3.999/|https://1.2.3/|https://a.0x/|https://xn--/|https://xn--mgba/|\
     https://[::1]/|https://[/|https://a_b.vn/|https://A.vn/|HTTPS://a.vn/|https://./|https://../|https://a..vn/|\
     https://-/|https://a.vn./|https://a.1/|https://.1/|https://a.vn/\n|https://a\t.vn/|https://a.vn/ |https://a.vn/\u{e9}|\
     https://\u{111}.vn/|https://a.vn\\b/|https://a.vn?x/|https://a.vn#/|https://a.vn:80:80/|\
     javascript:x|java\nscript:x|data:x,y|mailto:a@a.vn|tel:1|//a.vn/|/a|#a|?a||https://|http";

fn pick(at: Index, from: &str, by: char) -> &str {
    let all: Vec<&str> = from.split(by).collect();
    all[at.index(all.len())]
}

/// One step of writing a fragment: how odd it may be, and what of each kind is taken.
type Step = (u32, [Index; 4]);

/// Writes a fragment, most of it as it should be; `oddness` of a thousand choices are otherwise.
fn written(steps: &[Step], oddness: u32) -> String {
    let (mut out, mut open) = (String::new(), Vec::<&str>::new());
    for (dice, at) in steps {
        let is_odd = dice / 16 % 1000 < oddness;
        match (dice % 16, is_odd) {
            (0..=7, _) => {
                let parent = open.last().copied().unwrap_or_default();
                let within = WITHIN.iter().find(|(names, _)| names.split(' ').any(|name| name == parent));
                let names = within.map_or("", |(_, children)| *children);
                let all = WITHIN[at[0].index(WITHIN.len())].1;
                let name = pick(at[1], if is_odd { all } else { names }, ' ');
                out += &format!("<{name}{}>", attribute(name, at, dice / 16_000, is_odd));
                if !is_void(name) {
                    open.push(name);
                }
            }
            (8..=11, false) => out.extend(open.pop().map(|name| format!("</{name}>"))),
            (8..=9, true) => out += &format!("</{}>", pick(at[0], WITHIN[at[1].index(WITHIN.len())].0, ' ')),
            (10..=11, true) => out += pick(at[0], PIECES, '\n'),
            (_, false) => out += pick(at[0], TEXTS, '|'),
            (_, true) => out += pick(at[0], ODD_TEXTS, '|'),
        }
    }
    out.extend(open.iter().rev().map(|name| format!("</{name}>")));
    out
}

fn attribute(tag: &str, at: &[Index; 4], dice: u32, is_odd: bool) -> String {
    let of_tag = ATTRIBUTES.iter().find(|(known, _)| *known == tag).map_or(&[][..], |(_, all)| *all);
    let mut names: Vec<&str> = of_tag.iter().chain(ANYWHERE).copied().collect();
    if is_odd && dice.is_multiple_of(4) {
        names.extend([
            "href",
            "src",
            "title",
            "id",
            "class",
            "onload",
            "style",
            "LANG",
            "xlink:href",
            "rel",
            "width",
        ]);
    }
    let name = names[at[2].index(names.len())];
    let addresses = if is_odd && dice % 4 != 3 { ODD_ADDRESSES } else { ADDRESSES };
    let value = match name {
        "href" | "src" | "cite" => pick(at[3], addresses, '|').to_owned(),
        "srcset" => {
            let commas = if is_odd { ",|, , |,\n|,,| " } else { ", " };
            format!("https://b.vn/ 1w{}{} 2w", pick(at[0], commas, '|'), pick(at[3], addresses, '|'))
        }
        _ => pick(at[3], if is_odd { ODD_TEXTS } else { TEXTS }, '|').replace('"', "&quot;"),
    };
    match dice % 8 {
        0..=3 => String::new(),
        4 if is_odd => format!(" {name}='{value}'"),
        5 if is_odd => format!(" {name}={value}"),
        6 if is_odd => format!("  {name}=\"{value}\" "),
        7 if is_odd => format!(" {name}=\"{value}\" {name}=\"{value}\""),
        _ => format!(" {name}=\"{value}\""),
    }
}

fn steps() -> impl Strategy<Value = String> {
    let step = (any::<u32>(), any::<[Index; 4]>());
    let oddness = prop::sample::select(vec![0, 20, 60, 150, 400]);
    (prop::collection::vec(step, 1..30), oddness).prop_map(|(steps, oddness)| written(&steps, oddness))
}

/// Cleaned bodies cut at their tags, with some of the cuts taken out, doubled, swapped or followed by something odd.
fn mutated() -> impl Strategy<Value = String> {
    let base = Url::parse("https://portal.vn/tin/bai-viet.html").expect("a test URL");
    let bodies = PAGES.iter().map(|page| clean_html(page, &base, &Options::default()).html);
    let tokens: Vec<Vec<String>> = bodies.map(|body| cut(&body)).collect();
    let change = (0..6_u8, any::<[Index; 3]>());
    let changes = prop::collection::vec(change, 0..4);
    (prop::sample::select(tokens), any::<Index>(), 1..60_usize, changes).prop_map(
        |(body, at, length, changes)| {
            let from = at.index(body.len());
            let mut tokens = body[from..(from + length).min(body.len())].to_vec();
            for (kind, at) in changes {
                let (one, other) = (at[0].index(tokens.len()), at[1].index(tokens.len()));
                match kind {
                    0 => tokens.swap(one, other),
                    1 if tokens.len() > 1 => drop(tokens.remove(one)),
                    2 => tokens.insert(one, tokens[other].clone()),
                    3 => tokens.insert(one, pick(at[2], PIECES, '\n').to_owned()),
                    4 => tokens.insert(one, pick(at[2], ODD_TEXTS, '|').to_owned()),
                    _ => {
                        let place = tokens[one].char_indices().map(|(place, _)| place).nth(at[1].index(8));
                        tokens[one].insert_str(place.unwrap_or_default(), pick(at[2], ODD_TEXTS, '|'));
                    }
                }
            }
            balanced(&tokens)
        },
    )
}

/// Tags and what stands between them.
fn cut(html: &str) -> Vec<String> {
    html.split('<')
        .enumerate()
        .flat_map(|(place, piece)| match piece.split_once('>') {
            Some((tag, text)) if place > 0 => vec![format!("<{tag}>"), text.to_owned()],
            _ => vec![piece.to_owned()],
        })
        .filter(|token| !token.is_empty())
        .collect()
}

/// The same with end tags where they are missing and none where nothing is open, so that more than a few are listed.
fn balanced(tokens: &[String]) -> String {
    let (mut out, mut open) = (String::new(), Vec::new());
    for token in tokens {
        if let Some(end) = token.strip_prefix("</") {
            let name = end.trim_end_matches('>');
            if let Some(at) = open.iter().rposition(|known| *known == name) {
                out.extend(open.drain(at..).rev().map(|name| format!("</{name}>")));
            }
            continue;
        }
        out += token;
        let name = token.strip_prefix('<').and_then(|tag| tag.split([' ', '>']).next());
        open.extend(name.filter(|name| TAGS.contains(name) && !is_void(name)));
    }
    out.extend(open.iter().rev().map(|name| format!("</{name}>")));
    out
}

#[test]
fn every_listed_character_stays_as_it_is() {
    let listed = |c: &char| is_listed(&c.to_string());
    let all: Vec<char> = ('\0'..=char::MAX).filter(listed).collect();
    assert!(all.len() > 1_000_000, "{} characters", all.len());
    for some in all.chunks(10_000) {
        let text: String = some.iter().collect();
        let html = format!("<p lang=\"{}\">{text}</p>", text.replace('"', "&quot;"));
        assert!(is_listed(&html) && sanitised(&html) == html, "{:?} to {:?}", some.first(), some.last());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// What makes it harmless not to ask the sanitiser.
    #[test]
    fn the_sanitiser_gives_back_what_is_listed(html in prop_oneof![steps(), mutated()]) {
        if is_listed(&html) {
            prop_assert_eq!(sanitised(&html), html);
        }
    }
}

fn cases() -> u32 {
    std::env::var("CLEAN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
}

/// Counts how many of the generated are listed, so that the property above says something.
#[test]
fn enough_of_the_generated_is_listed() {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    for strategy in [steps().boxed(), mutated().boxed()] {
        let mut made = || strategy.new_tree(&mut runner).expect("a value").current();
        let listed = (0..400).filter(|_| is_listed(&made())).count();
        assert!((80..390).contains(&listed), "{listed} of 400");
    }
}
