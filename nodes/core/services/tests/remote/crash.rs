//! What is on disk when a program dies in between, and what the next one makes of it.

use rushes_engine::{Cancel, ErrorKind, Progress};
use rushes_servers::fal::Kind;
use rushes_services::{Made, State};

use crate::stage::{Stage, clip};

#[test]
fn a_lost_answer_is_never_paid_twice_without_asking() {
    let stage = Stage::new();
    stage.behave(|b| b.lose_answer = true);
    let error = stage.run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Consent);
    assert!(error.what().starts_with("whether fal.ai took the request is not known"), "{error}");
    let row = stage.row();
    assert!(error.help_text().contains(&format!("rushes jobs forget {}", row.id)), "{}", error.help_text());
    assert!(row.state == State::Sending && row.remote.is_none() && !row.error.is_empty());

    stage.behave(|_| {});
    for error in [
        stage.run().unwrap_err(),
        stage.remote().resume(&row.id, &stage.folder(), &Cancel::new(), &Progress::silent()).unwrap_err(),
        stage.remote().cancel(&row.id).unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::Consent);
    }
    assert_eq!(stage.creates(), 1);
    assert_eq!(stage.remote().ledger().spent_usd(0).unwrap(), 0.62, "it may have cost that");

    stage.remote().ledger().forget(&row.id).unwrap();
    stage.run().unwrap();
    assert_eq!(stage.creates(), 2);
    assert!(stage.remote().ledger().forget(&row.id).is_err(), "once is enough");
}

#[test]
fn an_answer_that_cannot_be_read_is_as_good_as_none() {
    for garble in [true, false] {
        let stage = Stage::new();
        stage.behave(|b| match garble {
            true => b.garble_answer = true,
            false => drop(b.failures.insert(Kind::Create, rushes_servers::fal::Failure::new(1, 503))),
        });
        assert_eq!(stage.run().unwrap_err().kind(), ErrorKind::Consent);
        assert_eq!(stage.run().unwrap_err().kind(), ErrorKind::Consent);
        assert_eq!((stage.creates(), stage.row().state), (1, State::Sending));
    }
}

#[test]
fn a_request_that_was_taken_is_taken_up_by_the_next_program() {
    let stage = Stage::new();
    let row = stage.abandoned();
    let done = stage.run().unwrap();
    assert_eq!((stage.creates(), &done.row), (1, &row.id));
    assert!(done.words[0].contains("taken up again"), "{:?}", done.words);
    assert_eq!(std::fs::read(&done.files[0]).unwrap(), clip());
}

#[test]
fn a_request_is_resumed_by_name() {
    let stage = Stage::new();
    let row = stage.abandoned();
    let held = rushes_engine::Key::from_hex(&row.content).unwrap();
    let lock = std::fs::File::open(stage.home.path().join(format!("ledger/{held}.lock"))).unwrap();
    lock.lock().unwrap();
    let busy = stage.remote().resume(&row.id, &stage.folder(), &Cancel::new(), &Progress::silent());
    assert!(busy.unwrap_err().what().contains("at work"));
    drop(lock);
    let resume = || stage.remote().resume(&row.id, &stage.folder(), &Cancel::new(), &Progress::silent());
    let Made::Files(done) = resume().unwrap() else { panic!("nobody has kept it") };
    assert_eq!((done.row.as_str(), done.seed), (row.id.as_str(), Some(7)));
    stage.remote().ledger().kept(&row.id).unwrap();
    assert!(resume().unwrap_err().to_string().contains("in the library"));
    assert_eq!(stage.creates(), 1);
    let odd = stage.remote().resume("../x", &stage.folder(), &Cancel::new(), &Progress::silent());
    assert_eq!(odd.unwrap_err().kind(), ErrorKind::Usage);
}

#[test]
fn a_result_that_the_provider_has_deleted_ends_the_row() {
    for made in [false, true] {
        let stage = Stage::new();
        let row = stage.abandoned();
        if made {
            stage.run().unwrap();
        }
        stage.behave(|b| b.deleted = true);
        let error = stage.run().unwrap_err();
        assert!(error.what().contains("deleted"), "{error}");
        assert_eq!(stage.row().state, State::Failed);
        stage.behave(|_| {});
        assert_ne!(stage.run().unwrap().row, row.id, "a person may buy it anew");
    }
}
