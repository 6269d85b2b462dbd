//! Which elements a page does not show to its visitors.

/// Elements whose content is no text of the page: code, drawings and formulas, the choices of forms, and what browsers show
/// that cannot show a frame, player or canvas. `<noscript>` is none of them: what it holds is shown, if only to some.
pub const UNREAD: [&str; 15] = [
    "audio", "canvas", "datalist", "iframe", "math", "noembed", "noframes", "object", "script", "select",
    "style", "svg", "template", "textarea", "video",
];

/// How classes end that take an element off the screen and leave it to screen readers: those of Bootstrap 3 to 5, Tailwind,
/// HTML5 Boilerplate, WordPress, Drupal, Foundation, and `hiddenVisually` of component libraries.
const FOR_SCREEN_READERS: [&str; 12] = [
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "visually-hidden-focusable",
    "screen-reader-text",
    "screen-reader-only",
    "screenreader-only",
    "screen-reader",
    "element-invisible",
    "show-for-sr",
    "hidden-visually",
    "hiddenvisually",
];

/// Whether nobody reads what an element of this name holds.
pub fn is_unread(name: &str) -> bool {
    UNREAD.contains(&name)
}

/// Whether the attributes of an element say that visitors do not see it. `aria-hidden` says nothing of this: it marks what is
/// seen and not read out.
pub fn is_hidden<'a>(attributes: impl IntoIterator<Item = (&'a str, &'a str)>) -> bool {
    attributes.into_iter().any(|it| is_off_page(it) || is_for_screen_readers(it))
}

/// Whether an attribute takes its element off the page, for everybody.
pub fn is_off_page((name, value): (&str, &str)) -> bool {
    name == "hidden" || (name == "style" && is_hiding(value))
}

/// Whether an attribute leaves its element to screen readers.
pub fn is_for_screen_readers((name, value): (&str, &str)) -> bool {
    // Classes with a condition (`md:sr-only`) hold on some screens only.
    let hides = |class: &str| {
        FOR_SCREEN_READERS.iter().any(|known| ends_with(class, known))
            && !class.contains(':')
            && !ends_with(class, "not-sr-only")
    };
    name == "class" && value.split_ascii_whitespace().any(hides)
}

/// Whether a style takes its element off the page, by the declarations that do so on their own.
pub fn is_hiding(style: &str) -> bool {
    const HIDING: [(&str, &str); 6] = [
        ("display", "none"),
        ("visibility", "hidden"),
        ("clip", "rect(0"),
        ("clip", "rect(1px"),
        ("clip-path", "inset(50%"),
        ("clip-path", "inset(100%"),
    ];
    declarations(style)
        .any(|declaration| HIDING.iter().any(|(property, value)| sets(declaration, property, value)))
}

/// Whether a style sets a property to a value that begins so.
pub fn declares(style: &str, property: &str, value: &str) -> bool {
    declarations(style).any(|declaration| sets(declaration, property, value))
}

/// The declarations of a style: name and value.
fn declarations(style: &str) -> impl Iterator<Item = (&str, &str)> {
    style.split(';').filter_map(|declaration| declaration.split_once(':'))
}

fn sets((name, set): (&str, &str), property: &str, value: &str) -> bool {
    let set = set.trim_start().as_bytes();
    name.trim().eq_ignore_ascii_case(property)
        && set.get(..value.len()).is_some_and(|start| start.eq_ignore_ascii_case(value.as_bytes()))
}

fn ends_with(text: &str, end: &str) -> bool {
    let from = text.len().checked_sub(end.len());
    from.is_some_and(|from| text.as_bytes()[from..].eq_ignore_ascii_case(end.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_visitors_see_is_told_from_what_they_do_not() {
        for hidden in [
            ("hidden", ""),
            ("style", "color:red; DISPLAY : none !important"),
            ("style", "visibility:hidden"),
            ("style", "position:absolute;clip:rect(0 0 0 0)"),
            ("style", "clip-path:inset(50%)"),
            ("class", "more sr-only"),
            ("class", "SR-Only focus:not-sr-only"),
            ("class", "govuk-visually-hidden"),
            ("class", "screen-reader-text"),
        ] {
            assert!(is_hidden([("id", "x"), hidden]), "{hidden:?}");
        }
        for seen in [
            ("aria-hidden", "true"),
            ("style", "display:block"),
            ("style", "overflow:hidden;background:url(display:none)"),
            ("class", "not-sr-only"),
            ("class", "md:sr-only"),
            ("class", "screen-reader-toggle hidden-xs"),
            ("data-hidden", ""),
        ] {
            assert!(!is_hidden([seen]), "{seen:?}");
        }
        assert!(UNREAD.is_sorted());
    }
}
