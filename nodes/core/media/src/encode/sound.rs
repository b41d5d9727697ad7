//! The sound of a clip on its way into the container: copied, or encoded from samples.

use super::plan::AudioTrack;
use super::video::{Codec, Muxer};
use crate::audio::{AudioReader, SoundForm};
use crate::ff::{Code, Frame, Input, NO_TIME, Packet, sys};
use rushes_engine::{Error, Result};
use std::ffi::c_int;
use std::path::Path;

/// The sound of one clip.
pub(crate) enum Sound {
    Copied(Copied),
    Encoded(Box<Encoded>),
}

impl Sound {
    /// Adds the stream for `track`; `pcm` where the container is an editing one.
    pub(crate) fn open(track: &AudioTrack, muxer: &mut Muxer, pcm: bool) -> Result<Option<Self>> {
        match track {
            AudioTrack::None => Ok(None),
            AudioTrack::Samples(form) => {
                Ok(Some(Self::Encoded(Box::new(Encoded::open(*form, None, muxer, pcm)?))))
            }
            AudioTrack::File(path) => {
                if let Some(copied) = Copied::open(path, muxer)? {
                    return Ok(Some(Self::Copied(copied)));
                }
                let reader = AudioReader::open(path, None, None)?;
                let form = reader.form();
                Ok(Some(Self::Encoded(Box::new(Encoded::open(form, Some(reader), muxer, pcm)?))))
            }
        }
    }

    /// Writes what is heard before `until_s`.
    pub(crate) fn pump(&mut self, until_s: f64, muxer: &mut Muxer) -> Result<()> {
        match self {
            Self::Copied(copied) => copied.pump(until_s, muxer),
            Self::Encoded(encoded) => encoded.pump(until_s, muxer),
        }
    }

    /// Takes samples of the caller's.
    pub(crate) fn push(&mut self, samples: &[f32], muxer: &mut Muxer) -> Result<()> {
        match self {
            Self::Encoded(encoded) if encoded.reader.is_none() => encoded.push(samples, muxer),
            _ => Err(Error::usage("the sound of this output comes from a file")
                .help("choose samples in its settings")),
        }
    }

    /// Writes the rest, up to `end_s`.
    pub(crate) fn finish(&mut self, end_s: f64, muxer: &mut Muxer) -> Result<()> {
        self.pump(end_s, muxer)?;
        match self {
            Self::Copied(_) => Ok(()),
            Self::Encoded(encoded) => encoded.finish(muxer),
        }
    }
}

/// Packets of another file, as they are.
pub(crate) struct Copied {
    input: Input,
    from: usize,
    to: c_int,
    time_base: sys::AVRational,
    /// Time of the output's start in the source's time base.
    zero: i64,
    packet: Packet,
    waiting: bool,
    ended: bool,
}

impl Copied {
    fn open(path: &Path, muxer: &mut Muxer) -> Result<Option<Self>> {
        let mut input = Input::open(path)?;
        let Some(from) = input.first(sys::AVMediaType::AVMEDIA_TYPE_AUDIO) else {
            return Err(Error::media("the file holds no sound")
                .at(path.display())
                .help("leave the sound out"));
        };
        let Some(parameters) = input.parameters(from) else { return Ok(None) };
        if !muxer.takes(parameters.codec_id) {
            return Ok(None);
        }
        let to = muxer.add(|stream| {
            stream.time_base = input.raw_time_base(Some(from));
            // SAFETY: both are live; a copied stream takes the new container's own tag.
            unsafe {
                let done = sys::avcodec_parameters_copy(stream.codecpar, parameters);
                (*stream.codecpar).codec_tag = 0;
                done
            }
        })?;
        let time_base = input.raw_time_base(Some(from));
        let picture = input.first(sys::AVMediaType::AVMEDIA_TYPE_VIDEO).and_then(|i| input.stream(i));
        let start = |s: &sys::AVStream| (s.start_time != NO_TIME).then_some((s.start_time, s.time_base));
        let zero =
            picture.and_then(start).or_else(|| input.stream(from).and_then(start)).map_or(0, |(t, tb)| {
                // SAFETY: plain arithmetic.
                unsafe { sys::av_rescale_q(t, tb, time_base) }
            });
        input.keep(&[from]);
        let packet = Packet::new().map_err(|code| code.error("no memory for a packet", path))?;
        Ok(Some(Self { input, from, to, time_base, zero, packet, waiting: false, ended: false }))
    }

    fn pump(&mut self, until_s: f64, muxer: &mut Muxer) -> Result<()> {
        while !self.ended {
            if !self.waiting {
                match self.input.read(&mut self.packet) {
                    Ok(()) if usize::try_from(self.packet.raw().stream_index) != Ok(self.from) => continue,
                    Ok(()) => {}
                    Err(Code::AGAIN) => continue,
                    Err(_) => {
                        self.ended = true;
                        return Ok(());
                    }
                }
            }
            let raw = self.packet.raw_mut();
            if !self.waiting {
                for time in [&mut raw.pts, &mut raw.dts] {
                    if *time != NO_TIME {
                        *time -= self.zero;
                    }
                }
            }
            let time = if raw.pts == NO_TIME { raw.dts } else { raw.pts };
            let seconds = time as f64 * f64::from(self.time_base.num) / f64::from(self.time_base.den.max(1));
            self.waiting = time != NO_TIME && seconds >= until_s;
            if self.waiting {
                return Ok(());
            }
            muxer.write(&mut self.packet, self.to, self.time_base)?;
        }
        Ok(())
    }
}

/// Samples through an encoder.
pub(crate) struct Encoded {
    codec: Codec,
    stream: c_int,
    reader: Option<AudioReader>,
    channels: usize,
    rate: u32,
    /// Samples a channel taken so far, and those not encoded yet.
    taken: u64,
    pending: Vec<f32>,
    encoded: i64,
}

/// Samples a channel in a packet where the codec leaves the choice.
const BLOCK: usize = 1024;

impl Encoded {
    fn open(form: SoundForm, reader: Option<AudioReader>, muxer: &mut Muxer, pcm: bool) -> Result<Self> {
        let SoundForm { sample_rate: rate, channels } = form;
        let headers = muxer.wants_headers();
        let name = if pcm { c"pcm_s24le" } else { c"aac" };
        let codec = Codec::open(name, &muxer.path, |context, _| {
            context.sample_rate = rate as c_int;
            context.time_base = sys::AVRational { num: 1, den: rate as c_int };
            context.sample_fmt = if pcm {
                sys::AVSampleFormat::AV_SAMPLE_FMT_S32
            } else {
                sys::AVSampleFormat::AV_SAMPLE_FMT_FLTP
            };
            context.bit_rate = 160_000 * i64::from(channels);
            // SAFETY: the layout is the context's own.
            unsafe { sys::av_channel_layout_default(&mut context.ch_layout, c_int::from(channels)) };
            if headers {
                context.flags |= sys::AV_CODEC_FLAG_GLOBAL_HEADER as c_int;
            }
        })?;
        let stream = muxer.add(|stream| {
            stream.time_base = codec.raw().time_base;
            // SAFETY: the stream has parameters and the codec is open.
            unsafe { sys::avcodec_parameters_from_context(stream.codecpar, codec.raw()) }
        })?;
        Ok(Self {
            codec,
            stream,
            reader,
            channels: usize::from(channels),
            rate,
            taken: 0,
            pending: Vec::new(),
            encoded: 0,
        })
    }

    fn pump(&mut self, until_s: f64, muxer: &mut Muxer) -> Result<()> {
        let until = (until_s * f64::from(self.rate)).round() as u64;
        let Some(reader) = &mut self.reader else { return Ok(()) };
        let count = usize::try_from(until.saturating_sub(self.taken)).unwrap_or(0);
        let samples = reader.read(self.taken, count)?;
        self.push(&samples, muxer)
    }

    fn push(&mut self, samples: &[f32], muxer: &mut Muxer) -> Result<()> {
        self.taken += (samples.len() / self.channels) as u64;
        self.pending.extend_from_slice(samples);
        let block = self.block() * self.channels;
        while self.pending.len() >= block {
            let rest = self.pending.split_off(block);
            let now = std::mem::replace(&mut self.pending, rest);
            self.encode(&now, muxer)?;
        }
        Ok(())
    }

    fn block(&self) -> usize {
        usize::try_from(self.codec.raw().frame_size).ok().filter(|&n| n > 0).unwrap_or(BLOCK)
    }

    fn finish(&mut self, muxer: &mut Muxer) -> Result<()> {
        let rest = std::mem::take(&mut self.pending);
        if rest.len() >= self.channels {
            self.encode(&rest, muxer)?;
        }
        self.codec.send(None).map_err(|code| code.error("the sound encoder failed", &muxer.path))?;
        self.drain(muxer)
    }

    fn encode(&mut self, samples: &[f32], muxer: &mut Muxer) -> Result<()> {
        let failed = |code: Code, muxer: &Muxer| code.error("the sound encoder failed", &muxer.path);
        let count = samples.len() / self.channels;
        let mut frame = Frame::new().map_err(|code| failed(code, muxer))?;
        let planar = self.codec.raw().sample_fmt == sys::AVSampleFormat::AV_SAMPLE_FMT_FLTP;
        let raw = frame.raw_mut();
        raw.nb_samples = count as c_int;
        raw.format = self.codec.raw().sample_fmt as c_int;
        raw.sample_rate = self.rate as c_int;
        raw.pts = self.encoded;
        // SAFETY: layout, format and count are set before the buffer is asked for; planes then hold `count` samples each
        // (planar) or `count × channels` (interleaved), of four bytes.
        unsafe {
            let copied = sys::av_channel_layout_copy(&mut raw.ch_layout, &self.codec.raw().ch_layout);
            let made = if copied < 0 { copied } else { sys::av_frame_get_buffer(frame.ptr(), 0) };
            if made < 0 {
                return Err(failed(Code(made), muxer));
            }
            let planes = frame.raw().extended_data;
            if planar {
                for channel in 0..self.channels {
                    let to = std::slice::from_raw_parts_mut((*planes.add(channel)).cast::<f32>(), count);
                    for (to, from) in to.iter_mut().zip(samples.iter().skip(channel).step_by(self.channels)) {
                        *to = *from;
                    }
                }
            } else {
                let to = std::slice::from_raw_parts_mut((*planes).cast::<i32>(), count * self.channels);
                for (to, from) in to.iter_mut().zip(samples) {
                    // 24 bits in the upper part of 32.
                    let value = (f64::from(*from) * 8_388_608.0).round().clamp(-8_388_608.0, 8_388_607.0);
                    *to = (value as i32) << 8;
                }
            }
        }
        self.encoded += count as i64;
        self.codec.send(Some(&frame)).map_err(|code| failed(code, muxer))?;
        self.drain(muxer)
    }

    fn drain(&mut self, muxer: &mut Muxer) -> Result<()> {
        let time_base = self.codec.raw().time_base;
        while let Some(mut packet) =
            self.codec.receive().map_err(|code| code.error("the sound encoder failed", &muxer.path))?
        {
            muxer.write(&mut packet, self.stream, time_base)?;
        }
        Ok(())
    }
}
