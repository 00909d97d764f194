//! The pictures of the states are those of the code.

use std::collections::BTreeSet;

use chancery_calendar::model::{Change, State};

const PICTURES: &str = include_str!("../../../../docs/states.md");

#[test]
fn the_picture_of_an_item_is_what_the_code_does() {
    let changes = [
        (Change::Save, "save"),
        (Change::Submit, "submit"),
        (Change::Approve { last: false }, "approve, a step is left"),
        (Change::Approve { last: true }, "approve, the last step"),
        (Change::MakeReady, "approve, the last step, on command"),
        (Change::Release, "release"),
        (Change::Lapse, "the window ends"),
        (Change::AskForChanges, "ask for changes"),
        (Change::Hold, "hold"),
        (Change::Reopen, "reopen"),
        (Change::Cancel { ordered: false }, "cancel"),
        (Change::Cancel { ordered: true }, "cancel what is ordered"),
    ];
    let mut done = BTreeSet::new();
    for state in State::ALL {
        for (change, name) in changes {
            if let Ok(next) = state.after(change) {
                done.insert(format!("{state} --> {next}: {name}"));
            }
        }
    }
    let drawn: BTreeSet<String> = PICTURES
        .split("```mermaid")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap()
        .lines()
        .map(str::trim)
        .filter(|line| line.contains("-->") && !line.starts_with("[*]"))
        .map(str::to_owned)
        .collect();
    assert_eq!(drawn, done);
}
