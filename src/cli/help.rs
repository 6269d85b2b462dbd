//! What the help of every command says at length, with examples; the manual pages say the same.

use clap::Command;

/// What is said of one command beyond its own line.
pub(super) struct Help {
    command: &'static str,
    /// Sentences that follow the line in the list of commands.
    long: &'static str,
    /// Command lines, each with what it does.
    pub examples: &'static [(&'static str, &'static str)],
}

/// What is said of the program as a whole.
pub(super) const PROGRAM: Help = Help {
    command: "tinsach",
    long: "tinsach follows news portals that have no clean feed of their own and republishes every article, whole and \
           stripped of boilerplate, as Atom, RSS, JSON Feed and pages for people. It is one binary with one SQLite \
           database; `tinsach run` is the daemon that does the work, all other commands help to set it up and to look \
           after it.\n\nResults go to stdout, messages for people to stderr. TINSACH_LOG chooses what is logged: error, \
           warn, info, debug or trace, also for parts of the program, such as TINSACH_LOG=warn,tinsach::fetch=debug. \
           TINSACH_LOG_FORMAT chooses the form as --log does.",
    examples: &[
        ("tinsach demo", "See what it does, offline, in a few seconds"),
        ("tinsach run", "Follow the sources of the configuration and serve their feeds"),
        ("tinsach -c /etc/tinsach/tinsach.toml check", "Check a configuration before it is used"),
        ("TINSACH_LISTEN=0.0.0.0:8480 tinsach run", "Set a key of the main file by a variable"),
    ],
};

const COMMANDS: &[Help] = &[
    Help {
        command: "run",
        long: "It visits every source on a schedule that it learns from when the source publishes, and serves feeds and \
               pages at the address that `listen` says, or on the socket that systemd hands over. What was published \
               before is served at once; a portal that is down takes nothing away. SIGTERM ends it in order.",
        examples: &[
            ("tinsach run", "With /etc/tinsach/tinsach.toml, or the configuration inside the binary"),
            ("tinsach -c news.toml run", "With a configuration of your own"),
            ("TINSACH_LOG=debug tinsach run", "And say everything that is done"),
        ],
    },
    Help {
        command: "poll",
        long: "It ends when nothing is left to read. The exit code is 1 if a source failed. The daemon must not be \
               running on the same state folder.",
        examples: &[
            ("tinsach poll", "Visit all sources and print a report of each"),
            ("tinsach poll --json", "The reports for a program"),
        ],
    },
    Help {
        command: "extract",
        long: "Nothing is stored. An article is printed as text, or as JSON with its cleaned HTML. A page that is no \
               article is told with the reason, and the exit code is 1.",
        examples: &[
            ("tinsach extract page.html", "The article of a saved page"),
            ("tinsach extract --json https://portal.example/news/1.html", "Of a page on the web, as JSON"),
            ("tinsach extract --site a.html b.html c.html", "Learn first what the pages have in common"),
            ("tinsach extract --jsonl < pages.jsonl > articles.jsonl", "Many pages: a line in, a line out"),
        ],
    },
    Help {
        command: "held",
        long: "A page that does not read like an article is not published: an error page with a good status, a bot check, \
               half a page. Here is each such address with the reason, since when, and what it would have published. An \
               address leaves the list when it was read as an article, or is gone.",
        examples: &[
            ("tinsach held", "Everything that is held back"),
            ("tinsach held haiphong", "Of one source"),
            ("tinsach held --json", "For a program, with the beginning of each text"),
        ],
    },
    Help {
        command: "learn",
        long: "It looks at the portal's front page, finds its feeds, listings and sitemaps, reads some articles and \
               prints a source file with the evidence in comments. Sample articles and a score from 0 to 100 go to \
               stderr: look at them before you follow the portal.",
        examples: &[
            ("tinsach learn https://portal.example/", "See what would be written"),
            ("tinsach learn portal.example > sources/portal.toml", "Write a source file"),
            ("tinsach learn https://portal.example/ --pages 40", "Look at more articles"),
        ],
    },
    Help {
        command: "check",
        long: "Every fault is shown at once, with its file, its line and how to mend it. The exit code is 2 if there is \
               one. With --deep the database is looked at as a whole, with --live each portal as it is now; the exit code \
               is 1 if something is wrong there.",
        examples: &[
            ("tinsach check", "The configuration that `tinsach run` would use"),
            ("tinsach -c news.toml check", "Another one"),
            ("tinsach check --live haiphong", "What is read of this portal now, beside what is stored"),
            ("tinsach check --deep", "Whether everything that is stored is whole"),
        ],
    },
    Help {
        command: "demo",
        long: "It follows a portal inside the binary, prints its newest article and serves the clean feed until Ctrl-C. \
               It needs neither network nor configuration and leaves nothing behind.",
        examples: &[
            ("tinsach demo", "Serve the result, to be opened in a browser or feed reader"),
            ("tinsach demo --once", "Print the article and end"),
        ],
    },
    Help {
        command: "config",
        long: "Behind every setting stands where it comes from: a file with its line, a variable, or the default. The \
               output can be used as a configuration file.",
        examples: &[
            ("tinsach config --show", "What is in force, and from where"),
            ("tinsach -c news.toml config --show > whole.toml", "One file with everything in it"),
        ],
    },
    Help {
        command: "explain",
        long: "It answers from the database: how the address was found, when it is due again, where each date came from, \
               and which parts of the page were kept or dropped, and why.",
        examples: &[
            ("tinsach explain https://portal.example/news/1.html", "Why an article is as it is"),
            ("tinsach explain --json https://portal.example/news/1.html", "The same for a program"),
        ],
    },
    Help {
        command: "replay",
        long: "It is for after an update of tinsach or a change of a source file: the kept pages are read by the new \
               rules. The daemon must not be running on the same state folder.",
        examples: &[
            ("tinsach replay --diff", "Only show what would change"),
            ("tinsach replay", "Change it"),
        ],
    },
    Help {
        command: "export",
        long: "Only files that changed are written, each whole; what is no longer part of the site is removed. Every \
               feed is also written compressed, beside the plain file.",
        examples: &[("tinsach export /srv/www/news", "A copy of the site for a web server")],
    },
    Help {
        command: "backup",
        long: "The copy is consistent, also while the daemon writes. It holds everything that cannot be fetched again.",
        examples: &[
            ("tinsach backup /var/backups/tinsach.db.zst", "A copy of the database, compressed"),
            (
                "tinsach backup /var/backups/tinsach/ --keep 14",
                "One more with its time in its name, the newest 14 stay",
            ),
        ],
    },
    Help {
        command: "restore",
        long: "The daemon must be stopped. The copy is checked before it takes the place of the database, which is kept \
               beside it; owner and mode stay as they are.",
        examples: &[("tinsach restore /var/backups/tinsach.db.zst", "Back to the state of that copy")],
    },
    Help {
        command: "completions",
        long: "The script goes to stdout. A package of your distribution brings it along.",
        examples: &[
            ("tinsach completions bash > /etc/bash_completion.d/tinsach", "For bash"),
            ("tinsach completions zsh > /usr/local/share/zsh/site-functions/_tinsach", "For zsh"),
            ("tinsach completions fish > ~/.config/fish/completions/tinsach.fish", "For fish"),
        ],
    },
    Help {
        command: "man",
        long: "One page for the program, one for each command, and tinsach.toml(5) for the configuration files.",
        examples: &[(
            "tinsach man pages",
            "Write all pages into the folder `pages`; man(1) looks for them in man1 and man5",
        )],
    },
];

/// What is said of a command; `None` if there is nothing.
pub(super) fn of(command: &str) -> Option<&'static Help> {
    COMMANDS.iter().chain([&PROGRAM]).find(|help| help.command == command)
}

/// A command with its help at length.
pub(super) fn documented(command: Command) -> Command {
    let Some(help) = of(command.get_name()) else { return command };
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    command.long_about(format!("{}.\n\n{}", about.trim_end_matches('.'), help.long)).after_help(help.shown())
}

impl Help {
    /// What is said at length.
    pub(super) fn long(&self) -> &'static str {
        self.long
    }

    /// The examples as help shows them.
    pub(super) fn shown(&self) -> String {
        let shown = self.examples.iter().map(|(line, what)| format!("  {line}\n      {what}\n"));
        format!("Examples:\n{}", shown.collect::<String>().trim_end())
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser};

    use super::*;
    use crate::cli::Cli;

    /// The words that tinsach gets of a command line, without variables before it and redirections after it.
    fn words(line: &str) -> Vec<&str> {
        let words = line.split_whitespace();
        words
            .skip_while(|word| word.contains('='))
            .take_while(|word| !["<", ">", "|"].contains(word))
            .collect()
    }

    #[test]
    fn every_command_has_its_help_and_every_help_its_command() {
        let cli = Cli::command();
        let mut commands: Vec<&str> = cli.get_subcommands().map(Command::get_name).collect();
        let mut helped: Vec<&str> = COMMANDS.iter().map(|help| help.command).collect();
        commands.sort_unstable();
        helped.sort_unstable();
        assert_eq!(commands, helped);
        for command in cli.get_subcommands() {
            let long = command.clone().render_long_help().to_string();
            assert!(long.contains("Examples:\n  "), "{long}");
        }
    }

    #[test]
    fn every_example_is_a_command_line_of_its_command() {
        for help in COMMANDS.iter().chain([&PROGRAM]) {
            assert!(!help.examples.is_empty(), "{} has no example", help.command);
            for (line, what) in help.examples {
                let parsed = Cli::try_parse_from(words(line));
                assert!(
                    parsed.is_ok(),
                    "{line}: {}",
                    parsed.err().map(|e| e.to_string()).unwrap_or_default()
                );
                assert!(words(line).contains(&help.command), "{line} is no example of {}", help.command);
                assert!(!what.ends_with('.') && what.len() < 80, "{what}");
            }
        }
    }
}
