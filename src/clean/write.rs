//! The normal form as HTML: every element that needs one has its end tag, attributes in one order, a line end between
//! blocks.

use url::Url;

use super::model::{Attrs, Block, Content, Figure, Group, Leaf, Mark, Media, Picture, Shape, Style, Tongue};

/// Writes blocks as an HTML fragment. `length` is about how many bytes it will have.
pub(super) fn html(blocks: &[Block], marks: &[Mark], length: usize) -> String {
    let mut writer = Writer { out: String::with_capacity(length), marks };
    writer.blocks(blocks, false);
    writer.out
}

struct Writer<'a> {
    out: String,
    marks: &'a [Mark],
}

impl Writer<'_> {
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
                Block::Lines(lines) if is_bare && place == 0 => self.leaves(&lines.leaves),
                Block::Lines(lines) => {
                    let tag = match lines.style {
                        Style::Paragraph => "p",
                        Style::Verbatim => "pre",
                        Style::Heading(level) => HEADINGS[usize::from(level.clamp(2, 6)) - 2],
                    };
                    self.start(tag, &[], &lines.tongue);
                    self.leaves(&lines.leaves);
                    self.end(tag);
                }
                Block::Figure(figure) => self.figure(figure),
                Block::Group(group) => self.group(group),
            }
        }
    }

    fn group(&mut self, group: &Group) {
        let Group { shape, tongue, blocks } = group;
        let none = Attrs::new();
        match shape {
            Shape::Table => self.table(group),
            Shape::Quote { cite } => {
                let attrs: Attrs = cite.iter().map(|cite| ("cite", cite.clone())).collect();
                self.wrapped("blockquote", &attrs, tongue, blocks, false);
            }
            Shape::List { tag, attrs } => self.wrapped(tag, attrs, tongue, blocks, false),
            Shape::Item => self.wrapped("li", &none, tongue, blocks, true),
            Shape::Terms => self.wrapped("dl", &none, tongue, blocks, false),
            Shape::Term => self.wrapped("dt", &none, tongue, blocks, true),
            Shape::Detail => self.wrapped("dd", &none, tongue, blocks, true),
            Shape::Row { .. } => self.wrapped("tr", &none, tongue, blocks, false),
            Shape::Cell { tag, attrs } => self.wrapped(tag, attrs, tongue, blocks, true),
            Shape::TableCaption => self.wrapped("caption", &none, tongue, blocks, true),
            Shape::Caption => self.wrapped("figcaption", &none, tongue, blocks, true),
            Shape::Root | Shape::Figure => self.blocks(blocks, false),
        }
    }

    fn wrapped(&mut self, tag: &str, attrs: &Attrs, tongue: &Tongue, blocks: &[Block], bare: bool) {
        self.start(tag, attrs, tongue);
        self.blocks(blocks, bare);
        self.end(tag);
    }

    fn table(&mut self, table: &Group) {
        self.start("table", &[], &table.tongue);
        let mut open = None;
        for block in &table.blocks {
            let Block::Group(part) = block else { continue };
            if let Shape::Row { section } = part.shape
                && open != Some(section)
            {
                open.into_iter().for_each(|section| self.end(section));
                self.start(section, &[], &Tongue::default());
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
        self.start("figure", &[], &figure.tongue);
        figure.media.iter().for_each(|media| self.media(media));
        self.blocks(&figure.blocks, false);
        if !figure.caption.is_empty() {
            self.start("figcaption", &[], &Tongue::default());
            self.leaves(&figure.caption);
            self.end("figcaption");
        }
        self.end("figure");
    }

    fn media(&mut self, media: &Media) {
        let none = Tongue::default();
        match media {
            Media::Picture { picture, link } => {
                let attrs: Attrs = link.iter().map(|link| ("href", link.clone())).collect();
                if link.is_some() {
                    self.start("a", &attrs, &none);
                }
                self.picture(picture);
                if link.is_some() {
                    self.end("a");
                }
            }
            Media::Frame { attrs } => {
                self.start("iframe", attrs, &none);
                self.end("iframe");
            }
            Media::Player { tag, attrs, sources } => {
                self.start(tag, attrs, &none);
                for (url, mime) in sources {
                    let mut attrs: Attrs = vec![("src", url.as_str().to_owned())];
                    attrs.extend((!mime.is_empty()).then(|| ("type", mime.clone())));
                    self.start("source", &attrs, &none);
                }
                self.end(tag);
            }
            Media::Link { href, label } => {
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
                self.start(mark.tag, &mark.attrs, &Tongue::default());
            }
            open = &leaf.marks;
            match &leaf.content {
                Content::Text(text) => escape(text, false, &mut self.out),
                Content::Break => self.out.push_str("<br>"),
                Content::Picture(picture) => self.picture(picture),
            }
        }
        self.end_marks(open);
    }

    fn end_marks(&mut self, marks: &[u32]) {
        for id in marks.iter().rev() {
            self.end(self.marks[*id as usize].tag);
        }
    }

    fn start(&mut self, tag: &str, attrs: &[(&'static str, String)], tongue: &Tongue) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attrs {
            self.attr(name, value);
        }
        if let Some(lang) = &tongue.lang {
            self.attr("lang", lang);
        }
        if let Some(dir) = tongue.dir {
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
    // Most texts have none of these, which is told sooner of all bytes at once than of one after the other.
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
