//! Who must approve what: rules as data, and the chain that follows from them.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::str::FromStr;

use chancery_contracts::Topic;
use chancery_contracts::ids::{PersonId, UnitId};
use serde::Serialize;
use uuid::Uuid;

use super::{Kind, StepRole};

/// One step of a chain: who takes it, and of which language when it is a native reviewer.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Step {
    /// The role that takes it.
    pub role: StepRole,
    /// BCP 47 tag; only of a native reviewer's step.
    pub language: Option<String>,
}

impl From<StepRole> for Step {
    fn from(role: StepRole) -> Self {
        Self { role, language: None }
    }
}

impl fmt::Display for Step {
    /// `head_of_mission`, `native_reviewer:lo`: as the database keeps it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.language {
            Some(language) => write!(f, "{}:{language}", self.role),
            None => write!(f, "{}", self.role),
        }
    }
}

impl FromStr for Step {
    type Err = chancery_contracts::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (role, language) = match text.split_once(':') {
            Some((role, language)) => (role, Some(language.to_owned())),
            None => (text, None),
        };
        Ok(Self {
            role: role.parse()?,
            language,
        })
    }
}

/// Steps in addition to the head of mission's, for what it names. None: any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: Uuid,
    /// At this unit and below.
    pub unit: Option<UnitId>,
    /// For this kind.
    pub kind: Option<Kind>,
    /// For this topic.
    pub topic: Option<Topic>,
    /// For items with a text in this language.
    pub language: Option<String>,
    /// What it adds. Empty: nothing more is needed here, though a wider rule says so.
    pub steps: Vec<StepRole>,
}

/// What is to be approved.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// Root to the item's unit.
    pub path: &'a [UnitId],
    /// Whether that unit is a mission abroad.
    pub is_mission: bool,
    /// What sort of text.
    pub kind: Kind,
    /// What it is about.
    pub topic: Topic,
    /// The languages in which it goes out.
    pub languages: &'a [&'a str],
}

/// Why a rule cannot be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unruly {
    /// A reviewer's step without a language.
    ReviewerWithoutLanguage,
    /// Headquarters for everything: routine posts would queue there.
    HeadquartersForAll,
    /// A topic that adds nothing.
    TopicWithoutStep,
    /// The head of mission is in every chain, and no rule says so.
    HeadOfMission,
    /// Two letters or three, and what follows a hyphen.
    Language,
}

impl Unruly {
    /// The Fluent id of the sentence that explains it.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::ReviewerWithoutLanguage => "policy-reviewer-without-language",
            Self::HeadquartersForAll => "policy-headquarters-for-all",
            Self::TopicWithoutStep => "policy-topic-without-step",
            Self::HeadOfMission => "policy-head-always",
            Self::Language => "items-language-unknown",
        }
    }
}

impl Rule {
    /// Whether it is about this item.
    #[must_use]
    pub fn applies(&self, of: &Subject<'_>) -> bool {
        self.unit.is_none_or(|unit| of.path.contains(&unit))
            && self.kind.is_none_or(|kind| kind == of.kind)
            && self.topic.is_none_or(|topic| topic == of.topic)
            && self
                .language
                .as_deref()
                .is_none_or(|language| of.languages.iter().any(|tag| speaks(tag, language)))
    }

    /// Whether it may be at all.
    ///
    /// # Errors
    /// [`Unruly`]: the schema refuses the same.
    pub fn check(&self) -> Result<(), Unruly> {
        let asks = |step| self.steps.contains(&step);
        if asks(StepRole::HeadOfMission) {
            Err(Unruly::HeadOfMission)
        } else if asks(StepRole::NativeReviewer) && self.language.is_none() {
            Err(Unruly::ReviewerWithoutLanguage)
        } else if (asks(StepRole::Desk) || asks(StepRole::Headquarters))
            && self.topic.is_none()
            && self.kind.is_none()
        {
            Err(Unruly::HeadquartersForAll)
        } else if self.topic.is_some() && self.steps.is_empty() {
            Err(Unruly::TopicWithoutStep)
        } else {
            Ok(())
        }
    }

    /// How near it is to the item: depth of its unit, then whether it names the kind.
    fn nearness(&self, path: &[UnitId]) -> (usize, bool) {
        let depth = self
            .unit
            .and_then(|unit| path.iter().position(|above| *above == unit))
            .map_or(0, |position| position + 1);
        (depth, self.kind.is_some())
    }

    fn added(&self) -> impl Iterator<Item = Step> + '_ {
        self.steps.iter().map(|role| Step {
            role: *role,
            language: (*role == StepRole::NativeReviewer)
                .then(|| self.language.clone())
                .flatten(),
        })
    }
}

/// Whether a text tagged `tag` is in `language`: `lo-LA` is in `lo`.
#[must_use]
pub fn speaks(tag: &str, language: &str) -> bool {
    tag.strip_prefix(language)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// The chain of an item, in its order: native reviewers, the head of mission, headquarters' desk, headquarters' approver.
///
/// A mission's head is always in it; a unit that is no mission has none, so headquarters approves there. Rules of a topic
/// are all added. Of the other rules the nearest counts, one for each language: the unit's own before the ministry's,
/// then the one that names the kind.
#[must_use]
pub fn chain(rules: &[Rule], of: &Subject<'_>) -> Vec<Step> {
    let always = if of.is_mission {
        StepRole::HeadOfMission
    } else {
        StepRole::Headquarters
    };
    let mut steps = BTreeSet::from([Step::from(always)]);
    for rule in counting(rules, of) {
        steps.extend(rule.added());
    }
    steps.into_iter().collect()
}

/// The rules that make the chain of an item: what the policy's page explains.
#[must_use]
pub fn counting<'a>(rules: &'a [Rule], of: &Subject<'_>) -> Vec<&'a Rule> {
    let (of_topic, others): (Vec<&Rule>, Vec<&Rule>) = rules
        .iter()
        .filter(|rule| rule.applies(of))
        .partition(|rule| rule.topic.is_some());
    let languages: BTreeSet<_> = others.iter().map(|rule| rule.language.as_deref()).collect();
    let nearest = languages.into_iter().filter_map(|language| {
        others
            .iter()
            .filter(|rule| rule.language.as_deref() == language)
            .max_by_key(|rule| rule.nearness(of.path))
            .copied()
    });
    of_topic.iter().copied().chain(nearest).collect()
}

/// The first step that nobody is left to take, when every step is another person: `candidates[n]` could take step `n`.
#[must_use]
pub fn lacking(candidates: &[Vec<PersonId>]) -> Option<usize> {
    let mut taken: Vec<Option<PersonId>> = vec![None; candidates.len()];
    (0..candidates.len()).find(|step| !seat(*step, candidates, &mut taken, &mut HashSet::new()))
}

/// Finds somebody for `step`, moving who was found for another if that helps (an augmenting path).
fn seat(
    step: usize,
    candidates: &[Vec<PersonId>],
    taken: &mut Vec<Option<PersonId>>,
    tried: &mut HashSet<PersonId>,
) -> bool {
    for person in candidates.get(step).into_iter().flatten() {
        if !tried.insert(*person) {
            continue;
        }
        let before = taken.iter().position(|seated| *seated == Some(*person));
        if before.is_none_or(|other| seat(other, candidates, taken, tried)) {
            if let Some(place) = taken.get_mut(step) {
                *place = Some(*person);
            }
            return true;
        }
    }
    false
}

#[cfg(test)]
#[path = "chain_tests.rs"]
mod tests;
