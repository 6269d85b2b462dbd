use html5ever::driver::{self, ParseOpts};
use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::TreeBuilderOpts;
use proptest::prelude::*;
use scraper::HtmlTreeSink;

use super::*;

/// The tree that html5ever builds by itself.
fn alone(page: &str) -> Html {
    let options = ParseOpts {
        tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
        ..ParseOpts::default()
    };
    driver::parse_document(HtmlTreeSink::new(Html::new_document()), options).one(page)
}

fn assert_same(page: &str) {
    let ours = drive::document(&StrTendril::from(page)).expect("no deep page");
    assert_eq!(ours.html(), alone(page).html(), "{page:?}");
    assert_eq!(ours.quirks_mode, alone(page).quirks_mode, "{page:?}");
}

#[test]
fn a_picture_in_an_address_is_one_attribute() {
    let picture = "iVBORw0KGgo/AAAA+5".repeat(60_000);
    for tag in [
        format!("<img alt=x src=\"data:image/png;base64,{picture}\">"),
        format!("<img alt=x src=data:image/png;base64,{picture} >"),
    ] {
        assert!(parse(&format!("<p>{tag}</p>")).is_ok());
    }
}

#[test]
fn the_short_cut_builds_the_tree_of_html5ever() {
    for page in [
        "",
        "<",
        "a<b>c",
        "<p>1 &lt; 2 &amp<b>x</b> &notit; &#1234 <i",
        "<A HREF=x?a=1&amp;b=2 Class='u v' data-x y = \"z\" / q/>t</A ><br/><br / >",
        "<p a=1 a=2 b=\"1\"c='2'>x</p x>",
        "<title>a <b> &amp; </titel></title><textarea>\n<p></textarea><p>after",
        "<svg><title><p>x</title><path d='1'/></svg><math><mi><![CDATA[ <p> ]]></mi></math>y",
        "<script type='application/ld+json'>{\"a\": \"<p>\"}</script><p>x<!-- <p> > --><!x><?y?>z",
        "<script><!--<script></script>--></script><p>x",
        "<table>a<tr>b<td>c</td>d</table><select><option>e<p>f</select>",
        "<pre>\n\nx</pre><plaintext><p>x</p>",
        "<!doctype html><meta charset=x><p =a b==c d='e\"f' g='h>i'>j\0k\rl\r\nm</p>",
        "<a href=\"x><p>never closed",
        "<iframe><p></iframe><noscript><img src=x></noscript><xmp><b></xmp>",
    ] {
        assert_same(page);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_short_cut_is_right_about_soup(
        pieces in prop::collection::vec(
            prop::sample::select(include_str!("../../../tests/data/clean/pieces.txt").lines().collect::<Vec<_>>()),
            1..30,
        ),
    ) {
        assert_same(&pieces.concat());
    }

    #[test]
    fn the_short_cut_is_right_about_references(
        page in "(<p>|<a b='|c=d>|</table>|<pre>|&|&#|&amp;|&nbsp;|&copy|&#8211;|&#x41;|&#0;|&#13;|&#128;|&#55296;|&#9999999;|&notit;|\\n|;|a|é){0,12}",
    ) {
        assert_same(&page);
    }

    #[test]
    fn the_short_cut_is_right_about_noise(page in "[<>/ a-cA='\"&;!\\-\n\r?\\[\\]]{0,60}") {
        assert_same(&page);
    }
}
