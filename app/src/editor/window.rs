//! Opening the window.

use super::app::Editor;
use super::config::Config;
use crate::home::Home;
use eframe::egui_wgpu::{WgpuConfiguration, WgpuSetup, WgpuSetupCreateNew};
use rushes_engine::{Cancel, Error, Result};
use rushes_gpu::Gpu;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

const LEAST: [f32; 2] = [1024.0, 600.0];
/// Why the device was lost, for the program that is started in place of the one that lost it.
const AFTER_LOSS: &str = "RUSHES_AFTER_LOSS";
/// A device that is lost again sooner would be lost for ever.
const LONG_ENOUGH: Duration = Duration::from_secs(60);

/// The graphics set-up of a window: what the evaluator needs is asked of the device that draws.
pub fn graphics() -> WgpuSetup {
    let mut setup = WgpuSetupCreateNew::without_display_handle();
    setup.power_preference = wgpu::PowerPreference::HighPerformance;
    setup.device_descriptor = Arc::new(Gpu::device_descriptor);
    WgpuSetup::CreateNew(setup)
}

/// Opens the editor on `files` and stays until it is closed, or until `stop`: what is not saved is in the journal then.
///
/// # Errors
/// There is no display, no device, or the window could not be opened. Where there is a display, it is told there too.
pub fn open(files: &[PathBuf], stop: &Cancel) -> Result<()> {
    let opened = run(files, stop);
    if let Err(error) = &opened {
        tell(error);
    }
    opened
}

fn run(files: &[PathBuf], stop: &Cancel) -> Result<()> {
    let home = Home::open()?;
    let window = Config::load(&home.config()).window;
    let options = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Rushes")
            .with_app_id("rushes")
            .with_inner_size([window.width, window.height])
            .with_min_inner_size(LEAST)
            .with_maximized(window.maximized),
        wgpu_options: WgpuConfiguration { wgpu_setup: graphics(), ..WgpuConfiguration::default() },
        ..eframe::NativeOptions::default()
    };
    let (files, stop) = (files.to_vec(), stop.clone());
    let start = move |cc: &eframe::CreationContext<'_>| -> std::result::Result<Box<dyn eframe::App>, _> {
        let mut editor = Editor::new(cc, &files, Some(home))?;
        editor.close_on(stop);
        let before = std::env::var(AFTER_LOSS).ok();
        before.iter().for_each(|reason| editor.started_again(reason));
        let (begun, twice) = (Instant::now(), before.is_some());
        editor.start_again_by(Box::new(move |files, reason| {
            if twice && begun.elapsed() < LONG_ENOUGH {
                return Err(Error::system(format!("the graphics device was lost again: {reason}"))
                    .help("update the graphics driver, or start `rushes` with RUSHES_DEVICE=software"));
            }
            start_again(files, reason)
        }));
        Ok(Box::new(editor))
    };
    super::heap::keep();
    eframe::run_native("rushes", options, Box::new(start)).map_err(|e| match e {
        eframe::Error::Wgpu(e) => Error::system(format!("no graphics device can draw the window: {e}")).help(
            "update the graphics driver, or install Mesa's software rasteriser (package mesa-vulkan-drivers)",
        ),
        e => Error::system(format!("the window could not be opened: {e}"))
            .help("start it on a desktop, or use the commands of rushes --help"),
    })
}

fn start_again(files: &[PathBuf], reason: &str) -> Result<()> {
    let started = std::env::current_exe()
        .and_then(|program| std::process::Command::new(program).args(files).env(AFTER_LOSS, reason).spawn());
    started.map(drop).map_err(|e| {
        Error::system(format!("the graphics device was lost: {reason}; Rushes could not start again: {e}"))
            .help("start it yourself; every step is in the journal and comes back with the graph")
    })
}

/// Who started the program from a desktop reads no terminal. A machine without graphics still has dialogs.
fn tell(error: &Error) {
    let named = |name| std::env::var_os(name).is_some_and(|v| !v.is_empty());
    let desktop = !cfg!(target_os = "linux") || named("DISPLAY") || named("WAYLAND_DISPLAY");
    if desktop {
        let words = format!("{error}.\n\nTo go on: {}.", error.help_text());
        let dialog = rfd::MessageDialog::new().set_level(rfd::MessageLevel::Error);
        dialog.set_title("Rushes cannot open its window").set_description(words).show();
    }
}
