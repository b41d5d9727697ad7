//! Every parameter does something, and so does every wire: somewhere, changing it alone is seen. With
//! `RUSHES_SHOW_CONTEXTS` set the test tells where.

use crate::search::Contexts;
use crate::setting::{self, Settings};
use crate::world::World;

pub fn check(world: &World, base: &Settings) -> Vec<String> {
    let all = setting::all(world.tool().as_ref());
    let contexts = Contexts::new(world, base, &all);
    let mut wrong = Vec::new();
    let show = std::env::var_os("RUSHES_SHOW_CONTEXTS").is_some();
    for setting in &all {
        // An enum of one word has nothing else to be yet.
        if setting.others.is_empty() {
            continue;
        }
        match contexts.counts(setting) {
            Some(how) if show => println!("{}: {how}", setting.name),
            Some(_) => {}
            None => wrong.push(format!(
                "{} does nothing: no other value of it was seen in pictures, words or files, whatever else is set",
                setting.name
            )),
        }
    }
    wrong
}
