//! Showing a file in the system's file manager.

use rushes_engine::{Error, Result};
use std::path::Path;
use std::process::{Command, Stdio};

/// A program and what it is told.
type Way = (&'static str, Vec<String>);

/// Shows `path` selected in its folder, or at least the folder. Waits for the program that does it.
///
/// # Errors
/// The file is not there, or no program of the system can show it.
pub fn reveal(path: &Path) -> Result<()> {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    if !whole.exists() {
        return Err(Error::missing("the file is not there")
            .at(whole.display())
            .help("put it back, or make it again"));
    }
    by(&ways(&whole), &whole)
}

/// Tries one way after the other.
fn by(ways: &[Way], path: &Path) -> Result<()> {
    let works = |(program, args): &Way| {
        let quiet = Command::new(program).args(args).stdin(Stdio::null()).stdout(Stdio::null()).status();
        // Windows' own says nothing of use by its status.
        quiet.is_ok_and(|status| status.success() || cfg!(windows))
    };
    if ways.iter().any(works) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(path);
    Err(Error::system("there is no file manager to show it")
        .at(path.display())
        .help(format!("open {}", folder.display())))
}

#[cfg(target_os = "macos")]
fn ways(path: &Path) -> Vec<Way> {
    vec![("open", vec!["-R".into(), path.display().to_string()])]
}

#[cfg(windows)]
fn ways(path: &Path) -> Vec<Way> {
    vec![("explorer", vec![format!("/select,{}", path.display())])]
}

#[cfg(not(any(target_os = "macos", windows)))]
fn ways(path: &Path) -> Vec<Way> {
    let folder = path.parent().unwrap_or(path).display().to_string();
    let told = ["--session", "--print-reply", "--dest=org.freedesktop.FileManager1"];
    let what = ["/org/freedesktop/FileManager1", "org.freedesktop.FileManager1.ShowItems"];
    let mut show: Vec<String> = told.into_iter().chain(what).map(str::to_owned).collect();
    show.push(format!("array:string:{}", address(path)));
    show.push("string:".into());
    vec![("dbus-send", show), ("xdg-open", vec![folder])]
}

/// The address of a file, with all but plain letters written as `%` and two digits.
#[cfg(not(any(target_os = "macos", windows)))]
fn address(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"/-_.~".contains(&b);
    let written = |b: &u8| if plain(*b) { char::from(*b).to_string() } else { format!("%{b:02X}") };
    format!("file://{}", path.as_os_str().as_bytes().iter().map(written).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_file_or_a_file_manager_it_says_where_the_file_is() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("take.mp4");
        let gone = reveal(&file).unwrap_err();
        assert!(gone.place().ends_with("take.mp4"), "{gone}");
        std::fs::write(&file, "x").unwrap();
        let none = by(&[("no-such-program-here", Vec::new())], &file).unwrap_err();
        assert!(none.help_text().contains(&folder.path().display().to_string()), "{}", none.help_text());
        let tried = by(&[("no-such-program-here", Vec::new()), ("true", Vec::new())], &file);
        assert!(tried.is_ok() || cfg!(windows), "the next way is tried");
    }

    #[cfg(not(any(target_os = "macos", windows)))]
    #[test]
    fn the_address_of_a_file_says_every_byte_of_its_name() {
        let of = |path: &str| address(Path::new(path));
        assert_eq!(of("/a/b c,d.mp4"), "file:///a/b%20c%2Cd.mp4");
        assert_eq!(of("/ü"), "file:///%C3%BC");
    }
}
