//! A character that every shot shares: pictures of face and outfit, a name and a weight.
//!
//! The first picture is the one that engines take which take only one; put the clearest face there. Engines that take
//! references get these files, and the name goes into the prompts of `plan/shot`. Looked at, the wire shows the face:
//! the picture wired into `face`, else the first of `images`. A wired picture is seen by tools that work on pictures;
//! an engine that takes files needs it among the images.

use crate::docs::docs;
use crate::services::Services;
use crate::{frames, picture};
use rushes_engine::lint::Advice;
use rushes_engine::tool::{Class, DescribeCx, Described, FrameCx, Need, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{CharacterDesc, Desc, Error, PayloadRef, Result, ValueType};
use rushes_media::ProbeOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Parameters of [`OmniReference`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct OmniReferenceParams {
    /// Pictures of the face and the outfit, the clearest face first.
    #[schemars(extend("keyless" = true, "fixed" = true))]
    images: Vec<String>,
    /// What the character is called in prompts.
    name: String,
    /// How closely results keep to it, from 1 to 1000 as Midjourney's --ow.
    #[schemars(range(min = 1.0, max = 1000.0), extend("soft" = [1.0, 400.0]))]
    weight: f64,
}

impl Default for OmniReferenceParams {
    fn default() -> Self {
        Self { images: Vec::new(), name: String::new(), weight: 100.0 }
    }
}

/// The tool.
pub struct OmniReference;

impl Tool for OmniReference {
    type Params = OmniReferenceParams;

    fn spec() -> Spec {
        Spec::new("plan/omni_reference", 1, "Omni reference", docs!())
            .search(&["character", "face", "oref", "cref", "likeness", "identity", "actor", "outfit"])
            .input(Port::named("face", ValueType::Clip).optional())
            .output(Port::of(ValueType::Character))
            .class(Class::Value)
    }

    fn describe(p: &OmniReferenceParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let face = cx.maybe_frames("face");
        if p.images.is_empty() && face.is_none() {
            return Err(Error::usage("there is no picture of the character")
                .at("images")
                .help("add a picture of its face, or wire one into face"));
        }
        let found =
            p.images.iter().map(|name| cx.file(name).map(|entry| entry.path).map_err(|e| e.at("images")));
        let references = found.collect::<Result<Vec<_>>>()?;
        let mut described = Described::one(Desc::Character(CharacterDesc {
            name: p.name.trim().to_owned(),
            references,
            weight: p.weight,
        }));
        if let Some(face) = face {
            described = described.word(format!(
                "the wired face ({face}) is seen by tools that work on pictures; engines that take files need it among \
                 the images"
            ));
        }
        Ok(described)
    }

    fn identity(_: &OmniReferenceParams, cx: &FrameCx<'_>) -> Option<Need> {
        cx.frames("face").map(|_| Need::new("face", cx.frame))
    }

    fn idle(_: &OmniReferenceParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["name", "weight"]
    }

    fn reads(p: &OmniReferenceParams, _: &FrameCx<'_>) -> Reads {
        Reads { time: None, files: Some(p.images.first().cloned().into_iter().collect()) }
    }

    fn render(p: &OmniReferenceParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let none = || Error::usage("there is no picture of the character").at("images").help("add one");
        let name = p.images.first().ok_or_else(none)?;
        let path = &cx.file(name)?.path;
        let options = ProbeOptions::default();
        let desc = Services::behind(cx.host)?.media().probe(path, &options)?.clip()?;
        let face = frames::decoded(cx, path, &options, 0, None).map_err(|e| e.at(name))?;
        picture::hand_on(frames::at_scale(cx, &face, &desc)?)
    }

    fn lint(p: &OmniReferenceParams, _: &DescribeCx<'_>) -> Vec<Advice> {
        if p.weight <= 400.0 {
            return Vec::new();
        }
        vec![
            Advice::new(
                "reference_weight",
                format!("the reference weighs {}", p.weight),
                "above 400 the prompt's own words are mostly lost and faces turn stiff",
            )
            .set("weight", 100.0),
        ]
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::{Bench, png};
    use rushes_engine::Desc;
    use serde_json::json;

    #[test]
    fn a_character_is_its_pictures_its_name_and_its_weight() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        png(&path("face.png"), 8, 8, [255, 0, 0]);
        png(&path("coat.png"), 8, 8, [0, 0, 255]);
        let params = json!({"images": [path("face.png"), path("coat.png")], "name": " Ada ", "weight": 250});
        let nodes = [
            ("who", "plan/omni_reference", params),
            ("green", "generate/pattern", json!({"pattern": "ramp", "width": 4, "height": 4})),
        ];
        let bench = Bench::new(&nodes, &[]);
        let Desc::Character(who) = bench.desc("who", 0) else { panic!("no character") };
        assert_eq!((who.name.as_str(), who.references.len(), who.weight), ("Ada", 2, 250.0));
        assert_eq!(bench.pixels("who", 0, 1).at(2, 2), Some([1.0, 0.0, 0.0, 1.0]));
        let key = bench.key("who", 0);
        assert_eq!(bench.set("who", "images", json!([path("face.png")])).key("who", 0), key);
        assert_ne!(bench.set("who", "images", json!([path("coat.png")])).key("who", 0), key);
        let wired = Bench::new(&nodes, &["green.clip who.face"]);
        assert_eq!(wired.key("who", 0), wired.key("green", 0));
        assert_eq!(bench.set("who", "weight", json!(700)).advice("who")[0].fix[0].1, json!(100.0));
        assert!(bench.set("who", "images", json!([])).error("who").help_text().contains("face"));
    }
}
