//! How like the face in a still is to the character's, for the scores of a pick.
//!
//! Faces are looked for aside, once for each picture's content: a pick is told without them at first, and again when
//! they are there.

use super::scores::known_by;
use crate::aside::Found;
use crate::services::Services;
use crate::small::small;
use rushes_engine::{Cancel, CharacterDesc, ImageDesc, Result};
use rushes_media::{Media, ProbeOptions};
use rushes_models::Picture;
use rushes_models::face::{Descriptor, Faces};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// The longer side of the copy in which faces are looked for. One of 64 pixels is found, so a sixteenth of this side: as
/// much as a medium wide shot of one person has.
const SIDE: usize = 1024;

/// What is said of a picture, and what it waits for.
#[derive(Default)]
pub(super) struct Likeness {
    /// In a few words, where anything can be said.
    pub(super) words: Option<String>,
    /// Flags that are set once more can be said.
    pub(super) awaited: Vec<Arc<AtomicBool>>,
}

/// The faces of a file's first picture.
fn look(media: &Media, faces: &Faces, path: &Path, cancel: &Cancel) -> Result<Vec<Descriptor>> {
    let planes = media.reader(path, &ProbeOptions::default())?.frame(0)?;
    cancel.check()?;
    let copy = small(&planes, SIDE);
    let byte = |v: f32| (v.clamp(0.0, 1.0) * 255.0 + 0.5) as u8;
    let rgb = copy.rgb.iter().map(|c| c.map(byte)).collect();
    let picture = Picture::new(copy.width, copy.height, rgb)?;
    let found = faces.find(&picture, cancel)?;
    found.iter().map(|face| faces.describe(&picture, face, cancel)).collect()
}

fn faces(services: &Services, path: &Path, content: &str) -> Found<Vec<Descriptor>> {
    let (media, faces, path) = (services.media().clone(), services.faces().clone(), PathBuf::from(path));
    let of = format!("faces {}", known_by(&path, content));
    services.aside().find(of, move |cancel| look(&media, &faces, &path, cancel))
}

/// How far the nearest face of a picture is from any of the reference's.
fn nearest(faces: &[Descriptor], references: &[Arc<Vec<Descriptor>>]) -> Option<f64> {
    let known = references.iter().flat_map(|faces| faces.iter());
    let distances = known.flat_map(|known| faces.iter().map(|face| face.distance(known)));
    distances.min_by(f64::total_cmp)
}

/// What is said of a picture that was made with a character.
pub(super) fn of_image(services: &Services, image: &ImageDesc, character: &CharacterDesc) -> Likeness {
    let mut likeness = Likeness::default();
    let Some(file) = &image.file else { return likeness };
    let mut references = Vec::new();
    for reference in &character.references {
        match faces(services, reference, "") {
            Found::Unasked => return likeness,
            Found::Underway(flag) => likeness.awaited.push(flag),
            Found::Known(Ok(faces)) => references.push(faces),
            // The reference says itself what is wrong with its files.
            Found::Known(Err(_)) => {}
        }
    }
    // What no face is known for is not looked through in vain.
    if likeness.awaited.is_empty() && references.iter().all(|faces| faces.is_empty()) {
        return likeness;
    }
    let found = match faces(services, file, &image.hash) {
        Found::Unasked => return likeness,
        Found::Underway(flag) => {
            likeness.awaited.push(flag);
            None
        }
        Found::Known(found) => Some(found),
    };
    let whom = if character.name.is_empty() { "the character" } else { &character.name };
    likeness.words = Some(match found {
        _ if !likeness.awaited.is_empty() => "looking for the face".to_owned(),
        Some(Ok(faces)) => match nearest(&faces, &references) {
            Some(distance) => format!("face {distance:.2} from {whom}"),
            None => "no face".to_owned(),
        },
        Some(Err(e)) => format!("faces cannot be looked for: {e}"),
        None => return likeness,
    });
    likeness
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, DiskFiles, host, registry};
    use rushes_engine::describe::Describer;
    use serde_json::{Value, json};

    fn still(name: &str) -> String {
        format!("{}/../assets/stills/{name}", env!("CARGO_MANIFEST_DIR"))
    }

    /// What is told of two stills, the second without a face, made with a character of these pictures: at once, and
    /// once all is found out.
    fn told(name: &str, references: &[&str]) -> (Vec<String>, Vec<String>) {
        let files = |names: &[&str]| -> Vec<String> { names.iter().map(|name| still(name)).collect() };
        let images: Vec<Value> =
            files(&["person_2.jpg", "coffee.jpg"]).iter().map(|file| json!({ "file": file })).collect();
        let nodes = [
            ("words", "plan/text", json!({ "value": "x" })),
            ("who", "plan/omni_reference", json!({ "images": files(references), "name": name })),
            ("set", "generate/still", json!({ "images": images })),
            ("pick", "generate/pick", json!({})),
        ];
        let mut links = vec!["words.text set.text", "set.images pick.images"];
        if !references.is_empty() {
            links.push("who.character set.character");
        }
        let graph = Bench::new(&nodes, &links).described.graph.clone();
        let mut describer = Describer::new(registry(), host());
        let mut words = || {
            let described = describer.describe(&graph, &DiskFiles, None);
            let pick = described.slot(&"pick".parse().unwrap()).unwrap();
            pick.state.outcome.as_ref().map(|outcome| outcome.words[1..].to_vec()).unwrap()
        };
        let first = words();
        host().wait_for_findings();
        (first, words())
    }

    #[test]
    fn a_still_is_told_how_far_its_face_is_from_the_characters() {
        let (silent, still) = told("Ada", &["astronaut.jpg"]);
        assert_eq!(silent, still, "nobody listens");
        assert!(silent.iter().all(|words| !words.contains("face")), "{silent:?}");
        host().listen(|| {});
        let (first, then) = told("Ada", &["coffee.jpg", "astronaut.jpg", "person_5.jpg"]);
        assert!(first.iter().all(|words| words.ends_with(" · looking for the face")), "{first:?}");
        let (before, far) = then[0].split_once(" · face ").unwrap();
        let far: f64 = far.strip_suffix(" from Ada").unwrap().parse().unwrap();
        assert!(before.contains("sharpness") && far < Descriptor::SAME, "{then:?}");
        assert!(then[1].ends_with(" · no face"), "{then:?}");
        assert_eq!(
            told("Ada", &["coffee.jpg", "astronaut.jpg", "person_5.jpg"]).0,
            then,
            "each is looked for once"
        );

        let (_, same) = told("", &["person_2.jpg"]);
        assert!(same[0].ends_with(" · face 0.00 from the character"), "{same:?}");
        let (_, outfit) = told("Ada", &["coffee.jpg", "environment_1.jpg"]);
        assert!(outfit.iter().all(|words| !words.contains("face")), "no face to be like: {outfit:?}");
        let (_, alone) = told("Ada", &[]);
        assert!(alone.iter().all(|words| !words.contains("face")), "{alone:?}");
    }
}
