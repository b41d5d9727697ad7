//! The device: textures, kernels, upload, readback and colour conversion over wgpu.
//!
//! Tools give WGSL functions ([`PointwiseShader`], [`Kernel`]) and hand on unevaluated pictures ([`Expr`]);
//! an [`Executor`] makes their pixels in as few passes as it can. The executor here is [`Gpu`].
//! This crate must not know the graph, FFmpeg or egui, and nothing but [`Gpu`]'s own doors names a wgpu type.

mod choose;
mod device;
mod encode;
mod encode_form;
mod executor;
mod expr;
mod filter;
mod image;
mod mixing;
mod params;
mod pipeline;
mod plane_form;
mod pool;
mod program;
mod readback;
mod run;
mod separable;
mod shader;
mod subset;
mod table;
mod timing;
mod upload;
mod warp;

pub use choose::{DeviceChoice, DeviceReport};
pub use device::{Gpu, Health};
pub use encode_form::EncodeFormat;
pub use executor::{Executor, KernelRun, Label, Pending, PendingPlanes, Pixels};
pub use expr::{Expr, MAX_DEPTH, Mixed, Place, Stage};
pub use filter::{Edge, Filter, Weights};
pub use image::{DevicePlanes, Image, Precision, Storage};
pub use mixing::{Light, Resize, blur, box_mean, resize, resized};
pub use params::{ParamValue, ParamValues};
pub use plane_form::{args as plane_args, code_range, luma_weights, subsampling, whole_planes};
pub use pool::PoolStats;
pub use rushes_shader::CORE_SHADERS;
pub use separable::{Bell, Separable, Taps, mixing_hash, prepared};
pub use shader::{Border, Kernel, PointwiseShader, TableSlot};
pub use table::{Table, TableKind};
pub use warp::{Beyond, Sampling, WARP_REACH, Warp, warp, warp_hash};
