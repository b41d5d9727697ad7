//! Translates the tools' shaders, once for lanes that need nothing beyond what the compiler takes for granted and once
//! for each kind that does.

use std::path::Path;
use std::{env, fs};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shaders = Path::new(&env::var("CARGO_MANIFEST_DIR")?).join("../../../assets/shaders");
    println!("cargo::rerun-if-changed={}", shaders.display());
    let out = env::var("OUT_DIR")?;
    let kinds = [
        ("baseline", ""),
        ("avx2", "#[target_feature(enable = \"avx2,fma,f16c\")]"),
        ("avx512", "#[target_feature(enable = \"avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,f16c\")]"),
    ];
    for (kind, attribute) in kinds {
        let text = rushes_translate::translate(&shaders, attribute)?;
        fs::write(Path::new(&out).join(format!("{kind}.rs")), text)?;
    }
    Ok(())
}
