//! The graph that rides inside a media file.

use rushes_engine::{Error, Result};
use std::io::{BufReader, Read};
use std::path::Path;

/// The metadata key, and the keyword of the PNG text chunk.
pub(crate) const KEY: &str = "rushes_graph";

/// The longest graph that is read.
const MAX_BYTES: usize = 64 << 20;

/// The graph in a container's metadata.
pub(crate) fn of_metadata(metadata: &[(String, String)]) -> Option<String> {
    let found = metadata.iter().find(|(k, v)| k.eq_ignore_ascii_case(KEY) && v.len() <= MAX_BYTES);
    found.map(|(_, v)| v.clone())
}

/// The graph in a PNG's text chunk; `None` for any other file.
pub(crate) fn of_png(path: &Path) -> Result<Option<String>> {
    let bad = |e: std::io::Error| Error::system(format!("the file cannot be read: {e}")).at(path.display());
    let mut file = BufReader::new(std::fs::File::open(path).map_err(bad)?);
    let mut magic = [0; 8];
    if file.read(&mut magic).map_err(bad)? < 8 || magic != *b"\x89PNG\r\n\x1a\n" {
        return Ok(None);
    }
    drop(file);
    let file = BufReader::new(std::fs::File::open(path).map_err(bad)?);
    let decoder = png::Decoder::new_with_limits(file, png::Limits { bytes: MAX_BYTES });
    // A PNG with a text that cannot be read is still a picture.
    let Ok(reader) = decoder.read_info() else { return Ok(None) };
    let info = reader.info();
    let utf8 = info.utf8_text.iter().find(|t| t.keyword == KEY).and_then(|t| t.get_text().ok());
    let plain = || info.uncompressed_latin1_text.iter().find(|t| t.keyword == KEY).map(|t| t.text.clone());
    let packed =
        || info.compressed_latin1_text.iter().find(|t| t.keyword == KEY).and_then(|t| t.get_text().ok());
    Ok(utf8.or_else(plain).or_else(packed))
}
