//! The clock of the playhead: true rate, whatever the pictures take.

use rushes_engine::Rate;
use std::time::Instant;

/// The playhead and how it moves.
#[derive(Clone, Debug)]
pub(super) struct Playback {
    /// The frame, from 0.
    pub(super) frame: i64,
    /// How fast and which way; 0 stands still.
    pub(super) speed: f32,
    /// Begins again at the end.
    pub(super) looping: bool,
    since: Option<(Instant, f64)>,
    shown: Vec<Instant>,
}

impl Default for Playback {
    fn default() -> Self {
        Self { frame: 0, speed: 0.0, looping: true, since: None, shown: Vec::new() }
    }
}

impl Playback {
    /// Goes to a frame and goes on from there.
    pub(super) fn seek(&mut self, frame: i64) {
        self.frame = frame;
        self.since = None;
    }

    /// Plays at a speed from here; 0 stops.
    pub(super) fn play(&mut self, speed: f32) {
        self.speed = speed;
        self.since = None;
        self.shown.clear();
    }

    /// Moves the playhead to where it is at `now`; true if it moved.
    pub(super) fn advance(&mut self, now: Instant, rate: Rate, frames: i64) -> bool {
        if self.speed == 0.0 || frames <= 1 {
            self.since = None;
            return false;
        }
        let (start, from) = *self.since.get_or_insert((now, self.frame as f64));
        let at = from + now.duration_since(start).as_secs_f64() * rate.as_f64() * f64::from(self.speed);
        let frame = at.floor() as i64;
        let old = self.frame;
        if (0..frames).contains(&frame) {
            self.frame = frame;
        } else if self.looping {
            self.frame = frame.rem_euclid(frames);
            self.since = Some((now, self.frame as f64));
        } else {
            self.frame = frame.clamp(0, frames - 1);
            self.speed = 0.0;
            self.since = None;
        }
        self.frame != old
    }

    /// Notes that a picture came onto the screen.
    pub(super) fn picture_shown(&mut self, now: Instant) {
        self.shown.push(now);
        self.shown.retain(|t| now.duration_since(*t).as_secs_f64() < 1.0);
    }

    /// Pictures shown in the last second, while it plays.
    pub(super) fn shown_rate(&self) -> Option<f32> {
        (self.speed != 0.0).then_some(self.shown.len() as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_playhead_keeps_true_time_and_drops_frames_rather_than_slowing() {
        let mut p = Playback::default();
        p.play(1.0);
        let t0 = Instant::now();
        assert!(!p.advance(t0, Rate::FILM, 240));
        assert!(p.advance(t0 + Duration::from_millis(1_000), Rate::FILM, 240));
        assert_eq!(p.frame, 24);
        p.advance(t0 + Duration::from_millis(10_500), Rate::FILM, 240);
        assert_eq!(p.frame, 12, "it went round");
    }

    #[test]
    fn without_loop_it_stops_at_the_end_and_backwards_at_the_beginning() {
        let mut p = Playback { looping: false, ..Playback::default() };
        let t0 = Instant::now();
        p.play(1.0);
        p.advance(t0, Rate::FILM, 10);
        p.advance(t0 + Duration::from_secs(5), Rate::FILM, 10);
        assert_eq!((p.frame, p.speed), (9, 0.0));
        p.play(-1.0);
        p.advance(t0, Rate::FILM, 10);
        p.advance(t0 + Duration::from_secs(5), Rate::FILM, 10);
        assert_eq!((p.frame, p.speed), (0, 0.0));
    }
}
