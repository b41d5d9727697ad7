//! FFmpeg's own messages go to `log`, not to the terminal.

use std::cell::RefCell;
use std::sync::Once;

thread_local! {
    static LAST: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Routes FFmpeg's messages to `log`. Cheap to call often.
pub(crate) fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(route);
}

/// The last error that FFmpeg spoke of on this thread, taken away; empty if none.
pub(crate) fn last_words() -> String {
    LAST.with(|last| std::mem::take(&mut *last.borrow_mut()))
}

#[cfg(all(target_arch = "x86_64", target_os = "linux"))]
fn route() {
    use super::sys;
    use std::ffi::{CStr, c_char, c_int, c_void};

    unsafe extern "C" fn hear(
        who: *mut c_void,
        level: c_int,
        format: *const c_char,
        args: *mut sys::__va_list_tag,
    ) {
        if level > sys::AV_LOG_WARNING {
            return;
        }
        let mut line = [0 as c_char; 512];
        let mut prefix: c_int = 1;
        // SAFETY: FFmpeg hands us its own format and arguments; the line is writable for its length.
        let line = unsafe {
            sys::av_log_format_line2(
                who,
                level,
                format,
                args,
                line.as_mut_ptr(),
                line.len() as c_int,
                &mut prefix,
            );
            CStr::from_ptr(line.as_ptr())
        };
        let line = line.to_string_lossy();
        let line = line.trim();
        if level > sys::AV_LOG_ERROR {
            log::debug!(target: "ffmpeg", "{line}");
        } else {
            log::info!(target: "ffmpeg", "{line}");
            LAST.with(|last| {
                if let Ok(mut last) = last.try_borrow_mut() {
                    line.clone_into(&mut last);
                }
            });
        }
    }

    // SAFETY: the callback lives as long as the program, may be called from any thread and does not unwind.
    unsafe { sys::av_log_set_callback(Some(hear)) }
}

#[cfg(not(all(target_arch = "x86_64", target_os = "linux")))]
fn route() {
    use super::sys;
    // A callback takes a `va_list`, whose type differs from platform to platform.
    // SAFETY: sets one integer.
    unsafe { sys::av_log_set_level(sys::AV_LOG_QUIET) }
}
