//! Who may know whom, held over `cargo metadata`.
//!
//! Arrows point one way: `app -> nodes -> nodes/core/{gpu, media, models, services} -> nodes/core/engine`.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result};
use cargo_metadata::{CargoOpt, Metadata, MetadataCommand, PackageId};

/// A room: its package, its folder, the rooms it may know, and the outside worlds it may touch.
struct Room {
    package: &'static str,
    folder: &'static str,
    knows: &'static [&'static str],
    worlds: &'static [World],
}

/// A part of the outside world that belongs to few rooms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum World {
    Window,
    Gpu,
    Media,
    /// What runs neural networks.
    Inference,
    Network,
    /// Errors without a type are for programs, not for libraries.
    Anyhow,
}

const CORE: &[&str] = &[
    "rushes-engine",
    "rushes-servers",
    "rushes-gpu",
    "rushes-media",
    "rushes-models",
    "rushes-processor",
    "rushes-services",
];
const ENGINE: &[&str] = &["rushes-engine"];
const BELOW_APP: &[&str] = &[
    "rushes-engine",
    "rushes-servers",
    "rushes-gpu",
    "rushes-media",
    "rushes-models",
    "rushes-services",
    "rushes-nodes",
];

const ROOMS: &[Room] = &[
    Room { package: "rushes-engine", folder: "nodes/core/engine", knows: &[], worlds: &[] },
    Room { package: "rushes-shader", folder: "nodes/core/shader", knows: &[], worlds: &[] },
    Room {
        package: "rushes-gpu",
        folder: "nodes/core/gpu",
        knows: &["rushes-engine", "rushes-shader"],
        worlds: &[World::Gpu],
    },
    Room {
        package: "rushes-translate",
        folder: "nodes/core/processor/translate",
        knows: &["rushes-shader"],
        worlds: &[World::Gpu],
    },
    Room {
        package: "rushes-processor",
        folder: "nodes/core/processor",
        knows: &["rushes-engine", "rushes-gpu", "rushes-shader", "rushes-translate"],
        worlds: &[],
    },
    Room { package: "rushes-media", folder: "nodes/core/media", knows: ENGINE, worlds: &[World::Media] },
    Room {
        package: "rushes-models",
        folder: "nodes/core/models",
        knows: ENGINE,
        worlds: &[World::Inference],
    },
    Room {
        package: "rushes-services",
        folder: "nodes/core/services",
        // The server that its tests ask.
        knows: &["rushes-engine", "rushes-servers"],
        worlds: &[World::Network],
    },
    Room { package: "rushes-nodes", folder: "nodes", knows: CORE, worlds: &[] },
    Room {
        package: "rushes",
        folder: "app",
        knows: BELOW_APP,
        worlds: &[World::Window, World::Gpu, World::Anyhow],
    },
    Room { package: "rushes-servers", folder: "tests/servers", knows: &[], worlds: &[World::Network] },
    Room { package: "rushes-tests", folder: "tests", knows: &["rushes-servers"], worlds: &[World::Anyhow] },
];

/// The world that a crate from outside opens, if it is one that only some rooms may touch.
fn world_of(name: &str) -> Option<World> {
    let family = name.split(['-', '_']).next().unwrap_or(name);
    match family {
        "egui" | "eframe" | "rfd" | "winit" | "accesskit" | "arboard" => Some(World::Window),
        "wgpu" | "naga" | "ash" | "metal" | "glow" => Some(World::Gpu),
        "ffmpeg" | "rsmpeg" | "gstreamer" => Some(World::Media),
        "rten" | "ort" | "tract" | "candle" | "burn" | "wonnx" => Some(World::Inference),
        "tokio" | "reqwest" | "hyper" | "ureq" | "isahc" | "curl" | "attohttpc" | "rustls"
        | "tungstenite" => Some(World::Network),
        "anyhow" | "eyre" => Some(World::Anyhow),
        _ => None,
    }
}

fn room(package: &str) -> Option<&'static Room> {
    ROOMS.iter().find(|room| room.package == package)
}

/// What one package declares, reduced to names.
struct Declared {
    package: String,
    folder: String,
    dependencies: BTreeSet<String>,
}

/// Every breach, in words. Empty when the house stands.
fn breaches(packages: &[Declared]) -> Vec<String> {
    let ours: BTreeSet<&str> = packages.iter().map(|package| package.package.as_str()).collect();
    let mut found = Vec::new();
    for package in packages {
        let Some(room) = room(&package.package) else {
            found.push(format!("{} is a package without a room: name it in ROOMS", package.package));
            continue;
        };
        if room.folder != package.folder {
            found.push(format!("{} lies in {}, its room is {}", room.package, package.folder, room.folder));
        }
        for dependency in &package.dependencies {
            if ours.contains(dependency.as_str()) {
                if !room.knows.contains(&dependency.as_str()) {
                    found.push(format!("{} must not know {dependency}", room.package));
                }
            } else if let Some(world) = world_of(dependency)
                && !room.worlds.contains(&world)
            {
                found.push(format!("{} must not touch {world:?}, and names {dependency}", room.package));
            }
        }
    }
    found
}

/// Where Rushes runs. Browsers are no such place, and some crates bring a network along for those.
const PLATFORMS: [&str; 3] = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin", "x86_64-pc-windows-msvc"];

/// The workspace as it resolves from the lock file, with every feature, on [`PLATFORMS`].
fn metadata() -> Result<Metadata> {
    let manifest = rushes_tests::root().join("Cargo.toml");
    let mut options = vec!["--locked".to_owned()];
    options.extend(
        PLATFORMS.iter().flat_map(|platform| ["--filter-platform".to_owned(), (*platform).to_owned()]),
    );
    MetadataCommand::new()
        .manifest_path(manifest)
        .features(CargoOpt::AllFeatures)
        .other_options(options)
        .exec()
        .context("cargo metadata failed")
}

fn declared(metadata: &Metadata) -> Vec<Declared> {
    metadata
        .workspace_packages()
        .iter()
        .map(|package| Declared {
            package: package.name.to_string(),
            folder: package
                .manifest_path
                .strip_prefix(&metadata.workspace_root)
                .ok()
                .and_then(|path| path.parent())
                .map(|folder| folder.as_str().replace('\\', "/"))
                .unwrap_or_default(),
            dependencies: package.dependencies.iter().map(|dependency| dependency.name.clone()).collect(),
        })
        .collect()
}

/// The names of everything that `package` brings into a program, dependencies of dependencies included,
/// tests and build scripts left out.
fn linked(metadata: &Metadata, package: &str) -> Result<BTreeSet<String>> {
    let resolve = metadata.resolve.as_ref().context("cargo metadata gave no resolution")?;
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let names: BTreeMap<&PackageId, &str> =
        metadata.packages.iter().map(|package| (&package.id, package.name.as_str())).collect();
    let start = metadata
        .workspace_packages()
        .into_iter()
        .find(|candidate| candidate.name.as_str() == package)
        .with_context(|| format!("{package} is not in the workspace"))?;
    let mut open = vec![&start.id];
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        let Some(node) = nodes.get(id) else { continue };
        for dependency in &node.deps {
            let normal =
                dependency.dep_kinds.iter().any(|kind| kind.kind == cargo_metadata::DependencyKind::Normal);
            if normal && seen.insert(&dependency.pkg) {
                open.push(&dependency.pkg);
            }
        }
    }
    Ok(seen.into_iter().filter_map(|id| names.get(id)).map(|name| (*name).to_owned()).collect())
}

#[test]
fn every_arrow_points_one_way() -> Result<()> {
    let packages = declared(&metadata()?);
    assert!(packages.len() >= 6, "the workspace lost rooms");
    assert_eq!(breaches(&packages), Vec::<String>::new());
    Ok(())
}

#[test]
fn nothing_forbidden_comes_in_by_the_back_door() -> Result<()> {
    let metadata = metadata()?;
    let mut found = Vec::new();
    for package in metadata.workspace_packages() {
        let name = package.name.as_str();
        // The program is where all worlds meet; tools meet the picture, the media and the network.
        let allowed: &[World] = match name {
            "rushes" | "rushes-tests" => continue,
            "rushes-nodes" => &[World::Gpu, World::Media, World::Inference, World::Network],
            // It names no device, but speaks the vocabulary that the device's room has.
            "rushes-processor" => &[World::Gpu],
            _ => room(name).map_or(&[][..], |room| room.worlds),
        };
        for linked in linked(&metadata, name)? {
            // Typed or not, an error inside a dependency is that dependency's own affair.
            let world = world_of(&linked).filter(|world| *world != World::Anyhow);
            if let Some(world) = world
                && !allowed.contains(&world)
            {
                found.push(format!("{name} links {linked} ({world:?})"));
            }
        }
    }
    assert_eq!(found, Vec::<String>::new());
    Ok(())
}

#[test]
fn a_wrong_arrow_is_caught() {
    let package = |package: &str, folder: &str, dependencies: &[&str]| Declared {
        package: package.to_owned(),
        folder: folder.to_owned(),
        dependencies: dependencies.iter().map(|name| (*name).to_owned()).collect(),
    };
    let found = breaches(&[
        package("rushes-engine", "nodes/core/engine", &["serde", "wgpu", "rushes-gpu", "tokio-util"]),
        package("rushes-gpu", "nodes/gpu", &["rushes-engine", "egui-wgpu", "wgpu-types"]),
        package("rushes-nodes", "nodes", &["rushes-gpu", "rushes", "ffmpeg-next", "rten-tensor", "anyhow"]),
        package("rushes", "app", &["eframe", "wgpu", "rushes-nodes", "ffmpeg-sys-next", "ureq"]),
        package("rushes-helpers", "helpers", &[]),
    ]);
    assert_eq!(
        found,
        [
            "rushes-engine must not know rushes-gpu",
            "rushes-engine must not touch Network, and names tokio-util",
            "rushes-engine must not touch Gpu, and names wgpu",
            "rushes-gpu lies in nodes/gpu, its room is nodes/core/gpu",
            "rushes-gpu must not touch Window, and names egui-wgpu",
            "rushes-nodes must not touch Anyhow, and names anyhow",
            "rushes-nodes must not touch Media, and names ffmpeg-next",
            "rushes-nodes must not touch Inference, and names rten-tensor",
            "rushes-nodes must not know rushes",
            "rushes must not touch Media, and names ffmpeg-sys-next",
            "rushes must not touch Network, and names ureq",
            "rushes-helpers is a package without a room: name it in ROOMS",
        ]
    );
}
