//! A disk that takes no more: a clear error, and nothing left behind. Alone in its program, since it limits the process.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a failure here is the failure of a test")]
#![cfg(target_os = "linux")]

use rushes_engine::{ErrorKind, Planes};
use rushes_media::{EncodeSettings, Encoder, Preset};
use std::sync::Arc;

/// A picture that does not compress.
fn noise(encoder: &Encoder, n: u32) -> Planes {
    let format = encoder.wants();
    let mut state = n.wrapping_mul(2_654_435_761) | 1;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    let mut store = Vec::new();
    let mut strides = Vec::new();
    for plane in 0..format.layout.planes() {
        let (w, h) = format.layout.plane_size(plane, format.width, format.height);
        strides.push(w as usize);
        store.push((0..w * h).map(|_| byte()).collect::<Vec<u8>>());
    }
    Planes { info: format.info(), strides, store: Arc::new(store) }
}

#[test]
fn a_full_disk_is_an_error_of_the_machine_and_leaves_nothing() {
    // SAFETY: sets this process's own limit and signal handling; writing beyond the limit then fails as a full disk does.
    unsafe {
        libc::signal(libc::SIGXFSZ, libc::SIG_IGN);
        let limit = libc::rlimit { rlim_cur: 100_000, rlim_max: libc::RLIM_INFINITY };
        assert_eq!(libc::setrlimit(libc::RLIMIT_FSIZE, &limit), 0);
    }
    let dir = tempfile::tempdir().unwrap();
    for (preset, name) in [(Preset::H264, "a.mp4"), (Preset::H264, "a.mkv"), (Preset::Png8, "a.png")] {
        let mut settings = EncodeSettings::new(preset, 320, 180, Some("24".parse().unwrap()));
        settings.speed = "ultrafast".to_owned();
        settings.crf = Some(1);
        let mut encoder = Encoder::create(&dir.path().join(name), &settings).unwrap();
        let frames = if preset.is_still() { 1 } else { 60 };
        let written = (0..frames).try_for_each(|n| {
            let planes = noise(&encoder, n);
            encoder.write(&planes)
        });
        let error = written.and_then(|()| encoder.finish().map(drop)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::System, "{name}: {error}");
        assert!(!error.help_text().is_empty() && !error.to_string().contains('\n'), "{error}");
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0, "{name}");
    }
}
