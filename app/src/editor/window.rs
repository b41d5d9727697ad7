//! Opening the window.

use super::app::Editor;
use eframe::egui_wgpu::{WgpuConfiguration, WgpuSetup, WgpuSetupCreateNew};
use rushes_engine::{Error, Result};
use rushes_gpu::Gpu;
use std::path::PathBuf;
use std::sync::Arc;

const SIZE: [f32; 2] = [1600.0, 960.0];
const LEAST: [f32; 2] = [1024.0, 600.0];

/// The graphics set-up of a window: what the evaluator needs is asked of the device that draws.
pub fn graphics() -> WgpuSetup {
    let mut setup = WgpuSetupCreateNew::without_display_handle();
    setup.power_preference = wgpu::PowerPreference::HighPerformance;
    setup.device_descriptor = Arc::new(Gpu::device_descriptor);
    WgpuSetup::CreateNew(setup)
}

/// Opens the editor on `files` and stays until it is closed.
///
/// # Errors
/// There is no display, no device, or the window could not be opened.
pub fn open(files: &[PathBuf]) -> Result<()> {
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Rushes")
            .with_app_id("rushes")
            .with_inner_size(SIZE)
            .with_min_inner_size(LEAST),
        wgpu_options: WgpuConfiguration { wgpu_setup: graphics(), ..WgpuConfiguration::default() },
        ..eframe::NativeOptions::default()
    };
    let files = files.to_vec();
    eframe::run_native("rushes", options, Box::new(move |cc| Ok(Box::new(Editor::new(cc, &files, None)?))))
        .map_err(|e| {
            Error::system(format!("the window could not be opened: {e}"))
                .help("start it on a desktop, or use the commands of rushes --help")
        })
}
