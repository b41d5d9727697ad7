//! The takes of the selected node: listed, chosen, and brought from elsewhere. The library is read and written on
//! threads of their own, since it lies on a disk.

use super::{Editor, Message};
use crate::editor::panels::inspector::{TakeView, TakesView};
use rushes_engine::describe::DescribedGraph;
use rushes_engine::document::NodeId;
use rushes_engine::library::{Facts, Library, Take};
use rushes_engine::plan::{Change, Planner, Recipe, why};
use rushes_engine::{Cancel, Error, Result};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What the list of takes was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    node: NodeId,
    /// The graph's file, under which takes are kept.
    path: Option<PathBuf>,
    /// Grows when a take may have been added.
    added: u64,
    /// The take that it plays, or empty.
    take: String,
    /// The revision of the graph, and where its description lies.
    described: (u64, usize),
}

/// What is known of the takes of a node.
pub(super) struct Known {
    takes: Vec<Take>,
    /// What changed since the chosen take was made; empty where only keyframes did.
    stale: Option<Vec<Change>>,
}

/// The takes of the selected node, as far as they are known.
#[derive(Default)]
pub(super) struct Shelf {
    asked: Option<Asked>,
    known: Option<(Asked, Known)>,
    added: u64,
    /// Files on their way into the library: to which node, and their names.
    coming: Vec<(NodeId, PathBuf)>,
}

impl Shelf {
    /// There may be takes that are not listed yet.
    pub(super) fn look_again(&mut self) {
        self.added += 1;
    }

    /// Takes the list that was asked for; older ones come too late.
    pub(super) fn listed(&mut self, asked: Asked, known: Known) {
        if self.asked.as_ref() == Some(&asked) {
            self.known = Some((asked, known));
        }
    }

    /// What changed since the take that a node plays was made; `None` where nothing did.
    pub(super) fn stale(&self, node: &NodeId) -> Option<&[Change]> {
        let (_, known) = self.known.as_ref().filter(|(asked, _)| asked.node == *node)?;
        known.stale.as_deref()
    }

    /// Whether nothing is on its way.
    pub(super) fn is_settled(&self) -> bool {
        self.coming.is_empty() && self.asked.as_ref() == self.known.as_ref().map(|(asked, _)| asked)
    }
}

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
        let tell = self.tell.clone();
        spawn("takes", move || {
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
        let known = self.shelf.known.as_ref().filter(|(asked, _)| asked.node == *id);
        let takes = known.map(|(_, known)| known.takes.as_slice()).unwrap_or_default();
        let chosen = node.take.to_string();
        let coming = self.shelf.coming.iter().filter(|(node, _)| node == id);
        Some(TakesView {
            list: takes.iter().map(|t| in_words(t, t.id == chosen)).collect(),
            live: chosen.is_empty(),
            lost: !chosen.is_empty() && known.is_some() && takes.iter().all(|t| t.id != chosen),
            coming: coming.map(|(_, file)| name_of(file)).collect::<Vec<_>>().join(", "),
        })
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

fn in_words(take: &Take, chosen: bool) -> TakeView {
    let facts = &take.facts;
    let origin = take.files.first().map(|f| f.origin.clone()).unwrap_or_default();
    let named = [&take.remarks.name, &origin, &take.id].into_iter().find(|n| !n.is_empty());
    let date = if facts.date.is_empty() { day(take.made) } else { facts.date.clone() };
    let engine = if facts.engine.is_empty() && facts.brought { "brought" } else { facts.engine.as_str() };
    let price = facts.price_usd.map(|usd| format!("${usd:.2}")).unwrap_or_default();
    let words = [engine, &facts.model, &price, &date];
    TakeView {
        id: take.id.clone(),
        title: named.cloned().unwrap_or_default(),
        words: words.into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" · "),
        chosen,
    }
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
