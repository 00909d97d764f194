//! What preflight says for the circumstances an item goes out in, and what is never taken in.

use chancery_calendar::model::{Draft, EnteredKind, Finding, Holds, KnownLink, LinkOutcome, State};
use chancery_calendar::store::accounts;
use chancery_calendar::store::names::NewWord;
use chancery_calendar::workflow::DayDraft;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::Origin;
use chancery_contracts::calendar::CheckLink;
use chancery_contracts::identity::Notify;
use chancery_contracts::ids::ItemId;
use chancery_preflight::{Avoid, Name};

use crate::rig::{Rig, wall};

async fn findings(rig: &Rig, id: ItemId) -> Vec<Finding> {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let (item, unit) = rig
        .calendar
        .open(&mut conn, Actor::new(&rig.lan), id)
        .await
        .unwrap();
    let accounts = accounts::of_unit(&mut conn, unit.id).await.unwrap();
    let found = rig
        .calendar
        .findings(&mut conn, &item, &unit, &accounts, Actor::new(&rig.lan));
    found.await.unwrap().0
}

async fn finding(rig: &Rig, draft: Draft, code: &str) -> Option<Finding> {
    let id = rig.written(draft).await;
    findings(rig, id)
        .await
        .into_iter()
        .find(|finding| finding.code == code)
}

fn saying(rig: &Rig, body: &str) -> Draft {
    Draft {
        body: body.into(),
        ..rig.complete()
    }
}

fn name(approved: &str, avoid: &str, locked: bool) -> Name {
    Name {
        term: "east_sea".into(),
        language: "vi".into(),
        approved: approved.into(),
        avoid: vec![Avoid {
            form: avoid.into(),
            reason: "Không phải tên gọi của ta.".into(),
        }],
        locked,
    }
}

#[tokio::test]
async fn a_locked_name_blocks_until_it_is_written_as_approved() {
    let rig = Rig::new().await;
    rig.calendar
        .put_name(
            Actor::new(&rig.administrator),
            None,
            name("Biển Đông", "biển Nam Trung Hoa", true),
        )
        .await
        .unwrap();
    let id = rig.written(saying(&rig, "Hòa bình ở biển Nam Trung Hoa.")).await;
    let found = findings(&rig, id).await;
    let wrong = found
        .iter()
        .find(|finding| finding.code == "name-locked")
        .unwrap();
    assert!(wrong.blocking);
    assert_eq!(wrong.anchor, "body");
    assert_eq!(wrong.arguments["approved"], "Biển Đông");
    assert!(matches!(
        rig.submit(&rig.lan, id).await,
        Err(CalendarError::Blocked(_))
    ));
    rig.save(&rig.lan, id, saying(&rig, "Hòa bình ở Biển Đông."))
        .await
        .unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
}

#[tokio::test]
async fn a_list_is_kept_by_those_whose_business_it_is() {
    let rig = Rig::new().await;
    let entry = || name("Biển Đông", "Nam Hải", false);
    for who in [&rig.lan, &rig.ambassador, &rig.paul, &rig.headquarters] {
        assert!(matches!(
            rig.calendar.put_name(Actor::new(who), None, entry()).await,
            Err(CalendarError::Access(_))
        ));
    }
    let word = |unit| NewWord {
        unit,
        word: "kiều bào".into(),
        language: None,
        advice: String::new(),
        blocking: false,
        marks: true,
    };
    assert!(
        rig.calendar
            .put_word(Actor::new(&rig.lan), word(rig.mission))
            .await
            .is_ok()
    );
    assert!(matches!(
        rig.calendar.put_word(Actor::new(&rig.lan), word(rig.paris)).await,
        Err(CalendarError::Access(_))
    ));
}

#[tokio::test]
async fn words_of_the_units_above_are_minded_below_and_nowhere_else() {
    let rig = Rig::new().await;
    let ministry = {
        let mut conn = rig.calendar.pool.acquire().await.unwrap();
        chancery_directory::ministry(&mut conn).await.unwrap().id
    };
    let put = async |who, unit, word: &str, marks, blocking| {
        let new = NewWord {
            unit,
            word: word.into(),
            language: Some("vi".into()),
            advice: "Hỏi Vụ.".into(),
            blocking,
            marks,
        };
        rig.calendar.put_word(Actor::new(who), new).await.unwrap();
    };
    put(&rig.administrator, ministry, "tù nhân", true, true).await;
    put(&rig.lan, rig.mission, "dân tộc", false, false).await;
    put(&rig.paul, rig.paris, "trân trọng", true, true).await;
    let blocked = finding(&rig, saying(&rig, "Về các Tù nhân."), "word-blocked")
        .await
        .unwrap();
    assert_eq!(
        (blocked.arguments["word"].as_str(), blocked.blocking),
        ("Tù nhân", true)
    );
    let minded = finding(&rig, saying(&rig, "Cac dan toc anh em."), "word-minded")
        .await
        .unwrap();
    assert!(!minded.blocking);
    assert!(
        finding(&rig, rig.complete(), "word-blocked").await.is_none(),
        "Paris' word is not Vientiane's"
    );
    let mut english = saying(&rig, "x");
    english.language = "en".into();
    english.body = "tù nhân".into();
    english.variants[0].language = "en".into();
    assert!(
        finding(&rig, english, "word-blocked").await.is_none(),
        "another language"
    );
}

#[tokio::test]
async fn a_passage_of_headquarters_stays_word_for_word_in_every_variant_of_its_language() {
    let rig = Rig::new().await;
    let passage = "Việt Nam có đầy đủ bằng chứng lịch sử.";
    let mut draft = saying(&rig, &format!("Mở đầu. {passage}"));
    draft
        .variants
        .push(rig.variant(rig.bluesky, "vi", Some("Việt Nam có bằng chứng lịch sử.")));
    let id = rig.written(draft.clone()).await;
    sqlx::query("insert into calendar.locked_passages (item_id, position, language, text, source) values ($1, 1, 'vi', $2, 'Định hướng 12')")
        .bind(id.0)
        .bind(passage)
        .execute(rig.db.owner())
        .await
        .unwrap();
    let found = findings(&rig, id).await;
    let altered: Vec<_> = found
        .iter()
        .filter(|finding| finding.code == "passage-altered")
        .collect();
    assert_eq!(altered.len(), 1, "the press room has it: {found:?}");
    assert_eq!(altered[0].anchor, format!("variant-{}", draft.variants[1].id));
    draft.variants[1].body = Some(format!("{passage} Hết."));
    rig.save(&rig.lan, id, draft).await.unwrap();
    assert!(
        !findings(&rig, id)
            .await
            .iter()
            .any(|finding| finding.code == "passage-altered")
    );
}

#[tokio::test]
async fn an_account_whose_access_ends_first_blocks() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft
        .variants
        .push(rig.variant(rig.bluesky, "vi", Some("Trân trọng kính mời.")));
    let ends = async |at: &str| {
        sqlx::query("update publisher.accounts set token_ends_at = $2::timestamptz where id = $1")
            .bind(rig.bluesky.0)
            .bind(at)
            .execute(rig.db.owner())
            .await
            .unwrap();
    };
    // It goes out at 02:00 UTC.
    ends("2026-09-02T02:00:00Z").await;
    let found = finding(&rig, draft.clone(), "token-ends").await.unwrap();
    assert!(found.blocking);
    assert_eq!(found.arguments["when"], "02/09/2026 09:00");
    ends("2026-09-02T02:00:01Z").await;
    assert!(finding(&rig, draft, "token-ends").await.is_none());
}

#[tokio::test]
async fn the_same_text_on_another_account_within_a_week_is_named() {
    let rig = Rig::new().await;
    let text = "Đại sứ quán trân trọng kính mời bà con tới dự.";
    let told = |text: &str, at: &str| {
        let mut draft = rig.complete();
        draft.variants = vec![rig.variant(rig.bluesky, "vi", Some(text))];
        draft.wall = Some(wall(at));
        draft
    };
    let waiting = rig.submitted(told(text, "2026-09-02T09:00:00")).await;
    let again = told(
        "ĐẠI SỨ QUÁN trân trọng kính mời\nbà con tới dự",
        "2026-09-05T09:00:00",
    );
    let found = finding(&rig, again.clone(), "text-echoed").await.unwrap();
    assert!(!found.blocking);
    assert_eq!(found.arguments["places"], "bluesky-en-vi");
    let mut late = again.clone();
    late.wall = Some(wall("2026-09-12T09:00:00"));
    assert!(
        finding(&rig, late, "text-echoed").await.is_none(),
        "ten days later"
    );
    let other = told(
        "Một văn bản hoàn toàn khác về chuyện khác.",
        "2026-09-02T09:00:00",
    );
    assert!(finding(&rig, other, "text-echoed").await.is_none());
    // What nobody submitted is nowhere.
    rig.calendar.reopen(Actor::new(&rig.lan), waiting).await.unwrap();
    assert!(finding(&rig, again, "text-echoed").await.is_none());
}

#[tokio::test]
async fn mourning_on_the_day_of_an_item_is_pointed_out_where_it_holds() {
    let rig = Rig::new().await;
    let enter = async |kind, holds, date: &str| {
        let day = DayDraft {
            kind,
            holds,
            starts_on: date.parse().unwrap(),
            ends_on: date.parse().unwrap(),
            name: "Quốc tang".into(),
            note: "Cờ rủ.".into(),
        };
        rig.calendar
            .enter_day(Actor::new(&rig.headquarters), None, day)
            .await
            .unwrap()
    };
    let at = |hour: &str| Draft {
        wall: Some(wall(hour)),
        ..rig.complete()
    };
    let found = async |hour| finding(&rig, at(hour), "day-mourning").await;
    enter(EnteredKind::Mourning, Holds::Unit(rig.paris), "2026-09-10").await;
    enter(EnteredKind::Visit, Holds::Ministry, "2026-09-10").await;
    assert!(
        found("2026-09-10T09:00:00").await.is_none(),
        "Paris mourns, Vientiane does not"
    );
    enter(EnteredKind::Mourning, Holds::Ministry, "2026-09-10").await;
    assert!(found("2026-09-09T09:00:00").await.is_none(), "the day before");
    let mourning = found("2026-09-10T09:00:00").await.unwrap();
    assert_eq!((mourning.blocking, mourning.anchor.as_str()), (false, "time"));
    assert_eq!(mourning.arguments["name"], "Quốc tang");
    assert_eq!(mourning.arguments["date"], "10/09/2026");

    // On a clock nine hours behind Hà Nội's it is still the ninth, and the ministry mourns already; a country's own
    // mourning is its own wall's.
    sqlx::query("update identity.units set zone = 'Atlantic/Azores', country = 'LA' where id = $1")
        .bind(rig.mission.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    assert!(found("2026-09-09T20:00:00").await.is_some());
    enter(EnteredKind::Mourning, Holds::Country("LA".into()), "2026-09-21").await;
    assert!(found("2026-09-20T20:00:00").await.is_none());
    assert!(found("2026-09-21T20:00:00").await.is_some());
}

#[tokio::test]
async fn a_great_day_is_pointed_out_on_the_wall_of_the_country_that_keeps_it() {
    let rig = Rig::new().await;
    let found = finding(&rig, rig.complete(), "day-home").await.unwrap();
    assert_eq!(
        (found.blocking, found.arguments["date"].as_str()),
        (false, "02/09/2026")
    );
    let mut other = rig.complete();
    other.wall = Some(wall("2026-09-10T09:00:00"));
    assert!(finding(&rig, other, "day-home").await.is_none());
    sqlx::query("update identity.units set country = 'LA' where id = $1")
        .bind(rig.mission.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    let mut laos = rig.complete();
    laos.wall = Some(wall("2026-12-02T09:00:00"));
    assert!(finding(&rig, laos, "day-host").await.is_some());
}

#[tokio::test]
async fn links_are_followed_once_an_hour_by_a_job_and_told_when_broken() {
    let rig = Rig::new().await;
    let url = "https://example.org/thong-cao";
    let id = rig.written(saying(&rig, &format!("Xem {url}."))).await;
    let asked: Vec<CheckLink> = rig.sent().await;
    assert_eq!(
        asked.iter().map(|check| check.url.as_str()).collect::<Vec<_>>(),
        [url]
    );
    rig.save(&rig.lan, id, saying(&rig, &format!("Mời xem {url}.")))
        .await
        .unwrap();
    assert_eq!(rig.sent::<CheckLink>().await.len(), 1, "asked a minute ago");
    assert!(
        !findings(&rig, id)
            .await
            .iter()
            .any(|finding| finding.code == "link-broken"),
        "nobody knows yet"
    );
    let broken = |outcome| KnownLink {
        url: url.into(),
        outcome,
        status: Some(404),
        checked_at: None,
    };
    let follow = async |outcome, item| {
        let link = broken(outcome);
        rig.calendar
            .link_followed(&link, item, &Origin::default())
            .await
            .unwrap();
    };
    follow(LinkOutcome::Gone, None).await;
    let found = findings(&rig, id).await;
    let told = found
        .iter()
        .find(|finding| finding.code == "link-broken")
        .unwrap();
    assert_eq!(
        (
            told.blocking,
            told.arguments["status"].as_str(),
            told.arguments["time"].as_str()
        ),
        (false, "404", "21:55")
    );
    // It does not hinder, and is followed again before the hour: then its people are told.
    rig.submit(&rig.lan, id).await.unwrap();
    let version = rig.item(id).await.version;
    let again: Vec<CheckLink> = rig.sent().await;
    assert!(
        again
            .iter()
            .any(|check| check.item == Some(id) && check.version == version)
    );
    let before = rig.sent::<Notify>().await.len();
    follow(LinkOutcome::Answers, Some((id, version))).await;
    assert_eq!(rig.sent::<Notify>().await.len(), before);
    follow(LinkOutcome::Gone, Some((id, version + 1))).await;
    assert_eq!(rig.sent::<Notify>().await.len(), before, "another version");
    follow(LinkOutcome::Gone, Some((id, version))).await;
    let notices: Vec<Notify> = rig.sent().await;
    assert_eq!(notices.last().unwrap().key, "notice-item-link-broken");
}

#[tokio::test]
async fn what_is_marked_as_a_state_secret_is_kept_nowhere() {
    let rig = Rig::new().await;
    let id = rig.written(rig.complete()).await;
    let base = rig.item(id).await.revision;
    let marked = |part: &str| {
        let mut draft = rig.complete();
        match part {
            "title" => draft.title = "TỐI MẬT".into(),
            "body" => draft.body = "Báo cáo\nĐộ mật: Mật\nNội dung tuyệt đối kín".into(),
            _ => {
                draft.variants = vec![rig.variant(rig.room, "vi", Some("TUYỆT MẬT\nNội dung tuyệt đối kín"))];
            }
        }
        draft
    };
    for part in ["title", "body", "variant"] {
        // Fresh or on top of somebody else's: neither the item nor a copy has it.
        for base in [base, base - 1] {
            let refused = rig
                .calendar
                .save(Actor::new(&rig.lan), id, base, marked(part))
                .await;
            assert!(
                matches!(refused, Err(CalendarError::Marked { .. })),
                "{part} {refused:?}"
            );
        }
    }
    for text in ["TỐI MẬT\ntuyệt đối kín", "Độ mật: Mật. tuyệt đối kín"] {
        assert!(matches!(
            rig.calendar.comment(Actor::new(&rig.lan), id, text).await,
            Err(CalendarError::Marked { .. })
        ));
    }
    assert_eq!(rig.item(id).await.revision, base);
    for table in [
        "calendar.items",
        "calendar.variants",
        "calendar.copies",
        "calendar.snapshots",
        "calendar.timeline",
        "queue.jobs",
    ] {
        let kept: i64 = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
            "select count(*) from {table} t where t::text like '%tuyệt đối kín%' or t::text like '%TỐI MẬT%'"
        )))
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
        assert_eq!(kept, 0, "{table}");
    }
    // The word itself may be written of.
    rig.save(
        &rig.lan,
        id,
        saying(&rig, "Chính sách bảo mật; mật ong; hồ sơ tuyệt mật đã giải mật."),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn limits_are_those_of_the_publisher_and_never_stop_a_save() {
    let rig = Rig::new().await;
    let mut draft = rig.complete();
    draft.variants = vec![rig.variant(rig.bluesky, "vi", Some(&"ế".repeat(301)))];
    let found = finding(&rig, draft.clone(), "text-too-long").await.unwrap();
    assert_eq!(
        (
            found.arguments["over"].as_str(),
            found.arguments["limit"].as_str()
        ),
        ("1", "300")
    );
    draft.variants[0].body = Some("ế".repeat(300));
    assert!(finding(&rig, draft.clone(), "text-too-long").await.is_none());
    draft.variants[0].body = Some(" \n ".into());
    let empty = finding(&rig, draft, "text-missing").await.unwrap();
    assert!(empty.blocking);
}

#[tokio::test]
async fn a_file_of_names_is_taken_row_by_row() {
    let rig = Rig::new().await;
    let file = "term,language,approved,avoid,locked\neast_sea,en,East Sea,South China Sea,yes\nbad,xx yy,B,,\neast_sea,vi,Biển Đông,,\n";
    let refused = rig
        .calendar
        .import_names(Actor::new(&rig.lan), file.as_bytes())
        .await;
    assert!(matches!(refused, Err(CalendarError::Access(_))));
    for _ in 0..2 {
        let imported = rig
            .calendar
            .import_names(Actor::new(&rig.administrator), file.as_bytes())
            .await
            .unwrap();
        assert_eq!(imported.saved, 2);
        assert_eq!(
            imported.refused.iter().map(|row| row.line).collect::<Vec<_>>(),
            [3]
        );
    }
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let all = chancery_calendar::store::names::all(&mut conn).await.unwrap();
    assert_eq!(all.len(), 2, "the second time replaces");
    // Moving one entry onto another is told.
    let vi = all.iter().find(|entry| entry.name.language == "vi").unwrap();
    let mut moved = vi.name.clone();
    moved.language = "en".into();
    assert!(matches!(
        rig.calendar
            .put_name(Actor::new(&rig.administrator), Some(vi.id), moved)
            .await,
        Err(CalendarError::Field {
            key: "names-twice",
            ..
        })
    ));
}

#[tokio::test]
async fn preflight_of_a_hostile_text_ends() {
    let rig = Rig::new().await;
    for body in [
        "\u{202e}ẬM",
        "=1+1",
        "<script>",
        &"https://a.example/ ".repeat(3_000),
        &"ກ".repeat(30_000),
    ] {
        let id = rig.written(saying(&rig, body)).await;
        findings(&rig, id).await;
        assert_eq!(rig.state(id).await, State::Draft);
    }
}
