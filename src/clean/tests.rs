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
