//! How a file is coded, in the words of the field.

use rushes_media::MediaInfo;
use std::path::Path;

/// The codec of the picture and, for what is no single picture, the kind of file: "H.264 in MP4".
pub(super) fn words(info: &MediaInfo, path: &Path) -> String {
    let ending = path.extension().map(|e| e.to_string_lossy().to_uppercase()).unwrap_or_default();
    let Some(picture) = &info.picture else { return ending };
    let codec = name(&picture.codec);
    // FFmpeg calls readers of single pictures pipes.
    if info.format.ends_with("_pipe") || info.format.starts_with("image2") || ending.is_empty() {
        return codec;
    }
    format!("{codec} in {ending}")
}

/// What people call a codec that FFmpeg calls `codec`.
fn name(codec: &str) -> String {
    match codec {
        "h264" => "H.264",
        "hevc" => "H.265",
        "mjpeg" => "JPEG",
        "jpeg2000" => "JPEG 2000",
        "prores" => "ProRes",
        "dnxhd" => "DNxHD",
        "mpeg2video" => "MPEG-2",
        "mpeg4" => "MPEG-4",
        "exr" => "OpenEXR",
        "webp" => "WebP",
        "rawvideo" => "uncompressed",
        other => return other.to_uppercase(),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codecs_go_by_the_names_that_people_use() {
        assert_eq!(
            ["h264", "mjpeg", "prores", "vp9", "ffv1"].map(name),
            ["H.264", "JPEG", "ProRes", "VP9", "FFV1"]
        );
    }
}
