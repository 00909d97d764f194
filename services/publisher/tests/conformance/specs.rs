//! The platforms' machine-readable specifications. They are other people's files and not part of this repository:
//! `CONTRACT_SPECS` names the folder that has them.

use std::path::PathBuf;

use serde_json::Value;

/// The folder; none when it is not set, which is said aloud.
pub fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("CONTRACT_SPECS").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("NOT CHECKED: {test}. Set CONTRACT_SPECS to the folder of platform specifications.");
    }
    folder
}

/// The lines of an interop file that are cases.
pub fn cases(file: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let cases: Vec<String> = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(str::to_owned)
        .collect();
    assert!(!cases.is_empty(), "{} has no cases", file.display());
    cases
}

/// A JSON file.
pub fn json(file: &std::path::Path) -> Value {
    let text = std::fs::read(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    serde_json::from_slice(&text).unwrap()
}
