//! Pictures in main memory: a channel after the other, rows at equal strides.

use crate::cx::{Channels, Picture};
use rushes_engine::{Error, Result, Tier};
use rushes_gpu::{Border, Image, Precision, Storage};
use std::any::Any;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The longest side of a picture.
pub(crate) const MAX_SIDE: u32 = 16_384;
/// Values to which a row is rounded up, so that whole vectors can be written at its end.
const ROW: usize = 16;
/// Bytes of unused channels that are kept for use again.
const KEPT: usize = 256 << 20;

pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Values of all channels.
#[derive(Debug)]
pub(crate) enum Values {
    Half([Vec<u16>; 4]),
    Float([Vec<f32>; 4]),
}

impl Values {
    fn bytes(&self) -> usize {
        match self {
            Self::Half(c) => c.iter().map(|c| 2 * c.len()).sum(),
            Self::Float(c) => c.iter().map(|c| 4 * c.len()).sum(),
        }
    }
}

/// Channels that nobody holds any more. New memory would cost a visit of the system for every page of it.
#[derive(Default)]
pub(crate) struct Pool(Mutex<Vec<Values>>);

impl Pool {
    fn take(&self, len: usize, precision: Precision) -> Values {
        let mut kept = lock(&self.0);
        let fits = |values: &Values| match (values, precision) {
            (Values::Half([first, ..]), Precision::Half) => first.len() == len,
            (Values::Float([first, ..]), Precision::Float) => first.len() == len,
            _ => false,
        };
        if let Some(at) = kept.iter().position(fits) {
            return kept.swap_remove(at);
        }
        drop(kept);
        match precision {
            Precision::Half => Values::Half(std::array::from_fn(|_| vec![0; len])),
            Precision::Float => Values::Float(std::array::from_fn(|_| vec![0.0; len])),
        }
    }

    fn give(&self, values: Values) {
        let mut kept = lock(&self.0);
        kept.push(values);
        while kept.iter().map(Values::bytes).sum::<usize>() > KEPT {
            kept.remove(0);
        }
    }

    /// Frees all.
    pub(crate) fn clear(&self) {
        lock(&self.0).clear();
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

impl Drop for Host {
    fn drop(&mut self) {
        if let Some(values) = self.values.take() {
            self.pool.give(values);
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
