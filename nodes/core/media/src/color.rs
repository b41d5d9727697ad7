//! FFmpeg's colour codes (those of ITU-T H.273) and ours.

use crate::ff::sys;
use rushes_engine::{ColorTags, Matrix, Primaries, Range, Siting, Transfer};

/// The codes of a stream or frame.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Codes {
    pub(crate) primaries: i32,
    pub(crate) transfer: i32,
    pub(crate) matrix: i32,
    pub(crate) range: i32,
    pub(crate) siting: i32,
}

/// What else decides where codes say nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Picture {
    pub(crate) height: u32,
    /// Whether the samples are red, green and blue.
    pub(crate) rgb: bool,
    pub(crate) gray: bool,
    /// Whether the pixel format itself means full range, as those of JPEG do.
    pub(crate) full: bool,
    pub(crate) still: bool,
    pub(crate) linear: bool,
    pub(crate) jpeg_like: bool,
}

const UNSPECIFIED: i32 = 2;

/// The tags of a picture, with the usual guess for video that says nothing: 709 above 576 lines, else 601.
pub(crate) fn tags(codes: Codes, picture: Picture) -> ColorTags {
    let rgb = picture.rgb || codes.matrix == 0;
    let hd = picture.height > 576;
    let (matrix, guessed) = match codes.matrix {
        _ if rgb => (Matrix::Rgb, false),
        1 => (Matrix::Bt709, false),
        4..=6 => (Matrix::Bt601, false),
        9 | 10 => (Matrix::Bt2020, false),
        // JPEG and WebP are 601 by their own standards.
        _ if picture.still => (Matrix::Bt601, false),
        _ => (if hd { Matrix::Bt709 } else { Matrix::Bt601 }, true),
    };
    let sd = if picture.height == 576 || picture.height == 288 || codes.matrix == 5 {
        Primaries::Bt601_625
    } else {
        Primaries::Bt601_525
    };
    let primaries = match codes.primaries {
        1 => Primaries::Bt709,
        5 => Primaries::Bt601_625,
        6 | 7 => Primaries::Bt601_525,
        9 => Primaries::Bt2020,
        11 | 12 => Primaries::DisplayP3,
        _ => match matrix {
            _ if picture.still => Primaries::Bt709,
            Matrix::Bt601 => sd,
            Matrix::Bt2020 => Primaries::Bt2020,
            Matrix::Rgb | Matrix::Bt709 => Primaries::Bt709,
        },
    };
    let transfer = match codes.transfer {
        8 => Transfer::Linear,
        9 | 10 => Transfer::Log,
        16 => Transfer::Pq,
        18 => Transfer::Hlg,
        _ if picture.linear => Transfer::Linear,
        _ => Transfer::Sdr,
    };
    let range = match codes.range {
        1 => Range::Limited,
        2 => Range::Full,
        _ if rgb || picture.full || picture.gray && picture.still => Range::Full,
        _ => Range::Limited,
    };
    ColorTags { primaries, transfer, matrix, range, guessed }
}

/// Where chroma lies.
pub(crate) fn siting(codes: Codes, picture: Picture) -> Siting {
    match codes.siting {
        1 => Siting::Left,
        2 => Siting::Center,
        3 => Siting::TopLeft,
        _ if picture.jpeg_like => Siting::Center,
        _ => Siting::Left,
    }
}

/// The codes to write for our tags. SDR is written as BT.709's curve, as every player expects; for RGB pictures as sRGB's.
pub(crate) fn codes(tags: ColorTags) -> Codes {
    Codes {
        primaries: match tags.primaries {
            Primaries::Bt709 => 1,
            Primaries::Bt601_625 => 5,
            Primaries::Bt601_525 => 6,
            Primaries::Bt2020 => 9,
            Primaries::DisplayP3 => 12,
        },
        transfer: match tags.transfer {
            Transfer::Sdr if tags.matrix == Matrix::Rgb => 13,
            Transfer::Sdr => 1,
            Transfer::Linear => 8,
            Transfer::Pq => 16,
            Transfer::Hlg => 18,
            Transfer::Log => UNSPECIFIED,
        },
        matrix: match tags.matrix {
            Matrix::Rgb => 0,
            Matrix::Bt709 => 1,
            Matrix::Bt601 if tags.primaries == Primaries::Bt601_625 => 5,
            Matrix::Bt601 => 6,
            Matrix::Bt2020 => 9,
        },
        range: match tags.range {
            Range::Limited => 1,
            Range::Full => 2,
        },
        siting: 1,
    }
}

impl Codes {
    pub(crate) fn of_parameters(p: &sys::AVCodecParameters) -> Self {
        Self {
            primaries: p.color_primaries as i32,
            transfer: p.color_trc as i32,
            matrix: p.color_space as i32,
            range: p.color_range as i32,
            siting: p.chroma_location as i32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn video(height: u32) -> Picture {
        Picture {
            height,
            rgb: false,
            gray: false,
            full: false,
            still: false,
            linear: false,
            jpeg_like: false,
        }
    }

    #[test]
    fn video_without_tags_is_guessed_by_its_lines() {
        let none = Codes { primaries: 2, transfer: 2, matrix: 2, range: 0, siting: 0 };
        let hd = tags(none, video(720));
        assert_eq!(hd, ColorTags { guessed: true, ..ColorTags::BT709 });
        let sd = tags(none, video(576));
        assert_eq!((sd.matrix, sd.primaries, sd.guessed), (Matrix::Bt601, Primaries::Bt601_625, true));
        assert_eq!(tags(none, video(480)).primaries, Primaries::Bt601_525);
    }

    #[test]
    fn tags_are_written_as_they_are_read() {
        for tag in [
            ColorTags::BT709,
            ColorTags { matrix: Matrix::Bt601, primaries: Primaries::Bt601_525, ..ColorTags::BT709 },
            ColorTags {
                matrix: Matrix::Bt2020,
                primaries: Primaries::Bt2020,
                transfer: Transfer::Pq,
                ..ColorTags::BT709
            },
            ColorTags { range: Range::Full, ..ColorTags::BT709 },
        ] {
            assert_eq!(tags(codes(tag), video(480)), tag);
        }
    }
}
