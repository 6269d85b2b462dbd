//! The manual pages: tinsach(1), one page a command, and tinsach.toml(5) from the comments of the shipped files.

use clap::Command;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};

use super::help;
use crate::config::{self, Chapter, Entry};

/// What every page says of the environment, beside the variables of the main file.
const VARIABLES: &[(&str, &str)] = &[
    (
        "TINSACH_LOG",
        "What is logged: a level (error, warn, info, debug, trace), or directives such as tinsach=debug. The daemon \
         says info where nothing is set, all other commands warn.",
    ),
    (
        "TINSACH_LOG_FORMAT",
        "The form of the log: text, json, journal, or auto, which is the journal where stderr leads there.",
    ),
    ("STATE_DIRECTORY", "The state folder where no file names one; systemd sets it by StateDirectory=."),
    (
        "XDG_STATE_HOME",
        "Else the state folder is tinsach in this folder, and where it is not set, ~/.local/state/tinsach.",
    ),
    ("NO_COLOR", "Set to anything, it takes colour from all output."),
    (
        "SSL_CERT_FILE, SSL_CERT_DIR",
        "Certificate authorities to trust instead of those of the system. Where there are none at all, those that \
         browsers trust are inside the binary.",
    ),
];

const FILES: &[(&str, &str)] = &[
    (
        "/etc/tinsach/tinsach.toml",
        "The main file, if there is one; else the configuration inside the binary holds.",
    ),
    ("/etc/tinsach/sources/*.toml", "The source files, one for each portal that is followed."),
    (
        "/var/lib/tinsach",
        "The state of the system's service: the database, finished feeds and a lock. Where the unit has DynamicUser=, \
         it is a link to /var/lib/private/tinsach.",
    ),
];

const EXIT_CODES: &[(&str, &str)] = &[
    ("0", "All went well."),
    ("1", "Something failed; stderr says what."),
    ("2", "Wrong usage or configuration; nothing was done."),
];

/// All pages, by file name.
///
/// # Errors
/// None in practice: pages are written into memory.
pub(super) fn pages(command: Command) -> std::io::Result<Vec<(String, String)>> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let names: Vec<String> = command.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    let mut pages = vec![("tinsach.1".to_owned(), page(&command, "tinsach", &names)?)];
    for subcommand in command.get_subcommands() {
        let name = subcommand.get_name();
        pages.push((format!("tinsach-{name}.1"), page(subcommand, name, &names)?));
    }
    pages.push(("tinsach.toml.5".to_owned(), configuration()));
    Ok(pages)
}

fn page(command: &Command, name: &str, all: &[String]) -> std::io::Result<String> {
    let title = if name == "tinsach" { name.to_owned() } else { format!("tinsach-{name}") };
    let man = Man::new(command.clone());
    let mut out = heading(&title, 1).into_bytes();
    let mut roff = Roff::new();
    roff.control("SH", ["NAME"]);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    roff.text([roman(format!("{title} - {}", about.trim_end_matches('.')))]);
    roff.to_writer(&mut out)?;
    man.render_synopsis_section(&mut out)?;
    let mut roff = Roff::new();
    if let Some(help) = help::of(name) {
        roff.control("SH", ["DESCRIPTION"]);
        paragraphs(&mut roff, &format!("{}.\n\n{}", about.trim_end_matches('.'), help.long()));
    }
    roff.to_writer(&mut out)?;
    man.render_options_section(&mut out)?;
    if command.has_subcommands() {
        man.render_subcommands_section(&mut out)?;
    }
    let mut roff = Roff::new();
    examples(&mut roff, name);
    environment(&mut roff);
    definitions(&mut roff, "FILES", FILES);
    definitions(&mut roff, "EXIT STATUS", EXIT_CODES);
    let pages = all.iter().map(|name| format!("tinsach-{name}")).chain(["tinsach".to_owned()]);
    see_also(&mut roff, pages.filter(|page| *page != title));
    roff.to_writer(&mut out)?;
    String::from_utf8(out).map_err(std::io::Error::other)
}

/// The first line of a page. It has no date, so that the same version gives the same pages; roff's own writer would leave
/// the empty word out, and move what follows.
fn heading(title: &str, section: u8) -> String {
    let version = env!("CARGO_PKG_VERSION");
    format!(".TH \"{}\" \"{section}\" \"\" \"tinsach {version}\" \"tinsach manual\"\n", title.to_uppercase())
}

fn paragraphs(roff: &mut Roff, text: &str) {
    for (index, paragraph) in text.split("\n\n").enumerate() {
        if index > 0 {
            roff.control("PP", []);
        }
        roff.text([roman(paragraph.replace('`', ""))]);
    }
}

fn examples(roff: &mut Roff, name: &str) {
    let Some(help) = help::of(name) else { return };
    roff.control("SH", ["EXAMPLES"]);
    for (line, what) in help.examples {
        roff.control("TP", []).text([bold(*line)]).text([roman(format!("{what}."))]);
    }
}

fn environment(roff: &mut Roff) {
    definitions(roff, "ENVIRONMENT", VARIABLES);
    roff.control("PP", []);
    variables(roff);
}

/// The variables of the main file's keys.
fn variables(roff: &mut Roff) {
    roff.text([roman(
        "Each key of the main file has a variable, which stands above the file. Several values of a list have commas \
         between them. A variable that is set to nothing counts as not set.",
    )]);
    for (variable, key) in config::setting_variables() {
        let line = match key.split_once('.') {
            Some((table, key)) => vec![italic(key), roman(format!(" in [{table}]"))],
            None => vec![italic(key)],
        };
        roff.control("TP", []).text([bold(variable)]).text(line);
    }
}

fn definitions(roff: &mut Roff, section: &str, all: &[(&str, &str)]) {
    roff.control("SH", [section]);
    for (term, text) in all {
        roff.control("TP", []).text([bold(*term)]).text([roman(*text)]);
    }
}

fn see_also(roff: &mut Roff, commands: impl Iterator<Item = String>) {
    roff.control("SH", ["SEE ALSO"]);
    let mut line = Vec::new();
    for page in commands {
        line.extend([bold(page), roman("(1), ")]);
    }
    line.extend([bold("tinsach.toml"), roman("(5), "), bold("systemd.exec"), roman("(5)")]);
    roff.text(line);
}

/// tinsach.toml(5).
fn configuration() -> String {
    let mut roff = Roff::new();
    roff.control("SH", ["NAME"])
        .text([roman("tinsach.toml - configuration of tinsach and of the portals it follows")]);
    roff.control("SH", ["DESCRIPTION"]);
    paragraphs(
        &mut roff,
        "tinsach reads one main file and one file for each portal that is followed, both in TOML. A key that tinsach \
         does not know is a fault; tinsach-check(1) shows all faults at once, and tinsach config --show what is in \
         force and from where.\n\nIn place of a path in sources, the sources may stand in the main file itself, each \
         as a table [[sources]] with the keys of a source file.",
    );
    let tail = "Every key is optional. Keys with (example) are not in force unless they are written; all others are shown with their default.";
    chapter(&mut roff, "MAIN FILE", tail, 2, &config::main_chapter());
    let tail = "The keys id, title, home, language and timezone have no default: what is shown are the values of the \
                source that comes with tinsach, as are those of feeds, listings and cut_at.";
    chapter(&mut roff, "SOURCE FILES", tail, 1, &config::source_chapter());
    roff.control("SH", ["ENVIRONMENT"]);
    variables(&mut roff);
    definitions(&mut roff, "FILES", FILES);
    see_also(
        &mut roff,
        ["tinsach", "tinsach-check", "tinsach-config", "tinsach-learn"].map(str::to_owned).into_iter(),
    );
    heading("tinsach.toml", 5) + &roff.to_roff()
}

/// A file: `tail` ends its introduction, of which the first `skip` paragraphs hold for the file as it is shipped only.
fn chapter(roff: &mut Roff, heading: &str, tail: &str, skip: usize, chapter: &Chapter) {
    roff.control("SH", [heading]);
    let head = chapter.head.iter().skip(skip).map(String::as_str).chain([tail]);
    paragraphs(roff, &head.collect::<Vec<_>>().join("\n\n"));
    for entry in &chapter.entries {
        match entry {
            Entry::Table { name, text } => {
                roff.control("SS", [format!("[{name}]").as_str()]);
                if !text.is_empty() {
                    roff.text([roman(text.replace('`', ""))]);
                }
            }
            Entry::Keys { lines, text } => {
                for (index, line) in lines.iter().enumerate() {
                    let mut term = vec![bold(&line.name), roman(format!(" = {}", line.value))];
                    if !line.in_force {
                        term.push(roman(" (example)"));
                    }
                    roff.control(if index == 0 { "TP" } else { "TQ" }, []).text(term);
                }
                roff.text([roman(text.replace('`', ""))]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn all() -> Vec<(String, String)> {
        pages(Cli::command()).expect("pages are written into memory")
    }

    #[test]
    fn every_command_has_a_page_with_all_sections() {
        let pages = all();
        assert_eq!(pages.len(), Cli::command().get_subcommands().count() + 2);
        for (name, text) in &pages {
            assert!(text.starts_with(".TH \""), "{name}");
            let commands = ["SYNOPSIS", "OPTIONS", "EXAMPLES", "\"EXIT STATUS\""];
            let always = ["NAME", "DESCRIPTION", "ENVIRONMENT", "FILES", "\"SEE ALSO\""];
            let wanted = always.iter().chain(commands.iter().filter(|_| name.ends_with(".1")));
            for section in wanted {
                assert_eq!(text.matches(&format!(".SH {section}\n")).count(), 1, "{section} in {name}");
            }
        }
    }

    #[test]
    fn the_page_of_the_configuration_has_every_key_and_every_variable() {
        let pages = all();
        let (_, text) = pages.iter().find(|(name, _)| name == "tinsach.toml.5").expect("a page");
        let text = text.replace('\\', "");
        for (variable, key) in config::setting_variables() {
            let key = key.rsplit('.').next().unwrap_or_default();
            assert!(text.contains(&variable) && text.contains(&format!("fB{key}fR = ")), "{key}");
        }
        for key in
            ["id", "title", "home", "language", "timezone", "every", "backfill", "cut_at", "max_future"]
        {
            assert!(text.contains(&format!("fB{key}fR = ")), "{key}");
        }
        assert!(text.contains("min = ") && text.contains("category = "));
    }
}
