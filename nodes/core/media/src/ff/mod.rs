//! Owned handles over FFmpeg's C structures. All `unsafe` of the crate that is not about pixels lives here.

mod decoder;
mod frame;
mod input;
mod log;

pub(crate) use decoder::{Decoder, Threads};
pub(crate) use ffmpeg_next::ffi as sys;
pub(crate) use frame::{Frame, Packet};
pub(crate) use input::{Input, is_still_format};
pub(crate) use log::{last_words, quiet};

use rushes_engine::{Error, ErrorKind};
use std::ffi::{CStr, CString, c_int};
use std::path::Path;

/// "No time stamp".
pub(crate) const NO_TIME: i64 = i64::MIN;

/// A negative return of FFmpeg.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code(pub(crate) c_int);

impl Code {
    pub(crate) const AGAIN: Self = Self(-libc::EAGAIN);
    pub(crate) const EOF: Self = Self(sys::AVERROR_EOF);
    pub(crate) const NO_MEMORY: Self = Self(-libc::ENOMEM);
    pub(crate) const INVALID: Self = Self(sys::AVERROR_INVALIDDATA);

    /// FFmpeg's words for it.
    pub(crate) fn text(self) -> String {
        let mut buffer = [0 as std::ffi::c_char; 128];
        // SAFETY: the buffer is writable for the length given and FFmpeg ends it with a zero byte.
        let text = unsafe {
            if sys::av_strerror(self.0, buffer.as_mut_ptr(), buffer.len()) < 0 {
                return format!("FFmpeg's error {}", self.0);
            }
            CStr::from_ptr(buffer.as_ptr())
        };
        text.to_string_lossy().to_lowercase()
    }

    /// The error for a person: the machine's fault where the code is an `errno`, the file's otherwise.
    pub(crate) fn error(self, what: &str, path: &Path) -> Error {
        let system = |help: &str| {
            Error::new(ErrorKind::System, format!("{what}: {}", self.text())).at(path.display()).help(help)
        };
        match -self.0 {
            libc::ENOSPC => system("free some space on that disk, or write to another one"),
            libc::EFBIG => {
                system("write to a disk that takes larger files, or write a shorter or smaller clip")
            }
            libc::EACCES | libc::EPERM | libc::EROFS => system("choose a folder that you may write to"),
            libc::ENOMEM => system("close other programs, or work at a smaller size"),
            libc::EIO => system("check the disk"),
            libc::ENOENT => Error::missing(format!("{what}: there is no such file"))
                .at(path.display())
                .help("check the path, and that its folder is there"),
            _ => Error::media(format!("{what}: {}", self.text()))
                .at(path.display())
                .help("check that the file is whole and that the settings fit it"),
        }
    }
}

/// Turns FFmpeg's return into a result.
pub(crate) fn check(code: c_int) -> Result<c_int, Code> {
    if code < 0 { Err(Code(code)) } else { Ok(code) }
}

/// FFmpeg's form of a path: always a file, whatever the name looks like.
pub(crate) fn url(path: &Path) -> Result<CString, Error> {
    let mut bytes = b"file:".to_vec();
    bytes.extend_from_slice(path.as_os_str().as_encoded_bytes());
    CString::new(bytes).map_err(|_| Error::usage("a file name has a zero byte in it").help("rename the file"))
}

/// A C string of FFmpeg's own, or an empty one for null.
///
/// # Safety
/// `text` is null or ends with a zero byte and lives as long as the call.
pub(crate) unsafe fn text(text: *const std::ffi::c_char) -> String {
    if text.is_null() {
        String::new()
    } else {
        // SAFETY: by the caller's promise.
        unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
    }
}

/// An option dictionary that frees itself.
pub(crate) struct Options(*mut sys::AVDictionary);

impl Options {
    pub(crate) fn new() -> Self {
        Self(std::ptr::null_mut())
    }

    /// Sets `key` to `value`; text with a zero byte is cut there.
    pub(crate) fn set(&mut self, key: &str, value: &str) {
        let c = |s: &str| CString::new(s.split('\0').next().unwrap_or_default()).unwrap_or_default();
        // SAFETY: both strings are copied by FFmpeg; the dictionary pointer is ours.
        let code = unsafe { sys::av_dict_set(&mut self.0, c(key).as_ptr(), c(value).as_ptr(), 0) };
        if code < 0 {
            ::log::warn!("could not set option {key}");
        }
    }

    pub(crate) fn as_mut_ptr(&mut self) -> *mut *mut sys::AVDictionary {
        &mut self.0
    }

    /// Gives the dictionary away.
    pub(crate) fn into_raw(mut self) -> *mut sys::AVDictionary {
        std::mem::replace(&mut self.0, std::ptr::null_mut())
    }

    /// The keys that nobody took.
    pub(crate) fn left(&self) -> Vec<String> {
        // SAFETY: the dictionary is ours.
        unsafe { entries(self.0) }.into_iter().map(|(k, _)| k).collect()
    }
}

impl Drop for Options {
    fn drop(&mut self) {
        // SAFETY: the dictionary is ours; a null one is left alone.
        unsafe { sys::av_dict_free(&mut self.0) }
    }
}

/// All entries of a dictionary.
///
/// # Safety
/// `dict` is null or a live dictionary.
pub(crate) unsafe fn entries(dict: *const sys::AVDictionary) -> Vec<(String, String)> {
    let mut out = Vec::new();
    let mut entry = std::ptr::null();
    loop {
        // SAFETY: the dictionary is live and `entry` is null or from the call before.
        unsafe {
            entry = sys::av_dict_get(dict, c"".as_ptr(), entry, sys::AV_DICT_IGNORE_SUFFIX as c_int);
            if entry.is_null() {
                return out;
            }
            out.push((text((*entry).key), text((*entry).value)));
        }
    }
}

/// The version of the FFmpeg that is linked, such as `5.1.9-0+deb12u1`.
pub fn version() -> String {
    // SAFETY: the library gives a string of its own that lives as long as the process.
    unsafe { std::ffi::CStr::from_ptr(sys::av_version_info()) }.to_string_lossy().into_owned()
}
