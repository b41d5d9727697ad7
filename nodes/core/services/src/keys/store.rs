//! The key store of the system: Secret Service, Keychain, Credential Manager.
//!
//! It may ask a person to unlock it, or not answer at all; nothing here waits longer than a few seconds.

use std::sync::mpsc;
use std::time::Duration;

use keyring::v1::{Entry, Error as StoreError};
use rushes_engine::{Error, Result};

use super::Secret;

/// The name under which the store lists our keys.
const SERVICE: &str = "rushes";
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// The key, or nothing where there is none or no store.
pub(super) fn get(account: &'static str) -> Option<String> {
    match ask(move || Entry::new(SERVICE, account)?.get_password()) {
        Some(Ok(key)) => Some(key),
        Some(Err(StoreError::NoEntry)) => None,
        Some(Err(e)) => {
            log::debug!("the key store: {}", words(&e));
            None
        }
        None => {
            log::warn!("the key store does not answer");
            None
        }
    }
}

/// Keeps the key.
pub(super) fn set(account: &'static str, key: Secret) -> Result<()> {
    done(ask(move || Entry::new(SERVICE, account)?.set_password(key.reveal())))
}

/// Removes the key, if there is one.
pub(super) fn remove(account: &'static str) -> Result<()> {
    match ask(move || Entry::new(SERVICE, account)?.delete_credential()) {
        // Where there is no store, there is no key in it.
        Some(Err(StoreError::NoEntry | StoreError::NoDefaultStore)) => Ok(()),
        answer => done(answer).map_err(|e| e.help("remove it with the system's own program for passwords")),
    }
}

fn done(answer: Option<keyring::v1::Result<()>>) -> Result<()> {
    match answer {
        Some(Ok(())) => Ok(()),
        Some(Err(e)) => Err(Error::system(words(&e))),
        None => Err(Error::system("the system's key store does not answer")),
    }
}

/// What is wrong, without any of the store's own words: those may hold what is kept.
fn words(e: &StoreError) -> &'static str {
    match e {
        StoreError::NoDefaultStore => "this system has no key store that can be reached",
        StoreError::NoStorageAccess(_) => "the system's key store is locked or cannot be reached",
        _ => "the system's key store failed",
    }
}

/// Asks on a thread of its own, which is left alone when it takes too long.
fn ask<T: Send + 'static>(question: impl FnOnce() -> T + Send + 'static) -> Option<T> {
    let (tell, hear) = mpsc::channel();
    let asked = std::thread::Builder::new().name("key store".into()).spawn(move || {
        // Whoever asked may have gone.
        drop(tell.send(question()));
    });
    asked.ok()?;
    hear.recv_timeout(LONGEST_WAIT).ok()
}
