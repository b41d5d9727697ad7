//! A media file that was looked at: what is known of it, and what readers need.

use crate::color::{self, Codes, Picture};
use crate::ff::{Input, Packet, Threads, is_still_format, sys, text};
use crate::index::Index;
use crate::info::{AudioInfo, MediaInfo, MediaKind, PictureInfo, ProbeOptions};
use crate::kept::{Indexes, Mark};
use crate::source::{Stream, open_decoder};
use crate::{audio, graph, orientation, pixel, sequence, timing::Timing, truncation};
use rushes_engine::{Cancel, ClipDesc, Error, Layout, Orientation, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file with its index.
#[derive(Debug)]
pub(crate) struct File {
    pub(crate) info: Arc<MediaInfo>,
    /// The video stream and its index; `None` for sound, stills and sequences.
    pub(crate) video: Option<(Stream, Index)>,
    /// The stills, for a still or a sequence.
    pub(crate) stills: Vec<PathBuf>,
}

impl File {
    /// Looks at `path`: a file, a numbered sequence or a folder. Indexes are taken from `kept` and put there.
    pub(crate) fn look(path: &Path, options: &ProbeOptions, kept: Option<&Indexes>) -> Result<Self> {
        if let Some(stills) = sequence::files(path)? {
            return Self::sequence(path, stills, options);
        }
        let mark = kept.and_then(|_| Mark::of(path));
        let mut input = Input::open(path)?;
        let audio_stream = input.first(sys::AVMediaType::AVMEDIA_TYPE_AUDIO);
        if input.first(sys::AVMediaType::AVMEDIA_TYPE_VIDEO).is_none() {
            return Self::sound(input, audio_stream, options);
        }
        let stream = Stream::of(&input)?;
        let cover = audio_stream.is_some()
            && input
                .stream(stream.index)
                .is_some_and(|s| s.disposition & sys::AV_DISPOSITION_ATTACHED_PIC as i32 != 0);
        if cover {
            return Self::sound(input, audio_stream, options);
        }
        if is_still_format(&input.format) {
            return Self::still(path, &input, &stream);
        }
        // The index first: a truncated file may show its size only after packets were read.
        let orientation =
            input.display_matrix(stream.index).map(|m| orientation::of_matrix(&m)).unwrap_or_default();
        let mut picture = describe(&input, &stream, false, orientation)?;
        let metadata = input.metadata(Some(stream.index));
        // Only if it is the file that was opened.
        let mark = mark.filter(|mark| Mark::of(path) == Some(*mark));
        let known = kept.zip(mark).and_then(|(kept, mark)| kept.read(mark, &stream));
        let is_new = known.is_none();
        let mut index = match known {
            Some(index) => index,
            None => Index::build(&mut input, &stream, audio_stream, &options.cancel)?,
        };
        let said =
            input.stream(stream.index).map_or([stream.time_base; 2], |s| [s.avg_frame_rate, s.r_frame_rate]);
        let one_picture = index.frames() == 1 && stream.codec == sys::AVCodecID::AV_CODEC_ID_GIF;
        picture.timing = if one_picture {
            Timing::still()
        } else {
            Timing::find(&index.times, index.last_duration, index.frames(), stream.time_base, &said)
        };
        (picture.frames, picture.missing) = (index.frames(), index.missing);
        let audio = audio_stream
            .map(|i| describe_audio(&input, i, index.samples, index.heard, &options.cancel))
            .transpose()?
            .flatten();
        index.heard = audio.as_ref().map(|audio| audio.samples);
        // A file that changes while it is read has the index of neither content.
        if let Some((kept, mark)) = kept.zip(mark)
            && is_new
            && Mark::of(path) == Some(mark)
        {
            kept.write(mark, &index);
        }
        let info = MediaInfo {
            path: path.to_owned(),
            kind: if one_picture { MediaKind::Still } else { MediaKind::Video },
            format: input.format.clone(),
            picture: Some(picture),
            audio,
            graph: graph::of_metadata(&metadata),
            metadata,
        };
        Ok(Self { info: Arc::new(info), video: Some((stream, index)), stills: Vec::new() })
    }

    /// About how many bytes a decoded frame takes.
    pub(crate) fn frame_bytes(&self) -> u64 {
        let Some(p) = &self.info.picture else { return 0 };
        let plane = |plane| {
            let (width, height) = p.layout.plane_size(plane, p.width, p.height);
            u64::from(width) * u64::from(height)
        };
        (0..p.layout.planes()).map(plane).sum::<u64>() * p.sample.size() as u64
    }

    fn sequence(path: &Path, stills: Vec<PathBuf>, options: &ProbeOptions) -> Result<Self> {
        let first = stills.first().cloned().unwrap_or_default();
        let input = Input::open(&first)?;
        let stream = Stream::of(&input)?;
        let mut file = Self::still(&first, &input, &stream)?;
        let info = Arc::make_mut(&mut file.info);
        if let Some(picture) = &mut info.picture {
            picture.frames = stills.len() as u64;
            picture.timing = Timing::constant(options.sequence_rate, picture.frames);
        }
        info.path = path.to_owned();
        info.kind = MediaKind::Sequence;
        file.stills = stills;
        Ok(file)
    }

    fn still(path: &Path, input: &Input, stream: &Stream) -> Result<Self> {
        let mut picture = describe(input, stream, true, Orientation::default())?;
        // Only the picture itself tells how it must be turned; decoding it also shows that it is whole.
        let frame = decode_still(path)?;
        if let Some(matrix) = frame.display_matrix() {
            picture.orientation = orientation::of_matrix(&matrix);
        }
        let metadata = input.metadata(Some(stream.index));
        let info = MediaInfo {
            path: path.to_owned(),
            kind: MediaKind::Still,
            format: input.format.clone(),
            picture: Some(picture),
            audio: None,
            graph: graph::of_png(path)?.or_else(|| graph::of_metadata(&metadata)),
            metadata,
        };
        Ok(Self { info: Arc::new(info), video: None, stills: vec![path.to_owned()] })
    }

    fn sound(mut input: Input, audio_stream: Option<usize>, options: &ProbeOptions) -> Result<Self> {
        let nothing = || {
            Error::media("the file holds neither picture nor sound")
                .at(input.path.display())
                .help("name a media file")
        };
        let Some(index) = audio_stream else { return Err(nothing()) };
        input.keep(&[index]);
        let mut packet = Packet::new().map_err(|code| code.error("no memory for a packet", &input.path))?;
        let mut samples = 0;
        while input.read(&mut packet).is_ok() {
            options.cancel.check()?;
            if let Some(parameters) = input.parameters(index) {
                samples += audio::samples_in(&packet, parameters, &input.raw_time_base(Some(index)));
            }
        }
        let info = MediaInfo {
            path: input.path.clone(),
            kind: MediaKind::Audio,
            format: input.format.clone(),
            picture: None,
            audio: describe_audio(&input, index, samples, None, &options.cancel)?,
            metadata: input.metadata(Some(index)),
            graph: None,
        };
        Ok(Self { info: Arc::new(info), video: None, stills: Vec::new() })
    }
}

impl Input {
    /// The time base of a stream, or one second.
    pub(crate) fn raw_time_base(&self, index: Option<usize>) -> sys::AVRational {
        index.and_then(|i| self.stream(i)).map_or(sys::AVRational { num: 1, den: 1 }, |s| s.time_base)
    }
}

/// Decodes the one picture of a still.
pub(crate) fn decode_still(path: &Path) -> Result<crate::ff::Frame> {
    let mut input = Input::open(path)?;
    let stream = Stream::of(&input)?;
    let mut decoder = open_decoder(&input, &stream, Threads::Single)?;
    let damaged = |code: crate::ff::Code| {
        Error::media(format!("the picture cannot be decoded: {}", code.text()))
            .at(path.display())
            .help("the file is damaged or truncated: copy, download or export it again")
    };
    let mut packet = Packet::new().map_err(|code| code.error("no memory for a packet", path))?;
    loop {
        let sent = match input.read(&mut packet) {
            Ok(()) if usize::try_from(packet.raw().stream_index) != Ok(stream.index) => continue,
            Ok(()) if truncation::still_is_cut(stream.codec, packet.data()) => {
                return Err(damaged(crate::ff::Code::INVALID));
            }
            Ok(()) => decoder.send(Some(&packet)),
            Err(crate::ff::Code::EOF) => decoder.send(None),
            Err(code) => return Err(damaged(code)),
        };
        sent.map_err(damaged)?;
        match decoder.receive() {
            Ok(frame) if frame.raw().decode_error_flags != 0 => {
                return Err(damaged(crate::ff::Code::INVALID));
            }
            Ok(frame) => return Ok(frame),
            Err(crate::ff::Code::AGAIN) => {}
            Err(code) => return Err(damaged(code)),
        }
    }
}

fn describe(input: &Input, stream: &Stream, still: bool, orientation: Orientation) -> Result<PictureInfo> {
    let damaged = || {
        Error::media("the file is damaged or truncated: its picture cannot be made out")
            .at(input.path.display())
            .help("copy, download or export it again")
    };
    let p = input.parameters(stream.index).ok_or_else(damaged)?;
    let (width, height) = (p.width.max(0) as u32, p.height.max(0) as u32);
    if width == 0 || height == 0 || p.format < 0 {
        return Err(damaged());
    }
    ClipDesc::still(width, height).check_size().map_err(|e| e.at(input.path.display()))?;
    let form = pixel::form(p.format).map_err(|e| e.at(input.path.display()))?;
    let mut layout = form.layout;
    if let (true, Layout::Yuv { sub_x, sub_y }) = (stream.adds_alpha(), layout) {
        layout = Layout::Yuva { sub_x, sub_y };
    }
    let name = pixel::name(p.format);
    let is = |id| stream.codec == id;
    let jpeg = is(sys::AVCodecID::AV_CODEC_ID_MJPEG) || is(sys::AVCodecID::AV_CODEC_ID_MPEG1VIDEO);
    let facts = Picture {
        height,
        rgb: form.rgb,
        gray: form.layout == Layout::Gray,
        full: name.starts_with("yuvj"),
        still,
        linear: is(sys::AVCodecID::AV_CODEC_ID_EXR),
        jpeg_like: jpeg,
    };
    let codes = Codes::of_parameters(p);
    let aspect = p.sample_aspect_ratio;
    let sample_aspect = match (u32::try_from(aspect.num), u32::try_from(aspect.den)) {
        (Ok(num), Ok(den)) if num > 0 && den > 0 => (num, den),
        _ => (1, 1),
    };
    Ok(PictureInfo {
        // SAFETY: codec names are static C strings.
        codec: unsafe { text(sys::avcodec_get_name(p.codec_id)) },
        pixel_format: name,
        width,
        height,
        orientation,
        layout,
        sample: form.sample,
        bits: form.bits,
        alpha: layout.has_alpha() && (form.alpha || stream.adds_alpha()),
        color: color::tags(codes, facts),
        siting: color::siting(codes, facts),
        // Unknown is 0 and progressive 1.
        interlaced: p.field_order as i32 > 1,
        sample_aspect,
        frames: 1,
        missing: 0,
        timing: Timing::still(),
    })
}

fn describe_audio(
    input: &Input,
    index: usize,
    counted: i64,
    heard: Option<u64>,
    cancel: &Cancel,
) -> Result<Option<AudioInfo>> {
    let Some(p) = input.parameters(index) else { return Ok(None) };
    let (Ok(sample_rate), Ok(channels)) =
        (u32::try_from(p.sample_rate), u16::try_from(p.ch_layout.nb_channels))
    else {
        return Ok(None);
    };
    if sample_rate == 0 || channels == 0 {
        return Ok(None);
    }
    // SAFETY: codec names are static C strings.
    let codec = unsafe { text(sys::avcodec_get_name(p.codec_id)) };
    let samples = match heard {
        Some(samples) => samples,
        None => audio::samples(&input.path, &codec, counted, cancel)?,
    };
    let layout = audio::layout_name(&p.ch_layout);
    Ok(Some(AudioInfo { codec, sample_rate, channels, layout, samples, offset_s: offset(input, index) }))
}

/// How much later the sound begins than the picture.
fn offset(input: &Input, index: usize) -> f64 {
    let start = |stream: Option<&sys::AVStream>| {
        let stream = stream.filter(|s| s.start_time != crate::ff::NO_TIME)?;
        Some(
            stream.start_time as f64 * f64::from(stream.time_base.num)
                / f64::from(stream.time_base.den.max(1)),
        )
    };
    let picture = input.first(sys::AVMediaType::AVMEDIA_TYPE_VIDEO).and_then(|i| input.stream(i));
    match (start(input.stream(index)), start(picture)) {
        (Some(sound), Some(picture)) => sound - picture,
        _ => 0.0,
    }
}
