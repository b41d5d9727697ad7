//! A node's defaults work on a small picture, once its required inputs are wired and what it says is missing is given.

use crate::seen::Seen;
use crate::setting::{self, Settings};
use crate::sources;
use crate::world::World;
use rushes_engine::Error;

/// Things that a node may ask for one after the other before it works.
const ASKED: usize = 4;

/// The defaults with the least added that makes them work.
pub fn base(world: &World) -> Result<Settings, String> {
    let tool = world.tool();
    let mut base = Settings::default();
    let mut wired = Vec::new();
    for port in tool.spec().inputs.iter().filter(|p| p.required) {
        let name = if port.variadic { format!("{}1", port.name) } else { port.name.to_owned() };
        // Two ports of a type carry two things: a picture over itself would hide much.
        let before = wired.iter().filter(|value| **value == port.value).count();
        let source = sources::of(port.value).into_iter().cycle().nth(before);
        let source = source.ok_or_else(|| format!("nothing can be wired into its port {}", port.name))?;
        base.wires.insert(name, source);
        wired.push(port.value);
    }
    for _ in 0..ASKED {
        let Err(error) = Seen::new(world, &base).works() else { return Ok(base) };
        base = given(world, &base, &error).ok_or_else(|| {
            format!("its defaults do not work: {error} ({}); {}", error.place(), error.help_text())
        })?;
    }
    Err("it asks for one thing after the other and never works".to_owned())
}

/// The settings with what an error asks for: the parameter or port that it names is set so that it works, or at least
/// says something else.
fn given(world: &World, base: &Settings, error: &Error) -> Option<Settings> {
    let tool = world.tool();
    let place = error.place();
    let all = setting::all(tool.as_ref());
    let named = all.iter().find(|s| place == s.name || place.ends_with(&format!(": {}", s.name)))?;
    let tries = named.others.iter().map(|other| base.with(named, other, tool.params()));
    let tries: Vec<_> = tries.map(|s| (Seen::new(world, &s).works(), s)).collect();
    let works = tries.iter().find(|(works, _)| works.is_ok());
    let another = |e: &Error| (e.what(), e.place()) != (error.what(), error.place());
    let further = || tries.iter().find(|(works, _)| works.as_ref().is_err_and(another));
    works.or_else(further).map(|(_, settings)| settings.clone())
}
