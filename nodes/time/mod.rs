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
