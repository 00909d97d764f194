//! A translation beside its source: how far it is, and two people who write at once.

use chancery_calendar::model::{Draft, Stage, Standing, standing};
use chancery_calendar::store::translations;
use chancery_calendar::workflow::{Saved, Translated, own_text};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::ids::ItemId;
use uuid::Uuid;

use crate::rig::Rig;

async fn with_english(rig: &Rig) -> (ItemId, Uuid) {
    let mut draft = rig.complete();
    draft.body = "Một.\n\nHai.".into();
    let mut english = rig.variant(rig.room, "en", None);
    english.body = None;
    let variant = english.id;
    draft.variants.push(english);
    (rig.written(draft).await, variant)
}

async fn seen(rig: &Rig, id: ItemId, variant: Uuid) -> (i64, (String, String)) {
    let item = rig.item(id).await;
    let found = item
        .draft
        .variants
        .iter()
        .find(|found| found.id == variant)
        .unwrap();
    (item.revision, own_text(found))
}

fn saying(
    variant: Uuid,
    (base, seen): (i64, (String, String)),
    paragraphs: &[&str],
    stage: Stage,
) -> Translated {
    Translated {
        variant,
        base,
        seen,
        title: Some("Invitation".into()),
        paragraphs: paragraphs.iter().map(ToString::to_string).collect(),
        stage,
    }
}

async fn stands(rig: &Rig, id: ItemId, variant: Uuid) -> Standing {
    let item = rig.item(id).await;
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let recorded = translations::of_item(&mut conn, id).await.unwrap();
    let recorded = recorded.iter().find(|known| known.variant == variant);
    let found = item
        .draft
        .variants
        .iter()
        .find(|found| found.id == variant)
        .unwrap();
    standing(&item.draft, found, recorded.map(|known| &known.translation))
}

#[tokio::test]
async fn a_translation_goes_from_missing_to_reviewed_and_back_when_its_source_changes() {
    let rig = Rig::new().await;
    let (id, variant) = with_english(&rig).await;
    let lan = Actor::new(&rig.lan);
    assert_eq!(stands(&rig, id, variant).await, Standing::Missing);
    let begun = saying(
        variant,
        seen(&rig, id, variant).await,
        &["One.", ""],
        Stage::InWork,
    );
    rig.calendar.translate(lan, id, begun).await.unwrap();
    assert_eq!(stands(&rig, id, variant).await, Standing::InWork);
    let pass = async |who| rig.calendar.pass_translation(Actor::new(who), id, variant).await;
    assert!(matches!(
        pass(&rig.minh).await,
        Err(CalendarError::Field {
            key: "translation-not-complete",
            ..
        })
    ));
    let done = saying(
        variant,
        seen(&rig, id, variant).await,
        &["One.", "Two."],
        Stage::Translated,
    );
    rig.calendar.translate(lan, id, done).await.unwrap();
    assert_eq!(stands(&rig, id, variant).await, Standing::Translated);
    assert!(matches!(
        pass(&rig.lan).await,
        Err(CalendarError::Field {
            key: "translation-own",
            ..
        })
    ));
    assert!(matches!(pass(&rig.paul).await, Err(CalendarError::Access(_))));
    pass(&rig.minh).await.unwrap();
    assert_eq!(stands(&rig, id, variant).await, Standing::Reviewed);
    let draft = rig.item(id).await.draft;
    rig.save(
        &rig.lan,
        id,
        Draft {
            body: "Một.\n\nHai rưỡi.".into(),
            ..draft
        },
    )
    .await
    .unwrap();
    assert_eq!(stands(&rig, id, variant).await, Standing::Outdated);
}

#[tokio::test]
async fn who_writes_elsewhere_in_the_item_is_no_hindrance_and_who_writes_in_the_same_text_is() {
    let rig = Rig::new().await;
    let (id, variant) = with_english(&rig).await;
    let began = seen(&rig, id, variant).await;
    let draft = rig.item(id).await.draft;
    rig.save(
        &rig.minh,
        id,
        Draft {
            title: "Tiêu đề mới".into(),
            ..draft
        },
    )
    .await
    .unwrap();
    let mine = saying(variant, began.clone(), &["One.", "Two."], Stage::InWork);
    let saved = rig
        .calendar
        .translate(Actor::new(&rig.lan), id, mine)
        .await
        .unwrap();
    assert!(matches!(saved, Saved::Now { .. }), "{saved:?}");
    let item = rig.item(id).await;
    assert_eq!(item.draft.title, "Tiêu đề mới");
    assert_eq!(item.draft.variants[1].body.as_deref(), Some("One.\n\nTwo."));

    let late = saying(variant, began, &["Uno.", "Dos."], Stage::InWork);
    let kept = rig
        .calendar
        .translate(Actor::new(&rig.minh), id, late)
        .await
        .unwrap();
    assert!(matches!(kept, Saved::Kept(_)), "{kept:?}");
    assert_eq!(
        rig.item(id).await.draft.variants[1].body.as_deref(),
        Some("One.\n\nTwo.")
    );
}

#[tokio::test]
async fn what_is_no_translation_is_not_translated() {
    let rig = Rig::new().await;
    let (id, english) = with_english(&rig).await;
    let own = rig.item(id).await.draft.variants[0].id;
    for variant in [own, Uuid::nil()] {
        let what = saying(variant, (1, Default::default()), &["x"], Stage::InWork);
        assert!(matches!(
            rig.calendar.translate(Actor::new(&rig.lan), id, what).await,
            Err(CalendarError::NotFound)
        ));
    }
    let marked = saying(
        english,
        seen(&rig, id, english).await,
        &["TỐI MẬT"],
        Stage::InWork,
    );
    assert!(matches!(
        rig.calendar.translate(Actor::new(&rig.lan), id, marked).await,
        Err(CalendarError::Marked { .. })
    ));
    assert_eq!(stands(&rig, id, english).await, Standing::Missing);
}

#[tokio::test]
async fn who_translates_is_seen_in_their_language() {
    let rig = Rig::new().await;
    let (id, _) = with_english(&rig).await;
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let now = chancery_clock::Clock::now(&rig.clock);
    let appear = async |person, language, conn: &mut _| {
        chancery_calendar::store::editing::appear_in(conn, id, person, language, now)
            .await
            .unwrap()
    };
    appear(rig.lan.person, Some("lo"), &mut conn).await;
    let seen = appear(rig.minh.person, None, &mut conn).await;
    assert_eq!(
        (seen[0].name.as_str(), seen[0].language.as_deref()),
        ("Lan", Some("lo"))
    );
    appear(rig.lan.person, None, &mut conn).await;
    assert_eq!(appear(rig.minh.person, None, &mut conn).await[0].language, None);
}
