//! The ledger's files.

use rushes_services::State;

use crate::stage::Stage;

#[test]
fn a_damaged_row_is_skipped() {
    let stage = Stage::new();
    assert!(stage.remote().ledger().rows().unwrap().is_empty(), "no folder, no rows");
    let done = stage.run().unwrap();
    let folder = stage.home.path().join("ledger");
    let whole = std::fs::read(folder.join(format!("{}.json", done.row))).unwrap();
    std::fs::write(folder.join("0123-4567.json"), &whole[..whole.len() / 2]).unwrap();
    std::fs::write(folder.join("0123-4568.json"), "").unwrap();
    std::fs::write(folder.join("0123-4569.json"), &whole).unwrap();
    std::fs::write(folder.join("notes.txt"), "mine").unwrap();
    let rows = stage.remote().ledger().rows().unwrap();
    assert_eq!(rows.iter().map(|row| &row.id).collect::<Vec<_>>(), [&done.row]);
    assert!(stage.remote().ledger().get("0123-4567").is_err());
    stage.run().unwrap();
    assert_eq!(stage.creates(), 1);
}

#[test]
fn a_row_is_on_disk_before_the_request_leaves() {
    let stage = Stage::new();
    let delay = (rushes_servers::fal::Kind::Create, std::time::Duration::from_millis(300));
    stage.behave(|b| b.delays = [delay].into());
    std::thread::scope(|scope| {
        let run = scope.spawn(|| stage.run().unwrap());
        crate::stage::until(|| stage.creates() == 1);
        let row = stage.row();
        assert!(row.state == State::Sending && row.request["duration"] == "5");
        run.join().unwrap();
    });
}

#[test]
fn names_that_are_no_rows_lead_nowhere() {
    let stage = Stage::new();
    let remote = stage.remote();
    for name in ["", "../keys", "a/b", "rows", "0", &"f".repeat(99)] {
        assert!(remote.ledger().get(name).is_err() && remote.ledger().kept(name).is_err(), "{name}");
        assert!(remote.ledger().forget(name).is_err() && !remote.ledger().is_under_way(name));
    }
}

#[test]
fn what_is_not_made_is_not_kept() {
    let stage = Stage::new();
    let row = stage.abandoned();
    assert!(stage.remote().ledger().kept(&row.id).is_err());
    stage.remote().ledger().forget(&row.id).unwrap();
    assert_eq!(stage.row().state, State::Forgotten);
    assert_eq!(stage.remote().ledger().spent_usd(0).unwrap(), 0.0);
}
