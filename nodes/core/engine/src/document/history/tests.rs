use super::*;
use crate::ErrorKind;
use crate::document::testing::{edits, graph};
use proptest::prelude::*;
use serde_json::json;

const GRAPH: &str = r#"{"rushes":1,"nodes":[{"id":"a","kind":"k"},{"id":"b","kind":"k"}]}"#;

struct Place {
    dir: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        let place = Self { dir: tempfile::tempdir().unwrap() };
        std::fs::write(place.graph(), GRAPH).unwrap();
        place
    }

    fn graph(&self) -> PathBuf {
        self.dir.path().join("a.json")
    }

    fn journals(&self) -> PathBuf {
        self.dir.path().join("journal")
    }

    fn open(&self) -> (Document, Recovery) {
        Document::open_journaled(&self.graph(), &self.journals()).unwrap()
    }
}

fn set(value: i32) -> Vec<Edit> {
    vec![Edit::Set { node: "a".parse().unwrap(), param: "x".into(), value: json!(value) }]
}

fn x(document: &Document) -> Option<i64> {
    document.graph().node(&"a".parse().unwrap()).unwrap().params.get("x").and_then(serde_json::Value::as_i64)
}

#[test]
fn a_drag_is_one_step() {
    let (mut doc, _) = Place::new().open();
    doc.apply(set(1), None, false).unwrap();
    for value in 2..9 {
        doc.apply(set(value), None, true).unwrap();
    }
    doc.close_step();
    doc.apply(set(9), Some("Nudge"), true).unwrap();
    doc.apply(set(9), None, false).unwrap();
    assert_eq!(doc.undo_labels().collect::<Vec<_>>(), ["Set a.x", "Nudge"]);
    assert_eq!((doc.undo().as_deref(), x(&doc)), (Some("Nudge"), Some(8)));
    assert_eq!((doc.undo().as_deref(), x(&doc)), (Some("Set a.x"), None));
    assert_eq!((doc.undo(), doc.redo_labels().count()), (None, 2));
    doc.redo();
    // After an undo or redo nothing joins what is there.
    doc.apply(set(3), None, true).unwrap();
    assert_eq!(doc.undo_labels().count(), 2);
    assert_eq!(doc.redo_labels().count(), 0);
}

#[test]
fn edits_are_applied_all_or_none() {
    let (mut doc, _) = Place::new().open();
    let add = Edit::from_json(&json!({"do": "add", "kind": "x/b"})).unwrap();
    let wrong = Edit::from_json(&json!({"do": "remove", "node": "gone"})).unwrap();
    let revision = doc.revision();
    assert!(doc.apply(vec![add.clone(), wrong], None, false).is_err());
    assert_eq!((doc.graph().nodes.size(), doc.revision(), doc.is_dirty()), (2, revision, false));
    doc.apply(vec![add.clone(), add], None, false).unwrap();
    assert!(doc.graph().nodes.contains_key(&"b_3".parse().unwrap()));
    assert!(doc.is_dirty() && doc.revision() > revision);
}

#[test]
fn the_node_edited_last_is_known_and_moving_is_no_edit() {
    let (mut doc, _) = Place::new().open();
    assert_eq!(doc.last_edited(), (None, false));
    doc.apply(set(1), None, false).unwrap();
    assert!(!doc.last_edited().1);
    doc.apply(vec![Edit::Move { node: "b".parse().unwrap(), at: [1.0, 1.0] }], None, false).unwrap();
    doc.apply(set(2), None, false).unwrap();
    assert_eq!(doc.last_edited(), (Some(&"a".parse().unwrap()), true));
    doc.apply(vec![Edit::Mute { node: "b".parse().unwrap(), on: true }], None, false).unwrap();
    assert_eq!(doc.last_edited(), (Some(&"b".parse().unwrap()), false));
}

#[test]
fn undo_and_redo_outlive_the_program() {
    let place = Place::new();
    let (mut doc, recovery) = place.open();
    assert_eq!(recovery, Recovery::Nothing);
    doc.apply(set(1), None, false).unwrap();
    doc.apply(set(2), None, true).unwrap();
    doc.save().unwrap();
    doc.apply(set(3), None, false).unwrap();
    doc.apply(set(4), None, false).unwrap();
    doc.undo();
    drop(doc);

    let (mut doc, recovery) = place.open();
    assert_eq!(recovery, Recovery::Restored { steps: 3, unsaved: true });
    assert_eq!((x(&doc), doc.is_dirty()), (Some(3), true));
    doc.undo();
    assert_eq!((x(&doc), doc.is_dirty()), (Some(2), false));
    doc.redo();
    doc.redo();
    assert_eq!(x(&doc), Some(4));
    doc.save().unwrap();
    drop(doc);
    assert_eq!(place.open().1, Recovery::Restored { steps: 3, unsaved: false });
}

#[test]
fn a_torn_or_damaged_line_costs_only_itself() {
    let place = Place::new();
    let (mut doc, _) = place.open();
    doc.apply(set(1), None, false).unwrap();
    doc.apply(set(2), None, false).unwrap();
    drop(doc);
    let journal = Document::journal_of(&place.journals(), &place.graph());
    let whole = std::fs::read(&journal).unwrap();
    std::fs::write(&journal, &whole[..whole.len() - 5]).unwrap();
    let (mut doc, recovery) = place.open();
    assert_eq!((recovery, x(&doc)), (Recovery::Restored { steps: 1, unsaved: true }, Some(1)));
    doc.apply(set(7), None, false).unwrap();
    drop(doc);
    let (doc, recovery) = place.open();
    assert_eq!((recovery, x(&doc)), (Recovery::Restored { steps: 2, unsaved: true }, Some(7)));
}

#[test]
fn a_file_changed_elsewhere_wins_and_the_journal_is_kept() {
    let place = Place::new();
    let (mut doc, _) = place.open();
    doc.apply(set(5), None, false).unwrap();
    std::fs::write(place.graph(), GRAPH.replace("\"b\"", "\"c\"")).unwrap();
    let error = doc.save().unwrap_err();
    assert!(error.what().contains("another program"), "{error}");
    drop(doc);
    let (mut doc, recovery) = place.open();
    assert!(doc.graph().nodes.contains_key(&"c".parse().unwrap()));
    assert!(!doc.is_dirty());
    let Recovery::ChangedElsewhere { kept } = recovery else { panic!("{recovery:?}") };
    assert_eq!(x(&Document::recover(&kept).unwrap()), Some(5));
    doc.apply(set(6), None, false).unwrap();
    drop(doc);
    assert_eq!(place.open().1, Recovery::Restored { steps: 1, unsaved: true });
}

#[test]
fn a_crash_between_file_and_journal_costs_no_step() {
    let place = Place::new();
    let (mut doc, _) = place.open();
    doc.apply(set(1), None, false).unwrap();
    doc.apply(set(2), None, false).unwrap();
    doc.save().unwrap();
    drop(doc);
    let journal = Document::journal_of(&place.journals(), &place.graph());
    let text = std::fs::read_to_string(&journal).unwrap();
    let without = text.trim_end().rsplit_once('\n').unwrap();
    assert!(without.1.contains("saved"), "{}", without.1);
    std::fs::write(&journal, format!("{}\n", without.0)).unwrap();
    for _ in 0..2 {
        let (mut doc, recovery) = place.open();
        assert_eq!(recovery, Recovery::Restored { steps: 2, unsaved: false });
        assert!(!doc.is_dirty());
        doc.undo();
        assert_eq!((x(&doc), doc.is_dirty()), (Some(1), true));
        doc.redo();
    }
}

#[test]
fn a_file_changed_elsewhere_is_taken_as_a_step_or_overlooked() {
    let place = Place::new();
    let theirs = GRAPH.replace("\"b\"", "\"c\"");
    let has = |doc: &Document, id: &str| doc.graph().nodes.contains_key(&id.parse().unwrap());
    let (mut doc, _) = place.open();
    doc.apply(set(5), None, false).unwrap();
    std::fs::write(place.graph(), &theirs).unwrap();
    assert!(doc.reload(b"{ no graph").is_err());
    assert_eq!((x(&doc), doc.undo_labels().count()), (Some(5), 1));
    doc.reload(theirs.as_bytes()).unwrap();
    assert!(has(&doc, "c") && !has(&doc, "b") && x(&doc).is_none() && !doc.is_dirty());
    drop(doc);
    let (mut doc, recovery) = place.open();
    assert_eq!(recovery, Recovery::Restored { steps: 2, unsaved: false });
    assert_eq!(doc.undo().as_deref(), Some("Reload"));
    assert_eq!((x(&doc), has(&doc, "b"), doc.is_dirty()), (Some(5), true, true));
    doc.save().unwrap();

    std::fs::write(place.graph(), &theirs).unwrap();
    assert!(doc.save().is_err(), "what another program wrote is not overwritten unasked");
    doc.keep_mine(Key::of(theirs.as_bytes()));
    assert!(doc.is_dirty());
    drop(doc);
    let (mut doc, recovery) = place.open();
    assert!(matches!(recovery, Recovery::Restored { unsaved: true, .. }), "{recovery:?}");
    assert_eq!((x(&doc), has(&doc, "b")), (Some(5), true));
    doc.save().unwrap();
    assert!(!doc.is_dirty() && place.open().0.graph().nodes.contains_key(&"b".parse().unwrap()));
}

#[test]
fn one_program_at_a_time_keeps_the_journal() {
    let place = Place::new();
    let (mut first, _) = place.open();
    first.apply(set(1), None, false).unwrap();
    let (mut second, recovery) = place.open();
    assert!(matches!(recovery, Recovery::Without(_)), "{recovery:?}");
    second.apply(set(2), None, false).unwrap();
    drop((first, second));
    assert_eq!(x(&place.open().0), Some(1));
}

#[test]
fn a_graph_without_a_file_is_recovered_and_then_saved() {
    let place = Place::new();
    let journal = place.journals().join("untitled.ndjson");
    let mut doc = Document::of(json::read(GRAPH.as_bytes()).unwrap().graph);
    doc.keep_journal(&journal).unwrap();
    doc.apply(set(1), None, false).unwrap();
    assert_eq!(doc.save().unwrap_err().kind(), ErrorKind::Usage);
    drop(doc);
    let mut doc = Document::recover(&journal).unwrap();
    assert_eq!((x(&doc), doc.is_dirty()), (Some(1), true));
    let path = place.dir.path().join("new.json");
    doc.save_as(&path).unwrap();
    assert!(!journal.exists() && !doc.is_dirty());
    drop(doc);
    let (doc, recovery) = Document::open_journaled(&path, &place.journals()).unwrap();
    assert_eq!((recovery, x(&doc)), (Recovery::Restored { steps: 1, unsaved: false }, Some(1)));
}

#[test]
fn a_long_journal_is_shortened_and_says_the_same() {
    let place = Place::new();
    let (mut doc, _) = place.open();
    for value in 0..super::super::journal::MAX_LINES as i32 + 10 {
        doc.apply(set(value), None, value % 1000 != 0).unwrap();
    }
    let journal = Document::journal_of(&place.journals(), &place.graph());
    let lines = std::fs::read_to_string(&journal).unwrap().lines().count();
    assert!(lines < 1000, "{lines}");
    let labels = doc.undo_labels().count();
    let value = x(&doc);
    drop(doc);
    let (mut doc, _) = place.open();
    assert_eq!((doc.undo_labels().count(), x(&doc)), (labels, value));
    while doc.undo().is_some() {}
    assert_eq!((x(&doc), doc.is_dirty()), (None, false));
}

#[test]
fn a_newer_file_can_be_looked_at_only() {
    let place = Place::new();
    std::fs::write(place.graph(), GRAPH.replace("\"rushes\":1", "\"rushes\":9")).unwrap();
    let (mut doc, _) = place.open();
    assert!(doc.read_only().is_some_and(|why| why.contains("newer Rushes")));
    assert!(doc.apply(set(1), None, false).is_err());
    assert!(doc.save().is_err());
}

#[test]
fn opening_says_what_is_wrong() {
    let place = Place::new();
    let gone = Document::open(&place.dir.path().join("gone.json")).err().unwrap();
    assert_eq!(gone.kind(), ErrorKind::Usage);
    std::fs::write(place.graph(), "{\"rushes\": 1,").unwrap();
    let error = Document::open(&place.graph()).err().unwrap();
    assert!(error.place().contains("a.json: line 1"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn as_many_undos_as_edits_give_the_same_document(graph in graph(), edits in edits(), cut in any::<prop::sample::Index>()) {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("g.json");
        std::fs::write(&path, json::write(&graph)).unwrap();
        let (mut doc, _) = Document::open_journaled(&path, dir.path()).unwrap();
        let start = Arc::clone(doc.graph());
        let mut versions = vec![Arc::clone(doc.graph())];
        for edit in edits {
            let before = doc.undo_labels().count();
            if doc.apply(vec![edit], None, false).is_ok() && doc.undo_labels().count() > before {
                versions.push(Arc::clone(doc.graph()));
            }
        }
        for version in versions.iter().rev().skip(1) {
            prop_assert!(doc.undo().is_some());
            prop_assert!(Arc::ptr_eq(doc.graph(), version));
        }
        prop_assert!(doc.undo().is_none() && !doc.is_dirty());
        prop_assert!(Arc::ptr_eq(doc.graph(), &start));
        for version in versions.iter().skip(1) {
            prop_assert!(doc.redo().is_some());
            prop_assert!(Arc::ptr_eq(doc.graph(), version));
        }

        // A crash: what comes back from a journal cut anywhere is one of the versions that were.
        drop(doc);
        let journal = Document::journal_of(dir.path(), &path);
        let (whole, _) = Document::open_journaled(&path, dir.path()).unwrap();
        prop_assert!(**whole.graph() == **versions.last().unwrap());
        drop(whole);
        let bytes = std::fs::read(&journal).unwrap();
        std::fs::write(&journal, &bytes[..cut.index(bytes.len())]).unwrap();
        let (part, _) = Document::open_journaled(&path, dir.path()).unwrap();
        prop_assert!(versions.iter().any(|v| **v == **part.graph()));
    }
}

#[test]
fn edits_go_on_while_it_is_written() {
    let place = Place::new();
    let (mut doc, _) = place.open();
    doc.apply(set(1), None, false).unwrap();
    let saving = doc.begin_save(None).unwrap();
    assert!(doc.begin_save(None).is_err(), "one at a time");
    doc.apply(set(2), None, true).unwrap();
    assert_eq!(doc.undo_labels().count(), 2, "a step that is being saved takes no more edits");
    let written = saving.write();
    doc.end_save(&saving, written).unwrap();
    assert!(doc.is_dirty() && !doc.is_saving());
    doc.undo();
    assert!(!doc.is_dirty());
    doc.redo();
    drop(doc);
    let (mut doc, recovery) = place.open();
    assert_eq!((recovery, x(&doc)), (Recovery::Restored { steps: 2, unsaved: true }, Some(2)));
    doc.undo();
    assert_eq!((x(&doc), doc.is_dirty()), (Some(1), false));
}

#[test]
fn a_crash_while_it_is_written_costs_no_step() {
    for reached in [false, true] {
        let place = Place::new();
        let (mut doc, _) = place.open();
        doc.apply(set(1), None, false).unwrap();
        let saving = doc.begin_save(None).unwrap();
        doc.apply(set(2), None, false).unwrap();
        if reached {
            saving.write().unwrap();
        }
        // Nobody is told what came of it.
        drop(doc);
        for _ in 0..2 {
            let (mut doc, recovery) = place.open();
            assert_eq!((recovery, x(&doc)), (Recovery::Restored { steps: 2, unsaved: true }, Some(2)));
            doc.undo();
            assert_eq!((x(&doc), doc.is_dirty()), (Some(1), !reached));
            doc.redo();
        }
    }
}

#[test]
fn a_save_that_fails_is_no_save_after_a_crash() {
    let place = Place::new();
    let (mut doc, _) = place.open();
    doc.apply(set(1), None, false).unwrap();
    let saving = doc.begin_save(None).unwrap();
    assert!(doc.end_save(&saving, Err(Error::system("the disk is full"))).is_err());
    assert!(doc.is_dirty());
    doc.apply(set(2), None, false).unwrap();
    let text = json::write(doc.graph());
    doc.reload(text.as_bytes()).unwrap();
    std::fs::write(place.graph(), text).unwrap();
    drop(doc);
    let (doc, recovery) = place.open();
    assert!(matches!(recovery, Recovery::Restored { unsaved: false, .. }), "{recovery:?}");
    assert_eq!(x(&doc), Some(2));
}
