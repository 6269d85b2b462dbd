//! Whether the machine's clock can be believed.

use std::sync::LazyLock;

use jiff::Timestamp;

/// When this program was made: the time that packagers give (<https://reproducible-builds.org/specs/source-date-epoch/>),
/// else the day on which its source says that it was written.
const MADE: &str = match option_env!("SOURCE_DATE_EPOCH") {
    Some(seconds) => seconds,
    None => "1793491200",
};

static EARLIEST: LazyLock<Timestamp> = LazyLock::new(|| {
    let seconds = MADE.parse().ok().and_then(|seconds| Timestamp::from_second(seconds).ok());
    seconds.unwrap_or(Timestamp::UNIX_EPOCH)
});

/// Whether a clock that shows `now` is wrong: it stands before the program was made. So do machines without a clock of
/// their own until they have asked the network; what is read then would bear that date for ever.
pub fn is_wrong(now: Timestamp) -> bool {
    now < *EARLIEST
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_was_never_set_is_wrong_and_that_of_a_later_day_is_right() {
        assert!(is_wrong(Timestamp::UNIX_EPOCH));
        assert!(is_wrong("2019-12-31T00:00:00Z".parse().expect("a timestamp")));
        assert!(!is_wrong("2100-01-01T00:00:00Z".parse().expect("a timestamp")));
    }
}
