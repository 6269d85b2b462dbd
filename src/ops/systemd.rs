//! systemd's side of a service: readiness, reload, status, watchdog (sd_notify(3)). Without systemd every call does
//! nothing.

use std::time::Duration;

use sd_notify::NotifyState;

/// How often the schedule says that it is alive where nobody asks for more.
const DEFAULT_HEARTBEAT: Duration = Duration::from_secs(20);
/// No unit asks for more, and a period of nothing would keep the loop from its work.
const MIN_HEARTBEAT: Duration = Duration::from_millis(10);

/// Says that the service is up: after the start, and again after each reload.
pub fn ready() {
    notify(&[NotifyState::Ready]);
}

/// Says that the configuration is being read again; [`ready`] says that it is done, also where the new one was refused.
/// systemd from 253 on wants to know the time of it, so that it does not take the answer to an earlier reload for this
/// one's.
pub fn reloading() {
    match NotifyState::monotonic_usec_now() {
        Ok(now) => notify(&[NotifyState::Reloading, now]),
        Err(fault) => tracing::warn!(%fault, "the time could not be read; systemd is not told of the reload"),
    }
}

/// Says that the service is on its way down.
pub fn stopping() {
    notify(&[NotifyState::Stopping]);
}

/// One line that `systemctl status` shows. What is more than a line is left out, since each line is a message of its own.
pub fn status(line: &str) {
    notify(&[NotifyState::Status(line.lines().next().unwrap_or_default())]);
}

/// Feeds the watchdog. To be called by the loop of the schedule alone: another caller would feed it while that hangs.
pub fn alive() {
    notify(&[NotifyState::Watchdog]);
}

/// How often the schedule has to call [`alive`]: every 20 seconds, or twice in the unit's `WatchdogSec=` where that is
/// sooner. `variable` gives what a variable of the environment says (sd_watchdog_enabled(3)).
pub fn heartbeat_period(variable: impl Fn(&str) -> Option<String>) -> Duration {
    let number = |name: &str| variable(name).and_then(|value| value.trim().parse::<u64>().ok());
    // The variables are inherited; a limit that was set for another process is not ours.
    let is_ours =
        variable("WATCHDOG_PID").is_none() || number("WATCHDOG_PID") == Some(std::process::id().into());
    let limit = number("WATCHDOG_USEC").filter(|usec| is_ours && *usec > 0).map(Duration::from_micros);
    limit.map_or(DEFAULT_HEARTBEAT, |limit| (limit / 2).clamp(MIN_HEARTBEAT, DEFAULT_HEARTBEAT))
}

fn notify(states: &[NotifyState<'_>]) {
    if let Err(fault) = sd_notify::notify(states) {
        tracing::warn!(%fault, "systemd does not hear us");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(variables: &[(&str, &str)]) -> Duration {
        let said =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned());
        heartbeat_period(said)
    }

    /// Says everything; run as a process of its own by the test below, since the environment belongs to a whole process.
    #[test]
    #[ignore = "needs a NOTIFY_SOCKET, which the test after it gives"]
    fn says_everything() {
        reloading();
        status("visiting haiphong\nREADY=0");
        ready();
        alive();
        stopping();
    }

    #[test]
    fn systemd_hears_what_is_said() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notify");
        let socket = std::os::unix::net::UnixDatagram::bind(&path).expect("a socket");
        let before = rustix::time::clock_gettime(rustix::time::ClockId::Monotonic);
        let child = std::process::Command::new(std::env::current_exe().expect("this test"))
            .args(["--ignored", "--exact", "ops::systemd::tests::says_everything"])
            .env("NOTIFY_SOCKET", &path)
            .output()
            .expect("a process");
        assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
        socket.set_nonblocking(true).expect("a socket");
        let mut heard = Vec::new();
        let mut buffer = [0; 1000];
        while let Ok(length) = socket.recv(&mut buffer) {
            heard.push(String::from_utf8_lossy(&buffer[..length]).into_owned());
        }
        let expected = ["STATUS=visiting haiphong\n", "READY=1\n", "WATCHDOG=1\n", "STOPPING=1\n"];
        assert_eq!(heard[1..], expected);
        let usec = heard[0].strip_prefix("RELOADING=1\nMONOTONIC_USEC=").expect("a reload with its time");
        let usec: i64 = usec.trim_end().parse().expect("a number");
        let earlier = before.tv_sec * 1_000_000 + before.tv_nsec / 1000;
        assert!((earlier..earlier + 60_000_000).contains(&usec), "{usec} is not soon after {earlier}");
    }

    #[test]
    fn the_watchdog_is_fed_twice_in_its_time() {
        let own = std::process::id().to_string();
        assert_eq!(period(&[]), Duration::from_secs(20));
        assert_eq!(period(&[("WATCHDOG_USEC", "120000000")]), Duration::from_secs(20));
        assert_eq!(period(&[("WATCHDOG_USEC", "6000000"), ("WATCHDOG_PID", &own)]), Duration::from_secs(3));
        assert_eq!(period(&[("WATCHDOG_USEC", "1")]), Duration::from_millis(10));
    }

    #[test]
    fn a_watchdog_of_another_process_or_none_changes_nothing() {
        for variables in [
            [("WATCHDOG_USEC", "2000000"), ("WATCHDOG_PID", "1")],
            [("WATCHDOG_USEC", "2000000"), ("WATCHDOG_PID", "x")],
            [("WATCHDOG_USEC", "0"), ("OTHER", "")],
            [("WATCHDOG_USEC", "soon"), ("OTHER", "")],
        ] {
            assert_eq!(period(&variables), Duration::from_secs(20), "{variables:?}");
        }
    }
}
