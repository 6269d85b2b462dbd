//! The main file: server, fetching, publishing, keeping, and which sources there are.

use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::DeValue;

use super::checked::{Config, FetchConfig, KeepConfig, PublishConfig, default_user_agent};
use super::defaults;
use super::environment::Environment;
use super::source::{self, Taken};
use super::table::Table;
use super::units;
use super::value_error::{Value, ValueError, expected};
use super::values;
use super::web;

/// Where the main file stands, which relative paths and defaults depend on.
pub(super) struct Place<'a> {
    /// The file, `None` for the default inside the binary.
    pub file: Option<&'a Path>,
    /// What the machine says.
    pub environment: &'a Environment,
}

impl Place<'_> {
    /// The folder that the path of a key is relative to: that of the file, and the working folder for what the
    /// environment says.
    fn folder_of(&self, t: &Table<'_, '_>, key: &str) -> &Path {
        let file = self.file.filter(|_| t.setting(key).is_none());
        file.and_then(Path::parent).unwrap_or(Path::new(""))
    }
}

pub(super) enum Sources {
    /// They stood in the main file and have been read.
    Inline,
    Files(Vec<PathBuf>),
    Embedded,
}

/// Reads the main file. Values that are wrong are noted and stand as their defaults in what is given back.
pub(super) fn read(t: &mut Table<'_, '_>, place: &Place<'_>, taken: &mut Taken) -> (Config, Sources) {
    let listen = t.read("listen", values::listen).unwrap_or(defaults::LISTEN);
    let public_url = t.read("public_url", web::base_url).map(with_slash);
    let public_url = public_url.unwrap_or_else(|| listen.default_public_url());
    let mut config = Config {
        listen,
        state_dir: state_dir(t, place),
        fetch: t.section("fetch", "{ timeout = \"30s\" }", |t| read_fetch(t, &public_url)),
        public_url,
        publish: t.section("publish", "{ entries = 50 }", |t| read_publish(t, place)),
        keep: t.section("keep", "{ raw_pages = \"30d\" }", read_keep),
        sources: Vec::new(),
        file: place.file.map(Path::to_owned),
    };
    let sources = match t.value("sources").map(|value| (value, value.get_ref())) {
        _ if place.file.is_none() && t.setting("sources").is_none() => Sources::Embedded,
        Some((_, DeValue::Array(_))) => {
            config.sources = t.tables("sources", "{ id = \"haiphong\", … }", |t| source::read(t, taken));
            if config.sources.is_empty() {
                t.refuse_value(
                    "sources",
                    ValueError::new("holds no source")
                        .hint("write one as [[sources]], or name files: \"sources/*.toml\""),
                );
            }
            Sources::Inline
        }
        _ => Sources::Files(source_files(t, place)),
    };
    (config, sources)
}

fn with_slash(mut url: url::Url) -> url::Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

fn state_dir(t: &mut Table<'_, '_>, place: &Place<'_>) -> PathBuf {
    if t.value("state_dir").is_some() {
        let folder = place.folder_of(t, "state_dir");
        return t.read("state_dir", path(folder)).unwrap_or_default();
    }
    let Some((folder, origin)) = place.environment.state_dir() else {
        let wrong = ValueError::new(
            "is missing, and neither STATE_DIRECTORY nor XDG_STATE_HOME nor HOME say where it may be",
        )
        .hint("name a folder that tinsach may write to, such as: state_dir = \"/var/lib/tinsach\"");
        t.refuse("state_dir", None, wrong);
        return PathBuf::new();
    };
    t.trace("state_dir", origin);
    folder
}

fn read_fetch(t: &mut Table<'_, '_>, public_url: &url::Url) -> FetchConfig {
    let seconds = Duration::from_secs;
    FetchConfig {
        user_agent: t.read("user_agent", values::header).unwrap_or_else(|| default_user_agent(public_url)),
        timeout: t.read("timeout", units::duration(seconds(1)..=seconds(600))).unwrap_or(defaults::TIMEOUT),
        max_body: t.read("max_body", units::size(1 << 10..=1 << 30)).unwrap_or(defaults::MAX_BODY),
        per_host: t.read("per_host", values::number(1..=16)).unwrap_or(defaults::PER_HOST),
        gap: t.read("gap", units::duration(seconds(0)..=seconds(3600))).unwrap_or(defaults::GAP),
        allow_private: t.list("allow_private", values::network).unwrap_or_default(),
        trust: Vec::new(),
    }
}

fn read_publish(t: &mut Table<'_, '_>, place: &Place<'_>) -> PublishConfig {
    let folder = place.folder_of(t, "export");
    PublishConfig {
        entries: t.read("entries", values::number(1..=200)).unwrap_or(defaults::ENTRIES),
        hubs: t.list("hubs", web::http_url).unwrap_or_default(),
        export: t.read("export", path(folder)),
    }
}

fn read_keep(t: &mut Table<'_, '_>) -> KeepConfig {
    KeepConfig {
        raw_pages: t.read("raw_pages", units::keep).unwrap_or(defaults::RAW_PAGES),
        revisions: t.read("revisions", units::keep).unwrap_or(defaults::REVISIONS),
        articles: t.read("articles", units::keep).unwrap_or(defaults::ARTICLES),
    }
}

/// A path, relative to a folder.
fn path(folder: &Path) -> impl Fn(&Value<'_>) -> Result<PathBuf, ValueError> {
    move |value| {
        let text = values::text(value)?;
        if text.starts_with('~') {
            return Err(ValueError::new("must not begin with ~, which only a shell understands")
                .hint("write the folder in full"));
        }
        std::path::absolute(folder.join(&text)).map_err(|error| {
            ValueError::new(format!("is not a path: {error}: {text:?}")).hint("write the folder in full")
        })
    }
}

/// The files that `sources` names, in the order of their names.
fn source_files(t: &mut Table<'_, '_>, place: &Place<'_>) -> Vec<PathBuf> {
    let written = t.value("sources").is_some();
    let folder = place.folder_of(t, "sources");
    let find = |pattern: &str| find_files(folder, pattern);
    let found =
        match t.value("sources") {
            Some(value) => match value.get_ref() {
                DeValue::String(_) => values::text(value).and_then(|pattern| find(&pattern)),
                _ => Err(expected("a text or a list of tables", value)
                    .hint("name files, such as \"sources/*.toml\"")),
            },
            None => find(defaults::SOURCE_FILES),
        };
    found.unwrap_or_else(|wrong| {
        if written {
            t.refuse_value("sources", wrong)
        } else {
            t.refuse("sources", None, wrong)
        }
        Vec::new()
    })
}

fn find_files(folder: &Path, pattern: &str) -> Result<Vec<PathBuf>, ValueError> {
    let wrong = |why: String| {
        ValueError::new(format!("cannot be looked up: {why}: {pattern:?}"))
            .hint("write a path in which * stands for any name, such as \"sources/*.toml\"")
    };
    // The folder's own name may hold brackets and stars that are meant as they stand.
    let folder = glob::Pattern::escape(&folder.to_string_lossy());
    let whole = Path::new(&folder).join(pattern);
    let paths = glob::glob(&whole.to_string_lossy()).map_err(|error| wrong(error.msg.to_owned()))?;
    let found: Result<Vec<PathBuf>, glob::GlobError> = paths.collect();
    let mut files = found.map_err(|error| wrong(error.to_string()))?;
    files.retain(|file| !file.is_dir());
    if files.is_empty() {
        return Err(ValueError::new(format!("matches no file: {pattern:?}"))
            .hint(format!("looked for {}; `tinsach learn URL` writes a source file", whole.display())));
    }
    Ok(files)
}
