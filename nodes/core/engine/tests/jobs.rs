//! Jobs and their takes: run when asked, found again by recipe and by what would be sent, and never paid for twice.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod fake;

use fake::*;
use rushes_engine::document::Graph;
use rushes_engine::evaluate::{JobOrder, Produced, Shelf};
use rushes_engine::library::{Library, Take};
use rushes_engine::plan::{Change, Planner, quote, why};
use rushes_engine::{Cancel, ErrorKind, Progress};
use serde_json::json;
use std::sync::Arc;

struct Studio {
    bench: Bench,
    library: Library,
    folder: tempfile::TempDir,
}

impl Studio {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { bench: Bench::new(), library: Library::open(&folder.path().join("library")).unwrap(), folder }
    }

    fn shoot(&mut self, g: &Graph, again: bool) -> Produced {
        let described = self.bench.describe(g);
        let (cancel, progress, node) = (Cancel::new(), Progress::silent(), id("shoot"));
        let order = JobOrder {
            node: &node,
            frames: None,
            proxy: 1,
            out: Some(self.folder.path()),
            graph_json: "",
            files: &FakeFiles,
            cancel: &cancel,
            progress: &progress,
        };
        let shelf = Shelf { library: &self.library, series: Some("film#shoot"), again };
        self.bench.evaluator.produce(&described, &order, &shelf).unwrap()
    }

    /// What changed since the take was made; `None` where it is the recipe's.
    fn stale(&mut self, g: &Graph, take: &Take) -> Option<Vec<Change>> {
        let described = self.bench.describe(g);
        let recipe = Planner::new(&described, 1).recipe(&id("shoot")).unwrap();
        let fresh = take.recipes.contains(&recipe.key.to_string());
        (!fresh).then(|| why(take.made_from.as_ref().unwrap(), &recipe.made))
    }
}

fn paid(text: &str) -> usize {
    PAID.lock().unwrap().iter().filter(|t| *t == text).count()
}

fn film(text: &str) -> Graph {
    graph(
        &[
            ("read", "source", json!({})),
            ("grade", "add", json!({ "amount": 0 })),
            ("shoot", "shoot", json!({ "text": text })),
            ("look", "add", json!({ "amount": 1 })),
        ],
        &["read.clip grade.clip", "grade.clip shoot.clip", "shoot.clip look.clip"],
    )
}

fn with_take(g: &Graph, take: &Take) -> Graph {
    let mut g = g.clone();
    let mut node = (**g.nodes.get(&id("shoot")).unwrap()).clone();
    node.take = take.id.as_str().into();
    g.nodes.insert_mut(id("shoot"), Arc::new(node));
    g
}

#[test]
fn a_pull_starts_no_job_and_a_take_answers_it() {
    let mut studio = Studio::new();
    let g = film("a pull");
    let described = studio.bench.describe(&g);
    let error = studio.bench.frame(&described, "look", 0).err().unwrap();
    assert_eq!((error.kind(), paid("a pull")), (ErrorKind::Consent, 0), "{error}");
    let made = studio.shoot(&g, false);
    assert!(made.ran && paid("a pull") == 1);
    assert_eq!((made.take.facts.kind.as_str(), made.take.facts.engine.as_str()), ("fake/shoot", "fake"));
    assert!(!made.take.facts.brought && made.take.facts.seed == Some(1));
    assert_eq!(studio.library.series("film#shoot"), std::slice::from_ref(&made.take));
    let chosen = studio.bench.describe(&with_take(&g, &made.take));
    assert_eq!(num(&studio.bench.frame(&chosen, "look", 5).unwrap().payload), 6.0);
}

#[test]
fn what_was_paid_for_is_never_bought_twice() {
    let mut studio = Studio::new();
    let g = film("twice");
    let first = studio.shoot(&g, false).take;
    assert!(!studio.shoot(&g, false).ran, "the same recipe");
    // Another describer and another evaluator, as after a restart; other ids and another place in the graph.
    studio.bench = Bench::new();
    assert!(!studio.shoot(&set(&g, "read", "path", json!("folder/1")), false).ran);
    assert_eq!(paid("twice"), 1);
    // A detour that yields the same pixels is another recipe and the same request.
    let detour = set(&g, "read", "length", json!(40));
    let found = studio.shoot(&detour, false);
    assert_eq!((found.ran, &found.take.id, paid("twice")), (false, &first.id, 1));
    assert_eq!((found.take.recipes.len(), found.take.contents.len()), (2, 1));
    assert!(!studio.shoot(&detour, false).ran, "and is known by its recipe from now on");
    assert!(studio.shoot(&set(&g, "shoot", "seed", json!(2)), false).ran, "another request");
    assert!(studio.shoot(&g, true).ran, "unless a person asks for it");
    assert_eq!(paid("twice"), 3);
}

#[test]
fn a_stale_take_says_what_changed() {
    let mut studio = Studio::new();
    let g = film("stale");
    let take = studio.shoot(&g, false).take;
    let g = with_take(&g, &take);
    assert_eq!(studio.stale(&g, &take), None);
    assert_eq!(
        studio.stale(&set(&g, "look", "amount", json!(9)), &take),
        None,
        "what comes after does not count"
    );
    let texted = studio.stale(&set(&g, "shoot", "text", json!("other")), &take).unwrap();
    assert!(matches!(&texted[..], [Change::Param { param, .. }] if param == "text"), "{texted:?}");
    let graded = studio.stale(&set(&g, "grade", "amount", json!(2)), &take).unwrap();
    assert!(matches!(&graded[..], [Change::Input { port, node }] if port == "clip" && node == "grade"));
    let read_again = studio.library.get(&take.id).unwrap();
    assert_eq!(read_again, take, "it is all in the library");
}

#[test]
fn a_quote_names_what_would_run_and_its_price() {
    let mut studio = Studio::new();
    let g = film("quote");
    let ends = [id("look"), id("shoot")];
    let steps = quote(&studio.bench.describe(&g), Some(&ends));
    assert_eq!(steps.len(), 1, "two ends that share a job pay for it once");
    assert_eq!((steps[0].node.as_str(), steps[0].usd), ("shoot", 0.62));
    let mut two = g.clone();
    two.nodes.insert_mut(id("second"), two.nodes.get(&id("shoot")).unwrap().clone());
    connect(&mut two, "grade.clip", "second.clip");
    let both = quote(&studio.bench.describe(&two), Some(&[id("look"), id("second")]));
    assert!((both.iter().map(|s| s.usd).sum::<f64>() - 1.24).abs() < 1e-9, "two jobs cost twice: {both:?}");
    let take = studio.shoot(&g, false).take;
    assert_eq!(quote(&studio.bench.describe(&with_take(&g, &take)), Some(&ends)), []);
}
