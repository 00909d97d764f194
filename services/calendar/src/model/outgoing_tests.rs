#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a broken fixture should stop the test"
)]

use std::collections::BTreeMap;

use chancery_contracts::Topic;
use chancery_contracts::ids::UnitId;
use uuid::Uuid;

use super::*;
use crate::model::{ClockChoice, Kind, Scope};

const SITE: &str = "https://chancery.example";

fn account(number: u128, platform: Platform) -> Account {
    Account {
        id: AccountId(Uuid::from_u128(number)),
        unit: UnitId(Uuid::from_u128(9)),
        platform,
        handle: "embassy".into(),
        name: "Embassy".into(),
        languages: vec!["vi".into()],
        state: "enabled".into(),
        max_graphemes: None,
        max_bytes: None,
        token_ends_at: None,
    }
}

fn variant(number: u128, language: &str, body: Option<&str>) -> DraftVariant {
    DraftVariant {
        id: Uuid::from_u128(100 + number),
        account: AccountId(Uuid::from_u128(number)),
        language: language.into(),
        title: None,
        body: body.map(Into::into),
        images: true,
    }
}

/// On the press room (1) and on Bluesky (2).
fn draft(body: &str, links: LinkStyle) -> (Draft, Vec<Account>) {
    let draft = Draft {
        kind: Kind::News,
        title: "Tin".into(),
        body: body.into(),
        language: "vi".into(),
        topic: Topic::General,
        audience: "press".into(),
        programme: None,
        campaign: None,
        scope: Scope::Public,
        clock: ClockChoice::Host,
        wall: None,
        window_minutes: 60,
        release: chancery_contracts::Release::AtTime,
        links,
        variants: vec![
            variant(1, "vi", None),
            variant(2, "vi", None),
            variant(2, "en", None),
        ],
        alts: BTreeMap::new(),
    };
    (
        draft,
        vec![account(1, Platform::PressRoom), account(2, Platform::Bluesky)],
    )
}

fn measuring(campaign: Option<&str>) -> Measuring<'_> {
    Measuring {
        item: ItemId(Uuid::from_u128(0x0197_0000_0000_7000_8000_1234_5678_9abc)),
        campaign,
        site: SITE,
    }
}

fn left(body: &str, links: LinkStyle, campaign: Option<&str>) -> (Draft, Vec<ShortLink>) {
    let (draft, accounts) = draft(body, links);
    outgoing(&draft, &accounts, measuring(campaign))
}

#[test]
fn links_say_where_readers_come_from_and_only_on_social_platforms() {
    let body = "Xem https://mofa.example/tin?id=1#top (và http://cu.example).";
    let (leaving, short) = left(body, LinkStyle::Marked, Some("Tuần lễ Việt Nam – Đà Nẵng"));
    assert!(short.is_empty());
    let of = |number: usize| leaving.variants.get(number).unwrap();
    assert_eq!(
        leaving.body_of(of(0)),
        body,
        "the press room keeps what was written"
    );
    assert_eq!(
        leaving.body_of(of(1)),
        "Xem https://mofa.example/tin?id=1&utm_source=bluesky&utm_medium=social&\
         utm_campaign=tuan-le-viet-nam-da-nang&utm_content=123456789abc#top (và http://cu.example)."
    );
    assert_eq!(of(2).body, None, "a translation that nobody has begun stays none");
}

#[test]
fn a_short_address_is_the_same_for_the_same_and_another_for_anything_else() {
    let body = "Xem https://a.example và https://b.example, lại https://a.example.";
    let (leaving, short) = left(body, LinkStyle::Short, None);
    assert_eq!(
        left(body, LinkStyle::Short, None),
        (leaving.clone(), short.clone())
    );
    let [a, b] = short.as_slice() else {
        panic!("two addresses: {short:?}")
    };
    assert_ne!(a.code, b.code);
    assert_eq!(a.code.len(), CODE_LENGTH);
    assert_eq!(
        leaving.body_of(leaving.variants.get(1).unwrap()),
        format!(
            "Xem {} và {}, lại {}.",
            a.address(SITE),
            b.address(SITE),
            a.address(SITE)
        )
    );
    assert!(a.target.starts_with("https://a.example/?utm_source=bluesky"));
    // Another item, another code.
    let (draft, accounts) = draft(body, LinkStyle::Short);
    let other = Measuring {
        item: ItemId(Uuid::from_u128(7)),
        ..measuring(None)
    };
    let (_, others) = outgoing(&draft, &accounts, other);
    assert!(
        others
            .iter()
            .all(|link| link.code != a.code && link.code != b.code)
    );
}

#[test]
fn what_has_been_through_it_stays_and_comes_back() {
    let body = "Xem https://a.example/x.";
    let (leaving, short) = left(body, LinkStyle::Short, None);
    let accounts = draft(body, LinkStyle::Short).1;
    let (again, none) = outgoing(&leaving, &accounts, measuring(None));
    assert_eq!((again, none), (leaving.clone(), Vec::new()));
    let shown = leaving.body_of(leaving.variants.get(1).unwrap());
    assert_eq!(as_written(shown, &short, SITE), body);
}

#[test]
fn what_would_mislead_or_is_marked_already_stays_as_written() {
    for body in [
        "http://a.example/x",
        "https://bank.example@evil.example/x",
        "https://a.example/x?utm_source=thu",
        "https://chancery.example/s/123456789A",
        "không có liên kết",
    ] {
        let (leaving, short) = left(body, LinkStyle::Short, None);
        assert_eq!(leaving.body_of(leaving.variants.get(1).unwrap()), body);
        assert!(short.is_empty(), "{body}");
    }
}

#[test]
fn a_name_without_latin_letters_marks_no_campaign() {
    assert_eq!(slug("ບຸນປີໃໝ່"), "");
    assert_eq!(slug("  Đối ngoại 2026! "), "doi-ngoai-2026");
}
