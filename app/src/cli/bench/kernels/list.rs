//! The tools that are measured: nodes of a graph over two kept pictures, once in half floats and once in floats.

use super::inputs::{FLOATS, LOOK, PLANES};
use rushes_gpu::Precision;
use serde_json::{Value, json};

/// Beyond this nothing is enlarged.
const LARGEST: u32 = 3840;

/// The node of the three tools over planes that a decoder gave.
pub(super) const THROUGH: &str = "read_three";

/// A tool, or a chain of them, and what it moves at least.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Kernel {
    pub(super) name: &'static str,
    /// The node that is looked at.
    pub(super) node: String,
    /// Pictures read, and pictures written, in pictures of the size at hand.
    pub(super) pictures: f64,
}

/// What a node's name begins with.
pub(super) fn mark(precision: Precision) -> &'static str {
    match precision {
        Precision::Half => "half",
        Precision::Float => "float",
    }
}

/// What is measured at a precision.
pub(super) fn kernels(precision: Precision, size: (u32, u32)) -> Vec<Kernel> {
    let all = [
        ("overlay 0.3", "overlay", 3.0),
        ("grade", "grade", 2.0),
        ("vignette", "vignette", 2.0),
        ("grade, overlay, vignette", "three", 3.0),
        ("LUT 33, tetrahedral", "lut", 2.0),
        ("blur, 4 px", "blur", 2.0),
        ("Lanczos × 2, encoded", "lanczos_encoded", 5.0),
        ("Lanczos × 2, linear", "lanczos_linear", 5.0),
        ("zoom 1.2, linear", "zoom", 2.0),
        ("camera turned 5°, linear", "turn", 2.0),
        ("grain plate", "grain", 1.0),
    ];
    let kernel = |(name, node, pictures): (&'static str, &str, f64)| Kernel {
        name,
        node: format!("{}_{node}", mark(precision)),
        pictures,
    };
    // Plates are made for half floats, which hold them.
    let fits = |node: &str| match node {
        "grain" => precision == Precision::Half,
        node => !node.starts_with("lanczos") || grows(size),
    };
    all.into_iter().filter(|(_, node, _)| fits(node)).map(kernel).collect()
}

fn grows((width, height): (u32, u32)) -> bool {
    width.max(height) * 2 <= LARGEST
}

/// The graph of all tools at a size. `a` and `b` are blurred so that they are pictures of their own: what works pixel
/// by pixel would become a part of the tool's own pass.
pub(super) fn graph((width, height): (u32, u32)) -> Value {
    let mut nodes = vec![
        json!({ "id": "half", "kind": "generate/pattern", "version": 1,
            "params": { "pattern": "noise", "width": width, "height": height, "length": 2 } }),
        json!({ "id": "float", "kind": "edit/read", "version": 1, "params": { "path": FLOATS, "fps": [24, 1] } }),
        json!({ "id": "half_grain", "kind": "finish/grain_plate", "version": 1,
            "params": { "width": width, "height": height, "length": 2 } }),
    ];
    let mut links = Vec::new();
    nodes.push(json!({ "id": "read", "kind": "edit/read", "version": 1, "params": { "path": PLANES } }));
    for mark in [mark(Precision::Half), mark(Precision::Float), "read"] {
        let grade = json!({ "exposure": 0.3, "lift": [0.02, 0.0, 0.0], "gamma": [1.1, 1.0, 0.9] });
        let overlay = json!({ "mode": "overlay", "opacity": 0.3 });
        let vignette = json!({ "vignette": 0.5, "halation": 0.0, "bloom": 0.0, "gate_weave": 0.0,
            "distortion": 0.0, "aberration": 0.0 });
        let twice = |light: &str| json!({ "output": "factor", "factor": 2.0, "light": light });
        for (id, kind, params, from) in [
            ("a", "finish/blur", json!({ "sigma": 1.0 }), vec![("clip", "")]),
            ("b", "finish/blur", json!({ "sigma": 2.0 }), vec![("clip", "")]),
            ("overlay", "finish/blend", overlay.clone(), vec![("bottom", "a"), ("top", "b")]),
            ("grade", "finish/grade", grade.clone(), vec![("clip", "a")]),
            ("vignette", "finish/film", vignette.clone(), vec![("clip", "a")]),
            ("graded", "finish/grade", grade, vec![("clip", if mark == "read" { "" } else { "a" })]),
            ("laid", "finish/blend", overlay, vec![("bottom", "graded"), ("top", "b")]),
            ("three", "finish/film", vignette, vec![("clip", "laid")]),
            ("lut", "finish/lut", json!({ "file": LOOK }), vec![("clip", "a")]),
            ("blur", "finish/blur", json!({ "sigma": 4.0 }), vec![("clip", "a")]),
            ("lanczos_encoded", "upscale/video", twice("encoded"), vec![("clip", "a")]),
            ("lanczos_linear", "upscale/video", twice("linear"), vec![("clip", "a")]),
            ("zoom", "animate/camera", json!({ "zoom": 1.2, "length": 2 }), vec![("clip", "a")]),
            ("turn", "animate/camera", json!({ "pan": 5.0, "roll": 2.0, "length": 2 }), vec![("clip", "a")]),
        ] {
            nodes.push(json!({ "id": format!("{mark}_{id}"), "kind": kind, "version": 1, "params": params }));
            for (port, from) in from {
                let from = if from.is_empty() { mark.to_owned() } else { format!("{mark}_{from}") };
                links.push(json!({ "from": format!("{from}.clip"), "to": format!("{mark}_{id}.{port}") }));
            }
        }
    }
    json!({ "rushes": 1, "nodes": nodes, "links": links })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kernel_is_a_node_of_the_graph() {
        let graph = graph((64, 36));
        let nodes = graph["nodes"].as_array().cloned().unwrap_or_default();
        for precision in [Precision::Half, Precision::Float] {
            for kernel in kernels(precision, (64, 36)) {
                assert!(nodes.iter().any(|n| n["id"] == kernel.node.as_str()), "{}", kernel.node);
            }
        }
        assert!(nodes.iter().any(|n| n["id"] == THROUGH));
        let large = kernels(Precision::Float, (3840, 2160));
        assert!(large.iter().all(|k| !k.name.contains("Lanczos") && k.name != "grain plate"));
    }
}
