//! Keys of providers: found in the environment, in the system's key store, or in a private file, and shown nowhere.

mod file;
mod secret;
mod store;

use std::path::PathBuf;

use rushes_engine::{Error, Result};

use crate::Provider;
use crate::settings::Lookup;
pub(crate) use secret::Secret;

/// Where a key is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeptIn {
    /// This environment variable.
    Environment(&'static str),
    /// The key store of the system.
    Store,
    /// The private file, `keys.toml`.
    File,
}

/// The keys of this person.
#[derive(Clone)]
pub struct Keys {
    file: PathBuf,
    environment: Lookup,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    pub(crate) fn new(file: PathBuf, environment: Lookup) -> Self {
        Self { file, environment }
    }

    /// Where the provider's key is kept: the environment goes before the key store, and that before the file.
    pub fn find(&self, provider: &Provider) -> Option<KeptIn> {
        self.look(provider).ok().flatten().map(|(kept, _)| kept)
    }

    /// Refuses where there is no key, and says how to get one.
    pub fn require(&self, provider: &Provider) -> Result<()> {
        self.secret(provider).map(drop)
    }

    /// Puts a key into the system's key store.
    pub fn set(&self, provider: &Provider, key: &str) -> Result<KeptIn> {
        let key = secret::checked(key)?;
        let instead = || {
            let name = provider.env.first().unwrap_or(&"the environment");
            format!("keep it in a private file instead, or set {name}")
        };
        if !self.has_store() {
            return Err(Error::system("the key store is turned off").help(instead()));
        }
        store::set(provider.id, key).map_err(|e| e.help(instead()))?;
        Ok(KeptIn::Store)
    }

    /// Puts a key into a private file. Only for a person who asked for just that.
    pub fn set_in_file(&self, provider: &Provider, key: &str) -> Result<KeptIn> {
        file::set(&self.file, provider.id, Some(&secret::checked(key)?))?;
        Ok(KeptIn::File)
    }

    /// Removes the provider's key from the key store and from the file.
    pub fn remove(&self, provider: &Provider) -> Result<()> {
        file::set(&self.file, provider.id, None)?;
        if self.has_store() { store::remove(provider.id) } else { Ok(()) }
    }

    /// The provider's key.
    pub(crate) fn secret(&self, provider: &Provider) -> Result<Secret> {
        self.look(provider)?.map(|(_, secret)| secret).ok_or_else(|| {
            let name = provider.env.first().copied().unwrap_or_default();
            Error::consent(format!("there is no key for {}", provider.label)).help(format!(
                "get one at {} and paste it in Settings, Engines, or run `rushes keys set {}`, or set {name}",
                provider.page, provider.id
            ))
        })
    }

    fn look(&self, provider: &Provider) -> Result<Option<(KeptIn, Secret)>> {
        if let Some((name, key)) = self.in_environment(provider) {
            let key = secret::checked(&key).map_err(|e| e.at(name))?;
            return Ok(Some((KeptIn::Environment(name), key)));
        }
        if self.has_store()
            && let Some(key) = store::get(provider.id)
        {
            return Ok(Some((KeptIn::Store, secret::checked(&key).map_err(|e| e.at("the key store"))?)));
        }
        let Some(key) = file::get(&self.file, provider.id)? else { return Ok(None) };
        Ok(Some((KeptIn::File, secret::checked(&key).map_err(|e| e.at(self.file.display()))?)))
    }

    /// The first variable alone, or all the others together.
    fn in_environment(&self, provider: &Provider) -> Option<(&'static str, String)> {
        let value = |name: &str| (self.environment)(name).filter(|value| !value.trim().is_empty());
        let (first, parts) = provider.env.split_first()?;
        if let Some(key) = value(first) {
            return Some((first, key));
        }
        let values: Option<Vec<_>> = parts.iter().map(|name| value(name)).collect();
        let values = values.filter(|values| !values.is_empty())?;
        let trimmed: Vec<_> = values.iter().map(|value| value.trim()).collect();
        Some((parts.first()?, trimmed.join(":")))
    }

    fn has_store(&self) -> bool {
        (self.environment)("RUSHES_KEY_STORE").is_none_or(|value| value.trim() != "off")
    }
}
