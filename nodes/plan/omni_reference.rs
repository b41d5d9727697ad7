//! A character that every shot shares: pictures of face and outfit, a name and a weight.
//!
//! The first picture is the one that engines take which take only one; put the clearest face there. A picture wired
//! into `face` says what it is, and its frame counts with the others. Engines that take references get these
//! pictures; the name goes into the prompts of `plan/shot`.

use crate::docs::docs;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{Class, DescribeCx, Described, Port, Spec, Tool};
use rushes_engine::{CharacterDesc, Desc, Error, Result, ValueType};
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
