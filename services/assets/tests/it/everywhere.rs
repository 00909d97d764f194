//! The one rule on every route that gives bytes or facts: random assets and everybody at several moments, against a plain
//! reading of the rule. A route that forgets to ask gives something away here.

use std::collections::BTreeSet;
use std::io::Cursor;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use chancery_access::Principal;
use chancery_assets::Actor;
use chancery_assets::library::{CollectionDraft, NewShare};
use chancery_assets::model::{Details, Refusal, Rights, SHARE_LINK, State};
use chancery_clock::Clock as _;
use chancery_contracts::Service;
use chancery_contracts::ids::{AssetId, CollectionId, UnitId};
use chancery_web::Language;
use chrono::TimeDelta;
use http::Request;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use tower::ServiceExt;
use uuid::Uuid;

use crate::pages::{Answer, Site};
use crate::rig::{Rig, picture};
use crate::rights::{any_rights, expected};
use crate::sheets::said;

const ASSETS: u32 = 20;
const CHANNELS: [Option<&str>; 4] = [None, Some("press_room"), Some("bluesky"), Some(SHARE_LINK)];

/// An asset as the test knows it.
struct Known {
    id: AssetId,
    title: String,
    file_name: String,
    state: State,
    rights: Rights,
    clean: Uuid,
    original: Uuid,
    /// A picture made of it, for every unit.
    rendition: Uuid,
}

/// Somebody who asks.
struct Person {
    name: &'static str,
    router: Router,
    unit: UnitId,
    country: &'static str,
    /// Looks after the assets: sees them in every state.
    keeps: bool,
    /// May take things out for use.
    uses: bool,
    /// May change the collection.
    owns: bool,
}

struct World {
    site: Site,
    assets: Vec<Known>,
    people: Vec<Person>,
    collection: CollectionId,
    link: String,
    outsider: Router,
}

impl World {
    async fn new() -> Self {
        let site = Site::new().await;
        let mut runner = TestRunner::deterministic();
        let states = prop::sample::select(vec![
            State::Published,
            State::Published,
            State::Published,
            State::Published,
            State::Draft,
            State::InReview,
            State::Returned,
            State::Withdrawn,
        ]);
        let mut assets = Vec::new();
        for n in 0..ASSETS {
            let (state, rights) = (states.clone(), any_rights())
                .new_tree(&mut runner)
                .unwrap()
                .current();
            assets.push(known(&site, n, state, rights).await);
        }
        let (collection, link) = given(&site, &assets).await;
        let rig = &site.rig;
        let person = |name, who: &Principal, unit, country, keeps, uses, owns| Person {
            name,
            router: site.router(Some(who), Language::Vi),
            unit,
            country,
            keeps,
            uses,
            owns,
        };
        let ministry = rig.steward.grants[0].unit;
        let people = vec![
            person(
                "attaché of the collection",
                &rig.lan,
                rig.vientiane,
                "LA",
                false,
                true,
                true,
            ),
            person(
                "attaché elsewhere",
                &rig.paul,
                rig.paris,
                "FR",
                false,
                true,
                false,
            ),
            person("reader", &rig.reader, rig.vientiane, "LA", false, false, false),
            person("contributor", &rig.minh, rig.agency, "VN", true, false, false),
            person("steward", &rig.steward, ministry, "VN", true, true, true),
        ];
        let outsider = site.router(None, Language::Vi);
        Self {
            site,
            assets,
            people,
            collection,
            link,
            outsider,
        }
    }

    /// The rule, read again.
    fn verdict(&self, asset: &Known, country: &str, channel: Option<&str>) -> Option<Refusal> {
        match asset.state {
            State::Published => expected(&asset.rights, country, channel, self.site.rig.clock.now()),
            State::Withdrawn => Some(Refusal::Withdrawn),
            _ => Some(Refusal::NotPublished),
        }
    }

    fn may(&self, asset: &Known, person: &Person, channel: Option<&str>) -> bool {
        self.verdict(asset, person.country, channel).is_none()
    }

    fn sees(&self, asset: &Known, person: &Person) -> bool {
        person.keeps || self.may(asset, person, None)
    }

    /// The names of those for which it holds.
    fn those(&self, holds: impl Fn(&Known) -> bool) -> BTreeSet<&str> {
        self.assets
            .iter()
            .filter(|asset| holds(asset))
            .map(|asset| asset.title.as_str())
            .collect()
    }

    /// The names of those whose mark stands in a text.
    fn named<'a>(&'a self, text: &str, mark: impl Fn(&Known) -> String) -> BTreeSet<&'a str> {
        self.those(|asset| text.contains(&mark(asset)))
    }
}

async fn known(site: &Site, n: u32, state: State, rights: Rights) -> Known {
    let rig = &site.rig;
    let steward = Actor::new(&rig.steward);
    let file_name = format!("tep-{n:03}.jpg");
    let id = rig
        .opened(&file_name, &picture(40 + n, 30), site.scratch.path())
        .await;
    let title = format!("Ảnh số {n:03}");
    let details = Details {
        rights: rights.clone(),
        ..Rig::details(&title)
    };
    rig.describe(&rig.steward, id, details).await;
    let library = &rig.library;
    if matches!(state, State::InReview | State::Returned) {
        library.submit(steward, &[id]).await.unwrap();
    }
    match state {
        State::Returned => drop(
            library
                .give_back(steward, &[id], "Thiếu chú thích")
                .await
                .unwrap(),
        ),
        State::Published | State::Withdrawn => drop(library.publish(steward, &[id]).await.unwrap()),
        _ => {}
    }
    if state == State::Withdrawn {
        library.withdraw(steward, id, "Sai chú thích").await.unwrap();
    }
    let file = async |role: &str| -> Uuid {
        sqlx::query_scalar("select id from assets.files where asset_id = $1 and role = $2")
            .bind(id.0)
            .bind(role)
            .fetch_one(rig.db.owner())
            .await
            .unwrap()
    };
    let ministry = rig.steward.grants[0].unit.0;
    let units = [rig.vientiane.0, rig.paris.0, rig.agency.0, ministry];
    let rendition = sqlx::query_scalar(
        "with made as (
             select r.id from assets.files f join assets.renditions r on r.source = f.sha256
             where f.asset_id = $1 and f.role = 'clean' and r.state = 'ready' and r.spec like '%1600%'),
         asked as (
             insert into assets.asked (asset_id, rendition_id, unit_id, person_id, purpose, asked_at)
             select $1, made.id, t.unit, t.unit, 'web', now() from made cross join unnest($2::uuid[]) as t (unit))
         select id from made",
    )
    .bind(id.0)
    .bind(&units[..])
    .fetch_one(rig.db.owner())
    .await
    .unwrap();
    assert_eq!(rig.asset(id).await.state, state);
    Known {
        id,
        title,
        file_name,
        state,
        rights,
        clean: file("clean").await,
        original: file("original").await,
        rendition,
    }
}

/// A collection of Vientiane's with all of them, open to the whole house, and a link to it.
async fn given(site: &Site, assets: &[Known]) -> (CollectionId, String) {
    let rig = &site.rig;
    let lan = Actor::new(&rig.lan);
    let draft = CollectionDraft {
        names: [("vi".to_owned(), "Tất cả".to_owned())].into(),
        shared_all: true,
        ..CollectionDraft::default()
    };
    let id = rig
        .library
        .save_collection(lan, rig.vientiane, None, draft)
        .await
        .unwrap();
    // Rights change while a thing is in a collection, so it may hold whatever there is.
    let ids: Vec<Uuid> = assets.iter().map(|asset| asset.id.0).collect();
    sqlx::query(
        "insert into assets.collection_items (collection_id, asset_id, position)
         select $1, t.id, t.place from unnest($2::uuid[]) with ordinality as t (id, place)",
    )
    .bind(id.0)
    .bind(&ids)
    .execute(rig.db.owner())
    .await
    .unwrap();
    let share = NewShare {
        ends_at: rig.clock.now() + TimeDelta::days(1),
        password: None,
        max_downloads: None,
    };
    let (_, token) = rig.library.share(lan, id, share).await.unwrap();
    (id, format!("/shared/{token}"))
}

async fn ask(router: &Router, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).unwrap();
    Answer::of(router.clone().oneshot(request).await.unwrap()).await
}

/// The names in a zip, without the text beside the files.
fn zipped(answer: &Answer) -> String {
    if !answer.status.is_success() {
        return String::new();
    }
    let archive = zip::ZipArchive::new(Cursor::new(&answer.bytes)).unwrap();
    let names: Vec<_> = archive
        .file_names()
        .map(|name| name.unwrap().into_owned())
        .collect();
    names.join("\n")
}

impl World {
    async fn each_asset(&self, person: &Person, turn: usize) {
        for (n, asset) in self.assets.iter().enumerate() {
            let channel = CHANNELS[(n + turn) % CHANNELS.len()];
            let (sees, may) = (self.sees(asset, person), self.may(asset, person, channel));
            let id = asset.id;
            let meant = format!("for={}&channel={}", person.unit, channel.unwrap_or_default());
            let shown = if sees { 200 } else { 404 };
            let taken = match (person.uses, sees, may) {
                (false, ..) | (true, true, false) => 403,
                (true, false, _) => 404,
                (true, true, true) => 200,
            };
            // Whoever looks after an asset makes something of it too, as far as the rule allows.
            let makes = person.uses || person.keeps;
            let adapts = match (sees, makes) {
                (false, _) => 404,
                (true, false) => 403,
                (true, true) => 200,
            };
            let made = match (sees, makes && may) {
                (false, _) => 404,
                (true, false) => 403,
                (true, true) => 200,
            };
            let rendition = format!("{id}/renditions/{}", asset.rendition);
            let clean = match (sees, person.keeps, person.uses && may) {
                (false, ..) => 404,
                (true, true, _) | (true, false, true) => 200,
                (true, false, false) => 403,
            };
            let original = if person.keeps { 200 } else { 404 };
            for (path, status) in [
                (format!("/assets/{id}"), shown),
                (format!("/assets/{id}/preview/240"), shown),
                (format!("/assets/{id}/fragments/glance"), shown),
                (format!("/assets/{id}/fragments/preview"), shown),
                (format!("/assets/{id}/fragments/alike"), shown),
                (format!("/api/v1/assets/{id}"), shown),
                (format!("/api/v1/assets/{id}/verdict?{meant}"), shown),
                (format!("/assets/{id}/download?{meant}"), taken),
                (format!("/assets/{id}/adapt?{meant}"), adapts),
                (format!("/assets/{id}/fragments/renditions"), adapts),
                (format!("/assets/{rendition}/look"), adapts),
                (format!("/assets/{rendition}?{meant}"), made),
                (format!("/assets/{id}/translation?{meant}"), taken),
                (format!("/api/v1/assets/{id}/renditions"), adapts),
                (format!("/api/v1/assets/{rendition}"), adapts),
                (format!("/api/v1/assets/{rendition}/file?{meant}"), made),
                (format!("/api/v1/assets/{id}/file?{meant}"), taken),
                (format!("/assets/{id}/files/{}?{meant}", asset.clean), clean),
                (format!("/assets/{id}/files/{}?{meant}", asset.original), original),
            ] {
                let answer = ask(&person.router, &path).await;
                let about = || format!("{} {path} {:?} {:?}", person.name, asset.state, asset.rights);
                assert_eq!(answer.status, status, "{}", about());
                if path.contains("/verdict") && sees {
                    let json: serde_json::Value = serde_json::from_slice(&answer.bytes).unwrap();
                    let refusal = self.verdict(asset, person.country, channel);
                    let reason = refusal.map(|refusal| refusal.to_string());
                    assert_eq!(json["reason"].as_str(), reason.as_deref(), "{}", about());
                }
                if path.contains("/alike") && sees {
                    let others = self.named(answer.text(), |other| other.id.to_string());
                    let open = self.those(|other| self.may(other, person, None));
                    assert!(others.is_subset(&open), "{}", about());
                }
            }
        }
    }

    async fn lists(&self, person: &Person) {
        let published = |asset: &Known| asset.state == State::Published && self.sees(asset, person);
        for channel in CHANNELS {
            let usable = channel.unwrap_or("here");
            let query = format!("for={}&usable={usable}", person.unit);
            let open = self.those(|asset| published(asset) && self.may(asset, person, channel));
            for path in ["/assets", "/assets/pick", "/api/v1/assets"] {
                let answer = ask(&person.router, &format!("{path}?{query}")).await;
                let found = self.named(answer.text(), |asset| asset.id.to_string());
                assert_eq!(found, open, "{} {path}?{query}", person.name);
            }
        }
        for (path, listed) in [
            ("/assets", self.those(published)),
            ("/api/v1/assets", self.those(published)),
            ("/assets/pick", self.those(|asset| self.may(asset, person, None))),
            (
                "/assets?state=draft",
                self.those(|asset| person.keeps && matches!(asset.state, State::Draft | State::Returned)),
            ),
            (
                "/api/v1/assets?state=withdrawn",
                self.those(|asset| person.keeps && asset.state == State::Withdrawn),
            ),
        ] {
            let answer = ask(&person.router, path).await;
            let found = self.named(answer.text(), |asset| asset.id.to_string());
            assert_eq!(found, listed, "{} {path}", person.name);
        }
    }

    async fn in_collection(&self, person: &Person) {
        let path = format!("/collections/{}", self.collection);
        let open = self.those(|asset| self.may(asset, person, None));
        let page = ask(&person.router, &path).await;
        assert_eq!(
            self.named(page.text(), |asset| asset.title.clone()),
            open,
            "{}",
            person.name
        );
        let sheet = ask(&person.router, &format!("{path}/sheet.pdf")).await;
        let printed = said("pdftotext", &sheet.bytes, &["-layout", "-"]);
        assert_eq!(
            self.named(&printed, |asset| asset.title.clone()),
            open,
            "{}",
            person.name
        );
        let document = ask(&person.router, &format!("/api/v1{path}")).await;
        let listed = self.those(|asset| person.owns || self.may(asset, person, None));
        assert_eq!(
            self.named(document.text(), |asset| asset.id.to_string()),
            listed,
            "{}",
            person.name
        );
        for channel in CHANNELS {
            let query = format!("for={}&channel={}", person.unit, channel.unwrap_or_default());
            let open = self.those(|asset| person.uses && self.may(asset, person, channel));
            let zip = ask(&person.router, &format!("{path}/zip?{query}")).await;
            let status = match (person.uses, open.is_empty()) {
                (false, _) => 403,
                (true, true) => 409,
                (true, false) => 200,
            };
            assert_eq!(zip.status, status, "{} {query}", person.name);
            let found = self.named(&zipped(&zip), |asset| asset.file_name.clone());
            assert_eq!(found, open, "{} {query}", person.name);
        }
    }

    async fn by_link(&self) {
        let open = |asset: &Known| self.verdict(asset, "LA", Some(SHARE_LINK)).is_none();
        let page = ask(&self.outsider, &self.link).await;
        assert_eq!(
            self.named(page.text(), |asset| asset.title.clone()),
            self.those(open)
        );
        let zip = ask(&self.outsider, &format!("{}/zip", self.link)).await;
        let found = self.named(&zipped(&zip), |asset| asset.file_name.clone());
        assert_eq!(found, self.those(open));
        for asset in &self.assets {
            let status = if open(asset) { 200 } else { 404 };
            for what in ["preview", "download"] {
                let path = format!("{}/{}/{what}", self.link, asset.id);
                let answer = ask(&self.outsider, &path).await;
                assert_eq!(
                    answer.status, status,
                    "{path} {:?} {:?}",
                    asset.state, asset.rights
                );
            }
        }
    }

    /// As the calendar, the publisher and the press room ask.
    async fn by_services(&self) {
        let rig = &self.site.rig;
        let now = rig.clock.now();
        let calendar = rig.db.service(Service::Calendar);
        let others =
            [Service::Calendar, Service::Publisher, Service::Newsroom].map(|one| rig.db.service(one));
        for asset in &self.assets {
            for (unit, country) in [(rig.vientiane, "LA"), (rig.paris, "FR")] {
                for (turn, channel) in CHANNELS.into_iter().enumerate() {
                    let answer: Option<String> = sqlx::query_scalar("select assets.may_use($1, $2, $3, $4)")
                        .bind(asset.id.0)
                        .bind(unit.0)
                        .bind(channel)
                        .bind(now)
                        .fetch_one(&others[turn % others.len()])
                        .await
                        .unwrap();
                    let refusal = self
                        .verdict(asset, country, channel)
                        .map(|refusal| refusal.to_string());
                    assert_eq!(answer, refusal, "{country} {channel:?} {:?}", asset.rights);
                }
                let picture: Option<String> =
                    sqlx::query_scalar("select sha256 from assets.picture($1, $2, $3)")
                        .bind(asset.id.0)
                        .bind(unit.0)
                        .bind(now)
                        .fetch_optional(&calendar)
                        .await
                        .unwrap();
                let open = self.verdict(asset, country, None).is_none();
                assert_eq!(picture.is_some(), open, "{country} {:?}", asset.rights);
            }
        }
    }
}

#[tokio::test]
async fn no_route_gives_what_the_rule_refuses() {
    let world = World::new().await;
    for turn in 0..2 {
        for (n, person) in world.people.iter().enumerate() {
            world.each_asset(person, turn + n).await;
            world.lists(person).await;
            world.in_collection(person).await;
        }
        world.by_link().await;
        world.by_services().await;
        world.site.rig.clock.advance(Duration::from_secs(1));
    }
}
