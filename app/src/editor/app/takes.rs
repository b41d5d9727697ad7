//! The takes of the selected node: listed, chosen, and brought from elsewhere. The library is read and written on
//! threads of their own, since it lies on a disk.

use super::posters::Of;
use super::shelf::{Asked, Known};
use super::{Editor, Message};
use crate::editor::panels::inspector::{LiveView, TakesView};
use crate::editor::panels::take::{TakeAction, TakeView};
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::{Edit, NodeId};
use rushes_engine::library::{Facts, Library, Links, Take};
use rushes_engine::plan::{Change, Planner, Recipe, why};
use rushes_engine::{Cancel, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

impl Editor {
    /// Whether a node is one whose results are kept: not one that merely reads, or that is remade in a moment.
    pub(super) fn keeps_takes(&self, node: &NodeId) -> bool {
        let graph = self.session.document.graph();
        let record = graph.find(node).ok();
        let spec = record.and_then(|n| self.session.registry().get(&n.kind).ok());
        let instant = spec.is_some_and(|t| matches!(t.spec().family(), "finish" | "time" | "mask" | "guide"));
        !instant && record.is_some_and(|n| self.session.takes_takes(&n.kind))
    }

    /// Asks for the takes of the selected node where they may have changed.
    pub(super) fn ask_for_takes(&mut self) {
        let mut chosen = self.chosen_nodes();
        let one = chosen.next().filter(|_| chosen.next().is_none()).filter(|id| self.keeps_takes(id));
        drop(chosen);
        let path = self.session.document.path().map(Path::to_owned);
        let graph = self.session.document.graph();
        let described = self.facts.as_ref().map(|f| Arc::clone(&f.described));
        let wanted = one.zip(described.as_ref()).map(|(node, described)| Asked {
            take: graph.find(&node).map(|n| n.take.to_string()).unwrap_or_default(),
            node,
            path,
            added: self.shelf.added,
            described: (self.session.document.revision(), Arc::as_ptr(described) as usize),
        });
        if wanted == self.shelf.asked {
            return;
        }
        self.shelf.asked.clone_from(&wanted);
        let (Some(asked), Some(described)) = (wanted, described) else {
            self.shelf.known = None;
            return;
        };
        let (folder, series) = (self.session.home().library(), self.session.series(&asked.node));
        let (tell, carrying) = (self.tell.clone(), self.session.carrying().clone());
        spawn("takes", move || {
            carrying.settle();
            // A library that cannot be read has no takes to list; bringing one says what is wrong.
            let library = Library::open(&folder);
            let takes = library.as_ref().map(|library| library.series(&series)).unwrap_or_default();
            let stale = library.ok().and_then(|library| changed(&library, &asked, &described));
            tell.say(Message::Takes(asked, Known { takes, stale }));
        });
    }

    /// The takes of a node, for the inspector; `None` where it keeps none.
    pub(super) fn takes_view(&self, id: &NodeId) -> Option<TakesView> {
        let node = self.session.document.graph().find(id).ok()?;
        if !self.keeps_takes(id) && node.take.is_empty() {
            return None;
        }
        let known = self.shelf.node() == Some(id);
        let takes = self.shelf.of(id);
        let chosen = node.take.to_string();
        let coming = self.shelf.coming.iter().filter(|(node, _)| node == id);
        let view = |(at, take): (usize, &Take)| TakeView {
            chosen: take.id == chosen,
            compared: self.compares(id, &take.id),
            ..self.take_view(take, title(take, Some(at + 1)))
        };
        Some(TakesView {
            list: takes.iter().enumerate().map(view).rev().collect(),
            live: LiveView { chosen: chosen.is_empty(), compared: self.compares(id, "") },
            locked: node.locked,
            lost: !chosen.is_empty() && known && takes.iter().all(|t| t.id != chosen),
            coming: coming.map(|(_, file)| name_of(file)).collect::<Vec<_>>().join(", "),
        })
    }

    /// The takes of a node with their titles, newest first, and at last what it makes itself under an empty id.
    pub(super) fn takes_by_name(&self, node: &NodeId) -> Vec<(String, String)> {
        let takes = self.shelf.of(node).iter().enumerate().rev();
        let named = takes.map(|(at, take)| (take.id.clone(), title(take, Some(at + 1))));
        let live = (self.shelf.node() == Some(node)).then(|| (String::new(), "Live".to_owned()));
        named.chain(live).collect()
    }

    /// A take as panels show it.
    pub(super) fn take_view(&self, take: &Take, title: String) -> TakeView {
        let folder = self.session.home().library();
        let files = || take.files.iter().map(|file| folder.join(&file.name)).collect();
        TakeView {
            id: take.id.clone(),
            title,
            words: in_words(take),
            prompt: take.facts.prompt.clone(),
            remarks: take.remarks.clone(),
            picture: self.poster(&take.id, || Of::Files(files())),
            chosen: false,
            compared: false,
        }
    }

    /// A take that a panel shows.
    pub(super) fn shown_take(&self, id: &str) -> Result<Take> {
        let listed = || self.library.take(id);
        let take = self.shelf.take(id).or_else(listed).cloned();
        take.ok_or_else(|| {
            Error::missing("the take is not in the library any more").at(id).help("look again")
        })
    }

    /// Does what is asked of a take, which `node` could play.
    pub(super) fn on_take(&mut self, node: Option<&NodeId>, take: &str, action: TakeAction) -> Result<()> {
        match (action, node) {
            (TakeAction::Use, Some(node)) if take.is_empty() => {
                self.session.choose_take(node, "", "Back to live")
            }
            (TakeAction::Use, Some(node)) if self.shelf.of(node).iter().any(|known| known.id == take) => {
                self.session.choose_take(node, take, "Choose a take")
            }
            (TakeAction::Use, Some(node)) => {
                let take = self.shown_take(take)?;
                self.adopt(node.clone(), &take);
                Ok(())
            }
            (TakeAction::Compare, Some(node)) => {
                if self.compares(node, take) {
                    self.stop_comparing();
                } else {
                    self.compare_take(node, take);
                }
                Ok(())
            }
            (TakeAction::Use | TakeAction::Compare, None) => Ok(()),
            (TakeAction::Remark(remarks), _) => {
                self.shelf.remark(take, &remarks);
                self.library.remark(take, &remarks);
                self.librarian.remark(take, remarks);
                Ok(())
            }
            (TakeAction::Add, _) => {
                let take = self.shown_take(take)?;
                let at = self.canvas.center();
                self.add_take(&take, at)
            }
            (TakeAction::CopyPrompt, _) => {
                let prompt = self.shown_take(take)?.facts.prompt;
                self.tell.ctx.copy_text(prompt);
                self.toasts.done("Copied the prompt");
                Ok(())
            }
            (TakeAction::Reveal, _) => {
                let folder = self.session.home().library();
                let files = self.shown_take(take)?.files;
                let files = files.iter().map(|file| folder.join(&file.name)).collect();
                self.reveal(Of::Files(files));
                Ok(())
            }
        }
    }

    /// Locks the take of a node, or lets another take its place again.
    pub(super) fn lock_take(&mut self, node: &NodeId, on: bool) -> Result<()> {
        let label = if on { "Lock the take" } else { "Unlock the take" };
        self.edit_node(node, |node| Edit::Lock { node, on }, Some(label))
    }

    /// Says that a remark could not be kept.
    pub(super) fn remarked(&mut self, kept: Result<()>) {
        if !self.told(kept) {
            self.shelf.look_again();
        }
    }

    /// Makes a take of the library one of a node's, in the background; the node plays it then.
    pub(super) fn adopt(&mut self, node: NodeId, take: &Take) {
        let named = PathBuf::from(title(take, None));
        let (folder, id) = (self.session.home().library(), take.id.clone());
        let series = self.session.series(&node);
        let described = self.facts.as_ref().map(|f| Arc::clone(&f.described));
        self.shelf.coming.push((node.clone(), named.clone()));
        let tell = self.tell.clone();
        spawn("adopt a take", move || {
            let recipe = described.and_then(|graph| recipe(&graph, &node));
            let (recipe, made) = recipe.map(|r| (r.key, r.made)).unzip();
            let links = Links { recipe, series: Some(series), made, ..Links::default() };
            let take = Library::open(&folder).and_then(|library| library.link(&id, &links));
            tell.say(Message::Brought(node, named, Box::new(take)));
        });
    }

    /// Copies a file into the library in the background; it is the node's take once it is there.
    pub(super) fn bring(&mut self, node: NodeId, file: PathBuf) -> Result<()> {
        let bringing = self.session.bringing(&node, &file, Facts::default())?;
        let described = self.facts.as_ref().map(|f| Arc::clone(&f.described));
        self.shelf.coming.push((node.clone(), file.clone()));
        let tell = self.tell.clone();
        spawn("bring a take", move || {
            let recipe = described.and_then(|graph| recipe(&graph, &node));
            let take = bringing.made_for(recipe).run(&Cancel::new());
            tell.say(Message::Brought(node, file, Box::new(take)));
        });
        Ok(())
    }

    /// Takes the take that was brought.
    pub(super) fn brought(&mut self, node: &NodeId, file: &Path, take: Result<Take>) {
        self.shelf.coming.retain(|(to, path)| to != node || path != file);
        self.shelf.look_again();
        let chosen = match take {
            // Its node may be gone by now; the take stays in the library.
            Ok(_) if self.session.document.graph().find(node).is_err() => {
                Err(Error::usage(format!("{} came, but its node is gone", name_of(file)))
                    .help("the file is kept in the library"))
            }
            Ok(take) => self.session.choose_take(node, &take.id, "Bring a take"),
            Err(e) => Err(e.at(name_of(file))),
        };
        if self.told(chosen) {
            self.last_done = format!("{} is the take of {node}", name_of(file));
        }
    }
}

/// What changed since the chosen take was made or brought; `None` where nothing did, or nothing is known of it.
fn changed(library: &Library, asked: &Asked, graph: &DescribedGraph) -> Option<Vec<Change>> {
    let take = Some(&asked.take).filter(|id| !id.is_empty()).and_then(|id| library.get(id).ok())?;
    let now = recipe(graph, &asked.node).filter(|now| !take.recipes.contains(&now.key.to_string()))?;
    Some(why(take.made_from.as_ref()?, &now.made))
}

/// What a node would be made from now, where that is known for certain.
fn recipe(graph: &DescribedGraph, node: &NodeId) -> Option<Recipe> {
    let certain = !graph.has_guesses();
    certain.then(|| Planner::new(graph, 1).recipe(node).ok()).flatten()
}

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) {
    if let Err(e) = std::thread::Builder::new().name(name.into()).spawn(run) {
        log::error!("no thread could be started: {e}");
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// What a take is called: the name that a person gave, that of the file that was brought, else its number.
pub(super) fn title(take: &Take, number: Option<usize>) -> String {
    let origin = take.files.first().map(|file| file.origin.as_str()).unwrap_or_default();
    let prompt = take.facts.prompt.lines().next().unwrap_or_default();
    let numbered = number.filter(|_| !take.facts.brought).map(|n| format!("Take {n}"));
    let named = Some(take.remarks.name.clone()).filter(|name| !name.is_empty()).or(numbered);
    let made = [if take.facts.brought { origin } else { prompt }, origin, &take.id];
    let first = || made.into_iter().find(|name| !name.is_empty()).unwrap_or_default().to_owned();
    named.unwrap_or_else(first)
}

/// Engine, model, price and date of a take.
fn in_words(take: &Take) -> String {
    let facts = &take.facts;
    let date = if facts.date.is_empty() { day(take.made) } else { facts.date.clone() };
    let engine = if facts.engine.is_empty() && facts.brought { "brought" } else { facts.engine.as_str() };
    let price = facts.price_usd.map(|usd| format!("${usd:.2}")).unwrap_or_default();
    let words = [engine, &facts.model, &price, &date];
    words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" · ")
}

/// The day, `21 Nov 2026`, of a moment in seconds since 1970, by the calendar of the Greenwich meridian.
pub(super) fn day(seconds: u64) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // Years that begin in March end with the leap day; 719,468 days lie between 1 March of year 0 and 1970.
    let days = i64::try_from(seconds / 86_400).unwrap_or(0) + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let march_month = (5 * of_year + 2) / 153;
    let date = of_year - (153 * march_month + 2) / 5 + 1;
    let month = (march_month + 2) % 12;
    let year = year + era * 400 + i64::from(month < 2);
    let name = usize::try_from(month).ok().and_then(|m| MONTHS.get(m)).copied().unwrap_or_default();
    format!("{date} {name} {year}")
}

#[cfg(test)]
mod tests {
    use super::day;

    #[test]
    fn days_are_those_of_the_calendar() {
        let cases = [
            (0, "1 Jan 1970"),
            (951_782_400, "29 Feb 2000"),
            (1_709_251_199, "29 Feb 2024"),
            (1_795_219_200, "21 Nov 2026"),
        ];
        for (seconds, day_of) in cases {
            assert_eq!(day(seconds), day_of);
        }
    }
}
