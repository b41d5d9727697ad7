//! How much may come.

use rushes_engine::ErrorKind;
use rushes_services::State;

use crate::stage::Stage;

#[test]
fn a_clip_that_is_said_to_be_too_large_is_not_fetched() {
    let stage = Stage::new();
    stage.behave(|b| b.content_length = Some(5 << 30));
    let error = stage.run().unwrap_err();
    assert!(error.what().contains("larger than 4294967296 bytes"), "{error}");
    assert_eq!(stage.folder().read_dir().unwrap().count(), 0);
    assert_eq!(stage.row().state, State::Made);
}

#[test]
fn a_clip_that_turns_out_too_large_is_let_go() {
    let mut stage = Stage::new();
    stage.limits.file_bytes = 50_000;
    stage.behave(|b| b.chunked = true);
    assert!(stage.run().unwrap_err().what().contains("larger than 50000 bytes"));
    assert_eq!(stage.folder().read_dir().unwrap().count(), 0);
    stage.limits.file_bytes = 100_000;
    stage.run().unwrap();
    assert_eq!(stage.creates(), 1);
}

#[test]
fn a_clip_that_breaks_off_is_no_clip() {
    let mut stage = Stage::new();
    stage.limits.patience = std::time::Duration::from_millis(20);
    stage.behave(|b| b.content_length = Some(100_000));
    assert_eq!(stage.run().unwrap_err().kind(), ErrorKind::System);
    assert_eq!(stage.folder().read_dir().unwrap().count(), 0);
}

#[test]
fn an_answer_that_is_too_large_is_not_read() {
    let mut stage = Stage::new();
    stage.limits.answer_bytes = 16;
    assert!(stage.run().unwrap_err().what().contains("larger than 16 bytes"));
    assert_eq!(stage.creates(), 0);
}

#[test]
fn what_is_no_medium_is_not_kept() {
    let stage = Stage::with_clip(b"<html>not a clip</html>".to_vec());
    assert!(stage.run().unwrap_err().what().contains("neither a clip nor a picture"));
    assert_eq!(stage.folder().read_dir().unwrap().count(), 0);
}
