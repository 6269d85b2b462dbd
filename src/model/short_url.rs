//! Addresses in messages for people: short, and still recognised.

use url::Url;

/// Most characters of a short address.
const MAX_CHARS: usize = 90;
/// Most of them for the host, which is cut only if nobody could read it anyway.
const MAX_HOST_CHARS: usize = 60;

/// An address for a message: host, path and as much of the query as there is room for, at most 90 characters. Where
/// the path is too long its middle is left out, since what tells one page of a portal from another stands at the ends.
/// Scheme, credentials and fragment are left out.
pub fn short_url(url: &Url) -> String {
    let Some(host) = url.host_str() else { return without_middle(url.as_str(), MAX_CHARS) };
    let mut short = without_middle(host, MAX_HOST_CHARS);
    if let Some(port) = url.port() {
        short.push_str(&format!(":{port}"));
    }
    let Some(query) = url.query().filter(|query| !query.is_empty()) else {
        let path = if url.path() == "/" { "" } else { url.path() };
        return short.clone() + &without_middle(path, MAX_CHARS - short.chars().count());
    };
    let room = MAX_CHARS - short.chars().count();
    // The query gets what the path leaves, and is always seen to be there.
    let path = without_middle(url.path(), room - "?…".chars().count());
    let room = room - path.chars().count() - 1;
    let query =
        if query.chars().count() <= room { query.to_owned() } else { beginning(query, room - 1) + "…" };
    format!("{short}{path}?{query}")
}

/// The same for an address that is kept as text, which stands as it is where it is no address.
pub fn short_text(url: &str) -> String {
    url.parse().map_or_else(|_| url.to_owned(), |url| short_url(&url))
}

/// A text of at most `max` characters, of which both ends are kept.
fn without_middle(text: &str, max: usize) -> String {
    let length = text.chars().count();
    if length <= max {
        return text.to_owned();
    }
    let kept = max.saturating_sub(1);
    let head = beginning(text, kept.div_ceil(2));
    let tail: String = text.chars().skip(length - kept / 2).collect();
    format!("{head}…{}", whole_escapes_from(&tail))
}

/// The first characters, without the half of an escape (`%E1`) at their end.
fn beginning(text: &str, max: usize) -> String {
    let mut head: String = text.chars().take(max).collect();
    let cut = head.rfind('%').filter(|at| head.len() - at < 3);
    head.truncate(cut.unwrap_or(head.len()));
    head
}

/// A text that was cut at its beginning, without the hexadecimal digits of an escape whose percent sign is gone. What
/// looks like such digits and is none is a loss of two characters at most.
fn whole_escapes_from(tail: &str) -> &str {
    let first = tail.find('%').unwrap_or(tail.len());
    let is_rest = (1..=2).contains(&first) && tail[..first].bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_rest { &tail[first..] } else { tail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn short(url: &str) -> String {
        let short = short_url(&Url::parse(url).expect("a test URL"));
        assert!(short.chars().count() <= MAX_CHARS, "{short}");
        short
    }

    #[test]
    fn what_is_short_stays_but_for_scheme_credentials_and_fragment() {
        for (url, expected) in [
            ("https://portal.example/feed/", "portal.example/feed/"),
            ("https://portal.example/", "portal.example"),
            ("http://portal.example:8080/", "portal.example:8080"),
            ("https://portal.example:443/tin?id=7&trang=2#top", "portal.example/tin?id=7&trang=2"),
            ("https://portal.example/?p=77", "portal.example/?p=77"),
            ("https://portal.example/?", "portal.example"),
            ("https://admin:secret@portal.example/a", "portal.example/a"),
            ("http://[::1]:81/a", "[::1]:81/a"),
            ("mailto:toa-soan@portal.example", "mailto:toa-soan@portal.example"),
        ] {
            assert_eq!(short(url), expected);
        }
    }

    #[test]
    fn a_long_path_keeps_both_ends() {
        let url = format!("https://portal.example/tin-tuc/{}-12345.html", "khanh-thanh-".repeat(30));
        let said = short(&url);
        assert!(said.starts_with("portal.example/tin-tuc/khanh"), "{said}");
        assert!(said.ends_with("-12345.html") && said.contains('…'), "{said}");
        assert!(said.chars().count() > 85, "{said}");
    }

    #[test]
    fn a_query_is_cut_at_its_end_and_never_hidden() {
        let said =
            short(&format!("https://portal.example/wp-json/wp/v2/posts?page=2&_fields={}", "x,".repeat(200)));
        assert!(said.starts_with("portal.example/wp-json/wp/v2/posts?page=2&_fields=x,"), "{said}");
        assert!(said.ends_with('…'), "{said}");
        let said = short(&format!("https://portal.example/{}?id=7", "x".repeat(300)));
        assert!(said.ends_with("?…"), "{said}");
        let exact = format!("https://portal.example/a?{}", "q".repeat(MAX_CHARS - 17));
        assert_eq!(format!("https://{}", short(&exact)), exact);
    }

    #[test]
    fn escapes_are_cut_between_and_not_in_the_middle() {
        for shift in 0..6 {
            let path = format!("{}{}", "x".repeat(shift), "%E1%BA%A3".repeat(40));
            let said = short(&format!("https://portal.example/{path}"));
            let (head, tail) = said.split_once('…').expect("cut");
            let last = head.rsplit('%').next().expect("a part");
            assert!(last.len() == 2 && tail.starts_with('%'), "{said}");
        }
    }

    #[test]
    fn a_host_of_any_length_leaves_room_for_the_path() {
        let said = short(&format!(
            "https://{}.example:8080/{}?{}",
            "a.".repeat(120) + "b",
            "x".repeat(99),
            "y".repeat(99)
        ));
        assert!(said.contains(".example:8080/x") && said.ends_with("?…"), "{said}");
        short(&format!("data:text/html,{}", "x".repeat(500)));
    }
}
