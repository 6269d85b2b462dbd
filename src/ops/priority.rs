//! Who goes first when the machine is busy: readers.

/// How far threads that fetch, extract, compress and store stand back, in steps of nice(2): a thread of serving then
/// gets about nine tenths of a core that both want, and the others the whole of one that serving leaves.
const BACK: i32 = 10;

/// Lets this thread, and threads that it starts from now on, stand back behind those that serve. Linux keeps the
/// priority of a thread, not of a process (setpriority(2), "C library/kernel differences").
pub fn stand_back() {
    if let Err(fault) = rustix::process::setpriority_process(None, BACK) {
        tracing::debug!(%fault, "the priority of a thread could not be lowered");
    }
}
