//! What the C library's allocator keeps for itself. By default it takes a heap for each of many threads, and lets every
//! large block that is freed raise the bar below which it gives memory back: a daemon that once compressed a feed would
//! hold tens of megabytes for ever. Other allocators than glibc's are left as they are.

/// Heaps that threads share: extraction runs beside the store's writer, and more side by side only lie idle.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MAX_ARENAS: libc::c_int = 2;
/// Blocks from this size on come from the system and go back to it, and so does a free end of a heap of twice that, in
/// bytes: more than a page of a portal and its tree take, or each page would ask the system for its memory anew.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
const MMAP_THRESHOLD_BYTES: libc::c_int = 4 << 20;

/// Bounds what the allocator keeps; to be called before threads are started.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library has no safe interface")]
pub fn bound() {
    let settings = [
        (libc::M_ARENA_MAX, MAX_ARENAS),
        (libc::M_MMAP_THRESHOLD, MMAP_THRESHOLD_BYTES),
        (libc::M_TRIM_THRESHOLD, 2 * MMAP_THRESHOLD_BYTES),
    ];
    for (setting, value) in settings {
        // SAFETY: mallopt(3) takes two integers and may be called at any time; a value that it refuses changes nothing.
        let is_set = unsafe { libc::mallopt(setting, value) } == 1;
        debug_assert!(is_set, "mallopt refuses {setting} = {value}");
    }
}

/// Gives free memory back to the system: after a visit, when little will be asked for.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
#[expect(unsafe_code, reason = "the C library has no safe interface")]
pub fn give_back() {
    // SAFETY: malloc_trim(3) takes how much to keep free, is safe in threads, and leaves what is in use alone.
    unsafe { libc::malloc_trim(0) };
}

/// Nothing is known of this allocator.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn bound() {}

/// Nothing is known of this allocator.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn give_back() {}
