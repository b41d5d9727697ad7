//! Stopping, at every point on the way.

use std::time::Duration;

use rushes_engine::{Cancel, ErrorKind, Progress};
use rushes_servers::fal::Kind;
use rushes_services::State;

use crate::stage::{Stage, clip, until};

#[test]
fn before_it_is_sent_nothing_is_left() {
    let stage = Stage::new();
    stage.behave(|b| b.delays = [(Kind::Initiate, Duration::from_secs(30))].into());
    assert!(stage.run_until("sending a picture").is_cancelled());
    assert!(stage.remote().ledger().rows().unwrap().is_empty());
    assert_eq!(stage.creates(), 0);
}

fn stopped_once_it_is_sent(stage: &Stage) {
    let cancel = Cancel::new();
    std::thread::scope(|scope| {
        let run = scope.spawn(|| stage.run_with(&cancel, &Progress::silent()));
        until(|| stage.creates() == 1);
        cancel.cancel();
        assert!(run.join().unwrap().unwrap_err().is_cancelled());
    });
}

#[test]
fn on_its_way_its_name_is_waited_for_and_then_it_is_stopped() {
    let stage = Stage::new();
    stage.behave(|b| b.delays = [(Kind::Create, Duration::from_millis(200))].into());
    stopped_once_it_is_sent(&stage);
    assert_eq!((stage.row().state, stage.server.count(Kind::Cancel)), (State::Cancelled, 1));
}

#[test]
fn refused_for_now_it_can_be_stopped_and_costs_nothing() {
    let stage = Stage::new();
    let mut failure = rushes_servers::fal::Failure::new(1, 429);
    failure.headers.push(("retry-after", "60".into()));
    stage.behave(|b| drop(b.failures.insert(Kind::Create, failure)));
    stopped_once_it_is_sent(&stage);
    assert_eq!((stage.row().state, stage.server.count(Kind::Cancel)), (State::Cancelled, 0));
    assert_eq!(stage.remote().ledger().spent_usd(0).unwrap(), 0.0);
}

#[test]
fn in_line_and_at_work_the_provider_is_asked_to_stop() {
    for words in ["in line", "is working"] {
        let stage = Stage::new();
        stage.behave(|b| (b.queue, b.working) = (2, 10_000));
        assert!(stage.run_until(words).is_cancelled());
        assert_eq!((stage.row().state, stage.server.count(Kind::Cancel)), (State::Cancelled, 1));
        stage.behave(|_| {});
        stage.run().unwrap();
        assert_eq!(stage.creates(), 2, "what was stopped is made anew when asked for");
    }
}

#[test]
fn where_the_provider_says_no_the_result_is_fetched_another_time() {
    let stage = Stage::new();
    stage.abandoned();
    assert_eq!(stage.server.count(Kind::Cancel), 1);
    stage.run().unwrap();
    assert_eq!(stage.creates(), 1);
}

#[test]
fn while_fetching_no_half_of_a_file_is_left() {
    let stage = Stage::new();
    stage.behave(|b| b.slow_clip = Some(Duration::from_millis(50)));
    assert!(stage.run_until("fetching 0.0 of").is_cancelled());
    assert_eq!(stage.row().state, State::Made);
    assert_eq!(stage.folder().read_dir().unwrap().count(), 0);
    stage.behave(|_| {});
    let done = stage.run().unwrap();
    assert_eq!(std::fs::read(&done.files[0]).unwrap(), clip());
    assert_eq!(stage.creates(), 1);
}

#[test]
fn waiting_for_another_program_can_be_stopped() {
    let stage = Stage::new();
    stage.behave(|b| b.working = 10_000);
    let cancel = Cancel::new();
    std::thread::scope(|scope| {
        let one = scope.spawn(|| stage.run_with(&cancel, &Progress::silent()));
        until(|| stage.creates() == 1);
        assert!(stage.run_until("another program").is_cancelled());
        cancel.cancel();
        assert!(one.join().unwrap().unwrap_err().is_cancelled());
    });
    assert_eq!(stage.creates(), 1);
}

#[test]
fn a_request_is_stopped_by_name_also_while_another_waits_for_it() {
    let stage = Stage::new();
    let row = stage.abandoned();
    stage.behave(|b| b.working = 10_000);
    std::thread::scope(|scope| {
        let run = scope.spawn(|| stage.run());
        until(|| stage.remote().ledger().is_under_way(&row.id));
        stage.remote().cancel(&row.id).unwrap();
        let error = run.join().unwrap().unwrap_err();
        assert!(error.is_cancelled() || error.what().contains("cancelled"), "{error}");
    });
    let again = stage.remote().cancel(&row.id).unwrap_err();
    assert_eq!(again.kind(), ErrorKind::Usage);
}

#[test]
fn what_is_made_cannot_be_stopped() {
    let stage = Stage::new();
    let row = stage.abandoned();
    stage.behave(|b| b.unstoppable = true);
    let error = stage.remote().cancel(&row.id).unwrap_err();
    assert!(error.what().contains("made already"), "{error}");
    assert_eq!(stage.row().state, State::Sent);
    stage.run().unwrap();
    assert!(stage.remote().cancel(&row.id).unwrap_err().what().contains("made already"));
}
