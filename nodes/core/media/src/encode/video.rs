//! A clip on its way into a container.

use super::plan::{EncodeFormat, EncodeSettings, Preset};
use super::sound::Sound;
use super::temp::Temp;
use crate::color;
use crate::ff::{Code, Frame, Options, Packet, check, sys, url};
use crate::graph::KEY;
use rushes_engine::{Error, Layout, Planes, Rate, Result, Sample};
use std::ffi::{CStr, c_int};
use std::path::{Path, PathBuf};

/// An open encoder.
pub(crate) struct Codec(*mut sys::AVCodecContext);

// SAFETY: a codec context may move between threads as long as one at a time uses it, which `&mut` ensures.
unsafe impl Send for Codec {}

impl Codec {
    /// Opens the encoder named after `set` has filled its fields and options.
    pub(crate) fn open(
        name: &CStr,
        path: &Path,
        set: impl FnOnce(&mut sys::AVCodecContext, &mut Options),
    ) -> Result<Self> {
        let words = name.to_string_lossy();
        // SAFETY: the name is a C string; the context is ours and freed on every way out.
        unsafe {
            let codec = sys::avcodec_find_encoder_by_name(name.as_ptr());
            if codec.is_null() {
                return Err(Error::system(format!("this FFmpeg has no encoder {words}"))
                    .at(path.display())
                    .help("install an FFmpeg with it, or choose another preset"));
            }
            let context = sys::avcodec_alloc_context3(codec);
            if context.is_null() {
                return Err(Code::NO_MEMORY.error("the encoder cannot be opened", path));
            }
            let this = Self(context);
            let mut options = Options::new();
            set(&mut *context, &mut options);
            check(sys::avcodec_open2(context, codec, options.as_mut_ptr()))
                .map_err(|code| code.error(&format!("the encoder {words} cannot be opened"), path))?;
            let left = options.left();
            if !left.is_empty() {
                log::warn!("{words} does not know {}", left.join(", "));
            }
            Ok(this)
        }
    }

    pub(crate) fn raw(&self) -> &sys::AVCodecContext {
        // SAFETY: never null, ours.
        unsafe { &*self.0 }
    }

    /// Whether it copies what it is given, wherever its rows begin, before it reads it by vectors.
    fn copies(&self) -> bool {
        // SAFETY: an open context has a codec, whose name is a C string that is always there.
        let name = unsafe { CStr::from_ptr((*self.raw().codec).name) };
        [c"libx264", c"libx265"].contains(&name)
    }

    pub(crate) fn send(&mut self, frame: Option<&Frame>) -> Result<(), Code> {
        let frame = frame.map_or(std::ptr::null_mut(), Frame::ptr);
        // SAFETY: the context is open; null is the end.
        check(unsafe { sys::avcodec_send_frame(self.0, frame) }).map(drop)
    }

    /// The next packet; `None` where it wants a frame or is at its end.
    pub(crate) fn receive(&mut self) -> Result<Option<Packet>, Code> {
        let packet = Packet::new()?;
        // SAFETY: the context is open and the packet ours.
        match check(unsafe { sys::avcodec_receive_packet(self.0, packet.ptr()) }) {
            Ok(_) => Ok(Some(packet)),
            Err(Code::AGAIN | Code::EOF) => Ok(None),
            Err(code) => Err(code),
        }
    }
}

impl Drop for Codec {
    fn drop(&mut self) {
        // SAFETY: ours, freed once.
        unsafe { sys::avcodec_free_context(&mut self.0) }
    }
}

/// A container being written.
pub(crate) struct Muxer {
    context: *mut sys::AVFormatContext,
    pub(crate) path: PathBuf,
    begun: bool,
}

// SAFETY: a format context may move between threads as long as one at a time uses it, which `&mut` ensures.
unsafe impl Send for Muxer {}

impl Muxer {
    fn create(name: &CStr, temp: &Path, path: &Path) -> Result<Self> {
        let url = url(temp)?;
        // SAFETY: strings live for the calls; the context is ours and freed on every way out.
        unsafe {
            let mut context = std::ptr::null_mut();
            check(sys::avformat_alloc_output_context2(
                &mut context,
                std::ptr::null_mut(),
                name.as_ptr(),
                url.as_ptr(),
            ))
            .map_err(|code| code.error("the output cannot be made", path))?;
            let this = Self { context, path: path.to_owned(), begun: false };
            check(sys::avio_open2(
                &mut (*context).pb,
                url.as_ptr(),
                sys::AVIO_FLAG_WRITE as c_int,
                std::ptr::null(),
                std::ptr::null_mut(),
            ))
            .map_err(|code| code.error("the output cannot be made", path))?;
            Ok(this)
        }
    }

    /// Whether encoders must put their headers into the container.
    pub(crate) fn wants_headers(&self) -> bool {
        // SAFETY: the context and its format are live.
        unsafe { (*(*self.context).oformat).flags as u32 & sys::AVFMT_GLOBALHEADER as u32 != 0 }
    }

    /// Whether the container takes a codec.
    pub(crate) fn takes(&self, codec: sys::AVCodecID) -> bool {
        // SAFETY: the context and its format are live.
        unsafe {
            sys::avformat_query_codec((*self.context).oformat, codec, sys::FF_COMPLIANCE_NORMAL as c_int) == 1
        }
    }

    /// Adds a stream; `fill` sets its parameters.
    pub(crate) fn add(&mut self, fill: impl FnOnce(&mut sys::AVStream) -> c_int) -> Result<c_int> {
        // SAFETY: the context is ours and its header not written yet; the new stream is live.
        unsafe {
            let stream = sys::avformat_new_stream(self.context, std::ptr::null());
            if stream.is_null() {
                return Err(Code::NO_MEMORY.error("the output cannot be made", &self.path));
            }
            check(fill(&mut *stream)).map_err(|code| code.error("the output cannot be made", &self.path))?;
            Ok((*stream).index)
        }
    }

    fn begin(&mut self, graph: Option<&str>) -> Result<()> {
        let mut metadata = Options::new();
        if let Some(graph) = graph {
            metadata.set(KEY, graph);
        }
        let mut options = Options::new();
        options.set("movflags", "+faststart+use_metadata_tags+write_colr");
        // SAFETY: the context is ours; the dictionary passes to it.
        unsafe {
            (*self.context).metadata = metadata.into_raw();
            check(sys::avformat_write_header(self.context, options.as_mut_ptr()))
                .map_err(|code| code.error("the output's header cannot be written", &self.path))?;
        }
        self.begun = true;
        Ok(())
    }

    /// Writes a packet whose times are in `time_base`.
    pub(crate) fn write(
        &mut self,
        packet: &mut Packet,
        stream: c_int,
        time_base: sys::AVRational,
    ) -> Result<()> {
        packet.raw_mut().stream_index = stream;
        packet.raw_mut().pos = -1;
        // SAFETY: the stream was added before; the packet is ours and may be taken over.
        unsafe {
            let to = (**(*self.context).streams.add(stream as usize)).time_base;
            sys::av_packet_rescale_ts(packet.ptr(), time_base, to);
            check(sys::av_interleaved_write_frame(self.context, packet.ptr()))
                .and_then(|_| check((*(*self.context).pb).error))
                .map_err(|code| code.error("writing failed", &self.path))?;
        }
        Ok(())
    }

    fn end(&mut self) -> Result<()> {
        self.begun = false;
        // SAFETY: the header was written and the trailer was not.
        unsafe {
            check(sys::av_write_trailer(self.context))
                .and_then(|_| check((*(*self.context).pb).error))
                .and_then(|_| check(sys::avio_closep(&mut (*self.context).pb)))
                .map(drop)
                .map_err(|code| code.error("writing failed", &self.path))
        }
    }
}

impl Drop for Muxer {
    fn drop(&mut self) {
        // SAFETY: ours, freed once; a file still open is closed, and removed by its `Temp`.
        unsafe {
            if !(*self.context).pb.is_null() {
                sys::avio_closep(&mut (*self.context).pb);
            }
            sys::avformat_free_context(self.context);
        }
    }
}

/// A clip being written. Fields drop in this order: encoders, the container, then its temporary file.
pub(crate) struct Video {
    codec: Codec,
    sound: Option<Sound>,
    muxer: Muxer,
    temp: Temp,
    format: EncodeFormat,
    rate: Rate,
    stream: c_int,
    frames: i64,
}

impl Video {
    pub(crate) fn create(path: &Path, settings: &EncodeSettings, format: EncodeFormat) -> Result<Self> {
        let rate = settings.rate.unwrap_or(Rate::FILM);
        let temp = Temp::beside(path)?;
        let container = settings.muxer(path);
        let mut muxer = Muxer::create(container, &temp.path, path)?;
        let codec = open(path, settings, format, rate, muxer.wants_headers())?;
        let stream = muxer.add(|stream| {
            stream.time_base = codec.raw().time_base;
            stream.avg_frame_rate = codec.raw().framerate;
            stream.sample_aspect_ratio = sys::AVRational { num: 1, den: 1 };
            // SAFETY: the stream has parameters and the codec is open.
            unsafe { sys::avcodec_parameters_from_context(stream.codecpar, codec.raw()) }
        })?;
        let sound = Sound::open(&settings.audio, &mut muxer, container == c"mov")?;
        muxer.begin(settings.graph.as_deref())?;
        Ok(Self { codec, sound, muxer, temp, format, rate, stream, frames: 0 })
    }

    pub(crate) fn write(&mut self, planes: &Planes) -> Result<()> {
        let failed = |code: Code, path: &Path| code.error("the encoder failed", path);
        let raw = self.codec.raw();
        let mut frame = self.frame(planes).map_err(|code| failed(code, &self.muxer.path))?;
        let target = frame.raw_mut();
        target.pts = self.frames;
        (target.color_primaries, target.color_trc) = (raw.color_primaries, raw.color_trc);
        (target.colorspace, target.color_range) = (raw.colorspace, raw.color_range);
        target.chroma_location = raw.chroma_sample_location;
        self.frames += 1;
        self.codec.send(Some(&frame)).map_err(|code| failed(code, &self.muxer.path))?;
        self.drain()?;
        let until = self.rate.seconds_of(self.frames);
        match &mut self.sound {
            Some(sound) => sound.pump(until, &mut self.muxer),
            None => Ok(()),
        }
    }

    /// Planes as the encoder takes them.
    fn frame(&self, planes: &Planes) -> Result<Frame, Code> {
        let (format, pixel) = (&self.format, self.codec.raw().pix_fmt as c_int);
        let is_its = (planes.info.width, planes.info.height, planes.info.layout, planes.info.sample)
            == (format.width, format.height, format.layout, format.sample);
        if is_its
            && self.codec.copies()
            && let Some(frame) = Frame::over(planes, pixel)?
        {
            return Ok(frame);
        }
        let mut frame = Frame::video(format.width, format.height, pixel)?;
        let info = format.info();
        for plane in 0..info.layout.planes() {
            fill(&mut frame, plane, info.plane_size(plane).1, info.row_bytes(plane), |y, to| {
                let from = planes.row(plane, y);
                to.get_mut(..from.len()).unwrap_or(&mut []).copy_from_slice(from);
            });
        }
        Ok(frame)
    }

    pub(crate) fn write_audio(&mut self, samples: &[f32]) -> Result<()> {
        match &mut self.sound {
            Some(sound) => sound.push(samples, &mut self.muxer),
            None => {
                Err(Error::usage("this output was begun without sound")
                    .help("name the sound in its settings"))
            }
        }
    }

    pub(crate) fn finish(mut self) -> Result<PathBuf> {
        self.codec.send(None).map_err(|code| code.error("the encoder failed", &self.muxer.path))?;
        self.drain()?;
        if let Some(sound) = &mut self.sound {
            sound.finish(self.rate.seconds_of(self.frames), &mut self.muxer)?;
        }
        self.muxer.end()?;
        self.temp.keep()
    }

    fn drain(&mut self) -> Result<()> {
        let time_base = self.codec.raw().time_base;
        while let Some(mut packet) =
            self.codec.receive().map_err(|code| code.error("the encoder failed", &self.muxer.path))?
        {
            if packet.raw().duration == 0 {
                packet.raw_mut().duration = 1;
            }
            self.muxer.write(&mut packet, self.stream, time_base)?;
        }
        Ok(())
    }
}

/// Fills plane `plane` of a fresh frame row by row.
pub(crate) fn fill(
    frame: &mut Frame,
    plane: usize,
    rows: u32,
    row_bytes: usize,
    mut row: impl FnMut(u32, &mut [u8]),
) {
    let raw = frame.raw_mut();
    let (Some(&data), Some(&stride)) = (raw.data.get(plane), raw.linesize.get(plane)) else { return };
    let Ok(stride) = usize::try_from(stride) else { return };
    if data.is_null() || stride < row_bytes {
        return;
    }
    for y in 0..rows {
        // SAFETY: the frame was allocated with at least `rows` rows of `stride` bytes in this plane, and nobody shares it.
        let line = unsafe { std::slice::from_raw_parts_mut(data.add(y as usize * stride), row_bytes) };
        row(y, line);
    }
}

fn open(
    path: &Path,
    settings: &EncodeSettings,
    format: EncodeFormat,
    rate: Rate,
    headers: bool,
) -> Result<Codec> {
    use sys::AVPixelFormat::*;
    let (name, pixel) = match (settings.preset, format.layout, format.sample) {
        (Preset::H264, ..) => (c"libx264", AV_PIX_FMT_YUV420P),
        (_, Layout::Yuv { sub_x: 1, sub_y: 1 }, Sample::U16) => (c"libx265", AV_PIX_FMT_YUV420P10LE),
        (_, Layout::Yuv { sub_x: 1, sub_y: 1 }, _) => (c"libx265", AV_PIX_FMT_YUV420P),
        (Preset::ProRes422Proxy | Preset::ProRes422Hq, ..) => (c"prores_ks", AV_PIX_FMT_YUV422P10LE),
        (_, Layout::Yuva { .. }, _) => (c"prores_ks", AV_PIX_FMT_YUVA444P10LE),
        _ => (c"prores_ks", AV_PIX_FMT_YUV444P10LE),
    };
    let (num, den) = rate.parts();
    let (num, den) = (num as c_int, den as c_int);
    let (control, amount) = match settings.bit_rate {
        Some(bits) => ("b", bits.to_string()),
        None => ("crf", settings.crf.unwrap_or(18).to_string()),
    };
    let codes = color::codes(format.color);
    let codec = Codec::open(name, path, |context, options| {
        (context.width, context.height) = (format.width as c_int, format.height as c_int);
        context.pix_fmt = pixel;
        context.time_base = sys::AVRational { num: den, den: num };
        context.framerate = sys::AVRational { num, den };
        context.sample_aspect_ratio = sys::AVRational { num: 1, den: 1 };
        context.thread_count = 0;
        if headers {
            context.flags |= sys::AV_CODEC_FLAG_GLOBAL_HEADER as c_int;
        }
        // Set by name, so that no integer has to be turned into one of the library's enums.
        for (key, value) in [
            ("color_primaries", codes.primaries),
            ("color_trc", codes.transfer),
            ("colorspace", codes.matrix),
            ("color_range", codes.range),
            ("chroma_sample_location", codes.siting),
        ] {
            options.set(key, &value.to_string());
        }
        match settings.preset {
            Preset::H264 => {
                options.set("preset", &settings.speed);
                options.set(control, &amount);
            }
            Preset::H265 | Preset::H265TenBit => {
                // QuickTime plays H.265 under this tag only; Matroska has names of its own.
                if settings.muxer(path) != c"matroska" {
                    context.codec_tag = u32::from_le_bytes(*b"hvc1");
                }
                options.set("preset", &settings.speed);
                options.set(control, &amount);
                // x265 writes to the terminal by itself.
                options.set("x265-params", "log-level=none");
            }
            Preset::ProRes422Proxy => options.set("profile", "proxy"),
            Preset::ProRes422Hq => options.set("profile", "hq"),
            _ => {
                options.set("profile", "4444");
                options.set("alpha_bits", if format.layout.has_alpha() { "16" } else { "0" });
                options.set("vendor", "apl0");
            }
        }
    })?;
    Ok(codec)
}
