//! A session beneath the window and the command line.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use rushes::home::Home;
use rushes::session::{Options, Session};
use rushes_engine::Cancel;
use rushes_engine::document::Edit;
use rushes_gpu::DeviceChoice;
use rushes_nodes::Services;
use serde_json::json;
use std::sync::Arc;

#[test]
fn a_lost_device_costs_its_frames_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let services = Arc::new(Services::new(DeviceChoice::Software));
    let options = Options {
        home: Some(Home::at(home.path()).unwrap()),
        services: Some(services.clone()),
        ..Options::default()
    };
    let mut session = Session::new(options).unwrap();
    let params = json!({ "pattern": "zone_plate", "width": 64, "height": 36 });
    let add = |node: &str, kind: &str, params: serde_json::Value| {
        Edit::from_json(&json!({ "do": "add", "node": node, "kind": kind, "version": 1, "params": params }))
            .unwrap()
    };
    let wire = Edit::from_json(&json!({ "do": "connect", "from": "plate.clip", "to": "soft.clip" })).unwrap();
    let edits = vec![
        add("plate", "generate/pattern", params),
        add("soft", "finish/blur", json!({ "sigma": 2.0 })),
        wire,
    ];
    session.apply(edits, None, false).unwrap();
    let node = "soft".parse().unwrap();
    let picture = |session: &mut Session, name: &str| {
        let frame = session.frame(&node, 3, 1, &Cancel::new()).unwrap();
        let out = home.path().join(name);
        session.write_frame(&node, &frame, &out, 16, &Cancel::new()).unwrap();
        (frame.key, std::fs::read(out).unwrap())
    };
    let before = picture(&mut session, "before.png");
    session.reset_account();
    picture(&mut session, "again.png");
    assert!(session.evaluator().account.nodes().values().all(|a| a.evaluated == 0), "it is kept");
    services.close_device();
    let after = picture(&mut session, "after.png");
    assert_eq!(before, after, "made again on another device");
    let evaluated: u64 = session.evaluator().account.nodes().values().map(|a| a.evaluated).sum();
    assert_eq!(evaluated, 2, "the pattern and the blur, once each");
    services.close_device();
    assert_eq!(picture(&mut session, "third.png"), before, "and again");
}
