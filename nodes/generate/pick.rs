//! Takes one picture out of several.
//!
//! The pictures lie in the order in which they came, or, as far as `order` names them, in that order first. `choice`
//! is the place of the picture in this order, from 0, or its hash: a hash keeps the pick when pictures are added.
//!
//! Each picture is told with what helps to choose, measured on a copy of at most 512 pixels: its sharpness (the variance
//! of the Laplacian of luma: higher is sharper, among pictures of one subject), its mean luma from 0 to 1, the share of
//! its pixels clipped at black or white and, where the pictures were made under a mood board, how far its colours are
//! from the board's (the Fréchet distance of the two spreads in Oklab: 0 is the same, 0.1 is plainly another look).
//!
//! Where the pictures were made with a character, each is also told how far the face in it is from the character's: the
//! nearest of its faces to any in the reference's pictures, measured as dlib does (Davis King; his networks are in the
//! public domain). 0 is the same picture of a face; two pictures of one person are below 0.6, which holds for 99 of 100
//! pairs of photographs; of two stills the lower keeps the character better. A face is found where it is turned to the
//! camera and at least 64 pixels wide in a copy of at most 1024 pixels; pictures of the reference that have none, such as
//! outfits, do not count. It takes about a second a picture, beside all else, and is told when it is there.

use super::likeness::{self, Likeness};
use super::scores;
use crate::docs::docs;
use crate::plan::style_distance::Spread;
use crate::services::Services;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Need, Port, Spec, Tool};
use rushes_engine::{Desc, Error, ImageDesc, ImageSetDesc, Result, StyleDesc, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Stills to make before one is picked: fewer rarely hold the best that the prompt can give.
const ENOUGH: usize = 5;

/// A picture of a set: its place, or its hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Choice {
    /// Its place, from 0.
    Place(usize),
    /// Its hash, or enough of its beginning to tell it from the others.
    Hash(String),
}

impl Choice {
    fn words(&self) -> String {
        match self {
            Self::Place(n) => format!("picture {n}"),
            Self::Hash(hash) => format!("a picture with the hash {hash}"),
        }
    }
}

/// Parameters of [`Pick`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct PickParams {
    /// The picture: its place from 0, or its hash.
    #[schemars(extend("fixed" = true))]
    choice: Choice,
    /// Pictures by place as they came, or by hash, that come first.
    #[schemars(extend("fixed" = true))]
    order: Vec<Choice>,
}

impl Default for PickParams {
    fn default() -> Self {
        Self { choice: Choice::Place(0), order: Vec::new() }
    }
}

/// Where in `images` the picture is that `choice` names, if there is one.
fn place(images: &[ImageDesc], choice: &Choice) -> Option<usize> {
    match choice {
        Choice::Place(n) => (*n < images.len()).then_some(*n),
        Choice::Hash(hash) if hash.is_empty() => None,
        Choice::Hash(hash) => images.iter().position(|image| image.hash.starts_with(hash.as_str())),
    }
}

/// Where in the set the pictures are in their order, and where the one is that the parameters pick.
fn picked(p: &PickParams, set: &ImageSetDesc) -> Result<(Vec<usize>, usize)> {
    let none = |choice: &Choice, at: &str| {
        Error::usage(format!("there is no {} among {}", choice.words(), set.images.len())).at(at).help(
            match set.images.len() {
                0 => "no pictures have come yet: add some to the node before".to_owned(),
                n => format!("choose from 0 to {}, or by hash", n - 1),
            },
        )
    };
    let mut order: Vec<usize> = Vec::with_capacity(set.images.len());
    for named in &p.order {
        let at = place(&set.images, named).ok_or_else(|| none(named, "order"))?;
        if !order.contains(&at) {
            order.push(at);
        }
    }
    let rest: Vec<usize> = (0..set.images.len()).filter(|i| !order.contains(i)).collect();
    order.extend(rest);
    let at = match &p.choice {
        Choice::Place(n) => order.get(*n).copied(),
        hash => place(&set.images, hash),
    };
    at.ok_or_else(|| none(&p.choice, "choice")).map(|at| (order, at))
}

/// Where in a set the still is that a pick with these parameters takes; none where it takes none.
pub fn picked_still(params: &BTreeMap<String, Value>, set: &ImageSetDesc) -> Option<usize> {
    let params = params.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    let params = serde_json::from_value(Value::Object(params)).ok()?;
    picked(&params, set).ok().map(|(_, at)| at)
}

/// A line for each picture, in their order, and flags that are set once more can be told.
fn told(services: &Services, set: &ImageSetDesc, order: &[usize]) -> (Vec<String>, Vec<Arc<AtomicBool>>) {
    let mut boards: Vec<(&StyleDesc, Option<Spread>)> = Vec::new();
    let (mut lines, mut awaited) = (Vec::with_capacity(order.len()), Vec::new());
    for (place, image) in order.iter().filter_map(|at| set.images.get(*at)).enumerate() {
        let style = image.still.style.as_deref();
        if let Some(style) = style.filter(|style| !boards.iter().any(|(known, _)| known == style)) {
            boards.push((style, scores::of_board(services, style)));
        }
        let board = boards.iter().find(|(known, _)| Some(*known) == style);
        let mut words = match scores::of_image(services, image) {
            None => continue,
            Some(Ok(scores)) => scores.words(board.and_then(|(_, spread)| spread.as_ref())),
            Some(Err(e)) => {
                lines.push(format!("{place} · {} · it cannot be looked at: {e}", image.name));
                continue;
            }
        };
        let character = image.character.as_deref();
        let likeness = character.map(|character| likeness::of_image(services, image, character));
        let likeness: Likeness = likeness.unwrap_or_default();
        awaited.extend(likeness.awaited);
        words.extend(likeness.words.map(|face| format!(" · {face}")));
        lines.push(format!("{place} · {} · {words}", image.name));
    }
    (lines, awaited)
}

/// The tool.
pub struct Pick;

impl Tool for Pick {
    type Params = PickParams;

    fn spec() -> Spec {
        Spec::new("generate/pick", 1, "Pick", docs!())
            .search(&["choose", "select", "contact sheet", "favourite", "variation"])
            .input(Port::of(ValueType::ImageSet))
            .output(Port::of(ValueType::Clip))
    }

    fn describe(p: &PickParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let Some(Desc::ImageSet(set)) = cx.input("images") else {
            return Err(Error::usage("there are no pictures").help("wire stills into images"));
        };
        let (order, at) = picked(p, set)?;
        let image =
            set.images.get(at).ok_or_else(|| Error::usage("the picture is not there").at("choice"))?;
        let mut words = vec![image.name.clone()];
        words.extend(image.engine.as_ref().map(|e| format!("by {e}")));
        words.extend(image.seed.map(|s| format!("seed {s}")));
        words.retain(|w| !w.is_empty());
        // The place in the set is found once, here; planning sees only what was found.
        let mut described = Described::one(Desc::Clip(image.still.clone())).word(words.join(", ")).fact(at);
        let (lines, awaited) = told(Services::behind(cx.host)?, set, &order);
        described.words.extend(lines);
        described.awaited = awaited;
        Ok(described)
    }

    fn identity(_: &PickParams, cx: &FrameCx<'_>) -> Option<Need> {
        let at = cx.fact::<usize>().copied().unwrap_or(0);
        Some(Need::new("images", i64::try_from(at).unwrap_or(0)))
    }

    fn lint(_: &PickParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        match cx.input("images") {
            Some(Desc::ImageSet(set)) if set.images.len() < ENOUGH => vec![Advice::new(
                "five_variations",
                format!(
                    "the pick is made from {}",
                    match set.images.len() {
                        1 => "1 picture".into(),
                        n => format!("{n} pictures"),
                    }
                ),
                format!("of {ENOUGH} variations one is usually clearly better; fewer mean settling early"),
            )],
            _ => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rushes_engine::ClipDesc;
    use serde_json::{from_value, json};

    fn set(n: u32) -> ImageSetDesc {
        let image = |i: u32| ImageDesc {
            still: ClipDesc::still(10 + i, 10),
            hash: format!("{i}abc"),
            file: None,
            name: String::new(),
            seed: None,
            engine: None,
            prompt: None,
            character: None,
        };
        ImageSetDesc { images: (0..n).map(image).collect() }
    }

    fn pick(params: Value, n: u32) -> Result<usize> {
        picked(&from_value(params).unwrap(), &set(n)).map(|(_, at)| at)
    }

    #[test]
    fn a_picture_is_picked_by_place_in_the_order_or_by_hash() {
        assert_eq!(pick(json!({}), 5), Ok(0));
        assert_eq!(pick(json!({"choice": 3}), 5), Ok(3));
        assert_eq!(pick(json!({"choice": 0, "order": [4, "2ab"]}), 5), Ok(4));
        assert_eq!(pick(json!({"choice": 1, "order": [4, "2ab"]}), 5), Ok(2));
        assert_eq!(pick(json!({"choice": 2, "order": [4, "2ab"]}), 5), Ok(0));
        assert_eq!(
            pick(json!({"choice": "3abc", "order": [4]}), 5),
            Ok(3),
            "a hash does not care about order"
        );
    }

    #[test]
    fn what_is_picked_is_told_to_those_who_have_the_parameters_as_they_are_saved() {
        let of = |params: Value| picked_still(&from_value(params).unwrap(), &set(5));
        assert_eq!(of(json!({})), Some(0));
        assert_eq!(of(json!({"choice": 1, "order": [4, "2ab"]})), Some(2));
        assert_eq!(of(json!({"choice": 5})), None);
        assert_eq!(of(json!({"choice": 0, "order": ["zz"]})), None, "the tool refuses this order");
    }

    #[test]
    fn a_picture_that_is_not_there_is_said_in_words() {
        assert!(pick(json!({"choice": 5}), 5).unwrap_err().help_text().contains("0 to 4"));
        assert!(pick(json!({"choice": "zz"}), 5).is_err());
        assert!(pick(json!({"order": [9]}), 5).is_err());
        assert!(pick(json!({}), 0).unwrap_err().help_text().contains("come yet"));
    }
}
