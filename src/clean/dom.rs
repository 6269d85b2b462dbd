//! Small helps with parsed elements.

use scraper::node::Element;

/// The value of an attribute. Elements have few attributes, and a plain comparison costs less than interning the name
/// that is looked for, which `Element::attr` has to do.
pub(super) fn attr<'a>(element: &'a Element, name: &str) -> Option<&'a str> {
    element.attrs().find(|(known, _)| *known == name).map(|(_, value)| value)
}
