//! A session beneath the window and the command line.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use rushes::home::Home;
use rushes::session::{FrameFile, Options, RenderOrder, Session};
use rushes_engine::document::Edit;
use rushes_engine::{Cancel, Progress};
use rushes_gpu::DeviceChoice;
use rushes_nodes::Services;
use serde_json::json;
use std::sync::Arc;

fn session(home: &std::path::Path, services: &Arc<Services>) -> Session {
    let options = Options {
        home: Some(Home::at(home).unwrap()),
        services: Some(services.clone()),
        ..Options::default()
    };
    Session::new(options).unwrap()
}

/// A zone plate, blurred.
fn soft_plate(session: &mut Session) {
    let add = |node: &str, kind: &str, params: serde_json::Value| json!({ "do": "add", "node": node, "kind": kind, "version": 1, "params": params });
    let plate = json!({ "pattern": "zone_plate", "width": 64, "height": 36 });
    let edits = [
        add("plate", "generate/pattern", plate),
        add("soft", "finish/blur", json!({ "sigma": 2.0 })),
        json!({ "do": "connect", "from": "plate.clip", "to": "soft.clip" }),
    ];
    let edits = edits.iter().map(|edit| Edit::from_json(edit).unwrap()).collect();
    session.apply(edits, None, false).unwrap();
}

#[test]
fn a_plan_says_why_and_how_long() {
    let home = tempfile::tempdir().unwrap();
    let services = Arc::new(Services::new(DeviceChoice::Software));
    let mut first = session(home.path(), &services);
    soft_plate(&mut first);
    let line = |session: &mut Session| {
        session.plan(None, None).unwrap().into_iter().find(|l| l.plan.node == "soft").unwrap()
    };
    let before = line(&mut first);
    assert_eq!((before.why.as_str(), before.seconds, before.usd), ("not made yet", None, 0.0));
    let out = Some(home.path().join("soft.png"));
    let order = RenderOrder { node: Some("soft".parse().unwrap()), out, frames: Some(0..1), proxy: 1 };
    first.render(&order, &Cancel::new(), &Progress::silent()).unwrap();
    let mut later = session(home.path(), &services);
    soft_plate(&mut later);
    assert!(line(&mut later).seconds.is_some_and(|s| s > 0.0), "known from the run before");
    later.frame(&"soft".parse().unwrap(), 0, 1, &Cancel::new()).unwrap();
    let sharper = json!({ "do": "set", "node": "soft", "param": "sigma", "value": 1.0 });
    later.apply(vec![Edit::from_json(&sharper).unwrap()], None, false).unwrap();
    assert_eq!(line(&mut later).why, "sigma was 2, is 1");
}

#[test]
fn a_lost_device_costs_its_frames_and_nothing_else() {
    let home = tempfile::tempdir().unwrap();
    let services = Arc::new(Services::new(DeviceChoice::Software));
    let mut session = session(home.path(), &services);
    soft_plate(&mut session);
    let node = "soft".parse().unwrap();
    let picture = |session: &mut Session, name: &str| {
        let frame = session.frame(&node, 3, 1, &Cancel::new()).unwrap();
        let out = home.path().join(name);
        let file = FrameFile { node: &node, frame: &frame, out: &out, bits: 16 };
        session.write_frame(file, &Cancel::new()).unwrap();
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
