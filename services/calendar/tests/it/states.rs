//! The pictures of the states are those of the code.

use std::collections::BTreeSet;

use chancery_calendar::model::{CampaignChange, CampaignState, Change, State};

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
        (Change::Correct, "correct"),
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
    assert_eq!(drawn(1), done);
}

#[test]
fn the_picture_of_a_campaign_is_what_the_code_does() {
    let mut done = BTreeSet::new();
    for state in CampaignState::ALL {
        for change in CampaignChange::ALL {
            if let Some(next) = state.after(*change) {
                done.insert(format!("{state} --> {next}: {change}"));
            }
        }
    }
    assert_eq!(drawn(3), done);
}

/// The arrows of a picture, counted from 1.
fn drawn(picture: usize) -> BTreeSet<String> {
    let picture = PICTURES.split("```mermaid").nth(picture).unwrap();
    let lines = picture.split("```").next().unwrap().lines().map(str::trim);
    let arrows = lines.filter(|line| line.contains("-->") && !line.starts_with("[*]"));
    arrows.map(str::to_owned).collect()
}
