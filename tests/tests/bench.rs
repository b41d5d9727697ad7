//! The measurements come to their end at a small size and tell every row. What they tell is for people.
#![cfg(target_os = "linux")]

use std::os::unix::fs::PermissionsExt;

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rushes_servers::comfy::{Behaviour, Server};
use rushes_tests::{Home, Screen};

/// The lines that begin with `name`, and the words behind it.
fn rows<'a>(told: &'a str, name: &str) -> Vec<Vec<&'a str>> {
    told.lines().filter_map(|line| Some(line.strip_prefix(name)?.split_whitespace().collect())).collect()
}

fn is_figure(word: &&str) -> bool {
    word.parse::<f64>().is_ok_and(|figure| figure >= 0.0)
}

/// Stands in for a Python that has VapourSynth: it tells what it is and gives frames.
const PYTHON: &str = "#!/bin/sh
case \"$1 $2\" in
*look.vpy*) echo vapoursynth 81 bs ;;
*y4m) ffmpeg -v error -f lavfi -i testsrc2=s=3840x16:r=24:d=0.1 -pix_fmt yuv420p -f yuv4mpegpipe - ;;
esac
";

#[test]
fn every_side_does_every_job() -> Result<()> {
    let home = Home::new()?;
    // As wide as 4K, so that nothing is enlarged; the grain begins again.
    for (name, seconds) in [("clip.mp4", 0.25), ("grain.mp4", 2.0 / 24.0)] {
        rushes_tests::clip(&home.path(name), &format!("testsrc2=s=3840x16:r=24:d={seconds:.3}"))?;
    }
    let python = home.write("python", PYTHON)?;
    std::fs::set_permissions(&python, std::fs::Permissions::from_mode(0o755))?;
    let given = ["bench", "compare", "--clip", "clip.mp4", "--grain", "grain.mp4"];
    let told =
        home.must(given.into_iter().chain(["--runs", "1", "--frames", "3", "--python", "./python"]))?;
    assert!(told.contains("R81, clips read by BestSource"), "{told}");
    assert!(told.contains("3840×16, 3 frames; clip clip.mp4, grain grain.mp4 of 2 frames"), "{told}");
    assert_eq!(
        told.matches(" times the processors of the encoder alone and of Rushes without it").count(),
        1
    );
    for job in ["overlay, x264 veryfast", "overlay, no encoder"] {
        let ours = rows(&told, job);
        let ours = ours.first().with_context(|| told.clone())?;
        assert_eq!((ours.len(), ours.first()), (4, Some(&"rushes")), "{told}");
        assert!(ours.iter().skip(1).all(is_figure), "{told}");
    }
    let alone = told.lines().filter_map(|line| line.trim_start().strip_prefix("the encoder alone"));
    assert_eq!(alone.map(|line| line.split_whitespace().filter(is_figure).count()).collect::<Vec<_>>(), [6]);
    for side in ["ffmpeg, 8 bits", "ffmpeg, floats", "vapoursynth, 8 bits", "vapoursynth, floats"] {
        let lines = told.lines().map(str::trim_start).filter_map(|line| line.strip_prefix(side));
        let figures = lines.map(|line| line.split_whitespace().filter(is_figure).count());
        // Wall, processors and memory, each with its ratio.
        assert_eq!(figures.filter(|count| *count == 6).count(), 2, "{side}: {told}");
    }
    assert_eq!(home.names()?, ["clip.mp4", "grain.mp4", "python"]);
    Ok(())
}

/// Two clips as wide as 4K, so that nothing is enlarged, and what is asked of them.
fn compared(home: &Home, server: &Server) -> Result<Vec<String>> {
    for name in ["clip.mp4", "grain.mp4"] {
        rushes_tests::clip(&home.path(name), "testsrc2=s=3840x16:r=24:d=0.25")?;
    }
    let words =
        "bench compare --clip clip.mp4 --grain grain.mp4 --runs 1 --frames 3 --python no-python --comfyui";
    Ok(words.split(' ').chain([server.address()]).map(str::to_owned).collect())
}

#[test]
fn a_comfyui_server_does_what_is_written() -> Result<()> {
    let home = Home::new()?;
    let server = Server::start(Behaviour { asked: Some(2), ..Behaviour::default() })?;
    let told = home.must(compared(&home, &server)?)?;
    assert!(told.contains("0.33.0 on cpu"), "{told}");
    let lines: Vec<&str> =
        told.lines().map(str::trim_start).filter_map(|line| line.strip_prefix("comfyui  ")).collect();
    let figures = |line: &str| line.split_whitespace().filter(is_figure).count();
    // Wall and its ratio, of the one job that is written.
    assert_eq!(lines.iter().filter(|line| figures(line) == 2).count(), 1, "{told}");
    // Neither run may find what the other one made: each has files and a name of its own.
    let graphs = server.graphs();
    assert!(graphs.len() == 2 && graphs[0] != graphs[1], "{graphs:?}");
    let files = server.files();
    assert!(files.len() == 4 && files.values().all(|bytes| *bytes > 1000), "{files:?}");
    assert!(server.stopped().is_empty());
    Ok(())
}

#[test]
fn a_comfyui_server_that_fails_is_told_and_the_rest_is_measured() -> Result<()> {
    let fails = Some(("ImageBlend".to_owned(), "Allocation on device".to_owned()));
    let lacks = Some("ImageBlend".to_owned());
    for (behaviour, words) in [
        (Behaviour { asked: Some(0), fails, ..Behaviour::default() }, "ComfyUI failed: Allocation on device"),
        (Behaviour { asked: Some(0), lacks, ..Behaviour::default() }, "Node 'ImageBlend' not found"),
    ] {
        let home = Home::new()?;
        let server = Server::start(behaviour)?;
        let told = home.must(compared(&home, &server)?)?;
        assert!(told.contains(words) && told.lines().any(|line| line.ends_with("failed")), "{told}");
        assert_eq!(rows(&told, "overlay, no encoder").len(), 1, "{told}");
    }
    Ok(())
}

#[test]
fn what_is_no_comfyui_server_is_refused() -> Result<()> {
    let other = rushes_servers::fal::Server::start(Vec::new());
    let nobody = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
    for (address, code) in [("no address", 2), (other.url(), 1), (&nobody, 1)] {
        let outcome =
            Home::new()?.run(["bench", "compare", "--python", "no-python", "--comfyui", address])?;
        outcome.refused(code)?;
    }
    Ok(())
}

#[test]
fn a_comfyui_server_does_not_work_on_for_nobody() -> Result<()> {
    let home = Home::new()?;
    let server = Server::start(Behaviour::default())?;
    let running = home.start(compared(&home, &server)?)?;
    let begun = Instant::now();
    while server.graphs().is_empty() {
        anyhow::ensure!(begun.elapsed() < Duration::from_secs(60), "it was never asked");
        std::thread::sleep(Duration::from_millis(20));
    }
    running.signal("INT")?;
    assert_eq!(running.end()?.code, 130);
    assert_eq!(server.stopped(), [serde_json::json!({ "prompt_id": "graph-1" })]);
    Ok(())
}

#[test]
fn clips_of_two_sizes_are_refused() -> Result<()> {
    let home = Home::new()?;
    rushes_tests::clip(&home.path("clip.mp4"), "testsrc2=s=64x36:r=24:d=0.25")?;
    rushes_tests::clip(&home.path("grain.mp4"), "testsrc2=s=32x18:r=24:d=0.25")?;
    let outcome = home.run(["bench", "compare", "--clip", "clip.mp4", "--grain", "grain.mp4"])?;
    outcome.refused(2)?;
    assert!(outcome.stderr.contains("64×36") && outcome.stderr.contains("32×18"), "{outcome:?}");
    Ok(())
}

#[test]
fn work_that_is_not_there_is_refused_before_clips_are_made() -> Result<()> {
    let outcome = Home::new()?.run(["bench", "compare", "--only", "no such work"])?;
    outcome.refused(2)?;
    assert!(outcome.stderr.contains("overlay, x264 veryfast; overlay, no encoder"), "{outcome:?}");
    Ok(())
}

#[test]
fn every_tool_is_measured_on_the_executor_that_is_asked_for() -> Result<()> {
    let home = Home::new()?;
    let small = ["bench", "kernels", "--device", "processor", "--size", "64x36", "--runs", "1"];
    let told = home.must(small.into_iter().chain(["--python", "no-such-python"]))?;
    assert!(told.contains("GB/s of memory") && told.contains("no VapourSynth: no-such-python"), "{told}");
    for (tool, count) in [
        ("overlay 0.3", 2),
        ("grade, overlay, vignette", 2),
        ("LUT 33, tetrahedral", 2),
        ("Lanczos × 2, encoded", 2),
        ("grain plate", 1),
        ("from yuv420p", 2),
        ("yuv420p, three tools, yuv420p", 1),
        ("FFmpeg", 6),
    ] {
        assert_eq!(rows(&told, tool).len(), count, "{tool}: {told}");
    }
    assert_eq!(home.names()?, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_window_is_watched_from_its_start() -> Result<()> {
    let home = Home::new()?;
    let screen = Screen::start(1280, 720)?;
    let mut command = home.command()?;
    command.args(["bench", "start", "--runs", "1", "--seconds", "1"]);
    screen.show(&mut command);
    let outcome = rushes_tests::Outcome::of(&command.output()?);
    assert_eq!(outcome.code, 0, "{outcome:?}");
    for row in ["the first frame is drawn after", "all is shown after", "memory when left alone"] {
        let found = rows(&outcome.stdout, row);
        let figure = found.first().and_then(|words| words.first());
        assert!(figure.is_some_and(is_figure), "{row}: {outcome:?}");
    }
    let idle = rows(&outcome.stdout, "frames a second when left alone");
    assert!(idle.first().and_then(|words| words.first()).is_some_and(is_figure), "{outcome:?}");
    Ok(())
}
