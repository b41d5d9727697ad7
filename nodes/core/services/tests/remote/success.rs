//! When all goes well.

use std::sync::{Arc, Mutex};

use rushes_engine::{Cancel, Progress};
use rushes_servers::fal::Kind;
use rushes_services::{Made, State};
use serde_json::{Value, json};

use crate::stage::{KEY, Stage, clip};

#[test]
fn an_order_becomes_a_file_and_a_row() {
    let stage = Stage::new();
    let words = Arc::new(Mutex::new(Vec::new()));
    let heard = words.clone();
    let progress = Progress::new(move |_, said| heard.lock().unwrap().push(said.to_owned()));
    stage.behave(|b| b.queue = 3);
    let done = stage.run_with(&Cancel::new(), &progress).unwrap();
    assert_eq!(done.files, [stage.folder().join(format!("{}.mp4", done.row))]);
    assert_eq!(std::fs::read(&done.files[0]).unwrap(), clip());
    assert_eq!(stage.folder().read_dir().unwrap().count(), 1, "nothing is left beside it");
    assert_eq!(done.seed, Some(7));
    assert!(done.words.is_empty());

    let row = stage.row();
    assert_eq!(
        (row.state, row.quoted_usd, row.title.as_str()),
        (State::Made, 0.62, "shot_3 · Image to video")
    );
    assert_eq!((row.keep["node"].as_str(), &row.request), (Some("shot_3"), &done.request));
    assert!(row.remote.unwrap().cancel_url.ends_with("/cancel"));
    let remote = stage.remote();
    assert_eq!(remote.ledger().open_rows().unwrap().len(), 1);
    assert_eq!(remote.ledger().spent_usd(row.made).unwrap(), 0.62);
    assert_eq!(remote.ledger().spent_usd(row.made + 100).unwrap(), 0.0);
    remote.ledger().kept(&row.id).unwrap();
    assert!(remote.ledger().open_rows().unwrap().is_empty());

    let words = words.lock().unwrap().join("\n");
    for said in
        ["waiting at fal.ai, 3rd in line", "1st in line", "fal.ai is working", "fetching 0.1 of 0.1 MB"]
    {
        assert!(words.contains(said), "{said}: {words}");
    }
}

#[test]
fn requests_are_as_documented() {
    let stage = Stage::new();
    stage.run().unwrap();
    let log = stage.server.log();
    let one = |kind| log.iter().find(|seen| seen.kind == kind).unwrap();
    let key = Some(format!("Key {KEY}"));
    let create = one(Kind::Create);
    assert_eq!(create.path, "/fal-ai/bytedance/seedance/v1/pro/image-to-video");
    assert_eq!((&create.authorization, create.content_type.as_deref()), (&key, Some("application/json")));
    let body: Value = serde_json::from_slice(&create.body).unwrap();
    let picture = body["image_url"].as_str().unwrap();
    assert!(picture.ends_with("_start.png"), "{picture}");
    assert_eq!(
        body,
        json!({
            "prompt": "slow push in, wind in her hair", "image_url": picture, "resolution": "1080p", "duration": "5",
            "camera_fixed": false, "seed": 7, "aspect_ratio": "auto", "enable_safety_checker": true,
        })
    );
    let initiate = one(Kind::Initiate);
    assert_eq!((&initiate.authorization, initiate.query.as_str()), (&key, "storage_type=fal-cdn-v3"));
    let put = one(Kind::Put);
    assert_eq!((&put.authorization, put.content_type.as_deref()), (&None, Some("image/png")));
    assert!(put.body.starts_with(b"\x89PNG"));
    assert_eq!(one(Kind::Status).authorization, key);
    assert!(one(Kind::Status).path.starts_with("/fal-ai/bytedance/requests/"));
    assert_eq!(one(Kind::Clip).authorization, None);
}

#[test]
fn a_result_behind_a_signature_is_fetched_and_the_signature_is_kept_nowhere() {
    let stage = Stage::new();
    stage.behave(|b| b.signed = true);
    stage.run().unwrap();
    // Taken up again, the address is asked for anew.
    let done = stage.run().unwrap();
    assert!(done.words[0].contains("not bought again"));
    assert_eq!(stage.creates(), 1);
    assert!(!stage.on_disk().contains("signature"));
}

#[test]
fn a_redirect_within_what_is_allowed_is_followed() {
    let stage = Stage::new();
    let other = Stage::new();
    // The same server under its own name is allowed, another is not.
    stage.behave(|b| b.redirect = Some(format!("{}/files/elsewhere", other.server.url())));
    assert!(stage.run().unwrap_err().to_string().contains("refused"));
    stage.behave(|b| b.redirect = Some("/files/round-and-round".into()));
    assert!(stage.run().unwrap_err().to_string().contains("too many times"));
    stage.behave(|_| {});
    stage.run().unwrap();
    assert_eq!((stage.creates(), other.server.log().len()), (1, 0));
}

#[test]
fn two_at_once_pay_once() {
    let stage = Stage::new();
    stage.behave(|b| b.queue = 20);
    let run = || stage.order(&Cancel::new(), &Progress::silent(), &|| false).unwrap();
    let (one, two) = std::thread::scope(|scope| {
        let (one, two) = (scope.spawn(run), scope.spawn(run));
        (one.join().unwrap(), two.join().unwrap())
    });
    for made in [one, two] {
        let Made::Files(done) = made else { panic!("nobody has kept it yet") };
        assert_eq!(std::fs::read(&done.files[0]).unwrap(), clip());
    }
    assert_eq!(stage.creates(), 1);
}

#[test]
fn who_waited_asks_whether_it_is_known_by_now() {
    let stage = Stage::new();
    stage.behave(|b| b.working = 20);
    std::thread::scope(|scope| {
        let one = scope.spawn(|| stage.run().unwrap());
        crate::stage::until(|| stage.creates() == 1);
        assert!(stage.remote().ledger().is_under_way(&stage.row().id));
        let error = stage.remote().ledger().forget(&stage.row().id).unwrap_err();
        assert!(error.to_string().contains("at work"), "{error}");
        let two = stage.order(&Cancel::new(), &Progress::silent(), &|| true).unwrap();
        assert!(matches!(two, Made::Known));
        one.join().unwrap();
    });
    assert!(!stage.remote().ledger().is_under_way(&stage.row().id));
    assert_eq!(stage.creates(), 1);
}
