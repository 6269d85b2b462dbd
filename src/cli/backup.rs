//! `tinsach backup` and `tinsach restore`: copies of the database.

use std::path::{Path, PathBuf};

use jiff::Timestamp;

use super::{Failure, Outcome, print, runtime, style};
use crate::app::backup;
use crate::config::Config;

/// Where to.
#[derive(Debug, clap::Args)]
pub struct BackupArgs {
    /// A file to write, packed if its name ends in .zst, or a folder for files with the time in their names [default: the folder
    /// `backups` in the state folder, which a start looks into if it finds the database damaged]
    target: Option<PathBuf>,
    /// How many files of its own it keeps in the folder; older ones are removed [default: 7]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    keep: Option<u16>,
}

/// Which file.
#[derive(Debug, clap::Args)]
pub struct RestoreArgs {
    /// A file that `tinsach backup` wrote
    file: PathBuf,
}

pub(super) fn backup(config: &Config, args: &BackupArgs) -> Outcome {
    let keep = args.keep.map_or(backup::KEPT, usize::from);
    let now = Timestamp::now();
    let runtime = runtime()?;
    let written = match &args.target {
        None => runtime.block_on(backup::automatic(config, keep, now))?,
        Some(folder) if is_folder(folder, args.keep.is_some())? => {
            runtime.block_on(backup::into_folder(config, folder, keep, now))?
        }
        Some(file) => runtime.block_on(backup::to_file(config, file))?,
    };
    print::say(format_args!(
        "{} {}: {} of {}, {}",
        style::good("written"),
        written.file.display(),
        count(written.articles, "article"),
        count(written.sources, "source"),
        size(written.bytes)
    ));
    if written.file.extension().is_none_or(|extension| extension != "zst") {
        print::say(format_args!("   a name that ends in .zst makes a smaller file"));
    }
    Ok(())
}

fn is_folder(target: &Path, keeps: bool) -> Result<bool, Failure> {
    if keeps && target.is_file() {
        return Err(Failure::Usage(format!("--keep goes with a folder, and {} is a file", target.display())));
    }
    let ends_as_folder = target.as_os_str().as_encoded_bytes().ends_with(b"/");
    Ok(keeps || ends_as_folder || target.is_dir())
}

pub(super) fn restore(config: &Config, args: &RestoreArgs) -> Outcome {
    let done = runtime()?.block_on(backup::restore(config, &args.file))?;
    print::say(format_args!(
        "{} {} in {}: {} of {}",
        style::good("restored"),
        args.file.display(),
        config.state_dir.display(),
        count(done.articles, "article"),
        count(done.sources, "source")
    ));
    if let Some(before) = &done.before {
        print::say(format_args!(
            "   the database of before is {}; remove it when all is well, or the next restore does",
            before.display()
        ));
    }
    Ok(())
}

/// A number with its thousands set apart, and what it counts.
fn count(number: u64, what: &str) -> String {
    let digits = number.to_string();
    let mut apart = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    let plural = if number == 1 { "" } else { "s" };
    format!("{apart} {what}{plural}")
}

/// A size for people, in the unit that leaves at least one before the point.
fn size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KiB", "MiB", "GiB", "TiB"];
    let mut value = bytes as f64 / 1024.0;
    let mut unit = 0;
    while value >= 1000.0 && unit + 1 < UNITS.len() {
        value /= 1024.0;
        unit += 1;
    }
    let places = usize::from(value < 10.0);
    format!("{value:.places$} {}", UNITS[unit])
}

#[cfg(test)]
mod tests {
    use super::{count, size};

    #[test]
    fn numbers_and_sizes_are_for_people() {
        let counted = [0, 1, 999, 1_234, 1_234_567].map(|number| count(number, "article"));
        assert_eq!(
            counted,
            ["0 articles", "1 article", "999 articles", "1,234 articles", "1,234,567 articles"]
        );
        let sizes = [0, 1_024, 12 << 20, 1_500 << 20, 3 << 40].map(size);
        assert_eq!(sizes, ["0.0 KiB", "1.0 KiB", "12 MiB", "1.5 GiB", "3.0 TiB"]);
    }
}
