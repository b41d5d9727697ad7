//! Frames of a long-GOP clip by their number: seen for the first time and again, stepped to forwards and backwards, and
//! beside it the same frames by PyAV, in turn, each in its own process that stays open; and random frames once more by a
//! proxy of the clip.

mod peer;

use super::machine::machine;
use super::median;
use crate::cli::say;
use cpu_time::ProcessTime;
use peer::Peer;
use rushes_engine::{Cancel, Error, Result};
use rushes_gpu::DeviceChoice;
use rushes_media::{Media, ProbeOptions, ReaderPool};
use rushes_nodes::Services;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Steps at each place: more than are held around one frame.
const STEPS: u64 = 96;

/// What is measured.
pub(super) struct Scrub {
    /// The clip; one is made where there is none.
    pub(super) clip: Option<PathBuf>,
    /// Random frames.
    pub(super) visits: u32,
    /// Places from which steps are taken.
    pub(super) places: u32,
    /// Which frames; the same seed gives the same.
    pub(super) seed: u64,
    /// How long to wait before each step, as a hand does.
    pub(super) pace: Duration,
    /// A Python that has PyAV.
    pub(super) python: PathBuf,
}

/// Milliseconds of wall and of processor that one frame took.
#[derive(Clone, Copy)]
struct Cost {
    wall: f64,
    processor: f64,
}

/// The frames of one row: each inner list is asked for in one go by one side, then by the other.
struct Row {
    name: &'static str,
    turns: Vec<Vec<u64>>,
    /// Asked for before each turn, and not counted.
    from: Vec<u64>,
}

/// Measures and tells every row.
pub(super) fn run(folder: &Path, scrub: &Scrub, stop: &Cancel) -> Result<()> {
    let clip = match &scrub.clip {
        Some(clip) => clip.clone(),
        None => make(folder)?,
    };
    let (_, _, read_through) = open(&clip, folder, stop)?;
    let (media, pool, again) = open(&clip, folder, stop)?;
    let picture = pool.info().picture()?;
    say(&format!("{}, FFmpeg {}", machine(), rushes_media::version()))?;
    say(&format!(
        "{}: {} × {}, {} frames, {}",
        clip.file_name().unwrap_or_default().to_string_lossy(),
        picture.width,
        picture.height,
        picture.frames,
        picture.codec
    ))?;
    say(&format!("opened for the first time in {read_through:.1} ms, again in {again:.1} ms"))?;
    let mut peer = Peer::open(&scrub.python, &clip)?;
    match &peer {
        Some(peer) => say(&format!("beside it PyAV {}", peer.version))?,
        None => say(&format!("no PyAV beside it: {} cannot import av", scrub.python.display()))?,
    }
    say(&format!(
        "{:14} {:>6} {:>10} {:>10} {:>10} {:>10}",
        "milliseconds", "frames", "median", "90 %", "processor", "ratio"
    ))?;
    let rows = rows(scrub, picture.frames);
    for row in &rows {
        measure(row, &pool, &mut peer, scrub.pace, stop)?;
    }
    say(&format!("{:.0} MB of decoded frames held", media.cached_bytes() as f64 / 1e6))?;
    let services = Services::new(DeviceChoice::Best);
    services.media().keep_proxies(&folder.join("proxies"));
    let options = ProbeOptions { cancel: stop.child(), ..ProbeOptions::default() };
    let started = Instant::now();
    let Some(proxy) = services.make_proxy(&clip, &options)? else {
        return say("no proxy: its frames are had fast enough, or it cannot be held by one");
    };
    let bytes = proxy.metadata().map_or(0, |about| about.len());
    say(&format!(
        "a proxy of {:.0} MB, made in {:.1} s",
        bytes as f64 / 1e6,
        started.elapsed().as_secs_f64()
    ))?;
    let by_proxy = services.media().reader(&proxy, &options)?;
    let [first, ..] = rows;
    measure(&Row { name: "by the proxy", ..first }, &by_proxy, &mut peer, scrub.pace, stop)
}

/// Has the frames of a row seen by both sides in turn, and tells it.
fn measure(
    row: &Row,
    pool: &ReaderPool,
    peer: &mut Option<Peer>,
    pace: Duration,
    stop: &Cancel,
) -> Result<()> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let pace = if row.from.is_empty() { Duration::ZERO } else { pace };
    let timing = &pool.info().picture()?.timing;
    for (n, turn) in row.turns.iter().enumerate() {
        if let Some(from) = row.from.get(n) {
            visit(pool, *from, Duration::ZERO, stop)?;
        }
        for frame in turn {
            ours.push(visit(pool, *frame, pace, stop)?);
        }
        if let Some(peer) = peer {
            let at = |frame: &u64| timing.seconds_of(*frame);
            if let Some(from) = row.from.get(n) {
                peer.visit(at(from))?;
            }
            for frame in turn {
                std::thread::sleep(pace);
                theirs.push(peer.visit(at(frame))?);
            }
        }
    }
    tell(row.name, &ours, &theirs)
}

/// Opens the clip by a handle of its own, as another program would; tells milliseconds.
fn open(clip: &Path, folder: &Path, stop: &Cancel) -> Result<(Media, Arc<ReaderPool>, f64)> {
    let media = Media::default();
    media.keep_indexes(&folder.join("clips"));
    let options = ProbeOptions { cancel: stop.child(), ..ProbeOptions::default() };
    let started = Instant::now();
    let pool = media.reader(clip, &options)?;
    Ok((media, pool, started.elapsed().as_secs_f64() * 1e3))
}

/// What is asked for, in this order.
fn rows(scrub: &Scrub, frames: u64) -> [Row; 4] {
    let mut random = Random(scrub.seed);
    let visits: Vec<u64> = (0..scrub.visits).map(|_| random.below(frames)).collect();
    let mut again = visits.clone();
    for i in (1..again.len()).rev() {
        again.swap(i, random.below(i as u64 + 1) as usize);
    }
    let each = |frames: Vec<u64>| frames.into_iter().map(|n| vec![n]).collect();
    let steps = STEPS.min(frames.saturating_sub(1));
    let starts: Vec<u64> = (0..scrub.places).map(|_| random.below(frames - steps)).collect();
    let ends: Vec<u64> = (0..scrub.places).map(|_| steps + random.below(frames - steps)).collect();
    [
        Row { name: "first visit", turns: each(visits), from: Vec::new() },
        Row { name: "second visit", turns: each(again), from: Vec::new() },
        Row {
            name: "step forward",
            turns: starts.iter().map(|n| (n + 1..=n + steps).collect()).collect(),
            from: starts,
        },
        Row {
            name: "step back",
            turns: ends.iter().map(|n| (n - steps..*n).rev().collect()).collect(),
            from: ends,
        },
    ]
}

/// Has a frame decoded after a pause; what is decoded ahead during the pause counts as processor time.
fn visit(pool: &ReaderPool, frame: u64, pace: Duration, stop: &Cancel) -> Result<Cost> {
    let processor = ProcessTime::now();
    std::thread::sleep(pace);
    let started = Instant::now();
    pool.frame_until(frame, stop)?;
    let wall = started.elapsed().as_secs_f64() * 1e3;
    Ok(Cost { wall, processor: processor.elapsed().as_secs_f64() * 1e3 })
}

/// One row: wall median, wall 90th percentile and mean processor time of each side, and the ratio of the medians.
fn tell(name: &str, ours: &[Cost], theirs: &[Cost]) -> Result<()> {
    let side = |name: &str, costs: &[Cost], ratio: &str| {
        let mut walls: Vec<f64> = costs.iter().map(|c| c.wall).collect();
        walls.sort_by(f64::total_cmp);
        let late = walls.get((walls.len() * 9 / 10).min(walls.len().saturating_sub(1)));
        let processor = costs.iter().map(|c| c.processor).sum::<f64>() / costs.len().max(1) as f64;
        say(&format!(
            "{name:14} {:>6} {:>10.2} {:>10.2} {processor:>10.2} {ratio:>10}",
            costs.len(),
            median(&walls),
            late.copied().unwrap_or_default(),
        ))
    };
    let walls = |costs: &[Cost]| median(&costs.iter().map(|c| c.wall).collect::<Vec<_>>());
    if theirs.is_empty() {
        return side(name, ours, "");
    }
    side(name, ours, &format!("{:.3}", walls(ours) / walls(theirs).max(1e-9)))?;
    side("  PyAV", theirs, "")
}

/// A clip of 100 seconds with a keyframe every 250 frames and B-frames between, as encoders give it by default.
fn make(folder: &Path) -> Result<PathBuf> {
    let clip = folder.join("clip.mp4");
    let mut make = Command::new("ffmpeg");
    make.args(["-v", "error", "-y", "-nostdin", "-f", "lavfi"])
        .args(["-i", "testsrc2=s=1920x1080:r=24:d=100,noise=alls=6:allf=t", "-pix_fmt", "yuv420p"])
        .args(["-c:v", "libx264", "-preset", "veryfast", "-g", "250", "-bf", "3", "-sc_threshold", "0"])
        .arg(&clip);
    match make.stdin(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(clip),
        Ok(status) => Err(Error::system(format!("ffmpeg ended with {status}")).help("see its words above")),
        Err(e) => {
            Err(Error::system(format!("ffmpeg could not be started: {e}"))
                .help("install ffmpeg, or name a clip"))
        }
    }
}

/// Numbers by splitmix64 (Steele, Lea and Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n.max(1)
    }
}
