//! `tinsach extract`: page in, article out; nothing is stored.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::Context;

use super::{Failure, Outcome, runtime, style};
use crate::app::offline::{Input, Reader, Record};
use crate::config::Config;
use crate::ops::logging;

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
    logging::init("warn")?;
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
                anstream::eprintln!("{}: {error:#}", style::error(page));
            }
        }
    }
    if args.site {
        inputs.iter().for_each(|input| reader.learn(input));
    }
    for input in &inputs {
        match reader.read(input) {
            Ok(record) => print(&record, args.json)?,
            Err(why) => {
                failed = true;
                anstream::eprintln!("{}: {why}", style::error(&input.id));
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
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut write = |record: &Record| -> anyhow::Result<()> {
        serde_json::to_writer(&mut out, record)?;
        writeln!(out)?;
        Ok(())
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
    out.flush()?;
    Ok(())
}

fn print(record: &Record, json: bool) -> anyhow::Result<()> {
    if json {
        anstream::println!("{}", serde_json::to_string_pretty(record)?);
        return Ok(());
    }
    let plain = !std::io::stdout().is_terminal();
    let title = record.title.as_deref().unwrap_or_default();
    if plain {
        println!("{title}")
    } else {
        anstream::println!("{}", style::strong(title))
    }
    let facts = [
        record.published.as_deref(),
        record.author.as_deref(),
        record.category.as_deref(),
        record.url.as_deref(),
    ];
    println!("{}\n\n{}\n", facts.into_iter().flatten().collect::<Vec<_>>().join(" · "), record.text);
    Ok(())
}
