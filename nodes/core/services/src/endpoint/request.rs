//! The body of a request, from what is given by neutral names.

use std::collections::BTreeMap;

use rushes_engine::{Error, Result};
use serde_json::{Map, Value};

use super::Endpoint;
use crate::Given;

/// The body: every field that is given, then what always goes along.
pub(super) fn body(endpoint: &Endpoint, inputs: &BTreeMap<String, Given>) -> Result<Value> {
    let place = |e: Error| e.at(&endpoint.label);
    if let Some(name) = inputs.keys().find(|name| !endpoint.takes(name)) {
        let known: Vec<_> = endpoint.fields.iter().map(|field| field.name.as_str()).collect();
        return Err(
            place(Error::usage(format!("it takes no {name}"))).help(format!("it takes {}", known.join(", ")))
        );
    }
    let mut body = Map::new();
    for field in &endpoint.fields {
        match inputs.get(&field.name) {
            Some(given) => {
                body.insert(field.wire.clone(), field.value(given).map_err(place)?);
            }
            None if field.required => {
                return Err(place(Error::usage(format!("{} is missing", field.name)))
                    .help(format!("it needs {}", field.name)));
            }
            None => {}
        }
    }
    body.extend(endpoint.always.clone());
    Ok(Value::Object(body))
}
