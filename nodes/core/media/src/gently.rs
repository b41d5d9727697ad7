//! Work that nobody waits for.

/// Has this thread and those that it starts from now on give way to all others, where the system knows of that.
pub fn gently() {
    // On Linux a thread has a niceness of its own; elsewhere it is that of the whole program.
    #[cfg(target_os = "linux")]
    {
        const NICE: libc::c_int = 10;
        // SAFETY: numbers alone; 0 is the calling thread.
        if unsafe { libc::setpriority(libc::PRIO_PROCESS, 0, NICE) } != 0 {
            log::debug!("work aside is not nice: {}", std::io::Error::last_os_error());
        }
    }
}
