//! Inline elements: which are in force, and what of their attributes is kept.

use std::collections::HashMap;
use std::rc::Rc;

use url::Url;

use super::links::target;
use super::model::{Attrs, Language, Mark, MarkId};
use super::roles::is_formatting;
use crate::model::Element;
use crate::text::normalize;

/// All marks of a body, and those in force at this place, outermost first.
#[derive(Default)]
pub(super) struct Marks {
    pub all: Vec<Mark>,
    known: HashMap<Mark, MarkId>,
    pub active: Vec<MarkId>,
}

impl Marks {
    /// Puts an inline element in force; false if it says nothing: a link that leads nowhere, one of its kind already in
    /// force, a language without a name.
    pub fn start(&mut self, tag: &'static str, element: Element<'_>, base: &Url) -> bool {
        if self.active.iter().any(|id| self.all[*id as usize].tag == tag) {
            return false;
        }
        let Some(attrs) = attrs(tag, element, base) else { return false };
        let mark = Mark { tag, attrs };
        let next = MarkId::try_from(self.all.len()).unwrap_or(MarkId::MAX);
        let id = if is_formatting(tag) { *self.known.entry(mark.clone()).or_insert(next) } else { next };
        if id == next {
            self.all.push(mark);
        }
        self.active.push(id);
        true
    }

    /// Ends what [`Marks::start`] put in force last.
    pub fn end(&mut self) {
        self.active.pop();
    }

    /// Where a mark links to.
    pub fn href(&self, id: MarkId) -> Option<&str> {
        self.all[id as usize].href()
    }
}

fn attrs(tag: &str, element: Element<'_>, base: &Url) -> Option<Attrs> {
    let mut attrs = Attrs::new();
    let address = |name| element.attr(name).and_then(|value| target(value, base));
    match tag {
        "a" => attrs.push(("href", address("href")?)),
        "q" => attrs.extend(address("cite").map(|cite| ("cite", cite))),
        "del" | "ins" => {
            attrs.extend(address("cite").map(|cite| ("cite", cite)));
            attrs.extend(datetime(element));
        }
        "time" => attrs.extend(datetime(element)),
        _ => {}
    }
    if matches!(tag, "a" | "abbr" | "dfn") {
        let title = normalize(element.attr("title").unwrap_or_default());
        attrs.extend((!title.is_empty()).then_some(("title", title)));
    }
    let Language { lang, dir } = language_of(element);
    attrs.extend(lang.map(|lang| ("lang", lang.to_string())));
    attrs.extend(dir.map(|dir| ("dir", dir.to_owned())));
    (tag != "span" || !attrs.is_empty()).then_some(attrs)
}

fn datetime(element: Element<'_>) -> Option<(&'static str, String)> {
    let value = normalize(element.attr("datetime")?);
    (!value.is_empty()).then_some(("datetime", value))
}

/// Language and direction that an element sets, if they have the shape of such (BCP 47; HTML Standard section 3.2.6.4).
pub(super) fn language_of(element: Element<'_>) -> Language {
    if element.is_plain() {
        return Language::default();
    }
    let is_tag = |lang: &&str| {
        (2..=35).contains(&lang.len())
            && lang.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let lang = element.attr("lang").map(str::trim).filter(is_tag).map(Rc::from);
    let dir = element.attr("dir").map(str::trim);
    let dir = ["ltr", "rtl", "auto"]
        .into_iter()
        .find(|known| dir.is_some_and(|dir| dir.eq_ignore_ascii_case(known)));
    Language { lang, dir }
}
