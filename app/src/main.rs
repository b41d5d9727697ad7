//! The program.

fn main() -> std::process::ExitCode {
    quiet_device_layer();
    rushes::cli::main()
}

/// Mesa's device-select layer asks Wayland which adapter to prefer, and where there is no desktop it complains on
/// standard error. Rushes ranks the adapters itself.
#[cfg(target_os = "linux")]
fn quiet_device_layer() {
    if std::env::var_os("WAYLAND_DISPLAY").is_none() {
        // SAFETY: no other thread has been started yet that could read the environment.
        unsafe { std::env::set_var("NODEVICE_SELECT", "1") };
    }
}

#[cfg(not(target_os = "linux"))]
fn quiet_device_layer() {}
