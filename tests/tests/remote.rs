//! Engines elsewhere: a shot is ordered with leave only, paid for once, and comes after a crash too. The provider is a
//! server on this machine that behaves as fal.ai documents.

use anyhow::{Context, Result};
use rushes_servers::fal::{Behaviour, Failure, Kind, Server};
use rushes_tests::{Drive, Home, clip};
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const KEY: &str = "key-id:key-secret";

/// A provider that makes a short clip, and a home that knows its key.
struct Studio {
    server: Server,
    home: Home,
}

impl Studio {
    fn new() -> Result<Self> {
        let home = Home::new()?;
        clip(&home.path("made.mp4"), "testsrc2=s=864x480:r=24:d=2")?;
        let server = Server::start(std::fs::read(home.path("made.mp4"))?);
        let behaviour = Behaviour { key: Some(KEY.to_owned()), ..Behaviour::default() };
        server.set(behaviour);
        home.write("film.json", serde_json::to_string_pretty(&film("slow push in, rain begins to fall"))?)?;
        Ok(Self { server, home })
    }

    fn command(&self, arguments: &[&str]) -> Result<Command> {
        let mut command = self.home.command()?;
        command.args(arguments).env("RUSHES_FAL_URL", self.server.url()).env("FAL_KEY", KEY);
        command.env("RUSHES_KEY_STORE", "off");
        Ok(command)
    }

    /// Exit code and all that was said.
    fn run(&self, arguments: &[&str]) -> Result<(i32, String)> {
        let out = self.command(arguments)?.output()?;
        let said = String::from_utf8_lossy(&out.stdout).into_owned() + &String::from_utf8_lossy(&out.stderr);
        Ok((out.status.code().unwrap_or(-1), said))
    }

    fn drive(&self, arguments: &[&str]) -> Result<Drive> {
        Drive::over(self.command(&[&["drive", "film.json"], arguments].concat())?)
    }

    fn ordered(&self) -> usize {
        self.server.count(Kind::Create)
    }

    /// Waits until something has been asked of the server.
    fn until(&self, kind: Kind) -> Result<()> {
        let end = Instant::now() + Duration::from_secs(120);
        while self.server.count(kind) == 0 {
            anyhow::ensure!(Instant::now() < end, "the provider was not asked: {:?}", self.server.log());
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }
}

/// A still, words, a shot of both at an engine elsewhere, and a file.
fn film(words: &str) -> Value {
    json!({
        "rushes": 1,
        "nodes": [
            { "id": "still", "kind": "edit/read", "version": 1, "params": { "path": "asset:stills/person_1.jpg" } },
            { "id": "words", "kind": "plan/text", "version": 1, "params": { "value": words } },
            { "id": "shot", "kind": "animate/image_to_video", "version": 1,
              "params": { "engine": "seedance_1_pro", "resolution": "480p", "duration_s": 2, "seed": 7 } },
            { "id": "write", "kind": "deliver/write", "version": 1, "params": { "path": "out.mp4" } }
        ],
        "links": [
            { "from": "still.clip", "to": "shot.clip" }, { "from": "words.text", "to": "shot.motion" },
            { "from": "shot.clip", "to": "write.clip" }
        ]
    })
}

#[test]
fn nothing_is_sent_without_leave_and_a_shot_is_paid_for_once() -> Result<()> {
    let studio = Studio::new()?;
    let (code, said) = studio.run(&["render", "film.json", "--progress", "none"])?;
    assert_eq!(code, 4, "{said}");
    assert!(said.contains("it would cost $0.05: shot $0.05 at fal.ai for the picture"), "{said}");
    assert!(said.contains("slow push in, rain begins to fall") && said.contains("--max-cost"), "{said}");
    assert_eq!(studio.server.log().len(), 0, "nothing left this machine");
    assert!(!studio.home.path("out.mp4").exists());

    let (code, said) = studio.run(&["render", "film.json", "--max-cost", "0.06"])?;
    assert_eq!(code, 0, "{said}");
    assert_eq!((studio.ordered(), studio.server.count(Kind::Put)), (1, 1));
    let probed: Value = serde_json::from_str(&studio.run(&["probe", "out.mp4"])?.1)?;
    assert_eq!(probed["picture"]["size"], json!([864, 480]), "the shot is as the engine made it");

    // The words and the still are the same in another graph, after another start, under other names.
    std::fs::remove_file(studio.home.path("out.mp4"))?;
    let renamed = film("slow push in, rain begins to fall").to_string().replace("shot", "take_two");
    studio.home.write("other.json", renamed)?;
    for graph in ["film.json", "other.json"] {
        let (code, said) = studio.run(&["render", graph])?;
        assert_eq!((code, studio.ordered()), (0, 1), "bought again for {graph}: {said}");
    }
    let listed = studio.run(&["jobs", "list", "--all", "--json"])?.1;
    let row: Value = serde_json::from_str(listed.lines().next().context("no row")?)?;
    assert_eq!((&row["state"], &row["endpoint"]), (&json!("kept"), &json!("seedance_1_pro")), "{row}");
    assert!(!listed.contains("secret"), "{listed}");
    Ok(())
}

#[test]
fn a_run_gives_the_node_a_take_with_its_provenance() -> Result<()> {
    let studio = Studio::new()?;
    let mut drive = studio.drive(&["--max-cost", "1"])?;
    let shot = json!({ "node": "shot" });
    let described = drive.ask("describe", shot.clone())?;
    assert_eq!((&described["size"], &described["frames"]), (&json!([864, 480]), &json!(48)), "{described}");
    let quote = drive.ask("quote", json!({}))?;
    assert_eq!(quote["steps"][0]["to"], json!("fal.ai"), "{quote}");
    let ran = drive.ask("run", shot.clone())?;
    assert_eq!((&ran["takes"][0]["node"], &ran["takes"][0]["ran"]), (&json!("shot"), &json!(true)), "{ran}");
    let takes = drive.ask("takes", shot.clone())?["takes"].clone();
    let facts = &takes[0]["facts"];
    assert_eq!(
        (&facts["engine"], &facts["prompt"]),
        (&json!("Seedance 1 Pro"), &json!("slow push in, rain begins to fall"))
    );
    assert_eq!(facts["provenance"]["request"]["duration"], json!("2"), "{facts}");
    let graph = drive.ask("graph", json!({}))?;
    let node = graph["nodes"].as_array().into_iter().flatten().find(|node| node["id"] == "shot");
    assert_eq!(node.context("no shot")?["take"], takes[0]["id"], "it plays");
    assert_eq!(drive.ask("quote", json!({}))?["usd"].as_f64(), Some(0.0), "all is there");

    // Undone, the take is still the answer to the same question; other words are another.
    drive.ask("undo", json!({}))?;
    assert_eq!(drive.ask("run", shot.clone())?["takes"][0]["ran"], json!(false));
    assert_eq!(studio.ordered(), 1);
    drive.ask("set", json!({ "node": "words", "param": "value", "value": "she turns to us" }))?;
    assert_eq!(drive.refuse("render", json!({}))?.code, "consent", "the take is stale");
    drive.ask("run", shot.clone())?;
    assert_eq!(studio.ordered(), 2);
    // A person who runs what is up to date wants another one.
    assert_eq!(drive.ask("run", shot)?["takes"][0]["ran"], json!(true));
    assert_eq!(studio.ordered(), 3);
    drive.quit()?;
    Ok(())
}

#[test]
fn what_was_ordered_comes_after_a_crash() -> Result<()> {
    let studio = Studio::new()?;
    studio.server.set(Behaviour { key: Some(KEY.to_owned()), working: u32::MAX, ..Behaviour::default() });
    let mut render = studio.command(&["render", "film.json", "--yes"])?;
    let mut child = render.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    studio.until(Kind::Status)?;
    child.kill()?;
    child.wait()?;
    studio.server.set(Behaviour { key: Some(KEY.to_owned()), ..Behaviour::default() });
    let listed = studio.run(&["jobs", "list"])?.1;
    assert!(listed.contains("under way") && listed.contains("$0.05"), "{listed}");
    let (code, said) = studio.run(&["jobs", "resume"])?;
    assert_eq!((code, studio.ordered()), (0, 1), "{said}");
    let (code, said) = studio.run(&["render", "film.json"])?;
    assert_eq!((code, studio.ordered()), (0, 1), "what came is the answer: {said}");
    Ok(())
}

#[test]
fn a_lost_answer_is_never_paid_for_again_unasked() -> Result<()> {
    let studio = Studio::new()?;
    studio.server.set(Behaviour { key: Some(KEY.to_owned()), lose_answer: true, ..Behaviour::default() });
    let (code, said) = studio.run(&["render", "film.json", "--yes"])?;
    assert_eq!((code, studio.ordered()), (4, 1), "{said}");
    assert!(said.contains("is not known") && said.contains("rushes jobs forget"), "{said}");
    let (code, said) = studio.run(&["render", "film.json", "--yes"])?;
    assert_eq!((code, studio.ordered()), (4, 1), "{said}");
    let listed = studio.run(&["jobs", "list", "--json"])?.1;
    let row: Value = serde_json::from_str(listed.lines().next().context("no row")?)?;
    let id = row["id"].as_str().context("no id")?.to_owned();
    assert_eq!(studio.run(&["jobs", "forget", &id])?.0, 0);
    assert_eq!((studio.run(&["render", "film.json", "--yes"])?.0, studio.ordered()), (0, 2));
    Ok(())
}

#[test]
fn keys_and_refusals_say_what_to_do() -> Result<()> {
    let studio = Studio::new()?;
    let none = |arguments: &[&str]| -> Result<(i32, String)> {
        let out = studio.command(arguments)?.env_remove("FAL_KEY").output()?;
        Ok((out.status.code().unwrap_or(-1), String::from_utf8_lossy(&out.stderr).into_owned()))
    };
    let (code, said) = none(&["render", "film.json", "--yes"])?;
    assert_eq!((code, studio.server.log().len()), (4, 0), "{said}");
    assert!(said.contains("no key for fal.ai") && said.contains("rushes keys set fal"), "{said}");

    let kept = |key: &str| -> Result<i32> {
        let mut command = studio.command(&["keys", "set", "fal", "--file"])?;
        let mut child = command.env_remove("FAL_KEY").stdin(Stdio::piped()).stdout(Stdio::null()).spawn()?;
        std::io::Write::write_all(&mut child.stdin.take().context("no stdin")?, key.as_bytes())?;
        Ok(child.wait()?.code().unwrap_or(-1))
    };
    assert_eq!(kept("another:key\n")?, 0);
    let (code, said) = none(&["render", "film.json", "--yes"])?;
    assert_eq!((code, studio.ordered()), (4, 0), "{said}");
    assert!(said.contains("refuses the key") && !said.contains("another:key"), "{said}");
    assert_eq!(none(&["keys", "check", "fal"])?.0, 4);
    assert_eq!(kept(KEY)?, 0);
    assert_eq!(none(&["keys", "check", "fal"])?.0, 0);
    assert_eq!(none(&["render", "film.json", "--yes"])?.0, 0);
    assert_eq!(none(&["keys", "remove", "fal"])?.0, 0);
    assert_eq!(none(&["keys", "check", "fal"])?.0, 4);

    // Refused for what it shows: told in the provider's words, and it may be changed and sent again.
    studio.home.write("film.json", film("something else").to_string())?;
    let mut failures = std::collections::BTreeMap::new();
    let body = json!({ "detail": [{ "loc": ["body", "prompt"], "msg": "flagged by a content checker", "type": "content_policy_violation" }] });
    failures.insert(Kind::Create, Failure { body: body.to_string(), ..Failure::new(1, 422) });
    studio.server.set(Behaviour { key: Some(KEY.to_owned()), failures, ..Behaviour::default() });
    let (code, said) = studio.run(&["render", "film.json", "--yes"])?;
    assert_eq!(code, 2, "{said}");
    assert!(said.contains("flagged by a content checker"), "{said}");
    assert_eq!(studio.run(&["render", "film.json", "--yes"])?.0, 0);
    Ok(())
}

#[test]
fn what_an_engine_cannot_do_is_said_before_it_is_asked() -> Result<()> {
    let studio = Studio::new()?;
    let mut drive = studio.drive(&["--yes"])?;
    let wrong = [
        ("duration_s", json!(13), "12"),
        ("duration_s", json!(2.5), "whole"),
        ("resolution", json!("4k"), "1080p"),
        ("seed", json!(4_000_000_000_u32), "2147483647"),
    ];
    for (param, value, hint) in wrong {
        drive.ask("set", json!({ "node": "shot", "param": param, "value": value }))?;
        let refusal = drive.refuse("run", json!({ "node": "shot" }))?;
        let said = format!("{} {}", refusal.error, refusal.help);
        assert!(refusal.code == "usage" && said.contains(hint), "{param}: {refusal:?}");
        drive.ask("undo", json!({}))?;
    }
    drive.ask("disconnect", json!({ "to": "shot.motion" }))?;
    assert!(drive.refuse("run", json!({ "node": "shot" }))?.error.contains("words"));
    assert_eq!(studio.server.log().len(), 0);
    Ok(())
}

#[test]
fn a_run_that_is_cancelled_stops_there_too() -> Result<()> {
    let studio = Studio::new()?;
    studio.server.set(Behaviour { key: Some(KEY.to_owned()), queue: u32::MAX, ..Behaviour::default() });
    let mut drive = studio.drive(&["--yes"])?;
    let id = drive.send("run", json!({ "node": "shot" }))?;
    studio.until(Kind::Status)?;
    drive.ask("cancel", json!({ "of": id }))?;
    let ended = drive.reply(id)?;
    assert_eq!(ended.err().context("it was cancelled")?.code, "cancelled");
    assert_eq!((studio.server.count(Kind::Cancel), studio.ordered()), (1, 1));
    assert_eq!(drive.ask("jobs", json!({}))?["orders"], json!([]), "nothing is left open");
    Ok(())
}
