//! Finds what a shader was translated to.

use crate::cx::{Run, Translated};
use crate::lane_kind::LaneKind;
use crate::store::lock;
use rushes_engine::{Error, Result};
use rushes_gpu::{Kernel, PointwiseShader, TableSlot};
use std::collections::HashMap;
use std::ptr::from_ref;
use std::sync::Mutex;

/// What a shader was translated to.
#[derive(Clone)]
pub(crate) struct Found {
    pub(crate) run: Run,
    /// For each table of the translation, its place among the shader's.
    pub(crate) tables: Vec<usize>,
    pub(crate) counts: Vec<u32>,
}

/// All translated tools for one kind of lanes.
pub(crate) struct Tools {
    lanes: &'static LaneKind,
    by_key: HashMap<u128, &'static Translated>,
    /// By the place of the shader, which is a `static`.
    known: Mutex<HashMap<usize, Found>>,
}

impl Tools {
    pub(crate) fn new(lanes: &'static LaneKind) -> Self {
        let by_key = lanes.tools.iter().map(|t| (t.key, t)).collect();
        Self { lanes, by_key, known: Mutex::default() }
    }

    pub(crate) fn lanes(&self) -> &'static LaneKind {
        self.lanes
    }

    pub(crate) fn pointwise(&self, shader: &'static PointwiseShader) -> Result<Found> {
        let at = from_ref(shader) as usize;
        self.find(at, shader.name(), shader.source(), shader.tables())
    }

    pub(crate) fn kernel(&self, kernel: &'static Kernel) -> Result<Found> {
        self.find(from_ref(kernel) as usize, kernel.name(), kernel.source(), kernel.tables())
    }

    fn find(&self, at: usize, name: &str, source: &str, slots: &[TableSlot]) -> Result<Found> {
        if let Some(found) = lock(&self.known).get(&at) {
            return Ok(found.clone());
        }
        let identity = rushes_shader::identity(source);
        let missing = || {
            Error::system("the tool has no translation for the processor")
                .at(name)
                .help("keep its shader under assets/shaders, from which tools are translated")
        };
        let translated = self.by_key.get(&identity.key).ok_or_else(missing)?;
        let slot = |table: &&str| slots.iter().position(|(name, _)| name == table).ok_or_else(missing);
        let tables = translated.tables.iter().map(slot).collect::<Result<_>>()?;
        let count = |name: &&str| identity.counts.get(*name).copied().ok_or_else(missing);
        let counts = translated.counts.iter().map(count).collect::<Result<_>>()?;
        let found = Found { run: translated.run, tables, counts };
        lock(&self.known).insert(at, found.clone());
        Ok(found)
    }
}
