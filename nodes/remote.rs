//! Work that somebody else's machine does: the request is made from what a tool pulls, and the result becomes a take.

use crate::edit::with_primaries;
use crate::picture::{as_expr, encode_format};
use crate::services::Services;
use crate::work::Work;
use rushes_engine::library::{Facts, Links};
use rushes_engine::tool::{Errand, JobResult, RunCx};
use rushes_engine::{ClipDesc, ColorTags, Desc, Error, Key, KeyHasher, Primaries, Result, Transfer};
use rushes_gpu::{Place, Precision};
use rushes_media::{EncodeSettings, Encoder, Preset};
use rushes_services::{Done, Endpoint, Given, Made, Order, Picture};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// How pictures are packed to be sent.
const PNG: &str = "image/png";

/// What the ledger keeps for us beside a request, so that its result becomes a take even where the program that asked
/// for it has ended.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Keep {
    /// What the take is found by.
    pub links: Links,
    /// How it came to be.
    pub facts: Facts,
}

impl Keep {
    /// How the finished take came to be: what was kept, and what only its end could tell.
    #[must_use]
    pub fn finished(mut self, done: &Done) -> Facts {
        if let Value::Object(provenance) = &mut self.facts.provenance {
            provenance.insert("job".to_owned(), json!(done.row));
        }
        self.facts.seed = done.seed.or(self.facts.seed);
        self.facts
    }
}

/// A request to a remote engine, before its pictures are made.
pub(crate) struct Ask {
    /// The engine.
    pub(crate) endpoint: &'static Endpoint,
    /// Its inputs by the names that all engines share, but for pictures.
    pub(crate) given: BTreeMap<String, Given>,
    /// The ports whose first picture is sent, under their own names.
    pub(crate) pictures: Vec<&'static str>,
    /// What it costs, in US dollars.
    pub(crate) usd: f64,
}

impl Ask {
    /// Refuses what the engine would refuse, before anything is pulled or sent.
    pub(crate) fn check(&self) -> Result<()> {
        let mut inputs = self.given.clone();
        for port in &self.pictures {
            inputs.insert(
                (*port).to_owned(),
                Given::Picture(Picture { bytes: Vec::new(), mime: PNG, file_name: String::new() }),
            );
        }
        self.endpoint.request(&inputs).map(drop)
    }

    /// Whose machine does the work, and what it is sent; `size` tells the size of what lies on a port.
    pub(crate) fn errand<'a>(&self, clip: impl Fn(&str) -> Option<&'a ClipDesc>) -> Errand {
        let pictures = self.pictures.iter().filter_map(|port| {
            let clip = clip(port)?;
            let what = if *port == "end" { "the end picture" } else { "the picture" };
            Some(format!("{what}, {}×{}", clip.width, clip.height))
        });
        let words = self.given.get("prompt").and_then(|given| match given {
            Given::Text(text) => Some(format!("the words “{text}”")),
            _ => None,
        });
        Errand {
            to: self.endpoint.provider().label.to_owned(),
            engine: self.endpoint.label.clone(),
            sends: pictures.chain(words).collect(),
        }
    }

    /// Asks, waits and gives the take; spends nothing where the library has the result of the same request.
    pub(crate) fn run(self, cx: &RunCx<'_>) -> Result<JobResult> {
        let services = Services::behind(cx.host)?;
        let remote = services.remote()?;
        let folder = cx.out.ok_or_else(|| Error::system("there is no folder to work in"))?;
        let mut inputs = self.given;
        let mut hasher = KeyHasher::new("remote request");
        for port in &self.pictures {
            cx.progress.report(0.0, "making what is sent");
            let sent = Sent::picture(services, cx, port)?;
            hasher.str(port).key(sent.pixels);
            inputs.insert((*port).to_owned(), Given::Picture(sent.picture));
        }
        let request = self.endpoint.request(&inputs)?;
        hasher.str(&self.endpoint.provider).str(&self.endpoint.path).json(&request);
        let content = hasher.finish();
        if cx.is_known(content) {
            return Ok(JobResult::known(content));
        }
        let text = |name: &str| match inputs.get(name) {
            Some(Given::Text(text)) => text.clone(),
            _ => String::new(),
        };
        let facts = Facts {
            kind: cx.kind.to_owned(),
            engine: self.endpoint.label.clone(),
            model: self.endpoint.path.clone(),
            prompt: text("prompt"),
            price_usd: Some(self.usd),
            provenance: json!({ "provider": self.endpoint.provider, "request": request }),
            ..Facts::default()
        };
        let keep = Keep { links: Links { content: Some(content), ..cx.links.clone() }, facts };
        let title = match &cx.links.made {
            Some(made) => format!("{} · {}", made.node, self.endpoint.label),
            None => self.endpoint.label.clone(),
        };
        let order = Order {
            endpoint: self.endpoint,
            inputs,
            content,
            title: &title,
            quoted_usd: self.usd,
            keep: serde_json::to_value(&keep)
                .map_err(|e| Error::system(format!("the request cannot be written down: {e}")))?,
            known: &|| cx.is_known(content),
            folder,
            cancel: cx.cancel,
            progress: cx.progress,
        };
        match remote.run(&order)? {
            Made::Known => Ok(JobResult::known(content)),
            Made::Files(done) => Ok(JobResult {
                facts: keep.finished(&done),
                row: Some(done.row),
                files: done.files,
                words: done.words,
                content: Some(content),
                ..JobResult::default()
            }),
        }
    }
}

/// Refuses a clip that no engine would understand.
pub(crate) fn check_sendable(clip: &ClipDesc, port: &str) -> Result<()> {
    match clip.color.transfer {
        Transfer::Sdr => Ok(()),
        _ => Err(Error::usage(format!("the engine takes standard pictures, this is {}", clip.color))
            .at(port)
            .help("bring it to BT.709 first, as with finish/lut")),
    }
}

/// A picture as it is sent: eight bits of sRGB.
struct Sent {
    picture: Picture,
    /// Equal keys, equal pixels, however they are packed.
    pixels: Key,
}

impl Sent {
    /// The first picture on a port.
    fn picture(services: &Services, cx: &RunCx<'_>, port: &str) -> Result<Self> {
        let clip = cx.input(port).and_then(Desc::frames);
        let clip = clip.ok_or_else(|| Error::usage(format!("input “{port}” is not connected")))?;
        check_sendable(clip, port)?;
        let expr = as_expr(&cx.pull(port, 0)?)?;
        let (width, height) = expr.size();
        let executor = services.executor()?;
        let precision = Precision::for_bits(clip.depth);
        let place = Place { width, height, frame: 0, seed: 0, scale: 1.0 };
        let work = Work { executor: executor.as_ref(), precision, label: cx.label, place };
        let expr = with_primaries(&work, expr, clip, Primaries::Bt709)?;
        let mut settings = EncodeSettings::new(Preset::Png8, width, height, None);
        settings.color = ColorTags::SRGB;
        let folder = cx.out.ok_or_else(|| Error::system("there is no folder to work in"))?;
        let path = folder.join(format!("{port}.png"));
        let mut encoder = Encoder::create(&path, &settings)?;
        let format = encode_format(&encoder.wants(), false);
        let planes = executor.to_planes(&expr, &format, precision, 0, cx.label)?.wait(cx.cancel)?;
        let mut hasher = KeyHasher::new("pixels");
        hasher.u64(u64::from(width)).u64(u64::from(height));
        for plane in 0..format.layout.planes() {
            for y in 0..height {
                hasher.bytes(planes.row(plane, y));
            }
        }
        encoder.write(&planes)?;
        encoder.finish()?;
        let bytes = std::fs::read(&path)
            .map_err(|e| rushes_engine::files::io_error("read what is sent", &path, &e))?;
        let picture = Picture { bytes, mime: PNG, file_name: format!("{port}.png") };
        Ok(Self { picture, pixels: hasher.finish() })
    }
}
