//! `tinsach explain`: what is known of an address, and why.

use url::Url;

use super::print::{self, Out, PrintError};
use super::{Failure, Outcome, runtime, style};
use crate::app::{self, Explanation};
use crate::config::Config;

/// Which address.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// An article's address, or any other that it answers to
    url: String,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(config: Config, args: &Args) -> Outcome {
    let url = Url::parse(&args.url).map_err(|fault| {
        Failure::Usage(format!("{}: {fault}; give the whole address, with https://", args.url))
    })?;
    let explanation = runtime()?.block_on(app::explain(config, &url))?;
    if args.json {
        print::json(&explanation)?;
    } else {
        print::stdout(|out| show(out, &explanation))?;
    }
    Ok(())
}

fn show(out: &mut Out, known: &Explanation) -> Result<(), PrintError> {
    writeln!(out, "{}", style::strong(&known.url))?;
    let mut line = |name: &str, value: &str| writeln!(out, "{:<18} {value}", style::faint(name));
    line("source", &known.source)?;
    line("found by", &format!("{} in {}", known.method, known.listing))?;
    line("first named", &known.first_seen)?;
    line("due again", known.due.as_deref().unwrap_or("never"))?;
    line("read", &format!("{} times, {} failures since", known.visits, known.failures))?;
    line("verdict", known.verdict.as_deref().unwrap_or("not read yet"))?;
    if let Some(trouble) = &known.trouble {
        line("trouble", trouble)?;
    }
    if let Some(held) = &known.held_line {
        line("held", held)?;
    }
    if let Some(id) = &known.id {
        line("id", id)?;
    }
    known.aliases.iter().try_for_each(|alias| line("answers to", alias))?;
    for fact in &known.facts {
        line(fact.name, &format!("{}  {}", fact.value, style::faint(format!("({})", fact.origin))))?;
    }
    for decision in &known.decisions {
        let mark = if decision.kept { style::good("keep") } else { style::warning("drop") };
        let place = style::faint(&decision.place);
        writeln!(out, "{mark} {}  {place}\n     {}", decision.why, decision.text)?;
    }
    Ok(())
}
