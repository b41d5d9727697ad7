//! Things to wire into ports, by the type of the port.

use rushes_engine::ValueType;
use serde_json::{Value, json};
use std::path::Path;

/// A few nodes, and the output of them that is wired.
#[derive(Clone, Debug)]
pub struct Source {
    pub name: &'static str,
    pub nodes: Vec<(&'static str, &'static str, Value)>,
    pub links: Vec<(&'static str, &'static str)>,
    pub from: &'static str,
}

/// The names of a source's nodes are those of its kinds: `still` is `generate/still`.
fn source(
    name: &'static str,
    nodes: Vec<(&'static str, &'static str, Value)>,
    links: Vec<(&'static str, &'static str)>,
    from: &'static str,
) -> Source {
    Source { name, nodes, links, from }
}

fn pattern(pattern: &str, size: [u32; 2], fps: &str, length: u32) -> Value {
    json!({"pattern": pattern, "width": size[0], "height": size[1], "fps": fps, "length": length})
}

/// What can be wired into a port of this type; the first is the usual one.
pub fn of(value: ValueType) -> Vec<Source> {
    let noise = || ("p", "generate/pattern", pattern("noise", [64, 36], "24", 12));
    let person = || ("r", "edit/read", json!({"path": "asset:stills/person_1.jpg"}));
    let place = "asset:stills/environment_1.jpg";
    let clip = || ("r", "edit/read", json!({"path": "asset:clips/big_buck_bunny.mp4", "end": 12}));
    let text = |words: &str| ("t", "plan/text", json!({ "value": words }));
    match value {
        ValueType::Clip => vec![
            source("noise", vec![noise()], vec![], "p.clip"),
            source(
                "another size and rate",
                vec![("p", "generate/pattern", pattern("counter", [40, 48], "25", 7))],
                vec![],
                "p.clip",
            ),
            source("a still", vec![person()], vec![], "r.clip"),
            source("sound", vec![clip()], vec![], "r.clip"),
            source("alpha", vec![("r", "edit/read", json!({"path": ALPHA}))], vec![], "r.clip"),
            source(
                "linear light",
                vec![("r", "edit/read", json!({"path": "asset:stills/person_1.jpg", "color": "linear"}))],
                vec![],
                "r.clip",
            ),
        ],
        ValueType::Mask => vec![source(
            "a ramp",
            vec![("p", "generate/pattern", pattern("ramp", [64, 36], "24", 12))],
            vec![],
            "p.clip",
        )],
        ValueType::Depth => vec![source(
            "a ramp",
            vec![
                ("p", "generate/pattern", pattern("ramp", [64, 36], "24", 12)),
                ("d", "test/depth", json!({})),
            ],
            vec![("p.clip", "d.clip")],
            "d.depth",
        )],
        ValueType::Flow => vec![source(
            "noise",
            vec![noise(), ("d", "test/flow", json!({}))],
            vec![("p.clip", "d.clip")],
            "d.flow",
        )],
        ValueType::Audio => vec![source("a film's sound", vec![clip()], vec![], "r.audio")],
        ValueType::Text => [
            "Medium shot of a woman, dusk",
            "Handheld camera, she turns her head",
            "Pan left slowly --ar 1:1 --no people",
        ]
        .iter()
        .map(|words| source("words", vec![text(words)], vec![], "t.text"))
        .collect(),
        ValueType::ImageSet => [vec![PERSON, place], vec![place, PERSON, place]]
            .iter()
            .map(|names| {
                let images: Vec<Value> = names.iter().map(|n| json!({ "file": n })).collect();
                let still = ("s", "generate/still", json!({ "images": images }));
                source("stills", vec![text("a woman"), still], vec![("t.text", "s.text")], "s.images")
            })
            .collect(),
        ValueType::Style => {
            [json!({"images": [place]}), json!({"images": [PERSON], "midjourney_codes": "77"})]
                .into_iter()
                .map(|params| source("a board", vec![("b", "plan/mood_board", params)], vec![], "b.style"))
                .collect()
        }
        ValueType::Character => vec![source(
            "Ada",
            vec![("c", "plan/omni_reference", json!({"images": [PERSON], "name": "Ada"}))],
            vec![],
            "c.character",
        )],
        ValueType::Number => {
            vec![source("2", vec![("n", "plan/number", json!({"value": 2}))], vec![], "n.number")]
        }
        ValueType::File => vec![],
    }
}

const PERSON: &str = "asset:stills/person_1.jpg";
/// A still with alpha in the graph's folder.
pub const ALPHA: &str = "alpha.qoi";
/// A folder of stills in the graph's folder.
pub const STILLS: &str = "stills";

/// Puts into a graph's folder what does not ship: a picture with alpha, 32 × 24 as QOI, and a folder of stills.
pub fn furnish(folder: &Path) {
    let mut qoi = b"qoif\0\0\0\x20\0\0\0\x18\x04\0".to_vec();
    for y in 0..24_u8 {
        (0..32_u8).for_each(|x| qoi.extend([0xff, x * 8, y * 10, 255 - x * 4, 7 * x + y]));
    }
    qoi.extend([0, 0, 0, 0, 0, 0, 0, 1]);
    std::fs::write(folder.join(ALPHA), &qoi).unwrap();
    std::fs::create_dir(folder.join(STILLS)).unwrap();
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("assets/stills");
    for name in ["person_2.jpg", "environment_2.jpg"] {
        std::fs::copy(assets.join(name), folder.join(STILLS).join(name)).unwrap();
    }
}
