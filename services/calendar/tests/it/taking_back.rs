//! Taking down what is out, and correcting it.

use std::collections::BTreeMap;

use chancery_access::Principal;
use chancery_calendar::model::State;
use chancery_calendar::store::{deliveries, withdrawals};
use chancery_calendar::workflow::{Approval, NewDelegation, Takedown, TakenBack};
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::calendar::AssetsChosen;
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::ItemId;
use chancery_contracts::publisher::{
    DeliveryStatus as D, PublishOrder, WithdrawDeliveries, WithdrawalChanged, WithdrawalStatus as W,
};
use chancery_contracts::{Origin, WithdrawalReason};
use chancery_web::Language;
use http::Method;
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

impl Rig {
    /// Out in the press room (Vietnamese) and on Bluesky (English).
    async fn out(&self) -> ItemId {
        let mut draft = self.complete();
        draft
            .variants
            .push(self.variant(self.bluesky, "en", Some("Happy national day")));
        let id = self.approved(draft).await;
        self.report(id, 0, 1, D::Published).await;
        self.report(id, 1, 1, D::Published).await;
        assert_eq!(self.state(id).await, State::Published);
        id
    }

    async fn withdraw(
        &self,
        who: &Principal,
        id: ItemId,
        wanted: TakenBack,
    ) -> Result<Takedown, CalendarError> {
        self.calendar.withdraw(Actor::new(who), id, wanted).await
    }

    /// The publisher's report about the `n`th delivery.
    async fn taken(&self, id: ItemId, n: u128, sequence: i64, state: W) {
        let report = WithdrawalChanged {
            delivery: self.delivery(id, n),
            item: id,
            account: self.room,
            sequence,
            state,
            reason: (state == W::NeedsPerson).then(|| "ExpiredToken".to_owned()),
        };
        self.calendar
            .withdrawal_changed(&report, &Origin::default())
            .await
            .unwrap();
    }

    async fn asked(&self, id: ItemId) -> Vec<withdrawals::Withdrawal> {
        let mut conn = self.calendar.pool.acquire().await.unwrap();
        withdrawals::of_item(&mut conn, id).await.unwrap()
    }

    async fn settle(&self, who: &Principal, id: ItemId, confirmed: bool) -> Result<(), CalendarError> {
        let all = self.asked(id).await;
        let open = all.iter().find(|one| one.is_open()).unwrap_or(&all[0]);
        self.calendar
            .settle_withdrawal(Actor::new(who), id, open.id, confirmed, "")
            .await
    }

    async fn actions(&self, id: ItemId) -> Vec<String> {
        sqlx::query_scalar("select action from calendar.timeline where item_id = $1 order by seq")
            .bind(id.0)
            .fetch_all(self.db.owner())
            .await
            .unwrap()
    }

    async fn notices(&self, key: &str) -> Vec<Notify> {
        let mut all = self.sent::<Notify>().await;
        all.retain(|notice| notice.key == key);
        all
    }

    async fn correct(
        &self,
        who: &Principal,
        id: ItemId,
        notes: &[(&str, &str)],
    ) -> Result<(), CalendarError> {
        self.calendar.correct(Actor::new(who), id, said(notes)).await
    }
}

fn said(notes: &[(&str, &str)]) -> BTreeMap<String, String> {
    notes
        .iter()
        .map(|(l, n)| ((*l).to_owned(), (*n).to_owned()))
        .collect()
}

fn all() -> TakenBack {
    TakenBack {
        deliveries: vec![],
        reason: WithdrawalReason::WrongFacts,
        notes: said(&[("vi", "Sai ngày.")]),
        internal: "Sở lễ tân báo sai ngày".into(),
    }
}

#[tokio::test]
async fn who_approves_has_it_taken_down_at_once_and_everybody_concerned_is_told() {
    let rig = Rig::new().await;
    for who in [&rig.ambassador, &rig.headquarters] {
        let id = rig.out().await;
        assert_eq!(rig.withdraw(who, id, all()).await.unwrap(), Takedown::Ordered);
        let sent = rig.sent::<WithdrawDeliveries>().await.pop().unwrap();
        assert_eq!((sent.item, sent.reason), (id, WithdrawalReason::WrongFacts));
        let mut wanted = vec![rig.delivery(id, 0), rig.delivery(id, 1)];
        wanted.sort_unstable();
        let mut got = sent.deliveries.clone();
        got.sort_unstable();
        assert_eq!((got, sent.notes), (wanted, said(&[("vi", "Sai ngày.")])));
        let told = rig.notices("notice-withdrawal-ordered").await.pop().unwrap();
        for person in [&rig.lan, &rig.ambassador] {
            assert!(
                told.to.contains(&Recipient::Person(person.person)),
                "{}",
                person.name
            );
        }
        for role in ["head_of_mission", "headquarters_approver", "desk_officer"] {
            let unit = rig.mission;
            let role = role.to_owned();
            assert!(told.to.contains(&Recipient::Role { role, unit }));
        }
        assert_eq!(rig.actions(id).await.last().unwrap(), "withdrawal_ordered");
        let audited: i64 = sqlx::query_scalar(
            "select count(*) from audit.entries where action = 'item.withdrawal_ordered' and subject = $1",
        )
        .bind(id.0)
        .fetch_one(rig.db.owner())
        .await
        .unwrap();
        assert_eq!(audited, 1);
    }
}

#[tokio::test]
async fn a_writer_asks_and_one_tap_confirms_or_declines() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    assert_eq!(rig.withdraw(&rig.lan, id, all()).await.unwrap(), Takedown::Asked);
    assert!(
        rig.sent::<WithdrawDeliveries>().await.is_empty(),
        "nothing is taken down before"
    );
    assert_eq!(rig.notices("notice-withdrawal-asked").await.len(), 1);
    let second = rig.withdraw(&rig.minh, id, all()).await;
    assert!(
        matches!(second, Err(CalendarError::NotNow("withdraw-refused-asked"))),
        "{second:?}"
    );
    assert!(matches!(
        rig.settle(&rig.lan, id, true).await,
        Err(CalendarError::Access(_))
    ));
    rig.settle(&rig.ambassador, id, false).await.unwrap();
    assert_eq!(rig.notices("notice-withdrawal-declined").await.len(), 1);
    assert!(matches!(
        rig.settle(&rig.ambassador, id, true).await,
        Err(CalendarError::NotNow(_))
    ));

    rig.withdraw(&rig.minh, id, all()).await.unwrap();
    rig.settle(&rig.headquarters, id, true).await.unwrap();
    assert_eq!(rig.sent::<WithdrawDeliveries>().await.len(), 1);
    assert!(matches!(
        rig.settle(&rig.ambassador, id, true).await,
        Err(CalendarError::NotNow(_))
    ));
}

#[tokio::test]
async fn two_who_confirm_at_once_order_once() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    rig.withdraw(&rig.lan, id, all()).await.unwrap();
    let (one, two) = tokio::join!(
        rig.settle(&rig.ambassador, id, true),
        rig.settle(&rig.headquarters, id, true)
    );
    assert!(one.is_ok() ^ two.is_ok(), "{one:?} {two:?}");
    assert_eq!(rig.sent::<WithdrawDeliveries>().await.len(), 1);
}

#[tokio::test]
async fn what_is_ordered_at_once_settles_what_was_asked_for() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    rig.withdraw(&rig.lan, id, all()).await.unwrap();
    rig.withdraw(&rig.ambassador, id, all()).await.unwrap();
    assert!(rig.asked(id).await.iter().all(|one| !one.is_open()));
}

#[tokio::test]
async fn a_delegate_stands_in_and_strangers_do_not() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    let paul = rig.withdraw(&rig.paul, id, all()).await;
    assert!(matches!(paul, Err(CalendarError::Access(_))), "{paul:?}");
    let reviewer = rig.withdraw(&rig.reviewer, id, all()).await;
    assert!(matches!(reviewer, Err(CalendarError::Access(_))), "{reviewer:?}");
    let today = rig.ambassador.today;
    let delegation = NewDelegation {
        unit: rig.mission,
        role: chancery_calendar::model::StepRole::HeadOfMission,
        to: rig.minh.person,
        reason: "Đi công tác".into(),
        first: today,
        last: today,
    };
    rig.calendar
        .delegate(Actor::new(&rig.ambassador), delegation)
        .await
        .unwrap();
    assert_eq!(
        rig.withdraw(&rig.minh, id, all()).await.unwrap(),
        Takedown::Ordered
    );
}

#[tokio::test]
async fn what_must_be_said_is_asked_for() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    let field = async |wanted: TakenBack| match rig.withdraw(&rig.ambassador, id, wanted).await {
        Err(CalendarError::Field { field, key }) => (field, key),
        Err(CalendarError::Marked { field, .. }) => (field, "marked"),
        other => panic!("{other:?}"),
    };
    let with = |notes: &[(&str, &str)], internal: &str| TakenBack {
        notes: said(notes),
        internal: internal.into(),
        ..all()
    };
    assert_eq!(
        field(with(&[("vi", "x")], " \n ")).await,
        ("internal", "withdraw-internal-missing")
    );
    assert_eq!(
        field(with(&[("en", "x")], "y")).await,
        ("note", "withdraw-note-missing")
    );
    assert_eq!(
        field(with(&[("vi", "  ")], "y")).await,
        ("note", "withdraw-note-missing")
    );
    assert_eq!(
        field(with(&[("vi", &"x".repeat(2001))], "y")).await,
        ("note", "withdraw-note-too-long")
    );
    assert_eq!(field(with(&[("../etc", "x")], "y")).await.0, "note");
    assert_eq!(field(with(&[("vi", "TUYỆT MẬT")], "y")).await, ("note", "marked"));
    let stranger = TakenBack {
        deliveries: vec![rig.delivery(id, 7)],
        ..all()
    };
    assert_eq!(field(stranger).await, ("delivery", "withdraw-delivery-not-out"));
    // Where there is no place for a note, none is needed.
    let post = TakenBack {
        deliveries: vec![rig.delivery(id, 1)],
        notes: BTreeMap::new(),
        ..all()
    };
    assert_eq!(
        rig.withdraw(&rig.ambassador, id, post).await.unwrap(),
        Takedown::Ordered
    );
    let draft = rig.draft().await;
    let nothing = rig.withdraw(&rig.ambassador, draft, all()).await;
    assert!(
        matches!(
            nothing,
            Err(CalendarError::NotNow("withdraw-refused-nothing-out"))
        ),
        "{nothing:?}"
    );
}

#[tokio::test]
async fn an_item_is_withdrawn_when_nothing_of_it_is_out_any_more() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    rig.withdraw(&rig.ambassador, id, all()).await.unwrap();
    rig.taken(id, 0, 3, W::Withdrawn).await;
    assert_eq!(rig.state(id).await, State::Published, "one is out yet");
    rig.taken(id, 1, 2, W::NeedsPerson).await;
    assert_eq!(rig.state(id).await, State::Published);
    assert_eq!(rig.notices("notice-withdrawal-needs-person").await.len(), 1);
    // Late and repeated reports change nothing.
    rig.taken(id, 0, 3, W::Withdrawn).await;
    rig.taken(id, 0, 1, W::Requested).await;
    rig.taken(id, 1, 1, W::Withdrawing).await;
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let known = deliveries::of_item(&mut conn, id).await.unwrap();
    let of = |n| known.iter().find(|one| one.id == rig.delivery(id, n)).unwrap();
    assert_eq!(
        (of(0).withdrawal, of(1).withdrawal),
        (Some(W::Withdrawn), Some(W::NeedsPerson))
    );
    assert_eq!(of(1).withdrawal_reason.as_deref(), Some("ExpiredToken"));
    rig.taken(id, 1, 3, W::Withdrawn).await;
    assert_eq!(rig.state(id).await, State::Withdrawn);
    assert_eq!(rig.notices("notice-item-withdrawn").await.len(), 1);
    let actions = rig.actions(id).await;
    assert_eq!(actions.iter().filter(|action| *action == "taken_down").count(), 2);
    // It is over: neither taken down again, nor corrected, nor opened.
    assert!(rig.withdraw(&rig.ambassador, id, all()).await.is_err());
    assert!(matches!(
        rig.correct(&rig.lan, id, &[("vi", "x")]).await,
        Err(CalendarError::State(_))
    ));
    assert!(rig.calendar.reopen(Actor::new(&rig.lan), id).await.is_err());
    assert!(
        rig.sent::<AssetsChosen>().await.is_empty(),
        "it used nothing of the library"
    );
}

#[tokio::test]
async fn an_original_and_what_corrects_it_are_taken_down_together() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    // On Bluesky the correction is a post of its own.
    rig.report(id, 2, 1, D::Published).await;
    let page = Site::of(&rig, &rig.ambassador, Language::En)
        .get(&format!("/items/{id}/withdraw"))
        .await;
    assert_eq!(
        page.body.matches(r#"name="delivery""#).count(),
        2,
        "{}",
        page.body
    );
    assert_eq!(page.body.matches("with its correction").count(), 1);
    let one = TakenBack {
        deliveries: vec![rig.delivery(id, 1)],
        ..all()
    };
    rig.withdraw(&rig.ambassador, id, one).await.unwrap();
    let ordered = &rig.asked(id).await[0].deliveries;
    let mut both = vec![rig.delivery(id, 1), rig.delivery(id, 2)];
    both.sort_unstable();
    let mut ordered = ordered.clone();
    ordered.sort_unstable();
    assert_eq!(ordered, both, "and the press room stays");
}

#[tokio::test]
async fn what_was_still_unknown_is_told_as_it_turns_out() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    rig.report(id, 0, 1, D::Unknown).await;
    rig.withdraw(&rig.ambassador, id, all()).await.unwrap();
    rig.report(id, 0, 2, D::Cancelled).await;
    rig.taken(id, 0, 2, W::Void).await;
    assert_eq!(rig.state(id).await, State::Cancelled);

    let id = rig.approved(rig.complete()).await;
    rig.report(id, 0, 1, D::Unknown).await;
    rig.withdraw(&rig.ambassador, id, all()).await.unwrap();
    // The two reports overtake each other.
    rig.taken(id, 0, 3, W::Withdrawn).await;
    assert_eq!(rig.state(id).await, State::Publishing);
    rig.report(id, 0, 2, D::Published).await;
    assert_eq!(rig.state(id).await, State::Withdrawn);
}

#[tokio::test]
async fn a_correction_is_a_version_with_what_is_out_and_goes_through_the_whole_chain() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    let missing = rig.correct(&rig.lan, id, &[("vi", "Ngày 3/9.")]).await;
    assert!(
        matches!(
            missing,
            Err(CalendarError::Field {
                key: "correct-note-missing",
                ..
            })
        ),
        "{missing:?}"
    );
    rig.correct(
        &rig.lan,
        id,
        &[("vi", "Ngày 3/9."), ("en", "Correction: 3 September.")],
    )
    .await
    .unwrap();
    let item = rig.item(id).await;
    assert_eq!((item.state, item.version), (State::Draft, 2));
    assert!(item.appointment.is_some());
    // The press room's text is edited where it stands; on Bluesky the reply begins as the note.
    let bodies: Vec<_> = item.draft.variants.iter().map(|v| v.body.as_deref()).collect();
    assert_eq!(bodies, [None, Some("Correction: 3 September.")]);
    let mut draft = item.draft.clone();
    draft.body = "Lễ vào ngày 3 tháng 9.".into();
    rig.save(&rig.lan, id, draft).await.unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    assert!(
        rig.approve(&rig.lan, id).await.is_err(),
        "nobody approves their own correction"
    );
    assert_eq!(
        rig.sent::<PublishOrder>().await.len(),
        1,
        "nothing corrected goes out unapproved"
    );
    let hash = rig.hash(id).await;
    assert_eq!(
        rig.approve(&rig.ambassador, id).await.unwrap(),
        Approval::Complete
    );
    let order = rig.sent::<PublishOrder>().await.pop().unwrap();
    assert_eq!((order.version, order.edition_hash), (2, hash));
    let notes: Vec<_> = order
        .edition
        .variants
        .iter()
        .map(|v| v.correction.as_deref())
        .collect();
    assert!(notes.contains(&Some("Ngày 3/9.")) && notes.contains(&Some("Correction: 3 September.")));
    let mut other = order.edition.clone();
    other.variants[0].correction = Some("Something else".into());
    assert_ne!(other.hash().unwrap(), hash, "the note is under the hash");
    // The publisher reports of new deliveries; the old ones are out yet.
    rig.report(id, 2, 1, D::Waiting).await;
    assert_eq!(rig.state(id).await, State::Publishing);
    rig.report(id, 2, 2, D::Published).await;
    rig.report(id, 3, 1, D::Published).await;
    assert_eq!(rig.state(id).await, State::Published);
}

#[tokio::test]
async fn notes_are_changed_while_it_is_written_and_survive_being_sent_back() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    rig.report(id, 0, 1, D::Published).await;
    rig.correct(&rig.lan, id, &[("vi", "Một")]).await.unwrap();
    let change = async |note: &str| {
        rig.calendar
            .put_correction_notes(Actor::new(&rig.lan), id, said(&[("vi", note)]))
            .await
    };
    change("Hai").await.unwrap();
    assert!(change(" ").await.is_err());
    rig.submit(&rig.lan, id).await.unwrap();
    assert!(
        matches!(change("Ba").await, Err(CalendarError::State(_))),
        "what was submitted is frozen"
    );
    let hash = rig.hash(id).await;
    rig.calendar
        .ask_for_changes(Actor::new(&rig.ambassador), id, hash, "Rõ hơn")
        .await
        .unwrap();
    rig.submit(&rig.lan, id).await.unwrap();
    rig.approve(&rig.ambassador, id).await.unwrap();
    let order = rig.sent::<PublishOrder>().await.pop().unwrap();
    assert_eq!(
        (order.version, order.edition.variants[0].correction.as_deref()),
        (3, Some("Hai"))
    );
    // The schema says it too.
    let frozen = sqlx::query("update calendar.corrections set note = 'x' where item_id = $1")
        .bind(id.0)
        .execute(&rig.calendar.pool)
        .await;
    assert!(frozen.is_err());
}

#[tokio::test]
async fn a_correction_that_is_given_up_leaves_the_item_out_and_it_can_still_be_taken_down() {
    let rig = Rig::new().await;
    let id = rig.approved(rig.complete()).await;
    rig.report(id, 0, 1, D::Published).await;
    rig.correct(&rig.lan, id, &[("vi", "Một")]).await.unwrap();
    assert_eq!(
        rig.calendar.cancel(Actor::new(&rig.lan), id, "").await.unwrap(),
        State::Stopping
    );
    rig.stopped(id, 1, vec![rig.delivery(id, 0)]).await;
    assert_eq!(rig.state(id).await, State::Published);
    rig.withdraw(&rig.ambassador, id, all()).await.unwrap();
    rig.taken(id, 0, 2, W::Withdrawn).await;
    assert_eq!(rig.state(id).await, State::Withdrawn);
}

#[tokio::test]
async fn what_is_taken_down_or_on_its_way_is_not_corrected() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    rig.taken(id, 1, 1, W::Requested).await;
    // Only the press room's text is left to correct.
    rig.correct(&rig.lan, id, &[("vi", "Một")]).await.unwrap();
    let item = rig.item(id).await;
    assert_eq!(item.draft.variants.len(), 1);
    assert_eq!(item.draft.variants[0].account, rig.room);
    let draft = rig.draft().await;
    assert!(matches!(
        rig.correct(&rig.lan, draft, &[]).await,
        Err(CalendarError::State(_))
    ));
}

#[tokio::test]
async fn the_pages_say_what_the_public_will_see_and_do_it() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    let path = format!("/items/{id}/withdraw");
    for language in [Language::En, Language::Vi] {
        let lan = Site::of(&rig, &rig.lan, language);
        for path in [
            format!("/items/{id}"),
            path.clone(),
            format!("/items/{id}/correct"),
        ] {
            let page = lan.get(&path).await;
            assert_eq!(page.status, 200, "{path}");
            assert!(
                !page.body.contains("!withdraw") && !page.body.contains("!correct"),
                "{path}"
            );
        }
    }
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let form = lan.get(&format!("{path}?reason=rights_ended")).await.body;
    assert!(form.contains("The page stays at its address") && form.contains("The post is deleted there"));
    assert!(form.contains("value=\"rights_ended\" required checked"), "{form}");
    let delivery = rig.delivery(id, 0).to_string();
    let fields = |internal| {
        [
            ("delivery", delivery.clone()),
            ("reason", "wrong_facts".to_owned()),
            ("note.vi", "Sai <ngày>".to_owned()),
            ("internal", internal),
        ]
    };
    let empty = fields(String::new());
    let empty: Vec<_> = empty
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let refused = lan.post(&path, &empty).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("Sai &lt;ngày&gt;") && refused.body.contains("Say why, for the record."));
    let full = fields("Lễ tân báo".to_owned());
    let full: Vec<_> = full.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(lan.post(&path, &full).await.location, format!("/items/{id}"));
    let ambassador = Site::of(&rig, &rig.ambassador, Language::En);
    let page = ambassador.get(&format!("/items/{id}")).await.body;
    assert!(
        page.contains("asks for one publication to be taken down"),
        "{page}"
    );
    let open = rig.asked(id).await[0].id;
    let settle = format!("/items/{id}/withdrawals/{open}");
    assert_eq!(lan.post(&settle, &[("decision", "confirm")]).await.status, 403);
    assert_eq!(
        ambassador.post(&settle, &[("decision", "burn")]).await.status,
        400
    );
    assert_eq!(
        ambassador
            .post(&settle, &[("decision", "confirm")])
            .await
            .location,
        format!("/items/{id}")
    );
    let sent = rig.sent::<WithdrawDeliveries>().await;
    assert_eq!(sent[0].deliveries, [rig.delivery(id, 0)]);
    rig.taken(id, 0, 2, W::Withdrawn).await;
    let state = lan.get(&format!("/items/{id}/fragments/state")).await.body;
    assert!(state.contains("taken down"));
    let paul = Site::of(&rig, &rig.paul, Language::En);
    assert_eq!(paul.get(&path).await.status, 403);
    assert_eq!(paul.post(&path, &full).await.status, 403);

    let correct = format!("/items/{id}/correct");
    assert_eq!(lan.post(&correct, &[("note.en", "")]).await.status, 422);
    assert_eq!(
        lan.post(&correct, &[("note.en", "Correction: 18:00")])
            .await
            .location,
        format!("/items/{id}/edit")
    );
    let page = lan.get(&format!("/items/{id}")).await.body;
    assert!(page.contains("name=\"note.en\""));
    rig.submit(&rig.lan, id).await.unwrap();
    let approval = ambassador.get(&format!("/approvals/{id}")).await.body;
    assert!(approval.contains("Correction:"), "who approves reads the note");
}

#[tokio::test]
async fn the_api_does_it_all() {
    let rig = Rig::new().await;
    let id = rig.out().await;
    let lan = Site::of(&rig, &rig.lan, Language::En);
    let ambassador = Site::of(&rig, &rig.ambassador, Language::En);
    let path = format!("/api/v1/items/{id}/withdrawals");
    let body = json!({"reason": "superseded", "notes": {"vi": "Xem bản mới"}, "internal": "Có bản mới"});
    let bad = json!({"reason": "boredom", "internal": "x"});
    assert!(lan.json(Method::POST, &path, bad).await.status.is_client_error());
    assert_eq!(lan.json(Method::POST, &path, body.clone()).await.status, 202);
    assert_eq!(lan.json(Method::POST, &path, body).await.status, 409);
    let list: Value = serde_json::from_str(&ambassador.get(&path).await.body).unwrap();
    assert_eq!(
        (&list[0]["state"], &list[0]["reason"]),
        (&"asked".into(), &"superseded".into())
    );
    let one = format!("{path}/{}", list[0]["id"].as_str().unwrap());
    let done = ambassador
        .json(Method::POST, &one, json!({"decision": "confirm"}))
        .await;
    assert_eq!(done.status, 200);
    rig.taken(id, 0, 2, W::Withdrawing).await;
    let item: Value = serde_json::from_str(&lan.get(&format!("/api/v1/items/{id}")).await.body).unwrap();
    let states: Vec<_> = item["deliveries"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| &d["withdrawal"])
        .collect();
    assert!(states.contains(&&"withdrawing".into()), "{states:?}");

    let id = rig.out().await;
    let transitions = async |site: &Site| -> Vec<Value> {
        serde_json::from_str(&site.get(&format!("/api/v1/items/{id}/transitions")).await.body).unwrap()
    };
    let find = |all: Vec<Value>, name: &str| all.into_iter().find(|one| one["transition"] == name).unwrap();
    assert_eq!(find(transitions(&lan).await, "withdraw")["allowed"], true);
    assert_eq!(find(transitions(&lan).await, "correct")["allowed"], true);
    let correct = format!("/api/v1/items/{id}/correction");
    let notes = json!({"notes": {"vi": "Ngày 3", "en": "The 3rd"}});
    assert_eq!(lan.json(Method::PUT, &correct, notes.clone()).await.status, 409);
    assert_eq!(lan.json(Method::POST, &correct, notes.clone()).await.status, 200);
    assert_eq!(lan.json(Method::PUT, &correct, notes).await.status, 204);
    let refused = find(transitions(&lan).await, "correct");
    assert_eq!(
        (&refused["allowed"], &refused["reason"]),
        (&false.into(), &"items-refused-correct".into())
    );
}
