use super::*;
use crate::{ErrorKind, Progress};

struct Place {
    dir: tempfile::TempDir,
    library: Library,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let library = Library::open(&dir.path().join("library")).unwrap();
        Self { dir, library }
    }

    fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    fn add(&self, content: &[u8], links: &Links) -> Take {
        let path = self.file("clip.MP4", content);
        self.library.add(&[&path], Intake::Move, Facts::default(), links, &Cancel::new()).unwrap()
    }

    fn verify(&self) -> Verified {
        self.library.verify(&Cancel::new(), &Progress::silent()).unwrap()
    }
}

fn key(n: u8) -> Key {
    Key::of(&[n])
}

fn recipe(n: u8) -> Links {
    Links {
        recipe: Some(key(n)),
        content: Some(key(n + 100)),
        series: Some(format!("graph/{n}")),
        ..Links::default()
    }
}

#[test]
fn a_result_is_found_by_recipe_content_and_series_also_by_another_program() {
    let place = Place::new();
    let facts =
        Facts { engine: "seedance".into(), seed: Some(u64::MAX), price_usd: Some(0.62), ..Facts::default() };
    let path = place.file("a.mp4", b"abc");
    let take = place.library.add(&[&path], Intake::Move, facts, &recipe(1), &Cancel::new()).unwrap();
    assert!(!path.exists(), "what a job wrote is moved in");
    // The hash of “abc” as the authors of BLAKE3 publish it.
    assert_eq!(take.id, "6437b3ac38465133ffb63b75273a8db5.mp4");
    assert_eq!(std::fs::read(place.library.path(&take.id).unwrap()).unwrap(), b"abc");
    let other = Library::open(place.library.folder()).unwrap();
    for found in
        [other.by_recipe(key(1)), other.by_content(key(101)), other.series("graph/1"), other.list().unwrap()]
    {
        assert_eq!(found, std::slice::from_ref(&take));
    }
    assert_eq!(other.by_recipe(key(2)), []);
    other.link(&take.id, &Links { recipe: Some(key(2)), ..Links::default() }).unwrap();
    assert_eq!(place.library.by_recipe(key(2))[0].id, take.id);
    place.library.carry_series("graph/1", "graph/renamed").unwrap();
    assert_eq!(other.series("graph/renamed").len(), 1);
}

#[test]
fn the_same_content_is_one_file_and_keeps_its_record() {
    let place = Place::new();
    let first = place.add(b"same", &recipe(1));
    place.library.remark(&first.id, Remarks { name: "best".into(), rating: 5, notes: "n".into() }).unwrap();
    let again = place.add(b"same", &recipe(2));
    assert_eq!((again.id.as_str(), again.remarks.rating), (first.id.as_str(), 5));
    assert_eq!((place.library.list().unwrap().len(), place.verify().whole), (1, 1));
    let run_again = place.add(b"other", &recipe(1));
    let takes: Vec<String> = place.library.by_recipe(key(1)).into_iter().map(|t| t.id).collect();
    assert_eq!(takes, [first.id, run_again.id]);
    assert!(place.library.remark(&takes[0], Remarks { rating: 6, ..Remarks::default() }).is_err());
}

#[test]
fn a_person_brings_a_take_and_says_what_is_known() {
    let place = Place::new();
    let path = place.file("topaz master", b"mov");
    let facts = Facts { engine: "topaz".into(), brought: true, ..Facts::default() };
    let take = place.library.add(&[&path], Intake::Copy, facts.clone(), &recipe(1), &Cancel::new()).unwrap();
    assert!(path.exists(), "a person's file stays");
    assert!(take.id.ends_with(".bin") && take.files[0].origin == "topaz master");
    let told = place.library.state(&take.id, Facts { price_usd: Some(2.0), ..facts.clone() }).unwrap();
    assert_eq!(told.facts.price_usd, Some(2.0));
    let made = place.add(b"job", &recipe(2));
    assert!(place.library.state(&made.id, facts).is_err());
}

#[test]
fn a_set_of_pictures_is_one_take() {
    let place = Place::new();
    let (a, b) = (place.file("a.png", b"one"), place.file("b.png", b"two"));
    let add = |files: &[&Path]| {
        place.library.add(files, Intake::Copy, Facts::default(), &Links::default(), &Cancel::new()).unwrap()
    };
    let set = add(&[&a, &b]);
    let listed = std::fs::read_to_string(place.library.path(&set.id).unwrap()).unwrap();
    assert!(listed.contains(&set.files[0].name) && listed.contains(&set.files[1].name));
    assert_ne!(add(&[&b, &a]).id, set.id, "order counts");
    let one = add(&[&a]);
    place.library.remove(&set.id).unwrap();
    assert!(place.library.path(&one.id).unwrap().exists(), "another take has it too");
    assert!(place.verify().is_whole());
}

#[test]
fn nothing_is_taken_in_by_halves() {
    let place = Place::new();
    let cancelled = Cancel::new();
    cancelled.cancel();
    let path = place.file("a.mp4", b"frames");
    let add = |path: &Path, cancel: &Cancel| {
        place.library.add(&[path], Intake::Move, Facts::default(), &recipe(1), cancel).unwrap_err().kind()
    };
    assert_eq!(add(&path, &cancelled), ErrorKind::Cancelled);
    assert_eq!(add(&place.file("empty.mp4", b""), &Cancel::new()), ErrorKind::Media);
    assert_eq!(add(&place.dir.path().join("gone.mp4"), &Cancel::new()), ErrorKind::Missing);
    assert_eq!(add(place.dir.path(), &Cancel::new()), ErrorKind::Usage);
    assert!(path.exists());
    assert_eq!(place.verify(), Verified::default());
    let names = std::fs::read_dir(place.library.folder()).unwrap().map(|e| e.unwrap().file_name());
    assert!(!names.into_iter().any(|n| n.to_string_lossy().contains("tmp")));
}

#[test]
fn what_a_crash_left_goes_after_a_day() {
    let place = Place::new();
    let [old, new] = [".incoming.1-1.tmp", ".incoming.1-2.tmp"].map(|name| place.library.folder().join(name));
    for path in [&old, &new] {
        std::fs::write(path, b"half").unwrap();
    }
    let then = std::time::SystemTime::now() - 2 * ABANDONED;
    File::options().write(true).open(&old).unwrap().set_modified(then).unwrap();
    Library::open(place.library.folder()).unwrap();
    assert!(!old.exists() && new.exists());
}

#[test]
fn damage_is_found_and_lists_are_made_again() {
    let place = Place::new();
    let (a, b, c) =
        (place.add(b"aaa", &recipe(1)), place.add(b"bbb", &recipe(2)), place.add(b"ccc", &recipe(3)));
    assert!(place.verify().is_whole());
    std::fs::write(place.library.path(&a.id).unwrap(), b"aab").unwrap();
    std::fs::remove_file(place.library.path(&b.id).unwrap()).unwrap();
    std::fs::write(place.library.record(&c.id).unwrap(), b"{").unwrap();
    std::fs::remove_dir_all(List::Recipe.folder(place.library.folder())).unwrap();
    let library = Library::open(place.library.folder()).unwrap();
    assert_eq!(library.by_recipe(key(1)), []);
    let found = place.verify();
    assert!(!found.is_whole());
    assert_eq!(
        (found.damaged, found.missing, found.unreadable),
        (vec![a.id.clone()], vec![b.id], vec![c.id.clone()])
    );
    assert_eq!((found.orphans, found.listed_again), (vec![c.id], 2));
    assert_eq!(library.by_recipe(key(1)).len(), 1);
    assert_eq!(library.by_recipe(key(2)), [], "a take whose file is gone is not found");
    // Bringing the same content again heals it.
    place.add(b"aaa", &recipe(1));
    assert_eq!(place.verify().damaged, Vec::<String>::new());
    assert!(place.verify().missing.len() == 1);
}

#[test]
fn programs_write_at_once() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for part in 0..4_u8 {
            let place = &place;
            scope.spawn(move || {
                let library = Library::open(place.library.folder()).unwrap();
                for n in 0..8_u8 {
                    let path = place.file(&format!("{part}-{n}.mp4"), &[n, 7]);
                    let links =
                        Links { recipe: Some(key(1)), series: Some(format!("s{part}")), ..Links::default() };
                    library.add(&[&path], Intake::Move, Facts::default(), &links, &Cancel::new()).unwrap();
                }
            });
        }
    });
    assert_eq!(place.library.by_recipe(key(1)).len(), 8);
    for part in 0..4 {
        assert_eq!(place.library.series(&format!("s{part}")).len(), 8);
    }
    assert_eq!(place.verify(), Verified { whole: 8, ..Verified::default() });
}

#[test]
fn names_from_a_graph_stay_in_the_library() {
    let place = Place::new();
    for name in [
        "",
        "..",
        "../x",
        "/etc/passwd",
        ".lock",
        "a.mp4",
        &format!("{}.MP4", key(1)),
        &format!("{}/x.mp4", key(1)),
    ] {
        assert!(place.library.path(name).is_err() && place.library.get(name).is_err(), "{name}");
    }
}
