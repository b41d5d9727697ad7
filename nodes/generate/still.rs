//! Stills from words.
//!
//! The engine `folder` works with any web page and without one: it hands out the prompt, also as a line for
//! Midjourney, and takes the pictures that a person saves into `folder`. New pictures there are offered as an edit that
//! adds them to `images`; nothing is added by itself. Where a file's name begins with words of the prompt, as
//! Midjourney's do, only such files are offered.
//!
//! Midjourney makes four pictures a run and `repeat` runs; all that come belong in the set, `generate/pick` chooses.
//!
//! Pictures wired into `guide1`, `guide2`… say how the stills should be laid out; the prompt that is handed out says that
//! they must be attached by hand.

use crate::docs::docs;
use crate::midjourney::{Line, PICTURES_A_RUN};
use crate::plan::aspect;
use crate::services::Services;
use crate::{frames, picture, prompt};
use rushes_engine::lint::Advice;
use rushes_engine::tool::{DescribeCx, Described, FrameCx, Port, Reads, RenderCx, Spec, Tool};
use rushes_engine::{Desc, Error, ImageDesc, ImageSetDesc, Key, PayloadRef, Result, ValueType};
use rushes_media::ProbeOptions;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// Endings of pictures that arrivals may have.
const PICTURES: &[&str] = &["png", "jpg", "jpeg", "webp", "tif", "tiff", "exr", "bmp"];
/// Words of the prompt that a file's name must begin with to count as its picture.
const MATCHING_WORDS: usize = 3;
/// Arrivals offered at once.
const MOST_ARRIVALS: usize = 256;
/// Runs to ask for: fewer rarely hold the best that a prompt can give.
const ENOUGH: u32 = 5;

/// Who makes the pictures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StillEngine {
    /// A person, on any page: the prompt is handed out and the pictures are taken from a folder.
    #[default]
    Folder,
}

/// A picture that came.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Picture {
    /// The file.
    pub file: String,
    /// The hash of its content when it was added.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub hash: String,
    /// The seed that it was made from, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
    /// Who made it, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine: Option<String>,
    /// The prompt that it was made from, where it is not this node's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt: Option<String>,
}

/// Parameters of [`Still`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct StillParams {
    /// How many runs, as Midjourney's --repeat.
    #[schemars(range(min = 1, max = 40), extend("soft" = [1, 10], "fixed" = true))]
    repeat: u32,
    /// Width to height, such as 16:9; empty for what the prompt says.
    #[schemars(extend("fixed" = true))]
    aspect: Option<String>,
    /// The seed that is handed out.
    #[schemars(range(min = 0, max = 4294967295_u32), extend("soft" = [0, 1000], "fixed" = true))]
    seed: u32,
    /// Steps of refinement, for engines that take them.
    #[schemars(range(min = 1, max = 500), extend("soft" = [10, 60], "fixed" = true))]
    steps: Option<u32>,
    /// How closely the prompt is followed, for engines that take it.
    #[schemars(range(min = 0.0, max = 100.0), extend("soft" = [1.0, 12.0], "fixed" = true))]
    guidance: Option<f64>,
    /// Who makes the pictures.
    #[schemars(extend("fixed" = true))]
    engine: StillEngine,
    /// The folder in which new pictures are looked for.
    #[schemars(extend("path" = "folder"))]
    folder: String,
    /// The pictures that came: file, and hash of its content.
    #[schemars(extend("keyless" = true, "fixed" = true))]
    images: Vec<Picture>,
}

impl Default for StillParams {
    fn default() -> Self {
        Self {
            repeat: ENOUGH,
            aspect: None,
            seed: 0,
            steps: None,
            guidance: None,
            engine: StillEngine::Folder,
            folder: String::new(),
            images: Vec::new(),
        }
    }
}

impl StillParams {
    /// The prompt as it is handed out.
    fn line(&self, cx: &DescribeCx<'_>) -> Line {
        let mut line = Line::parse(cx.text("text").unwrap_or(""));
        match &self.aspect {
            Some(aspect) => line.set("ar", aspect),
            None if line.get("ar").is_none() => line.set("ar", "16:9"),
            None => {}
        }
        if self.repeat > 1 {
            line.set("r", self.repeat);
        }
        line.set("seed", self.seed);
        if let Some(Desc::Style(style)) = cx.input("style") {
            line.style(style);
        }
        if let Some(Desc::Character(character)) = cx.input("character") {
            line.character(character);
        }
        line
    }

    /// What is handed out, in words.
    fn request(&self, line: &Line, cx: &DescribeCx<'_>) -> Vec<String> {
        let aspect = line.get("ar").unwrap_or("16:9");
        let mut settings = format!("{} pictures or more, {aspect}, seed {}", self.repeat, self.seed);
        if let Some(steps) = self.steps {
            settings += &format!(", {steps} steps");
        }
        if let Some(guidance) = self.guidance {
            settings += &format!(", guidance {guidance}");
        }
        if let Some(no) = line.get("no") {
            settings += &format!(", without {no}");
        }
        let runs = if self.repeat == 1 { "1 run".to_owned() } else { format!("{} runs", self.repeat) };
        let mut words = vec![
            format!("Prompt: {}", line.words),
            format!("Midjourney: {line}"),
            format!("{runs} of {PICTURES_A_RUN}: {} pictures come", self.repeat * PICTURES_A_RUN),
            format!("Settings elsewhere: {settings}"),
        ];
        words.extend(line.hint());
        match cx.variadic("guide").len() {
            0 => {}
            n => words
                .push(format!("{n} guide pictures are wired: attach them by hand where the page takes them")),
        }
        words
    }

    /// Pictures in the folder that are not in the set, with the hash of their content.
    fn arrivals(&self, line: &Line, cx: &DescribeCx<'_>) -> Result<Vec<Picture>> {
        if self.folder.is_empty() {
            return Ok(Vec::new());
        }
        let named: BTreeSet<&str> = self.images.iter().map(|i| i.file.as_str()).collect();
        let mut known: BTreeSet<String> = self.images.iter().map(|i| i.hash.clone()).collect();
        known.extend(self.images.iter().filter_map(|i| Some(cx.peek(&i.file).ok()?.content.to_string())));
        let mut arrivals = Vec::new();
        for name in
            cx.folder(&self.folder)?.into_iter().filter(|n| is_picture(n) && !named.contains(n.as_str()))
        {
            let Ok(entry) = cx.peek(&name) else { continue };
            // The hash of a large file is a guess until it was read; it is named without one then.
            let hash = if entry.provisional { String::new() } else { entry.content.to_string() };
            if hash.is_empty() || known.insert(hash.clone()) {
                arrivals.push(Picture { file: name, hash, ..Picture::default() });
            }
            if arrivals.len() >= MOST_ARRIVALS {
                break;
            }
        }
        let ours = |p: &Picture| named_by(&p.file, &line.words);
        if arrivals.iter().any(ours) {
            arrivals.retain(ours);
        }
        Ok(arrivals)
    }
}

fn is_picture(name: &str) -> bool {
    let ending = Path::new(name).extension().and_then(|e| e.to_str()).unwrap_or("");
    PICTURES.contains(&ending.to_ascii_lowercase().as_str())
}

/// Whether the name of a file holds the first words of a prompt in a row, as Midjourney names its pictures.
fn named_by(file: &str, prompt: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty());
        parts.map(str::to_lowercase).collect()
    };
    let stem = Path::new(file).file_stem().map(|s| s.to_string_lossy().into_owned()).unwrap_or_default();
    let (name, prompt) = (words(&stem), words(prompt));
    let start = prompt.get(..MATCHING_WORDS.min(prompt.len())).unwrap_or(&[]);
    !start.is_empty() && name.windows(start.len()).any(|window| window == start)
}

/// The tool.
pub struct Still;

impl Tool for Still {
    type Params = StillParams;

    fn spec() -> Spec {
        Spec::new("generate/still", 1, "Stills", docs!())
            .search(&["text to image", "midjourney", "picture", "photo", "variations", "txt2img", "folder"])
            .input(Port::of(ValueType::Text))
            .input(Port::of(ValueType::Style).optional())
            .input(Port::of(ValueType::Character).optional())
            .input(Port::named("guide", ValueType::Clip).optional().variadic())
            .output(Port::of(ValueType::ImageSet))
    }

    fn describe(p: &StillParams, cx: &DescribeCx<'_>) -> Result<Described> {
        let line = p.line(cx);
        let wanted = aspect(line.get("ar").unwrap_or("16:9"))?;
        let media = Services::behind(cx.host)?.media();
        let mut words = p.request(&line, cx);
        let mut set = ImageSetDesc::default();
        let style = match cx.input("style") {
            Some(Desc::Style(style)) => Some(Arc::new(style.clone())),
            _ => None,
        };
        let character = match cx.input("character") {
            Some(Desc::Character(character)) => Some(Arc::new(character.clone())),
            _ => None,
        };
        for image in &p.images {
            let entry = cx.file(&image.file).map_err(|e| e.at("images"))?;
            let info = media.probe(&entry.path, &ProbeOptions::default()).map_err(|e| e.at(&image.file))?;
            let mut still = info.clip().map_err(|e| e.at(&image.file))?;
            let name =
                Path::new(&image.file).file_name().map_or_else(String::new, |n| n.to_string_lossy().into());
            if still.rate.take().is_some() {
                words.push(format!("{name} is a clip: its first frame is taken"));
            }
            (still.frames, still.audio, still.style) = (1, None, style.clone());
            let hash = entry.content.to_string();
            if !entry.provisional && !image.hash.is_empty() && image.hash != hash {
                words.push(format!("{name} is not the picture that was added: its content has changed"));
            }
            let (w, h) =
                (u64::from(still.width) * u64::from(wanted.1), u64::from(still.height) * u64::from(wanted.0));
            if w.abs_diff(h) * 50 > w.max(h) {
                words.push(format!(
                    "{name} is {}×{}, not {}:{}",
                    still.width, still.height, wanted.0, wanted.1
                ));
            }
            let prompt = image.prompt.clone().or_else(|| Some(line.words.clone()));
            let (seed, engine) = (image.seed, image.engine.clone());
            let file = Some(entry.path);
            let character = character.clone();
            set.images.push(ImageDesc { still, hash, file, name, seed, engine, prompt, character });
        }
        let here = set.images.len();
        words.push(if here == 1 {
            "1 picture has come".to_owned()
        } else {
            format!("{here} pictures have come")
        });
        // Pictures that are there already stay usable when the folder is not.
        match p.arrivals(&line, cx) {
            Ok(arrivals) if arrivals.is_empty() => {}
            Ok(arrivals) => words.push(format!("{} in the folder are not in the set yet", arrivals.len())),
            Err(e) => words.push(format!("the folder is not watched: {e}; {}", e.help_text())),
        }
        Ok(Described { outputs: vec![Desc::ImageSet(set)], words, ..Described::default() })
    }

    fn idle(_: &StillParams, _: &FrameCx<'_>) -> Vec<&'static str> {
        vec!["repeat", "aspect", "seed", "steps", "guidance", "engine"]
    }

    fn needs(_: &StillParams, _: &FrameCx<'_>) -> Vec<rushes_engine::tool::Need> {
        Vec::new()
    }

    fn reads(p: &StillParams, cx: &FrameCx<'_>) -> Reads {
        let image = usize::try_from(cx.frame).ok().and_then(|at| p.images.get(at));
        Reads { time: None, files: Some(image.map(|i| i.file.clone()).into_iter().collect()) }
    }

    fn code() -> Option<Key> {
        Some(frames::code())
    }

    fn render(p: &StillParams, cx: &RenderCx<'_>) -> Result<PayloadRef> {
        let none =
            || Error::usage(format!("there is no picture {}", cx.at.frame)).help("add pictures to the set");
        let at = usize::try_from(cx.at.frame).map_err(|_| none())?;
        let image = p.images.get(at).ok_or_else(none)?;
        let Some(Desc::ImageSet(set)) = cx.at.outputs.first() else { return Err(none()) };
        let still = &set.images.get(at).ok_or_else(none)?.still;
        let full = frames::decoded(cx, &cx.file(&image.file)?.path, &ProbeOptions::default(), 0, None)?;
        picture::hand_on(frames::at_scale(cx, &full, still)?)
    }

    fn lint(p: &StillParams, cx: &DescribeCx<'_>) -> Vec<Advice> {
        let line = p.line(cx);
        let mut advice = Vec::new();
        let framing = prompt::first(&line.words, prompt::FRAMINGS);
        if !line.words.is_empty() && !framing.is_some_and(|(at, _)| prompt::leads(&line.words, &at)) {
            advice.push(Advice::new(
                "framing_first",
                "the prompt does not begin with a framing",
                "picture models weigh the first words most; begin with one such as “medium shot of”, or use plan/shot",
            ));
        }
        let arrivals = p.arrivals(&line, cx).unwrap_or_default();
        if !arrivals.is_empty() {
            let all: Vec<Value> = p.images.iter().chain(&arrivals).map(|image| json!(image)).collect();
            let names: Vec<_> = arrivals.iter().take(3).map(|a| a.file.as_str()).collect();
            let more = if arrivals.len() > 3 { " …" } else { "" };
            advice.push(
                Advice::new(
                    "arrivals",
                    format!("{} new in the folder: {}{more}", arrivals.len(), names.join(", ")),
                    "pictures count once they are in the set; nothing is added by itself",
                )
                .set("images", all),
            );
        }
        if p.repeat < ENOUGH && p.images.len() < ENOUGH as usize {
            advice.push(
                Advice::new(
                    "five_variations",
                    format!("only {} are asked for", p.repeat),
                    format!(
                        "of {ENOUGH} variations one is usually clearly better; fewer mean settling early"
                    ),
                )
                .set("repeat", ENOUGH),
            );
        }
        advice
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, png};

    #[test]
    fn midjourneys_file_names_tell_their_prompt() {
        let prompt = "Medium close-up of an astronaut, soft light";
        assert!(named_by("in/ada_Medium_close-up_of_an_astronaut_soft_0a1b-2c_3.png", prompt));
        assert!(!named_by("in/ada_Wide_shot_of_a_rocket_0a1b.png", prompt));
        assert!(!named_by("in/x.png", ""));
    }

    fn graph(folder: &str) -> Bench {
        let nodes = [
            ("words", "plan/text", json!({"value": "Wide shot of a rocket --no people"})),
            ("stills", "generate/still", json!({"folder": folder, "repeat": 5, "seed": 9, "steps": 30})),
            ("pick", "generate/pick", json!({})),
        ];
        Bench::new(&nodes, &["words.text stills.text", "stills.images pick.images"])
    }

    #[test]
    fn the_prompt_is_handed_out_and_says_how_many_come() {
        let folder = tempfile::tempdir().unwrap();
        let words = graph(&folder.path().to_string_lossy()).words("stills");
        assert_eq!(words[0], "Prompt: Wide shot of a rocket");
        assert_eq!(words[1], "Midjourney: Wide shot of a rocket --ar 16:9 --r 5 --seed 9 --no people");
        assert_eq!(words[2], "5 runs of 4: 20 pictures come");
        assert_eq!(
            words[3],
            "Settings elsewhere: 5 pictures or more, 16:9, seed 9, 30 steps, without people"
        );
    }

    #[test]
    fn arrivals_are_offered_as_an_edit_and_never_taken_silently() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        let root = folder.path().to_string_lossy().into_owned();
        png(&path("a.png"), 16, 9, [200, 10, 10]);
        png(&path("b.png"), 16, 9, [10, 200, 10]);
        png(&path("copy of a.png"), 16, 9, [200, 10, 10]);
        std::fs::write(path("notes.txt"), "no picture").unwrap();
        let bench = graph(&root);
        let Desc::ImageSet(set) = bench.desc("stills", 0) else { panic!("no set") };
        assert!(set.images.is_empty(), "nothing is added by itself");
        let advice = bench.advice("stills");
        let arrivals = advice.iter().find(|a| a.rule == "arrivals").unwrap();
        let (param, value) = &arrivals.fix[0];
        let files: Vec<_> = value.as_array().unwrap().iter().map(|v| v["file"].as_str().unwrap()).collect();
        assert_eq!((param.as_str(), files), ("images", vec![path("a.png").as_str(), path("b.png").as_str()]));
        let fixed = bench.set("stills", "images", value.clone());
        assert!(
            !fixed.advice("stills").iter().any(|a| a.rule == "arrivals"),
            "a copy of a picture is no arrival"
        );
        let Desc::ImageSet(set) = fixed.desc("stills", 0) else { panic!("no set") };
        assert_eq!((set.images.len(), set.images[1].still.width), (2, 16));
        assert_eq!(fixed.advice("pick")[0].rule, "five_variations");

        // Matched by name, the others stay out.
        png(&path("ada_Wide_shot_of_a_rocket_77aa_0.png"), 16, 9, [10, 10, 200]);
        let matched = fixed.set("stills", "seed", json!(10)).advice("stills");
        let value = &matched.iter().find(|a| a.rule == "arrivals").unwrap().fix[0].1;
        assert_eq!(value.as_array().unwrap().len(), 3);
    }

    #[test]
    fn a_picture_keeps_its_key_whatever_comes_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).to_string_lossy().into_owned();
        png(&path("a.png"), 16, 9, [200, 10, 10]);
        png(&path("b.png"), 16, 9, [10, 200, 10]);
        let bench = graph("");
        let one = bench.set("stills", "images", json!([{"file": path("a.png")}]));
        let two = bench.set("stills", "images", json!([{"file": path("b.png")}, {"file": path("a.png")}]));
        let key = one.key("pick", 0);
        assert_eq!(two.set("pick", "choice", json!(1)).key("pick", 0), key);
        assert_ne!(two.key("pick", 0), key);
        assert_eq!(one.set("stills", "seed", json!(3)).key("pick", 7), key);
        let pixel = one.pixels("pick", 0, 1).at(3, 3).unwrap();
        let wanted = [200.0 / 255.0, 10.0 / 255.0, 10.0 / 255.0];
        assert!(pixel.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-3), "{pixel:?}");
    }
}
