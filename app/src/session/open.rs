//! Opening a session, and graphs in it.

use super::carrier::Carrier;
use super::limits::Limits;
use super::{Budget, Session, Tally};
use crate::cli::args::OpenArgs;
use crate::home::Home;
use rushes_engine::cache::{DiskCache, DiskTier};
use rushes_engine::describe::Describer;
use rushes_engine::document::{Document, Edit, NodeId, Recovery};
use rushes_engine::evaluate::Evaluator;
use rushes_engine::files::{FileIndex, GraphFiles};
use rushes_engine::{Error, Result};
use rushes_gpu::DeviceChoice;
use rushes_nodes::Services;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Instant, SystemTime};

/// How a session is opened.
#[derive(Default)]
pub struct Options {
    /// Graphs may read files outside their folder.
    pub trust: bool,
    /// Where data live, if not where the platform or `RUSHES_HOME` says.
    pub home: Option<Home>,
    /// Services over a device that is open already.
    pub services: Option<Arc<Services>>,
    /// What paid steps may cost.
    pub budget: Budget,
    /// Called on another thread when a large file has been read and its frames have final keys, or when more can be told
    /// of a node than when it was described. Without it nothing is found out that is only told.
    pub learned: Option<Box<dyn Fn() + Send + Sync>>,
}

impl Session {
    /// A session with an empty graph.
    pub fn new(options: Options) -> Result<Self> {
        let home = match options.home {
            Some(home) => home,
            None => Home::open()?,
        };
        let assets = crate::assets::folder(&home)?;
        let limits = Limits::load(&home.config());
        let services = match options.services {
            Some(services) => services,
            None => Arc::new(Services::new(device_choice()?)),
        };
        services.media().keep_indexes(&home.cache().join("clips"));
        services.media().keep_proxies(&home.cache().join("proxies"));
        services.keep_remote(home.root());
        let registry = rushes_nodes::registry();
        let learned: Option<Arc<dyn Fn() + Send + Sync>> = options.learned.map(Arc::from);
        if let Some(heard) = learned.clone() {
            services.listen(move || heard());
        }
        let learned = move || learned.iter().for_each(|learned| learned());
        let index = Arc::new(FileIndex::open(Some(home.cache().join("files.ndjson")), learned));
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let files = Arc::new(GraphFiles::new(index.clone(), &here, &assets, &home.library(), options.trust));
        Ok(Self {
            document: Document::new(),
            evaluator: Arc::new(Evaluator::new(
                services.clone(),
                limits.budget(),
                disk(&home, limits.budget().all),
            )),
            describer: Describer::new(registry.clone(), services.clone()),
            registry,
            services,
            index,
            files,
            carrier: Carrier::new(home.library()),
            home,
            assets,
            trust: options.trust,
            described: None,
            tally: Tally { since: Instant::now(), frames: 0 },
            budget: options.budget,
            jobs: Vec::new(),
            unsaved: unsaved(),
        })
    }

    /// A session with an empty graph that shares tools, devices, files and frames with this one.
    #[must_use]
    pub fn beside(&self) -> Self {
        let here = std::env::current_dir().unwrap_or_else(|_| PathBuf::from("."));
        let files =
            GraphFiles::new(self.index.clone(), &here, &self.assets, &self.home.library(), self.trust);
        Self {
            document: Document::new(),
            evaluator: Arc::clone(&self.evaluator),
            describer: Describer::new(Arc::clone(&self.registry), self.services.clone()),
            registry: Arc::clone(&self.registry),
            services: Arc::clone(&self.services),
            index: Arc::clone(&self.index),
            files: Arc::new(files),
            carrier: Carrier::new(self.home.library()),
            home: self.home.clone(),
            assets: self.assets.clone(),
            trust: self.trust,
            described: None,
            tally: Tally { since: Instant::now(), frames: 0 },
            budget: self.budget,
            jobs: Vec::new(),
            unsaved: unsaved(),
        }
    }

    /// Opens a graph in place of the present one. What was made stays in memory.
    pub fn open(&mut self, path: &Path) -> Result<()> {
        self.adopt(Document::open(path)?, path);
        Ok(())
    }

    /// Opens a graph with the steps of last time where its journal has them; those to come are kept there.
    pub fn open_journaled(&mut self, path: &Path) -> Result<Recovery> {
        let (document, recovery) = Document::open_journaled(path, &self.home.journal())?;
        self.adopt(document, path);
        Ok(recovery)
    }

    /// Puts a document in place of the present one; its files are those around `path`.
    pub fn adopt(&mut self, document: Document, path: &Path) {
        let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        self.files = Arc::new(GraphFiles::new(
            self.index.clone(),
            folder,
            &self.assets,
            &self.home.library(),
            self.trust,
        ));
        self.document = document;
        self.described = None;
    }

    /// Begins an empty graph in the working directory.
    pub fn clear(&mut self) {
        self.document = Document::new();
        self.described = None;
    }

    /// Opens a graph as the command line says: with parameters set and readers given other files.
    pub(crate) fn open_with(&mut self, path: &Path, open: &OpenArgs) -> Result<()> {
        self.open(path)?;
        for input in &open.inputs {
            let (node, file) = split(input, "node=path")?;
            // A file named on the command line was picked by a person, and relative to where that person is.
            let file = std::path::absolute(file).unwrap_or_else(|_| PathBuf::from(file));
            self.files.allow(&file);
            let value = Value::String(file.to_string_lossy().into_owned());
            self.set(node, "path", value)?;
        }
        for set in &open.sets {
            let (target, value) = split(set, "node.param=value")?;
            let Some((node, param)) = target.split_once('.') else {
                return Err(
                    Error::usage(format!("“{target}” names no parameter")).help("write node.param=value")
                );
            };
            let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
            self.set(node, param, value)?;
        }
        Ok(())
    }

    fn set(&mut self, node: &str, param: &str, value: Value) -> Result<()> {
        let node: NodeId = node.parse()?;
        self.apply(vec![Edit::Set { node, param: param.to_owned(), value }], None, false)
    }
}

fn split<'a>(text: &'a str, form: &str) -> Result<(&'a str, &'a str)> {
    text.split_once('=')
        .ok_or_else(|| Error::usage(format!("“{text}” is not understood")).help(format!("write {form}")))
}

/// Frames on disk, where they can be kept; a disk that refuses costs time, not work.
fn disk(home: &Home, budget: u64) -> Option<Arc<dyn DiskTier>> {
    match DiskCache::open(&home.cache().join("frames"), budget) {
        Ok(cache) => Some(Arc::new(cache)),
        Err(e) => {
            log::warn!("frames are not kept on disk: {e}");
            None
        }
    }
}

/// A name that no other session has.
fn unsaved() -> String {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    format!("unsaved {} {}", std::process::id(), now.map_or(0, |now| now.as_nanos()))
}

/// The device that `RUSHES_DEVICE` names.
fn device_choice() -> Result<DeviceChoice> {
    match std::env::var("RUSHES_DEVICE").as_deref() {
        Err(_) | Ok("") => Ok(DeviceChoice::Best),
        Ok("gpu") => Ok(DeviceChoice::Gpu),
        Ok("processor") => Ok(DeviceChoice::Processor),
        Ok("software") => Ok(DeviceChoice::Software),
        Ok(other) => {
            Err(Error::usage(format!("RUSHES_DEVICE is “{other}”"))
                .help("set it to gpu, processor or software"))
        }
    }
}
