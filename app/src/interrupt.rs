//! Ctrl-C and termination: the work under way is asked to stop, cleans up, and the program ends with 130 or 143.

use rushes_engine::Cancel;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};

/// Signals of this process, heard from [`Interrupt::listen`] on.
pub struct Interrupt {
    /// Set by the first signal; a second one ends the program at once.
    pub flag: Cancel,
    code: Arc<AtomicI32>,
}

impl Interrupt {
    /// Starts listening.
    pub fn listen() -> Self {
        let this = Self { flag: Cancel::new(), code: Arc::new(AtomicI32::new(130)) };
        let (flag, code) = (this.flag.clone(), this.code.clone());
        let heard = listen(move |exit_code| {
            code.store(exit_code, Ordering::Relaxed);
            if flag.is_cancelled() {
                std::process::exit(exit_code);
            }
            flag.cancel();
        });
        if let Err(e) = heard {
            log::warn!("interrupts cannot be caught: {e}");
        }
        this
    }

    /// The exit code of a stop that was asked for.
    pub fn exit_code(&self) -> i32 {
        self.code.load(Ordering::Relaxed)
    }
}

#[cfg(unix)]
fn listen(heard: impl Fn(i32) + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("signals".into()).spawn(move || {
        for signal in signals.forever() {
            heard(if signal == SIGTERM { 143 } else { 130 });
        }
    })?;
    Ok(())
}

#[cfg(not(unix))]
fn listen(heard: impl Fn(i32) + Send + 'static) -> std::io::Result<()> {
    ctrlc::set_handler(move || heard(130)).map_err(std::io::Error::other)
}
