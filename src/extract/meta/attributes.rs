//! The attributes by which an element says something of the article.

use scraper::node::Element;

/// The attributes that matter, from one look at an element: asking for each by name costs a hash of the name.
#[derive(Default)]
pub(super) struct Attributes<'a> {
    pub class: Option<&'a str>,
    pub id: Option<&'a str>,
    pub test_id: Option<&'a str>,
    pub itemprop: Option<&'a str>,
    pub property: Option<&'a str>,
    pub name: Option<&'a str>,
    pub http_equiv: Option<&'a str>,
    pub content: Option<&'a str>,
    pub rel: Option<&'a str>,
    pub href: Option<&'a str>,
    pub lang: Option<&'a str>,
    pub kind: Option<&'a str>,
}

impl<'a> Attributes<'a> {
    /// Looks at an element.
    pub fn of(found: &'a Element) -> Self {
        let mut attributes = Self::default();
        for (name, value) in found.attrs() {
            let place = match name {
                "class" => &mut attributes.class,
                "id" => &mut attributes.id,
                "data-testid" => &mut attributes.test_id,
                "itemprop" => &mut attributes.itemprop,
                "property" => &mut attributes.property,
                "name" => &mut attributes.name,
                "http-equiv" => &mut attributes.http_equiv,
                "content" => &mut attributes.content,
                "rel" => &mut attributes.rel,
                "href" => &mut attributes.href,
                "lang" | "xml:lang" => &mut attributes.lang,
                "type" => &mut attributes.kind,
                _ => continue,
            };
            *place = Some(value);
        }
        attributes
    }
}
