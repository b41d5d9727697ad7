//! Curves and LUTs that shaders read by exact helpers, never by filtering samplers.

use rushes_engine::{Error, Key, KeyHasher, Result};
use std::sync::Arc;

/// The shape of a [`Table`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableKind {
    /// Rows of entries, read by `table_1d(name, x)` (row 0, `x` from 0 to 1) or `textureLoad(name, pos, 0)`.
    Plane,
    /// A cube, read by `table_3d(name, rgb)`, tetrahedral.
    Cube,
}

/// A table of `vec4f` entries in main memory. Cheap to clone; devices keep their copy by its content.
#[derive(Clone)]
pub struct Table {
    kind: TableKind,
    size: [u32; 3],
    entries: Arc<[[f32; 4]]>,
    key: Key,
}

impl Table {
    /// A curve: entries at equal steps from 0 to 1, at least 1 and at most 8192.
    ///
    /// # Errors
    /// No entries, too many, or one that is not finite.
    pub fn curve(entries: Vec<[f32; 4]>) -> Result<Self> {
        let length = u32::try_from(entries.len()).unwrap_or(u32::MAX);
        Self::plane(length, 1, entries)
    }

    /// A plane of `width × height` entries, row by row, read by `textureLoad(name, pos, 0)`.
    ///
    /// # Errors
    /// A side of 0 or above 8192, a wrong number of entries, or one that is not finite.
    pub fn plane(width: u32, height: u32, entries: Vec<[f32; 4]>) -> Result<Self> {
        Self::new(TableKind::Plane, [width, height, 1], 8192, entries)
    }

    /// A cube of `side³` entries, red fastest as in a `.cube` file; `side` is 2 to 256.
    ///
    /// # Errors
    /// A side out of bounds, a wrong number of entries, or one that is not finite.
    pub fn cube(side: u32, entries: Vec<[f32; 4]>) -> Result<Self> {
        if side < 2 {
            return Err(Error::usage(format!("a LUT of {side} entries a side is too small"))
                .help("use a LUT of at least 2×2×2 entries"));
        }
        Self::new(TableKind::Cube, [side; 3], 256, entries)
    }

    fn new(kind: TableKind, size: [u32; 3], max: u32, entries: Vec<[f32; 4]>) -> Result<Self> {
        if let Some(side) = size.iter().find(|s| **s == 0 || **s > max) {
            return Err(Error::usage(format!("a table with a side of {side} entries cannot be used"))
                .help(format!("keep every side between 1 and {max}")));
        }
        let count: usize = size.iter().map(|s| *s as usize).product();
        if entries.len() != count {
            return Err(Error::usage(format!("a table of {count} entries was given {}", entries.len())));
        }
        if !entries.iter().flatten().all(|v| v.is_finite()) {
            return Err(Error::usage("a table holds an entry that is not a finite number"));
        }
        let mut hasher = KeyHasher::new("table");
        hasher.u64(kind as u64);
        size.iter().for_each(|s| {
            hasher.u64(u64::from(*s));
        });
        hasher.bytes(bytemuck::cast_slice(&entries));
        Ok(Self { kind, size, key: hasher.finish(), entries: entries.into() })
    }

    /// The shape.
    pub fn kind(&self) -> TableKind {
        self.kind
    }

    /// Entries across, down and deep.
    pub fn size(&self) -> [u32; 3] {
        self.size
    }

    /// The entries, x fastest.
    pub fn entries(&self) -> &[[f32; 4]] {
        &self.entries
    }

    /// A hash of shape and entries, for frame keys.
    pub fn key(&self) -> Key {
        self.key
    }
}

impl std::fmt::Debug for Table {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Table({:?} {:?})", self.kind, self.size)
    }
}
