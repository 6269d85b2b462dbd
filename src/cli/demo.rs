//! `tinsach demo`: listing → article → clean feed in a few seconds, without a network.

use super::{Outcome, print, runtime, style};
use crate::app;

/// What to do after the show.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// End after the first visit instead of serving until Ctrl-C
    #[arg(long)]
    once: bool,
}

pub(super) fn run(args: &Args) -> Outcome {
    runtime()?.block_on(async {
        let demo = app::Demo::start().await?;
        say(&demo)?;
        if !args.once {
            print::say(format_args!("\n{}", style::faint("Ctrl-C ends it; nothing is left behind.")));
            demo.until_stopped().await?;
        }
        anyhow::Ok(())
    })?;
    Ok(())
}

fn say(demo: &app::Demo) -> anyhow::Result<()> {
    print::say(format_args!("{} {}", style::strong("the portal, as it is"), demo.portal));
    print::say(style::faint(demo.report.to_string().trim_end()));
    print::stdout(|out| anyhow::Ok(writeln!(out, "{}", demo.excerpt)?))?;
    print::say(format_args!("{}  {}", style::strong("pages for people   "), demo.public));
    print::say(format_args!("{}  {}haiphong.atom", style::strong("for a feed reader  "), demo.public));
    Ok(())
}
