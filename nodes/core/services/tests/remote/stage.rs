//! What every test needs: a server, a home, an order.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, Once, PoisonError};
use std::time::{Duration, Instant};

use rushes_engine::{Cancel, Error, Key, Progress, Result};
use rushes_servers::fal::{Behaviour, Kind, Server};
use rushes_services::{Done, Given, Limits, Made, Order, Picture, Remote, Row, Settings, State};
use serde_json::json;
use tempfile::TempDir;

/// The key. It may be found nowhere but in the header that is sent.
pub const KEY: &str = "0badc0de-key-id:5ec2e7-5ec2e7-5ec2e7";

/// Everything that was logged by any test.
pub static LOGGED: Mutex<Vec<String>> = Mutex::new(Vec::new());

struct Listener;

impl log::Log for Listener {
    fn enabled(&self, _: &log::Metadata<'_>) -> bool {
        true
    }

    fn log(&self, record: &log::Record<'_>) {
        let line = format!("{} {}", record.target(), record.args());
        LOGGED.lock().unwrap_or_else(PoisonError::into_inner).push(line);
    }

    fn flush(&self) {}
}

pub struct Stage {
    pub server: Server,
    pub home: TempDir,
    pub limits: Limits,
    pub environment: BTreeMap<String, String>,
}

impl Stage {
    pub fn new() -> Self {
        Self::with_clip(clip())
    }

    pub fn with_clip(clip: Vec<u8>) -> Self {
        static LOG: Once = Once::new();
        LOG.call_once(|| {
            log::set_logger(&Listener).unwrap();
            log::set_max_level(log::LevelFilter::Trace);
        });
        let server = Server::start(clip);
        let environment = [("FAL_KEY", KEY), ("RUSHES_FAL_URL", server.url()), ("RUSHES_KEY_STORE", "off")];
        let environment = environment.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        let limits = Limits {
            poll: Duration::from_millis(2),
            retry: Duration::from_millis(2),
            longest_retry: Duration::from_millis(8),
            ..Limits::default()
        };
        Self { server, home: tempfile::tempdir().unwrap(), limits, environment }
    }

    /// As this program would see it that was started just now.
    pub fn remote(&self) -> Remote {
        let environment = self.environment.clone();
        let environment = Arc::new(move |name: &str| environment.get(name).cloned());
        Remote::with(self.home.path(), Settings { environment, limits: self.limits })
    }

    pub fn folder(&self) -> PathBuf {
        self.home.path().join("made")
    }

    pub fn behave(&self, change: impl FnOnce(&mut Behaviour)) {
        let mut behaviour = Behaviour::default();
        change(&mut behaviour);
        self.server.set(behaviour);
    }

    pub fn run(&self) -> Result<Done> {
        self.run_with(&Cancel::new(), &Progress::silent())
    }

    pub fn run_with(&self, cancel: &Cancel, progress: &Progress) -> Result<Done> {
        match self.order(cancel, progress, &|| false)? {
            Made::Files(done) => Ok(done),
            Made::Known => Err(Error::system("known")),
        }
    }

    pub fn order(
        &self,
        cancel: &Cancel,
        progress: &Progress,
        known: &(dyn Fn() -> bool + Sync),
    ) -> Result<Made> {
        self.remote().run(&Order {
            endpoint: rushes_services::endpoint("seedance_1_pro").unwrap(),
            inputs: inputs(),
            content: Key::of(b"one request"),
            title: "shot_3 · Image to video",
            quoted_usd: 0.62,
            keep: json!({ "node": "shot_3" }),
            known,
            folder: &self.folder(),
            cancel,
            progress,
        })
    }

    /// Runs, and asks to stop as soon as the progress says something with `words` in it.
    pub fn run_until(&self, words: &'static str) -> Error {
        let cancel = Cancel::new();
        let stop = cancel.clone();
        let progress = Progress::new(move |_, said| {
            if said.contains(words) {
                stop.cancel();
            }
        });
        self.run_with(&cancel, &progress).unwrap_err()
    }

    /// A request that was taken and that this program has then lost sight of, as after a crash.
    pub fn abandoned(&self) -> Row {
        self.behave(|b| {
            b.unstoppable = true;
            b.working = 1000;
        });
        assert!(self.run_until("is working").is_cancelled());
        self.behave(|_| {});
        let row = self.row();
        assert_eq!(row.state, State::Sent);
        row
    }

    /// The one row.
    pub fn row(&self) -> Row {
        let mut rows = self.remote().ledger().rows().unwrap();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.remove(0)
    }

    pub fn creates(&self) -> usize {
        self.server.count(Kind::Create)
    }

    /// Everything in the home, as text.
    pub fn on_disk(&self) -> String {
        fn read(folder: &std::path::Path, all: &mut String) {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    read(&path, all);
                } else {
                    all.push_str(&String::from_utf8_lossy(&std::fs::read(&path).unwrap()));
                }
            }
        }
        let mut all = String::new();
        read(self.home.path(), &mut all);
        all
    }
}

/// Waits for what another thread does.
pub fn until(done: impl Fn() -> bool) {
    let began = Instant::now();
    while !done() {
        assert!(began.elapsed() < Duration::from_secs(60), "it never came");
        std::thread::sleep(Duration::from_millis(2));
    }
}

pub fn inputs() -> BTreeMap<String, Given> {
    let picture =
        Picture { bytes: b"\x89PNG\r\n\x1a\n...".to_vec(), mime: "image/png", file_name: "start.png".into() };
    BTreeMap::from([
        ("prompt".to_owned(), Given::Text("slow push in, wind in her hair".into())),
        ("clip".to_owned(), Given::Picture(picture)),
        ("resolution".to_owned(), Given::Text("1080p".into())),
        ("duration_s".to_owned(), Given::Number(5.0)),
        ("camera_fixed".to_owned(), Given::Flag(false)),
        ("seed".to_owned(), Given::Number(7.0)),
    ])
}

/// Something that begins as a clip does.
pub fn clip() -> Vec<u8> {
    let mut clip = b"\0\0\0\x20ftypisom".to_vec();
    clip.extend((0..80_000_u32).map(|at| at as u8));
    clip
}
