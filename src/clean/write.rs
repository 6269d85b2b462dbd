//! The normal form as HTML: every element that needs one has its end tag, attributes in one order, a line end between
//! blocks.

use url::Url;

use super::model::{
    Attrs, Block, Figure, FigureItem, Group, GroupKind, Inline, Language, Leaf, Mark, Picture, TextStyle,
};

/// Writes blocks as an HTML fragment. `length` is about how many bytes it will have.
pub(super) fn html(blocks: &[Block], marks: &[Mark], length: usize) -> String {
    let mut writer = HtmlWriter { out: String::with_capacity(length), marks };
    writer.blocks(blocks, false);
    writer.out
}

struct HtmlWriter<'a> {
    out: String,
    marks: &'a [Mark],
}

impl HtmlWriter<'_> {
    /// Depth is bounded by the build, so this may call itself. `bare` leaves out the `<p>` of the only paragraph where
    /// it comes first.
    fn blocks(&mut self, blocks: &[Block], bare: bool) {
        let is_bare = bare
            && blocks.first().is_some_and(Block::is_plain)
            && blocks.iter().filter(|block| block.is_plain()).count() == 1;
        for (place, block) in blocks.iter().enumerate() {
            if place > 0 {
                self.out.push('\n');
            }
            match block {
                Block::Rule => self.out.push_str("<hr>"),
                Block::TextBlock(lines) if is_bare && place == 0 => self.leaves(&lines.leaves),
                Block::TextBlock(lines) => {
                    let tag = match lines.style {
                        TextStyle::Paragraph => "p",
                        TextStyle::Verbatim => "pre",
                        TextStyle::Heading(level) => HEADINGS[usize::from(level.clamp(2, 6)) - 2],
                    };
                    self.start(tag, &[], &lines.language);
                    self.leaves(&lines.leaves);
                    self.end(tag);
                }
                Block::Figure(figure) => self.figure(figure),
                Block::Group(group) => self.group(group),
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let Group { kind, language, blocks } = group;
        let none = Attrs::new();
        match kind {
            GroupKind::Table => self.table(group),
            GroupKind::Quote { cite } => {
                let attrs: Attrs = cite.iter().map(|cite| ("cite", cite.clone())).collect();
                self.wrapped("blockquote", &attrs, language, blocks, false);
            }
            GroupKind::List { tag, attrs } => self.wrapped(tag, attrs, language, blocks, false),
            GroupKind::Item => self.wrapped("li", &none, language, blocks, true),
            GroupKind::Terms => self.wrapped("dl", &none, language, blocks, false),
            GroupKind::Term => self.wrapped("dt", &none, language, blocks, true),
            GroupKind::Detail => self.wrapped("dd", &none, language, blocks, true),
            GroupKind::Row { .. } => self.wrapped("tr", &none, language, blocks, false),
            GroupKind::Cell { tag, attrs } => self.wrapped(tag, attrs, language, blocks, true),
            GroupKind::TableCaption => self.wrapped("caption", &none, language, blocks, true),
            GroupKind::Caption => self.wrapped("figcaption", &none, language, blocks, true),
            GroupKind::Root | GroupKind::Figure => self.blocks(blocks, false),
        }
    }

    fn wrapped(&mut self, tag: &str, attrs: &Attrs, language: &Language, blocks: &[Block], bare: bool) {
        self.start(tag, attrs, language);
        self.blocks(blocks, bare);
        self.end(tag);
    }

    fn table(&mut self, table: &Group) {
        self.start("table", &[], &table.language);
        let mut open = None;
        for block in &table.blocks {
            let Block::Group(part) = block else { continue };
            if let GroupKind::Row { section } = part.kind
                && open != Some(section)
            {
                open.into_iter().for_each(|section| self.end(section));
                self.start(section, &[], &Language::default());
                open = Some(section);
            } else {
                self.out.push('\n');
            }
            self.group(part);
        }
        open.into_iter().for_each(|section| self.end(section));
        self.end("table");
    }

    fn figure(&mut self, figure: &Figure) {
        self.start("figure", &[], &figure.language);
        figure.media.iter().for_each(|media| self.media(media));
        self.blocks(&figure.blocks, false);
        if !figure.caption.is_empty() {
            self.start("figcaption", &[], &Language::default());
            self.leaves(&figure.caption);
            self.end("figcaption");
        }
        self.end("figure");
    }

    fn media(&mut self, media: &FigureItem) {
        let none = Language::default();
        match media {
            FigureItem::Picture { picture, link } => {
                let attrs: Attrs = link.iter().map(|link| ("href", link.clone())).collect();
                if link.is_some() {
                    self.start("a", &attrs, &none);
                }
                self.picture(picture);
                if link.is_some() {
                    self.end("a");
                }
            }
            FigureItem::Frame { attrs } => {
                self.start("iframe", attrs, &none);
                self.end("iframe");
            }
            FigureItem::Player { tag, attrs, sources } => {
                self.start(tag, attrs, &none);
                for (url, mime) in sources {
                    let mut attrs: Attrs = vec![("src", url.as_str().to_owned())];
                    attrs.extend((!mime.is_empty()).then(|| ("type", mime.clone())));
                    self.start("source", &attrs, &none);
                }
                self.end(tag);
            }
            FigureItem::Link { href, label } => {
                self.start("a", &[("href", href.clone())], &none);
                escape(label, false, &mut self.out);
                self.end("a");
            }
        }
    }

    fn picture(&mut self, picture: &Picture) {
        self.out.push_str("<img");
        self.attr("src", picture.url.as_str());
        if !picture.srcset.is_empty() {
            self.attr("srcset", &srcset(&picture.srcset));
        }
        self.attr("alt", &picture.alt);
        if !picture.title.is_empty() {
            self.attr("title", &picture.title);
        }
        for (name, pixels) in [("width", picture.width), ("height", picture.height)] {
            pixels.iter().for_each(|pixels| self.attr(name, &pixels.to_string()));
        }
        self.out.push('>');
    }

    fn leaves(&mut self, leaves: &[Leaf]) {
        let mut open: &[u32] = &[];
        for leaf in leaves {
            let shared = open.iter().zip(&leaf.marks).take_while(|(a, b)| a == b).count();
            self.end_marks(&open[shared..]);
            for id in &leaf.marks[shared..] {
                let mark = &self.marks[*id as usize];
                self.start(mark.tag, &mark.attrs, &Language::default());
            }
            open = &leaf.marks;
            match &leaf.content {
                Inline::Text(text) => escape(text, false, &mut self.out),
                Inline::Break => self.out.push_str("<br>"),
                Inline::Picture(picture) => self.picture(picture),
            }
        }
        self.end_marks(open);
    }

    fn end_marks(&mut self, marks: &[u32]) {
        for id in marks.iter().rev() {
            self.end(self.marks[*id as usize].tag);
        }
    }

    fn start(&mut self, tag: &str, attrs: &[(&'static str, String)], language: &Language) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attrs {
            self.attr(name, value);
        }
        if let Some(lang) = &language.lang {
            self.attr("lang", lang);
        }
        if let Some(dir) = language.dir {
            self.attr("dir", dir);
        }
        self.out.push('>');
    }

    fn attr(&mut self, name: &str, value: &str) {
        self.out.push(' ');
        self.out.push_str(name);
        self.out.push_str("=\"");
        escape(value, true, &mut self.out);
        self.out.push('"');
    }

    fn end(&mut self, tag: &str) {
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }
}

const HEADINGS: [&str; 5] = ["h2", "h3", "h4", "h5", "h6"];

fn srcset(renditions: &[(Url, u32)]) -> String {
    let entries: Vec<String> = renditions.iter().map(|(url, width)| format!("{url} {width}w")).collect();
    entries.join(", ")
}

/// Escapes what a serialiser of the HTML Standard (section 13.3) escapes, quotation marks in attribute values only.
fn escape(text: &str, in_attribute: bool, out: &mut String) {
    // Most texts have none of these. Looking at all bytes without stopping lets the compiler use vector instructions.
    if !text.bytes().fold(false, |any, byte| any | matches!(byte, b'&' | b'<' | b'>' | b'"')) {
        return out.push_str(text);
    }
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        let entity = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            b'"' if in_attribute => "&quot;",
            _ => continue,
        };
        out.push_str(&text[from..at]);
        out.push_str(entity);
        from = at + 1;
    }
    out.push_str(&text[from..]);
}
