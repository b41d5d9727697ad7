//! Renders made-up states of the window to PNG, for people who judge the look.
//!
//! `cargo run -p rushes --example screenshots -- FOLDER`

#[path = "../tests/common/mod.rs"]
mod common;

use egui::{Pos2, Rect, pos2, vec2};
use egui_kittest::Harness;
use rushes::editor::canvas::Canvas;
use rushes::editor::canvas::Loose;
use rushes::editor::canvas::view::{PortRef, Side};
use rushes::editor::search::Search;
use rushes::editor::theme::{Mode, Theme};
use rushes_engine::ValueType;
use std::path::Path;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "target/screenshots".into());
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (mode, name) in [(Mode::Dark, "dark"), (Mode::Light, "light")] {
        for (zoom, at) in [
            (1.0, pos2(-30.0, -30.0)),
            (0.5, pos2(-60.0, -60.0)),
            (0.3, pos2(-60.0, -60.0)),
            (2.0, pos2(500.0, 580.0)),
        ] {
            canvas(
                &folder.join(format!("canvas-{name}-{}.png", (zoom * 100.0) as u32)),
                mode,
                zoom,
                at,
                None,
            )?;
        }
    }
    let search = || Search::new(Pos2::ZERO, pos2(420.0, 120.0), None, None);
    canvas(&folder.join("search.png"), Mode::Dark, 1.0, pos2(-30.0, -30.0), Some(search()))?;
    let from = Loose {
        port: PortRef::new("stills", "stills"),
        side: Side::Out,
        ty: ValueType::ImageSet,
        any: false,
    };
    let limited = Search::new(Pos2::ZERO, pos2(420.0, 120.0), Some(from), None);
    canvas(&folder.join("search-wire.png"), Mode::Light, 1.0, pos2(-30.0, -30.0), Some(limited))?;
    Ok(())
}

fn canvas(
    path: &Path,
    mode: Mode,
    zoom: f32,
    origin: Pos2,
    mut search: Option<Search>,
) -> Result<(), Box<dyn std::error::Error>> {
    let theme = Theme::load(mode)?;
    let mut state = Canvas::default();
    let mut picture = None;
    let mut frame = 0;
    let size = vec2(1279.0, 827.0);
    let typed = search.is_some();
    let mut harness = Harness::builder().with_size(size).wgpu().build_ui(|ui: &mut egui::Ui| {
        if frame == 0 {
            // Faces count from the next frame.
            theme.install(ui.ctx());
            frame += 1;
            return;
        }
        let texture = picture.get_or_insert_with(|| common::picture(ui.ctx()));
        let view = common::graph(Some(texture.id()));
        let panel = Rect::from_min_size(Pos2::ZERO, ui.ctx().content_rect().size());
        if frame == 2 {
            state.camera.zoom = zoom;
            state.camera.origin = origin;
            state.select(["blend".into()]);
        }
        state.show(ui, panel, &theme, &view);
        if let Some(search) = &mut search {
            search.show(ui, &theme, panel, &common::tools(), &common::fits());
        }
        frame += 1;
    });
    harness.run_steps(4);
    if typed {
        harness.event(egui::Event::Text("gra".into()));
        harness.run_steps(2);
    }
    harness.render()?.save(path)?;
    Ok(())
}
