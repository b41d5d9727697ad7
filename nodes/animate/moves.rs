//! Camera moves by their names in a motion prompt, as paths of a camera before a still.

use super::pose::{Pose, shake, unit};
pub(crate) use crate::plan::shot::CameraMove as Move;

impl Move {
    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Static => "static",
            Self::Handheld => "handheld",
            Self::PushIn => "push in",
            Self::PullOut => "pull out",
            Self::PanLeft => "pan left",
            Self::PanRight => "pan right",
            Self::TiltUp => "tilt up",
            Self::TiltDown => "tilt down",
            Self::OrbitLeft => "orbit left",
            Self::OrbitRight => "orbit right",
            Self::CraneUp => "crane up",
            Self::CraneDown => "crane down",
        }
    }
}

/// What a motion prompt says of the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Said {
    /// The first move that it names.
    pub(crate) camera: Move,
    /// How far the move goes: 1 unless the sentence says slow or fast.
    pub(crate) extent: f64,
}

/// Verbs with the moves they mean before one of two directions.
const DIRECTED: &[(&[&str], [(&[&str], Move); 2])] = &[
    (
        &["push", "dolly", "zoom", "move", "track"],
        [
            (&["in", "inward", "forward", "closer"], Move::PushIn),
            (&["out", "back", "backward", "away"], Move::PullOut),
        ],
    ),
    (&["pull"], [(&["out", "back", "backward", "away"], Move::PullOut), (&["in", "closer"], Move::PushIn)]),
    (&["pan"], [(&["left"], Move::PanLeft), (&["right"], Move::PanRight)]),
    (
        &["tilt"],
        [(&["up", "upward", "upwards"], Move::TiltUp), (&["down", "downward", "downwards"], Move::TiltDown)],
    ),
    (
        &["orbit", "arc", "circle"],
        [
            (&["left", "anticlockwise", "counterclockwise"], Move::OrbitLeft),
            (&["right", "clockwise"], Move::OrbitRight),
        ],
    ),
    (
        &["crane", "boom", "pedestal", "jib"],
        [
            (&["up", "upward", "upwards"], Move::CraneUp),
            (&["down", "downward", "downwards"], Move::CraneDown),
        ],
    ),
];

/// Words that may stand between a verb and its direction: “pans slowly to the left”, but not “tilts her head up”.
const BETWEEN: &[&str] = &[
    "slow", "slowly", "gentle", "gently", "slight", "slightly", "subtle", "subtly", "fast", "quick",
    "quickly", "rapidly", "smoothly", "steadily", "very", "to", "the", "towards", "shot", "move",
];

/// The first camera move that a motion prompt names, if it names one.
pub(crate) fn read(text: &str) -> Option<Said> {
    text.split(['.', ';', '\n']).find_map(|sentence| {
        let lower = sentence.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).collect();
        // People move and track as well.
        let told = words.contains(&"camera") || words.contains(&"shot");
        let moves = |word: &str| is_form(word, "move") || is_form(word, "track");
        let camera = (0..words.len()).find_map(|i| {
            let words = words.get(i..).filter(|w| told || !w.first().is_some_and(|w| moves(w)))?;
            named(words)
        })?;
        let says = |list: &[&str]| words.iter().any(|w| list.contains(w));
        let extent = if says(&["slow", "slowly", "gentle", "gently", "subtle", "slight", "slightly"]) {
            0.6
        } else if says(&["fast", "quick", "quickly", "rapid", "rapidly", "dramatic"]) {
            1.6
        } else {
            1.0
        };
        Some(Said { camera, extent })
    })
}

/// The move that the words begin with.
fn named(words: &[&str]) -> Option<Move> {
    let (first, rest) = words.split_first()?;
    match *first {
        "static" | "locked" | "tripod" | "motionless" => return Some(Move::Static),
        "handheld" => return Some(Move::Handheld),
        "hand" if rest.first() == Some(&"held") => return Some(Move::Handheld),
        _ => {}
    }
    let (_, ways) = DIRECTED.iter().find(|(verbs, _)| verbs.iter().any(|verb| is_form(first, verb)))?;
    let direction = rest.iter().find(|word| !BETWEEN.contains(word))?;
    ways.iter().find(|(directions, _)| directions.contains(direction)).map(|(_, camera)| *camera)
}

/// Whether a word is a verb's form: pan, pans, panning.
fn is_form(word: &str, verb: &str) -> bool {
    let stem = verb.strip_suffix('e').unwrap_or(verb);
    word.strip_prefix(stem).is_some_and(|end| {
        let end = end.strip_prefix('e').unwrap_or(end);
        let doubled = stem.chars().last().is_some_and(|c| end.strip_prefix(c) == Some("ing"));
        matches!(end, "" | "s" | "ing" | "ies") || doubled
    }) && (verb != "dolly" || word.starts_with("doll"))
}

/// A move over a shot.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    said: Said,
    seed: u32,
    width: f64,
    height: f64,
    /// Zoom that keeps the edges of the picture out of sight throughout.
    cover: f64,
}

impl Path {
    /// The path of a shot of `seconds` over a picture of `width` by `height`.
    pub(crate) fn new(said: Said, seed: u32, (width, height): (u32, u32), seconds: f64) -> Self {
        // A short shot moves less, so that its speed stays.
        let extent = said.extent * (seconds / 5.0).clamp(0.3, 1.6);
        let said = Said { extent, ..said };
        let mut path = Self { said, seed, width: f64::from(width), height: f64::from(height), cover: 1.0 };
        let covers = |path: &Self| (0..=8).all(|i| path.covers(f64::from(i) / 8.0));
        while path.cover < 3.0 && !covers(&path) {
            path.cover *= 1.01;
        }
        path
    }

    /// Where the camera is at `progress` from 0 to 1, `seconds` after the start.
    pub(crate) fn pose(&self, progress: f64, seconds: f64) -> Pose {
        let pose = self.planned(progress);
        if self.said.camera != Move::Handheld {
            return pose;
        }
        let [dp, dt, dr, dx, dy] = shake(self.seed, seconds, 1.0).map(|v| v * self.said.extent);
        Pose { pan: dp, tilt: dt, roll: dr, x: dx * self.width, y: dy * self.width, ..pose }
    }

    fn planned(&self, progress: f64) -> Pose {
        let p = progress.clamp(0.0, 1.0);
        let eased = p * p * (3.0 - 2.0 * p);
        let k = self.said.extent;
        // From one side to the other.
        let swing = (2.0 * eased - 1.0) * k;
        let distance = Pose::REST.distance(self.width);
        let mut pose = Pose { zoom: self.cover, ..Pose::REST };
        match self.said.camera {
            Move::Static => return pose,
            Move::Handheld => {
                pose.zoom *= 1.0 + 0.07 * k;
                return pose;
            }
            Move::PushIn => pose.zoom *= (1.0 + 0.18 * k).powf(eased),
            Move::PullOut => pose.zoom *= (1.0 + 0.18 * k).powf(1.0 - eased),
            Move::PanLeft => pose.pan = -3.5 * swing,
            Move::PanRight => pose.pan = 3.5 * swing,
            Move::TiltUp => pose.tilt = 3.0 * swing,
            Move::TiltDown => pose.tilt = -3.0 * swing,
            Move::OrbitLeft | Move::OrbitRight => {
                let side = if self.said.camera == Move::OrbitRight { 1.0 } else { -1.0 };
                pose.x = side * 0.12 * self.width * swing;
                pose.pan = -(pose.x / distance).atan().to_degrees();
            }
            Move::CraneUp | Move::CraneDown => {
                let side = if self.said.camera == Move::CraneDown { 1.0 } else { -1.0 };
                pose.y = side * 0.08 * self.height * swing;
                pose.tilt = 0.4 * (pose.y / distance).atan().to_degrees();
            }
        }
        // No two takes drift alike.
        let turn = unit(self.seed, 99, 0) * std::f64::consts::TAU;
        let drift = match self.said.camera {
            Move::PullOut => 1.0 - eased,
            _ => eased,
        };
        pose.x += 0.01 * k * drift * self.width * turn.cos();
        pose.y += 0.01 * k * drift * self.height * turn.sin();
        pose
    }

    fn covers(&self, progress: f64) -> bool {
        let map = self.planned(progress).to_picture(self.width, self.height);
        let (w, h) = (self.width, self.height);
        let inside = |p: [f64; 2]| (-1e-6..=w + 1e-6).contains(&p[0]) && (-1e-6..=h + 1e-6).contains(&p[1]);
        [[0.0, 0.0], [w, 0.0], [0.0, h], [w, h]].into_iter().all(|c| map.apply(c).is_some_and(inside))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_move_named_is_taken() {
        for (text, camera, extent) in [
            ("Push in, slow. A woman turns", Move::PushIn, 0.6),
            ("The camera pans slowly to the left while she tilts her head up", Move::PanLeft, 0.6),
            ("Static camera. Leaves fall down", Move::Static, 1.0),
            ("She runs. Fast dolly back", Move::PullOut, 1.6),
            ("hand-held, close behind him", Move::Handheld, 1.0),
            ("orbiting clockwise around the car", Move::OrbitRight, 1.0),
            ("Crane up over the roofs", Move::CraneUp, 1.0),
            ("zooming in on the hand", Move::PushIn, 1.0),
            ("The camera moves back quickly", Move::PullOut, 1.6),
        ] {
            assert_eq!(read(text), Some(Said { camera, extent }), "{text}");
        }
        for text in [
            "",
            "a pancake on the left",
            "She looks up and smiles",
            "the push of the crowd",
            "she tilts her head up",
            "He moves closer",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn every_move_keeps_the_edges_out_of_sight_and_does_what_it_says() {
        let path = |camera| Path::new(Said { camera, extent: 1.0 }, 3, (1920, 1080), 5.0);
        let centre = |path: &Path, progress| {
            path.pose(progress, 0.0).to_picture(1920.0, 1080.0).apply([960.0, 540.0]).unwrap()
        };
        for camera in
            [Move::PanLeft, Move::TiltUp, Move::OrbitLeft, Move::CraneUp, Move::PushIn, Move::PullOut]
        {
            let path = path(camera);
            assert!((0..=20).all(|i| path.covers(f64::from(i) / 20.0)), "{camera:?}");
            assert!(path.cover < 1.5, "{camera:?} {}", path.cover);
        }
        let ends = |camera| (centre(&path(camera), 0.0), centre(&path(camera), 1.0));
        let (from, to) = ends(Move::PanLeft);
        assert!(to[0] < from[0] - 100.0);
        let (from, to) = ends(Move::TiltUp);
        assert!(to[1] < from[1] - 80.0);
        let (from, to) = ends(Move::CraneUp);
        assert!(to[1] < from[1] - 50.0);
        let zoom = |camera, p| path(camera).pose(p, 0.0).zoom;
        assert_eq!(zoom(Move::PushIn, 0.0), 1.0, "a push in begins with the whole still");
        assert!(zoom(Move::PushIn, 1.0) > 1.15 && zoom(Move::PullOut, 0.0) > 1.15);
        assert_eq!(zoom(Move::PullOut, 1.0), 1.0);
        // An orbit keeps what it goes around in the middle and turns before it.
        let (from, to) = ends(Move::OrbitRight);
        assert!((from[0] - 960.0).abs() < 25.0 && (to[0] - 960.0).abs() < 25.0);
        assert!(path(Move::OrbitRight).pose(1.0, 0.0).pan < -5.0);
    }
}
