//! JSON as pages carry it: in comments or CDATA, with trailing commas, with raw line breaks in strings.

use serde_json::Value;

/// Reads JSON, mending it where it is broken in the ways pages break it. Several values in a row give all of them.
pub(super) fn read(text: &str) -> Vec<Value> {
    let text = unwrapped(text);
    if text.is_empty() {
        return Vec::new();
    }
    let strict = values(text);
    if let Some(values) = strict {
        return values;
    }
    values(&mended(text)).unwrap_or_default()
}

fn values(text: &str) -> Option<Vec<Value>> {
    let mut out = Vec::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match value {
            Ok(value) => out.push(value),
            // What stands before the break is whole and is kept.
            Err(_) if !out.is_empty() => break,
            Err(_) => return None,
        }
    }
    Some(out)
}

/// Takes off what old pages wrap scripts in.
fn unwrapped(text: &str) -> &str {
    let mut text = text.trim();
    loop {
        let before = text.len();
        for opening in
            ["<!--", "//<![CDATA[", "/*<![CDATA[*/", "<![CDATA[", "// <![CDATA[", "/* <![CDATA[ */"]
        {
            text = text.strip_prefix(opening).unwrap_or(text).trim_start();
        }
        for closing in ["-->", "//]]>", "/*]]>*/", "]]>", "// ]]>", "/* ]]> */", "//", ";"] {
            text = text.strip_suffix(closing).unwrap_or(text).trim_end();
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Escapes control characters within strings, drops commas before a closing bracket and comments between values, and
/// closes what a cut-off script left open.
fn mended(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut open = Vec::new();
    let mut in_string = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if in_string {
            in_string = within_string(c, &mut chars, &mut out);
            continue;
        }
        match c {
            '"' => in_string = true,
            '{' => open.push('}'),
            '[' => open.push(']'),
            '}' | ']' => {
                drop_comma(&mut out);
                open.pop();
            }
            '/' if chars.peek() == Some(&'*') => {
                skip_comment(&mut chars);
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    if in_string {
        out.push('"');
    }
    drop_comma(&mut out);
    out.extend(open.into_iter().rev());
    out
}

/// Copies a character of a string, mended; gives whether the string goes on.
fn within_string(c: char, chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) -> bool {
    match c {
        '\\' => {
            let next = chars.next().unwrap_or('\\');
            if "\"\\/bfnrtu".contains(next) {
                out.push('\\');
            }
            out.push(next);
        }
        c if c.is_control() => out.push(' '),
        c => out.push(c),
    }
    c != '"'
}

fn drop_comma(out: &mut String) {
    let kept = out.trim_end_matches(|c: char| c.is_whitespace() || c == ',').len();
    out.truncate(kept);
}

fn skip_comment(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) {
    let mut last = ' ';
    for c in chars.by_ref() {
        if last == '*' && c == '/' {
            return;
        }
        last = c;
    }
}
