//! `Link` headers (RFC 8288 section 3).

use reqwest::header::{HeaderMap, LINK};
use url::Url;

/// Most links taken from one answer; WordPress sends three.
const MAX_LINKS: usize = 32;

/// Relation and target of every link, targets resolved against the URL that answered, relations in lower case. A link
/// with several relations comes once for each; what cannot be read is left out.
pub(in crate::fetch) fn links(headers: &HeaderMap, base: &Url) -> Vec<(String, Url)> {
    let mut found = Vec::new();
    for value in headers.get_all(LINK) {
        let text = String::from_utf8_lossy(value.as_bytes());
        for link in split_outside(&text, ',') {
            push_link(link.trim(), base, &mut found);
        }
    }
    found.truncate(MAX_LINKS);
    found
}

fn push_link(link: &str, base: &Url, found: &mut Vec<(String, Url)>) {
    let Some((target, parameters)) = link.strip_prefix('<').and_then(|rest| rest.split_once('>')) else {
        return;
    };
    let Ok(target) = base.join(target.trim()) else { return };
    let rel = split_outside(parameters, ';').find_map(|parameter| {
        let (name, value) = parameter.split_once('=')?;
        name.trim().eq_ignore_ascii_case("rel").then(|| value.trim().trim_matches('"').to_ascii_lowercase())
    });
    for rel in rel.unwrap_or_default().split_ascii_whitespace() {
        found.push((rel.to_owned(), target.clone()));
    }
}

/// Splits at a separator that stands outside quotes and angle brackets.
fn split_outside(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let (mut quoted, mut bracketed) = (false, false);
    text.split(move |c: char| {
        match c {
            '"' if !bracketed => quoted = !quoted,
            '<' if !quoted => bracketed = true,
            '>' if !quoted => bracketed = false,
            _ => {}
        }
        c == separator && !quoted && !bracketed
    })
}
