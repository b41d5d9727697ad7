//! A packet and a frame.

use super::{Code, check, sys};
use rushes_engine::{PlaneStore, Planes};
use std::ffi::{c_int, c_void};
use std::sync::Arc;

/// A compressed packet.
pub(crate) struct Packet(*mut sys::AVPacket);

// SAFETY: a packet is plain memory with reference counts that are atomic.
unsafe impl Send for Packet {}

impl Packet {
    pub(crate) fn new() -> Result<Self, Code> {
        // SAFETY: allocates, or gives null.
        let packet = unsafe { sys::av_packet_alloc() };
        if packet.is_null() { Err(Code::NO_MEMORY) } else { Ok(Self(packet)) }
    }

    pub(crate) fn ptr(&self) -> *mut sys::AVPacket {
        self.0
    }

    pub(crate) fn raw(&self) -> &sys::AVPacket {
        // SAFETY: never null, ours.
        unsafe { &*self.0 }
    }

    pub(crate) fn raw_mut(&mut self) -> &mut sys::AVPacket {
        // SAFETY: never null, ours.
        unsafe { &mut *self.0 }
    }

    /// The compressed bytes.
    pub(crate) fn data(&self) -> &[u8] {
        let raw = self.raw();
        match usize::try_from(raw.size) {
            // SAFETY: FFmpeg keeps `size` bytes at `data` as long as the packet is not unreferenced.
            Ok(size) if !raw.data.is_null() => unsafe { std::slice::from_raw_parts(raw.data, size) },
            _ => &[],
        }
    }

    /// Side data of a kind, if the packet has it.
    pub(crate) fn side_data(&self, kind: sys::AVPacketSideDataType) -> Option<&[u8]> {
        let mut size = 0;
        // SAFETY: the data live as long as the packet is not unreferenced.
        unsafe {
            let data = sys::av_packet_get_side_data(self.0, kind, &mut size);
            if data.is_null() { None } else { Some(std::slice::from_raw_parts(data, size)) }
        }
    }

    pub(crate) fn clear(&mut self) {
        // SAFETY: ours.
        unsafe { sys::av_packet_unref(self.0) }
    }
}

impl Drop for Packet {
    fn drop(&mut self) {
        // SAFETY: ours, freed once.
        unsafe { sys::av_packet_free(&mut self.0) }
    }
}

/// A decoded frame; once out of the decoder nobody writes into it.
pub(crate) struct Frame(*mut sys::AVFrame);

// SAFETY: a frame is plain memory whose buffers carry atomic reference counts.
unsafe impl Send for Frame {}
// SAFETY: `&Frame` only reads.
unsafe impl Sync for Frame {}

impl Frame {
    pub(crate) fn new() -> Result<Self, Code> {
        // SAFETY: allocates, or gives null.
        let frame = unsafe { sys::av_frame_alloc() };
        if frame.is_null() { Err(Code::NO_MEMORY) } else { Ok(Self(frame)) }
    }

    /// A writable video frame.
    pub(crate) fn video(width: u32, height: u32, format: c_int) -> Result<Self, Code> {
        let mut frame = Self::new()?;
        let raw = frame.raw_mut();
        raw.width = width as c_int;
        raw.height = height as c_int;
        raw.format = format;
        // SAFETY: size and format are set, which is what the call asks for.
        check(unsafe { sys::av_frame_get_buffer(frame.0, 0) })?;
        Ok(frame)
    }

    /// A video frame over planes that stay where they are: for encoders that copy what they are given, since its rows
    /// begin anywhere. `None` where the planes are not whole.
    pub(crate) fn over(planes: &Planes, format: c_int) -> Result<Option<Self>, Code> {
        let mut frame = Self::new()?;
        let raw = frame.raw_mut();
        (raw.width, raw.height, raw.format) =
            (planes.info.width as c_int, planes.info.height as c_int, format);
        let places = raw.data.iter_mut().zip(&mut raw.linesize);
        for (plane, (data, linesize)) in places.enumerate().take(planes.info.layout.planes()) {
            let Some((bytes, stride)) = planes.whole_plane(plane).filter(|(bytes, _)| !bytes.is_empty())
            else {
                return Ok(None);
            };
            let Ok(line) = c_int::try_from(stride) else { return Ok(None) };
            (*data, *linesize) = (bytes.as_ptr().cast_mut(), line);
        }
        let first = planes.plane(0);
        let held: *mut Arc<dyn PlaneStore> = Box::into_raw(Box::new(planes.store.clone()));
        // SAFETY: the bytes live as long as what is held, which `release` lets go once; read-only, nobody writes to them.
        raw.buf[0] = unsafe {
            sys::av_buffer_create(
                first.as_ptr().cast_mut(),
                first.len() as _,
                Some(release),
                held.cast(),
                sys::AV_BUFFER_FLAG_READONLY as c_int,
            )
        };
        if raw.buf[0].is_null() {
            // SAFETY: it was not taken.
            drop(unsafe { Box::from_raw(held) });
            return Err(Code::NO_MEMORY);
        }
        Ok(Some(frame))
    }

    pub(crate) fn ptr(&self) -> *mut sys::AVFrame {
        self.0
    }

    pub(crate) fn raw(&self) -> &sys::AVFrame {
        // SAFETY: never null, ours.
        unsafe { &*self.0 }
    }

    pub(crate) fn raw_mut(&mut self) -> &mut sys::AVFrame {
        // SAFETY: never null, ours.
        unsafe { &mut *self.0 }
    }

    /// How many bytes its buffers hold.
    pub(crate) fn bytes(&self) -> u64 {
        // SAFETY: each buffer is null or live.
        self.raw().buf.iter().map(|&b| if b.is_null() { 0 } else { unsafe { (*b).size as u64 } }).sum()
    }

    /// The bytes of a plane from its first row to its last, whole rows; empty where FFmpeg stores it upside down.
    pub(crate) fn plane(&self, plane: usize, rows: u32, row_bytes: usize) -> &[u8] {
        let raw = self.raw();
        let (Some(&data), Some(&stride)) = (raw.data.get(plane), raw.linesize.get(plane)) else { return &[] };
        let Ok(stride) = usize::try_from(stride) else { return &[] };
        if data.is_null() || rows == 0 || rows > 1 && stride < row_bytes {
            return &[];
        }
        let len = stride * (rows as usize - 1) + row_bytes;
        // SAFETY: FFmpeg keeps `rows` rows of `stride` bytes in the frame's buffers, of the last one at least its samples.
        unsafe { std::slice::from_raw_parts(data, len) }
    }

    /// The display matrix on the frame itself, as an image's EXIF gives it.
    pub(crate) fn display_matrix(&self) -> Option<[i32; 9]> {
        // SAFETY: side data live as long as the frame.
        unsafe {
            let side =
                sys::av_frame_get_side_data(self.0, sys::AVFrameSideDataType::AV_FRAME_DATA_DISPLAYMATRIX);
            if side.is_null() || (*side).size < 36 {
                return None;
            }
            Some((*side).data.cast::<[i32; 9]>().read_unaligned())
        }
    }
}

/// Lets planes go that a frame lay over.
unsafe extern "C" fn release(held: *mut c_void, _: *mut u8) {
    // SAFETY: what [`Frame::over`] gave, and FFmpeg calls this once.
    drop(unsafe { Box::from_raw(held.cast::<Arc<dyn PlaneStore>>()) });
}

impl Drop for Frame {
    fn drop(&mut self) {
        // SAFETY: ours, freed once.
        unsafe { sys::av_frame_free(&mut self.0) }
    }
}
