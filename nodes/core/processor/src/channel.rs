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

/// Values, zero at first.
pub(crate) struct Channel<T>(Held<T>);

enum Held<T> {
    Few(Vec<T>),
    /// So many values, and what they lie in.
    Many(usize, MmapMut, PhantomData<T>),
}

impl<T: Pod> Channel<T> {
    pub(crate) fn new(len: usize) -> Self {
        Self(match large(len * size_of::<T>()) {
            Some(memory) => Held::Many(len, memory, PhantomData),
            None => Held::Few(vec![T::zeroed(); len]),
        })
    }
}

/// Memory of its own for so many bytes at least, where that is of use and the system gives it.
fn large(bytes: usize) -> Option<MmapMut> {
    // The usual sizes of pictures end right below a large page's end; the last page is one too where little of it is
    // left over.
    let whole = bytes.next_multiple_of(LARGE);
    let room = if whole - bytes <= whole / 8 { whole } else { bytes };
    if room < LARGE {
        return None;
    }
    let memory = MmapMut::map_anon(room).ok()?;
    #[cfg(target_os = "linux")]
    if let Err(e) = memory.advise(memmap2::Advice::HugePage) {
        log::debug!("no large pages: {e}");
    }
    Some(memory)
}

impl<T> Default for Channel<T> {
    fn default() -> Self {
        Self(Held::Few(Vec::new()))
    }
}

impl<T: Pod> Deref for Channel<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        match &self.0 {
            Held::Few(values) => values,
            Held::Many(len, memory, _) => {
                bytemuck::cast_slice(memory.get(..len * size_of::<T>()).unwrap_or_default())
            }
        }
    }
}

impl<T: Pod> DerefMut for Channel<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        match &mut self.0 {
            Held::Few(values) => values,
            Held::Many(len, memory, _) => {
                bytemuck::cast_slice_mut(memory.get_mut(..*len * size_of::<T>()).unwrap_or_default())
            }
        }
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
}
