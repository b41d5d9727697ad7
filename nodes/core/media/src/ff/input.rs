//! A media file opened for reading, after it was found to be one that we read.

use super::{Code, Options, Packet, check, entries, quiet, sys, text, url};
use ffmpeg_next::format::context::Input as Owned;
use rushes_engine::{Error, Result};
use std::ffi::c_int;
use std::path::{Path, PathBuf};

/// What may be opened. No playlists, no devices, nothing that names other files.
const FORMATS: &[&str] = &[
    // Containers of moving pictures.
    "mov",
    "mp4",
    "matroska",
    "webm",
    "avi",
    "mpegts",
    "mpeg",
    "mxf",
    "flv",
    "ogg",
    "asf",
    "gif",
    "apng",
    "nut",
    "ivf",
    "dv",
    "gxf",
    "rm",
    "yuv4mpegpipe",
    // Bare streams.
    "h264",
    "hevc",
    "m4v",
    "mpegvideo",
    "obu",
    "av1",
    "dnxhd",
    "mjpeg",
    "vc1",
    // Sound.
    "wav",
    "w64",
    "aiff",
    "caf",
    "flac",
    "mp3",
    "aac",
    "ac3",
    "eac3",
    "dts",
    "au",
    "wv",
    "tta",
    "ape",
    "amr",
    // Stills.
    "image2",
    "png_pipe",
    "jpeg_pipe",
    "jpegls_pipe",
    "webp_pipe",
    "tiff_pipe",
    "exr_pipe",
    "bmp_pipe",
    "dpx_pipe",
    "j2k_pipe",
    "jpegxl_pipe",
    "qoi_pipe",
    "ppm_pipe",
    "pgm_pipe",
    "pbm_pipe",
    "pam_pipe",
    "sgi_pipe",
];

/// Whether a demuxer of this name gives one picture.
pub(crate) fn is_still_format(name: &str) -> bool {
    name == "image2" || name.ends_with("_pipe")
}

/// An open file.
pub(crate) struct Input {
    owned: Owned,
    pub(crate) path: PathBuf,
    /// FFmpeg's name of the demuxer.
    pub(crate) format: String,
}

impl Input {
    /// Opens `path` if it is a file that we read, and reads its headers.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        quiet();
        check_file(path)?;
        let url = url(path)?;
        super::last_words();
        let format = find_format(path, &url)?;
        // SAFETY: pointers are ours or FFmpeg's static ones; on failure the context is freed by FFmpeg.
        unsafe {
            let name = text((*format).name);
            let mut options = Options::new();
            options.set("protocol_whitelist", "file");
            options.set("max_streams", "64");
            options.set("scan_all_pmts", "1");
            if name == "image2" {
                options.set("pattern_type", "none");
            }
            let mut context = std::ptr::null_mut();
            check(sys::avformat_open_input(&mut context, url.as_ptr(), format.cast(), options.as_mut_ptr()))
                .map_err(|code| not_whole(code, path))?;
            let owned = Owned::wrap(context);
            check(sys::avformat_find_stream_info(context, std::ptr::null_mut()))
                .map_err(|code| not_whole(code, path))?;
            Ok(Self { owned, path: path.to_owned(), format: name })
        }
    }

    pub(crate) fn raw(&self) -> &sys::AVFormatContext {
        // SAFETY: live as long as `owned`.
        unsafe { &*self.owned.as_ptr() }
    }

    pub(crate) fn context(&mut self) -> *mut sys::AVFormatContext {
        // SAFETY: the pointer is used while `self` is borrowed or alive.
        unsafe { self.owned.as_mut_ptr() }
    }

    /// Stream `index`, if there is one.
    pub(crate) fn stream(&self, index: usize) -> Option<&sys::AVStream> {
        let raw = self.raw();
        if index >= raw.nb_streams as usize {
            return None;
        }
        // SAFETY: FFmpeg keeps `nb_streams` live pointers.
        unsafe { (*raw.streams.add(index)).as_ref() }
    }

    /// The codec parameters of stream `index`.
    pub(crate) fn parameters(&self, index: usize) -> Option<&sys::AVCodecParameters> {
        // SAFETY: every stream has parameters, live as long as the file is open.
        self.stream(index).and_then(|s| unsafe { s.codecpar.as_ref() })
    }

    /// The first stream of a kind that is no cover picture.
    pub(crate) fn first(&self, kind: sys::AVMediaType) -> Option<usize> {
        let of_kind = |i: &usize| self.parameters(*i).is_some_and(|p| p.codec_type == kind);
        let cover = |i: &usize| {
            self.stream(*i).is_some_and(|s| s.disposition & sys::AV_DISPOSITION_ATTACHED_PIC as c_int != 0)
        };
        let all = || (0..self.raw().nb_streams as usize).filter(of_kind);
        all().find(|i| !cover(i)).or_else(|| all().next())
    }

    /// Only these streams will be read.
    pub(crate) fn keep(&mut self, streams: &[usize]) {
        for i in 0..self.raw().nb_streams as usize {
            let discard = if streams.contains(&i) {
                sys::AVDiscard::AVDISCARD_DEFAULT
            } else {
                sys::AVDiscard::AVDISCARD_ALL
            };
            // SAFETY: `i` is below `nb_streams`.
            unsafe { (**(*self.context()).streams.add(i)).discard = discard };
        }
    }

    /// Reads the next packet of any kept stream into `packet`.
    pub(crate) fn read(&mut self, packet: &mut Packet) -> std::result::Result<(), Code> {
        packet.clear();
        // SAFETY: the file is open and the packet ours.
        check(unsafe { sys::av_read_frame(self.context(), packet.ptr()) }).map(drop)
    }

    /// Goes to the keyframe at or before `time` of stream `index`, as far as the demuxer can.
    pub(crate) fn seek(&mut self, index: usize, time: i64) -> std::result::Result<(), Code> {
        // SAFETY: the file is open.
        check(unsafe {
            sys::av_seek_frame(self.context(), index as c_int, time, sys::AVSEEK_FLAG_BACKWARD as c_int)
        })
        .map(drop)
    }

    /// How many samples the container's own table lists for stream `index`; 0 where it has none.
    pub(crate) fn listed(&mut self, index: usize) -> usize {
        if index >= self.raw().nb_streams as usize {
            return 0;
        }
        // SAFETY: `index` is below `nb_streams`.
        unsafe { sys::avformat_index_get_entries_count(*(*self.context()).streams.add(index)) }.max(0)
            as usize
    }

    /// The container's metadata, then that of stream `index`.
    pub(crate) fn metadata(&self, index: Option<usize>) -> Vec<(String, String)> {
        // SAFETY: both dictionaries live as long as the file is open.
        unsafe {
            let mut all = entries(self.raw().metadata);
            if let Some(stream) = index.and_then(|i| self.stream(i)) {
                all.extend(entries(stream.metadata));
            }
            all
        }
    }

    /// The display matrix of stream `index`.
    pub(crate) fn display_matrix(&self, index: usize) -> Option<[i32; 9]> {
        use ffmpeg_next::codec::packet::side_data::Type;
        let stream = self.owned.stream(index)?;
        let data = stream.side_data().find(|d| d.kind() == Type::DisplayMatrix)?;
        let mut matrix = [0; 9];
        for (value, bytes) in matrix.iter_mut().zip(data.data().chunks_exact(4)) {
            *value = i32::from_ne_bytes(bytes.try_into().ok()?);
        }
        Some(matrix)
    }
}

/// Refuses what is not a file with bytes in it, before FFmpeg sees it.
pub(crate) fn check_file(path: &Path) -> Result<()> {
    let meta = std::fs::metadata(path).map_err(|e| match e.kind() {
        std::io::ErrorKind::NotFound => Error::missing("there is no such file")
            .at(path.display())
            .help("check the path, or choose the file again"),
        std::io::ErrorKind::PermissionDenied => {
            Error::system("this file may not be read").at(path.display()).help("change its permissions")
        }
        _ => Error::system(format!("the file cannot be read: {e}")).at(path.display()).help("check the disk"),
    })?;
    if !meta.is_file() {
        return Err(Error::usage("this is not a file").at(path.display()).help("name a media file"));
    }
    if meta.len() == 0 {
        return Err(Error::media("the file is empty (0 bytes)")
            .at(path.display())
            .help("copy or download it again"));
    }
    Ok(())
}

/// Which demuxer the content asks for, if it is one that we use.
fn find_format(path: &Path, url: &std::ffi::CStr) -> Result<*const sys::AVInputFormat> {
    let mut options = Options::new();
    options.set("protocol_whitelist", "file");
    let mut format: *const sys::AVInputFormat = std::ptr::null();
    // SAFETY: the IO context is opened, used and closed here; formats are static.
    let name = unsafe {
        let mut io = std::ptr::null_mut();
        check(sys::avio_open2(
            &mut io,
            url.as_ptr(),
            sys::AVIO_FLAG_READ as c_int,
            std::ptr::null(),
            options.as_mut_ptr(),
        ))
        .map_err(|code| code.error("the file cannot be opened", path))?;
        // Without a name: only what is in the file counts, not what it is called.
        let found = check(sys::av_probe_input_buffer2(
            io,
            (&raw mut format).cast(),
            c"".as_ptr(),
            std::ptr::null_mut(),
            0,
            0,
        ));
        sys::avio_closep(&mut io);
        if found.is_err() || format.is_null() {
            return Err(not_media(path));
        }
        text((*format).name)
    };
    if name.split(',').any(|n| FORMATS.contains(&n)) {
        return Ok(format);
    }
    if ["hls", "concat", "dash", "applehttp", "sdp", "rtsp", "webm_dash_manifest", "imf"]
        .iter()
        .any(|p| name.contains(p))
    {
        return Err(Error::media(format!("this is a playlist ({name}), not media"))
            .at(path.display())
            .help("open the media file it points to; playlists are not followed, so that a file cannot reach others"));
    }
    Err(not_media(path))
}

fn not_media(path: &Path) -> Error {
    Error::media("this is not media that Rushes reads")
        .at(path.display())
        .help("check that the file is what its name says, or convert it with FFmpeg first")
}

fn not_whole(code: Code, path: &Path) -> Error {
    let words = super::last_words();
    if words.contains("moov atom not found") {
        return Error::media("the file ends before its index: it is truncated or was never finished")
            .at(path.display())
            .help("copy, download or export it again");
    }
    match -code.0 {
        libc::ENOSPC | libc::EACCES | libc::EPERM | libc::ENOMEM | libc::EIO | libc::ENOENT => {
            code.error("the file cannot be opened", path)
        }
        _ => Error::media(format!("the file is damaged or truncated: {}", code.text()))
            .at(path.display())
            .help("copy, download or export it again"),
    }
}
