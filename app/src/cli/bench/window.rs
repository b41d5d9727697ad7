//! The editor without a screen, moved by events.

use crate::editor::app::Editor;
use crate::editor::{graphics, heap};
use crate::home::Home;
use cpu_time::ThreadTime;
use eframe::egui_wgpu::{RenderState, RendererOptions, WgpuConfiguration};
use egui::{Context, Event, Modifiers, PointerButton, Pos2, RawInput, Rect, Vec2, pos2, vec2};
use rushes_engine::{Cancel, Error, Result};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Points across and down.
pub(super) const WINDOW: Vec2 = vec2(1920.0, 1080.0);
/// How long small pictures may take.
const PATIENCE: Duration = Duration::from_secs(300);

/// A press of a button, where it is time for it.
pub(super) fn press(at: Pos2, button: PointerButton, now: bool) -> Option<Event> {
    now.then_some(Event::PointerButton { pos: at, button, pressed: true, modifiers: Modifiers::NONE })
}

/// The editor without a screen.
pub(super) struct Window {
    ctx: Context,
    pub(super) editor: Editor,
    started: Instant,
    /// Where the pointer takes hold.
    pub(super) hold: Pos2,
}

/// What a frame took, and what came of it.
pub(super) struct Cost {
    pub(super) ms: f64,
    pub(super) triangles: usize,
}

impl Window {
    pub(super) fn open(graph: &Path, home: &Path) -> Result<Self> {
        heap::keep();
        let lost = |e: &dyn std::fmt::Display| Error::system(format!("no graphics device: {e}"));
        let config = WgpuConfiguration { wgpu_setup: graphics(), ..WgpuConfiguration::default() };
        let instance = pollster::block_on(config.wgpu_setup.new_instance());
        let state = RenderState::create(&config, &instance, None, RendererOptions::default());
        let state = pollster::block_on(state).map_err(|e| lost(&e))?;
        let ctx = Context::default();
        let files: [PathBuf; 1] = [graph.to_owned()];
        let editor = Editor::on(&ctx, &state, &files, Some(Home::at(home)?))?;
        Ok(Self { ctx, editor, started: Instant::now(), hold: pos2(420.0, 420.0) })
    }

    pub(super) fn frame(&mut self, events: Vec<Event>) -> Cost {
        let input = RawInput {
            screen_rect: Some(Rect::from_min_size(Pos2::ZERO, WINDOW)),
            time: Some(self.started.elapsed().as_secs_f64()),
            events,
            ..RawInput::default()
        };
        let begun = ThreadTime::now();
        let mut output = self.ctx.run_ui(input, |ui| self.editor.frame(ui));
        // There is no screen that the glyphs would be drawn on.
        output.textures_delta.clear();
        let drawn = self.ctx.tessellate(output.shapes, output.pixels_per_point);
        let ms = begun.elapsed().as_secs_f64() * 1e3;
        let meshes = drawn.iter().map(|p| match &p.primitive {
            egui::epaint::Primitive::Mesh(mesh) => mesh.indices.len() / 3,
            egui::epaint::Primitive::Callback(_) => 0,
        });
        Cost { ms, triangles: meshes.sum() }
    }

    pub(super) fn idle(&mut self, frames: u32) {
        for _ in 0..frames {
            self.frame(Vec::new());
        }
    }

    /// Runs frames until all pictures in view are there.
    pub(super) fn rest(&mut self, stop: &Cancel) -> Result<()> {
        let end = Instant::now() + PATIENCE;
        loop {
            self.frame(Vec::new());
            if self.editor.is_settled() && self.editor.has_thumbs() || Instant::now() > end {
                break;
            }
            stop.check()?;
            std::thread::sleep(Duration::from_millis(10));
        }
        self.idle(3);
        Ok(())
    }

    pub(super) fn command(&mut self, name: &str) {
        self.editor.command(name);
        self.idle(2);
    }

    pub(super) fn release(&mut self, button: PointerButton) {
        let up = Event::PointerButton { pos: self.hold, button, pressed: false, modifiers: Modifiers::NONE };
        self.frame(vec![Event::PointerMoved(self.hold), up]);
        self.idle(2);
        self.hold = pos2(420.0, 420.0);
    }
}
