//! A value of a configuration file, why it is refused, and what was probably meant.

use toml::Spanned;
use toml::de::DeValue;

/// A value with its place in the file.
pub(super) type Value<'d> = Spanned<DeValue<'d>>;

#[derive(Debug)]
pub(super) struct ValueError {
    /// What is wrong, following the name of the key: `must be …`, `is not …`.
    pub message: String,
    pub hint: Option<String>,
    /// Whether the value is of another type than the key's.
    pub other_type: bool,
}

impl ValueError {
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None, other_type: false }
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

/// The fault of a value of the wrong type.
pub(super) fn expected(what: &str, value: &Value<'_>) -> ValueError {
    let found = match value.get_ref() {
        DeValue::String(_) => "a text",
        DeValue::Integer(_) => "a whole number",
        DeValue::Float(_) => "a decimal number",
        DeValue::Boolean(_) => "true or false",
        DeValue::Datetime(_) => "a date",
        DeValue::Array(_) => "a list",
        DeValue::Table(_) => "a table",
    };
    ValueError { other_type: true, ..ValueError::new(format!("must be {what}, not {found}")) }
}

/// The known names that a misspelt one may stand for, the nearest first and only those that are about as near. A
/// Jaro-Winkler likeness of 0.8 lets a slip or two in a short name pass.
pub(super) fn nearest<'a>(wrong: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let wrong = wrong.to_lowercase();
    let mut near: Vec<(f64, &str)> = known
        .map(|name| (strsim::jaro_winkler(&wrong, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness >= 0.8)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0));
    let best = near.first().map_or(0.0, |(likeness, _)| *likeness);
    near.into_iter().filter(|(likeness, _)| best - likeness < 0.05).map(|(_, name)| name).collect()
}
