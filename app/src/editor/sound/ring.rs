//! Samples on their way to the device: a bounded ring between two threads that neither of them ever waits at.

use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};

/// A ring of samples with one writer and one reader.
#[derive(Debug)]
pub struct Ring {
    slots: Box<[AtomicU32]>,
    written: AtomicUsize,
    read: AtomicUsize,
}

impl Ring {
    /// With room for `count` samples or a few more.
    pub fn new(count: usize) -> Self {
        // A power of two goes on counting rightly where the counters begin again at 0.
        let slots = (0..count.next_power_of_two()).map(|_| AtomicU32::new(0)).collect();
        Self { slots, written: AtomicUsize::new(0), read: AtomicUsize::new(0) }
    }

    /// Samples that can be written now.
    pub fn room(&self) -> usize {
        self.slots.len() - self.waiting()
    }

    /// Samples that can be read now.
    pub fn waiting(&self) -> usize {
        self.written.load(Ordering::Acquire).wrapping_sub(self.read.load(Ordering::Acquire))
    }

    /// Writes as many as there is room for and says how many. For the writer.
    pub fn push(&self, samples: &[f32]) -> usize {
        let at = self.written.load(Ordering::Relaxed);
        let count = samples.len().min(self.room());
        for (i, sample) in samples.iter().take(count).enumerate() {
            self.slot(at.wrapping_add(i), |slot| slot.store(sample.to_bits(), Ordering::Relaxed));
        }
        self.written.store(at.wrapping_add(count), Ordering::Release);
        count
    }

    /// Reads as many as there are into `out` and says how many. For the reader.
    pub fn pop(&self, out: &mut [f32]) -> usize {
        let at = self.read.load(Ordering::Relaxed);
        let count = out.len().min(self.waiting());
        for (i, sample) in out.iter_mut().take(count).enumerate() {
            self.slot(at.wrapping_add(i), |slot| *sample = f32::from_bits(slot.load(Ordering::Relaxed)));
        }
        self.read.store(at.wrapping_add(count), Ordering::Release);
        count
    }

    /// Throws away what waits. For the reader.
    pub fn clear(&self) {
        self.read.store(self.written.load(Ordering::Acquire), Ordering::Release);
    }

    fn slot(&self, at: usize, act: impl FnOnce(&AtomicU32)) {
        if let Some(slot) = self.slots.get(at & (self.slots.len() - 1)) {
            act(slot);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn what_is_written_is_read_in_order_across_threads() {
        const COUNT: u32 = 50_000;
        let ring = Arc::new(Ring::new(64));
        let writer = {
            let ring = Arc::clone(&ring);
            std::thread::spawn(move || {
                let mut next = 0;
                while next < COUNT {
                    let part: Vec<f32> = (next..(next + 17).min(COUNT)).map(|n| n as f32).collect();
                    next += ring.push(&part) as u32;
                    std::thread::yield_now();
                }
            })
        };
        let mut got = Vec::new();
        let mut out = [0.0; 23];
        while got.len() < COUNT as usize {
            let count = ring.pop(&mut out);
            got.extend_from_slice(&out[..count]);
            std::thread::yield_now();
        }
        writer.join().unwrap();
        assert!(got.iter().enumerate().all(|(i, v)| *v == i as f32));
    }

    #[test]
    fn it_takes_no_more_than_there_is_room_for() {
        let ring = Ring::new(6);
        assert_eq!((ring.push(&[1.0; 20]), ring.room(), ring.waiting()), (8, 0, 8));
        let mut out = [0.0; 3];
        assert_eq!((ring.pop(&mut out), ring.room()), (3, 3));
        ring.clear();
        assert_eq!((ring.pop(&mut out), ring.room()), (0, 8));
    }
}
