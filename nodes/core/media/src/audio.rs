//! Sound by the sample.

use crate::ff::{Code, Decoder, Frame, Input, Packet, Threads, sys};
use rushes_engine::{Cancel, Error, Result};
use std::ffi::c_int;
use std::path::{Path, PathBuf};

/// How sound is cut into samples; those of all channels lie one beside the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SoundForm {
    /// Samples a second.
    pub sample_rate: u32,
    /// Channels.
    pub channels: u16,
}

/// Reads the first sound stream of a file as 32-bit floats, interleaved, at a rate and a number of channels of choice.
///
/// Sample 0 is the first that the `ffmpeg` program gives: encoder delay is left out. Reading on is cheap; a step back of
/// up to a second too; a longer one reads from the start, since only that is exact for every codec and resampler.
pub struct AudioReader {
    path: PathBuf,
    form: SoundForm,
    state: Option<State>,
}

struct State {
    input: Input,
    stream: usize,
    decoder: Decoder,
    packet: Packet,
    resampler: Option<Resampler>,
    /// Interleaved samples from sample `start` on.
    buffer: Vec<f32>,
    start: u64,
    sent_end: bool,
    ended: bool,
}

impl AudioReader {
    /// Opens the sound of `path`; `None` keeps the file's own rate or channels.
    pub fn open(path: &Path, rate: Option<u32>, channels: Option<u16>) -> Result<Self> {
        let state = State::open(path)?;
        let silent = || no_sound(path);
        let p = state.input.parameters(state.stream).ok_or_else(silent)?;
        let own_rate = u32::try_from(p.sample_rate).ok().filter(|r| *r > 0).ok_or_else(silent)?;
        let own_channels =
            u16::try_from(p.ch_layout.nb_channels).ok().filter(|c| *c > 0).ok_or_else(silent)?;
        let (sample_rate, channels) = (rate.unwrap_or(own_rate), channels.unwrap_or(own_channels));
        if !(1000..=768_000).contains(&sample_rate) || !(1..=64).contains(&channels) {
            return Err(Error::usage(format!(
                "{sample_rate} Hz with {channels} channels is no form of sound"
            ))
            .help("use a rate from 1000 to 768000 Hz and 1 to 64 channels"));
        }
        Ok(Self { path: path.to_owned(), form: SoundForm { sample_rate, channels }, state: Some(state) })
    }

    /// What [`AudioReader::read`] gives.
    pub fn form(&self) -> SoundForm {
        self.form
    }

    /// `count` samples a channel from sample `start` on, interleaved; fewer where the sound ends.
    pub fn read(&mut self, start: u64, count: usize) -> Result<Vec<f32>> {
        let SoundForm { sample_rate: rate, channels } = self.form;
        let channels = usize::from(channels);
        if self.state.as_ref().is_none_or(|s| start < s.start) {
            self.state = Some(State::open(&self.path)?);
        }
        let Some(state) = &mut self.state else { return Ok(Vec::new()) };
        let end = start.saturating_add(count as u64);
        loop {
            let have = state.start + (state.buffer.len() / channels) as u64;
            if have >= end || state.ended {
                break;
            }
            // One second behind the wanted start is kept for small steps back.
            let keep_from = start.min(have).saturating_sub(u64::from(rate));
            if keep_from > state.start + u64::from(rate) {
                state.buffer.drain(..(keep_from - state.start) as usize * channels);
                state.start = keep_from;
            }
            state.decode_more(rate, channels)?;
        }
        let from = usize::try_from(start - state.start).unwrap_or(usize::MAX).saturating_mul(channels);
        let to = from.saturating_add(count.saturating_mul(channels)).min(state.buffer.len());
        Ok(state.buffer.get(from..to).unwrap_or(&[]).to_vec())
    }
}

impl State {
    fn open(path: &Path) -> Result<Self> {
        let mut input = Input::open(path)?;
        let stream = input.first(sys::AVMediaType::AVMEDIA_TYPE_AUDIO).ok_or_else(|| no_sound(path))?;
        input.keep(&[stream]);
        let parameters = input.parameters(stream).map_or(std::ptr::null(), std::ptr::from_ref);
        // SAFETY: the parameters live as long as the file is open; the stream was just found.
        let decoder = unsafe { Decoder::open(parameters, std::ptr::null(), Threads::Single) };
        let decoder = decoder.map_err(|code| code.error("no decoder opens for this sound", path))?;
        let packet = Packet::new().map_err(|code| code.error("no memory for a packet", path))?;
        Ok(Self {
            input,
            stream,
            decoder,
            packet,
            resampler: None,
            buffer: Vec::new(),
            start: 0,
            sent_end: false,
            ended: false,
        })
    }

    fn decode_more(&mut self, rate: u32, channels: usize) -> Result<()> {
        let failed = |code: Code, path: &Path| code.error("the sound cannot be converted", path);
        match self.decoder.receive() {
            Ok(frame) => {
                if self.resampler.is_none() {
                    let made = Resampler::new(&frame, &self.decoder, rate, channels);
                    self.resampler = Some(made.map_err(|code| failed(code, &self.input.path))?);
                }
                if let Some(resampler) = &mut self.resampler {
                    resampler
                        .push(Some(&frame), &mut self.buffer)
                        .map_err(|code| failed(code, &self.input.path))?;
                }
                return Ok(());
            }
            Err(Code::EOF) => {
                if let Some(resampler) = &mut self.resampler {
                    resampler.push(None, &mut self.buffer).map_err(|code| failed(code, &self.input.path))?;
                }
                self.ended = true;
                return Ok(());
            }
            Err(Code::AGAIN) => {}
            Err(code) => log::warn!("{}: sound: {}", self.input.path.display(), code.text()),
        }
        if self.sent_end {
            self.ended = true;
            return Ok(());
        }
        let sent = loop {
            match self.input.read(&mut self.packet) {
                Ok(()) if usize::try_from(self.packet.raw().stream_index) != Ok(self.stream) => {}
                Ok(()) => break self.decoder.send(Some(&self.packet)),
                Err(Code::AGAIN) => {}
                Err(_) => {
                    self.sent_end = true;
                    break self.decoder.send(None);
                }
            }
        };
        if let Err(code) = sent {
            log::warn!("{}: sound: {}", self.input.path.display(), code.text());
        }
        Ok(())
    }
}

/// swresample, from what a decoder gives to interleaved floats.
struct Resampler {
    context: *mut sys::SwrContext,
    channels: usize,
}

// SAFETY: the context is used by one thread at a time, which `&mut` ensures.
unsafe impl Send for Resampler {}

impl Resampler {
    fn new(frame: &Frame, decoder: &Decoder, rate: u32, channels: usize) -> Result<Self, Code> {
        let raw = frame.raw();
        // SAFETY: layouts are initialised before use; the context is ours and freed on every way out.
        unsafe {
            let mut to: sys::AVChannelLayout = std::mem::zeroed();
            sys::av_channel_layout_default(&mut to, channels as c_int);
            let mut from: sys::AVChannelLayout = std::mem::zeroed();
            if raw.ch_layout.order == sys::AVChannelOrder::AV_CHANNEL_ORDER_UNSPEC {
                sys::av_channel_layout_default(&mut from, raw.ch_layout.nb_channels);
            } else {
                let copied = sys::av_channel_layout_copy(&mut from, &raw.ch_layout);
                if copied < 0 {
                    return Err(Code(copied));
                }
            }
            let mut context = std::ptr::null_mut();
            let made = sys::swr_alloc_set_opts2(
                &mut context,
                &mut to,
                sys::AVSampleFormat::AV_SAMPLE_FMT_FLT,
                rate as c_int,
                &mut from,
                decoder.raw().sample_fmt,
                raw.sample_rate,
                0,
                std::ptr::null_mut(),
            );
            sys::av_channel_layout_uninit(&mut from);
            sys::av_channel_layout_uninit(&mut to);
            let resampler = Self { context, channels };
            if made < 0 {
                return Err(Code(made));
            }
            let started = sys::swr_init(context);
            if started < 0 { Err(Code(started)) } else { Ok(resampler) }
        }
    }

    /// Converts a frame, or what is left inside, onto the end of `out`.
    fn push(&mut self, frame: Option<&Frame>, out: &mut Vec<f32>) -> Result<(), Code> {
        let (data, samples) =
            frame.map_or((std::ptr::null_mut(), 0), |f| (f.raw().extended_data, f.raw().nb_samples));
        loop {
            // SAFETY: the output has room for what swresample says it may give; the input is the frame's own.
            let got = unsafe {
                let room = sys::swr_get_out_samples(self.context, samples).max(0) as usize;
                if room == 0 {
                    return Ok(());
                }
                let old = out.len();
                out.resize(old + room * self.channels, 0.0);
                let mut to = out.as_mut_ptr().add(old).cast::<u8>();
                let got =
                    sys::swr_convert(self.context, &mut to, room as c_int, data.cast::<*const u8>(), samples);
                out.truncate(old + got.max(0) as usize * self.channels);
                got
            };
            if got < 0 {
                return Err(Code(got));
            }
            if frame.is_some() || got == 0 {
                return Ok(());
            }
        }
    }
}

impl Drop for Resampler {
    fn drop(&mut self) {
        // SAFETY: ours, freed once; null is left alone.
        unsafe { sys::swr_free(&mut self.context) }
    }
}

/// Samples a channel of the sound of `path`: `counted` over its packets where those tell, else by decoding all of it.
pub(crate) fn samples(path: &Path, codec: &str, counted: i64, cancel: &Cancel) -> Result<u64> {
    const TOLD_BY_PACKETS: &[&str] = &["aac", "mp3", "flac", "alac", "ac3", "eac3"];
    if TOLD_BY_PACKETS.contains(&codec) || codec.starts_with("pcm_") {
        return Ok(u64::try_from(counted).unwrap_or(0));
    }
    let mut reader = AudioReader::open(path, None, None)?;
    let SoundForm { sample_rate, channels } = reader.form();
    let (block, channels) = (sample_rate as usize, usize::from(channels));
    let mut total = 0;
    loop {
        cancel.check()?;
        let got = reader.read(total, block)?.len() / channels;
        total += got as u64;
        if got < block {
            return Ok(total);
        }
    }
}

/// How many samples a channel come out of a packet, encoder delay and padding taken off.
pub(crate) fn samples_in(
    packet: &Packet,
    parameters: &sys::AVCodecParameters,
    time_base: &sys::AVRational,
) -> i64 {
    let raw = packet.raw();
    if raw.flags & sys::AV_PKT_FLAG_DISCARD as c_int != 0 {
        return 0;
    }
    let rate = i64::from(parameters.sample_rate.max(1));
    // SAFETY: the parameters are only read.
    let coded =
        unsafe { sys::av_get_audio_frame_duration2(std::ptr::from_ref(parameters).cast_mut(), raw.size) };
    let whole = if coded > 0 {
        i64::from(coded)
    } else {
        let (num, den) = (i128::from(time_base.num), i128::from(time_base.den.max(1)));
        let samples = (2 * i128::from(raw.duration) * num * i128::from(rate) + den) / (2 * den);
        i64::try_from(samples).unwrap_or(0)
    };
    let skipped = packet.side_data(sys::AVPacketSideDataType::AV_PKT_DATA_SKIP_SAMPLES).map_or(0, |data| {
        let word =
            |at: usize| data.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes);
        i64::from(word(0)) + i64::from(word(4))
    });
    whole - skipped
}

/// FFmpeg's name of a channel layout.
pub(crate) fn layout_name(layout: &sys::AVChannelLayout) -> String {
    let mut name = [0 as std::ffi::c_char; 64];
    // SAFETY: the buffer is writable for its length and FFmpeg ends it with a zero byte; a default layout owns nothing.
    unsafe {
        let mut usual: sys::AVChannelLayout = std::mem::zeroed();
        let layout = if layout.order == sys::AVChannelOrder::AV_CHANNEL_ORDER_UNSPEC {
            sys::av_channel_layout_default(&mut usual, layout.nb_channels);
            &usual
        } else {
            layout
        };
        if sys::av_channel_layout_describe(layout, name.as_mut_ptr(), name.len() as _) < 0 {
            return String::new();
        }
        crate::ff::text(name.as_ptr())
    }
}

fn no_sound(path: &Path) -> Error {
    Error::media("the file holds no sound")
        .at(path.display())
        .help("name a file with a sound stream, or leave the sound out")
}
