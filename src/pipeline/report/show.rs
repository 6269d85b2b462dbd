//! The report as people read it.

use std::fmt;

use super::Report;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.finished.duration_since(self.started).as_secs_f64();
        write!(f, "{}: {}", self.source, self.outcome.name())?;
        write!(
            f,
            ", {} new, {} edited, {} unchanged, {} joined",
            self.new, self.edited, self.same, self.joined
        )?;
        write!(f, ", {} removed, {} held back, {} failed", self.removed, self.held.len(), self.failed.len())?;
        write!(f, " ({} requests, {seconds:.1} s", self.requests)?;
        if self.waiting > 0 {
            write!(f, ", {} still to read", self.waiting)?;
        }
        writeln!(f, ")")?;
        for asked in &self.asked {
            match (&asked.trouble, asked.named) {
                (Some(why), _) => writeln!(f, "  {:<8} {}  {why}", asked.method, asked.url)?,
                (None, Some(named)) => writeln!(f, "  {:<8} {}  {named} articles", asked.method, asked.url)?,
                (None, None) => writeln!(f, "  {:<8} {}  not changed", asked.method, asked.url)?,
            }
        }
        for (word, pages) in [("held", &self.held), ("failed", &self.failed)] {
            for page in pages {
                writeln!(f, "  {word:<8} {}  {}", page.url, page.why)?;
            }
        }
        if self.reprocessed > 0 {
            writeln!(
                f,
                "  note     {} kept pages read otherwise now that more of the template is known",
                self.reprocessed
            )?;
        }
        self.notes.iter().try_for_each(|note| writeln!(f, "  note     {note}"))
    }
}
