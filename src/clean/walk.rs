//! One walk over the parsed draft, without recursion: each element plays its role in the build.

use html5ever::{
    Attribute, ParseOpts, QualName, driver, local_name, ns, tendril::TendrilSink,
    tree_builder::TreeBuilderOpts,
};
use scraper::{ElementRef, Html, HtmlTreeSink, Node, node::Element};
use std::ops::Deref;

use super::build::Build;
use super::dom::attr;
use super::embeds;
use super::links::{resource, target};
use super::marks::tongue_of;
use super::model::{Attrs, Shape, Style, Tongue};
use super::pictures::bare;
use super::renditions::{self, Candidate, MOST_CANDIDATES};
use super::roles::{Role, role};

/// A place in the tree of a page.
type Place<'a> = <ElementRef<'a> as Deref>::Target;

/// What has to be undone when an element ends.
enum Undo {
    Nothing,
    Divide,
    Mark,
    Style(Style),
    Group,
    Section(&'static str),
    Picture { sources: Vec<Candidate>, pictures: usize },
    Noscript(bool),
}

/// An element that was entered, with the language that was in force before.
struct Entered {
    undo: Undo,
    tongue: Option<Tongue>,
}

/// Parses a fragment as the content of a `<body>`, with scripting off so that `<noscript>` holds elements.
pub(super) fn parse(fragment: &str) -> Html {
    let tree_builder = TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() };
    let options = ParseOpts { tree_builder, ..ParseOpts::default() };
    let body = QualName::new(None, ns!(html), local_name!("body"));
    let sink = HtmlTreeSink::new(Html::new_fragment());
    driver::parse_fragment(sink, options, body, Vec::<Attribute>::new(), false).one(fragment)
}

/// Reads a parsed fragment into the build.
pub(super) fn read(page: &Html, build: &mut Build<'_>) {
    let root: Place<'_> = *page.root_element();
    let mut entered: Vec<Entered> = Vec::new();
    let mut next = root.first_child();
    while let Some(place) = next {
        if let Some(undo) = enter(place, build) {
            entered.push(undo);
            if let Some(child) = place.first_child() {
                next = Some(child);
                continue;
            }
            entered.pop().into_iter().for_each(|undo| leave(undo, build));
        }
        next = place.next_sibling();
        let mut above = place.parent();
        while next.is_none()
            && let Some(parent) = above
            && parent.id() != root.id()
        {
            entered.pop().into_iter().for_each(|undo| leave(undo, build));
            next = parent.next_sibling();
            above = parent.parent();
        }
    }
}

fn enter(place: Place<'_>, build: &mut Build<'_>) -> Option<Entered> {
    match place.value() {
        Node::Text(text) if !build.noscript => build.text(text),
        Node::Element(element) if element.name.ns == ns!(html) => {
            let before = build.tongue.clone();
            let undo = play(role(element.name()), element, place, build)?;
            let tongue = (build.tongue != before).then_some(before);
            return Some(Entered { undo, tongue });
        }
        _ => {}
    }
    None
}

fn leave(entered: Entered, build: &mut Build<'_>) {
    match entered.undo {
        Undo::Nothing => {}
        Undo::Divide => build.boundary(),
        Undo::Mark => build.marks.end(),
        Undo::Style(style) => build.restore_style(style),
        Undo::Group => build.end_group(),
        Undo::Section(section) => {
            build.end_group();
            build.section = section;
        }
        Undo::Picture { sources, pictures } => {
            if build.pictures == pictures {
                build.image_of_sources();
            }
            build.sources = sources;
        }
        Undo::Noscript(noscript) => build.noscript = noscript,
    }
    if let Some(tongue) = entered.tongue {
        build.flush();
        build.tongue = tongue;
    }
}

/// Lets an element play its role; gives what to undo if its content is to be read.
fn play(role: Role, element: &Element, place: Place<'_>, build: &mut Build<'_>) -> Option<Undo> {
    match role {
        Role::Drop => None,
        Role::Image | Role::Picture | Role::Source | Role::Frame | Role::Embed(..) | Role::Noscript => {
            media(role, element, build)
        }
        // Words for readers without script are the portal's, not the article's.
        _ if build.noscript => Some(Undo::Nothing),
        Role::Player(_) | Role::Object => {
            played(role, element, place, build);
            None
        }
        Role::Unwrap if element.attrs.is_empty() => Some(Undo::Nothing),
        Role::Unwrap => {
            Some(if build.marks.start("span", element, build.base) { Undo::Mark } else { Undo::Nothing })
        }
        Role::Mark(tag) => {
            Some(if build.marks.start(tag, element, build.base) { Undo::Mark } else { Undo::Nothing })
        }
        Role::Break => {
            build.line_break();
            None
        }
        Role::Rule => {
            build.rule();
            None
        }
        _ => Some(block(role, element, build)),
    }
}

fn media(role: Role, element: &Element, build: &mut Build<'_>) -> Option<Undo> {
    match role {
        Role::Image => build.image(element),
        Role::Source => {
            let exotic = attr(element, "type")
                .is_some_and(|mime| ["avif", "jxl", "heic"].iter().any(|x| mime.contains(x)));
            for value in
                ["srcset", "data-srcset", "data-lazy-srcset"].iter().filter_map(|name| attr(element, name))
            {
                let candidates = renditions::srcset(value, build.base, None);
                let room = MOST_CANDIDATES.saturating_sub(build.sources.len());
                build.sources.extend(candidates.into_iter().filter(|_| !exotic).take(room));
            }
        }
        Role::Frame => embeds::frame(element, build.base).into_iter().for_each(|frame| build.media(frame)),
        Role::Embed(prefix, attribute) => {
            let id = attr(element, attribute).unwrap_or_default();
            embeds::named_frame(prefix, id, element).into_iter().for_each(|frame| build.media(frame));
        }
        Role::Picture => {
            let sources = std::mem::take(&mut build.sources);
            return Some(Undo::Picture { sources, pictures: build.pictures });
        }
        _ => {
            let before = std::mem::replace(&mut build.noscript, true);
            return Some(Undo::Noscript(before));
        }
    }
    None
}

fn played(role: Role, element: &Element, place: Place<'_>, build: &mut Build<'_>) {
    let Role::Player(tag) = role else {
        return embeds::document(element, build.base).into_iter().for_each(|link| build.media(link));
    };
    let inner = place.descendants().skip(1).filter_map(|node| node.value().as_element());
    let sources = inner.filter(|inner| inner.name() == "source");
    if let Some(player) = embeds::player(tag, element, sources, build.base) {
        return build.media(player);
    }
    // A player that only a script can fill still has its picture.
    if let Some(poster) = attr(element, "poster").and_then(|value| resource(value, build.base)) {
        bare(vec![Candidate::new(renditions::original(&poster), None)])
            .into_iter()
            .for_each(|p| build.picture(p));
    }
}

fn block(role: Role, element: &Element, build: &mut Build<'_>) -> Undo {
    build.boundary();
    let Tongue { lang, dir } = tongue_of(element);
    if lang.is_some() || dir.is_some() {
        build.flush();
        build.tongue.lang = lang.or(build.tongue.lang.take());
        build.tongue.dir = dir.or(build.tongue.dir);
    }
    let style = match role {
        Role::Paragraph => Some(Style::Paragraph),
        Role::Heading(level) => Some(Style::Heading(level)),
        Role::Verbatim => Some(Style::Verbatim),
        _ => None,
    };
    if let Some(style) = style {
        return Undo::Style(build.set_style(style));
    }
    if let Role::Section(section) = role {
        build.section = section;
        return Undo::Divide;
    }
    let Some(shape) = shape(role, element, build) else { return Undo::Divide };
    let section = build.section;
    if role == Role::Table {
        build.section = "tbody";
    }
    match build.start_group(shape) {
        true if role == Role::Table => Undo::Section(section),
        true => Undo::Group,
        false => Undo::Divide,
    }
}

fn shape(role: Role, element: &Element, build: &Build<'_>) -> Option<Shape> {
    Some(match role {
        Role::Quote => Shape::Quote { cite: attr(element, "cite").and_then(|cite| target(cite, build.base)) },
        Role::List(tag) => Shape::List { tag, attrs: list_attrs(tag, element) },
        Role::Item => Shape::Item,
        Role::Terms => Shape::Terms,
        Role::Term => Shape::Term,
        Role::Detail => Shape::Detail,
        Role::Table => Shape::Table,
        Role::TableCaption => Shape::TableCaption,
        Role::Row => Shape::Row { section: build.section },
        Role::Cell(tag) => Shape::Cell { tag, attrs: cell_attrs(element) },
        Role::Figure => Shape::Figure,
        Role::Caption => Shape::Caption,
        _ => return None,
    })
}

fn list_attrs(tag: &str, element: &Element) -> Attrs {
    let mut attrs = Attrs::new();
    if tag == "ol" {
        let start = attr(element, "start").and_then(|start| start.trim().parse::<i32>().ok());
        attrs.extend(start.filter(|start| *start != 1).map(|start| ("start", start.to_string())));
        attrs.extend(attr(element, "reversed").map(|_| ("reversed", String::new())));
        let kind = attr(element, "type").map(str::trim).filter(|kind| matches!(*kind, "a" | "A" | "i" | "I"));
        attrs.extend(kind.map(|kind| ("type", kind.to_owned())));
    }
    attrs
}

fn cell_attrs(element: &Element) -> Attrs {
    let span = |name| {
        let value = attr(element, name)?.trim().parse::<u32>().ok()?;
        (2..=1_000).contains(&value).then(|| (name, value.to_string()))
    };
    ["colspan", "rowspan"].into_iter().filter_map(span).collect()
}
