//! `tinsach demo`: listing → article → clean feed in a few seconds, without a network.

use super::{Outcome, runtime, style};
use crate::app;
use crate::ops::logging;

/// What to do after the show.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// End after the first visit instead of serving until Ctrl-C
    #[arg(long)]
    once: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    logging::init("warn")?;
    runtime()?.block_on(async {
        let demo = app::Demo::start().await?;
        say(&demo);
        if !args.once {
            anstream::eprintln!("\n{}", style::faint("Ctrl-C ends it; nothing is left behind."));
            demo.until_stopped().await?;
        }
        anyhow::Ok(())
    })?;
    Ok(())
}

fn say(demo: &app::Demo) {
    anstream::eprintln!("{} {}", style::strong("the portal, as it is"), demo.portal);
    anstream::eprintln!("{}", style::faint(demo.report.to_string().trim_end()));
    anstream::println!("{}", demo.excerpt);
    anstream::eprintln!("{}  {}", style::strong("pages for people   "), demo.public);
    anstream::eprintln!("{}  {}haiphong.atom", style::strong("for a feed reader  "), demo.public);
}
