//! Fetching a file that a provider made.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use reqwest::header::LOCATION;
use reqwest::{Response, StatusCode, Url};
use rushes_engine::files::{Temporary, io_error};
use rushes_engine::{Error, Progress, Result};

use super::{Trouble, Wire, network, refused, retry, send};

const MOST_REDIRECTS: usize = 5;

/// Why there is no file.
#[derive(Debug)]
pub(crate) enum Gone {
    /// The provider has removed it.
    Deleted,
    /// Anything else.
    Failed(Error),
}

impl From<Error> for Gone {
    fn from(error: Error) -> Self {
        Self::Failed(error)
    }
}

impl Wire {
    /// Fetches `url` to `stem` with the ending that its content deserves. The name appears with the whole file only. No
    /// key goes along: such addresses are public or carry their own leave.
    pub async fn download(&self, url: &Url, stem: &Path, progress: &Progress) -> Result<PathBuf, Gone> {
        let began = Instant::now();
        for attempt in 1.. {
            match self.attempt(url, stem, progress).await {
                Ok(done) => return done,
                Err(trouble) if !trouble.passing || began.elapsed() > self.limits.patience => {
                    return Err(Gone::Failed(trouble.error));
                }
                Err(trouble) => log::debug!("a download is tried again: {}", trouble.error),
            }
            tokio::time::sleep(retry::wait(&self.limits, attempt, None)).await;
        }
        Err(Gone::Failed(Error::system("no answer")))
    }

    async fn attempt(
        &self,
        url: &Url,
        stem: &Path,
        progress: &Progress,
    ) -> Result<Result<PathBuf, Gone>, Trouble> {
        let response = self.follow(url).await?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_FOUND | StatusCode::GONE => return Ok(Err(Gone::Deleted)),
            status => {
                let passing = retry::may_pass(status, response.headers());
                let error =
                    Error::system(format!("the file cannot be fetched: {status}")).help("try again later");
                return Err(Trouble { error, sent: true, passing });
            }
        }
        save(response, stem, self.limits.file_bytes, progress).await.map(Ok)
    }

    /// The answer at `url` or where it leads; every step is checked as the first.
    async fn follow(&self, url: &Url) -> Result<Response, Trouble> {
        let mut url = url.clone();
        for _ in 0..=MOST_REDIRECTS {
            let response = send(self.client(&url, false).map_err(refused)?.get(url.clone())).await?;
            if !response.status().is_redirection() {
                return Ok(response);
            }
            let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok());
            let to = to.and_then(|to| url.join(to).ok());
            url =
                to.ok_or_else(|| refused(Error::system("the file is said to be elsewhere, and not where")))?;
        }
        Err(refused(Error::system("the file is said to be elsewhere too many times")))
    }
}

async fn save(
    mut response: Response,
    stem: &Path,
    most: u64,
    progress: &Progress,
) -> Result<PathBuf, Trouble> {
    let too_large = || refused(Error::system(format!("the file is larger than {most} bytes")));
    let whole = response.content_length();
    if whole.is_some_and(|whole| whole > most) {
        return Err(too_large());
    }
    let part = stem.with_extension("part");
    let mut temporary = Temporary::beside(&part).map_err(refused)?;
    let (mut head, mut length) = (Vec::new(), 0_u64);
    loop {
        let chunk = response.chunk().await;
        let chunk = chunk.map_err(|e| Trouble { error: network(e), sent: true, passing: true })?;
        let Some(chunk) = chunk else { break };
        length += chunk.len() as u64;
        if length > most {
            return Err(too_large());
        }
        if head.len() < 64 {
            head.extend(chunk.iter().take(64 - head.len()));
        }
        if let Some(file) = temporary.file() {
            file.write_all(&chunk).map_err(|e| refused(io_error("write", &part, &e)))?;
        }
        say(progress, length, whole);
    }
    let ending = ending(&head).ok_or_else(|| {
        refused(Error::system("what came is neither a clip nor a picture").help("try again later"))
    })?;
    let path = stem.with_extension(ending);
    temporary.keep_as(&path).map_err(refused)?;
    Ok(path)
}

fn say(progress: &Progress, length: u64, whole: Option<u64>) {
    let megabytes = |bytes: u64| bytes as f64 / 1e6;
    match whole.filter(|whole| *whole > 0) {
        Some(whole) => {
            let share = length as f32 / whole as f32;
            let words = format!("fetching {:.1} of {:.1} MB", megabytes(length), megabytes(whole));
            progress.report(0.9 + 0.1 * share, &words);
        }
        None => progress.report(0.95, &format!("fetching, {:.1} MB", megabytes(length))),
    }
}

/// The ending that a file deserves by its first bytes. What the server calls it does not count.
fn ending(head: &[u8]) -> Option<&'static str> {
    let at = |from: usize, bytes: &[u8]| head.get(from..).is_some_and(|rest| rest.starts_with(bytes));
    if at(4, b"ftyp") {
        return Some(if at(8, b"qt  ") { "mov" } else { "mp4" });
    }
    if [b"moov", b"mdat", b"wide"].iter().any(|name| at(4, *name)) {
        return Some("mov");
    }
    if at(0, b"\x1a\x45\xdf\xa3") {
        return Some(if head.windows(4).any(|four| four == b"webm") { "webm" } else { "mkv" });
    }
    if at(0, b"\x89PNG\r\n\x1a\n") {
        return Some("png");
    }
    if at(0, b"\xff\xd8\xff") {
        return Some("jpg");
    }
    (at(0, b"RIFF") && at(8, b"WEBP")).then_some("webp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_come_from_the_bytes() {
        for (head, ending_wanted) in [
            (&b"\0\0\0\x20ftypisom\0\0"[..], Some("mp4")),
            (b"\0\0\0\x14ftypqt  \0\0", Some("mov")),
            (b"\0\0\0\x08wide\0\0", Some("mov")),
            (b"\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x84webm", Some("webm")),
            (b"\x1a\x45\xdf\xa3\x01\0\0\0\x42\x82\x88matroska", Some("mkv")),
            (b"\x89PNG\r\n\x1a\n", Some("png")),
            (b"\xff\xd8\xff\xe0", Some("jpg")),
            (b"RIFF\0\0\0\0WEBPVP8 ", Some("webp")),
            (b"<html>", None),
            (b"", None),
        ] {
            assert_eq!(ending(head), ending_wanted);
        }
    }
}
