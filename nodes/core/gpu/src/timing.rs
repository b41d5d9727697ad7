//! How long the device worked, by label.

use crate::device::{Gpu, lock};
use crate::executor::Label;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

/// Measurements that may wait to be read; beyond this, new ones are left out.
const MAX_PENDING: usize = 256;

/// One measurement under way or done.
struct Probe {
    label: Label,
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
    readable: wgpu::Buffer,
    state: Arc<AtomicU8>,
}

const SUBMITTED: u8 = 0;
const MAPPED: u8 = 1;
const FAILED: u8 = 2;

/// Timestamps of passes. Software rasterisers report the first pass of a submission too short; labels of such a
/// device are of use against each other only.
pub(crate) struct Timings {
    period_ns: Option<f32>,
    pending: Mutex<Vec<Probe>>,
    free: Mutex<Vec<Probe>>,
}

/// A measurement that a submission is to make.
pub(crate) struct Measure(Probe);

impl Timings {
    pub(crate) fn new(period_ns: Option<f32>) -> Self {
        Self { period_ns, pending: Mutex::default(), free: Mutex::default() }
    }
}

impl Measure {
    /// What the first pass of a submission writes.
    pub(crate) fn begin(&self) -> wgpu::RenderPassTimestampWrites<'_> {
        wgpu::RenderPassTimestampWrites {
            query_set: &self.0.queries,
            beginning_of_pass_write_index: Some(0),
            end_of_pass_write_index: Some(1),
        }
    }

    /// What later passes of it write: only the end moves.
    pub(crate) fn again(&self) -> wgpu::RenderPassTimestampWrites<'_> {
        wgpu::RenderPassTimestampWrites {
            query_set: &self.0.queries,
            beginning_of_pass_write_index: None,
            end_of_pass_write_index: Some(1),
        }
    }
}

impl Gpu {
    /// A measurement for a submission, where the device can measure.
    pub(crate) fn measure(&self, label: Label) -> Option<Measure> {
        let timings = &self.0.timings;
        timings.period_ns?;
        if lock(&timings.pending).len() >= MAX_PENDING {
            return None;
        }
        if let Some(mut probe) = lock(&timings.free).pop() {
            probe.label = label;
            probe.state.store(SUBMITTED, Ordering::Release);
            return Some(Measure(probe));
        }
        let device = &self.0.device;
        self.guarded(|| {
            let buffer = |usage| {
                device.create_buffer(&wgpu::BufferDescriptor {
                    label: None,
                    size: 16,
                    usage,
                    mapped_at_creation: false,
                })
            };
            Measure(Probe {
                label,
                queries: device.create_query_set(&wgpu::QuerySetDescriptor {
                    label: None,
                    ty: wgpu::QueryType::Timestamp,
                    count: 2,
                }),
                resolved: buffer(wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC),
                readable: buffer(wgpu::BufferUsages::COPY_DST | wgpu::BufferUsages::MAP_READ),
                state: Arc::new(AtomicU8::new(SUBMITTED)),
            })
        })
        .ok()
    }

    /// Writes the end of a measurement into its submission.
    pub(crate) fn resolve(&self, encoder: &mut wgpu::CommandEncoder, measure: &Measure) {
        let probe = &measure.0;
        encoder.resolve_query_set(&probe.queries, 0..2, &probe.resolved, 0);
        encoder.copy_buffer_to_buffer(&probe.resolved, 0, &probe.readable, 0, 16);
    }

    /// Hands a measurement over once its submission is under way.
    pub(crate) fn submitted(&self, measure: Measure) {
        let state = measure.0.state.clone();
        measure.0.readable.map_async(wgpu::MapMode::Read, .., move |result| {
            state.store(if result.is_ok() { MAPPED } else { FAILED }, Ordering::Release);
        });
        lock(&self.0.timings.pending).push(measure.0);
    }

    /// Milliseconds that the device worked for each label since the last call, as far as it has finished; empty
    /// where it cannot measure. Never waits.
    pub(crate) fn read_timings(&self) -> BTreeMap<Label, f64> {
        let mut out = BTreeMap::new();
        let Some(period_ns) = self.0.timings.period_ns else { return out };
        if self.alive().is_err() || self.0.device.poll(wgpu::PollType::Poll).is_err() {
            return out;
        }
        let done: Vec<Probe> = {
            let mut pending = lock(&self.0.timings.pending);
            let all = std::mem::take(&mut *pending);
            let (waiting, done) = all.into_iter().partition(|p| p.state.load(Ordering::Acquire) == SUBMITTED);
            *pending = waiting;
            done
        };
        for probe in done {
            if probe.state.load(Ordering::Acquire) == FAILED {
                continue;
            }
            if let Ok(view) = probe.readable.get_mapped_range(..)
                && let Ok([begin, end]) = bytemuck::try_pod_read_unaligned::<[u64; 2]>(&view)
            {
                let ms = end.saturating_sub(begin) as f64 * f64::from(period_ns) / 1e6;
                *out.entry(probe.label).or_default() += ms;
            }
            probe.readable.unmap();
            lock(&self.0.timings.free).push(probe);
        }
        out
    }
}
