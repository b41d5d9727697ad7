//! Proxies made aside: once somebody wants them, a clip that is looked at small and whose frames are slow to come by is
//! written anew at half its size with every frame by itself, and looked at through that from then on.
//!
//! Only what is looked at small comes from a proxy; at full scale the clip itself is read, so that nothing that is
//! delivered has ever been one.

use crate::aside::{Aside, Found};
use crate::picture;
use crate::services::Services;
use crate::work::light_of;
use rushes_engine::{Cancel, Result};
use rushes_gpu::{Executor, Expr, Precision, box_mean};
use rushes_media::{Encoder, Media, PROXY_SCALE, ProbeOptions, ProxyOrder, gently};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The account that their pixels go to: none of a node.
const LABEL: u64 = 0;

/// Makes proxies and knows which are there.
#[derive(Default)]
pub(crate) struct Proxies {
    aside: Aside,
    /// Thousandths of the one that is being made.
    share: Arc<AtomicU32>,
}

impl Proxies {
    /// From now on they are made and used; `heard` is called after each.
    pub(crate) fn want(&self, heard: impl Fn() + Send + Sync + 'static) {
        self.aside.listen(heard);
    }

    /// From now on none is used. The one that is being made is given up.
    pub(crate) fn do_without(&self) {
        self.aside.hush();
    }

    /// [`Proxies::do_without`], and waits until the thread has let go.
    pub(crate) fn end(&self) {
        self.aside.hush();
        self.aside.wait();
    }

    /// How many are still to be made, and how much of the first of them is, from 0 to 1.
    pub(crate) fn left(&self) -> (usize, f32) {
        (self.aside.left(), self.share.load(Ordering::Relaxed) as f32 / 1000.0)
    }

    /// The proxy of a clip, made here and now where it is worth making and not there.
    pub(crate) fn make(services: &Services, path: &Path, options: &ProbeOptions) -> Result<Option<PathBuf>> {
        made(services.media(), services.executor()?.as_ref(), path, options, &AtomicU32::new(0))
    }

    /// The proxy of a clip, where one is wanted and there. Where none is, one is ordered.
    pub(crate) fn of(&self, services: &Services, path: &Path, options: &ProbeOptions) -> Option<PathBuf> {
        if !self.aside.is_heard() {
            return None;
        }
        let about = path.metadata().ok()?;
        let of = format!("{} {} {:?}", path.display(), about.len(), about.modified().ok()?);
        let executor = services.executor().ok()?.clone();
        let (media, path, options) = (services.media().clone(), path.to_owned(), options.clone());
        let share = self.share.clone();
        let found = self.aside.find(of, move |cancel| {
            gently();
            let options = ProbeOptions { cancel: cancel.clone(), ..options };
            let made = made(&media, executor.as_ref(), &path, &options, &share);
            if let Err(e) = &made
                && !e.is_cancelled()
            {
                log::warn!("there is no proxy of {}: {e}", path.display());
            }
            made
        });
        match found {
            Found::Known(Ok(proxy)) => proxy.as_ref().clone().filter(|proxy| proxy.exists()),
            _ => None,
        }
    }
}

/// The proxy of a clip, made now where it is worth making and not there.
fn made(
    media: &Media,
    executor: &dyn Executor,
    path: &Path,
    options: &ProbeOptions,
    share: &AtomicU32,
) -> Result<Option<PathBuf>> {
    if let Some(there) = media.proxy(path, options) {
        return Ok(Some(there));
    }
    if let Some(order) = media.order_proxy(path, options)? {
        make(media, executor, order, share, &options.cancel)?;
    }
    Ok(media.proxy(path, options))
}

/// Writes a proxy. Every pixel is the mean of those it stands for, as at that scale of the clip itself.
fn make(
    media: &Media,
    executor: &dyn Executor,
    mut order: ProxyOrder,
    share: &AtomicU32,
    cancel: &Cancel,
) -> Result<()> {
    let light = light_of(order.settings.color.transfer);
    let mut encoder = Encoder::create(&order.path, &order.settings)?;
    let wants = encoder.wants();
    let format = picture::encode_format(&wants, false);
    let precision = Precision::for_bits(wants.bits);
    for n in 0..order.frames {
        share.store((n * 1000 / order.frames.max(1)) as u32, Ordering::Relaxed);
        let planes = order.reader.frame_until(n, cancel)?;
        let full = Expr::Planes(executor.upload(&planes)?);
        let small = box_mean(executor, &full, PROXY_SCALE, light, precision, LABEL)?;
        let frame = u32::try_from(n).unwrap_or(0);
        let made = executor.to_planes(&small, &format, precision, frame, LABEL)?.wait(cancel)?;
        encoder.write(&made)?;
    }
    encoder.finish()?;
    media.trim_proxies()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::{Bench, ffmpeg};
    use rushes_engine::cache::FrameBudget;
    use rushes_engine::evaluate::{Evaluator, Wish};
    use rushes_engine::plan::Request;
    use rushes_engine::tool::Lane;
    use rushes_gpu::{DeviceChoice, Pixels};
    use serde_json::{Value, json};
    use std::process::Command;
    use std::time::Duration;

    /// A folder with a clip, read on services of its own.
    struct Stand {
        dir: tempfile::TempDir,
        clip: String,
        bench: Bench,
        services: Arc<Services>,
    }

    impl Stand {
        fn new(coding: &str) -> Self {
            let dir = tempfile::tempdir().unwrap();
            let clip = dir.path().join("clip.mp4").to_string_lossy().into_owned();
            let made = ["-f", "lavfi", "-i", "testsrc2=s=960x540:r=24:d=2.5", "-pix_fmt", "yuv420p"];
            let tags = "-color_primaries bt709 -color_trc bt709 -colorspace bt709 -color_range tv";
            let coding: Vec<&str> = coding.split_whitespace().chain(tags.split_whitespace()).collect();
            ffmpeg(&[&made[..], &coding, &[clip.as_str()]].concat());
            let bench = Bench::new(&[("read", "edit/read", json!({ "path": clip }))], &[]);
            let services = services(dir.path());
            Self { dir, clip, bench, services }
        }

        /// A frame as if for the first time.
        fn pixels(&self, frame: i64, proxy: u32) -> Pixels {
            let request = Request { proxy, ..Request::frame("read".parse().unwrap(), frame) };
            let evaluator = Evaluator::new(self.services.clone(), FrameBudget::of_memory(1 << 28), None);
            let (of, stop) = (&self.bench.described, Cancel::new());
            let payload = evaluator.frame(of, &request, Wish::of(Lane::Viewer), &stop).unwrap().payload;
            let executor = self.services.executor().unwrap();
            let image =
                executor.materialise(&picture::as_expr(&payload).unwrap(), Precision::Float, 0).unwrap();
            executor.read(&image, &stop).unwrap()
        }

        /// Looks at a frame small, and waits until all proxies are made.
        fn look_and_wait(&self) {
            self.pixels(0, 2);
            while self.services.proxies_left().0 > 0 {
                std::thread::sleep(Duration::from_millis(5));
            }
        }

        fn proxy(&self) -> Option<PathBuf> {
            self.services.media().proxy(Path::new(&self.clip), &ProbeOptions::default())
        }
    }

    fn services(folder: &Path) -> Arc<Services> {
        let services = Services::new(DeviceChoice::Processor);
        services.media().keep_proxies(&folder.join("proxies"));
        Arc::new(services)
    }

    /// The mean difference of two pictures.
    fn apart(a: &Pixels, b: &Pixels) -> f64 {
        assert_eq!((a.width, a.height), (b.width, b.height));
        let (a, b) = (a.rgba.as_flattened(), b.rgba.as_flattened());
        a.iter().zip(b).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>() / a.len() as f64
    }

    fn probed(path: &Path) -> Value {
        let of = "stream=codec_name,width,height:frame=key_frame";
        let mut probe = Command::new("ffprobe");
        probe.args(["-v", "error", "-select_streams", "v", "-show_entries", of, "-of", "json"]).arg(path);
        serde_json::from_slice(&probe.output().unwrap().stdout).unwrap()
    }

    #[test]
    fn what_is_looked_at_small_comes_from_a_proxy_frame_by_frame() {
        let mut stand = Stand::new("-c:v libx264 -preset ultrafast -g 250 -bf 2");
        let frames = [0, 1, 17, 30, 58, 59];
        let seen = |stand: &Stand, proxy| frames.map(|n| stand.pixels(n, proxy));
        let plain = [1, 2, 4].map(|proxy| seen(&stand, proxy));
        stand.look_and_wait();
        assert!(stand.proxy().is_none(), "nobody wants one");

        stand.services.want_proxies(|| {});
        stand.look_and_wait();
        let file = probed(&stand.proxy().unwrap());
        assert_eq!(file["streams"][0], json!({ "codec_name": "prores", "width": 480, "height": 270 }));
        let keys = file["frames"].as_array().unwrap();
        assert!(keys.len() == 60 && keys.iter().all(|f| f["key_frame"] == 1));
        assert!(seen(&stand, 1) == plain[0], "the clip itself");
        for (proxy, plain) in [(2, &plain[1]), (4, &plain[2])] {
            for (n, pixels) in seen(&stand, proxy).iter().enumerate() {
                let off = apart(pixels, &plain[n]);
                assert!(off > 0.0 && off < 0.012, "frame {} at 1/{proxy}: {off}", frames[n]);
                // No other frame is as near, neither the one before nor the one after.
                let others = (0..plain.len()).filter(|m| *m != n).map(|m| apart(pixels, &plain[m]));
                let nearest = others.fold(f64::INFINITY, f64::min);
                assert!(nearest > off, "frame {} at 1/{proxy}: {off}, another {nearest}", frames[n]);
            }
        }
        stand.services.do_without_proxies();
        assert!(seen(&stand, 2) == plain[1]);

        // Another program finds it; one that is damaged is made anew.
        let proxy = stand.proxy().unwrap();
        let whole = std::fs::read(&proxy).unwrap();
        for left in [whole.len() / 2, 0] {
            std::fs::write(&proxy, &whole[..left]).unwrap();
            stand.services = services(stand.dir.path());
            stand.services.want_proxies(|| {});
            stand.look_and_wait();
            assert_eq!(std::fs::read(&proxy).unwrap().len(), whole.len());
            std::fs::write(&proxy, &whole[..left]).unwrap();
            stand.services = services(stand.dir.path());
            assert_eq!(stand.proxy(), None);
        }
    }

    #[test]
    fn there_is_none_where_it_would_not_help() {
        for coding in [
            "-c:v libx264 -preset ultrafast -g 1",
            "-c:v libx264 -preset ultrafast -g 250 -frames:v 40",
            "-c:v libx264 -preset ultrafast -g 250 -vf scale=640:360",
            "-c:v libx264 -preset ultrafast -g 250 -vf crop=954:538",
        ] {
            let stand = Stand::new(coding);
            stand.services.want_proxies(|| {});
            stand.look_and_wait();
            assert_eq!(stand.proxy(), None, "{coding}");
            assert!(!stand.dir.path().join("proxies").exists(), "{coding}");
        }
    }

    #[test]
    fn one_that_is_given_up_leaves_nothing() {
        let stand = Stand::new("-c:v libx264 -preset ultrafast -g 250 -bf 2");
        stand.services.want_proxies(|| {});
        stand.pixels(0, 2);
        assert_eq!(stand.services.proxies_left().0, 1);
        stand.services.end_proxies();
        assert_eq!(stand.services.proxies_left().0, 0);
        let left = || std::fs::read_dir(stand.dir.path().join("proxies")).map_or(0, Iterator::count);
        assert!(stand.proxy().is_none() && left() == 0);
        stand.services.want_proxies(|| {});
        stand.look_and_wait();
        assert!(stand.proxy().is_some() && left() == 1);
    }
}
