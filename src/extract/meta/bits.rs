//! The attributes by which an element says something of the article.

use scraper::node::Element;

/// The attributes that matter, from one look at an element: asking for each by name costs a hash of the name.
#[derive(Default)]
pub(super) struct Bits<'a> {
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

impl<'a> Bits<'a> {
    /// Looks at an element.
    pub fn of(found: &'a Element) -> Self {
        let mut bits = Self::default();
        for (name, value) in found.attrs() {
            let place = match name {
                "class" => &mut bits.class,
                "id" => &mut bits.id,
                "data-testid" => &mut bits.test_id,
                "itemprop" => &mut bits.itemprop,
                "property" => &mut bits.property,
                "name" => &mut bits.name,
                "http-equiv" => &mut bits.http_equiv,
                "content" => &mut bits.content,
                "rel" => &mut bits.rel,
                "href" => &mut bits.href,
                "lang" | "xml:lang" => &mut bits.lang,
                "type" => &mut bits.kind,
                _ => continue,
            };
            *place = Some(value);
        }
        bits
    }
}
