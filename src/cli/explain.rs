//! `tinsach explain`: what is known of an address, and why.

use url::Url;

use super::{Failure, Outcome, runtime, style};
use crate::app::{self, Explanation};
use crate::config::Config;
use crate::ops::logging;

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
    logging::init("warn")?;
    let url = Url::parse(&args.url).map_err(|fault| {
        Failure::Usage(format!("{}: {fault}; give the whole address, with https://", args.url))
    })?;
    let explanation = runtime()?.block_on(app::explain(config, &url))?;
    if args.json {
        anstream::println!("{}", serde_json::to_string_pretty(&explanation)?);
    } else {
        print(&explanation);
    }
    Ok(())
}

fn print(known: &Explanation) {
    let line = |name: &str, value: &str| anstream::println!("{:<18} {value}", style::faint(name));
    anstream::println!("{}", style::strong(&known.url));
    line("source", &known.source);
    line("found by", &format!("{} in {}", known.rung, known.listing));
    line("first named", &known.first_seen);
    line("due again", known.due.as_deref().unwrap_or("never"));
    line("read", &format!("{} times, {} failures since", known.visits, known.failures));
    line("verdict", known.verdict.as_deref().unwrap_or("not read yet"));
    if let Some(trouble) = &known.trouble {
        line("trouble", trouble);
    }
    if let Some(held) = &known.held_line {
        line("held", held);
    }
    if let Some(id) = &known.id {
        line("id", id);
    }
    known.aliases.iter().for_each(|alias| line("answers to", alias));
    for fact in &known.facts {
        line(fact.name, &format!("{}  {}", fact.value, style::faint(format!("({})", fact.origin))));
    }
    for decision in &known.decisions {
        let mark = if decision.kept { style::good("keep") } else { style::warning("drop") };
        anstream::println!(
            "{mark} {}  {}\n     {}",
            decision.why,
            style::faint(&decision.place),
            decision.text
        );
    }
}
