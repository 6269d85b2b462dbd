//! What the relative addresses of a page are relative to.

use html5ever::local_name;
use scraper::{Html, Node};
use url::Url;

/// The document base URL: the first `<base>` that has an `href`, else the address of the page (HTML Standard, section 2.4.3).
/// One that does not lead to the web is passed over, as browsers pass over `data:` and `javascript:`.
pub fn base_url(document: &Html, page: &Url) -> Url {
    let mut elements = document.tree.values().filter_map(Node::as_element);
    let href = elements
        .find_map(|element| element.attr("href").filter(|_| element.name.local == local_name!("base")));
    href.and_then(|href| page.join(href.trim()).ok())
        .filter(|base| matches!(base.scheme(), "http" | "https"))
        .unwrap_or_else(|| page.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_base_with_an_address_of_the_web_counts() {
        let page = Url::parse("https://portal.vn/tin/bai.html").expect("a test URL");
        for (html, base) in [
            ("<p>x", "https://portal.vn/tin/bai.html"),
            ("<base target=_blank><base href=' /goc/ '><base href=/b/>", "https://portal.vn/goc/"),
            ("<base href=//cdn.portal.vn/>", "https://cdn.portal.vn/"),
            ("<base href='javascript:x'>", "https://portal.vn/tin/bai.html"),
            ("<base href='http://['>", "https://portal.vn/tin/bai.html"),
        ] {
            assert_eq!(base_url(&Html::parse_document(html), &page).as_str(), base, "{html}");
        }
    }
}
