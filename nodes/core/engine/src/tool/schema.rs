//! The JSON Schema of a graph file: every kind of node with its parameters, from the registry.
//!
//! What a graph may hold that this program does not know (other kinds, other fields, a node of another version) is
//! allowed, as it is when a graph is opened. Parameters of a known node of this version are checked whole.

use super::{DynTool, ParamKind, ParamSpec, Registry};
use crate::document::{Graph, Interface, NodeId, json::FILE_VERSION};
use serde_json::{Map, Value, json};

/// The schema, of draft 2020-12.
pub fn graph_schema(registry: &Registry) -> Value {
    let mut defs = Map::new();
    let mut cases = Vec::new();
    for tool in registry.all() {
        let name = tool.spec().kind.replace('/', "_");
        cases.push(case(tool.as_ref(), &name));
        defs.insert(name, params(tool.as_ref()));
    }
    let text = json!({ "type": "string" });
    let flag = json!({ "type": "boolean" });
    let pair = json!({ "type": "array", "items": { "type": "number" }, "minItems": 2, "maxItems": 2 });
    let id = json!({ "type": "string", "pattern": format!("^[a-z][a-z0-9_]{{0,{}}}$", NodeId::MAX_LEN - 1) });
    let end = json!({
        "type": "string",
        "description": "A node and its port, such as plate.clip; a wire may also end on a parameter.",
        "pattern": "^[a-z][a-z0-9_]{0,39}\\.[^.]{1,64}$",
    });
    let name = json!({ "type": "string", "minLength": 1, "maxLength": 128 });
    let kinds: Vec<&str> = registry.all().map(|tool| tool.spec().kind).collect();
    let node = json!({
        "type": "object",
        "required": ["id", "kind"],
        "properties": {
            "id": id,
            "kind": {
                "description": "Which tool. One that is not in the list is kept as it is.",
                "type": "string", "pattern": "^\\S{1,128}$", "examples": kinds,
            },
            "version": { "type": "integer", "minimum": 1, "default": 1 },
            "title": text, "at": pair, "size": pair, "color": text,
            "collapsed": flag, "bypass": flag, "mute": flag, "locked": flag,
            "take": { "description": "The take that plays, by its name in the library.", "type": "string" },
            "params": { "type": "object" },
        },
        "allOf": cases,
    });
    let link =
        json!({ "type": "object", "required": ["from", "to"], "properties": { "from": end, "to": end } });
    let group = json!({
        "type": "object", "required": ["id"],
        "properties": {
            "id": name, "title": text, "color": text, "collapsed": flag,
            "nodes": { "type": "array", "items": id },
        },
    });
    let note = json!({
        "type": "object", "required": ["id"],
        "properties": { "id": name, "at": pair, "size": pair, "text": text },
    });
    let socket = json!({
        "type": "object", "required": ["name"],
        "properties": {
            "name": { "type": "string", "pattern": "^[^.]{1,64}$" }, "label": text, "type": text,
            "for": {
                "description": "The ports or parameters inside that it stands for.",
                "anyOf": [end, { "type": "array", "items": end }],
            },
        },
    });
    let sockets = json!({ "type": "array", "maxItems": Interface::MAX_SOCKETS, "items": socket });
    defs.insert("node".into(), node);
    let mut members = json!({
        "title": text,
        "nodes": { "type": "array", "maxItems": Graph::MAX_NODES, "items": { "$ref": "#/$defs/node" } },
        "links": { "type": "array", "items": link },
        "groups": { "type": "array", "items": group },
        "notes": { "type": "array", "items": note },
        "view": { "description": "What the window finds again.", "type": "object" },
        "inputs": sockets, "outputs": sockets, "params": sockets,
    });
    defs.insert("sub_graph".into(), json!({ "type": "object", "properties": members }));
    if let Value::Object(members) = &mut members {
        let version = json!({ "description": "The version of the file.", "const": FILE_VERSION });
        let graphs = json!({
            "description": "The sub-graphs that nodes of kind graph/<name> stand for.",
            "type": "object", "maxProperties": Graph::MAX_GRAPHS,
            "propertyNames": id, "additionalProperties": { "$ref": "#/$defs/sub_graph" },
        });
        members.insert("rushes".into(), version);
        members.insert("graphs".into(), graphs);
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": format!("urn:rushes:graph:{FILE_VERSION}"),
        "title": "Rushes graph",
        "type": "object",
        "required": ["rushes"],
        "properties": members,
        "$defs": defs,
    })
}

/// Where a node is of this tool and of its present version, its parameters are these.
fn case(tool: &dyn DynTool, name: &str) -> Value {
    let spec = tool.spec();
    let mut required = vec!["kind"];
    if spec.version > 1 {
        required.push("version");
    }
    json!({
        "if": {
            "required": required,
            "properties": { "kind": { "const": spec.kind }, "version": { "const": spec.version } },
        },
        "then": { "properties": { "params": { "$ref": format!("#/$defs/{name}") } } },
    })
}

fn params(tool: &dyn DynTool) -> Value {
    let fields: Map<String, Value> = tool.params().iter().map(|p| (p.name.clone(), param(p))).collect();
    json!({
        "title": tool.spec().label,
        "description": tool.spec().tooltip(),
        "type": "object",
        "properties": fields,
        "additionalProperties": false,
    })
}

fn param(spec: &ParamSpec) -> Value {
    let plain = plain(spec);
    let mut told = match (spec.animated, &spec.kind) {
        (false, _) => plain,
        (true, ParamKind::Number { .. }) => {
            let schedule =
                json!({ "description": "A schedule: 0:(1.0), 60:(1.1)", "type": "string", "pattern": ":" });
            json!({ "anyOf": [plain, keys(&plain), expression(), schedule] })
        }
        (true, _) => json!({ "anyOf": [plain, keys(&plain), expression()] }),
    };
    if let Value::Object(members) = &mut told {
        let unit = if spec.unit.is_empty() { String::new() } else { format!(" In {}.", spec.unit) };
        members.insert("title".into(), json!(spec.label));
        members.insert("description".into(), json!(format!("{}{unit}", spec.help)));
        members.insert("default".into(), spec.default.clone());
    }
    told
}

/// What a graph may say where nothing changes over time.
fn plain(spec: &ParamSpec) -> Value {
    match &spec.kind {
        ParamKind::Rate => rate(spec),
        ParamKind::Curves { curves } => {
            let members: Map<String, Value> = curves.iter().map(|c| (c.name.clone(), c.schema())).collect();
            json!({ "type": "object", "properties": members, "additionalProperties": false })
        }
        _ => spec.schema.clone(),
    }
}

fn rate(spec: &ParamSpec) -> Value {
    let whole = json!({ "type": "integer", "minimum": 1 });
    let mut forms = vec![
        json!({ "type": "string", "examples": ["24", "24000/1001"] }),
        whole.clone(),
        json!({ "type": "array", "items": whole, "minItems": 2, "maxItems": 2 }),
    ];
    if spec.optional {
        forms.push(json!({ "type": "null" }));
    }
    json!({ "anyOf": forms })
}

fn keys(value: &Value) -> Value {
    let key = json!({
        "type": "array",
        "prefixItems": [
            { "description": "The frame.", "type": "integer" },
            value,
            { "enum": ["hold", "linear", "bezier"] },
            {
                "description": "The handles: in_dx, in_dy, out_dx, out_dy.",
                "type": "array", "items": { "type": "number" }, "minItems": 4, "maxItems": 4,
            },
        ],
        "minItems": 3,
        "maxItems": 4,
    });
    let list = json!({ "type": "array", "items": key, "minItems": 1 });
    json!({
        "type": "object", "required": ["keys"], "properties": { "keys": list },
        "additionalProperties": false,
    })
}

fn expression() -> Value {
    json!({
        "type": "object", "required": ["expr"],
        "properties": { "expr": { "type": "string", "examples": ["1 + 0.1*sin(t)"] } },
        "additionalProperties": false,
    })
}
