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
    choose_by(presence, config, origins, environment)
}

fn choose_by(
    presence: impl Fn(&Path) -> Presence,
    config: &mut Config,
    origins: &Origins,
    environment: &Environment,
) -> Option<String> {
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
    choose_existing_by(presence, config, origins, environment)
}

fn choose_existing_by(
    presence: impl Fn(&Path) -> Presence,
    config: &mut Config,
    origins: &Origins,
    environment: &Environment,
) -> anyhow::Result<Option<String>> {
    let is_open = is_open(config, origins, environment);
    let note = choose_by(&presence, config, origins, environment);
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
        None => "default".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use tempfile::TempDir;

    use super::*;
    use crate::config::load_traced;

    /// A machine with a folder for the service's state and one for the user's, neither of which is there.
    struct Machine {
        folder: TempDir,
        environment: Environment,
    }

    impl Machine {
        fn new() -> Self {
            let folder = tempfile::tempdir().expect("a folder");
            let environment = Environment {
                xdg_state_home: Some(folder.path().join("user").into()),
                system_file: Some(folder.path().join("etc/tinsach.toml")),
                service_state: Some(folder.path().join("service")),
                ..Environment::default()
            };
            Self { folder, environment }
        }

        fn service(&self) -> PathBuf {
            self.folder.path().join("service")
        }

        fn own(&self) -> PathBuf {
            self.folder.path().join("user/tinsach")
        }

        fn with(self, folder: &Path) -> Self {
            std::fs::create_dir_all(folder).expect("a folder");
            std::fs::write(folder.join(FILE), "").expect("a file");
            self
        }

        /// Writes a configuration with one source, and `lines` before it.
        fn configured(&self, name: &str, lines: &str) -> PathBuf {
            let file = self.folder.path().join(name);
            std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            let source = "[[sources]]\nid = \"a\"\ntitle = \"A\"\nhome = \"https://a.example/\"\nlanguage = \"vi\"\n\
                          timezone = \"UTC\"\n";
            std::fs::write(&file, format!("{lines}\n{source}")).expect("written");
            file
        }

        fn choose(&self, file: Option<&Path>) -> (PathBuf, Option<String>) {
            let (mut config, origins) = load_traced(file, &self.environment).expect("a configuration");
            let note = choose(&mut config, &origins, &self.environment);
            (config.state_dir, note)
        }

        fn existing(&self, file: Option<&Path>) -> Result<(PathBuf, Option<String>), String> {
            let (mut config, origins) = load_traced(file, &self.environment).expect("a configuration");
            let chosen = choose_existing(&mut config, &origins, &self.environment);
            chosen.map(|note| (config.state_dir, note)).map_err(|error| error.to_string())
        }
    }

    #[test]
    fn a_shell_finds_the_state_of_the_service() {
        let machine = Machine::new();
        let service = machine.service();
        let machine = machine.with(&service);
        let (folder, note) = machine.existing(None).expect("found");
        assert_eq!(folder, service);
        assert!(note.is_some_and(|note| note.contains(&service.display().to_string())));
        assert_eq!(machine.choose(None).0, service);
        // The configuration of the service, named or not, says as little as none.
        let system = machine.configured("etc/tinsach.toml", "");
        assert_eq!(machine.existing(None).expect("found").0, service);
        assert_eq!(machine.existing(Some(&system)).expect("found").0, service);
    }

    #[test]
    fn what_somebody_said_holds_before_what_the_service_has() {
        let machine = Machine::new();
        let (service, own) = (machine.service(), machine.own());
        let mut machine = machine.with(&service);
        let mine = machine.configured("mine.toml", "");
        let refused = machine.existing(Some(&mine)).expect_err("it has no database");
        assert!(
            refused.contains(&own.display().to_string())
                && refused.contains("$XDG_STATE_HOME")
                && refused.contains(&service.display().to_string()),
            "{refused}"
        );
        let placed = machine.configured("placed.toml", "state_dir = \"elsewhere\"");
        let refused = machine.existing(Some(&placed)).expect_err("it has no database");
        assert!(refused.contains("placed.toml:1") && refused.contains("elsewhere"), "{refused}");
        machine.environment.state_directory = Some(own.clone().into());
        let refused = machine.existing(None).expect_err("it has no database");
        assert!(refused.contains("$STATE_DIRECTORY"), "{refused}");
        assert_eq!(machine.choose(None), (own, None));
    }

    #[test]
    fn of_two_states_the_user_gets_their_own_and_hears_of_the_other() {
        let machine = Machine::new();
        let (service, own) = (machine.service(), machine.own());
        let machine = machine.with(&service).with(&own);
        let (folder, note) = machine.existing(None).expect("found");
        assert_eq!(folder, own);
        let note = note.expect("a note");
        assert!(note.contains(&format!("STATE_DIRECTORY={}", service.display())), "{note}");
    }

    #[test]
    fn a_service_whose_state_this_user_may_not_see_is_asked_for_as_root() {
        let machine = Machine::new();
        let service = machine.service();
        let look = |folder: &Path| if *folder == service { Presence::Hidden } else { Presence::Absent };
        let (config, origins) = load_traced(None, &machine.environment).expect("a configuration");
        let refused = choose_existing_by(look, &mut config.clone(), &origins, &machine.environment);
        let refused = refused.expect_err("nothing to read").to_string();
        assert!(refused.contains("sudo") && refused.contains(&service.display().to_string()), "{refused}");
        // What makes a state of its own says that it is not the service's.
        let mut chosen = config.clone();
        let note = choose_by(look, &mut chosen, &origins, &machine.environment).expect("a note");
        assert!(note.contains("as root") && chosen.state_dir == machine.own(), "{note}");
    }

    #[test]
    fn where_there_is_no_database_nothing_is_made_and_the_mend_is_said() {
        let machine = Machine::new();
        let refused = machine.existing(None).expect_err("nothing is there");
        for word in ["user/tinsach", "$XDG_STATE_HOME", "-c FILE", "state_dir", "as root"] {
            assert!(refused.contains(word), "{word} is not in {refused}");
        }
        assert_eq!(machine.choose(None), (machine.own(), None));
        assert!(!machine.own().exists() && !machine.service().exists());
    }
}
