//! Where campaigns stand: begun and ended by their days on their unit's wall, or by people before.

use chancery_calendar::model::{CampaignChange, CampaignState, Colour};
use chancery_calendar::store::campaigns;
use chancery_calendar::workflow::CampaignDraft;
use chancery_calendar::{Actor, CalendarError};
use chancery_contracts::ids::CampaignId;
use chancery_web::Language;
use http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::pages::Site;
use crate::rig::Rig;

async fn campaign(rig: &Rig, from: &str, to: &str) -> CampaignId {
    let draft = CampaignDraft {
        name: format!("Tuần lễ {from}"),
        goal: String::new(),
        starts_on: from.parse().unwrap(),
        ends_on: to.parse().unwrap(),
        colour: Colour::Teal,
    };
    rig.calendar
        .create_campaign(Actor::new(&rig.lan), rig.mission, draft)
        .await
        .unwrap()
}

async fn stands(rig: &Rig, id: CampaignId) -> (CampaignState, i64) {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let campaign = campaigns::load(&mut conn, id).await.unwrap();
    (campaign.state, campaign.revision)
}

#[tokio::test]
async fn days_turn_campaigns_on_their_units_wall_once() {
    let rig = Rig::new().await;
    let (running, planned) = (
        campaign(&rig, "2026-08-20", "2026-09-01").await,
        campaign(&rig, "2026-09-02", "2026-09-05").await,
    );
    assert_eq!(stands(&rig, running).await.0, CampaignState::Running);
    assert_eq!(stands(&rig, planned).await.0, CampaignState::Planned);
    // 16:59 in Greenwich is a minute before midnight in Vientiane.
    rig.clock.set("2026-09-01T16:59:00Z".parse().unwrap());
    assert_eq!(rig.calendar.turn_campaigns().await.unwrap(), 0);
    rig.clock.set("2026-09-01T17:01:00Z".parse().unwrap());
    assert_eq!(rig.calendar.turn_campaigns().await.unwrap(), 2);
    assert_eq!(rig.calendar.turn_campaigns().await.unwrap(), 0);
    assert_eq!(stands(&rig, running).await.0, CampaignState::Ended);
    assert_eq!(stands(&rig, planned).await.0, CampaignState::Running);
}

#[tokio::test]
async fn people_end_put_away_and_take_back_and_what_does_not_fit_is_refused() {
    let rig = Rig::new().await;
    let id = campaign(&rig, "2026-08-20", "2026-09-20").await;
    let turn = async |who, change| {
        let revision = stands(&rig, id).await.1;
        rig.calendar
            .turn_campaign(Actor::new(who), id, revision, change)
            .await
    };
    assert!(matches!(
        turn(&rig.paul, CampaignChange::End).await,
        Err(CalendarError::Access(_))
    ));
    assert!(matches!(
        turn(&rig.lan, CampaignChange::PutAway).await,
        Err(CalendarError::NotNow("campaigns-state-refused"))
    ));
    turn(&rig.lan, CampaignChange::End).await.unwrap();
    // The day does not begin again what somebody ended.
    assert_eq!(rig.calendar.turn_campaigns().await.unwrap(), 0);
    turn(&rig.lan, CampaignChange::PutAway).await.unwrap();
    let site = Site::of(&rig, &rig.lan, Language::En);
    assert!(!site.get("/campaigns").await.body.contains("Tuần lễ"));
    assert!(
        site.get("/campaigns?state=put_away")
            .await
            .body
            .contains("Tuần lễ")
    );
    let page = site.get(&format!("/campaigns/{id}")).await.body;
    assert!(
        page.contains("Put away") && page.contains("value=\"take_back\""),
        "{page}"
    );
    let form = site
        .post(
            &format!("/campaigns/{id}/state"),
            &[
                ("do", "take_back"),
                ("revision", &stands(&rig, id).await.1.to_string()),
            ],
        )
        .await;
    assert_eq!(form.status, StatusCode::SEE_OTHER, "{}", form.body);
    assert_eq!(stands(&rig, id).await.0, CampaignState::Ended);
    turn(&rig.lan, CampaignChange::Resume).await.unwrap();
    // Over: it cannot go on without a later day.
    turn(&rig.lan, CampaignChange::End).await.unwrap();
    rig.clock.set("2026-09-25T03:00:00Z".parse().unwrap());
    let later = rig.on(&rig.lan, "2026-09-25".parse().unwrap()).await;
    assert!(matches!(
        turn(&later, CampaignChange::Resume).await,
        Err(CalendarError::NotNow("campaigns-days-over"))
    ));
    let stale = rig
        .calendar
        .turn_campaign(Actor::new(&rig.lan), id, 1, CampaignChange::PutAway)
        .await;
    assert!(matches!(stale, Err(CalendarError::Stale)));
}

#[tokio::test]
async fn what_is_over_is_not_offered_and_programs_turn_campaigns_too() {
    let rig = Rig::new().await;
    let id = campaign(&rig, "2026-08-20", "2026-09-20").await;
    let site = Site::of(&rig, &rig.lan, Language::En);
    let item = rig.draft().await;
    let edit = format!("/items/{item}/edit");
    assert!(site.get(&edit).await.body.contains("Tuần lễ"));
    let path = format!("/api/v1/campaigns/{id}/state");
    let without = site.json(Method::POST, &path, json!({ "change": "end" })).await;
    assert_eq!(without.status, StatusCode::BAD_REQUEST, "{}", without.body);
    let revision = stands(&rig, id).await.1;
    rig.calendar
        .turn_campaign(Actor::new(&rig.lan), id, revision, CampaignChange::End)
        .await
        .unwrap();
    assert!(!site.get(&edit).await.body.contains("Tuần lễ"));
    let listed: Value = serde_json::from_str(&site.get("/api/v1/campaigns?state=ended").await.body).unwrap();
    assert_eq!(listed["items"][0]["state"], "ended");
    let none: Value = serde_json::from_str(&site.get("/api/v1/campaigns?state=running").await.body).unwrap();
    assert_eq!(none["items"], json!([]));
}
