//! The free conversions between types: tools that a wire brings with it and that are in no menu.

mod luma;
mod words;

use rushes_engine::tool::Registry;

pub(crate) fn register(registry: &mut Registry) {
    registry.convert::<luma::Luma>("luma").convert::<words::Words>("text");
}

#[cfg(test)]
mod tests {
    use crate::bench::{Bench, ffmpeg};
    use serde_json::json;

    #[test]
    fn a_clip_wired_into_a_mask_is_its_bt_709_luma() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.png").to_string_lossy().into_owned();
        ffmpeg(&["-f", "lavfi", "-i", "testsrc2=s=16x12,format=rgb24", "-frames:v", "1", &path]);
        let raw = ffmpeg(&["-i", &path, "-f", "rawvideo", "-pix_fmt", "rgb24", "-"]);
        let nodes = [("read", "edit/read", json!({"path": path})), ("mask", "test/mask", json!({}))];
        let mask = Bench::new(&nodes, &["read.clip mask.mask"]).pixels("mask", 0, 1);
        for (code, pixel) in raw.as_chunks::<3>().0.iter().zip(&mask.rgba) {
            let [r, g, b] = code.map(|c| f64::from(c) / 255.0);
            let wanted = 0.2126 * r + 0.7152 * g + 0.0722 * b;
            assert!((f64::from(pixel[0]) - wanted).abs() < 1.0 / 1024.0, "{code:?} {pixel:?}");
        }
    }

    #[test]
    fn a_number_wired_into_a_text_is_its_shortest_writing() {
        let nodes = [("n", "plan/number", json!({"value": 0.1})), ("still", "generate/still", json!({}))];
        let bench = Bench::new(&nodes, &["n.number still.text"]);
        assert_eq!(bench.words("still")[0], "Prompt: 0.1");
        let bench = bench.set("n", "value", json!(5));
        assert_eq!(bench.words("still")[0], "Prompt: 5");
    }
}
