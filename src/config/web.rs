//! Web addresses and CSS selectors.

use scraper::error::SelectorErrorKind;
use url::Url;

use super::checked::Css;
use super::value_error::{Value, ValueError};
use super::values::{lines, text};

/// A complete http or https URL.
pub(super) fn http_url(value: &Value<'_>) -> Result<Url, ValueError> {
    let text = text(value)?;
    let url = Url::parse(&text).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => {
            ValueError::new(format!("is not a complete URL: {text:?}"))
                .hint(format!("write it with scheme and host, such as \"https://{}\"", host_guess(&text)))
        }
        error => not_a_url(error, &text),
    })?;
    check_url(url)
}

/// An http or https URL that stands for a place below which others are: neither query nor fragment.
pub(super) fn base_url(value: &Value<'_>) -> Result<Url, ValueError> {
    let url = http_url(value)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(ValueError::new("must have neither a query (?) nor a fragment (#)")
            .hint("end it before the ? or #"));
    }
    Ok(url)
}

/// An http or https URL, relative to `home`.
pub(super) fn url_below(home: &Url) -> impl Fn(&Value<'_>) -> Result<Url, ValueError> {
    let home = home.clone();
    move |value| {
        let text = text(value)?;
        check_url(home.join(&text).map_err(|error| not_a_url(error, &text))?)
    }
}

fn not_a_url(error: url::ParseError, text: &str) -> ValueError {
    ValueError::new(format!("is not a URL: {error}: {text:?}"))
        .hint("write it as in the address bar of a browser, such as \"https://portal.example/news/\"")
}

fn check_url(url: Url) -> Result<Url, ValueError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ValueError::new(format!("must be a web address, not one of {}:", url.scheme()))
            .hint("write one that begins with https:// or http://"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ValueError::new("must not hold a name or a password")
            .hint("they would show in feeds and reports; take out what stands before the @"));
    }
    Ok(url)
}

/// What stands behind `https://` when somebody leaves that out, or an example.
fn host_guess(text: &str) -> &str {
    let rest = text.trim_start_matches('/');
    if rest.contains('.') { rest } else { "portal.example/" }
}

pub(super) fn css(value: &Value<'_>) -> Result<Css, ValueError> {
    let text = lines(value)?;
    match scraper::Selector::parse(&text) {
        Ok(selector) => Ok(Css { text, selector }),
        Err(error) => {
            Err(ValueError::new(format!("is not a CSS selector: {}: {text:?}", selector_error(&error))).hint(
                "write it as in a style sheet, such as \"h1\", \".entry-content\" or \"div[id=main] > p\"",
            ))
        }
    }
}

/// The library's own words for most of these are "please report this to the developer".
fn selector_error(error: &SelectorErrorKind) -> String {
    let SelectorErrorKind::UnexpectedSelectorParseError(kind) = error else {
        return match error {
            SelectorErrorKind::EndOfLine => "it ends too early".to_owned(),
            SelectorErrorKind::UnexpectedToken => "a character stands where none may".to_owned(),
            other => other.to_string().to_lowercase(),
        };
    };
    match format!("{kind:?}").as_str() {
        "ClassNeedsIdent" => "a dot without a class name",
        "EmptySelector" => "a selector is missing",
        "DanglingCombinator" => "a >, + or ~ has nothing beside it",
        "UnsupportedPseudoClassOrElement" => "a part that begins with : is not supported",
        "NoIdentForPseudo" => "a colon without a name",
        "NoQualifiedNameInAttributeSelector" | "InvalidQualNameInAttr" => {
            "brackets without the name of an attribute"
        }
        "UnexpectedTokenInAttributeSelector" => "a character stands in brackets where none may",
        "BadValueInAttr" => "the value of an attribute needs quotes",
        other => return other.to_owned(),
    }
    .to_owned()
}
