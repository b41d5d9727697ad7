//! From a request that the provider has taken to files: asking, fetching, stopping.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use reqwest::Url;
use rushes_engine::files::io_error;
use rushes_engine::{Cancel, Error, Progress, Result};

use crate::http::{Gone, block_on, poll, unless_stopped};
use crate::protocol::{Fal, Outcome, Standing, Stopped};
use crate::{Done, Endpoint, Ledger, Provider, RemoteIds, Row, State};

/// How long asking to stop may take.
const STOPPING: Duration = Duration::from_secs(5);

/// How often in a row the provider may not know a request before that is believed.
const MOST_MISSING: u32 = 3;

/// What it takes to see a request through.
pub(super) struct Pursuit<'a> {
    pub fal: &'a Fal,
    pub ledger: &'a Ledger,
    pub endpoint: &'a Endpoint,
    pub folder: &'a Path,
    pub cancel: &'a Cancel,
    pub progress: &'a Progress,
}

impl Pursuit<'_> {
    /// Takes up a row that is open and that nobody is at work on.
    pub fn take_up(&self, row: &Row) -> Result<Done> {
        if row.state == State::Sending {
            return Err(unknown(row, self.fal.provider()));
        }
        let words = vec![format!("the request {} was taken up again, not bought again", row.id)];
        block_on(self.pursue(row.clone(), words))
    }

    /// Sees a row through that is sent or made.
    pub async fn pursue(&self, mut row: Row, words: Vec<String>) -> Result<Done> {
        let ids = row.remote.clone().ok_or_else(|| {
            Error::system("the row does not say how the provider names the request").at(&row.id)
        })?;
        if row.state == State::Sent {
            match unless_stopped(self.cancel, self.until_made(&row, &ids)).await {
                Ok(made) => row = made,
                Err(e) if e.is_cancelled() && self.cancel.is_cancelled() => {
                    self.give_up(&row, &ids).await;
                    return Err(e);
                }
                Err(e) => return Err(self.note(&row, e)),
            }
        }
        let fetched = unless_stopped(self.cancel, self.fetch(&row, &ids)).await;
        let files = fetched.map_err(|e| if e.is_cancelled() { e } else { self.note(&row, e) })?;
        Ok(Done { row: row.id, files, seed: row.seed, request: row.request, words })
    }

    /// Asks until it is made, and says so on disk.
    async fn until_made(&self, row: &Row, ids: &RemoteIds) -> Result<Row> {
        let (began, mut missing) = (Instant::now(), 0);
        loop {
            // Another program may have stopped it.
            if self.ledger.get(&row.id)?.state == State::Cancelled {
                return Err(Error::cancelled());
            }
            match self.fal.standing(ids).await? {
                Standing::Over => return self.made(row, ids).await,
                Standing::Failed(words) => return Err(self.failed(row, &words)),
                // A queue spread over many machines may not know yet what one of them has just taken.
                Standing::Gone if missing < MOST_MISSING => missing += 1,
                Standing::Gone => return Err(self.deleted(row)),
                standing => {
                    missing = 0;
                    self.say(&standing);
                }
            }
            tokio::time::sleep(poll(self.fal.wire().limits(), began.elapsed())).await;
        }
    }

    async fn made(&self, row: &Row, ids: &RemoteIds) -> Result<Row> {
        let (files, seed) = self.outcome(row, ids).await?;
        let secret = files.iter().any(|url| url.query().is_some());
        let results = if secret { Vec::new() } else { files.iter().map(Url::to_string).collect() };
        self.ledger.change(&row.id, |row| {
            row.state = State::Made;
            row.error.clear();
            row.results = results;
            row.seed = seed;
            row.clone()
        })
    }

    async fn outcome(&self, row: &Row, ids: &RemoteIds) -> Result<(Vec<Url>, Option<u64>)> {
        match self.fal.outcome(ids, self.endpoint.outcome()).await? {
            Outcome::Files(files, seed) => Ok((files, seed)),
            Outcome::Failed(words) => Err(self.failed(row, &words)),
            Outcome::Gone => Err(self.deleted(row)),
        }
    }

    /// Brings its files to the folder.
    async fn fetch(&self, row: &Row, ids: &RemoteIds) -> Result<Vec<PathBuf>> {
        std::fs::create_dir_all(self.folder).map_err(|e| io_error("make the folder", self.folder, &e))?;
        let known: Option<Vec<_>> = row.results.iter().map(|url| Url::parse(url).ok()).collect();
        let urls = match known.filter(|urls| !urls.is_empty()) {
            Some(urls) => urls,
            None => self.outcome(row, ids).await?.0,
        };
        self.progress.report(0.9, &format!("fetching from {}", self.fal.provider().label));
        let mut files = Vec::new();
        for (at, url) in urls.iter().enumerate() {
            let name = if at == 0 { row.id.clone() } else { format!("{}_{}", row.id, at + 1) };
            match self.fal.wire().download(url, &self.folder.join(name), self.progress).await {
                Ok(file) => files.push(file),
                Err(Gone::Deleted) => return Err(self.deleted(row)),
                Err(Gone::Failed(error)) => return Err(error),
            }
        }
        Ok(files)
    }

    fn say(&self, standing: &Standing) {
        let label = self.fal.provider().label;
        let words = match standing {
            Standing::Queued(Some(before)) => format!("waiting at {label}, {} in line", ordinal(before + 1)),
            Standing::Queued(None) => format!("waiting at {label}"),
            _ => format!("{label} is working"),
        };
        // How much of it is done is not told: a share would be made up.
        self.progress.report(0.0, &words);
    }

    /// Asks the provider to stop. Where it does not say yes, the row stays: its result is fetched another time.
    async fn give_up(&self, row: &Row, ids: &RemoteIds) {
        let stopped = match stop(self.fal, ids).await {
            Ok(Stopped::Yes) => self.ledger.change(&row.id, |row| row.state = State::Cancelled),
            Ok(Stopped::TooLate) => Ok(()),
            Err(e) => Err(e),
        };
        if let Err(e) = stopped {
            log::warn!("the request {} may go on: {e}", row.id);
        }
    }

    fn failed(&self, row: &Row, words: &str) -> Error {
        let error = Error::system(format!("{} could not make it: {words}", self.fal.provider().label));
        self.end(row, error.help("change the prompt or the picture, and run again"))
    }

    fn deleted(&self, row: &Row) -> Error {
        let error = Error::system(format!("{} has deleted the result", self.fal.provider().label));
        self.end(
            row,
            error.help(format!("look at {}; run again to buy it anew", self.fal.provider().requests)),
        )
    }

    /// Ends a row of which nothing more is to be had.
    fn end(&self, row: &Row, error: Error) -> Error {
        let ended = self.ledger.change(&row.id, |row| {
            // Another program may have stopped it, and then that is what it was.
            if row.state.is_open() {
                row.state = State::Failed;
                row.error = error.to_string();
            }
        });
        if let Err(e) = ended {
            log::warn!("the ledger: {e}");
        }
        error
    }

    /// What went wrong with a request that goes on, on disk and for the person.
    fn note(&self, row: &Row, error: Error) -> Error {
        if error.is_cancelled() {
            return error;
        }
        let open = self.ledger.change(&row.id, |row| {
            if row.state.is_open() {
                row.error = error.to_string();
            }
            row.state.is_open()
        });
        match open {
            Ok(true) => {
                let help = format!(
                    "{}; the request goes on and is taken up again, not bought again",
                    error.help_text()
                );
                error.help(help.trim_start_matches("; "))
            }
            Ok(false) => error,
            Err(e) => {
                log::warn!("the ledger: {e}");
                error
            }
        }
    }
}

/// Asks the provider to stop a request, for a few seconds at most.
pub(super) async fn stop(fal: &Fal, ids: &RemoteIds) -> Result<Stopped> {
    let late = |_| Error::system(format!("{} does not answer", fal.provider().label)).help("try again later");
    tokio::time::timeout(STOPPING, fal.stop(ids)).await.map_err(late)?
}

/// The error of a request that may or may not have been taken. It is for a person to look, never to be sent again by
/// itself.
pub(super) fn unknown(row: &Row, provider: &Provider) -> Error {
    let why = if row.error.is_empty() { String::new() } else { format!(": {}", row.error) };
    Error::consent(format!("whether {} took the request is not known{why}", provider.label)).help(format!(
        "look for it at {}; if it is not there, `rushes jobs forget {}` lets it be sent again",
        provider.requests, row.id
    ))
}

/// 1st, 2nd, 3rd, 4th …
fn ordinal(number: u64) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_line_read_well() {
        let all: Vec<_> = [1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal).into();
        assert_eq!(all.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th");
    }
}
