//! Pictures that an executor keeps: working images, and planes as a decoder gave them.

use rushes_engine::{Payload, PlanesInfo, Tier};
use std::any::Any;
use std::sync::Arc;

/// How precisely working pixels are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Precision {
    /// Half floats: for sources of up to 10 bits.
    #[default]
    Half,
    /// Floats: for sources of more.
    Float,
}

impl Precision {
    /// What a source of `bits` a channel needs.
    pub fn for_bits(bits: u8) -> Self {
        if bits > 10 { Self::Float } else { Self::Half }
    }

    /// Bytes a pixel of four channels.
    pub fn bytes_per_pixel(self) -> u64 {
        match self {
            Self::Half => 8,
            Self::Float => 16,
        }
    }
}

/// What an executor keeps behind a picture. Only the executor that made it looks inside.
pub trait Storage: Any + Send + Sync {
    /// How many bytes it holds.
    fn bytes(&self) -> u64;

    /// Where they lie.
    fn tier(&self) -> Tier;

    /// Itself, for its executor.
    fn as_any(&self) -> &dyn Any;
}

/// A working picture: full-range RGB and straight alpha, display referred. Cheap to clone.
#[derive(Clone)]
pub struct Image {
    width: u32,
    height: u32,
    precision: Precision,
    storage: Arc<dyn Storage>,
}

impl Image {
    /// A picture over an executor's own storage.
    pub fn new(width: u32, height: u32, precision: Precision, storage: Arc<dyn Storage>) -> Self {
        Self { width, height, precision, storage }
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down.
    pub fn height(&self) -> u32 {
        self.height
    }

    /// How precisely it is stored.
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// What the executor keeps behind it.
    pub fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    /// Equal for clones of one picture only.
    pub(crate) fn id(&self) -> *const () {
        Arc::as_ptr(&self.storage).cast()
    }
}

impl Payload for Image {
    fn bytes(&self) -> u64 {
        self.storage.bytes()
    }

    fn tier(&self) -> Tier {
        self.storage.tier()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl std::fmt::Debug for Image {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Image({}×{} {:?})", self.width, self.height, self.precision)
    }
}

/// A decoder's planes where the executor can read them. Cheap to clone.
#[derive(Clone)]
pub struct DevicePlanes {
    info: PlanesInfo,
    storage: Arc<dyn Storage>,
}

impl DevicePlanes {
    /// Planes over an executor's own storage.
    pub fn new(info: PlanesInfo, storage: Arc<dyn Storage>) -> Self {
        Self { info, storage }
    }

    /// What is known of them.
    pub fn info(&self) -> &PlanesInfo {
        &self.info
    }

    /// Width and height in pixels, upright.
    pub fn size(&self) -> (u32, u32) {
        self.info.orientation.upright(self.info.width, self.info.height)
    }

    /// What the executor keeps behind them.
    pub fn storage(&self) -> &dyn Storage {
        &*self.storage
    }

    pub(crate) fn id(&self) -> *const () {
        Arc::as_ptr(&self.storage).cast()
    }
}

impl Payload for DevicePlanes {
    fn bytes(&self) -> u64 {
        self.storage.bytes()
    }

    fn tier(&self) -> Tier {
        self.storage.tier()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl std::fmt::Debug for DevicePlanes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DevicePlanes({:?})", self.info)
    }
}
