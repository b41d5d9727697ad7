//! What Linux tells of a process that runs.

use crate::proc::bytes_of;
use std::collections::HashSet;
use std::fs::read_to_string;

/// Bytes of a process's memory, where the system tells.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Memory {
    pub(super) now: Option<f64>,
    pub(super) most: Option<f64>,
    /// Libraries in it that this process has not: the graphics driver's, the desktop's, and what these brought along.
    pub(super) brought: Option<f64>,
}

impl Memory {
    pub(super) fn of(id: u32) -> Self {
        let status = read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let maps = read_to_string(format!("/proc/{id}/smaps")).ok();
        let own = read_to_string("/proc/self/maps").ok();
        Self {
            now: bytes_of(&status, "VmRSS:"),
            most: bytes_of(&status, "VmHWM:"),
            brought: maps.zip(own).map(|(maps, own)| brought(&maps, &own)),
        }
    }
}

/// The library that a line of `/proc/…/maps` begins to tell of.
fn library(line: &str) -> Option<&str> {
    let path = line.get(line.find('/')?..)?;
    path.contains(".so").then_some(path)
}

/// Bytes of libraries in `/proc/…/smaps` that `/proc/self/maps` has not.
fn brought(maps: &str, own: &str) -> f64 {
    let own: HashSet<&str> = own.lines().filter_map(library).collect();
    let (mut counts, mut sum) = (false, 0.0);
    for line in maps.lines() {
        if let Some(bytes) = bytes_of(line, "Rss:") {
            sum += if counts { bytes } else { 0.0 };
        } else if line.split_whitespace().next().is_some_and(|word| !word.ends_with(':')) {
            counts = library(line).is_some_and(|library| !own.contains(library));
        }
    }
    sum
}

/// Seconds of processor that a process has taken so far, where `/proc` tells.
pub(super) fn busy(id: u32) -> Option<f64> {
    let text = read_to_string(format!("/proc/{id}/stat")).ok()?;
    let ticks = ticks(&text)?;
    #[cfg(unix)]
    {
        // SAFETY: sysconf only looks a number up.
        let rate = unsafe { libc::sysconf(libc::_SC_CLK_TCK) };
        (rate > 0).then(|| ticks / rate as f64)
    }
    #[cfg(not(unix))]
    {
        Some(ticks / 100.0)
    }
}

/// The clock ticks of user and system in `/proc/…/stat`; the name before them may hold anything but is in brackets.
fn ticks(stat: &str) -> Option<f64> {
    let after = stat.rsplit_once(')')?.1;
    let mut fields = after.split_whitespace().skip(11);
    let (user, system) = (fields.next()?.parse::<f64>().ok()?, fields.next()?.parse::<f64>().ok()?);
    Some(user + system)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_linux_tells_of_a_process_is_read() {
        let stat = "42 (a ) b) S 1 42 42 0 -1 4194304 100 0 0 0 250 50 0 0 20 0 8 0 1 2 3";
        assert_eq!(ticks(stat), Some(300.0));
        assert_eq!(ticks("42"), None);
        let own = "1-2 r-xp 0 fe:00 7 /lib/libc.so.6\n";
        let maps = "1-2 r-xp 0 fe:00 7 /lib/libc.so.6\nSize: 8 kB\nRss: 8 kB\n\
                    3-4 r-xp 0 fe:00 8 /lib/libLLVM-15.so.1\nSize: 64 kB\nRss: 32 kB\n\
                    5-6 rw-p 0 00:00 0\nRss: 16 kB\n6-7 rw-p 0 00:00 0 [heap]\nRss: 4 kB\n\
                    7-8 r--p 0 fe:00 9 /lib/libvulkan_lvp.so\nRss: 2 kB\n";
        assert_eq!(brought(maps, own), 34.0 * 1024.0);
    }
}
