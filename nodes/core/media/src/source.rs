//! The video stream of an open file: what readers and the index need to know of it.

use crate::ff::{Decoder, Input, Threads, sys};
use crate::keyframe;
use rushes_engine::{Error, Result};
use std::ffi::CStr;

/// The video stream that is read.
#[derive(Clone, Debug)]
pub(crate) struct Stream {
    pub(crate) index: usize,
    pub(crate) codec: sys::AVCodecID,
    pub(crate) time_base: sys::AVRational,
    /// Whether every frame stands alone.
    pub(crate) intra: bool,
    /// Whether a frame needs what the decoder remembers of the start, such as a palette told once.
    pub(crate) from_start: bool,
    /// For H.264 and H.265, the size of the length fields between its units; 0 for start codes.
    pub(crate) length_size: usize,
    /// The decoder that gives alpha too, where the usual one does not.
    alpha_decoder: Option<&'static CStr>,
}

impl Stream {
    /// The first video stream.
    pub(crate) fn of(input: &Input) -> Result<Self> {
        let none = || {
            Error::media("the file holds no picture")
                .at(input.path.display())
                .help("name a file with a video stream")
        };
        let index = input.first(sys::AVMediaType::AVMEDIA_TYPE_VIDEO).ok_or_else(none)?;
        let stream = input.stream(index).ok_or_else(none)?;
        let parameters = input.parameters(index).ok_or_else(none)?;
        // SAFETY: descriptors are static.
        let intra = unsafe {
            let descriptor = sys::avcodec_descriptor_get(parameters.codec_id);
            !descriptor.is_null() && (*descriptor).props & sys::AV_CODEC_PROP_INTRA_ONLY != 0
        };
        let extradata = match usize::try_from(parameters.extradata_size) {
            // SAFETY: FFmpeg keeps that many bytes as long as the file is open.
            Ok(size) if !parameters.extradata.is_null() => unsafe {
                std::slice::from_raw_parts(parameters.extradata, size)
            },
            _ => &[],
        };
        let alpha =
            input.metadata(Some(index)).iter().any(|(k, v)| k.eq_ignore_ascii_case("alpha_mode") && v == "1");
        let alpha_decoder = match parameters.codec_id {
            sys::AVCodecID::AV_CODEC_ID_VP8 if alpha => Some(c"libvpx"),
            sys::AVCodecID::AV_CODEC_ID_VP9 if alpha => Some(c"libvpx-vp9"),
            _ => None,
        };
        // A GIF's frames are drawn over each other, whatever the codec's descriptor says.
        let drawn_over = [sys::AVCodecID::AV_CODEC_ID_GIF, sys::AVCodecID::AV_CODEC_ID_APNG]
            .contains(&parameters.codec_id);
        Ok(Self {
            index,
            codec: parameters.codec_id,
            time_base: stream.time_base,
            intra: intra && !drawn_over,
            from_start: drawn_over
                || parameters.format == sys::AVPixelFormat::AV_PIX_FMT_PAL8 as i32
                    && parameters.codec_id != sys::AVCodecID::AV_CODEC_ID_PNG,
            length_size: match parameters.codec_id {
                sys::AVCodecID::AV_CODEC_ID_HEVC => keyframe::hevc_length_size(extradata),
                _ => keyframe::h264_length_size(extradata),
            },
            alpha_decoder,
        })
    }

    fn decoder(&self) -> *const sys::AVCodec {
        // SAFETY: the name is a C string; codecs are static. Null means the usual decoder.
        self.alpha_decoder
            .map_or(std::ptr::null(), |name| unsafe { sys::avcodec_find_decoder_by_name(name.as_ptr()) })
    }

    /// Whether the decoder adds an alpha channel that the file's headers do not show.
    pub(crate) fn adds_alpha(&self) -> bool {
        !self.decoder().is_null()
    }
}

/// Opens the decoder of `stream`.
pub(crate) fn open_decoder(input: &Input, stream: &Stream, threads: Threads) -> Result<Decoder> {
    let parameters = input.parameters(stream.index).map_or(std::ptr::null(), std::ptr::from_ref);
    if parameters.is_null() {
        return Err(Error::media("the file holds no picture").at(input.path.display()));
    }
    // SAFETY: the parameters live as long as the file is open.
    unsafe { Decoder::open(parameters, stream.decoder(), threads) }.map_err(|code| {
        code.error("no decoder opens for this file", &input.path)
            .help("convert it with FFmpeg to H.264, ProRes or PNG first")
    })
}
