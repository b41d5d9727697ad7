//! Memory that a frame of the window gives back and the next one takes again.

/// Lets the C library keep it. Given back to the system, what a thousand nodes are drawn from is cleared and mapped
/// anew in every frame, which takes as long as all else. Call it before there are threads.
pub(crate) fn keep() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    {
        /// Both are what the limits grow to by themselves once something so large was given back (mallopt(3)).
        const MAPPED_FROM: libc::c_int = 32 << 20;
        const TRIMMED_FROM: libc::c_int = 64 << 20;
        // SAFETY: two numbers of the allocator are set, and it knows both.
        let set = unsafe {
            [
                libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED_FROM),
                libc::mallopt(libc::M_TRIM_THRESHOLD, TRIMMED_FROM),
            ]
        };
        if set.contains(&0) {
            log::debug!("the C library does not keep memory: {set:?}");
        }
    }
}
