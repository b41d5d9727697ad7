//! Textures, kept for use again once nobody holds them.

use crate::device::{Gpu, lock};
use crate::image::Storage;
use rushes_engine::{Error, Result, Tier};
use std::any::Any;
use std::sync::{Arc, Mutex};

/// Bytes of unused textures that are kept for use again.
const DEFAULT_BUDGET: u64 = 128 << 20;

/// A texture and the view that binds it.
pub(crate) struct GpuTexture {
    pub(crate) texture: wgpu::Texture,
    pub(crate) view: wgpu::TextureView,
    bytes: u64,
    token: Arc<()>,
}

impl Storage for GpuTexture {
    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn tier(&self) -> Tier {
        Tier::Device
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

pub(crate) fn foreign() -> Error {
    Error::system("a picture of another device was used")
        .help("a device may have been lost and opened again; ask for the frame again")
}

/// What the pool holds, for a memory panel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PoolStats {
    /// Textures alive.
    pub textures: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Bytes of those that nobody holds.
    pub free_bytes: u64,
    /// Textures created so far.
    pub created: u64,
    /// Times a texture was used again instead.
    pub reused: u64,
}

#[derive(Default)]
struct State {
    /// Oldest use first.
    textures: Vec<Arc<GpuTexture>>,
    budget: Option<u64>,
    created: u64,
    reused: u64,
}

/// Every pooled texture of a device. A texture is free when only the pool holds it.
#[derive(Default)]
pub(crate) struct Pool(Mutex<State>);

impl State {
    fn free_bytes(&self) -> u64 {
        self.textures.iter().filter(|t| Arc::strong_count(t) == 1).map(|t| t.bytes).sum()
    }

    /// Drops free textures, oldest first, until at most `budget` bytes of them are left.
    fn trim(&mut self, budget: u64) {
        let mut free = self.free_bytes();
        self.textures.retain(|t| {
            let drop = free > budget && Arc::strong_count(t) == 1;
            if drop {
                free -= t.bytes;
            }
            !drop
        });
    }
}

impl Gpu {
    /// A picture's storage as a texture of this device.
    pub(crate) fn own<'a>(&self, storage: &'a dyn Storage) -> Result<&'a GpuTexture> {
        let texture: Option<&GpuTexture> = storage.as_any().downcast_ref();
        texture.filter(|t| self.owns(t)).ok_or_else(foreign)
    }

    pub(crate) fn owns(&self, texture: &GpuTexture) -> bool {
        Arc::ptr_eq(&texture.token, &self.0.token)
    }

    /// What the texture pool holds.
    pub fn pool_stats(&self) -> PoolStats {
        let state = lock(&self.0.pool.0);
        PoolStats {
            textures: state.textures.len(),
            bytes: state.textures.iter().map(|t| t.bytes).sum(),
            free_bytes: state.free_bytes(),
            created: state.created,
            reused: state.reused,
        }
    }

    /// Sets how many bytes of unused textures are kept, and drops what is above.
    pub fn set_pool_budget(&self, bytes: u64) {
        let mut state = lock(&self.0.pool.0);
        state.budget = Some(bytes);
        state.trim(bytes);
    }

    /// A texture of this size and format with undefined content, used again where one is free.
    pub(crate) fn texture(
        &self,
        width: u32,
        height: u32,
        format: wgpu::TextureFormat,
    ) -> Result<Arc<GpuTexture>> {
        self.check_size(width, height)?;
        {
            let mut state = lock(&self.0.pool.0);
            let fits = |t: &Arc<GpuTexture>| {
                Arc::strong_count(t) == 1
                    && (t.texture.width(), t.texture.height(), t.texture.format()) == (width, height, format)
            };
            if let Some(at) = state.textures.iter().rposition(fits) {
                // To the end: the order is by last use. The device's queue keeps its earlier readers first.
                let texture = state.textures.remove(at);
                state.textures.push(texture.clone());
                state.reused += 1;
                self.alive()?;
                return Ok(texture);
            }
            let budget = state.budget.unwrap_or(DEFAULT_BUDGET);
            state.trim(budget);
        }
        let size = wgpu::Extent3d { width, height, depth_or_array_layers: 1 };
        let make = || self.new_texture(size, wgpu::TextureDimension::D2, format);
        let texture = match make() {
            Ok(texture) => texture,
            Err(_) => {
                lock(&self.0.pool.0).trim(0);
                make()?
            }
        };
        let mut state = lock(&self.0.pool.0);
        state.created += 1;
        state.textures.push(texture.clone());
        Ok(texture)
    }

    /// A texture that does not go through the pool.
    pub(crate) fn new_texture(
        &self,
        size: wgpu::Extent3d,
        dimension: wgpu::TextureDimension,
        format: wgpu::TextureFormat,
    ) -> Result<Arc<GpuTexture>> {
        let mut usage = wgpu::TextureUsages::TEXTURE_BINDING
            | wgpu::TextureUsages::COPY_SRC
            | wgpu::TextureUsages::COPY_DST;
        if dimension == wgpu::TextureDimension::D2 {
            usage |= wgpu::TextureUsages::RENDER_ATTACHMENT;
        }
        self.guarded(|| {
            let texture = self.0.device.create_texture(&wgpu::TextureDescriptor {
                label: None,
                size,
                mip_level_count: 1,
                sample_count: 1,
                dimension,
                format,
                usage,
                view_formats: &[],
            });
            let view = texture.create_view(&wgpu::TextureViewDescriptor::default());
            let pixels =
                u64::from(size.width) * u64::from(size.height) * u64::from(size.depth_or_array_layers);
            let bytes = pixels * u64::from(format.block_copy_size(None).unwrap_or(4));
            Arc::new(GpuTexture { texture, view, bytes, token: self.0.token.clone() })
        })
    }
}
