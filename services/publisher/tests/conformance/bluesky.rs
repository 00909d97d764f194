//! Bluesky's connector and a real Personal Data Server.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::{Clock as _, TestClock};
use chancery_contracts::ids::AccountId;
use chancery_contracts::{EditionImage, EditionVariant, Platform};
use chancery_publisher::connectors::bluesky::{Bluesky, is_tid};
use chancery_publisher::connectors::{
    Connector, Context, Idempotency, KeeperError, Located, Outcome, Prepared, Secret, SessionKeeper, Setback,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::pds::{Account, Pds};
use crate::proxy::{Answer, Fault, Proxy, http};
use crate::suite::{Harness, Memory, Post, picture, prepare, present, published, soon, store};
use crate::{lexicon, specs};

crate::conformance!(Bed::start);

const PUT: &str = "com.atproto.repo.putRecord";
const SIGN_IN: &str = "com.atproto.server.createSession";
const REFRESH: &str = "com.atproto.server.refreshSession";

/// An account on the real server, reached through the proxy.
struct Bed {
    connector: Bluesky,
    context: Context,
    clock: TestClock,
    proxy: Proxy,
    pds: Pds,
    account: Account,
    session: Arc<Memory>,
    _files: tempfile::TempDir,
}

impl Bed {
    async fn start() -> Self {
        let pds = Pds::shared().await;
        let proxy = Proxy::to(pds.url.clone()).await;
        let clock = present();
        let account = pds.account(&handle(&clock)).await;
        let session = Arc::new(Memory::default());
        let (files, store) = store(&clock);
        let context = Context {
            account: AccountId(clock.new_id()),
            handle: account.handle.clone(),
            service_url: proxy.url.clone(),
            credentials: Secret::new(json!({"app_password": account.app_password}).to_string()),
            session: Arc::clone(&session) as _,
            http: http(),
            store,
            clock: clock.shared(),
        };
        Self {
            connector: Bluesky::default(),
            context,
            clock,
            proxy,
            pds,
            account,
            session,
            _files: files,
        }
    }

    /// The kept session, to read or to spoil.
    fn kept(&self) -> Value {
        serde_json::from_str(self.session.kept.lock().unwrap().as_ref().unwrap().expose()).unwrap()
    }

    fn keep(&self, session: &Value) {
        *self.session.kept.lock().unwrap() = Some(Secret::new(session.to_string()));
    }

    /// What became of a post of this text.
    async fn post(&self, text: &str) -> Value {
        let variant = self.variant(text, vec![]);
        let state = prepare(self, &variant).await;
        self.commit(&variant, &state).await;
        self.pds.records(&self.account).await.pop().unwrap().1
    }

    async fn commit(&self, variant: &EditionVariant, state: &Value) -> Outcome {
        let key = self.connector.new_key(&self.clock);
        self.connector
            .commit(&self.context, variant, &key, state, soon())
            .await
    }

    async fn setback(&self) -> Setback {
        match self
            .connector
            .prepare(&self.context, &self.variant("Xin chào", vec![]), None)
            .await
        {
            Prepared::Stopped { why, .. } => why,
            other => panic!("{other:?}"),
        }
    }
}

fn handle(clock: &TestClock) -> String {
    let id = clock.new_id().simple().to_string();
    format!("m{}.test", &id[id.len() - 14..])
}

#[async_trait]
impl Harness for Bed {
    fn connector(&self) -> &dyn Connector {
        &self.connector
    }

    fn context(&self) -> &Context {
        &self.context
    }

    fn clock(&self) -> &TestClock {
        &self.clock
    }

    fn proxy(&self) -> &Proxy {
        &self.proxy
    }

    fn paths(&self) -> (&'static str, &'static str) {
        (PUT, "com.atproto.repo.getRecord")
    }

    fn variant(&self, text: &str, images: Vec<EditionImage>) -> EditionVariant {
        EditionVariant {
            account: self.context.account,
            platform: Platform::Bluesky,
            language: "vi".to_owned(),
            title: String::new(),
            body: text.to_owned(),
            images,
        }
    }

    fn too_long(&self) -> String {
        "ớ".repeat(301)
    }

    async fn posts(&self) -> Vec<Post> {
        let mut posts = Vec::new();
        for (remote_id, record) in self.pds.records(&self.account).await {
            let mut images = Vec::new();
            for image in record["embed"]["images"].as_array().into_iter().flatten() {
                let file = self
                    .pds
                    .blob(&self.account, image["image"]["ref"]["$link"].as_str().unwrap())
                    .await;
                images.push((image["alt"].as_str().unwrap().to_owned(), file));
            }
            posts.push(Post {
                remote_id,
                text: record["text"].as_str().unwrap().to_owned(),
                images,
            });
        }
        posts
    }

    async fn revoke(&self) {
        self.pds.revoke(&self.account).await;
        self.clock.advance(Duration::from_secs(3 * 3600));
    }
}

#[tokio::test]
async fn a_record_has_the_key_as_its_id_and_says_when_and_in_which_language() {
    let bed = Bed::start().await;
    assert_eq!(bed.connector.idempotency(), Idempotency::OwnId);
    let variant = EditionVariant {
        language: "lo".to_owned(),
        ..bed.variant("ສະບາຍດີ", vec![])
    };
    let key = bed.connector.new_key(&bed.clock);
    assert!(is_tid(&key));
    let state = prepare(&bed, &variant).await;
    let receipt = published(
        bed.connector
            .commit(&bed.context, &variant, &key, &state, soon())
            .await,
    );
    assert_eq!(
        receipt.remote_id,
        format!("at://{}/app.bsky.feed.post/{key}", bed.account.did)
    );
    assert_eq!(
        receipt.url,
        format!("https://bsky.app/profile/{}/post/{key}", bed.account.handle)
    );
    let (_, record) = bed.pds.records(&bed.account).await.pop().unwrap();
    assert_eq!(record["langs"], json!(["lo"]));
    let created: DateTime<Utc> = record["createdAt"].as_str().unwrap().parse().unwrap();
    assert_eq!(created.timestamp_millis(), bed.clock.now().timestamp_millis());
    assert!(record.get("facets").is_none() && record.get("embed").is_none());
}

#[tokio::test]
async fn links_mentions_and_hashtags_point_at_their_bytes() {
    let bed = Bed::start().await;
    let friend = bed.pds.account(&handle(&bed.clock)).await;
    let text = format!(
        "🇻🇳 Cảm ơn @{}, @khong-co.test! Xem https://mofa.gov.vn/vi/tin?a=Việt#x. #QuốcKhánh",
        friend.handle
    );
    let record = bed.post(&text).await;
    let found: Vec<(&str, Value)> = record["facets"]
        .as_array()
        .unwrap()
        .iter()
        .map(|facet| {
            let at = |name| usize::try_from(facet["index"][name].as_u64().unwrap()).unwrap();
            (
                &text[at("byteStart")..at("byteEnd")],
                facet["features"][0].clone(),
            )
        })
        .collect();
    let mention = format!("@{}", friend.handle);
    let expected = [
        (
            mention.as_str(),
            json!({"$type": "app.bsky.richtext.facet#mention", "did": friend.did}),
        ),
        (
            "https://mofa.gov.vn/vi/tin?a=Việt#x",
            json!({"$type": "app.bsky.richtext.facet#link", "uri": "https://mofa.gov.vn/vi/tin?a=Việt#x"}),
        ),
        (
            "#QuốcKhánh",
            json!({"$type": "app.bsky.richtext.facet#tag", "tag": "QuốcKhánh"}),
        ),
    ];
    assert_eq!(found, expected, "a handle that nobody has stays plain text");
}

#[tokio::test]
async fn a_mention_that_cannot_be_looked_up_does_not_hold_the_statement() {
    let bed = Bed::start().await;
    let friend = bed.pds.account(&handle(&bed.clock)).await;
    let variant = bed.variant(
        &format!("Cảm ơn @{} và @{}", friend.handle, bed.account.handle),
        vec![],
    );
    bed.proxy
        .fail("resolveHandle", Fault::Instead(Answer::new(500, "")));
    let state = prepare(&bed, &variant).await;
    assert_eq!(
        bed.proxy.count("resolveHandle"),
        1,
        "a server that is down is not asked for every name"
    );
    // Found the next time, and not asked for again after that.
    let Prepared::Ready { state } = bed.connector.prepare(&bed.context, &variant, Some(state)).await else {
        panic!("not ready")
    };
    assert_eq!(bed.proxy.count("resolveHandle"), 3);
    published(bed.commit(&variant, &state).await);
    let (_, record) = bed.pds.records(&bed.account).await.pop().unwrap();
    assert_eq!(record["facets"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn a_picture_keeps_its_shape_and_is_uploaded_again_when_the_server_may_have_dropped_it() {
    let bed = Bed::start().await;
    let variant = bed.variant("Ảnh", vec![picture(&bed.context.store, "Mô tả").await]);
    let state = prepare(&bed, &variant).await;
    assert_eq!(bed.proxy.count("uploadBlob"), 1);
    bed.clock.advance(Duration::from_secs(20 * 60));
    let Prepared::Ready { state } = bed.connector.prepare(&bed.context, &variant, Some(state)).await else {
        panic!("not ready")
    };
    assert_eq!(bed.proxy.count("uploadBlob"), 2);
    // Also when the minute comes much later than was thought, as after a pause.
    bed.clock.advance(Duration::from_secs(20 * 60));
    published(bed.commit(&variant, &state).await);
    assert_eq!(bed.proxy.count("uploadBlob"), 3);
    let (_, record) = bed.pds.records(&bed.account).await.pop().unwrap();
    let image = &record["embed"]["images"][0];
    assert_eq!(image["aspectRatio"], json!({"width": 320, "height": 200}));
    assert_eq!(image["image"]["mimeType"], "image/jpeg");
}

#[tokio::test]
async fn a_dropped_picture_is_refused_without_effect() {
    let bed = Bed::start().await;
    let variant = bed.variant("Ảnh", vec![picture(&bed.context.store, "Mô tả").await]);
    let mut state = prepare(&bed, &variant).await;
    // The blob of another picture, which was never uploaded.
    let dropped = json!({"$link": "bafkreic532ewrb7wovgjwfn74osedlsia3ps7xuuaajrdyel6eigelqlxy"});
    state["record"]["embed"]["images"][0]["image"]["ref"] = dropped;
    let outcome = bed.commit(&variant, &state).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert!(bed.posts().await.is_empty());
}

#[tokio::test]
async fn what_only_the_server_finds_wrong_is_rejected_in_its_words() {
    let bed = Bed::start().await;
    let variant = bed.variant("Ngắn", vec![]);
    for (text, words) in [
        ("x".repeat(301), "grapheme too big"),
        ("\u{1f469}\u{200d}\u{1f467}".repeat(290), "too"),
    ] {
        let mut state = prepare(&bed, &variant).await;
        state["record"]["text"] = text.into();
        match bed.commit(&variant, &state).await {
            Outcome::Rejected(rejection) => assert!(rejection.message.contains(words), "{rejection}"),
            other => panic!("{other:?}"),
        }
    }
    assert!(bed.posts().await.is_empty());
}

#[tokio::test]
async fn the_longest_text_by_either_count_is_taken_by_the_server() {
    let bed = Bed::start().await;
    // 300 graphemes of 3 bytes; 120 graphemes of 25 bytes, 3,000 in all.
    for text in [
        "ớ".repeat(300),
        "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}".repeat(120),
    ] {
        assert_eq!(bed.post(&text).await["text"], text.as_str());
    }
    let bytes = bed.variant(
        &format!(
            "{}x",
            "\u{1f468}\u{200d}\u{1f469}\u{200d}\u{1f467}\u{200d}\u{1f466}".repeat(120)
        ),
        vec![],
    );
    match bed.connector.prepare(&bed.context, &bytes, None).await {
        Prepared::Stopped {
            why: Setback::Rejected(rejection),
            ..
        } => assert_eq!(rejection.code, "text-too-many-bytes"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn another_post_under_our_key_is_for_a_person() {
    let bed = Bed::start().await;
    let key = bed.connector.new_key(&bed.clock);
    let (one, two) = (
        bed.variant("Bài thứ nhất", vec![]),
        bed.variant("Bài thứ hai", vec![]),
    );
    let (first, second) = (prepare(&bed, &one).await, prepare(&bed, &two).await);
    published(
        bed.connector
            .commit(&bed.context, &one, &key, &first, soon())
            .await,
    );
    let outcome = bed
        .connector
        .commit(&bed.context, &two, &key, &second, soon())
        .await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    let located = bed.connector.locate(&bed.context, &two, &key, &second).await;
    assert!(matches!(located, Located::Other(_)), "{located:?}");
    let posts = bed.posts().await;
    assert_eq!(
        (posts.len(), posts[0].text.as_str()),
        (1, "Bài thứ nhất"),
        "nothing is overwritten"
    );
}

#[tokio::test]
async fn sign_in_happens_once_even_when_many_begin_together() {
    let bed = Bed::start().await;
    let variants: Vec<_> = (0..8).map(|n| bed.variant(&format!("Bài {n}"), vec![])).collect();
    let all = variants
        .iter()
        .map(|variant| bed.connector.prepare(&bed.context, variant, None));
    for prepared in futures_util::future::join_all(all).await {
        assert!(matches!(prepared, Prepared::Ready { .. }), "{prepared:?}");
    }
    assert_eq!(bed.proxy.count(SIGN_IN), 1);
}

#[tokio::test]
async fn a_session_is_refreshed_before_it_ends_and_the_new_token_is_kept() {
    let bed = Bed::start().await;
    prepare(&bed, &bed.variant("Trước", vec![])).await;
    let before = bed.kept();
    bed.clock.advance(Duration::from_secs(3 * 3600));
    prepare(&bed, &bed.variant("Sau", vec![])).await;
    assert_eq!((bed.proxy.count(SIGN_IN), bed.proxy.count(REFRESH)), (1, 1));
    assert_ne!(bed.kept()["refresh"], before["refresh"]);
    assert!(bed.kept()["refresh"].as_str().unwrap().len() > 20);
}

#[tokio::test]
async fn a_good_refresh_token_is_never_replaced_by_nothing() {
    let bed = Bed::start().await;
    prepare(&bed, &bed.variant("Trước", vec![])).await;
    let before = bed.kept();
    bed.clock.advance(Duration::from_secs(3 * 3600));
    for answer in [
        Answer::new(500, ""),
        Answer::new(200, "{}"),
        Answer::new(200, "<html>"),
        Answer::new(
            200,
            r#"{"did":"did:plc:a","handle":"a.test","accessJwt":"a","refreshJwt":""}"#,
        ),
    ] {
        bed.proxy.fail(REFRESH, Fault::Instead(answer));
        assert!(matches!(bed.setback().await, Setback::TryAgain { .. }));
        assert_eq!(bed.kept(), before);
    }
    // The server has rotated the token and its answer is lost, or can't be stored: the old one still works a while.
    bed.proxy.fail(REFRESH, Fault::AfterCut);
    assert!(matches!(bed.setback().await, Setback::TryAgain { .. }));
    *bed.session.broken.lock().unwrap() = true;
    assert!(matches!(bed.setback().await, Setback::TryAgain { .. }));
    *bed.session.broken.lock().unwrap() = false;
    assert_eq!(bed.kept(), before);
    prepare(&bed, &bed.variant("Sau", vec![])).await;
    assert_eq!(bed.proxy.count(SIGN_IN), 1, "no new sign-in was needed");
}

#[tokio::test]
async fn a_refused_token_is_replaced_and_the_commit_is_not_repeated() {
    let bed = Bed::start().await;
    let variant = bed.variant("Thẻ hết hạn", vec![]);
    let state = prepare(&bed, &variant).await;
    let mut session = bed.kept();
    session["access"] = "bad.token.here".into();
    bed.keep(&session);
    let outcome = bed.commit(&variant, &state).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert_eq!(bed.proxy.count(PUT), 1);
    assert!(bed.posts().await.is_empty());
    let Prepared::Ready { state } = bed.connector.prepare(&bed.context, &variant, Some(state)).await else {
        panic!("not ready")
    };
    published(bed.commit(&variant, &state).await);
    assert_eq!((bed.proxy.count(SIGN_IN), bed.proxy.count(REFRESH)), (1, 1));
}

#[tokio::test]
async fn a_token_refused_while_preparing_is_replaced_once() {
    let bed = Bed::start().await;
    prepare(&bed, &bed.variant("Trước", vec![])).await;
    let mut session = bed.kept();
    session["access"] = "bad.token.here".into();
    bed.keep(&session);
    assert_eq!(
        bed.connector
            .verify_account(&bed.context)
            .await
            .unwrap()
            .remote_id,
        bed.account.did
    );
    let variant = bed.variant("Ảnh", vec![picture(&bed.context.store, "Mô tả").await]);
    for _ in 0..2 {
        let body = r#"{"error":"InvalidToken","message":"Token could not be verified"}"#;
        bed.proxy
            .fail("uploadBlob", Fault::Instead(Answer::new(400, body)));
    }
    match bed.connector.prepare(&bed.context, &variant, None).await {
        Prepared::Stopped {
            why: Setback::NeedsReauth { .. },
            ..
        } => {}
        other => panic!("{other:?}"),
    }
    assert_eq!(bed.proxy.count("uploadBlob"), 2);
}

#[tokio::test]
async fn signing_in_again_and_again_is_not_done() {
    let bed = Bed::start().await;
    prepare(&bed, &bed.variant("Trước", vec![])).await;
    let mut session = bed.kept();
    session["access"] = "".into();
    session["refresh"] = "bad.token.here".into();
    bed.keep(&session);
    match bed.setback().await {
        Setback::RateLimited { until, .. } => assert!(until > bed.clock.now()),
        other => panic!("{other:?}"),
    }
    assert_eq!(bed.proxy.count(SIGN_IN), 1);
    bed.clock.advance(Duration::from_secs(300));
    prepare(&bed, &bed.variant("Sau", vec![])).await;
    assert_eq!(bed.proxy.count(SIGN_IN), 2);
}

/// What a process sees that is a moment late: first what was kept before, then what is kept.
struct Late {
    before: Mutex<Option<Secret>>,
    kept: Arc<Memory>,
}

#[async_trait]
impl SessionKeeper for Late {
    async fn load(&self) -> Result<Option<Secret>, KeeperError> {
        let before = self.before.lock().unwrap().take();
        if before.is_some() {
            Ok(before)
        } else {
            self.kept.load().await
        }
    }

    async fn save(&self, session: &Secret) -> Result<(), KeeperError> {
        self.kept.save(session).await
    }
}

#[tokio::test]
async fn a_session_that_another_process_renewed_is_used() {
    let bed = Bed::start().await;
    prepare(&bed, &bed.variant("Trước", vec![])).await;
    let good = bed.kept();
    let mut old = good.clone();
    old["access"] = "".into();
    old["refresh"] = "bad.token.here".into();
    let late = Late {
        before: Mutex::new(Some(Secret::new(old.to_string()))),
        kept: Arc::clone(&bed.session),
    };
    let context = Context {
        session: Arc::new(late),
        ..bed.context.clone()
    };
    let prepared = bed
        .connector
        .prepare(&context, &bed.variant("Sau", vec![]), None)
        .await;
    assert!(matches!(prepared, Prepared::Ready { .. }), "{prepared:?}");
    assert_eq!((bed.proxy.count(SIGN_IN), bed.proxy.count(REFRESH)), (1, 1));
    assert_eq!(bed.kept(), good);
}

#[tokio::test]
async fn a_wrong_password_a_missing_one_and_a_deactivated_account_need_a_person() {
    let bed = Bed::start().await;
    for credentials in [r#"{"app_password":"wrong"}"#, "{}", "", r#"{"app_password":7}"#] {
        let context = Context {
            credentials: Secret::new(credentials),
            ..bed.context.clone()
        };
        let verified = bed.connector.verify_account(&context).await;
        assert!(
            matches!(verified, Err(Setback::NeedsReauth { .. })),
            "{credentials}: {verified:?}"
        );
    }
    let variant = bed.variant("Tài khoản tạm khoá", vec![]);
    let state = prepare(&bed, &variant).await;
    bed.pds.deactivate(&bed.account).await;
    let outcome = bed.commit(&variant, &state).await;
    assert!(matches!(outcome, Outcome::NeedsReauth { .. }), "{outcome:?}");
    assert!(matches!(
        bed.connector.verify_account(&bed.context).await,
        Err(Setback::NeedsReauth { .. })
    ));
}

#[tokio::test]
async fn the_servers_own_rate_limit_header_is_understood() {
    let bed = Bed::start().await;
    let variant = bed.variant("Chậm lại", vec![]);
    let state = prepare(&bed, &variant).await;
    let now = bed.clock.now();
    for (reset, expected) in [
        (now.timestamp() + 900, TimeDelta::seconds(900)),
        (now.timestamp() - 900, TimeDelta::seconds(5)),
        (now.timestamp() + 9_000_000, TimeDelta::days(1)),
    ] {
        let answer =
            Answer::new(429, r#"{"error":"RateLimitExceeded"}"#).header("ratelimit-reset", reset.to_string());
        bed.proxy.fail(PUT, Fault::Instead(answer));
        match bed.commit(&variant, &state).await {
            Outcome::RateLimited { until, .. } => {
                assert!(((until - now) - expected).num_seconds().abs() <= 1, "{until}")
            }
            other => panic!("{other:?}"),
        }
    }
    bed.proxy.fail(PUT, Fault::Instead(Answer::new(429, "")));
    assert!(matches!(
        bed.commit(&variant, &state).await,
        Outcome::RateLimited { .. }
    ));
}

#[tokio::test]
async fn secrets_are_not_shown() {
    let bed = Bed::start().await;
    let variant = bed.variant("Bí mật", vec![]);
    let state = prepare(&bed, &variant).await;
    let session = bed.kept();
    let (access, refresh) = (
        session["access"].as_str().unwrap(),
        session["refresh"].as_str().unwrap(),
    );
    let shown = format!(
        "{:?} {state} {:?}",
        bed.context.credentials,
        bed.session.kept.lock().unwrap()
    );
    for secret in [bed.account.app_password.as_str(), access, refresh] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[tokio::test]
async fn requests_and_answers_are_as_the_lexicons_say() {
    let Some(folder) = specs::folder("Bluesky requests and answers against the lexicons") else {
        return;
    };
    let lexicons = lexicon::Lexicons::read(&folder.join("bluesky/lexicons"));
    let bed = Bed::start().await;
    let friend = bed.pds.account(&handle(&bed.clock)).await;
    let text = format!("Cảm ơn @{} https://mofa.gov.vn #QuốcKhánh", friend.handle);
    let variant = bed.variant(&text, vec![picture(&bed.context.store, "Mô tả").await]);
    bed.connector.verify_account(&bed.context).await.unwrap();
    bed.clock.advance(Duration::from_secs(3 * 3600));
    let state = prepare(&bed, &variant).await;
    let key = bed.connector.new_key(&bed.clock);
    bed.connector.locate(&bed.context, &variant, &key, &state).await;
    published(
        bed.connector
            .commit(&bed.context, &variant, &key, &state, soon())
            .await,
    );
    bed.clock.advance(Duration::from_secs(1));
    published(
        bed.connector
            .commit(&bed.context, &variant, &key, &state, soon())
            .await,
    );
    let seen = bed.proxy.seen();
    for method in [
        SIGN_IN,
        REFRESH,
        "getSession",
        "uploadBlob",
        "resolveHandle",
        PUT,
        "getRecord",
    ] {
        assert!(bed.proxy.count(method) > 0, "{method} was not used");
    }
    let mut problems = Vec::new();
    for exchange in &seen {
        problems.extend(lexicons.check(exchange));
        if exchange.path.ends_with(PUT) {
            problems.extend(lexicons.check_record("app.bsky.feed.post", &exchange.json()["record"]));
        }
    }
    assert!(problems.is_empty(), "{problems:#?}");
}
