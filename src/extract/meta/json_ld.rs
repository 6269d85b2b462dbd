//! schema.org in JSON-LD: the article among the nodes, and what it says.

use serde_json::{Map, Value};

use super::json_repair;
use crate::extract::text;

#[derive(Debug, Default)]
pub(super) struct Ld {
    pub article: Article,
    /// Names of the page's breadcrumb, from the front page on.
    pub breadcrumbs: Vec<String>,
    /// The site's name: of a `WebSite`, else the publisher's.
    pub site: Option<String>,
    /// All types met, lower case.
    pub kinds: Vec<String>,
}

/// What the article's node says, texts folded.
#[derive(Debug, Default)]
pub(super) struct Article {
    pub headline: Option<String>,
    pub published: Option<String>,
    pub modified: Option<String>,
    pub authors: Vec<Author>,
    pub creators: Vec<Author>,
    pub sections: Vec<String>,
    pub keywords: Vec<String>,
    pub images: Vec<String>,
    pub language: Option<String>,
}

/// An author, and whether the node says that it is no person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Author {
    pub name: String,
    pub organisation: bool,
}

/// A page of a portal carries a few nodes; a page that carries thousands is not read to its end.
const MAX_NODES: usize = 2_000;

pub(super) fn read(scripts: &[String]) -> Ld {
    let values: Vec<Value> = scripts.iter().flat_map(|script| json_repair::read(script)).collect();
    let mut nodes = Vec::new();
    for value in &values {
        flatten(value, 0, &mut nodes);
    }
    let mut ld = Ld::default();
    for node in &nodes {
        ld.kinds.extend(types(node).map(str::to_ascii_lowercase));
    }
    let article = nodes.iter().copied().filter_map(|node| rank(node).map(|rank| (rank, node)));
    // Of equals the first: pages name their own article before the ones they recommend.
    let best = article.reduce(|best, other| if other.0 > best.0 { other } else { best });
    if let Some((_, node)) = best {
        ld.article = read_article(node, &nodes);
        ld.site = node.get("publisher").and_then(|publisher| name(publisher, &nodes));
    }
    let website = nodes.iter().find(|node| types(node).any(|kind| kind == "WebSite"));
    ld.site = website.and_then(|node| string(node.get("name")?)).or(ld.site);
    ld.breadcrumbs = nodes
        .iter()
        .find(|node| types(node).any(|kind| kind == "BreadcrumbList"))
        .map(|node| breadcrumbs(node))
        .unwrap_or_default();
    ld
}

/// All objects that may be nodes of their own: of arrays, `@graph` and `mainEntity`.
fn flatten<'v>(value: &'v Value, depth: u8, nodes: &mut Vec<&'v Map<String, Value>>) {
    if depth > 6 || nodes.len() > MAX_NODES {
        return;
    }
    match value {
        Value::Array(values) => values.iter().for_each(|value| flatten(value, depth + 1, nodes)),
        Value::Object(node) => {
            nodes.push(node);
            for key in ["@graph", "mainEntity", "mainEntityOfPage", "breadcrumb", "hasPart"] {
                if let Some(inner) = node.get(key) {
                    flatten(inner, depth + 1, nodes);
                }
            }
        }
        _ => {}
    }
}

fn types(node: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let types = match node.get("@type") {
        Some(Value::Array(types)) => types.as_slice(),
        Some(one) => std::slice::from_ref(one),
        None => &[],
    };
    types.iter().filter_map(Value::as_str).map(|kind| kind.rsplit(['/', ':', '#']).next().unwrap_or(kind))
}

/// How much a node looks like the page's article; `None` if not at all.
fn rank(node: &Map<String, Value>) -> Option<u8> {
    let kind = types(node)
        .filter_map(|kind| match kind {
            kind if kind.ends_with("NewsArticle") => Some(6),
            kind if kind.ends_with("Article") || kind.ends_with("Posting") || kind == "Report" => Some(5),
            "Review" | "ClaimReview" | "Recipe" | "Event" => Some(2),
            "VideoObject" | "ImageGallery" | "MediaGallery" | "CreativeWork" => Some(2),
            "WebPage" | "ItemPage" => Some(1),
            _ => None,
        })
        .max()?;
    let headed = node.contains_key("headline") || node.contains_key("articleBody");
    let dated = node.contains_key("datePublished");
    Some(kind * 4 + u8::from(headed) * 2 + u8::from(dated))
}

fn read_article(node: &Map<String, Value>, nodes: &[&Map<String, Value>]) -> Article {
    let get = |key: &str| node.get(key).and_then(string);
    Article {
        headline: get("headline").or_else(|| get("name")),
        published: get("datePublished").or_else(|| get("dateCreated")).or_else(|| get("uploadDate")),
        modified: get("dateModified"),
        authors: node.get("author").map(|value| authors(value, nodes)).unwrap_or_default(),
        creators: node.get("creator").map(|value| authors(value, nodes)).unwrap_or_default(),
        sections: node.get("articleSection").map(strings).unwrap_or_default(),
        keywords: node.get("keywords").map(strings).unwrap_or_default(),
        images: node.get("image").or_else(|| node.get("thumbnailUrl")).map(images).unwrap_or_default(),
        language: get("inLanguage"),
    }
}

/// A text value, folded; entities that a CMS escaped into JSON are decoded once.
fn string(value: &Value) -> Option<String> {
    let raw = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => return values.iter().find_map(string),
        Value::Object(node) => return node.get("@value").or_else(|| node.get("name")).and_then(string),
        _ => return None,
    };
    let folded = text::normalize(&text::decoded(&raw));
    (!folded.is_empty()).then_some(folded)
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().filter_map(string).collect(),
        one => string(one).into_iter().collect(),
    }
}

fn images(value: &Value) -> Vec<String> {
    match value {
        Value::Array(values) => values.iter().flat_map(images).collect(),
        Value::Object(node) => ["url", "contentUrl", "@id"]
            .iter()
            .find_map(|key| node.get(*key).and_then(string))
            .into_iter()
            .collect(),
        one => string(one).into_iter().collect(),
    }
}

/// A node by its `@id`, if the value is a mere reference.
fn referred<'v>(value: &'v Value, nodes: &[&'v Map<String, Value>]) -> Option<&'v Map<String, Value>> {
    let node = value.as_object()?;
    if node.contains_key("name") {
        return Some(node);
    }
    let id = node.get("@id")?.as_str()?;
    nodes
        .iter()
        .copied()
        .find(|other| other.get("@id").and_then(Value::as_str) == Some(id) && other.contains_key("name"))
}

fn name(value: &Value, nodes: &[&Map<String, Value>]) -> Option<String> {
    match value {
        Value::Array(values) => values.iter().find_map(|value| name(value, nodes)),
        Value::Object(_) => referred(value, nodes).and_then(|node| string(node.get("name")?)),
        one => string(one),
    }
}

fn authors(value: &Value, nodes: &[&Map<String, Value>]) -> Vec<Author> {
    let mut out = Vec::new();
    let all = match value {
        Value::Array(values) => values.as_slice(),
        one => std::slice::from_ref(one),
    };
    for value in all {
        let node = referred(value, nodes);
        let organisation = node.is_some_and(|node| types(node).any(|kind| kind.ends_with("Organization")));
        let names = match (node.and_then(|node| node.get("name")), value) {
            (Some(name), _) => strings(name),
            (None, Value::String(_)) => strings(value),
            (None, _) => value.as_object().and_then(parted_name).into_iter().collect(),
        };
        out.extend(names.into_iter().map(|name| Author { name, organisation }));
    }
    out
}

/// A name in parts.
fn parted_name(node: &Map<String, Value>) -> Option<String> {
    let part = |key: &str| node.get(key).and_then(string);
    Some(format!("{} {}", part("givenName")?, part("familyName")?))
}

fn breadcrumbs(node: &Map<String, Value>) -> Vec<String> {
    let Some(Value::Array(items)) = node.get("itemListElement") else { return Vec::new() };
    let item = |item: &Value| {
        let item = item.as_object()?;
        item.get("name").and_then(string).or_else(|| string(item.get("item")?.as_object()?.get("name")?))
    };
    items.iter().filter_map(item).collect()
}
