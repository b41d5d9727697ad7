//! How fast this machine's memory is, by all of its threads.

use crate::cli::bench::machine::cores;
use std::time::Instant;

/// Floats of each of the three arrays: together more than any cache holds.
const FLOATS: usize = 48 << 20;
/// How often; the fastest counts, for nothing makes memory faster than it is.
const TIMES: u32 = 5;

/// Bytes a second that are read and written while `a = b + s · c` runs over arrays far beyond the caches, as McCalpin's
/// STREAM counts them: what a cache reads before it is written to is not counted.
pub(super) fn bandwidth() -> f64 {
    over(FLOATS)
}

fn over(floats: usize) -> f64 {
    let threads = cores();
    let (b, c) = (vec![1.0_f32; floats], vec![2.0_f32; floats]);
    let mut a = vec![0.5_f32; floats];
    let part = floats.div_ceil(threads).max(1);
    let mut best = f64::INFINITY;
    for _ in 0..TIMES {
        let begun = Instant::now();
        std::thread::scope(|scope| {
            for ((a, b), c) in a.chunks_mut(part).zip(b.chunks(part)).zip(c.chunks(part)) {
                scope.spawn(move || triad(a, b, c));
            }
        });
        best = best.min(begun.elapsed().as_secs_f64());
    }
    std::hint::black_box(&a);
    3.0 * size_of::<f32>() as f64 * floats as f64 / best.max(1e-9)
}

fn triad(a: &mut [f32], b: &[f32], c: &[f32]) {
    for ((a, b), c) in a.iter_mut().zip(b).zip(c) {
        *a = *b + 3.0 * *c;
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn memory_moves() {
        assert!(super::over(1 << 16) > 1e6);
    }
}
