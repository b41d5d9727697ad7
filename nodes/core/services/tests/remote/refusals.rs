//! What a provider can say instead of yes.

use std::time::Duration;

use rushes_engine::{Cancel, ErrorKind};
use rushes_servers::fal::{Failure, Kind};
use rushes_services::State;

use crate::stage::{KEY, Stage};

fn failing(kind: Kind, failure: Failure) -> Stage {
    let stage = Stage::new();
    stage.behave(|b| drop(b.failures.insert(kind, failure)));
    stage
}

#[test]
fn a_refused_request_ends_its_row_in_the_providers_words() {
    for (status, kind) in [
        (400, ErrorKind::System),
        (401, ErrorKind::Consent),
        (402, ErrorKind::Consent),
        (403, ErrorKind::Consent),
        (404, ErrorKind::System),
        (413, ErrorKind::System),
        (422, ErrorKind::Usage),
    ] {
        let stage = failing(Kind::Create, Failure::new(1, status));
        let error = stage.run().unwrap_err();
        assert_eq!(error.kind(), kind, "{error}");
        assert!(error.what().contains(&format!("failure {status}")), "{error}");
        let row = stage.row();
        assert_eq!((row.state, stage.creates()), (State::Failed, 1));
        assert_eq!(row.error, error.to_string());
        stage.run().unwrap();
    }
}

#[test]
fn what_the_engine_does_not_take_is_said_by_field() {
    let mut failure = Failure::new(1, 422);
    failure.body =
        r#"{"detail":[{"loc":["body","image_url"],"msg":"too small","type":"image_too_small"}]}"#.into();
    let error = failing(Kind::Create, failure).run().unwrap_err();
    assert!(error.what().contains("image_url: too small"), "{error}");
}

#[test]
fn too_many_requests_are_waited_out_to_a_bound() {
    let mut failure = Failure::new(2, 429);
    failure.headers.push(("retry-after", "0".into()));
    let stage = failing(Kind::Create, failure.clone());
    stage.run().unwrap();
    assert_eq!(stage.creates(), 3);
    failure.times = u32::MAX;
    let stage = failing(Kind::Create, failure);
    assert_eq!(stage.run().unwrap_err().kind(), ErrorKind::System);
    assert_eq!((stage.creates(), stage.row().state), (6, State::Failed));
}

#[test]
fn a_timeout_in_words_is_an_unknown_outcome() {
    for status in [408, 500, 502, 504] {
        let stage = failing(Kind::Create, Failure::new(1, status));
        assert_eq!(stage.run().unwrap_err().kind(), ErrorKind::Consent);
        assert_eq!((stage.creates(), stage.row().state), (1, State::Sending));
    }
}

#[test]
fn what_passes_is_asked_again() {
    for (kind, status) in [
        (Kind::Initiate, 503),
        (Kind::Put, 500),
        (Kind::Status, 502),
        (Kind::Status, 408),
        (Kind::Result, 429),
        (Kind::Clip, 503),
    ] {
        let stage = failing(kind, Failure::new(3, status));
        stage.run().unwrap();
        assert!(stage.server.count(kind) >= 4);
        assert_eq!(stage.creates(), 1);
    }
}

#[test]
fn after_nothing_but_failures_the_request_is_left_to_go_on() {
    let mut stage = failing(Kind::Status, Failure::new(u32::MAX, 503));
    stage.limits.patience = Duration::from_millis(30);
    let error = stage.run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::System);
    assert!(error.help_text().contains("taken up again, not bought again"), "{}", error.help_text());
    assert_eq!(stage.row().state, State::Sent);
    stage.behave(|_| {});
    stage.run().unwrap();
    assert_eq!(stage.creates(), 1);
}

#[test]
fn a_timeout_of_ones_own_is_not_asked_again() {
    let mut failure = Failure::new(u32::MAX, 504);
    failure.headers.push(("x-fal-request-timeout-type", "user".into()));
    let stage = failing(Kind::Status, failure);
    assert_eq!(stage.run().unwrap_err().kind(), ErrorKind::System);
    assert_eq!(stage.server.count(Kind::Status), 1);
}

#[test]
fn a_job_that_failed_says_why() {
    let stage = Stage::new();
    stage.behave(|b| b.job_error = Some("The prompt was flagged".into()));
    let error = stage.run().unwrap_err();
    assert!(error.what().contains("The prompt was flagged"), "{error}");
    assert_eq!((stage.row().state, error.kind()), (State::Failed, ErrorKind::System));
}

#[test]
fn a_wrong_key_is_for_a_person() {
    let stage = Stage::new();
    stage.behave(|b| (b.key, b.says_key) = (Some("another".into()), true));
    let fal = rushes_services::provider("fal").unwrap();
    for error in [stage.run().unwrap_err(), stage.remote().check_key(fal, &Cancel::new()).unwrap_err()] {
        assert_eq!(error.kind(), ErrorKind::Consent);
        assert!(error.what().contains("refuses the key") && !error.what().contains(KEY), "{error}");
        assert!(error.help_text().contains(fal.page));
    }
    assert!(stage.remote().ledger().rows().unwrap().is_empty());
    stage.behave(|b| b.key = Some(KEY.into()));
    stage.remote().check_key(fal, &Cancel::new()).unwrap();
}

#[test]
fn where_nobody_listens_the_person_is_told_soon() {
    let mut stage = Stage::new();
    stage.limits.patience = Duration::from_millis(100);
    stage.environment.insert("RUSHES_FAL_URL".into(), "http://127.0.0.1:9".into());
    let error = stage.run().unwrap_err();
    assert!(error.what().starts_with("fal.ai cannot be reached: no connection"), "{error}");
    assert!(stage.remote().ledger().rows().unwrap().is_empty());
}
