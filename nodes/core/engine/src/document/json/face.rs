//! The ports and promoted parameters of a sub-graph in its file.

use super::read::Fields;
use super::write::{Line, quoted};
use crate::document::{Interface, PortRef, Socket};
use crate::{Error, Result};
use serde_json::Value;

/// Takes the interface out of a graph's members.
pub(super) fn read(fields: &mut Fields) -> Result<Interface> {
    let mut list = |name: &str| -> Result<Vec<Socket>> {
        let values = fields.list(name)?;
        if values.len() > Interface::MAX_SOCKETS {
            return Err(Error::usage(format!("there are more than {} {name}", Interface::MAX_SOCKETS)));
        }
        let each = values.into_iter().enumerate();
        each.map(|(i, value)| socket(Fields::new(value, format!("{name}[{i}]"))?)).collect()
    };
    let interface = Interface { inputs: list("inputs")?, outputs: list("outputs")?, params: list("params")? };
    interface.check()?;
    Ok(interface)
}

fn socket(mut fields: Fields) -> Result<Socket> {
    let name = fields.text("name")?.into();
    let label = fields.text("label")?;
    let value = match fields.take("type") {
        None => None,
        Some(value) => Some(
            serde_json::from_value(value)
                .map_err(|_| fields.wrong("type", "a type of port, such as clip"))?,
        ),
    };
    let places = match fields.take("for") {
        None => Vec::new(),
        Some(Value::Array(places)) => places,
        Some(place) => vec![place],
    };
    let place = |place: &Value| -> Result<PortRef> {
        place.as_str().ok_or_else(|| fields.wrong("for", "node.port, or a list of such"))?.parse()
    };
    let places = places.iter().map(place).collect::<Result<_>>().map_err(|e| e.at(&fields.place))?;
    Ok(Socket { name, label, value, places, unknown: fields.map })
}

/// The lists of an interface that hold anything, each socket as the file has it.
pub(super) fn lists(interface: &Interface) -> impl Iterator<Item = (&'static str, Vec<String>)> {
    let lists =
        [("inputs", &interface.inputs), ("outputs", &interface.outputs), ("params", &interface.params)];
    lists
        .into_iter()
        .filter(|(_, sockets)| !sockets.is_empty())
        .map(|(name, sockets)| (name, sockets.iter().map(line).collect()))
}

fn line(socket: &Socket) -> String {
    let mut line = Line::new();
    line.text("name", &socket.name);
    line.text_unless_empty("label", &socket.label);
    if let Some(value) = socket.value {
        line.raw("type", &serde_json::to_string(&value).unwrap_or_default());
    }
    let places: Vec<String> = socket.places.iter().map(|p| quoted(&p.to_string())).collect();
    match places.as_slice() {
        [] => {}
        [one] => line.raw("for", one),
        all => line.raw("for", &format!("[{}]", all.join(", "))),
    }
    line.unknown(&socket.unknown)
}
