//! What a post becomes on the server.

use std::time::Duration;

use chancery_clock::Clock as _;
use chancery_contracts::EditionVariant;
use chancery_publisher::connectors::bluesky::is_tid;
use chancery_publisher::connectors::{Connector as _, Idempotency, Located, Outcome, Prepared, Setback};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::{Bed, PUT, REFRESH, SIGN_IN, handle};
use crate::harness::{Harness as _, picture, prepare, published, soon};
use crate::proxy::{Answer, Fault};
use crate::{lexicon, specs};

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
                text.get(at("byteStart")..at("byteEnd")).unwrap(),
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
    bed.clock.advance(Duration::from_mins(20));
    let Prepared::Ready { state } = bed.connector.prepare(&bed.context, &variant, Some(state)).await else {
        panic!("not ready")
    };
    assert_eq!(bed.proxy.count("uploadBlob"), 2);
    // Also when the minute comes much later than was thought, as after a pause.
    bed.clock.advance(Duration::from_mins(20));
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
                assert!(((until - now) - expected).num_seconds().abs() <= 1, "{until}");
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
    bed.clock.advance(Duration::from_hours(3));
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
