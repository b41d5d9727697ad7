//! Writes the pixels of the sample stills as the tests see them into a folder, for `tests/golden.py`.

use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: pixels FOLDER")?;
    std::fs::create_dir_all(&folder)?;
    for entry in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../assets/stills"))? {
        let path = entry?.path();
        if path.extension().is_some_and(|e| e == "jpg") {
            let picture = image::open(&path)?.to_rgb8();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let (width, height) = picture.dimensions();
            std::fs::write(format!("{folder}/{name}.{width}x{height}.rgb"), picture.into_raw())?;
        }
    }
    Ok(())
}
