//! The clock that everything with a rhythm is handed: what time it is, how much time has passed, and how to wait.
//!
//! The system's own is read in production; tests hand in a wall clock of their own, or a simulated one in which weeks
//! pass at once.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// Where the time comes from. Cheap to clone; clones tell the same time.
#[derive(Clone)]
pub struct Clock {
    time: Arc<dyn Time>,
}

trait Time: Send + Sync {
    fn now(&self) -> Timestamp;
    fn instant(&self) -> Instant;
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
    fn rest(&self, duration: Duration, _is_idle: bool) -> BoxFuture<'static, ()> {
        self.sleep(duration)
    }
}

impl Clock {
    pub(crate) fn system() -> Self {
        Self::of(Timestamp::now)
    }

    /// A clock whose wall time is the caller's; what has passed is counted by the system, and waits are real.
    pub fn of(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { time: Arc::new(Real { now }) }
    }

    /// A clock that stands still but for its own waits: whoever sleeps moves the time
    /// on by as much and does not wait. Two who begin to sleep at one moment sleep side by side, as they would in
    /// earnest; but a sleep ends before work that is really under way (an answer of a server), however long it is.
    pub fn simulated(start: Timestamp) -> (Self, SimulatedTime) {
        let begin = Instant::now();
        let time = SimulatedTime { start, begin, passed: Arc::default() };
        (Self { time: Arc::new(time.clone()) }, time)
    }

    /// The wall time.
    pub fn now(&self) -> Timestamp {
        self.time.now()
    }

    /// The monotonic time, for measuring what has passed: it never jumps, whatever is done to the wall time.
    pub(crate) fn instant(&self) -> Instant {
        self.time.instant()
    }

    /// Waits for so long. A future that is dropped has not waited.
    pub(crate) fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.time.sleep(duration)
    }

    /// The same for a loop that also waits for work of its own; `is_idle` says that there is none. In simulated time such
    /// work takes no time at all, so the loop rests only once it is done.
    pub(crate) fn rest(&self, duration: Duration, is_idle: bool) -> BoxFuture<'static, ()> {
        self.time.rest(duration, is_idle)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Clock").field(&self.now()).finish()
    }
}

/// Real waits, and a wall clock that is read by a function.
struct Real<F> {
    now: F,
}

impl<F: Fn() -> Timestamp + Send + Sync> Time for Real<F> {
    fn now(&self) -> Timestamp {
        (self.now)()
    }

    fn instant(&self) -> Instant {
        Instant::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The time of a [`Clock::simulated`].
#[derive(Clone, Debug)]
pub struct SimulatedTime {
    start: Timestamp,
    begin: Instant,
    passed: Arc<Mutex<Duration>>,
}

impl SimulatedTime {
    /// What time it is.
    pub fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(*self.passed()).unwrap_or(SignedDuration::MAX);
        self.start.saturating_add(passed).unwrap_or(Timestamp::MAX)
    }

    #[cfg(test)]
    pub(crate) fn advance(&self, duration: Duration) {
        let mut passed = self.passed();
        *passed = passed.saturating_add(duration);
    }

    fn passed(&self) -> MutexGuard<'_, Duration> {
        // One plain value: a panic elsewhere cannot have torn it.
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Time for SimulatedTime {
    fn now(&self) -> Timestamp {
        Self::now(self)
    }

    fn instant(&self) -> Instant {
        self.begin + *self.passed()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let time = self.clone();
        let until = self.passed().saturating_add(duration);
        Box::pin(async move {
            // Whatever else is ready comes first, so that a wait that is given up for it has not moved the time.
            tokio::task::yield_now().await;
            let mut passed = time.passed();
            *passed = until.max(*passed);
        })
    }

    fn rest(&self, duration: Duration, is_idle: bool) -> BoxFuture<'static, ()> {
        if is_idle { self.sleep(duration) } else { Box::pin(std::future::pending()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);

    fn start() -> Timestamp {
        "2024-07-03T16:55:00+07:00".parse().expect("a moment")
    }

    #[tokio::test]
    async fn sleeping_moves_the_simulated_time_and_both_faces_of_it_alike() {
        let (clock, time) = Clock::simulated(start());
        let begin = clock.instant();
        let real = std::time::Instant::now();
        clock.sleep(WEEK).await;
        time.advance(WEEK);
        assert!(real.elapsed() < Duration::from_secs(60));
        assert_eq!(clock.instant() - begin, WEEK * 2);
        assert_eq!(clock.now(), start() + SignedDuration::from_hours(2 * 7 * 24));
        assert_eq!((clock.clone().now(), time.now()), (clock.now(), clock.now()));
    }

    #[tokio::test]
    async fn those_who_sleep_at_one_moment_sleep_side_by_side() {
        let (clock, time) = Clock::simulated(start());
        tokio::join!(clock.sleep(WEEK), clock.sleep(WEEK / 7), clock.sleep(WEEK));
        assert_eq!(time.now(), start() + SignedDuration::from_hours(7 * 24));
    }

    #[tokio::test]
    async fn a_sleep_that_is_given_up_moves_nothing() {
        let (clock, time) = Clock::simulated(start());
        tokio::select! {
            biased;
            () = clock.sleep(WEEK) => panic!("the other is ready"),
            () = std::future::ready(()) => {}
        }
        drop(clock.sleep(WEEK));
        assert_eq!(time.now(), start());
    }

    #[test]
    fn the_simulated_time_has_an_end_and_does_not_run_over_it() {
        let (clock, time) = Clock::simulated(start());
        time.advance(WEEK * 52 * 9000);
        assert_eq!(clock.now(), Timestamp::MAX);
    }

    #[tokio::test]
    async fn a_wall_time_of_the_callers_leaves_the_waits_real() {
        let clock = Clock::of(start);
        let begin = clock.instant();
        clock.sleep(Duration::from_millis(2)).await;
        assert_eq!(clock.now(), start());
        assert!(clock.instant() - begin >= Duration::from_millis(2));
    }
}
