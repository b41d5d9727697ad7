//! The one error that reaches a person: what is wrong, where, and what to do.

use std::fmt;

/// Who has to act, and with it the exit code of the command line and the `code` of a `drive` reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The graph, a parameter, a wire or the command is wrong.
    Usage,
    /// A file the graph names is not there.
    Missing,
    /// A file is truncated, is not media, or a decoder or encoder failed.
    Media,
    /// The disk, a permission, the device or another part of the machine failed.
    System,
    /// Trust, consent, a key or a budget is needed first; or a job that must run and may not.
    Consent,
    /// Somebody asked for the work to stop.
    Cancelled,
}

impl ErrorKind {
    /// The exit code of the command line.
    pub fn exit_code(self) -> i32 {
        match self {
            Self::Missing | Self::Media | Self::System => 1,
            Self::Usage => 2,
            Self::Consent => 4,
            Self::Cancelled => 130,
        }
    }

    /// The `code` of a `drive` error reply.
    pub fn code(self) -> &'static str {
        match self {
            Self::Usage => "usage",
            Self::Missing => "missing",
            Self::Media | Self::System => "node",
            Self::Consent => "consent",
            Self::Cancelled => "cancelled",
        }
    }
}

/// An error for a person. Cheap to clone, so that a cached failure can be shown again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    what: String,
    at: String,
    help: String,
}

/// The result of everything that can fail in front of a person.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind`: one sentence without full stop that says what is wrong.
    pub fn new(kind: ErrorKind, what: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, what: what.into(), at: String::new(), help: String::new() }))
    }

    /// The graph, a parameter or the command is wrong.
    pub fn usage(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Usage, what)
    }

    /// A file is not there.
    pub fn missing(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Missing, what)
    }

    /// A file is damaged or not media, or a codec failed.
    pub fn media(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Media, what)
    }

    /// The machine failed.
    pub fn system(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::System, what)
    }

    /// Something needs leave first.
    pub fn consent(what: impl Into<String>) -> Self {
        Self::new(ErrorKind::Consent, what)
    }

    /// Work stopped because somebody asked for it.
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "cancelled")
    }

    /// Says where: a node, a port, a file. An inner place already given stays and the outer one goes before it.
    #[must_use]
    pub fn at(mut self, place: impl fmt::Display) -> Self {
        let place = place.to_string();
        self.0.at = match self.0.at.as_str() {
            "" => place,
            inner if inner == place || inner.starts_with(&format!("{place}: ")) => self.0.at,
            inner => format!("{place}: {inner}"),
        };
        self
    }

    /// Says what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = help.into();
        self
    }

    /// Who has to act.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What is wrong.
    pub fn what(&self) -> &str {
        &self.0.what
    }

    /// Where, or an empty string.
    pub fn place(&self) -> &str {
        &self.0.at
    }

    /// What to do, or an empty string.
    pub fn help_text(&self) -> &str {
        &self.0.help
    }

    /// True for a stop that was asked for, which is never shown as a failure.
    pub fn is_cancelled(&self) -> bool {
        self.0.kind == ErrorKind::Cancelled
    }
}

impl fmt::Display for Error {
    /// `<what> (<where>)`, always on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_line = |s: &str| s.split_whitespace().collect::<Vec<_>>().join(" ");
        f.write_str(&one_line(&self.0.what))?;
        if self.0.at.is_empty() { Ok(()) } else { write!(f, " ({})", one_line(&self.0.at)) }
    }
}

impl std::error::Error for Error {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_one_line_with_its_places_from_outside_in() {
        let e = Error::media("the file is\ntruncated").at("a.mp4").at("read").help("copy it again");
        assert_eq!(e.to_string(), "the file is truncated (read: a.mp4)");
        assert_eq!(e.clone().at("read").to_string(), e.to_string(), "a place said twice is said once");
        assert_eq!((e.kind().exit_code(), e.kind().code()), (1, "node"));
    }
}
