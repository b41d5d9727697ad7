//! A decoder.

use super::{Code, Frame, Options, Packet, check, sys};
use std::ffi::c_int;

/// How a decoder may spread its work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Threads {
    /// Whole frames over all cores, and slices of a frame where a codec has no other way: the most frames a second.
    Frames,
    /// Slices of a frame over all cores, else one thread: a frame comes out as soon as its packet is there.
    Slices,
    /// One frame in, one frame out, errors told at the packet that has them.
    Single,
}

/// An open decoder.
pub(crate) struct Decoder(*mut sys::AVCodecContext);

// SAFETY: a codec context may move between threads as long as one at a time uses it, which `&mut` ensures.
unsafe impl Send for Decoder {}

/// The most pixels a picture may have, as [`rushes_engine::ClipDesc::MAX_SIDE`] squared.
const MAX_PIXELS: &str = "268435456";

impl Decoder {
    /// Opens the decoder named, or the usual one for these parameters.
    ///
    /// # Safety
    /// `parameters` is live for the call.
    pub(crate) unsafe fn open(
        parameters: *const sys::AVCodecParameters,
        codec: *const sys::AVCodec,
        threads: Threads,
    ) -> Result<Self, Code> {
        // SAFETY: by the caller's promise; the context is ours and freed on every way out.
        unsafe {
            let codec =
                if codec.is_null() { sys::avcodec_find_decoder((*parameters).codec_id) } else { codec };
            if codec.is_null() {
                return Err(Code(sys::AVERROR_DECODER_NOT_FOUND));
            }
            let context = sys::avcodec_alloc_context3(codec);
            if context.is_null() {
                return Err(Code::NO_MEMORY);
            }
            let decoder = Self(context);
            check(sys::avcodec_parameters_to_context(context, parameters))?;
            let all = std::thread::available_parallelism().map_or(1, |n| n.get().min(16)) as c_int;
            (*context).thread_count = if threads == Threads::Single { 1 } else { all };
            (*context).thread_type = match threads {
                Threads::Frames => sys::FF_THREAD_SLICE | sys::FF_THREAD_FRAME,
                Threads::Slices | Threads::Single => sys::FF_THREAD_SLICE,
            } as c_int;
            let mut options = Options::new();
            options.set("max_pixels", MAX_PIXELS);
            check(sys::avcodec_open2(context, codec, options.as_mut_ptr()))?;
            Ok(decoder)
        }
    }

    pub(crate) fn raw(&self) -> &sys::AVCodecContext {
        // SAFETY: never null, ours.
        unsafe { &*self.0 }
    }

    /// Hands over a packet, or the end of the stream. `AGAIN` means that frames must be taken first.
    pub(crate) fn send(&mut self, packet: Option<&Packet>) -> Result<(), Code> {
        let packet = packet.map_or(std::ptr::null_mut(), Packet::ptr);
        // SAFETY: the context is open; a null packet is the end of the stream.
        check(unsafe { sys::avcodec_send_packet(self.0, packet) }).map(drop)
    }

    /// Takes the next frame. `AGAIN` means that it wants a packet, `EOF` that all were given.
    pub(crate) fn receive(&mut self) -> Result<Frame, Code> {
        let frame = Frame::new()?;
        // SAFETY: the context is open and the frame ours.
        check(unsafe { sys::avcodec_receive_frame(self.0, frame.ptr()) })?;
        Ok(frame)
    }

    /// Forgets everything, ready for a keyframe.
    pub(crate) fn flush(&mut self) {
        // SAFETY: the context is open.
        unsafe { sys::avcodec_flush_buffers(self.0) }
    }
}

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: ours, freed once.
        unsafe { sys::avcodec_free_context(&mut self.0) }
    }
}
