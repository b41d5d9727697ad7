//! Keys: where they are found, and where they never are.

use rushes_engine::ErrorKind;
use rushes_services::{KeptIn, provider};

use crate::stage::{KEY, LOGGED, Stage};

#[test]
fn a_key_is_found_where_it_is_kept() {
    let mut stage = Stage::new();
    let fal = provider("fal").unwrap();
    assert_eq!(stage.remote().keys().find(fal), Some(KeptIn::Environment("FAL_KEY")));
    stage.environment.remove("FAL_KEY");
    assert_eq!(stage.remote().keys().find(fal), None);
    let error = stage.run().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Consent);
    assert!(error.help_text().contains("rushes keys set fal") && error.help_text().contains("FAL_KEY"));
    assert!(stage.server.log().is_empty());

    assert_eq!(stage.remote().keys().set_in_file(fal, &format!(" {KEY}\n")).unwrap(), KeptIn::File);
    assert_eq!(stage.remote().keys().find(fal), Some(KeptIn::File));
    stage.run().unwrap();
    stage.environment.insert("FAL_KEY_ID".into(), "an-id".into());
    assert_eq!(stage.remote().keys().find(fal), Some(KeptIn::File), "half a key is none");
    stage.environment.insert("FAL_KEY_SECRET".into(), "a-secret".into());
    assert_eq!(stage.remote().keys().find(fal), Some(KeptIn::Environment("FAL_KEY_ID")));
    stage.remote().check_key(fal, &rushes_engine::Cancel::new()).unwrap();
    assert_eq!(stage.server.log().last().unwrap().authorization.as_deref(), Some("Key an-id:a-secret"));

    stage.remote().keys().remove(fal).unwrap();
    stage.environment.clear();
    stage.environment.insert("RUSHES_KEY_STORE".into(), "off".into());
    assert_eq!(stage.remote().keys().find(fal), None);
    stage.remote().keys().remove(fal).unwrap();
    assert!(!stage.on_disk().contains(KEY));
}

#[test]
fn without_a_key_store_a_person_is_told_what_else() {
    let stage = Stage::new();
    let error = stage.remote().keys().set(provider("fal").unwrap(), KEY).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::System);
    assert!(error.help_text().contains("private file") && error.help_text().contains("FAL_KEY"));
    let odd = stage.remote().keys().set(provider("fal").unwrap(), "two words").unwrap_err();
    assert_eq!(odd.kind(), ErrorKind::Usage);
    assert!(!odd.to_string().contains("two words"));
}

#[cfg(unix)]
#[test]
fn the_private_file_is_private() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new();
    let fal = provider("fal").unwrap();
    let path = stage.home.path().join("keys.toml");
    let mode = || path.metadata().unwrap().permissions().mode() & 0o777;
    stage.remote().keys().set_in_file(fal, KEY).unwrap();
    assert_eq!(mode(), 0o600);
    std::fs::write(&path, "other = \"one\"\nfal = \"two\"\n").unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    stage.remote().keys().set_in_file(fal, KEY).unwrap();
    assert_eq!(mode(), 0o600);
    assert!(std::fs::read_to_string(&path).unwrap().contains("other = \"one\""));
    std::fs::write(&path, format!("fal = {KEY}")).unwrap();
    let error = stage.remote().keys().set_in_file(fal, KEY).unwrap_err();
    assert!(!error.to_string().contains(KEY) && !error.help_text().contains(KEY));
}

#[test]
fn the_key_is_in_no_file_no_error_and_no_log() {
    let stage = Stage::new();
    let mut said = String::new();
    said += &format!("{:?}", stage.run().unwrap());
    stage.behave(|b| (b.key, b.says_key) = (Some("another".into()), true));
    let other = Stage::new();
    other.behave(|b| b.job_error = Some(format!("no credit for {KEY}")));
    for error in [stage.run(), other.run()].map(|made| made.err()).into_iter().flatten() {
        said += &format!("{error:?} {error} {}", error.help_text());
    }
    let mut failure = rushes_servers::fal::Failure::new(1, 422);
    failure.body = format!("{{\"detail\":\"{} {KEY}\"}}", "x".repeat(280));
    other.behave(|b| drop(b.failures.insert(rushes_servers::fal::Kind::Create, failure)));
    said += &format!("{:?}", other.run().unwrap_err());
    said += &format!("{:?} {:?}", stage.remote(), stage.remote().keys());
    said += &stage.on_disk();
    said += &other.on_disk();
    said += &LOGGED.lock().unwrap().join("\n");
    for secret in [KEY, &KEY[..10], &KEY[20..]] {
        assert!(!said.contains(secret), "{}", said.split(secret).next().unwrap_or_default());
    }
}
