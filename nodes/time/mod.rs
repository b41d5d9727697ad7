//! Tools of time: they pass frames on under other numbers, so that no frame is made and every key is shared.

mod conform;
mod hold;
mod r#loop;
mod reverse;
mod trim;

use rushes_engine::tool::Registry;

pub(crate) fn register(registry: &mut Registry) {
    registry
        .add::<trim::Trim>()
        .add::<hold::Hold>()
        .add::<r#loop::Loop>()
        .add::<reverse::Reverse>()
        .add::<conform::Conform>();
}

#[cfg(test)]
mod tests {
    use crate::bench::Bench;
    use rushes_engine::Key;
    use serde_json::{Value, json};

    /// A clip whose every frame differs, and a tool behind it.
    fn bench(length: u32, fps: &str, kind: &str, params: Value) -> Bench {
        let clip = json!({"pattern": "counter", "width": 16, "height": 16, "length": length, "fps": fps});
        Bench::new(&[("clip", "generate/pattern", clip), ("tool", kind, params)], &["clip.clip tool.clip"])
    }

    /// Which frames of the clip the frames of the tool are, by their keys.
    fn shown(bench: &Bench) -> Vec<usize> {
        let keys = |node: &str| -> Vec<Key> {
            let count = i64::try_from(bench.clip(node).frames).unwrap();
            (0..count).map(|f| bench.key(node, f)).collect()
        };
        let clip = keys("clip");
        keys("tool").iter().map(|k| clip.iter().position(|c| c == k).unwrap()).collect()
    }

    #[test]
    fn trim_hold_loop_and_reverse_pass_the_very_frames() {
        let trim = bench(10, "24", "time/trim", json!({"start": 3, "end": 6}));
        assert_eq!(shown(&trim), [3, 4, 5]);
        assert_eq!(shown(&trim.set("tool", "end", Value::Null)), [3, 4, 5, 6, 7, 8, 9]);
        assert!(trim.set("tool", "end", json!(99)).words("tool")[0].contains("10"));
        assert!(trim.set("tool", "start", json!(10)).error("tool").help_text().contains('9'));
        assert!(trim.set("tool", "end", json!(3)).error("tool").help_text().contains('4'));
        assert_eq!(
            shown(&bench(4, "24", "time/loop", json!({"times": 3}))),
            [0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3]
        );
        assert_eq!(shown(&bench(4, "24", "time/reverse", json!({}))), [3, 2, 1, 0]);
        let hold = bench(4, "25", "time/hold", json!({"frame": 2, "length": 5}));
        assert_eq!((shown(&hold), hold.clip("tool").rate.unwrap().to_string()), (vec![2; 5], "25".into()));
        assert!(hold.set("tool", "frame", json!(4)).error("tool").help_text().contains('3'));
    }

    #[test]
    fn conform_shows_the_frame_that_a_search_over_all_times_finds() {
        let rates = [("24", 24, 1), ("25", 25, 1), ("30000/1001", 30000, 1001), ("60", 60, 1), ("12", 12, 1)];
        for (from, from_num, from_den) in rates {
            for (to, to_num, to_den) in rates {
                let nearest = bench(37, from, "time/conform", json!({"fps": to}));
                // Times as whole numbers over one denominator: frame f is at f * den / num seconds.
                let ours = |f: i64| f * to_den * from_num;
                let theirs = |f: i64| f * from_den * to_num;
                let length = (0..).take_while(|f| ours(*f) < theirs(37)).count();
                let search = |f: i64| (0..37).min_by_key(|s| ((theirs(*s) - ours(f)).abs(), *s)).unwrap();
                let wanted: Vec<usize> = (0..length as i64).map(|f| search(f) as usize).collect();
                assert_eq!(shown(&nearest), wanted, "{from} to {to}");
                let previous = nearest.set("tool", "method", json!("previous"));
                let on_screen = |f: i64| (0..37).rev().find(|s| theirs(*s) <= ours(f)).unwrap();
                let wanted: Vec<usize> = (0..length as i64).map(|f| on_screen(f) as usize).collect();
                assert_eq!(shown(&previous), wanted, "{from} to {to}");
                let slow = nearest.set("tool", "method", json!("reinterpret"));
                assert_eq!(shown(&slow), (0..37).collect::<Vec<_>>());
                assert_eq!(slow.clip("tool").rate.unwrap().to_string(), to);
            }
        }
    }
}
