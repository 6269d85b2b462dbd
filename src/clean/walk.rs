//! One walk over the fragment, without recursion: each element plays its role in the build.

use super::build::Build;
use super::embeds;
use super::links::{resource, target};
use super::marks::tongue_of;
use super::model::{Attrs, Shape, Style, Tongue};
use super::pictures::bare;
use super::renditions::{self, Candidate, MOST_CANDIDATES};
use super::roles::{Role, role};
use crate::html::hidden;
use crate::model::{Element, Fragment, Piece};

/// The longest text that is taken for a hidden label, in bytes.
const MAX_LABEL_BYTES: usize = 200;
const MAX_LABEL_ELEMENTS: usize = 20;

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

/// Reads a fragment into the build.
pub(super) fn read(fragment: &Fragment, build: &mut Build<'_>) {
    // The ends of the elements that were entered.
    let mut entered: Vec<(usize, Entered)> = Vec::new();
    let mut at = 0;
    while let Some((piece, end)) = fragment.get(at) {
        while let Some((_, undo)) = entered.pop_if(|(end, _)| *end <= at) {
            leave(undo, build);
        }
        match piece {
            Piece::Text(text) if !build.noscript => build.text(text),
            Piece::Text(_) => {}
            Piece::Element(element) => {
                let Some(undo) = enter(element, build) else {
                    at = end;
                    continue;
                };
                entered.push((end, undo));
            }
        }
        at += 1;
    }
    entered.into_iter().rev().for_each(|(_, undo)| leave(undo, build));
}

fn enter(element: Element<'_>, build: &mut Build<'_>) -> Option<Entered> {
    let role = role(element.name());
    if !element.is_plain() && is_hidden_label(role, element) {
        return None;
    }
    let before = build.tongue.clone();
    let undo = play(role, element, build)?;
    let tongue = (build.tongue != before).then_some(before);
    Some(Entered { undo, tongue })
}

/// Whether an element holds words that visitors are not shown: those for screen readers, and labels within a line that are
/// taken off the page. What is longer, stands in blocks or holds a picture may be what a click unfolds.
fn is_hidden_label(role: Role, element: Element<'_>) -> bool {
    let is_inline = |role| matches!(role, Role::Unwrap | Role::Mark(_));
    let is_label = || {
        let mut inside = element.descendants().map(|inner| super::roles::role(inner.name()));
        let few = inside.by_ref().take(MAX_LABEL_ELEMENTS).all(is_inline) && inside.next().is_none();
        few && element.text_len() <= MAX_LABEL_BYTES
    };
    element.attrs().any(hidden::is_for_screen_readers)
        || (is_inline(role) && element.attrs().any(hidden::is_off_page) && is_label())
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
fn play(role: Role, element: Element<'_>, build: &mut Build<'_>) -> Option<Undo> {
    match role {
        Role::Drop => None,
        Role::Image | Role::Picture | Role::Source | Role::Frame | Role::Embed(..) | Role::Noscript => {
            media(role, element, build)
        }
        // Words for readers without script are the portal's, not the article's.
        _ if build.noscript => Some(Undo::Nothing),
        Role::Player(_) | Role::Object => {
            played(role, element, build);
            None
        }
        Role::Unwrap if element.is_plain() => Some(Undo::Nothing),
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

fn media(role: Role, element: Element<'_>, build: &mut Build<'_>) -> Option<Undo> {
    match role {
        Role::Image => build.image(element),
        Role::Source => {
            let exotic = element
                .attr("type")
                .is_some_and(|mime| ["avif", "jxl", "heic"].iter().any(|x| mime.contains(x)));
            for value in
                ["srcset", "data-srcset", "data-lazy-srcset"].iter().filter_map(|name| element.attr(name))
            {
                let candidates = renditions::srcset(value, build.base, None);
                let room = MOST_CANDIDATES.saturating_sub(build.sources.len());
                build.sources.extend(candidates.into_iter().filter(|_| !exotic).take(room));
            }
        }
        Role::Frame => embeds::frame(element, build.base).into_iter().for_each(|frame| build.media(frame)),
        Role::Embed(prefix, attribute) => {
            let id = element.attr(attribute).unwrap_or_default();
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

fn played(role: Role, element: Element<'_>, build: &mut Build<'_>) {
    let Role::Player(tag) = role else {
        return embeds::document(element, build.base).into_iter().for_each(|link| build.media(link));
    };
    let sources = element.descendants().filter(|inner| inner.name() == "source");
    if let Some(player) = embeds::player(tag, element, sources, build.base) {
        return build.media(player);
    }
    // A player that only a script can fill still has its picture.
    if let Some(poster) = element.attr("poster").and_then(|value| resource(value, build.base)) {
        bare(vec![Candidate::new(renditions::original(poster), None)])
            .into_iter()
            .for_each(|p| build.picture(p));
    }
}

fn block(role: Role, element: Element<'_>, build: &mut Build<'_>) -> Undo {
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

fn shape(role: Role, element: Element<'_>, build: &Build<'_>) -> Option<Shape> {
    Some(match role {
        Role::Quote => Shape::Quote { cite: element.attr("cite").and_then(|cite| target(cite, build.base)) },
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

fn list_attrs(tag: &str, element: Element<'_>) -> Attrs {
    let mut attrs = Attrs::new();
    if tag == "ol" {
        let start = element.attr("start").and_then(|start| start.trim().parse::<i32>().ok());
        attrs.extend(start.filter(|start| *start != 1).map(|start| ("start", start.to_string())));
        attrs.extend(element.attr("reversed").map(|_| ("reversed", String::new())));
        let kind = element.attr("type").map(str::trim).filter(|kind| matches!(*kind, "a" | "A" | "i" | "I"));
        attrs.extend(kind.map(|kind| ("type", kind.to_owned())));
    }
    attrs
}

fn cell_attrs(element: Element<'_>) -> Attrs {
    let span = |name| {
        let value = element.attr(name)?.trim().parse::<u32>().ok()?;
        (2..=1_000).contains(&value).then(|| (name, value.to_string()))
    };
    ["colspan", "rowspan"].into_iter().filter_map(span).collect()
}
