//! Pictures in main memory: a channel after the other, rows at equal strides.

use crate::channel::{Channel, Memory};
use crate::cx::{Channels, Picture};
use bytemuck::Pod;
use half::f16;
use rushes_engine::{Error, PlaneStore, Result, Tier};
use rushes_gpu::{Border, Image, Precision, Storage};
use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The longest side of a picture.
pub(crate) const MAX_SIDE: u32 = 16_384;
/// Values to which a row is rounded up, so that whole vectors can be written at its end.
pub(crate) const ROW: usize = 16;
/// Bytes of unused memory that are kept for use again.
const KEPT: usize = 256 << 20;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// How a channel's value is stored.
pub(crate) trait Stored: Pod + Default {
    /// A channel's value 1.
    const ONE: Self;
}

impl Stored for u16 {
    const ONE: Self = f16::ONE.to_bits();
}

impl Stored for f32 {
    const ONE: Self = 1.0;
}

/// Values of all channels; none of alpha where all of it is 1.
#[derive(Debug)]
pub(crate) enum Values {
    Half([Channel<u16>; 4]),
    Float([Channel<f32>; 4]),
}

impl Values {
    pub(crate) fn bytes(&self) -> usize {
        match self {
            Self::Half(c) => c.iter().map(|c| 2 * c.len()).sum(),
            Self::Float(c) => c.iter().map(|c| 4 * c.len()).sum(),
        }
    }
}

/// What channels and an encoder's planes lay in that nobody holds any more, the last one given back at the end. New memory
/// would cost a visit of the system for every page of it.
#[derive(Default)]
pub(crate) struct Pool(Mutex<Vec<Memory>>);

impl Pool {
    fn channel<T: Pod>(&self, len: usize) -> Channel<T> {
        let bytes = len * size_of::<T>();
        let mut kept = lock(&self.0);
        let at = kept.iter().rposition(|memory| memory.is_for(bytes));
        let memory = at.map(|at| kept.remove(at));
        drop(kept);
        memory.map_or_else(|| Channel::new(len), |memory| Channel::within(memory, len))
    }

    fn take(&self, len: usize, precision: Precision) -> Values {
        match precision {
            Precision::Half => Values::Half(std::array::from_fn(|_| self.channel(len))),
            Precision::Float => Values::Float(std::array::from_fn(|_| self.channel(len))),
        }
    }

    /// Keeps what there is room for, the youngest first.
    fn give<T: Pod>(&self, channels: impl IntoIterator<Item = Channel<T>>) {
        let mut kept = lock(&self.0);
        kept.extend(channels.into_iter().map(Channel::into_memory).filter(|memory| memory.bytes() > 0));
        let mut room = KEPT;
        let fits = |memory: &&Memory| {
            let left = room.checked_sub(memory.bytes());
            left.map(|left| room = left).is_some()
        };
        let count = kept.iter().rev().take_while(fits).count();
        let too_old = kept.len() - count;
        let too_old: Vec<_> = kept.drain(..too_old).collect();
        drop(kept);
        drop(too_old);
    }

    /// Room for an encoder's planes, with whatever was in it.
    pub(crate) fn planes(self: &Arc<Self>, sizes: impl Iterator<Item = usize>) -> EncoderPlanes {
        EncoderPlanes { planes: sizes.map(|len| self.channel(len)).collect(), pool: self.clone() }
    }

    /// Frees all.
    pub(crate) fn clear(&self) {
        let kept = std::mem::take(&mut *lock(&self.0));
        drop(kept);
    }
}

/// An encoder's planes, or those being made.
pub(crate) struct EncoderPlanes {
    pub(crate) planes: Vec<Channel<u8>>,
    pool: Arc<Pool>,
}

impl PlaneStore for EncoderPlanes {
    fn plane(&self, plane: usize) -> &[u8] {
        self.planes.get(plane).map_or(&[], |plane| plane)
    }
}

impl Drop for EncoderPlanes {
    fn drop(&mut self) {
        self.pool.give(self.planes.drain(..));
    }
}

/// A picture's values, or those being made.
pub(crate) struct Host {
    pub(crate) values: Option<Values>,
    pub(crate) stride: usize,
    pool: Arc<Pool>,
}

impl Host {
    /// Room for a picture.
    pub(crate) fn new(pool: &Arc<Pool>, width: u32, height: u32, precision: Precision) -> Result<Self> {
        if width == 0 || height == 0 || width > MAX_SIDE || height > MAX_SIDE {
            return Err(Error::usage(format!("a picture of {width}×{height} cannot be made"))
                .help(format!("keep both sides between 1 and {MAX_SIDE}")));
        }
        let stride = (width as usize).next_multiple_of(ROW);
        let values = pool.take(stride * height as usize, precision);
        Ok(Self { values: Some(values), stride, pool: pool.clone() })
    }

    /// After all was made in bands of `size` values, some of them opaque: what these left unwritten is filled in, or
    /// given back where nothing can be seen through.
    pub(crate) fn settle_alpha(&mut self, size: usize, opaque: &[bool]) {
        match &mut self.values {
            Some(Values::Half([.., alpha])) => self.pool.give(settled(alpha, size, opaque)),
            Some(Values::Float([.., alpha])) => self.pool.give(settled(alpha, size, opaque)),
            None => {}
        }
    }

    /// Whether there is no alpha, for all of it is 1.
    pub(crate) fn is_opaque(&self) -> bool {
        match &self.values {
            Some(Values::Half([.., alpha])) => alpha.is_empty(),
            Some(Values::Float([.., alpha])) => alpha.is_empty(),
            None => false,
        }
    }

    /// Behind a picture.
    pub(crate) fn of(image: &Image) -> Result<&Self> {
        image.storage().as_any().downcast_ref().ok_or_else(foreign)
    }

    /// As a kernel or a chain reads it.
    pub(crate) fn picture(image: &Image, border: Border) -> Result<Picture<'_>> {
        let host = Self::of(image)?;
        let channels = match &host.values {
            Some(Values::Half([r, g, b, a])) => Channels::Half([r, g, b, a]),
            Some(Values::Float([r, g, b, a])) => Channels::Float([r, g, b, a]),
            None => return Err(foreign()),
        };
        Ok(Picture { channels, width: image.width(), height: image.height(), stride: host.stride, border })
    }
}

/// Alpha that is not needed, where all bands are opaque; else their ones are filled in.
fn settled<T: Stored>(alpha: &mut Channel<T>, size: usize, opaque: &[bool]) -> Option<Channel<T>> {
    if opaque.iter().all(|opaque| *opaque) {
        return Some(std::mem::take(alpha));
    }
    let bands = alpha.chunks_mut(size.max(1)).zip(opaque).filter(|(_, opaque)| **opaque);
    bands.for_each(|(band, _)| band.fill(T::ONE));
    None
}

impl Drop for Host {
    fn drop(&mut self) {
        match self.values.take() {
            Some(Values::Half(channels)) => self.pool.give(channels),
            Some(Values::Float(channels)) => self.pool.give(channels),
            None => {}
        }
    }
}

impl Storage for Host {
    fn bytes(&self) -> u64 {
        self.values.as_ref().map_or(0, Values::bytes) as u64
    }

    fn tier(&self) -> Tier {
        Tier::Memory
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(crate) fn foreign() -> Error {
    Error::system("a picture of another device was used")
        .help("a device may have been lost and opened again; ask for the frame again")
}
