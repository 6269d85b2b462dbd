use html5ever::LocalName;

use super::*;
use crate::text::normalize;

fn base() -> Url {
    Url::parse("https://portal.vn/tin/bai-viet.html").expect("a test URL")
}

fn cleaned(html: &str) -> Cleaned {
    clean_html(html, &base(), &Options::default())
}

/// Golden cases: a name, what goes in, the HTML and the text that come out; `⏎` is a line end.
#[test]
fn golden_bodies() {
    let cases: Vec<&str> = include_str!("../../tests/data/clean/golden.txt").split("# ").skip(1).collect();
    assert!(cases.len() > 50, "cases are missing");
    let mut wrong = String::new();
    for case in cases {
        let lines: Vec<&str> = case.lines().collect();
        let field =
            |at: usize, name: &str| lines[at].strip_prefix(name).expect("a field").trim_start_matches(' ');
        let body = cleaned(&field(1, "in").replace('⏎', "\n"));
        let (html, text) = (body.html.replace('\n', "⏎"), body.text.replace('\n', "⏎"));
        if html != field(2, "html") || text.trim_start() != field(3, "text") {
            wrong += &format!("# {}\nhtml {html}\ntext {text}\n\n", lines[0]);
        }
        assert_eq!(cleaned(&body.html).html, body.html, "{}", lines[0]);
    }
    assert!(wrong.is_empty(), "came out otherwise:\n{wrong}");
}

fn with_pictures(html: &str, pictures: &[&str]) -> Cleaned {
    let pictures: Vec<Url> = pictures.iter().map(|url| Url::parse(url).expect("a test URL")).collect();
    clean_html(html, &base(), &Options { pictures: &pictures })
}

fn urls(body: &Cleaned) -> Vec<&str> {
    body.images.iter().map(|image| image.url.as_str()).collect()
}

#[test]
fn a_small_rendition_becomes_the_original_where_the_page_proves_it() {
    let small = "<p><img src='/u/x-300x200.jpg'></p>";
    assert_eq!(urls(&cleaned(small)), ["https://portal.vn/u/x-300x200.jpg"]);
    for proof in [
        "https://portal.vn/u/x.jpg",
        "http://www.portal.vn/u/x-scaled.jpg",
        "https://portal.vn/u/x-1024x683.jpg",
        "https://i1.wp.com/portal.vn/u/x.jpg?fit=1200%2C800&ssl=1",
    ] {
        let proven = renditions::unwrap_photon(Url::parse(proof).expect("a test URL"));
        assert_eq!(urls(&with_pictures(small, &[proof])), [proven.as_str()], "{proof}");
    }
    assert_eq!(urls(&with_pictures(small, &["https://portal.vn/u/other.jpg"])), urls(&cleaned(small)));
    let linked = cleaned("<a href='/u/x.jpg'><img src='/u/x-300x200.jpg'></a>");
    assert_eq!(linked.html, "<figure><img src=\"https://portal.vn/u/x.jpg\" alt=\"\"></figure>");
    let elsewhere = cleaned("<a href='/other.html'><img src='/u/x-300x200.jpg'></a>");
    assert!(elsewhere.html.contains("<a href=\"https://portal.vn/other.html\"><img"), "{}", elsewhere.html);
}

#[test]
fn the_widest_sane_rendition_is_taken() {
    let widths = |srcset: &str| {
        let body = cleaned(&format!("<img src='/s.jpg' srcset='{srcset}' width='600'>"));
        urls(&body).first().and_then(|url| url.rsplit('/').next()).unwrap_or_default().to_owned()
    };
    assert_eq!(widths("/a.jpg 320w, /b.jpg 1024w, /c.jpg 640w"), "b.jpg");
    assert_eq!(widths("/a.jpg 320w, /b.jpg 6000w, /c.jpg 2048w"), "c.jpg");
    assert_eq!(widths("/a.jpg 9000w, /b.jpg 4000w"), "b.jpg");
    assert_eq!(widths("/a.jpg, /b.jpg 2x, /c.jpg 3x"), "c.jpg");
    assert_eq!(widths("/a.jpg?fit=665,443 665w,/b.jpg?fit=1024,683 1024w"), "b.jpg?fit=1024,683");
    assert_eq!(widths("javascript:alert(1) 2000w, data:image/png;base64,AA 3000w, /a.jpg 1w"), "a.jpg");
    assert_eq!(widths(",, , 1x"), "s.jpg");
}

#[test]
fn what_visitors_are_not_shown_is_not_published() {
    let long = "Phần sau của bài viết, mở ra khi bấm. ".repeat(10);
    let body = cleaned(&format!(
        "<p>Một <span style='display: none'>mật</span><a href=/x>hai <b class=sr-only>(cửa sổ mới)</b></a> <i hidden>ẩn</i>\
         <span aria-hidden=true>ba</span></p><h2 class=screen-reader-text>Điều hướng</h2>\
         <p class='md:sr-only'>bốn</p><p><span style='display:none'>{long}</span></p><div hidden><p>năm</p></div>"
    ));
    assert_eq!(body.text, format!("Một hai ba\n\nbốn\n\n{}\n\nnăm", long.trim()));
    for name in crate::html::hidden::UNREAD {
        let kept = matches!(
            roles::role(name),
            roles::Role::Drop | roles::Role::Frame | roles::Role::Player(_) | roles::Role::Object
        );
        assert!(kept, "{name}");
    }
}

#[test]
fn every_lazy_attribute_is_read() {
    let all = [web_data::LAZY_SRC, web_data::SRCSETS, web_data::ORIGINALS].concat();
    assert!(all.iter().all(|name| name.starts_with("data") || *name == "srcset"));
    for name in web_data::LAZY_SRC {
        let body = cleaned(&format!("<img src='data:image/gif;base64,R0' {name}='/u/real.jpg'>"));
        assert_eq!(urls(&body), ["https://portal.vn/u/real.jpg"], "{name}");
    }
    for name in web_data::SRCSETS {
        let body = cleaned(&format!("<img src='/blank.gif' {name}='/u/1.jpg 100w, /u/2.jpg 900w'>"));
        assert_eq!(urls(&body), ["https://portal.vn/u/2.jpg"], "{name}");
    }
    assert_eq!(urls(&cleaned("<img src='/1x1.png' data-never-heard-of='/u/real.jpg?x=1'>")).len(), 1);
    assert!(urls(&cleaned("<img src='/1x1.png' data-json='{\"a\":\"/u/real.jpg\"}'>")).is_empty());
}

#[test]
fn pictures_and_files_are_listed_once_with_what_is_known() {
    let body = cleaned(
        "<figure><img src='/a.jpg' width='800px' height='50%' alt=' A&nbsp;a '><figcaption>Một<br>hai</figcaption></figure>
         <p>x</p><img src='/a.jpg'><p><a href='/b.pdf'>Tệp</a> <a href='/b.pdf'>lại</a> <a href='/c.DOCX?v=1'></a>
         <a href='/e.xls'><img src='/e.png'></a></p><video src='/d.mp4'></video>",
    );
    assert_eq!(urls(&body), ["https://portal.vn/a.jpg", "https://portal.vn/e.png"]);
    let image = &body.images[0];
    assert_eq!((image.alt.as_str(), image.width, image.height), ("A a", Some(800), None));
    assert_eq!(image.caption.as_deref(), Some("Một hai"));
    let files: Vec<(&str, &str)> =
        body.attachments.iter().map(|file| (file.title.as_str(), file.mime.as_str())).collect();
    assert_eq!(
        files,
        [("Tệp", "application/pdf"), ("e.xls", "application/vnd.ms-excel"), ("d.mp4", "video/mp4")]
    );
    assert_eq!(body.words, 3);
}

#[test]
fn depth_breaks_nothing() {
    for tag in
        ["div", "b", "blockquote", "ul><li", "table><tr><td", "figure", "span lang=vi", "pre", "a href=/x"]
    {
        let html = format!("{}<p>đáy</p>", format!("<{tag}>").repeat(2_000));
        let body = cleaned(&html);
        assert_eq!(body.text, "đáy", "{tag}");
        assert_eq!(cleaned(&body.html).html, body.html, "{tag}");
    }
}

#[test]
fn bodies_of_nothing_come_out_empty() {
    for html in [
        "",
        " ",
        "<",
        "\0",
        "<!--",
        "<p>",
        "</div></div>",
        "<html><head><title>x</title></head><body></body>",
    ] {
        let body = cleaned(html);
        let is_empty = body.html.is_empty() || body.html == "<p>&lt;</p>";
        assert!(is_empty, "{html:?} gave {:?}", body.html);
    }
}

#[test]
fn the_sanitizer_keeps_the_normal_form_and_nothing_else() {
    let normal = "<h2>Một &amp; hai &lt;b&gt; \"ba\"</h2>\n<p lang=\"vi\">a<br>b <a href=\"https://a.vn/?x=1&amp;y=2\" \
                  title=\"&quot;\"><strong>c</strong></a></p>\n<pre>d\n e</pre>\n<ol start=\"2\" reversed=\"\"><li>f</li></ol>\n\
                  <figure><img src=\"https://a.vn/a.jpg\" srcset=\"https://a.vn/b.jpg 1w, https://a.vn/c.jpg 2w\" \
                  alt=\"\" width=\"3\"><figcaption>g</figcaption></figure>";
    for html in ["", "chữ", normal] {
        assert_eq!(allow_list::sanitize(html), html);
    }
    let lines = include_str!("../../tests/data/clean/unlisted.txt").lines();
    let odd = lines.map(|line| line.replace('⏎', "\n").replace('⇥', "\t"));
    let unchanged: Vec<String> = odd.filter(|html| allow_list::sanitize(html) == *html).collect();
    assert!(unchanged.is_empty(), "the sanitizer lets these be:\n{}", unchanged.join("\n"));
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

    /// Trees as no parser would build them: anything in anything.
    fn tree() -> impl Strategy<Value = Fragment> {
        let names = "p a b div li ul tr td table caption figure figcaption img h1 h3 pre blockquote noscript picture \
                     source video iframe script dt dd dl span br hr svg select x-y";
        let names: Vec<&str> = names.split_ascii_whitespace().collect();
        let texts = vec!["", " ", "một", "hai <ba> & \"bốn\"", "\n năm\u{a0}", "<!--", "\u{200b}"];
        let step = (prop::sample::select(names), prop::sample::select(texts), 0..4_usize);
        prop::collection::vec(step, 1..40).prop_map(|steps| {
            let (mut fragment, mut open) = (Fragment::default(), Vec::new());
            let attrs =
                [("href", "/x?a=1&b=2"), ("src", "/y.jpg"), ("onclick", "z()"), ("style", "color:red")];
            for (name, text, closing) in steps {
                let attrs = attrs.iter().map(|(name, value)| (LocalName::from(*name), *value));
                open.push(fragment.open(LocalName::from(name), attrs));
                fragment.push_text(text);
                let still = open.len().saturating_sub(closing);
                open.drain(still..).rev().for_each(|place| fragment.close(place));
            }
            open.into_iter().rev().for_each(|place| fragment.close(place));
            fragment
        })
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

    /// Whether a parser finds nothing but what the allow-list has.
    fn is_on_the_list(html: &str) -> Result<(), TestCaseError> {
        let page = scraper::Html::parse_fragment(html);
        for element in page.tree.nodes().filter_map(|node| node.value().as_element()) {
            let tag = element.name();
            prop_assert!(
                ["html", "body"].contains(&tag) || allow_list::TAGS.contains(&tag),
                "{tag} in {html}"
            );
            for (name, value) in element.attrs() {
                let is_handler = name.starts_with("on") || ["style", "class", "id", "srcdoc"].contains(&name);
                prop_assert!(!is_handler, "{name} in {html}");
                let is_address = ["href", "src", "cite", "poster"].contains(&name);
                let is_harmless = Url::parse(value)
                    .is_ok_and(|url| ["http", "https", "mailto", "tel"].contains(&url.scheme()));
                prop_assert!(!is_address || is_harmless, "{value} in {html}");
            }
        }
        Ok(())
    }

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
        fn any_tree_comes_out_in_normal_form(tree in tree()) {
            let once = clean(&tree, &base(), &Options::default());
            let twice = cleaned(&once.html);
            prop_assert_eq!(&twice.html, &once.html);
            prop_assert_eq!(&twice.text, &once.text);
            is_safe(&once.html)?;
        }

        #[test]
        fn the_allow_list_finds_nothing_left(page in prop_oneof![soup().prop_map(|html| dom::parse(&html)), tree()]) {
            let base = base();
            let mut build = builder::BodyBuilder::new(&base, &[]);
            walk::read(&page, &mut build);
            let (blocks, marks) = build.finish();
            let written = write::html(&blocks, &marks, 0);
            if !written.contains("<h1") {
                prop_assert_eq!(allow_list::sanitize(&written), written);
            }
        }

        /// Should a pass before it fail, the sanitizer takes out what must not be published.
        #[test]
        fn nothing_bad_passes_the_sanitizer(body in soup(), other in soup(), place in any::<prop::sample::Index>()) {
            let (body, other) = (cleaned(&body).html, cleaned(&other).html);
            for piece in PIECES.lines().chain([other.as_str()]) {
                let mut places = body.char_indices().map(|(at, _)| at).chain([body.len()]);
                let at = places.nth(place.index(body.chars().count() + 1)).expect("a place");
                let mixed = format!("{}{piece}{}", &body[..at], &body[at..]);
                is_on_the_list(&allow_list::sanitize(&mixed))?;
            }
        }

        #[test]
        fn plain_text_is_a_fixed_point(raw in "\\PC{0,40}|[ \u{a0}\u{200c}\u{200d}e\u{301}\u{212b}👩ộ\u{ad}\u{1}]{0,12}") {
            let once = normalize(&raw);
            prop_assert_eq!(normalize(&once), once);
        }
    }

    fn cases() -> u32 {
        std::env::var("CLEAN_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(400)
    }
}
