//! The search for settings under which a setting counts.

use crate::seen::{Seen, WORDS};
use crate::setting::{Other, Setting, Settings};
use crate::world::World;

/// Values of one thing that are tried together with each value of another.
const OTHERS_AT_ONCE: usize = 6;
/// Settings that are tried before the search ends without a result.
const MOST_CONTEXTS: usize = 1500;

/// Surroundings to try a setting in, the simplest first: the defaults, then one other thing set otherwise, then two.
pub struct Contexts<'a> {
    world: &'a World,
    base: &'a Settings,
    all: &'a [Setting],
}

impl<'a> Contexts<'a> {
    pub fn new(world: &'a World, base: &'a Settings, all: &'a [Setting]) -> Self {
        Self { world, base, all }
    }

    fn set(&self, from: &Settings, setting: &Setting, other: &Other) -> Settings {
        from.with(setting, other, self.world.tool().params())
    }

    /// Where and how changing `wanted` is seen, if anywhere.
    pub fn counts(&self, wanted: &Setting) -> Option<String> {
        if let Some(how) = self.counts_in(self.base, wanted, wanted.others.len()) {
            return Some(format!("{how} by default"));
        }
        let rest: Vec<&Setting> = self.all.iter().filter(|s| s.name != wanted.name).collect();
        let steps: Vec<(&Setting, &Other)> =
            rest.iter().flat_map(|s| s.others.iter().map(move |o| (*s, o))).collect();
        let mut tried = 0;
        for (setting, other) in &steps {
            let context = self.set(self.base, setting, other);
            tried += 1;
            if let Some(how) = self.counts_in(&context, wanted, OTHERS_AT_ONCE) {
                return Some(format!("{how} with {} = {other}", setting.name));
            }
        }
        for (i, (first, other)) in steps.iter().enumerate() {
            let one = self.set(self.base, first, other);
            for (second, another) in steps.iter().skip(i + 1).filter(|(s, _)| s.name != first.name) {
                tried += 1;
                if tried > MOST_CONTEXTS {
                    return None;
                }
                let context = self.set(&one, second, another);
                if let Some(how) = self.counts_in(&context, wanted, 2) {
                    let (first, second) = (&first.name, &second.name);
                    return Some(format!("{how} with {first} = {other}, {second} = {another}"));
                }
            }
        }
        None
    }

    /// How one of the first `most` other values of `wanted` is seen in `context`.
    fn counts_in(&self, context: &Settings, wanted: &Setting, most: usize) -> Option<&'static str> {
        let seen = Seen::new(self.world, context);
        seen.state.outcome().ok()?;
        let differs = |other| seen.differs(&Seen::new(self.world, &self.set(context, wanted, other)));
        let mut all = wanted.others.iter().take(most).filter_map(differs);
        let first = all.next()?;
        // Words may only repeat what is set: pictures and outputs are looked for as well.
        if first == WORDS { all.find(|how| *how != WORDS).or(Some(WORDS)) } else { Some(first) }
    }
}
