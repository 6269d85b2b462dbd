//! Walks over the fragment once, without recursion, and tells the builder what each element means.

use super::builder::BodyBuilder;
use super::embeds;
use super::links::{resource, target};
use super::marks::language_of;
use super::model::{Attrs, GroupKind, Language, TextStyle};
use super::pictures::picture_of_renditions;
use super::renditions::{self, MAX_RENDITIONS, Rendition};
use super::roles::{Role, role};
use crate::html::hidden;
use crate::model::{Element, Fragment, Piece};

/// The longest text that is taken for a hidden label, in bytes.
const MAX_LABEL_BYTES: usize = 200;
const MAX_LABEL_ELEMENTS: usize = 20;

/// What to do when an element ends.
enum OnLeave {
    Nothing,
    Divide,
    Mark,
    Style(TextStyle),
    Group,
    Section(&'static str),
    Picture { sources: Vec<Rendition>, pictures: usize },
    Noscript(bool),
}

/// An element that was entered, with the language that was in force before.
struct Entered {
    on_leave: OnLeave,
    language: Option<Language>,
}

/// Reads a fragment into the builder.
pub(super) fn read(fragment: &Fragment, builder: &mut BodyBuilder<'_>) {
    // The ends of the elements that were entered.
    let mut entered: Vec<(usize, Entered)> = Vec::new();
    let mut at = 0;
    while let Some((piece, end)) = fragment.get(at) {
        while let Some((_, on_leave)) = entered.pop_if(|(end, _)| *end <= at) {
            leave(on_leave, builder);
        }
        match piece {
            Piece::Text(text) if !builder.noscript => builder.text(text),
            Piece::Text(_) => {}
            Piece::Element(element) => {
                let Some(on_leave) = enter(element, builder) else {
                    at = end;
                    continue;
                };
                entered.push((end, on_leave));
            }
        }
        at += 1;
    }
    entered.into_iter().rev().for_each(|(_, on_leave)| leave(on_leave, builder));
}

fn enter(element: Element<'_>, builder: &mut BodyBuilder<'_>) -> Option<Entered> {
    let role = role(element.name());
    if !element.is_plain() && is_hidden_label(role, element) {
        return None;
    }
    let before = builder.language.clone();
    let on_leave = apply(role, element, builder)?;
    let language = (builder.language != before).then_some(before);
    Some(Entered { on_leave, language })
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

fn leave(entered: Entered, builder: &mut BodyBuilder<'_>) {
    match entered.on_leave {
        OnLeave::Nothing => {}
        OnLeave::Divide => builder.boundary(),
        OnLeave::Mark => builder.marks.end(),
        OnLeave::Style(style) => builder.restore_style(style),
        OnLeave::Group => builder.end_group(),
        OnLeave::Section(section) => {
            builder.end_group();
            builder.section = section;
        }
        OnLeave::Picture { sources, pictures } => {
            if builder.pictures == pictures {
                builder.image_of_sources();
            }
            builder.sources = sources;
        }
        OnLeave::Noscript(noscript) => builder.noscript = noscript,
    }
    if let Some(language) = entered.language {
        builder.flush();
        builder.language = language;
    }
}

/// Applies the role of an element; returns what to do at its end, or `None` if its content is not to be read.
fn apply(role: Role, element: Element<'_>, builder: &mut BodyBuilder<'_>) -> Option<OnLeave> {
    match role {
        Role::Drop => None,
        Role::Image | Role::Picture | Role::Source | Role::Frame | Role::Embed(..) | Role::Noscript => {
            media(role, element, builder)
        }
        // Words for readers without script are the portal's, not the article's.
        _ if builder.noscript => Some(OnLeave::Nothing),
        Role::Player(_) | Role::Object => {
            player_or_document(role, element, builder);
            None
        }
        Role::Unwrap if element.is_plain() => Some(OnLeave::Nothing),
        Role::Unwrap => Some(if builder.marks.start("span", element, builder.base) {
            OnLeave::Mark
        } else {
            OnLeave::Nothing
        }),
        Role::Mark(tag) => Some(if builder.marks.start(tag, element, builder.base) {
            OnLeave::Mark
        } else {
            OnLeave::Nothing
        }),
        Role::Break => {
            builder.line_break();
            None
        }
        Role::Rule => {
            builder.rule();
            None
        }
        _ => Some(block(role, element, builder)),
    }
}

fn media(role: Role, element: Element<'_>, builder: &mut BodyBuilder<'_>) -> Option<OnLeave> {
    match role {
        Role::Image => builder.image(element),
        Role::Source => {
            let exotic = element
                .attr("type")
                .is_some_and(|mime| ["avif", "jxl", "heic"].iter().any(|x| mime.contains(x)));
            for value in
                ["srcset", "data-srcset", "data-lazy-srcset"].iter().filter_map(|name| element.attr(name))
            {
                let renditions = renditions::parse_srcset(value, builder.base, None);
                let room = MAX_RENDITIONS.saturating_sub(builder.sources.len());
                builder.sources.extend(renditions.into_iter().filter(|_| !exotic).take(room));
            }
        }
        Role::Frame => {
            embeds::frame(element, builder.base).into_iter().for_each(|frame| builder.media(frame))
        }
        Role::Embed(prefix, attribute) => {
            let id = element.attr(attribute).unwrap_or_default();
            embeds::named_frame(prefix, id, element).into_iter().for_each(|frame| builder.media(frame));
        }
        Role::Picture => {
            let sources = std::mem::take(&mut builder.sources);
            return Some(OnLeave::Picture { sources, pictures: builder.pictures });
        }
        _ => {
            let before = std::mem::replace(&mut builder.noscript, true);
            return Some(OnLeave::Noscript(before));
        }
    }
    None
}

fn player_or_document(role: Role, element: Element<'_>, builder: &mut BodyBuilder<'_>) {
    let Role::Player(tag) = role else {
        return embeds::document(element, builder.base).into_iter().for_each(|link| builder.media(link));
    };
    let sources = element.descendants().filter(|inner| inner.name() == "source");
    if let Some(player) = embeds::player(tag, element, sources, builder.base) {
        return builder.media(player);
    }
    // A player that only a script can fill still has its picture.
    if let Some(poster) = element.attr("poster").and_then(|value| resource(value, builder.base)) {
        picture_of_renditions(vec![Rendition::new(renditions::unwrap_photon(poster), None)])
            .into_iter()
            .for_each(|p| builder.picture(p));
    }
}

fn block(role: Role, element: Element<'_>, builder: &mut BodyBuilder<'_>) -> OnLeave {
    builder.boundary();
    let Language { lang, dir } = language_of(element);
    if lang.is_some() || dir.is_some() {
        builder.flush();
        builder.language.lang = lang.or(builder.language.lang.take());
        builder.language.dir = dir.or(builder.language.dir);
    }
    let style = match role {
        Role::Paragraph => Some(TextStyle::Paragraph),
        Role::Heading(level) => Some(TextStyle::Heading(level)),
        Role::Verbatim => Some(TextStyle::Verbatim),
        _ => None,
    };
    if let Some(style) = style {
        return OnLeave::Style(builder.set_style(style));
    }
    if let Role::Section(section) = role {
        builder.section = section;
        return OnLeave::Divide;
    }
    let Some(kind) = kind(role, element, builder) else { return OnLeave::Divide };
    let section = builder.section;
    if role == Role::Table {
        builder.section = "tbody";
    }
    match builder.start_group(kind) {
        true if role == Role::Table => OnLeave::Section(section),
        true => OnLeave::Group,
        false => OnLeave::Divide,
    }
}

fn kind(role: Role, element: Element<'_>, builder: &BodyBuilder<'_>) -> Option<GroupKind> {
    Some(match role {
        Role::Quote => {
            GroupKind::Quote { cite: element.attr("cite").and_then(|cite| target(cite, builder.base)) }
        }
        Role::List(tag) => GroupKind::List { tag, attrs: list_attrs(tag, element) },
        Role::Item => GroupKind::Item,
        Role::Terms => GroupKind::Terms,
        Role::Term => GroupKind::Term,
        Role::Detail => GroupKind::Detail,
        Role::Table => GroupKind::Table,
        Role::TableCaption => GroupKind::TableCaption,
        Role::Row => GroupKind::Row { section: builder.section },
        Role::Cell(tag) => GroupKind::Cell { tag, attrs: cell_attrs(element) },
        Role::Figure => GroupKind::Figure,
        Role::Caption => GroupKind::Caption,
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
