//! Which state a command means that was typed into a shell, where the service has its state elsewhere.

use std::fs::File;
use std::io::ErrorKind;
use std::path::Path;

use anyhow::bail;

use crate::config::{Config, Environment, Origin, Origins};
use crate::store::FILE;

/// Whether there is a database in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Presence {
    There,
    Absent,
    /// This user may not look.
    Hidden,
}

fn presence(folder: &Path) -> Presence {
    match File::open(folder.join(FILE)) {
        Ok(_) => Presence::There,
        Err(fault) if fault.kind() == ErrorKind::PermissionDenied => Presence::Hidden,
        Err(_) => Presence::Absent,
    }
}

/// Chooses the state folder of a command that also works where there is none yet: where nobody says which, and the service
/// has a database and this user has none, it is the service's. Answers what the user should know of the choice.
pub fn choose(config: &mut Config, origins: &Origins, environment: &Environment) -> Option<String> {
    let service = environment.service_state.as_deref().filter(|service| *service != config.state_dir)?;
    if !is_open(config, origins, environment) {
        return None;
    }
    let own = config.state_dir.display().to_string();
    match (presence(&config.state_dir), presence(service)) {
        (_, Presence::Absent) => None,
        (Presence::Absent, Presence::There) => {
            config.state_dir = service.to_owned();
            Some(format!("this is the state of the service, in {}", service.display()))
        }
        (_, there) => {
            let how = if there == Presence::Hidden { ", as root" } else { "" };
            Some(format!(
                "this is the state in {own}; for that of the service run it{how} with STATE_DIRECTORY={}",
                service.display()
            ))
        }
    }
}

/// The same for a command that only works on what is there.
///
/// # Errors
/// If there is no database, with where it was looked for and what to do.
pub fn choose_existing(
    config: &mut Config,
    origins: &Origins,
    environment: &Environment,
) -> anyhow::Result<Option<String>> {
    let is_open = is_open(config, origins, environment);
    let note = choose(config, origins, environment);
    if presence(&config.state_dir) != Presence::Absent {
        return Ok(note);
    }
    let service = environment.service_state.as_deref().filter(|service| *service != config.state_dir);
    let folder = config.state_dir.display();
    let from = named_by(origins);
    match service.map(|service| (service, presence(service))) {
        Some((service, Presence::Hidden)) if is_open => bail!(
            "there is no database in {folder} (the state folder by {from}), and this user may not look into that of \
             the service, {}: run it with sudo, or name the configuration with -c FILE",
            service.display()
        ),
        Some((service, Presence::There | Presence::Hidden)) => bail!(
            "there is no database in {folder} (the state folder by {from}): mend `state_dir`; the service has one in {}",
            service.display()
        ),
        _ => bail!(
            "there is no database in {folder} (the state folder by {from}): name the configuration that tinsach runs \
             with (-c FILE), or write `state_dir = \"…\"` into it, or run this as the user that tinsach runs as, or as \
             root; `tinsach poll` makes a database"
        ),
    }
}

/// Whether nobody said which state is meant: neither a configuration of the user's own nor the service manager.
fn is_open(config: &Config, origins: &Origins, environment: &Environment) -> bool {
    let is_default =
        matches!(origins.get("state_dir"), Some(Origin::Environment(name)) if *name != "STATE_DIRECTORY");
    is_default && (config.file.is_none() || config.file == environment.system_file)
}

fn named_by(origins: &Origins) -> String {
    match origins.get("state_dir") {
        Some(Origin::File(file, line)) => format!("`state_dir` in {file}:{line}"),
        Some(Origin::Environment(name)) => format!("${name}"),
        Some(Origin::Default) | None => "default".to_owned(),
    }
}
