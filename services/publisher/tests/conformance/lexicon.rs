//! Reads AT Protocol lexicons (<https://atproto.com/specs/lexicon>) and says where an exchange departs from them.

use std::collections::HashMap;
use std::path::Path;

use chancery_http::Method;
use chancery_publisher::connectors::bluesky::{is_handle, is_tid};
use chrono::DateTime;
use serde_json::{Map, Value, json};
use unicode_segmentation::UnicodeSegmentation as _;

use crate::proxy::Exchange;
use crate::specs;

/// Lexicons by their id.
pub struct Lexicons(HashMap<String, Value>);

/// Whether fields that the lexicon does not know are an error: for what we send, they are.
#[derive(Clone, Copy, PartialEq)]
enum Unknown {
    Refused,
    Accepted,
}

/// One walk through a value.
struct Walk<'a> {
    lexicons: &'a Lexicons,
    unknown: Unknown,
    problems: Vec<String>,
}

impl Lexicons {
    pub fn read(folder: &Path) -> Self {
        let mut found = HashMap::new();
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in
                std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
            {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "json") {
                    let lexicon = specs::json(&path);
                    found.insert(lexicon["id"].as_str().unwrap().to_owned(), lexicon);
                }
            }
        }
        assert!(found.len() > 100, "only {} lexicons", found.len());
        Self(found)
    }

    /// Everything in an exchange that its lexicon does not allow.
    pub fn check(&self, exchange: &Exchange) -> Vec<String> {
        let id = exchange.path.trim_start_matches("/xrpc/");
        let Some(lexicon) = self.0.get(id) else {
            return vec![format!("{id}: there is no such call")];
        };
        let main = &lexicon["defs"]["main"];
        let (kind, verb) = if main["type"] == "query" {
            ("query", Method::GET)
        } else {
            ("procedure", Method::POST)
        };
        let mut problems = Vec::new();
        if main["type"] != kind || exchange.method != verb {
            problems.push(format!(
                "{id}: {} is called with {}",
                main["type"], exchange.method
            ));
        }
        let query: Map<String, Value> = exchange
            .query
            .iter()
            .map(|(name, value)| (name.clone(), Value::from(value.as_str())))
            .collect();
        let no_parameters = json!({"type": "params", "properties": {}});
        let parameters = main.get("parameters").unwrap_or(&no_parameters);
        problems.extend(self.walk(id, parameters, &Value::Object(query), Unknown::Refused, "query"));
        match main.get("input") {
            None => {
                if !exchange.body.is_empty() {
                    problems.push(format!("{id}: takes no body"));
                }
            }
            Some(input) if input["encoding"] == "application/json" => {
                problems.extend(self.walk(id, &input["schema"], &exchange.json(), Unknown::Refused, "input"));
                if exchange
                    .headers
                    .get("content-type")
                    .is_none_or(|value| value != "application/json")
                {
                    problems.push(format!("{id}: is not sent as JSON"));
                }
            }
            Some(_) => assert!(exchange.headers.contains_key("content-type")),
        }
        match &exchange.reply {
            Some((200, body)) => {
                let answer = serde_json::from_slice(body).unwrap();
                problems.extend(self.walk(
                    id,
                    &main["output"]["schema"],
                    &answer,
                    Unknown::Accepted,
                    "output",
                ));
            }
            Some((status, body)) => {
                let refusal: Value = serde_json::from_slice(body).unwrap_or_default();
                if !refusal["error"].is_string() {
                    problems.push(format!("{id}: {status} without an error name"));
                }
            }
            None => {}
        }
        problems
    }

    /// Everything in a record that its lexicon does not allow.
    pub fn check_record(&self, id: &str, record: &Value) -> Vec<String> {
        let mut without_type = record.clone();
        without_type.as_object_mut().unwrap().remove("$type");
        self.walk(
            id,
            &self.0[id]["defs"]["main"]["record"],
            &without_type,
            Unknown::Refused,
            "record",
        )
    }

    fn walk(&self, id: &str, definition: &Value, value: &Value, unknown: Unknown, name: &str) -> Vec<String> {
        let mut walk = Walk {
            lexicons: self,
            unknown,
            problems: Vec::new(),
        };
        walk.value(id, definition, value, &format!("{id} {name}"));
        walk.problems
    }

    /// The definition that `reference` means inside lexicon `id`, and the lexicon it is in.
    fn find<'a>(&'a self, id: &'a str, reference: &'a str) -> Option<(&'a str, &'a Value)> {
        let (other, name) = reference.split_once('#').unwrap_or((reference, "main"));
        let id = if other.is_empty() { id } else { other };
        let (id, lexicon) = self.0.get_key_value(id)?;
        Some((id.as_str(), lexicon["defs"].get(name)?))
    }
}

impl Walk<'_> {
    fn value(&mut self, id: &str, definition: &Value, value: &Value, path: &str) {
        let fits = match definition["type"].as_str().unwrap_or_default() {
            "object" | "params" => return self.object(id, definition, value, path),
            "array" => return self.array(id, definition, value, path),
            "string" => return self.string(definition, value, path),
            "ref" => return self.reference(id, definition["ref"].as_str().unwrap(), value, path),
            "union" => return self.union(id, definition, value, path),
            "integer" => {
                let value = value.as_i64();
                let at_least = definition["minimum"].as_i64().unwrap_or(i64::MIN);
                let at_most = definition["maximum"].as_i64().unwrap_or(i64::MAX);
                value.is_some_and(|value| (at_least..=at_most).contains(&value))
            }
            "boolean" => value.is_boolean(),
            "cid-link" => value["$link"].as_str().is_some_and(is_cid),
            "blob" => is_blob(definition, value),
            "unknown" => value.is_object(),
            other => {
                self.problems
                    .push(format!("{path}: this test does not know the type {other}"));
                return;
            }
        };
        if !fits {
            self.problems.push(format!("{path}: {value} is no {definition}"));
        }
    }

    fn object(&mut self, id: &str, definition: &Value, value: &Value, path: &str) {
        let Some(fields) = value.as_object() else {
            return self.problems.push(format!("{path}: {value} is no object"));
        };
        let listed = |list: &str, name: &str| {
            definition[list]
                .as_array()
                .is_some_and(|list| list.iter().any(|listed| listed == name))
        };
        for name in definition["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
        {
            if !fields.contains_key(name) {
                self.problems.push(format!("{path}: {name} is missing"));
            }
        }
        for (name, value) in fields {
            match definition["properties"].get(name) {
                Some(_) if value.is_null() && listed("nullable", name) => {}
                Some(definition) => self.value(id, definition, value, &format!("{path}.{name}")),
                None if self.unknown == Unknown::Accepted || name == "$type" => {}
                None => self.problems.push(format!("{path}: {name} is not known")),
            }
        }
    }

    fn array(&mut self, id: &str, definition: &Value, value: &Value, path: &str) {
        let Some(items) = value.as_array() else {
            return self.problems.push(format!("{path}: {value} is no array"));
        };
        if items.len() as u64 > definition["maxLength"].as_u64().unwrap_or(u64::MAX) {
            self.problems.push(format!("{path}: {} items", items.len()));
        }
        for (n, item) in items.iter().enumerate() {
            self.value(id, &definition["items"], item, &format!("{path}[{n}]"));
        }
    }

    fn string(&mut self, definition: &Value, value: &Value, path: &str) {
        let Some(text) = value.as_str() else {
            return self.problems.push(format!("{path}: {value} is no string"));
        };
        let at_most = |limit: &str| definition[limit].as_u64().unwrap_or(u64::MAX);
        if text.len() as u64 > at_most("maxLength")
            || text.graphemes(true).count() as u64 > at_most("maxGraphemes")
        {
            self.problems.push(format!("{path}: too long"));
        }
        let format = definition["format"].as_str().unwrap_or_default();
        let of_enum = definition["enum"]
            .as_array()
            .is_none_or(|list| list.contains(value));
        if !has_format(format, text) || !of_enum {
            self.problems.push(format!("{path}: {text} is no {definition}"));
        }
    }

    fn reference(&mut self, id: &str, reference: &str, value: &Value, path: &str) {
        match self.lexicons.find(id, reference) {
            Some((id, definition)) => self.value(id, definition, value, path),
            None => self.problems.push(format!("{path}: {reference} is not defined")),
        }
    }

    fn union(&mut self, id: &str, definition: &Value, value: &Value, path: &str) {
        let kind = value["$type"].as_str().unwrap_or_default();
        let full = |reference: &str| {
            let full = if reference.starts_with('#') {
                format!("{id}{reference}")
            } else {
                reference.to_owned()
            };
            full.trim_end_matches("#main").to_owned()
        };
        let of_union = definition["refs"]
            .as_array()
            .unwrap()
            .iter()
            .find(|r| full(r.as_str().unwrap()) == kind);
        match of_union {
            Some(reference) => self.reference(id, reference.as_str().unwrap(), value, path),
            None => self
                .problems
                .push(format!("{path}: {kind} is none of {}", definition["refs"])),
        }
    }
}

fn is_blob(definition: &Value, value: &Value) -> bool {
    let mime = value["mimeType"].as_str().unwrap_or_default();
    let accepted = definition["accept"].as_array().is_none_or(|accept| {
        accept.iter().filter_map(Value::as_str).any(|pattern| {
            pattern == "*/*"
                || pattern == mime
                || pattern.strip_suffix('*').is_some_and(|p| mime.starts_with(p))
        })
    });
    value["$type"] == "blob"
        && value["ref"]["$link"].as_str().is_some_and(is_cid)
        && accepted
        && value["size"]
            .as_u64()
            .is_some_and(|size| size <= definition["maxSize"].as_u64().unwrap_or(u64::MAX))
}

fn is_cid(text: &str) -> bool {
    text.starts_with("baf") && text.len() > 50
}

fn is_did(text: &str) -> bool {
    text.starts_with("did:plc:") || text.starts_with("did:web:")
}

fn has_format(format: &str, text: &str) -> bool {
    match format {
        "" => true,
        "did" => is_did(text),
        "handle" => is_handle(text),
        "at-identifier" => is_did(text) || is_handle(text),
        "at-uri" => text.starts_with("at://did:"),
        "tid" | "record-key" => is_tid(text),
        "cid" => is_cid(text),
        "nsid" => text.split('.').count() >= 3,
        "datetime" => DateTime::parse_from_rfc3339(text).is_ok(),
        "language" => text
            .split('-')
            .next()
            .is_some_and(|first| matches!(first.len(), 2 | 3)),
        "uri" => chancery_http::Url::parse(text).is_ok(),
        _ => false,
    }
}
