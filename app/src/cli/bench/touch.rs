//! Free memory, made ready before something is measured.
//!
//! A virtual machine's host may take back memory that lies free for seconds (free page reporting), and whoever touches
//! it next waits for it: on the account of his own process, a second or more for a gigabyte. What a program takes would
//! depend on what ran before it and how long ago. Memory that was touched just now is there, for everyone.

use super::child;
use crate::proc::bytes_of;
use memmap2::MmapMut;
use rushes_engine::{Error, Result};
use std::process::Command;

/// As many times what a run takes is touched: a host goes on taking back some of it while the run lasts.
const TIMES: f64 = 4.0;
/// The smallest page that a machine may have.
const PAGE: usize = 4096;

/// Makes enough of it ready for what takes `peak` bytes. A process of its own does it: one that ever held so much would
/// count it into the peak of those that it starts.
pub(super) fn in_child(peak: f64) {
    let bytes = (TIMES * peak) as usize;
    let touched = child::program()
        .and_then(|program| child::run(Command::new(program).args(["bench", "touch", &bytes.to_string()])));
    if let Err(error) = touched {
        log::warn!(
            "free memory could not be made ready, what is measured next may have to wait for it: {error}"
        );
    }
}

/// Touches so much memory, but no more than half of what is free, and lets go of it.
pub(super) fn run(bytes: usize) -> Result<()> {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    let bytes = bytes.min(most(&read("/proc/meminfo"), &read("/sys/fs/cgroup/memory.max")));
    if bytes == 0 {
        return Ok(());
    }
    let no_room = |e| Error::system(format!("no {bytes} bytes of memory: {e}"));
    let mut memory = MmapMut::map_anon(bytes).map_err(no_room)?;
    #[cfg(target_os = "linux")]
    if let Err(e) = memory.advise(memmap2::Advice::HugePage) {
        log::debug!("no large pages: {e}");
    }
    memory.chunks_mut(PAGE).filter_map(<[u8]>::first_mut).for_each(|byte| *byte = 1);
    Ok(())
}

/// Half of what Linux says is free, as far as a group of processes may go that this one is in; nothing elsewhere.
fn most(memory: &str, group: &str) -> usize {
    let free = bytes_of(memory, "MemFree:").unwrap_or_default() as usize;
    group.trim().parse::<usize>().map_or(free, |group| group.min(free)) / 2
}

#[cfg(test)]
mod tests {
    use super::most;

    #[test]
    fn no_more_than_half_of_what_is_free_is_touched() {
        let told = "MemTotal:       8000000 kB\nMemFree:         2000 kB\n";
        assert_eq!(most(told, "max\n"), 1_024_000);
        assert_eq!(most(told, "1000000\n"), 500_000);
        assert_eq!(most(told, ""), 1_024_000);
        assert_eq!(most("", "1000000\n"), 0);
    }
}
