//! The values of a channel: where they are many, in memory of their own that the system is asked to give in large pages.
//!
//! New memory costs a visit of the system for each of its pages when it is first written to. For a frame of 4K that is
//! twelve thousand pages of the usual size, and as much time as a tool takes.

use bytemuck::Pod;
use memmap2::MmapMut;
use std::fmt::{Debug, Formatter};
use std::marker::PhantomData;
use std::ops::{Deref, DerefMut};

/// Bytes of a large page on most processors.
const LARGE: usize = 2 << 20;

/// Values, zero at first where their memory is new.
#[derive(Default)]
pub(crate) struct Channel<T> {
    len: usize,
    memory: Memory,
    of: PhantomData<T>,
}

/// What values of any kind lie in.
pub(crate) enum Memory {
    Few(Vec<u64>),
    Many(MmapMut),
}

impl Memory {
    /// For so many bytes.
    pub(crate) fn new(bytes: usize) -> Self {
        let room = room(bytes);
        if room >= LARGE
            && let Ok(memory) = MmapMut::map_anon(room)
        {
            #[cfg(target_os = "linux")]
            if let Err(e) = memory.advise(memmap2::Advice::HugePage) {
                log::debug!("no large pages: {e}");
            }
            return Self::Many(memory);
        }
        Self::Few(vec![0; room / 8])
    }

    /// All that it has.
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Few(words) => 8 * words.len(),
            Self::Many(memory) => memory.len(),
        }
    }

    /// Whether it is what [`Memory::new`] gives for so many bytes.
    pub(crate) fn is_for(&self, bytes: usize) -> bool {
        self.bytes() == room(bytes)
    }
}

impl Default for Memory {
    fn default() -> Self {
        Self::Few(Vec::new())
    }
}

/// Bytes that are asked for where so many are needed.
fn room(bytes: usize) -> usize {
    // The usual sizes of pictures end right below a large page's end; the last page is one too where little of it is
    // left over.
    let whole = bytes.next_multiple_of(LARGE);
    if whole - bytes <= whole / 8 { whole } else { bytes.next_multiple_of(8) }
}

impl<T: Pod> Channel<T> {
    /// Values in memory of their own.
    pub(crate) fn new(len: usize) -> Self {
        Self::within(Memory::new(len * size_of::<T>()), len)
    }

    /// Values that are whatever lies in the memory; none where it is too small.
    pub(crate) fn within(memory: Memory, len: usize) -> Self {
        let len = if len * size_of::<T>() <= memory.bytes() { len } else { 0 };
        Self { len, memory, of: PhantomData }
    }

    /// What the values lie in.
    pub(crate) fn into_memory(self) -> Memory {
        self.memory
    }
}

impl<T: Pod> Deref for Channel<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        let bytes: &[u8] = match &self.memory {
            Memory::Few(words) => bytemuck::cast_slice(words),
            Memory::Many(memory) => memory,
        };
        bytemuck::cast_slice(bytes.get(..self.len * size_of::<T>()).unwrap_or_default())
    }
}

impl<T: Pod> DerefMut for Channel<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        let bytes: &mut [u8] = match &mut self.memory {
            Memory::Few(words) => bytemuck::cast_slice_mut(words),
            Memory::Many(memory) => memory,
        };
        bytemuck::cast_slice_mut(bytes.get_mut(..self.len * size_of::<T>()).unwrap_or_default())
    }
}

impl<T: Pod> Debug for Channel<T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} values", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_and_many_values_begin_as_zero_and_hold_what_is_written() {
        for len in [0, 1, 1000, LARGE / 2 - 9, LARGE / 2, LARGE, 2 * LARGE, 3 * LARGE + 7] {
            let mut channel = Channel::<u16>::new(len);
            assert!(channel.len() == len && channel.iter().all(|v| *v == 0));
            channel.iter_mut().enumerate().for_each(|(i, v)| *v = i as u16);
            assert!(channel.iter().enumerate().all(|(i, v)| *v == i as u16));
        }
        assert!(Channel::<f32>::default().is_empty());
    }

    #[test]
    fn memory_serves_values_of_any_kind() {
        for bytes in [0, 2, 1000, LARGE - 8, LARGE, 3 * LARGE + 6] {
            let mut halves = Channel::<u16>::new(bytes / 2);
            halves.fill(0x3c00);
            let memory = halves.into_memory();
            assert!(memory.is_for(bytes) && !memory.is_for(2 * bytes + 8));
            let plane = Channel::<u8>::within(memory, bytes);
            assert!(plane.len() == bytes && plane.chunks(2).all(|pair| pair == [0, 0x3c]));
            let memory = plane.into_memory();
            assert!(Channel::<f32>::within(memory, 1 << 30).is_empty());
        }
    }
}
