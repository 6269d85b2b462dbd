//! `tinsach extract`: page in, article out; nothing is stored.

use std::io::BufRead;

use anyhow::Context;

use super::print::{self, Out, PrintError};
use super::{Failure, Outcome, runtime, style};
use crate::app::offline::{Input, Reader, Record};
use crate::config::Config;

/// What to read, and how to print it.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Files, .gz files or URLs of article pages
    #[arg(value_name = "PAGE", required_unless_present = "jsonl", conflicts_with = "jsonl")]
    pages: Vec<String>,
    /// Read JSON lines {"id","url","html"} on stdin and print JSON lines
    #[arg(long)]
    jsonl: bool,
    /// Print JSON instead of text
    #[arg(long)]
    json: bool,
    /// Take the whole input as pages of one site and learn its template first
    #[arg(long)]
    site: bool,
}

pub(super) fn run(config: &Config, args: &Args) -> Outcome {
    let mut reader = Reader::new(config, jiff::Timestamp::now());
    if args.jsonl {
        return json_lines(&mut reader, args.site);
    }
    let mut inputs = Vec::new();
    let mut failed = false;
    for page in &args.pages {
        match runtime()?.block_on(reader.open(page)) {
            Ok(input) => inputs.push(input),
            Err(error) => {
                failed = true;
                print::say(format_args!("{}: {error:#}", style::error(page)));
            }
        }
    }
    if args.site {
        inputs.iter().for_each(|input| reader.learn(input));
    }
    for input in &inputs {
        match reader.read(input) {
            Ok(record) if args.json => print::json(&record)?,
            Ok(record) => print::stdout(|out| show(out, &record))?,
            Err(why) => {
                failed = true;
                print::say(format_args!("{}: {why}", style::error(&input.id)));
            }
        }
    }
    if failed { Err(Failure::Told) } else { Ok(()) }
}

/// A line in, a line out, in order; a line that gives no article gives empty text and the reason.
fn json_lines(reader: &mut Reader, site: bool) -> Outcome {
    let lines = std::io::stdin().lock().lines().enumerate();
    let inputs = lines.map(|(index, line)| -> anyhow::Result<Input> {
        let line = line.context("stdin cannot be read")?;
        serde_json::from_str(&line)
            .with_context(|| format!("line {} of stdin is no JSON object with id, url and html", index + 1))
    });
    print::stdout(|out| {
        let mut write = |record: &Record| -> anyhow::Result<()> {
            Ok(writeln!(out, "{}", serde_json::to_string(record)?)?)
        };
        if site {
            let inputs: Vec<Input> = inputs.collect::<anyhow::Result<_>>()?;
            inputs.iter().for_each(|input| reader.learn(input));
            inputs.iter().try_for_each(|input| write(&reader.read_or_say_why(input)))?;
        } else {
            for input in inputs {
                write(&reader.read_or_say_why(&input?))?;
            }
        }
        anyhow::Ok(())
    })?;
    Ok(())
}

fn show(out: &mut Out, record: &Record) -> Result<(), PrintError> {
    writeln!(out, "{}", style::strong(record.title.as_deref().unwrap_or_default()))?;
    let facts = [
        record.published.as_deref(),
        record.author.as_deref(),
        record.category.as_deref(),
        record.url.as_deref(),
    ];
    let facts = facts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    writeln!(out, "{facts}\n\n{}\n", record.text)
}
