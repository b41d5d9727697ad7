//! What a provider may not lead us to.

use rushes_engine::ErrorKind;
use rushes_servers::fal::Kind;
use rushes_services::State;

use crate::stage::{LOGGED, Stage};

#[test]
fn a_request_is_asked_about_at_the_providers_host_only() {
    let (stage, other) = (Stage::new(), Stage::new());
    stage.behave(|b| b.foreign_host = Some(other.server.url().into()));
    let error = stage.run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Consent, "it was taken, so it is not sent again");
    assert!(error.what().contains("another host"), "{error}");
    assert_eq!((stage.row().state, other.server.log().len()), (State::Sending, 0));
}

#[test]
fn a_picture_is_not_sent_into_the_private_network() {
    let (stage, other) = (Stage::new(), Stage::new());
    stage.behave(|b| b.upload_host = Some(other.server.url().into()));
    assert!(stage.run().unwrap_err().what().contains("refused"));
    assert_eq!((stage.creates(), other.server.log().len()), (0, 0));
}

#[test]
fn a_row_does_not_lead_the_key_to_another_host() {
    let (mut stage, other) = (Stage::new(), Stage::new());
    let row = stage.abandoned();
    let before = other.server.log().len();
    stage.environment.insert("RUSHES_FAL_URL".into(), other.server.url().into());
    assert!(stage.run().unwrap_err().what().contains("another host"));
    assert!(stage.remote().cancel(&row.id).unwrap_err().what().contains("another host"));
    assert_eq!(other.server.log().len(), before);
}

#[test]
fn private_addresses_are_refused() {
    for to in [
        "http://127.0.0.1:9/clip.mp4",
        "https://127.0.0.1:9/clip.mp4",
        "https://localhost:9/clip.mp4",
        "https://[::1]:9/clip.mp4",
        "https://[::ffff:10.0.0.1]/clip.mp4",
        "https://169.254.169.254/latest/meta-data",
        "https://192.168.0.1/clip.mp4",
        "file:///etc/passwd",
    ] {
        let mut stage = Stage::new();
        stage.limits.patience = std::time::Duration::from_millis(20);
        stage.behave(|b| b.redirect = Some(to.into()));
        let error = stage.run().unwrap_err();
        let refused = error.what().contains("refused") || error.what().contains("private");
        assert!(refused, "{to}: {error}");
        assert_eq!((stage.row().state, stage.server.count(Kind::Clip) >= 1), (State::Made, true));
    }
}

#[test]
fn a_signature_is_never_logged() {
    let stage = Stage::new();
    stage.behave(|b| b.signed = true);
    stage.run().unwrap();
    let logged = LOGGED.lock().unwrap().concat();
    assert!(logged.contains("answers 200") && !logged.contains("signature="));
}
