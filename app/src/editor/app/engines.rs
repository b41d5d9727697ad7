//! Remote engines: their keys, what they may cost unasked, and what was ordered from them. The key store, the ledger and
//! the network are asked on threads of their own.

use super::Editor;
use super::inbox::Message;
use super::jobs::{Ended, Job};
use crate::cli::keys::place;
use crate::editor::panels::engines::{EnginesAction, EnginesView, KeyView, OrderView};
use crate::session::fetch;
use rushes_engine::{Cancel, Result};
use rushes_nodes::Services;
use rushes_services::{PROVIDERS, Provider, Row, State};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

/// Sums are told for so long a time.
const MONTH: u64 = 30 * 24 * 3600;

/// What is known of them.
pub(super) struct Known {
    /// Where the key of each provider is, where that was asked.
    keys: Option<Vec<Option<String>>>,
    /// What was ordered and has not come.
    orders: Vec<(Row, bool)>,
    /// What was spent in the last thirty days, in US dollars.
    spent: f64,
    /// What was under way when the program began is taken up by itself.
    first: bool,
}

/// What the window knows of them.
#[derive(Default)]
pub(super) struct Engines {
    known: Option<Known>,
    /// The page is open, and it was asked where keys are.
    open: bool,
    /// What came last of a provider's key: whether that is good, and in words.
    said: HashMap<&'static str, (bool, String)>,
    /// Providers that are being asked.
    busy: HashMap<&'static str, &'static str>,
}

/// The key store may ask a person to unlock it, so it is left alone but for `keys`.
fn look(services: &Services, keys: bool, first: bool) -> Result<Known> {
    let remote = services.remote()?;
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |t| t.as_secs());
    let ledger = remote.ledger();
    let orders = ledger.open_rows()?.into_iter().map(|row| {
        let under_way = ledger.is_under_way(&row.id);
        (row, under_way)
    });
    let kept = |provider| remote.keys().find(provider).map(|kept| place(&kept));
    Ok(Known {
        keys: keys.then(|| PROVIDERS.iter().map(kept).collect()),
        orders: orders.collect(),
        spent: ledger.spent_usd(now.saturating_sub(MONTH))?,
        first,
    })
}

impl Editor {
    /// Finds out how it stands with remote engines. What was under way when the program ended is taken up.
    pub(super) fn begin_engines(&self) {
        self.ask_engines(false, true);
    }

    /// Finds out again.
    pub(super) fn look_at_engines(&self) {
        self.ask_engines(self.engines.open, false);
    }

    fn ask_engines(&self, keys: bool, first: bool) {
        let (services, tell) = (Arc::clone(self.session.services()), self.tell.clone());
        on_thread("engines", move || match look(&services, keys, first) {
            Ok(known) => tell.say(Message::Engines(Box::new(known))),
            Err(e) => log::warn!("the ledger of remote engines cannot be read: {e}"),
        });
    }

    /// Asks where keys are once the page is shown, and anew the next time.
    pub(super) fn show_engines(&mut self, shown: bool) {
        if shown && !std::mem::replace(&mut self.engines.open, shown) {
            self.look_at_engines();
        }
        self.engines.open = shown;
    }

    pub(super) fn engines_known(&mut self, mut known: Known) {
        let before = self.engines.known.as_mut().and_then(|known| known.keys.take());
        known.keys = known.keys.or(before);
        let left: Vec<Row> = match known.first {
            true => {
                known.orders.iter().filter(|(_, under_way)| !under_way).map(|(row, _)| row.clone()).collect()
            }
            false => Vec::new(),
        };
        self.engines.known = Some(known);
        for row in left {
            match row.state {
                State::Sent | State::Made => self.fetch(row),
                _ => {
                    let what = format!("Whether {} was ordered is not known", row.title);
                    let help = "see Settings, Engines, before it is ordered again";
                    self.toasts.failed(&rushes_engine::Error::consent(what).help(help));
                }
            }
        }
    }

    /// Waits for what was ordered and puts it into the library.
    fn fetch(&mut self, row: Row) {
        let (home, services) = (self.session.home().clone(), Arc::clone(self.session.services()));
        let (wake, tell, id) = (self.tell.ctx.clone(), self.tell.clone(), self.next_job());
        let title = format!("Fetch · {}", row.title);
        let work = move |cancel: &Cancel, progress: &rushes_engine::Progress| {
            fetch(&home, services.remote()?, &row, cancel, progress).map(Box::new).map(Ended::Fetched)
        };
        let job = Job::begin(
            id,
            title,
            work,
            move || wake.request_repaint(),
            move |result| tell.say(Message::Rendered(id, result)),
        );
        self.begun(job);
    }

    /// What the page of the settings shows.
    pub(super) fn engines_view(&self) -> EnginesView {
        let known = self.engines.known.as_ref();
        let keys = PROVIDERS.iter().enumerate().map(|(at, provider)| {
            let keys = known.and_then(|known| known.keys.as_ref());
            let kept = keys.map(|keys| keys.get(at).cloned().flatten());
            let (good, said) = match (self.engines.busy.get(provider.id), self.engines.said.get(provider.id))
            {
                (Some(doing), _) => (true, (*doing).to_owned()),
                (None, Some(said)) => said.clone(),
                (None, None) => (true, String::new()),
            };
            KeyView {
                provider: provider.id,
                label: provider.label,
                page: provider.page,
                kept,
                said,
                good,
                busy: self.engines.busy.contains_key(provider.id),
            }
        });
        let orders =
            known.map(|known| known.orders.as_slice()).unwrap_or_default().iter().map(|(row, busy)| {
                OrderView {
                    id: row.id.clone(),
                    title: row.title.clone(),
                    price: format!("${:.2}", row.quoted_usd),
                    unknown: row.state == State::Sending && !busy,
                    busy: *busy,
                    why: row.error.clone(),
                }
            });
        EnginesView {
            keys: keys.collect(),
            unasked: self.memory.config.spend_unasked,
            spent: known.map_or_else(String::new, |known| format!("${:.2} in the last 30 days", known.spent)),
            orders: orders.collect(),
        }
    }

    pub(super) fn on_engines(&mut self, action: EnginesAction) {
        match action {
            EnginesAction::Keep { provider, key, file } => {
                self.with_key(provider, "Keeping the key…", move |services, provider| {
                    let remote = services.remote()?;
                    let keys = remote.keys();
                    let kept =
                        if file { keys.set_in_file(provider, &key) } else { keys.set(provider, &key) }?;
                    let place = place(&kept);
                    let checked = remote.check_key(provider, &Cancel::new());
                    checked.map_err(|e| e.at(format!("the key is kept {place}")))?;
                    Ok(format!("Kept {place}; {} knows it", provider.label))
                });
            }
            EnginesAction::Check(provider) => {
                self.with_key(provider, "Asking…", |services, provider| {
                    services.remote()?.check_key(provider, &Cancel::new())?;
                    Ok(format!("{} knows the key", provider.label))
                });
            }
            EnginesAction::Remove(provider) => {
                self.with_key(provider, "Removing the key…", |services, provider| {
                    services.remote()?.keys().remove(provider)?;
                    Ok("The key was removed".to_owned())
                });
            }
            EnginesAction::Unasked(usd) => self.memory.config.spend_unasked = usd,
            EnginesAction::Fetch(id) => {
                let row =
                    self.engines.known.as_ref().and_then(|k| k.orders.iter().find(|(row, _)| row.id == id));
                if let Some(row) = row.map(|(row, _)| row.clone()) {
                    self.fetch(row);
                    self.look_at_engines();
                }
            }
            EnginesAction::Forget(id) => {
                let (services, tell) = (Arc::clone(self.session.services()), self.tell.clone());
                on_thread("ledger", move || {
                    let forgotten = services.remote().and_then(|remote| remote.ledger().forget(&id));
                    match forgotten.and_then(|()| look(&services, false, false)) {
                        Ok(known) => tell.say(Message::Engines(Box::new(known))),
                        Err(e) => tell.say(Message::Revealed(Err(e))),
                    }
                });
            }
        }
    }

    fn with_key(
        &mut self,
        id: &'static str,
        doing: &'static str,
        work: impl FnOnce(&Services, &'static Provider) -> Result<String> + Send + 'static,
    ) {
        self.engines.busy.insert(id, doing);
        let (services, tell) = (Arc::clone(self.session.services()), self.tell.clone());
        on_thread("keys", move || {
            let said = rushes_services::provider(id).and_then(|provider| work(&services, provider));
            tell.say(Message::Keyed(id, said));
        });
    }

    /// Takes what came of a key.
    pub(super) fn keyed(&mut self, provider: &'static str, said: Result<String>) {
        self.engines.busy.remove(provider);
        let said = match said {
            Ok(words) => (true, words),
            Err(e) => {
                let help = crate::editor::widgets::paint::capital(e.help_text());
                let what = crate::editor::widgets::paint::capital(&e.to_string());
                (false, if help.is_empty() { what } else { format!("{what}. {help}") })
            }
        };
        self.engines.said.insert(provider, said);
        self.look_at_engines();
    }
}

fn on_thread(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(e) = std::thread::Builder::new().name(name.into()).spawn(work) {
        log::error!("no thread could be started: {e}");
    }
}
