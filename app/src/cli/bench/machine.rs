//! What the figures are of.

/// The processor, its cores and the memory, in words.
pub(super) fn machine() -> String {
    let read = |path: &str| std::fs::read_to_string(path).unwrap_or_default();
    words(&read("/proc/cpuinfo"), &read("/proc/meminfo"), cores())
}

/// Threads that run at once.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Of what Linux tells; elsewhere the kind of processor.
fn words(processor: &str, memory: &str, cores: usize) -> String {
    let model = processor.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    let model = model.map_or(std::env::consts::ARCH, |(_, model)| model.trim());
    let memory = crate::proc::bytes_of(memory, "MemTotal:");
    let memory = memory.map_or_else(String::new, |bytes| format!(", {:.1} GB of memory", bytes / 1e9));
    format!("{model}, {cores} cores{memory}")
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn a_machine_is_told_as_linux_tells_it() {
        let processor = "processor\t: 0\nmodel name\t: Some Processor 5\n";
        let told = words(processor, "MemTotal:       8000000 kB\nMemFree: 1 kB\n", 4);
        assert_eq!(told, "Some Processor 5, 4 cores, 8.2 GB of memory");
        assert_eq!(words("", "", 2), format!("{}, 2 cores", std::env::consts::ARCH));
    }
}
