//! Files put in beside an asset that is there.

use axum::Router;
use axum::body::Body;
use chancery_assets::Actor;
use chancery_assets::intake::Purpose;
use chancery_assets::model::{Consent, FileRole, State};
use chancery_assets::store::files::{self, File};
use chancery_contracts::assets::{AssetChanged, Change};
use chancery_contracts::identity::{Notify, Recipient};
use chancery_contracts::ids::AssetId;
use http::{Method, StatusCode};

use super::form::{form, send_to};
use super::{Answer, PATH, STREAM, Site, ask, metadata, named, page};
use crate::rig::{Rig, picture};

const CAPTIONS: &[u8] = "1\n00:00:01,000 --> 00:00:03,000\nXin chào Viêng Chăn\n".as_bytes();

/// A part on its way, by the official protocol in one request.
async fn part(router: &Router, rig: &Rig, asset: AssetId, said: &[(&str, &str)], bytes: &[u8]) -> Answer {
    let (unit, asset, length) = (named(rig.agency), asset.to_string(), bytes.len().to_string());
    let mut all = vec![("unit", unit.as_str()), ("asset", asset.as_str())];
    all.extend(said);
    let metadata = metadata(&all);
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", length.as_str()),
        ("upload-metadata", metadata.as_str()),
        ("content-type", STREAM),
    ];
    ask(router, Method::POST, PATH, &headers, bytes.to_vec()).await
}

async fn files_of(rig: &Rig, id: AssetId) -> Vec<File> {
    let mut conn = rig.library.pool.acquire().await.unwrap();
    files::of_asset(&mut conn, id).await.unwrap()
}

/// The current file of a role.
async fn current(rig: &Rig, id: AssetId, role: &str) -> Option<File> {
    let all = files_of(rig, id).await;
    all.into_iter()
        .find(|file| file.role == role && file.state == "ready" && file.superseded_at.is_none())
}

async fn film(rig: &Rig) -> AssetId {
    let id = rig.draft("Lễ thượng cờ.mp4").await;
    sqlx::query("update assets.assets set kind = 'film' where id = $1")
        .bind(id.0)
        .execute(rig.db.owner())
        .await
        .unwrap();
    id
}

/// A real picture of Minh's, looked into.
async fn real_picture(site: &Site) -> AssetId {
    let path = site.put("Hồ Gươm.jpg", &picture(640, 480)).await;
    assert_eq!(site.work().await.dead, 0);
    site.status(&path).await["asset"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap()
}

#[tokio::test]
async fn captions_come_beside_a_film_in_their_language_and_are_found_by_their_words() {
    let site = Site::new().await;
    let id = film(&site.rig).await;
    let said = [
        ("filename", "phụ đề.srt"),
        ("role", "captions"),
        ("language", "LO"),
    ];
    let answer = part(&site.router, &site.rig, id, &said, CAPTIONS).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(site.work().await.dead, 0);
    let captions = current(&site.rig, id, "captions").await.unwrap();
    assert_eq!(
        (captions.language.as_deref(), captions.name.as_str()),
        (Some("lo"), "phụ đề.srt")
    );
    let shown = page(&site.rig, &site.rig.minh, &format!("/assets/{id}")).await;
    assert!(shown.body.contains("Captions · Lao"), "{}", shown.body);
    // Another language stands beside, the same takes its place.
    for language in ["vi", "lo"] {
        let said = [
            ("filename", "a.srt"),
            ("role", "captions"),
            ("language", language),
        ];
        part(&site.router, &site.rig, id, &said, CAPTIONS).await;
    }
    site.work().await;
    let all = files_of(&site.rig, id).await;
    let captions: Vec<_> = all
        .iter()
        .filter(|file| file.role == "captions")
        .map(|file| {
            (
                file.language.as_deref().unwrap(),
                file.version,
                file.superseded_at.is_some(),
            )
        })
        .collect();
    assert_eq!(captions, [("lo", 2, false), ("lo", 1, true), ("vi", 1, false)]);
}

#[tokio::test]
async fn what_does_not_fit_is_refused_with_a_sentence_and_what_stood_stays() {
    let site = Site::new().await;
    let id = real_picture(&site).await;
    let before = current(&site.rig, id, "original").await.unwrap();
    for (said, sentence) in [
        (
            vec![("filename", "a.srt"), ("role", "captions"), ("language", "vi")],
            "no such files",
        ),
        (vec![("filename", "a.jpg"), ("role", "clean")], "no such files"),
    ] {
        let answer = part(&site.router, &site.rig, id, &said, CAPTIONS).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{said:?}");
        assert!(answer.body.contains(sentence), "{}", answer.body);
    }
    // By content: captions are no better picture.
    let said = [("filename", "a.srt"), ("role", "original")];
    let answer = part(&site.router, &site.rig, id, &said, CAPTIONS).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(current(&site.rig, id, "original").await.unwrap().id, before.id);
    let shown = page(&site.rig, &site.rig.minh, &format!("/assets/{id}")).await;
    assert!(
        shown.body.contains("of another kind than the asset"),
        "{}",
        shown.body
    );
    assert!(
        shown.body.contains("/preview/1200"),
        "the picture is shown all the same"
    );

    let film = film(&site.rig).await;
    for language in ["", "Tiếng Lào"] {
        let said = [
            ("filename", "a.srt"),
            ("role", "captions"),
            ("language", language),
        ];
        let answer = part(&site.router, &site.rig, film, &said, CAPTIONS).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.body.contains("need a language"), "{}", answer.body);
    }
    let said = [("filename", "a.jpg"), ("role", "captions"), ("language", "vi")];
    part(&site.router, &site.rig, film, &said, &picture(64, 48)).await;
    site.work().await;
    let refused = files_of(&site.rig, film).await;
    let refused = refused.iter().find(|file| file.role == "captions").unwrap();
    assert_eq!(refused.refusal.as_deref(), Some("parts-refused-captions"));
}

#[tokio::test]
async fn a_project_in_a_zip_is_kept_whole_as_the_editable_source() {
    let site = Site::new().await;
    let id = real_picture(&site).await;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    zip.start_file("layers.psd", zip::write::SimpleFileOptions::default())
        .unwrap();
    std::io::Write::write_all(&mut zip, b"layers").unwrap();
    let bytes = zip.finish().unwrap().into_inner();
    let said = [("filename", "project.zip"), ("role", "source")];
    part(&site.router, &site.rig, id, &said, &bytes).await;
    assert_eq!(site.work().await.dead, 0);
    let source = current(&site.rig, id, "source").await.unwrap();
    assert_eq!(source.sha256, super::hash(&bytes));
    assert_eq!(site.rig.asset(id).await.kind.as_str(), "picture");
}

#[tokio::test]
async fn a_contributor_puts_files_beside_drafts_only_and_a_steward_beside_everything() {
    let site = Site::new().await;
    let id = real_picture(&site).await;
    let rig = &site.rig;
    rig.describe(&rig.steward, id, Rig::details("Hồ Gươm")).await;
    // Begun while it was a draft, whole when a steward had published it.
    let (unit, asset) = (named(rig.agency), id.to_string());
    let metadata = metadata(&[
        ("unit", &unit),
        ("asset", &asset),
        ("role", "original"),
        ("filename", "late.jpg"),
    ]);
    let bytes = picture(800, 600);
    let length = bytes.len().to_string();
    let headers = [
        ("tus-resumable", "1.0.0"),
        ("upload-length", length.as_str()),
        ("upload-metadata", metadata.as_str()),
    ];
    let late = site
        .ask(Method::POST, PATH, &headers, Body::empty())
        .await
        .location();
    rig.library
        .publish(Actor::new(&rig.steward), &[id])
        .await
        .unwrap();
    assert_eq!(
        site.patch(&late, 0, bytes.clone()).await.status,
        StatusCode::NO_CONTENT
    );
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(site.status(&late).await["refusal"], "assets-not-yours-now");
    assert_eq!(current(rig, id, "original").await.unwrap().version, 1);

    let said = [("filename", "better.jpg"), ("role", "original")];
    let answer = part(&site.router, rig, id, &said, &bytes).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.body.contains("only a steward"), "{}", answer.body);
    let foreign = Site::router_for(rig, &rig.lan);
    let answer = part(&foreign, rig, id, &said, &bytes).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    let shown = page(&site.rig, &rig.minh, &asset_path(id)).await;
    assert!(
        !shown.body.contains("id=\"uploads\""),
        "nothing is offered that would be refused"
    );

    let steward = Site::router_for(rig, &rig.steward);
    let answer = part(&steward, rig, id, &said, &bytes).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
    assert_eq!(site.work().await.dead, 0);
    assert_eq!(current(rig, id, "original").await.unwrap().version, 2);
    assert_eq!(rig.asset(id).await.state, State::Published);
}

fn asset_path(id: AssetId) -> String {
    format!("/assets/{id}")
}

#[tokio::test]
async fn a_replaced_original_is_told_to_those_who_have_it_and_can_be_put_back() {
    let site = Site::new().await;
    let id = real_picture(&site).await;
    let rig = &site.rig;
    rig.describe(&rig.steward, id, Rig::details("Hồ Gươm")).await;
    rig.library
        .publish(Actor::new(&rig.steward), &[id])
        .await
        .unwrap();
    let first = current(rig, id, "original").await.unwrap();
    let taken = page(&site.rig, &rig.lan, &format!("/assets/{id}/download")).await;
    assert_eq!(taken.status, StatusCode::OK);

    let steward = Site::router_for(rig, &rig.steward);
    let said = [("filename", "better.jpg"), ("role", "original")];
    part(&steward, rig, id, &said, &picture(800, 600)).await;
    assert_eq!(site.work().await.dead, 0);
    let changes = rig.sent::<AssetChanged>().await;
    assert_eq!(
        changes.iter().map(|told| told.change).collect::<Vec<_>>(),
        [Change::File]
    );
    let notices = replaced(rig).await;
    assert_eq!(notices.len(), 1, "one notice for everybody");
    assert_eq!(
        notices[0].to,
        [
            Recipient::Person(rig.minh.person),
            Recipient::Role {
                role: "press_attache".into(),
                unit: rig.vientiane
            }
        ]
    );
    assert_eq!(notices[0].arguments["person"], "Steward");

    // Minh may look at the earlier one, and only a steward puts it back.
    let path = format!("/assets/{id}/files/{}", first.id);
    assert_eq!(
        page(&site.rig, &rig.minh, &format!("{path}/preview"))
            .await
            .status,
        StatusCode::OK
    );
    assert_eq!(
        page(&site.rig, &rig.lan, &format!("{path}/preview")).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        page(&site.rig, &rig.lan, &path).await.status,
        StatusCode::NOT_FOUND
    );
    let back = format!("{path}/put-back");
    let refused = site.ask(Method::POST, &back, &[], Body::empty()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = ask(&steward, Method::POST, &back, &[], Body::empty()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(site.work().await.dead, 0);
    let now = current(rig, id, "original").await.unwrap();
    assert_eq!((now.version, now.sha256), (3, first.sha256));
    assert_eq!(current(rig, id, "clean").await.unwrap().version, 3);
    assert_eq!(replaced(rig).await.len(), 2);
    let current_one = ask(
        &steward,
        Method::POST,
        &format!("/assets/{id}/files/{}/put-back", now.id),
        &[],
        Body::empty(),
    )
    .await;
    assert_eq!(
        current_one.status,
        StatusCode::NOT_FOUND,
        "what is current is no earlier one"
    );
}

async fn replaced(rig: &Rig) -> Vec<Notify> {
    let all = rig.sent::<Notify>().await;
    all.into_iter()
        .filter(|notice| notice.key == "notice-asset-replaced")
        .collect()
}

#[tokio::test]
async fn a_consent_is_seen_by_keepers_only_and_offers_itself_to_the_steward() {
    let site = Site::new().await;
    let id = real_picture(&site).await;
    let rig = &site.rig;
    let fields = [("csrf", "x"), ("role", "consent")];
    let body = form(&fields, &[("đồng ý.jpg", &picture(320, 240))]);
    let answer = send_to(&site.router, &format!("/assets/{id}/files"), body).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
    assert_eq!(site.work().await.dead, 0);
    let consent = current(rig, id, "consent").await.unwrap();
    assert!(
        !page(&site.rig, &rig.minh, &asset_path(id))
            .await
            .body
            .contains("parts-consent-offer")
    );
    let offered = page(&site.rig, &rig.steward, &asset_path(id)).await;
    assert!(
        offered.body.contains(&format!("/assets/{id}/consent")),
        "{}",
        offered.body
    );

    let steward = Site::router_for(rig, &rig.steward);
    let path = format!("/assets/{id}/consent");
    let refused = site.ask(Method::POST, &path, &[], Body::empty()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let done = ask(&steward, Method::POST, &path, &[], Body::empty()).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.body);
    assert_eq!(rig.asset(id).await.details.rights.consent, Consent::Given);
    assert!(
        !page(&site.rig, &rig.steward, &asset_path(id))
            .await
            .body
            .contains(&format!("action=\"{path}\""))
    );

    let mut details = Rig::details("Hồ Gươm");
    details.rights.consent = Consent::Given;
    rig.describe(&rig.steward, id, details).await;
    rig.library
        .publish(Actor::new(&rig.steward), &[id])
        .await
        .unwrap();
    let shown = page(&site.rig, &rig.lan, &asset_path(id)).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(!shown.body.contains(&consent.id.to_string()));
    let file = format!("/assets/{id}/files/{}", consent.id);
    assert_eq!(
        page(&site.rig, &rig.lan, &file).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(page(&site.rig, &rig.minh, &file).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_refused_form_comes_back_with_what_was_chosen() {
    let site = Site::new().await;
    let id = film(&site.rig).await;
    let body = form(
        &[("csrf", "x"), ("role", "captions"), ("language", "")],
        &[("a.srt", CAPTIONS)],
    );
    let answer = send_to(&site.router, &format!("/assets/{id}/files"), body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        answer.body.contains("Captions need a language"),
        "{}",
        answer.body
    );
    assert!(
        answer
            .body
            .contains("value=\"captions\" data-accept=\".srt,.vtt\" data-speaks selected"),
        "{}",
        answer.body
    );
    let none = form(&[("csrf", "x"), ("role", "source")], &[]);
    let answer = send_to(&site.router, &format!("/assets/{id}/files"), none).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        files_of(&site.rig, id)
            .await
            .iter()
            .all(|file| file.role != "captions")
    );
}

#[tokio::test]
async fn a_drafts_better_original_has_no_users_to_be_told() {
    let rig = Rig::new().await;
    let id = rig.draft("a.jpg").await;
    let purpose = Purpose::Part {
        asset: id,
        role: FileRole::Original,
        language: None,
    };
    let own = rig.arrive("b.jpg", b"b", None, purpose).await;
    rig.look(own).await;
    assert!(
        rig.sent::<AssetChanged>().await.is_empty(),
        "a draft has no users"
    );
    let told = replaced(&rig).await;
    // Whoever did it is left out by who delivers notices.
    assert_eq!(told[0].to, [Recipient::Person(rig.minh.person)]);
}
