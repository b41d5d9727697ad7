//! Pictures as bytes for the disk: a head, then half or full floats, compressed.

use half::f16;
use rushes_engine::{Cancel, Error, Result};
use rushes_gpu::{Executor, Image, Pixels, Precision};

const MAGIC: &[u8; 8] = b"rushpic1";
/// zstd's fastest: pictures are read back more often than they are written, and disks are quick.
const LEVEL: i32 = 1;

/// The bytes of a picture.
pub(crate) fn write(executor: &dyn Executor, image: &Image) -> Result<Vec<u8>> {
    let pixels = executor.read(image, &Cancel::new())?;
    let float = image.precision() == Precision::Float;
    let mut raw = Vec::with_capacity(pixels.rgba.len() * if float { 16 } else { 8 });
    for value in pixels.rgba.iter().flatten() {
        if float {
            raw.extend(value.to_le_bytes());
        } else {
            raw.extend(f16::from_f32(*value).to_le_bytes());
        }
    }
    let packed =
        zstd::bulk::compress(&raw, LEVEL).map_err(|e| Error::system(format!("not compressed: {e}")))?;
    let mut bytes = Vec::with_capacity(packed.len() + 17);
    bytes.extend(MAGIC);
    bytes.extend(pixels.width.to_le_bytes());
    bytes.extend(pixels.height.to_le_bytes());
    bytes.push(u8::from(float));
    bytes.extend(packed);
    Ok(bytes)
}

/// A picture from its bytes.
pub(crate) fn read(executor: &dyn Executor, bytes: &[u8]) -> Result<Image> {
    let bad = || Error::system("the kept picture is damaged");
    let number = |at: usize| bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(u32::from_le_bytes);
    if bytes.get(..8) != Some(MAGIC) {
        return Err(bad());
    }
    let (width, height) = (number(8).ok_or_else(bad)?, number(12).ok_or_else(bad)?);
    let float = *bytes.get(16).ok_or_else(bad)? == 1;
    let values =
        (width as usize).checked_mul(height as usize).and_then(|n| n.checked_mul(4)).ok_or_else(bad)?;
    let size = values.checked_mul(if float { 4 } else { 2 }).filter(|n| *n <= 1 << 33).ok_or_else(bad)?;
    let raw = zstd::bulk::decompress(bytes.get(17..).unwrap_or(&[]), size).map_err(|_| bad())?;
    if raw.len() != size {
        return Err(bad());
    }
    let floats: Vec<f32> = if float {
        raw.chunks_exact(4).filter_map(|b| b.try_into().ok()).map(f32::from_le_bytes).collect()
    } else {
        raw.chunks_exact(2)
            .filter_map(|b| b.try_into().ok())
            .map(|b| f16::from_le_bytes(b).to_f32())
            .collect()
    };
    let rgba = floats.chunks_exact(4).filter_map(|p| p.try_into().ok()).collect();
    let precision = if float { Precision::Float } else { Precision::Half };
    executor.image(&Pixels { width, height, rgba }, precision)
}
