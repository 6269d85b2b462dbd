use super::*;

fn base() -> Url {
    Url::parse("https://portal.vn/tin/bai-viet.html").expect("a test URL")
}

fn cleaned(html: &str) -> Cleaned {
    clean(html, &base(), &Options::default())
}

#[test]
fn a_body_comes_out_in_its_normal_form() {
    let body =
        cleaned("<p style='x'>a&nbsp;<b>wor</b><b>ld</b> <a href='/x?utm_source=1'>l</a><br><br>two</p>bare");
    assert_eq!(
        body.html,
        "<p>a <b>world</b> <a href=\"https://portal.vn/x\">l</a></p>\n<p>two</p>\n<p>bare</p>"
    );
    assert_eq!(body.text, "a world l\n\ntwo\n\nbare");
}

mod nasty {
    use super::*;
    use proptest::prelude::*;

    /// Pieces of markup and text, one a line, each bad in its own way.
    const PIECES: &str = include_str!("../../tests/data/clean/pieces.txt");

    fn soup() -> impl Strategy<Value = String> {
        let pieces: Vec<&str> = PIECES.lines().collect();
        prop::collection::vec(prop::sample::select(pieces), 1..40).prop_map(|pieces| pieces.concat())
    }

    /// Names of elements and attributes that must not survive, as they would stand in markup.
    const FORBIDDEN: &[&str] = &[
        "<script",
        "<style",
        "<form",
        "<input",
        "<button",
        "<object",
        "<embed",
        "<svg",
        "<math",
        "<noscript",
        "<h1",
        "<link",
        "<meta",
        "<base",
        "<template",
        "<!--",
        " style=",
        " class=",
        " id=",
        "=\"javascript:",
        "=\"data:",
        "=\"vbscript:",
        "=\"//",
        "=\"/",
        "=\"#",
        " srcdoc=",
        "\u{200b}",
        "\u{a0}",
    ];

    fn is_safe(html: &str) -> Result<(), TestCaseError> {
        let tags: String =
            html.split('<').skip(1).map(|tag| format!("<{}>", tag.split('>').next().unwrap())).collect();
        for forbidden in FORBIDDEN {
            prop_assert!(!tags.to_ascii_lowercase().contains(forbidden), "{forbidden} in {html}");
        }
        let has_handler = regex::Regex::new(r#"<[^>]* on[a-z]+="#).unwrap().is_match(&tags);
        prop_assert!(!has_handler, "{html}");
        Ok(())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: cases(), max_shrink_iters: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn cleaning_twice_is_cleaning_once(html in soup()) {
            let once = cleaned(&html);
            let twice = cleaned(&once.html);
            prop_assert_eq!(&twice.html, &once.html);
            prop_assert_eq!(&twice.text, &once.text);
            prop_assert_eq!(&twice.images, &once.images);
            is_safe(&once.html)?;
        }

        #[test]
        fn the_allow_list_finds_nothing_left(html in soup()) {
            let page = walk::parse(&html);
            let base = base();
            let mut build = build::Build::new(&base, &[]);
            walk::read(&page, &mut build);
            let (blocks, marks) = build.finish();
            let written = write::html(&blocks, &marks);
            if !written.contains("<h1") {
                prop_assert_eq!(guard::guarded(&written), written);
            }
        }

        #[test]
        fn plain_text_is_a_fixed_point(raw in "\\PC{0,40}|[ \u{a0}\u{200c}\u{200d}e\u{301}\u{212b}👩ộ\u{ad}\u{1}]{0,12}") {
            let once = text(&raw);
            prop_assert_eq!(text(&once), once);
        }
    }

    fn cases() -> u32 {
        std::env::var("CLEAN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
    }
}
