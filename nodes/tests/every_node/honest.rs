//! Keys are honest. Where a change leaves a key as it was, the picture stays as it was. Where a node passes a frame on,
//! its key is one that came in; and where it makes a frame that is what came in, pixel for pixel, it should have passed
//! it on.

use crate::seen::{Look, Seen, farthest};
use crate::setting::{self, Setting, Settings};
use crate::world::{State, World};
use rushes_engine::plan::{Planner, Request};
use rushes_engine::{Desc, Key};
use std::collections::BTreeMap;

/// Values of one setting that are tried.
const ENOUGH: usize = 4;

pub fn check(world: &World, base: &Settings) -> Vec<String> {
    let tool = world.tool();
    let all = setting::all(tool.as_ref());
    let mut wrong = Vec::new();
    let plain = Seen::new(world, base);
    if plain.is_job() {
        return wrong;
    }
    wrong.extend(passed(&plain, "with its defaults"));
    wrong.extend(made_again(world, &plain, "with its defaults"));
    for setting in &all {
        let before = wrong.len();
        for other in setting.others.iter().take(ENOUGH) {
            // One example of what is wrong says enough.
            if wrong.len() > before {
                break;
            }
            let settings = base.with(setting, other, tool.params());
            let seen = Seen::new(world, &settings);
            if seen.works().is_err() {
                continue;
            }
            let name = format!("with {} = {other}", setting.name);
            wrong.extend(passed(&seen, &name));
            // Over itself, or where there is nothing to work on, a picture stays as it is.
            if !other.is_wire() {
                wrong.extend(made_again(world, &seen, &name));
            }
            wrong.extend(unchanged(world, &plain, &seen, &name));
        }
    }
    wrong.extend(idle(world, base, &all));
    wrong
}

/// Settings that are left out of a key where they count, looked for with one other thing set otherwise.
fn idle(world: &World, base: &Settings, all: &[Setting]) -> Vec<String> {
    let specs = world.tool().params();
    let steps = |most: usize| {
        let each = all.iter().map(move |s| s.others.iter().take(most).map(move |other| (s, other)));
        each.flatten()
    };
    let mut wrong: BTreeMap<&str, String> = BTreeMap::new();
    for (setting, other) in steps(3) {
        let context = base.with(setting, other, specs);
        let seen = Seen::new(world, &context);
        if seen.state.outcome().is_err() {
            continue;
        }
        for (changed, to) in steps(1).filter(|(s, to)| s.name != setting.name && !to.is_wire()) {
            if wrong.contains_key(changed.name.as_str()) {
                continue;
            }
            let name = format!("with {} = {other} and {} = {to}", setting.name, changed.name);
            let changes = Seen::new(world, &context.with(changed, to, specs));
            wrong.extend(unchanged(world, &seen, &changes, &name).map(|w| (changed.name.as_str(), w)));
        }
    }
    wrong.into_values().collect()
}

/// Frames that the tool makes, of equal keys and not equal.
fn unchanged(world: &World, a: &Seen<'_>, b: &Seen<'_>, name: &str) -> Option<String> {
    let (keys, theirs) = (a.keys().ok()?, b.keys().ok()?);
    let made = |(output, frame, _): &(usize, i64, Key)| a.state.makes(*output, *frame) == Ok(true);
    let shared: Vec<_> = keys.into_iter().filter(|k| theirs.contains(k) && made(k)).collect();
    if shared.is_empty() {
        return None;
    }
    // One of them, made for this alone, tells what all would.
    let (output, frame, _) = *shared.last()?;
    let ours = a.pictures().ok()?.iter().find(|(o, f, _)| (*o, *f) == (output, frame))?.2.as_ref()?;
    let theirs = world.frames(&b.state, output, &[frame]).ok()?.pop()??;
    let said = || format!("frame {frame} is another {name}, and its key is the same");
    (farthest(ours, &theirs) > 0.0).then(said)
}

/// The wires into the tool: what they carry, and a request for it.
fn came(state: &State) -> Vec<(&Desc, Request)> {
    let Ok(slot) = state.described.slot(&state.id) else { return Vec::new() };
    let wires = state.described.graph.links_into(&state.id).filter_map(|(to, link)| {
        let desc = &slot.state.inputs.iter().find(|i| i.port == to.port)?.desc;
        let (node, port) = (link.from.node.clone(), Some(link.from.port.clone()));
        Some((desc, Request { node, port, frame: 0, proxy: 1, roi: None }))
    });
    wires.collect()
}

/// A frame that is passed on under a key that did not come in.
fn passed(seen: &Seen<'_>, name: &str) -> Option<String> {
    let state = &seen.state;
    for (output, frame, key) in seen.keys().ok()? {
        let proxy = state.request(output, frame).ok()?.proxy;
        let mut planner = Planner::new(&state.described, proxy);
        let frames = |desc: &Desc| match desc {
            Desc::ImageSet(set) => set.images.len() as u64,
            desc => desc.frames().map_or(1, |d| d.frames),
        };
        let is_theirs = |(desc, request): &(&Desc, Request)| {
            (0..frames(desc).cast_signed())
                .any(|frame| planner.key(&Request { frame, proxy, ..request.clone() }) == Ok(key))
        };
        if !state.makes(output, frame).ok()? && !came(state).iter().any(is_theirs) {
            return Some(format!("frame {frame} is passed on under a key that did not come in, {name}"));
        }
    }
    None
}

/// Frames that are made and are what came in, pixel for pixel: they could have been passed on.
fn made_again(world: &World, seen: &Seen<'_>, name: &str) -> Option<String> {
    let (state, looks) = (&seen.state, seen.pictures().ok()?);
    came(state).iter().find_map(|(desc, request)| {
        let evaluator = world.evaluator();
        let is_theirs = |(output, frame, made): &Look| {
            let made = made.as_ref()?;
            let at = (*frame).min(desc.frames()?.frames.cast_signed() - 1);
            let proxy = state.request(*output, *frame).ok()?.proxy;
            let theirs = world.look(&evaluator, state, &Request { frame: at, proxy, ..request.clone() });
            let same = farthest(made, &theirs.ok()??) == 0.0;
            (same && state.makes(*output, *frame).ok()?).then_some(())
        };
        let all = !looks.is_empty() && looks.iter().all(|look| is_theirs(look).is_some());
        all.then(|| format!("{name} it makes what comes in again, pixel for pixel, under keys of its own"))
    })
}
