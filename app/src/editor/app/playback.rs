//! The clock of the playhead: true rate, whatever the pictures take. Where sound plays, it is the clock.

use crate::editor::panels::transport::LoopMode;
use rushes_engine::Rate;
use std::time::{Duration, Instant};

const SECOND: Duration = Duration::from_secs(1);

/// What time is told by.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Clock {
    /// The machine.
    Wall,
    /// Sound that is about to be heard: the playhead waits for it.
    Waiting,
    /// Sound, of which so many seconds have been heard.
    Sound(f64),
}

/// The playhead and how it moves.
#[derive(Clone, Debug, Default)]
pub(super) struct Playback {
    /// The frame, from 0.
    pub(super) frame: i64,
    /// How fast and which way; 0 stands still.
    pub(super) speed: f32,
    /// What it does at the end.
    pub(super) mode: LoopMode,
    run: Option<Run>,
    /// Grows whenever it begins anew.
    runs: u64,
    /// Since when it has played at this speed.
    since: Option<Instant>,
    shown: Vec<Instant>,
}

/// Since when it has played without a jump, and from where.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Run {
    began: Instant,
    from: i64,
    forward: bool,
    range: [i64; 2],
    rate: Rate,
}

impl Playback {
    /// Goes to a frame and goes on from there.
    pub(super) fn seek(&mut self, frame: i64) {
        self.frame = frame;
        self.run = None;
    }

    /// Plays at a speed from here; 0 stops.
    pub(super) fn play(&mut self, speed: f32) {
        self.speed = speed;
        (self.run, self.since) = (None, None);
        self.shown.clear();
    }

    /// Names the present stretch of play; another one has begun where it is another.
    pub(super) fn run(&self) -> u64 {
        self.runs
    }

    /// The frame that the present stretch of play began at.
    pub(super) fn began_at(&self) -> Option<i64> {
        self.run.map(|run| run.from)
    }

    /// Moves the playhead to where it is at `now`, between the first and the last frame of `range`; true if it moved.
    pub(super) fn advance(&mut self, now: Instant, clock: Clock, rate: Rate, range: [i64; 2]) -> bool {
        let [first, last] = range;
        if self.speed == 0.0 || last <= first {
            self.run = None;
            return false;
        }
        self.since.get_or_insert(now);
        let old = self.frame;
        let kept = self.run.filter(|run| (run.range, run.rate) == (range, rate));
        let mut run = kept.unwrap_or_else(|| {
            self.runs += 1;
            let forward = self.speed > 0.0;
            Run { began: now, from: self.start(range), forward, range, rate }
        });
        let seconds = match clock {
            Clock::Wall => now.duration_since(run.began).as_secs_f64(),
            Clock::Waiting => 0.0,
            Clock::Sound(heard) => heard.max(0.0),
        };
        // Should the sound end, the machine's clock goes on from there.
        if clock != Clock::Wall {
            run.began = now.checked_sub(Duration::from_secs_f64(seconds)).unwrap_or(now);
        }
        let steps = (seconds * rate.as_f64() * f64::from(self.speed.abs())).floor() as i64;
        let place = walk(self.mode, range, run.from, run.forward, steps);
        self.frame = place.frame;
        self.run = Some(run);
        if place.ended {
            self.play(0.0);
        } else if (self.speed > 0.0) != place.forward {
            self.speed = -self.speed;
        }
        self.frame != old
    }

    /// Where play begins: here, unless here is outside or there is nowhere to go.
    fn start(&self, range: [i64; 2]) -> i64 {
        let [first, last] = range;
        let forward = self.speed > 0.0;
        let (begin, end) = if forward { (first, last) } else { (last, first) };
        let stuck = self.mode == LoopMode::Once && self.frame == end;
        if stuck || !(first..=last).contains(&self.frame) { begin } else { self.frame }
    }

    /// The frames that come next, nearest first.
    pub(super) fn ahead(&self, range: [i64; 2], count: i64) -> Vec<i64> {
        if self.speed == 0.0 || range[1] <= range[0] {
            return Vec::new();
        }
        let stride = (self.speed.abs().round() as i64).max(1);
        let from = self.frame.clamp(range[0], range[1]);
        let place = |n| walk(self.mode, range, from, self.speed > 0.0, n * stride).frame;
        (1..=count).map(place).collect()
    }

    /// Notes that a picture came onto the screen.
    pub(super) fn picture_shown(&mut self, now: Instant) {
        self.shown.push(now);
        self.shown.retain(|t| now.duration_since(*t) < SECOND);
    }

    /// Pictures shown a second, counted over the last one; nothing until it has played for a while.
    pub(super) fn shown_rate(&self, now: Instant) -> Option<f32> {
        let spent = now.duration_since(self.since?).min(SECOND);
        let counted = self.shown.iter().filter(|t| now.duration_since(**t) < spent).count();
        (spent >= SECOND / 2).then(|| counted as f32 / spent.as_secs_f32())
    }
}

/// Where so many steps lead.
struct Place {
    frame: i64,
    forward: bool,
    ended: bool,
}

fn walk(mode: LoopMode, [first, last]: [i64; 2], from: i64, forward: bool, steps: i64) -> Place {
    let length = last - first + 1;
    let at = from - first;
    match mode {
        LoopMode::Loop => {
            let steps = steps % length;
            let to = if forward { at + steps } else { at - steps };
            Place { frame: first + to.rem_euclid(length), forward, ended: false }
        }
        LoopMode::Once => {
            let to = if forward { at.saturating_add(steps) } else { at.saturating_sub(steps) };
            let ended = !(0..length).contains(&to);
            Place { frame: first + to.clamp(0, length - 1), forward, ended }
        }
        LoopMode::PingPong => {
            // There and back is one round, in which both ends are met once.
            let round = 2 * (length - 1);
            let phase = (if forward { at } else { round - at } + steps % round).rem_euclid(round);
            let there = phase < length - 1;
            Place { frame: first + if there { phase } else { round - phase }, forward: there, ended: false }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [i64; 2] = [0, 239];

    fn at(p: &mut Playback, t0: Instant, ms: u64, range: [i64; 2]) -> i64 {
        p.advance(t0 + Duration::from_millis(ms), Clock::Wall, Rate::FILM, range);
        p.frame
    }

    #[test]
    fn the_playhead_keeps_true_time_and_drops_frames_rather_than_slowing() {
        let mut p = Playback::default();
        p.play(1.0);
        let t0 = Instant::now();
        assert!(!p.advance(t0, Clock::Wall, Rate::FILM, ALL));
        assert_eq!(at(&mut p, t0, 1_000, ALL), 24);
        assert_eq!(at(&mut p, t0, 10_500, ALL), 12, "it went round");
        p.play(-2.0);
        let t1 = t0 + Duration::from_secs(60);
        assert_eq!((at(&mut p, t1, 0, ALL), at(&mut p, t1, 1_000, ALL)), (12, 204));
    }

    #[test]
    fn once_it_stops_at_the_end_and_begins_again_from_there() {
        let mut p = Playback { mode: LoopMode::Once, ..Playback::default() };
        let t0 = Instant::now();
        p.play(1.0);
        assert_eq!((at(&mut p, t0, 0, [0, 9]), at(&mut p, t0, 5_000, [0, 9]), p.speed), (0, 9, 0.0));
        p.play(1.0);
        assert_eq!(at(&mut p, t0, 6_000, [0, 9]), 0, "there was nowhere to go");
        p.play(-1.0);
        p.frame = 4;
        assert_eq!((at(&mut p, t0, 0, [0, 9]), at(&mut p, t0, 5_000, [0, 9]), p.speed), (4, 0, 0.0));
    }

    #[test]
    fn it_plays_between_in_and_out_and_comes_in_from_outside() {
        let mut p = Playback::default();
        let t0 = Instant::now();
        p.play(1.0);
        let range = [100, 123];
        assert_eq!(at(&mut p, t0, 0, range), 100);
        assert_eq!(at(&mut p, t0, 999, range), 123);
        assert_eq!(at(&mut p, t0, 1_010, range), 100);
        // A new in point takes effect where it plays.
        assert_eq!(at(&mut p, t0, 1_020, [110, 123]), 110);
    }

    #[test]
    fn to_and_fro_meets_both_ends_once() {
        let mut p = Playback { mode: LoopMode::PingPong, ..Playback::default() };
        let t0 = Instant::now();
        p.play(1.0);
        let range = [5, 8];
        let seen: Vec<i64> = (0..10).map(|f| at(&mut p, t0, (f * 1000_u64).div_ceil(24), range)).collect();
        assert_eq!(seen, [5, 6, 7, 8, 7, 6, 5, 6, 7, 8]);
        assert_eq!(p.speed, -1.0, "it is on its way back");
        assert_eq!(p.ahead(range, 4), [7, 6, 5, 6]);
    }

    #[test]
    fn the_reached_rate_is_of_the_last_second_and_falls_when_nothing_comes() {
        let mut p = Playback::default();
        p.play(1.0);
        let t0 = Instant::now();
        let at = |ms| t0 + Duration::from_millis(ms);
        p.advance(t0, Clock::Wall, Rate::FILM, ALL);
        for n in 1..=12 {
            p.picture_shown(at(n * 50));
        }
        assert_eq!(p.shown_rate(at(400)), None, "too soon to say");
        assert_eq!(p.shown_rate(at(600)).map(f32::round), Some(20.0));
        assert_eq!(p.shown_rate(at(1_301)).map(f32::round), Some(6.0));
        assert_eq!(p.shown_rate(at(3_000)), Some(0.0));
        p.play(0.0);
        assert_eq!(p.shown_rate(at(3_000)), None);
    }

    #[test]
    fn sound_is_the_clock_and_the_playhead_waits_for_it() {
        let mut p = Playback::default();
        p.play(1.0);
        let t0 = Instant::now();
        let mut tick = |ms, clock| {
            p.advance(t0 + Duration::from_millis(ms), clock, Rate::FILM, ALL);
            p.frame
        };
        assert_eq!([tick(0, Clock::Waiting), tick(400, Clock::Waiting)], [0, 0]);
        assert_eq!(tick(500, Clock::Sound(0.05)), 1);
        assert_eq!(tick(2_500, Clock::Sound(1.0)), 24, "not by the machine's clock");
        assert_eq!(tick(3_000, Clock::Wall), 36, "which goes on where the sound ended");
    }
}
