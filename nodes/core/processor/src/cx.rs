//! What a translated tool is given: where it works, its parameters, its tables and pictures.

use crate::ahead::ask;
use crate::store::Stored;
use crate::view::{Out, Places, View};
use rushes_gpu::Border;

/// Pixels of a row that go through all tools of a chain before the next ones: few, for they are to stay in a near cache, and
/// many, for each span has its own costs and a mixed one reads beyond both of its ends.
pub(crate) const SPAN: usize = 512;

/// The colours of a span, a channel after the other.
#[repr(C, align(64))]
#[derive(Clone)]
pub(crate) struct Block(pub(crate) [[f32; SPAN]; 4]);

impl Block {
    pub(crate) fn new() -> Self {
        Self([[0.0; SPAN]; 4])
    }

    /// As a tool reads it.
    pub(crate) fn view(&self) -> View<'_> {
        View::Float(self.0.each_ref())
    }

    /// As a tool writes it.
    pub(crate) fn out(&mut self) -> Out<'_> {
        let [r, g, b, alpha] = &mut self.0;
        Out { colours: Places::Float([r, g, b]), alpha }
    }
}

/// Some pixels of one row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    /// The first one's place.
    pub(crate) x: u32,
    /// The row.
    pub(crate) y: u32,
    /// How many, at most [`SPAN`].
    pub(crate) len: usize,
}

/// A table's entries, x fastest: one for each place within its size, which is nowhere 0.
#[derive(Clone, Copy)]
pub(crate) struct TableView<'a> {
    entries: &'a [[f32; 4]],
    size: [u32; 3],
}

impl<'a> TableView<'a> {
    /// `None` where there are not as many entries as places.
    pub(crate) fn new(entries: &'a [[f32; 4]], size: [u32; 3]) -> Option<Self> {
        let places: u64 = size.iter().map(|side| u64::from(*side)).product();
        (places > 0 && places == entries.len() as u64).then_some(Self { entries, size })
    }

    pub(crate) fn size(&self) -> [u32; 3] {
        self.size
    }

    /// An entry by its place in all of them.
    ///
    /// # Safety
    /// The place is below the product of the sides.
    #[inline(always)]
    pub(crate) unsafe fn entry(&self, at: usize) -> &'a [f32; 4] {
        debug_assert!(at < self.entries.len());
        // SAFETY: there is an entry for every place.
        unsafe { self.entries.get_unchecked(at) }
    }
}

/// A channel's values of a whole picture, row by row; no values of alpha where the picture is opaque.
#[derive(Clone, Copy)]
pub(crate) enum Channels<'a> {
    Half([&'a [u16]; 4]),
    Float([&'a [f32]; 4]),
}

/// Alpha of what is opaque.
static OPAQUE: [f32; SPAN] = [f32::ONE; SPAN];
static OPAQUE_HALF: [u16; SPAN] = [u16::ONE; SPAN];

/// The values of a span that begins at a value, if a whole one lies behind it; of no alpha those of what is opaque.
fn values<'a, T>(channels: &[&'a [T]; 4], start: usize, opaque: &'a [T; SPAN]) -> Option<[&'a [T; SPAN]; 4]> {
    let [r, g, b, a] = channels.map(|channel| channel.get(start..).and_then(|c| c.first_chunk()));
    let [.., alpha] = channels;
    Some([r?, g?, b?, if alpha.is_empty() { opaque } else { a? }])
}

/// A picture that a kernel reads.
#[derive(Clone, Copy)]
pub(crate) struct Picture<'a> {
    pub(crate) channels: Channels<'a>,
    pub(crate) width: u32,
    pub(crate) height: u32,
    /// Values from one row to the next.
    pub(crate) stride: usize,
    pub(crate) border: Border,
}

impl<'a> Picture<'a> {
    pub(crate) fn is_float(&self) -> bool {
        matches!(self.channels, Channels::Float(_))
    }

    /// Has what a span reads brought near.
    pub(crate) fn ask(&self, span: Span) {
        let start = span.y as usize * self.stride + span.x as usize;
        let part = start..start + span.len;
        match &self.channels {
            Channels::Half(channels) => channels
                .iter()
                .for_each(|c| ask(bytemuck::cast_slice(c.get(part.clone()).unwrap_or_default()))),
            Channels::Float(channels) => channels
                .iter()
                .for_each(|c| ask(bytemuck::cast_slice(c.get(part.clone()).unwrap_or_default()))),
        }
    }

    /// A span without a copy. There is none at the picture's end, where it is shorter than others.
    pub(crate) fn view(&self, span: Span) -> Option<View<'a>> {
        let start = span.y as usize * self.stride + span.x as usize;
        match &self.channels {
            Channels::Half(channels) => values(channels, start, &OPAQUE_HALF).map(View::Half),
            Channels::Float(channels) => values(channels, start, &OPAQUE).map(View::Float),
        }
    }
}

/// What a tool is run with.
pub(crate) struct Cx<'a> {
    pub(crate) width: u32,
    pub(crate) height: u32,
    pub(crate) frame: u32,
    pub(crate) seed: u32,
    pub(crate) scale: f32,
    /// Whether its result is rounded to half floats.
    pub(crate) half: bool,
    /// As they lie in a uniform buffer.
    pub(crate) params: &'a [u8],
    pub(crate) counts: Vec<u32>,
    pub(crate) tables: Vec<TableView<'a>>,
    pub(crate) pictures: Vec<Picture<'a>>,
}

const NO_TABLE: TableView<'static> = TableView { entries: &[[0.0; 4]], size: [1; 3] };
const NO_PICTURE: Picture<'static> =
    Picture { channels: Channels::Float([&[0.0]; 4]), width: 1, height: 1, stride: 1, border: Border::Clamp };

impl Cx<'_> {
    fn bytes(&self, offset: usize) -> [u8; 4] {
        self.params.get(offset..).and_then(|b| b.first_chunk()).copied().unwrap_or_default()
    }

    pub(crate) fn f32(&self, offset: usize) -> f32 {
        f32::from_ne_bytes(self.bytes(offset))
    }

    #[allow(dead_code, reason = "for parameters of a kind that no tool has today")]
    pub(crate) fn i32(&self, offset: usize) -> i32 {
        i32::from_ne_bytes(self.bytes(offset))
    }

    pub(crate) fn u32(&self, offset: usize) -> u32 {
        u32::from_ne_bytes(self.bytes(offset))
    }

    pub(crate) fn count(&self, i: usize) -> u32 {
        self.counts.get(i).copied().unwrap_or(1)
    }

    pub(crate) fn table(&self, i: usize) -> &TableView<'_> {
        self.tables.get(i).unwrap_or(&NO_TABLE)
    }

    pub(crate) fn picture(&self, i: usize) -> &Picture<'_> {
        self.pictures.get(i).unwrap_or(&NO_PICTURE)
    }

    /// Width and height of a picture.
    pub(crate) fn size_of(&self, i: usize) -> (i32, i32) {
        let picture = self.picture(i);
        (picture.width as i32, picture.height as i32)
    }
}

/// The entry of a table at one place, the nearest one beyond its edges.
pub(crate) fn texel(table: &TableView<'_>, x: i32, y: i32, z: i32) -> (f32, f32, f32, f32) {
    let place = |i: i32, n: u32| (i.max(0) as u32).min(n.saturating_sub(1)) as usize;
    let [width, height, depth] = table.size();
    let row = place(z, depth) * height as usize + place(y, height);
    let entry = table.entries.get(row * width as usize + place(x, width)).copied().unwrap_or_default();
    (entry[0], entry[1], entry[2], entry[3])
}

/// What a translated tool does to a span.
///
/// Unsafe to call where the processor lacks what it was translated for.
pub(crate) type Run = unsafe fn(&Cx<'_>, Span, &[View<'_>], Out<'_>);

/// A translated tool.
pub(crate) struct Translated {
    /// The identity of its text.
    pub(crate) key: u128,
    pub(crate) run: Run,
    /// The names of its tables, in the order of [`Cx::tables`].
    pub(crate) tables: &'static [&'static str],
    /// The names of its counts, in the order of [`Cx::counts`].
    pub(crate) counts: &'static [&'static str],
}
