//! A camera before a picture that stands upright as a plane: where each pixel of the view looks.

use crate::warp::Map;

/// Where the camera is and how it looks. All zero at zoom 1 is where the picture just fills the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pose {
    /// Focal length over that at which the picture fills the frame.
    pub(crate) zoom: f64,
    /// Turn to the right, in degrees.
    pub(crate) pan: f64,
    /// Turn upwards, in degrees.
    pub(crate) tilt: f64,
    /// Turn about the line of sight, the camera clockwise, in degrees.
    pub(crate) roll: f64,
    /// Move to the right, in pixels of the picture.
    pub(crate) x: f64,
    /// Move down, in pixels of the picture.
    pub(crate) y: f64,
    /// Move towards the picture, in its pixels.
    pub(crate) z: f64,
    /// Horizontal angle of view at zoom 1, in degrees: how strong perspective is.
    pub(crate) fov: f64,
}

impl Pose {
    /// The picture just filling the frame.
    pub(crate) const REST: Self =
        Self { zoom: 1.0, pan: 0.0, tilt: 0.0, roll: 0.0, x: 0.0, y: 0.0, z: 0.0, fov: 50.0 };

    /// Whether nothing moves.
    pub(crate) fn is_rest(&self) -> bool {
        Self { fov: Self::REST.fov, ..*self } == Self::REST
    }

    /// How far the camera at rest stands from a picture of `width`, in its pixels.
    pub(crate) fn distance(&self, width: f64) -> f64 {
        width / 2.0 / (self.fov.clamp(1.0, 170.0) / 2.0).to_radians().tan()
    }

    /// Where each pixel of a view of `width` by `height` looks on a picture of that size.
    pub(crate) fn to_picture(self, width: f64, height: f64) -> Map {
        let distance = self.distance(width);
        let focal = distance * self.zoom;
        // Short of the picture there is always a little way left.
        let way = (distance - self.z).max(distance * 0.01);
        let rays = turned(self.pan, self.tilt, self.roll).after(Map::scale(1.0 / focal, 1.0 / focal));
        let [across, down, ahead] = rays.0;
        let row = |at: f64, along: [f64; 3]| [0, 1, 2].map(|i| at * ahead[i] + way * along[i]);
        Map::shift(width / 2.0, height / 2.0)
            .after(Map([row(self.x, across), row(self.y, down), ahead]))
            .after(Map::shift(-width / 2.0, -height / 2.0))
    }
}

/// The camera's axes in the world's (right, down, ahead): rolled, then tilted, then panned.
fn turned(pan: f64, tilt: f64, roll: f64) -> Map {
    let (sp, cp) = pan.to_radians().sin_cos();
    let (st, ct) = tilt.to_radians().sin_cos();
    Map([[cp, 0.0, sp], [0.0, 1.0, 0.0], [-sp, 0.0, cp]])
        .after(Map([[1.0, 0.0, 0.0], [0.0, ct, -st], [0.0, st, ct]]))
        .after(Map::turn(roll))
}

/// How a hand shakes: offsets of pan, tilt and roll in degrees and of x and y in parts of the width, for an amount
/// of 1. Smooth noise of two speeds from integer hashes, so that it is the same everywhere.
pub(crate) fn shake(seed: u32, seconds: f64, rate: f64) -> [f64; 5] {
    const REACH: [f64; 5] = [0.6, 0.5, 0.35, 0.004, 0.004];
    let time = seconds * rate;
    let mut out = REACH;
    for (channel, value) in out.iter_mut().enumerate() {
        let channel = channel as u32;
        let sway = smooth(seed, channel, time * 0.9);
        let tremor = smooth(seed, channel + 16, time * 3.1);
        *value *= 0.8 * sway + 0.2 * tremor;
    }
    out
}

/// Noise between -1 and 1 with a new value each unit of time, and no corner between them.
fn smooth(seed: u32, channel: u32, time: f64) -> f64 {
    let cell = time.floor();
    let t = time - cell;
    let eased = t * t * t * (t * (t * 6.0 - 15.0) + 10.0);
    let at = |cell: f64| unit(seed, channel, cell as i64 as u32) * 2.0 - 1.0;
    let (a, b) = (at(cell), at(cell + 1.0));
    a + (b - a) * eased
}

/// A number from 0 to 1 by an integer hash of three words.
pub(crate) fn unit(seed: u32, channel: u32, cell: u32) -> f64 {
    let mut hash = seed ^ 0x9e37_79b9;
    for word in [channel, cell, 0x85eb_ca6b] {
        // PCG (Jarzynski and Olano 2020).
        let state = (hash ^ word).wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
        let mixed = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
        hash = (mixed >> 22) ^ mixed;
    }
    f64::from(hash) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(pose: Pose, at: [f64; 2]) -> [f64; 2] {
        pose.to_picture(200.0, 100.0).apply(at).unwrap()
    }

    #[track_caller]
    fn near(a: [f64; 2], b: [f64; 2]) {
        assert!((a[0] - b[0]).abs() < 1e-6 && (a[1] - b[1]).abs() < 1e-6, "{a:?} {b:?}");
    }

    #[test]
    fn at_rest_every_pixel_looks_at_itself() {
        for fov in [20.0, 50.0, 120.0] {
            near(seen(Pose { fov, ..Pose::REST }, [13.0, 77.0]), [13.0, 77.0]);
        }
    }

    #[test]
    fn known_moves_look_at_known_points() {
        near(seen(Pose { zoom: 2.0, ..Pose::REST }, [0.0, 0.0]), [50.0, 25.0]);
        near(seen(Pose { x: 10.0, y: -5.0, ..Pose::REST }, [30.0, 40.0]), [40.0, 35.0]);
        // Half the way there, everything is twice as large.
        let z = Pose::REST.distance(200.0) / 2.0;
        near(seen(Pose { z, ..Pose::REST }, [0.0, 0.0]), [50.0, 25.0]);
        // The camera rolls clockwise: its right edge looks at what lies below.
        near(seen(Pose { roll: 90.0, ..Pose::REST }, [120.0, 50.0]), [100.0, 70.0]);
        // At 90° the picture is as far away as half its width; 45° to the right the centre looks at its edge.
        let wide = Pose { fov: 90.0, ..Pose::REST };
        near(seen(Pose { pan: 45.0, ..wide }, [100.0, 50.0]), [200.0, 50.0]);
        near(
            seen(Pose { tilt: 20.0, ..wide }, [100.0, 50.0]),
            [100.0, 50.0 - 100.0 * 20f64.to_radians().tan()],
        );
    }

    #[test]
    fn a_hand_shakes_smoothly_and_never_far() {
        let mut last = shake(7, 0.0, 1.0);
        for i in 1..2000 {
            let now = shake(7, f64::from(i) / 240.0, 1.0);
            assert!(now[0].abs() <= 0.6 && now[4].abs() <= 0.004);
            assert!((now[0] - last[0]).abs() < 0.02, "a jump at {i}");
            last = now;
        }
        assert_ne!(shake(7, 3.3, 1.0), shake(8, 3.3, 1.0));
    }
}
