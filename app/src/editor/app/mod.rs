//! The program behind the window: panels over one document and one evaluator.
//!
//! The window's thread shows, edits and asks; it never makes a picture, never opens a file to look into it and
//! never waits. What others find out comes into an inbox that is emptied at the start of a frame.

mod act;
mod boundary;
mod browse;
mod commands;
mod compare;
mod derived;
mod dialogs;
mod drag;
pub(crate) mod drawn;
mod edits;
mod engines;
mod eye;
mod facts;
mod files;
mod fill;
mod fold;
mod frame;
mod inbox;
mod inside;
mod jobs;
mod keys;
mod librarian;
mod library;
mod lists;
mod loss;
mod made;
mod memo;
mod mend;
mod naming;
mod notices;
mod observe;
mod outside;
mod paint;
mod params;
mod peaks;
mod picture;
mod pixel;
mod playback;
mod posters;
mod previews;
mod proxies;
mod relink;
mod remember;
mod reveal;
mod save_frame;
mod saved;
mod saving;
mod scopes;
mod screen;
mod seeing;
mod settings;
mod shelf;
mod shots;
mod shown;
mod sound;
mod spend;
mod stale;
mod start;
mod stills;
mod tabs;
mod take_commands;
mod takes;
mod transport;
mod views;
mod watch;
mod watchdog;

use crate::editor::canvas::view::Conversions;
use crate::editor::canvas::{Canvas, CanvasView};
use crate::editor::commands::Keymap;
use crate::editor::panels::layout::Shares;
use crate::editor::panels::settings::Settings;
use crate::editor::panels::timeline::Timeline;
use crate::editor::panels::toast::Toasts;
use crate::editor::panels::viewer::Viewer;
use crate::editor::search::{Search, Tool};
use crate::editor::theme::Theme;
use crate::home::Home;
use crate::session::{Options, Session};
use egui::Context;
use egui_wgpu::RenderState;
use facts::{Facts, Finder};
use inbox::{Message, Tell};
use jobs::Job;
use memo::{Memo, Same};
use picture::Pictures;
use playback::Playback;
use rushes_engine::document::{Graph, NodeId};
use rushes_engine::evaluate::Scheduler;
use rushes_engine::{Cancel, Error, Key, Result};
use rushes_gpu::Gpu;
use screen::Screen;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;
pub use watchdog::Call;

/// The tab under the viewer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Tab {
    #[default]
    Inspector,
    Problems,
    Library,
    Scopes,
}

/// The window's program.
pub struct Editor {
    session: Session,
    scheduler: Scheduler,
    finder: Finder,
    screen: Screen,
    pictures: Option<Pictures>,
    inbox: Receiver<(u64, Message)>,
    tell: Tell,
    theme: Theme,
    canvas: Canvas,
    viewer: Viewer,
    timeline: Timeline,
    lanes: keys::Lanes,
    search: Option<Search>,
    listed: Option<lists::Listed>,
    /// Whether a version of the graph renders to a file.
    delivering: Memo<Same<Graph>, bool>,
    /// The shots of what is viewed.
    cuts: Memo<shots::Of, Arc<[shots::Cut]>>,
    keymap: Keymap,
    settings: Option<Settings>,
    engines: engines::Engines,
    /// What waits for a person's yes.
    spending: Option<spend::Spending>,
    saving: settings::Saving,
    next_saves: saving::Next,
    tools: Vec<Tool>,
    /// What the open search offers.
    offered: Vec<Tool>,
    saved: Vec<saved::Saved>,
    naming: Option<naming::Naming>,
    conversions: Conversions,
    shares: Shares,
    memory: remember::Memory,
    tab: Tab,
    toasts: Toasts,
    playback: Playback,
    inside: inside::Inside,
    sound: sound::Sound,
    slots: HashMap<u8, NodeId>,
    slot: u8,
    proxy: u32,
    /// The coarsest scale that is chosen where nobody has; none once somebody has.
    coarsest: Option<u32>,
    facts: Option<Facts>,
    asked: Option<watch::Question>,
    queries: u64,
    /// What was asked up to here was about another graph.
    facts_after: u64,
    watch: watch::Watch,
    probe: pixel::Probe,
    compare: compare::Compare,
    measures: scopes::Measures,
    sheet: stills::Sheet,
    seeing: seeing::Seeing,
    thumbs: HashMap<NodeId, Key>,
    thumbs_asked: HashSet<Key>,
    /// Small pictures that wait for something slow before their node.
    unmade: HashMap<NodeId, Key>,
    shelf: shelf::Shelf,
    library: library::Library,
    librarian: librarian::Librarian,
    posters: posters::Posters,
    previews: Option<previews::Previews>,
    start: Option<start::Start>,
    made: made::Made,
    outside: outside::Outside,
    relink: Option<relink::Relink>,
    relinks: u64,
    browse: Option<browse::Browse>,
    browses: u64,
    watchdog: watchdog::Watchdog,
    /// Threads that still finish what nobody waits for.
    leaving: Vec<JoinHandle<()>>,
    /// Where the steps of a graph without a file are kept.
    journal: Option<PathBuf>,
    /// The device was lost, and it was said.
    lost: bool,
    /// Starts the program again.
    again: Option<loss::Again>,
    jobs: Vec<Job>,
    /// Frames of a range that are being made.
    fill: Option<fill::Fill>,
    drawn: drawn::Drawn,
    /// Those that were told to stop and finish the frame that they are at.
    stopping: HashSet<u64>,
    jobs_so_far: u64,
    last_done: String,
    /// What was rendered last.
    written: Option<PathBuf>,
    allowed: Vec<PathBuf>,
    view: CanvasView,
    view_of: Option<views::Stamp>,
    kept: views::Kept,
    /// Counts what the canvas shows beside the document: facts, pictures, jobs.
    changes: u64,
    /// Set when the program is told to end.
    stop: Cancel,
    tabs: tabs::Tabs,
    may_close: bool,
}

impl Editor {
    /// An editor in a window that draws by wgpu, on a graph or media among `files`. Data live in `home`, else where the
    /// platform says.
    ///
    /// # Errors
    /// No wgpu, no home folder, or no threads. A graph that cannot be opened is told in the window.
    pub fn new(cc: &eframe::CreationContext<'_>, files: &[PathBuf], home: Option<Home>) -> Result<Self> {
        let no_gpu = || Error::system("the window has no graphics device").help("update the graphics driver");
        Self::on(&cc.egui_ctx, cc.wgpu_render_state.as_ref().ok_or_else(no_gpu)?, files, home)
    }

    /// An editor that draws on a device, in a window or in none.
    ///
    /// # Errors
    /// No home folder, or no threads.
    pub fn on(ctx: &Context, state: &RenderState, files: &[PathBuf], home: Option<Home>) -> Result<Self> {
        let gpu = Gpu::from_parts(&state.adapter, state.device.clone(), state.queue.clone());
        let (sender, inbox) = channel();
        let tell = Tell { inbox: sender, ctx: ctx.clone(), tab: 0 };
        let learned = {
            let tell = tell.clone();
            Box::new(move || tell.say(Message::Learned))
        };
        let screen = Screen::new(gpu.clone());
        let options = Options {
            services: Some(Arc::clone(screen.services())),
            learned: Some(learned),
            home,
            ..Options::default()
        };
        let session = Session::new(options)?;
        let memory = remember::Memory::load(&session.home().config());
        let theme = Theme::load(memory.config.theme)?;
        theme.install(ctx);
        let evaluator = Arc::clone(session.evaluator());
        let workers = std::thread::available_parallelism().map_or(2, usize::from).clamp(2, 6);
        let scheduler = Scheduler::new(Arc::clone(&evaluator), workers)?;
        let registry = Arc::clone(session.registry());
        let conversions = views::conversions(&registry);
        let finder = {
            let tell = tell.clone();
            let services = Arc::clone(session.services());
            Finder::start(Arc::clone(&registry), services, evaluator, move |f| {
                tell.say(Message::Facts(Box::new(f)));
            })?
        };
        let librarian = librarian::Librarian::start(session.home().library(), tell.clone())?;
        let posters = posters::Posters::start(screen.clone(), tell.clone())?;
        // Where the processor draws, a full 4K picture takes seconds; what is seen is far smaller.
        let coarsest = if gpu.report().software { 4 } else { 1 };
        let old_interface = gpu.report().backend == "Gl";
        let measures = scopes::Measures::new(state, &gpu, &theme.tokens.scope);
        let play = memory.config.play;
        let mut playback = Playback::default();
        playback.mode = play.at_end;
        let mut seeing = seeing::Seeing::default();
        seeing.display.ground = memory.config.ground;
        let mut editor = Self {
            scheduler,
            finder,
            screen,
            pictures: Some(Pictures::new(state, gpu, &theme.tokens)),
            inbox,
            tell,
            theme,
            canvas: Canvas::default(),
            viewer: Viewer::default(),
            timeline: Timeline::default(),
            lanes: keys::Lanes::default(),
            search: None,
            listed: None,
            delivering: Memo::default(),
            cuts: Memo::default(),
            keymap: Keymap::new(memory.config.keys.preset, &memory.config.keys.own),
            settings: None,
            engines: engines::Engines::default(),
            spending: None,
            saving: settings::Saving::default(),
            next_saves: saving::Next::default(),
            tools: registry.all().map(|t| catalogue(t.spec())).collect(),
            offered: Vec::new(),
            saved: Vec::new(),
            naming: None,
            view: CanvasView::empty(conversions.clone()),
            conversions,
            shares: memory.config.panels,
            proxy: memory.config.proxy.unwrap_or(1),
            coarsest: memory.config.proxy.is_none().then_some(coarsest),
            memory,
            tab: Tab::default(),
            toasts: Toasts::default(),
            playback,
            inside: inside::Inside::default(),
            sound: sound::Sound::of(play),
            slots: HashMap::new(),
            slot: 1,
            facts: None,
            asked: None,
            queries: 0,
            facts_after: 0,
            watch: watch::Watch::default(),
            probe: pixel::Probe::default(),
            compare: compare::Compare::default(),
            measures,
            sheet: stills::Sheet::default(),
            seeing,
            thumbs: HashMap::new(),
            thumbs_asked: HashSet::new(),
            unmade: HashMap::new(),
            shelf: shelf::Shelf::default(),
            library: library::Library::default(),
            librarian,
            posters,
            previews: None,
            start: None,
            made: made::Made::default(),
            outside: outside::Outside::default(),
            relink: None,
            relinks: 0,
            browse: None,
            browses: 0,
            watchdog: watchdog::Watchdog::default(),
            leaving: Vec::new(),
            journal: None,
            lost: false,
            again: None,
            jobs: Vec::new(),
            fill: None,
            drawn: drawn::Drawn::default(),
            stopping: HashSet::new(),
            jobs_so_far: 0,
            last_done: String::new(),
            written: None,
            allowed: Vec::new(),
            view_of: None,
            kept: views::Kept::default(),
            changes: 0,
            stop: Cancel::new(),
            tabs: tabs::Tabs::default(),
            may_close: false,
            session,
        };
        if old_interface {
            let error = Error::system(
                "there is no Vulkan, Metal or Direct3D 12 driver; some pictures cannot be made",
            );
            editor.toasts.failed(
                &error.help("update the graphics driver, or install Mesa's (package mesa-vulkan-drivers)"),
            );
        }
        saved::look(&editor.tell, editor.session.home().graphs(), editor.session.registry().clone());
        editor.follow_proxies();
        editor.begin_engines();
        editor.open_files(files);
        if editor.session.document.graph().nodes.is_empty() && editor.session.document.path().is_none() {
            editor.show_start();
        }
        Ok(editor)
    }

    /// Closes without asking once `stop` is set, as by a signal. A thread looks, since a window at rest draws nothing.
    pub fn close_on(&mut self, stop: Cancel) {
        const LOOK: Duration = Duration::from_millis(100);
        self.stop = stop.clone();
        let tell = self.tell.clone();
        let look = move || {
            while !stop.is_cancelled() {
                std::thread::sleep(LOOK);
            }
            tell.ctx.request_repaint();
        };
        if let Err(e) = std::thread::Builder::new().name("stop".into()).spawn(look) {
            log::warn!("the window will not hear signals: {e}");
        }
    }

    fn changed(&mut self) {
        self.changes += 1;
    }
}

/// Threads that draw end before the device does.
impl Drop for Editor {
    fn drop(&mut self) {
        self.start = None;
        self.previews = None;
        self.session.services().end_proxies();
        for thread in self.leaving.drain(..) {
            if thread.join().is_err() {
                log::error!("a thread of the window had died");
            }
        }
    }
}

fn catalogue(spec: &rushes_engine::tool::Spec) -> Tool {
    Tool {
        kind: spec.kind.to_owned(),
        label: spec.label.to_owned(),
        about: spec.tooltip(),
        words: spec.search.iter().map(|w| (*w).to_owned()).collect(),
        inputs: spec.inputs.iter().map(|p| p.value).collect(),
        outputs: spec.outputs.iter().map(|p| p.value).collect(),
    }
}
