//! Frames along the screen: which stretch of them is seen, and where marks go.

/// Frames across a stretch of the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Axis {
    /// Where the first seen frame lies.
    pub left: f32,
    /// Points across.
    pub width: f32,
    /// The first seen frame.
    pub first: f64,
    /// Frames from the left edge to the right.
    pub span: f64,
}

impl Axis {
    /// Where a frame lies.
    pub fn x(&self, frame: f64) -> f32 {
        self.left + ((frame - self.first) / self.span) as f32 * self.width
    }

    /// The frame at a place, which may lie between two.
    pub fn frame(&self, x: f32) -> f64 {
        self.first + f64::from((x - self.left) / self.width.max(1.0)) * self.span
    }

    /// Points from one frame to the next.
    pub fn step(&self) -> f32 {
        self.width / self.span as f32
    }

    /// Whether a frame is seen, or nearly.
    pub fn sees(&self, frame: f64) -> bool {
        let slack = f64::from(8.0 / self.step().max(f32::MIN_POSITIVE));
        (self.first - slack..=self.first + self.span + slack).contains(&frame)
    }
}

/// The fewest frames that fill the width.
const CLOSEST: f64 = 4.0;

/// Which frames are seen: all of them until somebody looks closer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Zoom(Option<[f64; 2]>);

impl Zoom {
    /// The axis over `width` points from `left`, where `end` is the last frame.
    pub fn axis(&self, left: f32, width: f32, end: f64) -> Axis {
        let [first, span] = self.seen(end);
        Axis { left, width: width.max(1.0), first, span }
    }

    /// The first seen frame and how many fill the width, inside what there is.
    fn seen(&self, end: f64) -> [f64; 2] {
        let end = end.max(1.0);
        let [first, span] = self.0.unwrap_or([0.0, end]);
        let span = span.clamp(CLOSEST.min(end), end);
        [first.clamp(0.0, end - span), span]
    }

    fn see(&mut self, end: f64, first: f64, span: f64) {
        self.0 = (span < end).then_some([first, span]);
        let inside = self.seen(end);
        self.0 = self.0.map(|_| inside);
    }

    /// Looks closer by `factor`, keeping the frame `at` where it is.
    pub fn scale(&mut self, end: f64, at: f64, factor: f64) {
        let [first, span] = self.seen(end);
        let new = (span / factor.max(1e-3)).clamp(CLOSEST.min(end), end.max(1.0));
        self.see(end, at - (at - first) * new / span, new);
    }

    /// Goes on by so many frames.
    pub fn pan(&mut self, end: f64, by: f64) {
        let [first, span] = self.seen(end);
        self.see(end, first + by, span);
    }

    /// Shows from one frame to another with a little room around.
    pub fn fit(&mut self, end: f64, from: f64, to: f64) {
        let span = ((to - from) * 1.1).max(CLOSEST);
        self.see(end, (from + to - span) / 2.0, span);
    }

    /// Shows everything.
    pub fn all(&mut self) {
        self.0 = None;
    }

    /// Turns the page when the playhead has left what is seen.
    pub fn follow(&mut self, end: f64, frame: f64) {
        let [first, span] = self.seen(end);
        if !(first..=first + span).contains(&frame) {
            self.see(end, frame, span);
        }
    }
}

/// Frames between two marks of a ruler that have `wanted` frames of room each. With `base`, the whole frames of a second,
/// they fall on seconds where they can.
pub fn frame_step(wanted: f64, base: Option<i64>) -> i64 {
    const FRAMES: [i64; 17] = [1, 2, 4, 6, 12, 24, 48, 72, 96, 120, 240, 480, 960, 2400, 4800, 9600, 24_000];
    const SECONDS: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
    let fits = |step: &i64| *step as f64 >= wanted;
    let coarse = |step: i64| step * (wanted / step as f64).ceil().max(1.0) as i64;
    match base {
        None => FRAMES.into_iter().find(fits).unwrap_or_else(|| coarse(24_000)),
        Some(base) => {
            let parts = FRAMES.into_iter().filter(|s| *s < base && base % s == 0);
            let all = parts.chain(SECONDS.into_iter().map(|s| s * base.max(1)));
            all.into_iter().find(fits).unwrap_or_else(|| coarse(3600 * base.max(1)))
        }
    }
}

/// Round values from `low` to `high`, at most about `most` of them: steps of 1, 2 or 5 times a power of ten. Gives the
/// step and the values.
pub fn nice_ticks(low: f64, high: f64, most: usize, whole: bool) -> (f64, Vec<f64>) {
    let span = high - low;
    if !(span.is_finite() && span > 0.0) {
        return (1.0, vec![low]);
    }
    let rough = span / most.max(1) as f64;
    let power = 10f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|s| *s >= rough * (1.0 - 1e-9));
    let step = step.unwrap_or(10.0 * power);
    let step = if whole { step.max(1.0) } else { step };
    let (from, to) = ((low / step - 1e-9).ceil() as i64, (high / step + 1e-9).floor() as i64);
    (step, (from..=to).map(|i| i as f64 * step).collect())
}

/// A value to as many digits as steps of `step` need.
pub fn tick_words(value: f64, step: f64) -> String {
    let digits = (-step.log10().floor()).clamp(0.0, 9.0) as usize;
    let text = format!("{value:.digits$}");
    if text.trim_start_matches(['-', '0', '.']).is_empty() { "0".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looking_closer_keeps_the_frame_under_the_pointer() {
        let mut zoom = Zoom::default();
        let place = |z: &Zoom| z.axis(100.0, 480.0, 239.0).x(96.0);
        let before = place(&zoom);
        for factor in [1.3, 2.0, 1.7, 0.8] {
            zoom.scale(239.0, 96.0, factor);
            assert!((place(&zoom) - before).abs() < 0.01, "{zoom:?}");
        }
        let axis = zoom.axis(100.0, 480.0, 239.0);
        assert!((axis.frame(axis.x(77.0)) - 77.0).abs() < 1e-3);
        zoom.scale(239.0, 96.0, 1e-3);
        assert_eq!(zoom, Zoom::default(), "all of it is the widest");
    }

    #[test]
    fn what_is_seen_stays_within_what_there_is() {
        let mut zoom = Zoom::default();
        zoom.fit(239.0, 200.0, 230.0);
        zoom.pan(239.0, 1e6);
        let axis = zoom.axis(0.0, 100.0, 239.0);
        assert!((axis.first + axis.span - 239.0).abs() < 1e-9);
        zoom.follow(239.0, 10.0);
        assert!((zoom.axis(0.0, 100.0, 239.0).first - 10.0).abs() < 1e-9);
        zoom.fit(3.0, 1.0, 1.0);
        assert_eq!(zoom.axis(0.0, 100.0, 3.0).span, 3.0, "a short clip is seen whole");
    }

    #[test]
    fn marks_have_room_and_fall_on_seconds_where_asked() {
        assert_eq!((frame_step(20.0, None), frame_step(25.0, None)), (24, 48));
        assert_eq!((frame_step(20.0, Some(25)), frame_step(26.0, Some(25))), (25, 50));
        assert_eq!(frame_step(0.4, Some(24)), 1);
        assert!(frame_step(1e7, None) as f64 >= 1e7);
    }

    /// The definition: at most as many as asked, all inside, 1 2 or 5 times a power of ten apart, and no finer such step
    /// would do.
    #[test]
    fn values_on_the_axis_are_round() {
        for (low, high) in [(0.0, 1.0), (-3.2, 17.0), (0.001, 0.0042), (1e6, 3e6), (-1.0, -0.25)] {
            let (step, ticks) = nice_ticks(low, high, 5, false);
            let mantissa = step / 10f64.powf(step.log10().floor());
            assert!([1.0, 2.0, 5.0, 10.0].iter().any(|m| (mantissa - m).abs() < 1e-6), "{step}");
            assert!(!ticks.is_empty() && ticks.len() <= 6, "{ticks:?}");
            assert!(ticks.iter().all(|t| *t >= low - step * 1e-6 && *t <= high + step * 1e-6), "{ticks:?}");
            assert!(step / 2.5 < (high - low) / 5.0 + 1e-12, "{step} is too coarse");
        }
        assert_eq!(nice_ticks(0.0, 3.0, 12, true).1, [0.0, 1.0, 2.0, 3.0]);
        assert_eq!(nice_ticks(2.0, 2.0, 5, false).1, [2.0]);
        assert_eq!((tick_words(0.30000000000000004, 0.1), tick_words(-0.0, 0.5)), ("0.3".into(), "0".into()));
    }
}
