//! The door of this room: orders, requests taken up again, and stopping them.

mod pursue;
mod send;
mod wait;

use std::path::Path;

use reqwest::Url;
use rushes_engine::{Cancel, Error, Key, Progress, Result};

use crate::http::{Wire, block_on, unless_stopped};
use crate::protocol::{Fal, Stopped};
use crate::{Endpoint, Keys, Ledger, Made, Order, Provider, Row, Settings, State};
use pursue::Pursuit;

/// All remote engines. Touches no disk, network or key store until it is asked.
#[derive(Clone, Debug)]
pub struct Remote {
    keys: Keys,
    ledger: Ledger,
    settings: Settings,
}

impl Remote {
    /// The ledger in `home/ledger`, the private file of keys at `home/keys.toml`.
    pub fn at(home: &Path) -> Self {
        Self::with(home, Settings::default())
    }

    /// As [`Remote::at`], with what is taken from outside given.
    pub fn with(home: &Path, settings: Settings) -> Self {
        Self {
            keys: Keys::new(home.join("keys.toml"), settings.environment.clone()),
            ledger: Ledger::at(home.join("ledger")),
            settings,
        }
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// What was ordered.
    pub fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// Makes what is ordered and waits for it. An open request for the same is taken up again instead of paying twice,
    /// also one that another program has begun.
    pub fn run(&self, order: &Order<'_>) -> Result<Made> {
        let body = order.endpoint.request(&order.inputs)?;
        let fal = self.reach(order.endpoint.provider())?;
        let (_held, waited) = wait::alone(&self.ledger, order.content, order.cancel, order.progress)?;
        if waited && (order.known)() {
            return Ok(Made::Known);
        }
        let pursuit = self.pursuit(&fal, order.endpoint, order.folder, order.cancel, order.progress);
        match self.ledger.open_for(order.content)? {
            Some(row) => pursuit.take_up(&row).map(Made::Files),
            // Another program may have finished it just before it was this one's turn.
            None if (order.known)() => Ok(Made::Known),
            None => block_on(async {
                let row = send::send(&pursuit, order, body).await?;
                pursuit.pursue(row, Vec::new()).await
            })
            .map(Made::Files),
        }
    }

    /// Takes up a request that was sent, until its files are in `folder`.
    pub fn resume(&self, row: &str, folder: &Path, cancel: &Cancel, progress: &Progress) -> Result<Made> {
        let found = self.ledger.get(row)?;
        let endpoint = crate::endpoint(&found.endpoint)?;
        let content =
            Key::from_hex(&found.content).ok_or_else(|| Error::system("the row names no request").at(row))?;
        let _held = wait::at_once(&self.ledger, content, row)?;
        // Another program may have done it up to now.
        let found = self.ledger.get(row)?;
        if !found.state.is_open() {
            return Err(over(&found));
        }
        let fal = self.reach(endpoint.provider())?;
        self.pursuit(&fal, endpoint, folder, cancel, progress).take_up(&found).map(Made::Files)
    }

    /// Asks the provider to stop a request that was sent. What it has cost by then is the provider's to say.
    pub fn cancel(&self, row: &str) -> Result<()> {
        let found = self.ledger.get(row)?;
        let made = || {
            Error::usage(format!("the request {row} is made already"))
                .help("fetch its result: `rushes jobs resume`")
        };
        let ids = match (found.state, &found.remote) {
            (State::Sent, Some(ids)) => ids,
            (State::Sending, _) => return Err(pursue::unknown(&found, crate::provider(&found.provider)?)),
            (State::Made, _) => return Err(made()),
            _ => return Err(over(&found)),
        };
        let fal = self.reach(crate::provider(&found.provider)?)?;
        match block_on(pursue::stop(&fal, ids))? {
            Stopped::Yes => self.ledger.change(row, |row| {
                // Whoever waits for it may have seen it made just now.
                if row.state == State::Sent {
                    row.state = State::Cancelled;
                }
            }),
            Stopped::TooLate => Err(made()),
        }
    }

    /// Asks the provider something free that only a good key is answered.
    pub fn check_key(&self, provider: &Provider, cancel: &Cancel) -> Result<()> {
        let fal = self.reach(crate::provider(provider.id)?)?;
        block_on(unless_stopped(cancel, fal.check_key()))
    }

    fn pursuit<'a>(
        &'a self,
        fal: &'a Fal,
        endpoint: &'a Endpoint,
        folder: &'a Path,
        cancel: &'a Cancel,
        progress: &'a Progress,
    ) -> Pursuit<'a> {
        Pursuit { fal, ledger: &self.ledger, endpoint, folder, cancel, progress }
    }

    /// The provider, with this person's key.
    fn reach(&self, provider: &'static Provider) -> Result<Fal> {
        let secret = self.keys.secret(provider)?;
        let name = format!("RUSHES_{}_URL", provider.id.to_uppercase());
        let own = match (self.settings.environment)(&name).filter(|url| !url.trim().is_empty()) {
            Some(url) => Some(own_host(url.trim()).map_err(|e| e.at(name))?),
            None => None,
        };
        Fal::new(provider, Wire::new(own.clone(), self.settings.limits), secret, own)
    }
}

/// A host that a person put in the place of the provider's: over https, or on this machine.
fn own_host(url: &str) -> Result<Url> {
    let refuse = |what: &str| Error::usage(what).help("it may be https://HOST, or http://127.0.0.1:PORT");
    let url = Url::parse(url).map_err(|_| refuse("this is no address"))?;
    let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|host| host.is_loopback());
    match url.scheme() {
        "https" => Ok(url),
        "http" if here => Ok(url),
        "http" => Err(refuse("plain http would show the key to the network")),
        _ => Err(refuse("this is neither https nor http")),
    }
}

fn over(row: &Row) -> Error {
    let what = match row.state {
        State::Kept => "its result is in the library",
        State::Failed => "it failed",
        State::Cancelled => "it was cancelled",
        _ => "it is forgotten",
    };
    let error = Error::usage(format!("the request {} is over: {what}", row.id));
    if row.error.is_empty() { error } else { error.help(row.error.clone()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_threads_may_hold_it() {
        fn held<T: Send + Sync + Clone>() {}
        held::<Remote>();
    }

    #[test]
    fn a_host_of_ones_own_is_https_or_on_this_machine() {
        for good in
            ["http://127.0.0.1:4000", "http://localhost:1", "http://[::1]:9/", "https://proxy.studio/"]
        {
            own_host(good).unwrap();
        }
        for bad in ["http://fal.example", "ftp://127.0.0.1", "127.0.0.1:80", ""] {
            assert!(own_host(bad).is_err(), "{bad}");
        }
    }
}
