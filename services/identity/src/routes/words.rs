//! Choices as templates show them: a word and its message.

use chancery_access::{Action, Role};
use chancery_web::{Args, Shell, Viewer};
use serde::Serialize;

use crate::model::unit::{Region, UnitKind};
use crate::store::units::Unit;

/// One choice of a select.
#[derive(Debug, Serialize)]
pub(super) struct Choice {
    value: String,
    text: String,
    selected: bool,
}

fn choices<'a>(
    shell: &Shell,
    viewer: &Viewer,
    prefix: &str,
    words: impl Iterator<Item = &'a str>,
    selected: &str,
) -> Vec<Choice> {
    words
        .map(|word| Choice {
            value: word.to_owned(),
            text: shell.message(viewer.language, &format!("{prefix}-{word}"), &Args::new()),
            selected: word == selected,
        })
        .collect()
}

/// Kinds of units.
pub(super) fn kinds(shell: &Shell, viewer: &Viewer, selected: &str) -> Vec<Choice> {
    choices(
        shell,
        viewer,
        "unit-kind",
        UnitKind::ALL.iter().map(|kind| kind.as_str()),
        selected,
    )
}

/// Parts of the world.
pub(super) fn regions(shell: &Shell, viewer: &Viewer, selected: &str) -> Vec<Choice> {
    choices(
        shell,
        viewer,
        "region",
        Region::ALL.iter().map(|region| region.as_str()),
        selected,
    )
}

/// Roles.
pub(super) fn roles(shell: &Shell, viewer: &Viewer, selected: &str) -> Vec<Choice> {
    choices(
        shell,
        viewer,
        "role",
        Role::ALL.iter().map(|role| role.as_str()),
        selected,
    )
}

/// What a token may be made for: what its maker may do.
pub(super) fn scopes(shell: &Shell, viewer: &Viewer, selected: &[String]) -> Vec<Choice> {
    Action::ALL
        .iter()
        .filter(|action| viewer.can(**action))
        .map(|action| Choice {
            value: action.as_str().to_owned(),
            text: {
                let word = action.as_str().replace('.', "-");
                shell.message(
                    viewer.language,
                    "action-name",
                    &Args::from([("action".into(), word.into())]),
                )
            },
            selected: selected.iter().any(|scope| scope == action.as_str()),
        })
        .collect()
}

/// Units as choices, those below indented.
pub(super) fn units(viewer: &Viewer, units: &[Unit], selected: &str) -> Vec<Choice> {
    units
        .iter()
        .map(|unit| Choice {
            value: unit.id.to_string(),
            text: format!(
                "{}{}",
                "\u{2003}".repeat(unit.path.len().saturating_sub(1)),
                unit.names.get(viewer.language.tag())
            ),
            selected: unit.id.to_string() == selected,
        })
        .collect()
}
