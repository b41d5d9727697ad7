//! Small pictures of takes and media, made on a thread of their own and kept while there is room.
//!
//! What is seen is asked for anew in every frame, so that what was scrolled past is not made.

use super::facts::locked;
use super::screen::Screen;
use super::{Editor, Message, Tell};
use rushes_engine::files::{Behind, GraphFiles};
use rushes_engine::{Error, Result};
use rushes_gpu::Image;
use std::cell::RefCell;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

/// Pixels of a poster.
const SIZE: [usize; 2] = [320, 180];
/// Posters that are kept. Those that were not seen for longest go first.
const KEPT: usize = 400;
const PREFIX: &str = "poster:";

/// What a poster is a picture of.
#[derive(Clone)]
pub(super) enum Of {
    /// Files that a person has.
    Files(Vec<PathBuf>),
    /// What a graph calls by a name.
    Named(Arc<GraphFiles>, String),
}

impl Of {
    /// The files, where they may be looked into.
    pub(super) fn files(self) -> Result<Vec<PathBuf>> {
        Ok(match self {
            Self::Files(files) => files,
            Self::Named(files, name) => match files.behind(&name)? {
                Behind::One(path) => vec![path],
                Behind::Folder { files, .. } | Behind::Sequence { files, .. } => {
                    files.into_iter().map(|(_, path)| path).collect()
                }
            },
        })
    }
}

struct Order {
    name: Arc<str>,
    of: Of,
}

/// What the thread and the window share.
#[derive(Default)]
struct Queue {
    /// The next one last.
    orders: Vec<Order>,
    making: Option<Arc<str>>,
    closing: bool,
}

type Shared = Arc<(Mutex<Queue>, Condvar)>;

/// The thread and what came of its pictures.
pub(super) struct Posters {
    shared: Shared,
    thread: Option<JoinHandle<()>>,
    seen: RefCell<Seen>,
    frame: u64,
}

/// What panels look at while they are shown.
#[derive(Default)]
struct Seen {
    /// In which frame each of those that came, or failed, was seen last.
    known: HashMap<Arc<str>, u64>,
    /// What is wanted in this frame.
    wanted: Vec<Order>,
}

/// Whether a small picture is a poster.
pub(super) fn is_poster(name: &str) -> bool {
    name.starts_with(PREFIX)
}

impl Posters {
    /// Starts the thread.
    ///
    /// # Errors
    /// No thread could be started.
    pub(super) fn start(screen: Screen, tell: Tell) -> Result<Self> {
        let shared = Shared::default();
        let of_thread = Arc::clone(&shared);
        let work = move || {
            let services = screen.services();
            while let Some(order) = next(&of_thread) {
                let [width, height] = SIZE;
                let made = order.of.files().and_then(|files| {
                    let sheet = rushes_nodes::contact_sheet(services, &files, width, height)
                        .and_then(|sheet| screen.drawable(sheet));
                    // A single file that cannot be read leaves nothing to see.
                    match files.as_slice() {
                        [] => Err(Error::missing("there is no file")),
                        [one] => services.media().probe(one, &Default::default()).and(sheet),
                        _ => sheet,
                    }
                });
                tell.say(Message::Poster(order.name, made));
            }
        };
        let thread = std::thread::Builder::new().name("posters".into()).spawn(work);
        let thread = thread.map_err(|e| Error::system(format!("no thread could be started: {e}")))?;
        Ok(Self { shared, thread: Some(thread), seen: RefCell::default(), frame: 0 })
    }

    /// Whether all that was wanted in the last frame came.
    pub(super) fn is_settled(&self) -> bool {
        self.seen.borrow().wanted.is_empty()
    }
}

/// The thread ends with the window: left behind it would let go of the device while the process ends.
impl Drop for Posters {
    fn drop(&mut self) {
        locked(&self.shared.0).closing = true;
        self.shared.1.notify_all();
        if self.thread.take().is_some_and(|thread| thread.join().is_err()) {
            log::error!("the thread that makes posters had died");
        }
    }
}

fn next((queue, bell): &(Mutex<Queue>, Condvar)) -> Option<Order> {
    let mut queue = locked(queue);
    loop {
        if queue.closing {
            return None;
        }
        if let Some(order) = queue.orders.pop() {
            queue.making = Some(Arc::clone(&order.name));
            return Some(order);
        }
        queue.making = None;
        queue = bell.wait(queue).unwrap_or_else(PoisonError::into_inner);
    }
}

impl Editor {
    /// The poster of that name, asked for where it is not there.
    pub(super) fn poster(&self, name: &str, of: impl FnOnce() -> Of) -> Option<(egui::TextureId, f32)> {
        let name: Arc<str> = format!("{PREFIX}{name}").into();
        let mut seen = self.posters.seen.borrow_mut();
        match seen.known.get_mut(&name) {
            Some(at) => *at = self.posters.frame,
            None => seen.wanted.push(Order { name: Arc::clone(&name), of: of() }),
        }
        self.pictures.as_ref().and_then(|pictures| pictures.shaped(&name))
    }

    /// Whether every poster in view is there.
    pub fn has_posters(&self) -> bool {
        self.posters.is_settled()
    }

    /// Begins to note what is wanted; call first in a frame.
    pub(super) fn begin_posters(&mut self) {
        self.posters.frame += 1;
        self.posters.seen.borrow_mut().wanted.clear();
    }

    /// Asks for what is wanted, in the order in which it is seen; not while a person looks at motion.
    pub(super) fn ask_for_posters(&mut self) {
        let busy = self.playback.speed != 0.0 || self.canvas.is_interacting();
        let seen = self.posters.seen.borrow();
        let (queue, bell) = &*self.posters.shared;
        let mut queue = locked(queue);
        let wanted =
            seen.wanted.iter().rev().filter(|order| !busy && queue.making.as_ref() != Some(&order.name));
        let orders = wanted.map(|order| Order { name: Arc::clone(&order.name), of: order.of.clone() });
        queue.orders = orders.collect();
        drop(queue);
        bell.notify_all();
    }

    /// Takes a poster.
    pub(super) fn poster_came(&mut self, name: &Arc<str>, made: Result<Image>) {
        let drawn = made.and_then(|image| match &mut self.pictures {
            Some(pictures) => pictures.thumb(name, &image).map(|_| ()),
            None => Err(Error::system("nothing can be drawn")),
        });
        if let Err(e) = drawn {
            log::debug!("no poster of {name}: {e}");
        }
        let frame = self.posters.frame;
        let known = &mut self.posters.seen.get_mut().known;
        known.insert(Arc::clone(name), frame);
        if known.len() <= KEPT {
            return;
        }
        let oldest = known.iter().min_by_key(|(_, seen)| **seen).map(|(name, _)| Arc::clone(name));
        if let Some(oldest) = oldest {
            known.remove(&oldest);
            if let Some(pictures) = &mut self.pictures {
                pictures.keep(|name| *name != *oldest);
            }
        }
    }
}
