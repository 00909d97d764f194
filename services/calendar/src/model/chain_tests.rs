use StepRole::{Desk, Headquarters, NativeReviewer};

use super::*;

const ROOT: UnitId = UnitId(Uuid::from_u128(1));
const MISSION: UnitId = UnitId(Uuid::from_u128(2));
const RESERVED: [Topic; 4] = [
    Topic::Sovereignty,
    Topic::HumanRights,
    Topic::HighLevelVisit,
    Topic::ConsularEmergency,
];

fn rule(unit: Option<UnitId>, topic: Option<Topic>, language: Option<&str>, steps: &[StepRole]) -> Rule {
    Rule {
        id: Uuid::nil(),
        unit,
        kind: None,
        topic,
        language: language.map(Into::into),
        steps: steps.to_vec(),
    }
}

/// As installed, and Lao read by a native for the whole ministry.
fn rules() -> Vec<Rule> {
    let mut rules: Vec<_> = RESERVED
        .iter()
        .map(|topic| rule(None, Some(*topic), None, &[Desk, Headquarters]))
        .collect();
    rules.push(rule(None, None, Some("lo"), &[NativeReviewer]));
    rules
}

fn subject<'a>(topic: Topic, languages: &'a [&'a str]) -> Subject<'a> {
    Subject {
        path: &[ROOT, MISSION],
        is_mission: true,
        kind: Kind::News,
        topic,
        languages,
    }
}

fn words(rules: &[Rule], of: &Subject<'_>) -> Vec<String> {
    chain(rules, of).iter().map(ToString::to_string).collect()
}

#[test]
fn ninety_nine_missions_routine_posts_never_queue_at_headquarters() {
    let rules = rules();
    for mission in 100..199 {
        let path = [ROOT, UnitId(Uuid::from_u128(mission))];
        for kind in Kind::ALL {
            for topic in Topic::ALL.iter().filter(|topic| !RESERVED.contains(topic)) {
                let of = Subject {
                    path: &path,
                    kind: *kind,
                    ..subject(*topic, &["vi", "en", "lo"])
                };
                assert_eq!(words(&rules, &of), ["native_reviewer:lo", "head_of_mission"]);
            }
        }
    }
    // Nor could anybody make them: a rule for everything cannot name headquarters.
    for step in [Desk, Headquarters] {
        assert_eq!(
            rule(None, None, None, &[step]).check(),
            Err(Unruly::HeadquartersForAll)
        );
        assert_eq!(
            rule(Some(ROOT), None, Some("vi"), &[step]).check(),
            Err(Unruly::HeadquartersForAll)
        );
    }
}

#[test]
fn a_reserved_topic_adds_two_pairs_of_eyes_after_the_mission() {
    for topic in RESERVED {
        assert_eq!(
            words(&rules(), &subject(topic, &["vi"])),
            ["head_of_mission", "desk_officer", "headquarters_approver"]
        );
    }
}

#[test]
fn headquarters_own_items_are_approved_by_headquarters() {
    let of = |topic| Subject {
        path: &[ROOT],
        is_mission: false,
        ..subject(topic, &["vi"])
    };
    assert_eq!(words(&rules(), &of(Topic::General)), ["headquarters_approver"]);
    assert_eq!(
        words(&rules(), &of(Topic::Sovereignty)),
        ["desk_officer", "headquarters_approver"]
    );
}

#[test]
fn the_nearest_rule_of_a_language_counts_and_one_of_a_topic_is_only_added() {
    let mut rules = rules();
    rules.push(rule(Some(MISSION), None, Some("lo"), &[]));
    assert_eq!(
        words(&rules, &subject(Topic::General, &["lo"])),
        ["head_of_mission"]
    );
    // Another mission still has the ministry's.
    let elsewhere = [ROOT, UnitId(Uuid::from_u128(3))];
    let of = Subject {
        path: &elsewhere,
        ..subject(Topic::General, &["lo-LA"])
    };
    assert_eq!(words(&rules, &of), ["native_reviewer:lo", "head_of_mission"]);
    // The mission's own word on a topic takes nothing away.
    rules.push(rule(Some(MISSION), Some(Topic::Sovereignty), None, &[Desk]));
    assert_eq!(words(&rules, &subject(Topic::Sovereignty, &["vi"])).len(), 3);
    // Among rules of one unit, that of the kind counts.
    rules.push(Rule {
        kind: Some(Kind::News),
        ..rule(Some(MISSION), None, Some("lo"), &[NativeReviewer])
    });
    assert_eq!(words(&rules, &subject(Topic::General, &["lo"])).len(), 2);
}

#[test]
fn no_set_of_rules_removes_the_head_of_mission() {
    let empty = [rule(None, None, None, &[]), rule(Some(MISSION), None, None, &[])];
    assert_eq!(
        words(&empty, &subject(Topic::General, &["vi"])),
        ["head_of_mission"]
    );
    assert_eq!(words(&[], &subject(Topic::General, &[])), ["head_of_mission"]);
}

#[test]
fn a_step_survives_text_and_a_language_is_not_a_prefix() {
    for text in ["head_of_mission", "native_reviewer:zh-Hant"] {
        assert_eq!(
            text.parse::<Step>().map(|step| step.to_string()),
            Ok(text.to_owned())
        );
    }
    assert!("nobody".parse::<Step>().is_err());
    assert!(speaks("lo", "lo") && speaks("lo-LA", "lo"));
    assert!(!speaks("lol", "lo") && !speaks("lo", "lo-LA"));
}

#[test]
fn every_step_is_another_person() {
    let person = |n| PersonId(Uuid::from_u128(n));
    let (a, b, c) = (person(1), person(2), person(3));
    assert_eq!(lacking(&[]), None);
    assert_eq!(lacking(&[vec![a], vec![b]]), None);
    assert_eq!(lacking(&[vec![a], vec![]]), Some(1));
    assert_eq!(lacking(&[vec![a], vec![a]]), Some(1));
    // The first makes room when somebody else can take their step.
    assert_eq!(lacking(&[vec![a, b], vec![a]]), None);
    assert_eq!(lacking(&[vec![a, b], vec![a, b], vec![b, a]]), Some(2));
    assert_eq!(lacking(&[vec![a, b], vec![b, c], vec![a]]), None);
}
