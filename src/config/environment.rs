//! What the machine says about where files belong, as a value, so that reading the configuration depends on nothing
//! else.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use super::notes::Origin;
use super::variables;

/// The main file that is used when none is named and it is there.
const SYSTEM_FILE: &str = "/etc/tinsach/tinsach.toml";

/// What systemd makes of `StateDirectory=tinsach` (systemd.exec(5)): with `DynamicUser=` a link into a folder that root alone
/// may look into.
const SERVICE_STATE: &str = "/var/lib/tinsach";

/// Environment variables and well-known paths. A variable that is not set is `None`.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// `$STATE_DIRECTORY`, set by systemd (systemd.exec(5)): one path, or several with colons between.
    pub state_directory: Option<OsString>,
    /// `$XDG_STATE_HOME` of the XDG base directory specification.
    pub xdg_state_home: Option<OsString>,
    /// `$HOME`.
    pub home: Option<OsString>,
    /// The main file that is used when none is named and it is there; `None` for no such place.
    pub system_file: Option<PathBuf>,
    /// The state folder that the service has where nobody says otherwise; `None` for no such place.
    pub service_state: Option<PathBuf>,
    /// Variables that begin with `TINSACH_`, which stand above what the main file says.
    pub settings: Vec<(String, OsString)>,
}

impl Environment {
    pub(crate) fn from_process() -> Self {
        Self {
            state_directory: std::env::var_os("STATE_DIRECTORY"),
            xdg_state_home: std::env::var_os("XDG_STATE_HOME"),
            home: std::env::var_os("HOME"),
            system_file: Some(PathBuf::from(SYSTEM_FILE)),
            service_state: Some(PathBuf::from(SERVICE_STATE)),
            settings: settings(),
        }
    }

    /// The state folder where the operator names none, and the variable it comes from.
    pub(super) fn state_dir(&self) -> Option<(PathBuf, Origin)> {
        let systemd = self.state_directory.as_deref().map(first_path).and_then(absolute);
        if let Some(folder) = systemd {
            return Some((folder.to_owned(), Origin::Environment("STATE_DIRECTORY".into())));
        }
        // "All paths must be absolute. If an implementation encounters a relative path, it should consider the path
        // invalid and ignore it": XDG base directory specification, version 0.8.
        if let Some(folder) = self.xdg_state_home.as_deref().and_then(absolute) {
            return Some((folder.join("tinsach"), Origin::Environment("XDG_STATE_HOME".into())));
        }
        let home = self.home.as_deref().and_then(absolute)?;
        Some((home.join(".local/state/tinsach"), Origin::Environment("HOME".into())))
    }
}

fn settings() -> Vec<(String, OsString)> {
    let named = std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
    let mut settings: Vec<_> = named.filter(|(name, value)| variables::may_be_setting(name, value)).collect();
    settings.sort();
    settings
}

fn first_path(list: &OsStr) -> &OsStr {
    let bytes = list.as_encoded_bytes();
    match list.to_str() {
        Some(text) => OsStr::new(text.split(':').next().unwrap_or_default()),
        None if bytes.contains(&b':') => OsStr::new(""),
        None => list,
    }
}

fn absolute(path: &OsStr) -> Option<&Path> {
    Some(Path::new(path)).filter(|path| path.is_absolute())
}
