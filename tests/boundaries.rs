//! Who may know whom: no service crate depends on another, and no shared crate on a service. Services talk by messages.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on fails"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use serde_json::Value;

/// Our own crates: the folder of each, and our own crates on which it depends, in tests too.
fn crates() -> BTreeMap<String, (String, BTreeSet<String>)> {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version=1",
            "--no-deps",
            "--offline",
            "--manifest-path",
        ])
        .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml"))
        .output()
        .unwrap();
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter();
            let ours = dependencies
                .filter(|found| found["path"].is_string())
                .map(|found| text(&found["name"]));
            (
                text(&package["name"]),
                (text(&package["manifest_path"]), ours.collect()),
            )
        })
        .collect()
}

#[test]
fn nobody_but_the_binary_depends_on_a_service() {
    let crates = crates();
    let services: BTreeSet<&String> = crates
        .iter()
        .filter(|(name, (folder, _))| folder.contains("/services/") && *name != "chancery")
        .map(|(name, _)| name)
        .collect();
    assert!(services.len() >= 4, "{services:?}");
    for (name, (_, dependencies)) in crates.iter().filter(|(name, _)| *name != "chancery") {
        let known: Vec<_> = dependencies
            .iter()
            .filter(|found| services.contains(found))
            .collect();
        assert!(
            known.is_empty(),
            "{name} depends on the services {known:?}; let it send a message instead"
        );
        assert!(!dependencies.contains("chancery"), "{name} depends on the binary");
    }
}

#[test]
fn the_contracts_know_nobody() {
    let crates = crates();
    let (_, dependencies) = &crates["chancery-contracts"];
    assert!(
        dependencies.iter().all(|found| found == "chancery-clock"),
        "{dependencies:?}"
    );
}
