//! One shot in words: a prompt for the still and a prompt for its motion.
//!
//! The still prompt begins with the framing, then says who, what and where, then angle, lens, light and look; `aspect`
//! and `negative` follow as `--ar` and `--no`, which the tools that send it take out again. The motion prompt begins
//! with the camera's move, then says what the subject does. With a character wired, its name goes before the subject.
//!
//! The node also shows the still prompt as a line for Midjourney, with the mood board and the omni reference that
//! are wired in.

use super::text;
use crate::docs::docs;
use crate::midjourney::Line;
use crate::prompt;
use rushes_engine::lint::Advice;
use rushes_engine::tool::{Class, DescribeCx, Described, Port, Spec, Tool};
use rushes_engine::{Desc, Error, Result, ValueType};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much of the subject is seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Framing {
    /// A detail: eyes, a hand.
    ExtremeCloseUp,
    /// The face.
    CloseUp,
    /// Head and shoulders.
    MediumCloseUp,
    /// From the waist up.
    #[default]
    Medium,
    /// From the knees up.
    MediumWide,
    /// The whole figure and where it is.
    Wide,
    /// The place, the figure small in it.
    ExtremeWide,
}

impl Framing {
    fn phrase(self) -> &'static str {
        match self {
            Self::ExtremeCloseUp => "Extreme close-up",
            Self::CloseUp => "Close-up",
            Self::MediumCloseUp => "Medium close-up",
            Self::Medium => "Medium shot",
            Self::MediumWide => "Medium wide shot",
            Self::Wide => "Wide shot",
            Self::ExtremeWide => "Extreme wide shot",
        }
    }
}

/// From where the camera looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Angle {
    /// From the height of the eyes.
    #[default]
    EyeLevel,
    /// From below, looking up.
    Low,
    /// From above, looking down.
    High,
    /// From straight above.
    Overhead,
    /// Tilted to the side.
    Dutch,
    /// Past the shoulder of somebody in front.
    OverTheShoulder,
    /// Through somebody's eyes.
    PointOfView,
}

impl Angle {
    fn phrase(self) -> &'static str {
        match self {
            Self::EyeLevel => "eye level",
            Self::Low => "low angle",
            Self::High => "high angle",
            Self::Overhead => "overhead view",
            Self::Dutch => "Dutch angle",
            Self::OverTheShoulder => "over the shoulder",
            Self::PointOfView => "point of view",
        }
    }
}

/// How the camera moves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CameraMove {
    /// Not at all.
    #[default]
    Static,
    /// Held by hand.
    Handheld,
    /// Towards the subject.
    PushIn,
    /// Away from the subject.
    PullOut,
    /// Turning to the left.
    PanLeft,
    /// Turning to the right.
    PanRight,
    /// Turning upwards.
    TiltUp,
    /// Turning downwards.
    TiltDown,
    /// Around the subject to the left.
    OrbitLeft,
    /// Around the subject to the right.
    OrbitRight,
    /// Rising.
    CraneUp,
    /// Sinking.
    CraneDown,
}

impl CameraMove {
    fn phrase(self) -> &'static str {
        match self {
            Self::Static => "Static camera",
            Self::Handheld => "Handheld camera",
            Self::PushIn => "Push in",
            Self::PullOut => "Pull out",
            Self::PanLeft => "Pan left",
            Self::PanRight => "Pan right",
            Self::TiltUp => "Tilt up",
            Self::TiltDown => "Tilt down",
            Self::OrbitLeft => "Orbit left",
            Self::OrbitRight => "Orbit right",
            Self::CraneUp => "Crane up",
            Self::CraneDown => "Crane down",
        }
    }
}

/// Parameters of [`Shot`].
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ShotParams {
    /// How much of the subject is seen.
    #[schemars(extend("fixed" = true))]
    framing: Framing,
    /// From where the camera looks.
    #[schemars(extend("fixed" = true))]
    angle: Angle,
    /// The lens, such as 85 mm or anamorphic.
    lens: String,
    /// How the camera moves.
    #[schemars(extend("fixed" = true))]
    camera_move: CameraMove,
    /// How it moves, such as slow, or two steps towards the window.
    move_detail: String,
    /// Who or what is seen.
    subject: String,
    /// What the subject does.
    #[schemars(extend("lines" = true))]
    action: String,
    /// Where.
    setting: String,
    /// The light.
    lighting: String,
    /// Medium, film stock, colours, mood.
    look: String,
    /// What must not be seen, separated by commas.
    negative: String,
    /// Width to height of the still, such as 16:9.
    #[schemars(extend("fixed" = true))]
    aspect: String,
    /// More words for the still, and Midjourney parameters such as --raw --s 50.
    extra: String,
}

impl Default for ShotParams {
    fn default() -> Self {
        let empty = String::new;
        Self {
            framing: Framing::Medium,
            angle: Angle::EyeLevel,
            lens: empty(),
            camera_move: CameraMove::Static,
            move_detail: empty(),
            subject: empty(),
            action: empty(),
            setting: empty(),
            lighting: empty(),
            look: empty(),
            negative: empty(),
            aspect: "16:9".into(),
            extra: empty(),
        }
    }
}

/// `text` on one line, without a comma or full stop at its end.
fn part(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    text.trim_end_matches(['.', ',', ';', ' ']).to_owned()
}

impl ShotParams {
    fn still(&self, name: &str) -> Line {
        let subject = [part(name), part(&self.subject)].into_iter().filter(|s| !s.is_empty());
        let subject = subject.collect::<Vec<_>>().join(", ");
        let framing = self.framing.phrase();
        let head = if subject.is_empty() { framing.to_owned() } else { format!("{framing} of {subject}") };
        let lens = match part(&self.lens) {
            lens if lens.is_empty() || lens.to_ascii_lowercase().contains("lens") => lens,
            lens => format!("{lens} lens"),
        };
        let extra = Line::parse(&self.extra);
        let angle = self.angle.phrase().to_owned();
        let rest = [&self.action, &self.setting].map(|t| part(t)).into_iter().chain([angle, lens]);
        let rest = rest.chain([&self.lighting, &self.look, &extra.words].map(|t| part(t)));
        let words = std::iter::once(head).chain(rest).filter(|t| !t.is_empty()).collect::<Vec<_>>();
        let mut line = Line::of_words(words.join(", "));
        line.set("ar", part(&self.aspect));
        if !part(&self.negative).is_empty() {
            line.set("no", part(&self.negative));
        }
        line.join(&extra);
        line
    }

    fn motion(&self, name: &str) -> String {
        let detail = part(&self.move_detail);
        let phrase = self.camera_move.phrase();
        let camera = if detail.is_empty() { format!("{phrase}.") } else { format!("{phrase}, {detail}.") };
        match (part(&self.action), part(name)) {
            (action, _) if action.is_empty() => camera,
            (action, name) if name.is_empty() => format!("{camera} {}.", prompt::capital(&action)),
            (action, name) => format!("{camera} {name}: {action}."),
        }
    }
}

/// Width and height of an aspect such as `16:9`.
pub(crate) fn aspect(text: &str) -> Result<(u32, u32)> {
    let parse = || {
        let (w, h) = text.trim().split_once(':')?;
        let (w, h) = (w.trim().parse().ok()?, h.trim().parse().ok()?);
        (w > 0 && h > 0 && w <= 100_000 && h <= 100_000).then_some((w, h))
    };
    parse().ok_or_else(|| {
        Error::usage(format!("“{}” is no aspect", text.chars().take(40).collect::<String>()))
            .at("aspect")
            .help("write width and height as whole numbers, such as 16:9")
    })
}

/// The tool.
pub struct Shot;

impl Tool for Shot {
    type Params = ShotParams;

    fn spec() -> Spec {
        Spec::new("plan/shot", 1, "Shot", docs!())
            .search(&["prompt", "midjourney", "framing", "camera", "compose", "line"])
            .input(Port::of(ValueType::Style).optional())
            .input(Port::of(ValueType::Character).optional())
            .output(Port::named("still", ValueType::Text))
            .output(Port::named("motion", ValueType::Text))
            .class(Class::Value)
    }

    fn describe(p: &ShotParams, cx: &DescribeCx<'_>) -> Result<Described> {
        aspect(&p.aspect)?;
        let character = match cx.input("character") {
            Some(Desc::Character(character)) => Some(character),
            _ => None,
        };
        let name = character.map_or("", |c| c.name.as_str());
        let (still, motion) = (p.still(name), p.motion(name));
        let mut line = still.clone();
        if let Some(Desc::Style(style)) = cx.input("style") {
            line.style(style);
        }
        if let Some(character) = character {
            line.character(character);
        }
        let texts = [still.to_string(), motion.clone()].map(|t| Desc::Text(t.into()));
        let described = Described { outputs: texts.into(), ..Described::default() }
            .word(format!("Still: {}", still.words))
            .word(format!("Motion: {motion}"))
            .word(format!("Midjourney: {line}"));
        Ok(match line.hint() {
            Some(hint) => described.word(hint),
            None => described,
        })
    }

    fn lint(p: &ShotParams, _: &DescribeCx<'_>) -> Vec<Advice> {
        let mut advice = Vec::new();
        for (name, text) in
            [("subject", &p.subject), ("setting", &p.setting), ("look", &p.look), ("extra", &p.extra)]
        {
            let Some((at, framing)) = prompt::first(text, prompt::FRAMINGS) else { continue };
            let named = text.get(at.clone()).unwrap_or(framing);
            advice.push(
                Advice::new(
                    "framing_first",
                    format!("{name} names a framing, “{named}”"),
                    "the framing counts most as the first words of a still prompt, and two of them contradict",
                )
                .set("framing", framing)
                .set(name, prompt::without(text, &at)),
            );
        }
        if let Some((at, camera)) = prompt::first(&p.action, prompt::MOVES) {
            let named = p.action.get(at.clone()).unwrap_or(camera);
            let mut found = Advice::new(
                "camera_first",
                format!("action names a camera move, “{named}”"),
                "video models follow the camera best when its move comes before what the subject does",
            );
            if !camera.is_empty() {
                found = found.set("camera_move", camera).set("action", prompt::without(&p.action, &at));
            }
            advice.push(found);
        }
        let still = p.still("").words;
        advice.extend(text::contradiction(&format!("{still}. {}", p.motion(""))));
        let unwanted = p.negative.split(',').map(|w| w.trim().to_ascii_lowercase()).filter(|w| !w.is_empty());
        for word in unwanted {
            if prompt::find(&still, &word).is_some() {
                advice.push(Advice::new(
                    "contradictory_words",
                    format!("“{word}” is both asked for and ruled out"),
                    "a model that is told both makes neither; take one of them out",
                ));
            }
        }
        advice
    }
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;
    use serde_json::json;

    fn bench() -> Bench {
        let shot = json!({
            "framing": "medium_close_up", "lens": "85 mm", "camera_move": "push_in", "move_detail": "slow",
            "subject": "an astronaut in an orange suit", "action": "she turns to the window.",
            "setting": "a studio", "lighting": "soft key light", "look": "fine film stock",
            "negative": "text, logo", "extra": "dust in the air --raw --s 50",
        });
        Bench::new(&[("shot", "plan/shot", shot)], &[])
    }

    #[test]
    fn prompts_are_composed_in_the_order_that_models_weigh() {
        let bench = bench();
        assert_eq!(
            bench.text("shot", 0),
            "Medium close-up of an astronaut in an orange suit, she turns to the window, a studio, eye level, \
             85 mm lens, soft key light, fine film stock, dust in the air --ar 16:9 --s 50 --no text, logo --raw"
        );
        assert_eq!(bench.text("shot", 1), "Push in, slow. She turns to the window.");
        let plain = Bench::new(&[("shot", "plan/shot", json!({}))], &[]);
        assert_eq!(plain.text("shot", 0), "Medium shot, eye level --ar 16:9");
        assert_eq!(plain.text("shot", 1), "Static camera.");
        assert!(plain.advice("shot").is_empty() && bench.advice("shot").is_empty());
    }

    #[test]
    fn the_midjourney_line_holds_board_and_reference() {
        let mut nodes = vec![
            ("board", "plan/mood_board", json!({"images": ["1.png"], "midjourney_codes": "271828 pabc123"})),
            ("face", "plan/omni_reference", json!({"images": ["2.png"], "name": "Eileen", "weight": 200})),
            ("shot", "plan/shot", json!({"subject": "an astronaut", "negative": "text", "extra": "--raw"})),
        ];
        nodes.rotate_left(1);
        let bench = Bench::new(&nodes, &["board.style shot.style", "face.character shot.character"]);
        let words = bench.words("shot");
        let line = words.iter().find_map(|w| w.strip_prefix("Midjourney: ")).unwrap();
        assert_eq!(
            line,
            "Medium shot of Eileen, an astronaut, eye level --ar 16:9 --oref <2.png> --ow 200 \
             --sref 271828 <1.png> --p pabc123 --no text --raw"
        );
        assert!(words.iter().any(|w| w.contains("web address")));
    }

    #[test]
    fn misplaced_and_contradictory_words_are_seen_and_fixed() {
        let bench = bench().set("shot", "subject", json!("wide shot of a rocket"));
        let advice = bench.advice("shot");
        assert_eq!(advice[0].rule, "framing_first");
        assert_eq!(advice[0].fix, [("framing".into(), json!("wide")), ("subject".into(), json!("a rocket"))]);
        let bench = bench.set("shot", "subject", json!("a rocket")).set(
            "shot",
            "action",
            json!("it rises, crane up"),
        );
        let advice = bench.advice("shot");
        assert_eq!(advice[0].rule, "camera_first");
        assert_eq!(
            advice[0].fix,
            [("camera_move".into(), json!("crane_up")), ("action".into(), json!("it rises"))]
        );
        let bench = bench.set("shot", "action", json!("")).set("shot", "negative", json!("film stock"));
        assert_eq!(bench.advice("shot")[0].rule, "contradictory_words");
        let bench = bench.set("shot", "negative", json!("")).set("shot", "aspect", json!("wide"));
        assert!(bench.error("shot").help_text().contains("16:9"));
    }
}
