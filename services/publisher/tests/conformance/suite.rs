//! What every connector must do. A platform joins with a [`Harness`] and the macro [`conformance!`], which makes one
//! test of each of these.

use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chancery_clock::Clock as _;
use chancery_contracts::{EditionImage, EditionVariant};
use chancery_publisher::connectors::{
    Context, Located, Outcome, Prepared, Removal, Revision, Setback, Taken,
};
use chrono::TimeDelta;
use serde_json::Value;

use crate::harness::{Harness, Memory, picture, prepare, published, soon};
use crate::proxy::{Answer, Fault, Proxy};

/// A prepared post and its key.
struct Draft<'a> {
    h: &'a dyn Harness,
    variant: EditionVariant,
    key: String,
    state: Value,
}

impl<'a> Draft<'a> {
    async fn new(h: &'a dyn Harness, text: &str) -> Self {
        let variant = h.variant(text, vec![]);
        let key = h.connector().new_key(h.clock());
        let state = prepare(h, &variant).await;
        Self {
            h,
            variant,
            key,
            state,
        }
    }

    async fn commit(&self, deadline: Instant) -> Outcome {
        // A later attempt is made at a later time.
        self.h.clock().advance(Duration::from_secs(1));
        self.h
            .connector()
            .commit(self.h.context(), &self.variant, &self.key, &self.state, deadline)
            .await
    }

    async fn locate(&self) -> Located {
        self.h
            .connector()
            .locate(self.h.context(), &self.variant, &self.key, &self.state)
            .await
    }

    /// Commits while the platform does this to it.
    async fn commit_meeting(&self, fault: Fault) -> Outcome {
        let silent = matches!(fault, Fault::Silence | Fault::AfterSilence);
        let patience = Duration::from_secs(if silent { 2 } else { 30 });
        self.h.proxy().fail(self.h.paths().0, fault);
        let outcome = self.commit(Instant::now() + patience).await;
        self.h.proxy().quiet().await;
        outcome
    }

    /// What may follow an unknown outcome of a commit that did not happen.
    async fn is_absent_and_goes_out_once_with_the_same_key(&self) {
        assert_eq!(self.locate().await, Located::Absent);
        let receipt = published(self.commit(soon()).await);
        assert_eq!(self.locate().await, Located::Found(receipt));
        assert_eq!(self.h.posts().await.len(), 1);
    }
}

pub async fn what_is_published_is_what_was_meant(h: &dyn Harness) {
    let text = "Nhân dịp Quốc khánh 2/9, Đại sứ quán trân trọng cảm ơn các bạn Lào.\n\nການພົວພັນມິດຕະພາບ ອັນຍິ່ງໃຫຍ່ 🇻🇳🤝🇱🇦 e\u{301} \u{200d}“…”";
    let draft = Draft::new(h, text).await;
    assert!(h.posts().await.is_empty(), "preparing shows nothing");
    assert_eq!(draft.locate().await, Located::Absent);
    let receipt = published(draft.commit(soon()).await);
    let posts = h.posts().await;
    assert_eq!(posts.len(), 1);
    assert_eq!(posts[0].text.as_bytes(), text.as_bytes());
    assert_eq!(posts[0].remote_id, receipt.remote_id);
    assert!(receipt.url.starts_with("https://"), "{}", receipt.url);
    assert_eq!(draft.locate().await, Located::Found(receipt));
}

pub async fn the_same_key_twice_is_one_post(h: &dyn Harness) {
    let draft = Draft::new(h, "Một lần thôi").await;
    let first = published(draft.commit(soon()).await);
    let second = published(draft.commit(soon()).await);
    assert_eq!(first, second);
    assert_eq!(h.posts().await.len(), 1);
}

pub async fn two_workers_at_once_make_one_post(h: &dyn Harness) {
    let draft = Draft::new(h, "Hai người, một bài").await;
    let (one, two) = tokio::join!(draft.commit(soon()), draft.commit(soon()));
    assert_eq!(published(one), published(two));
    assert_eq!(h.posts().await.len(), 1);
}

pub async fn different_keys_are_different_posts(h: &dyn Harness) {
    let one = Draft::new(h, "Cùng một câu").await;
    let two = Draft::new(h, "Cùng một câu").await;
    assert_ne!(
        published(one.commit(soon()).await),
        published(two.commit(soon()).await)
    );
    assert_eq!(h.posts().await.len(), 2);
}

pub async fn silence_after_accepting_is_unknown_and_is_found(h: &dyn Harness) {
    for fault in [Fault::AfterSilence, Fault::AfterCut] {
        let before = h.posts().await.len();
        let draft = Draft::new(h, "Đã nhận mà không trả lời").await;
        let outcome = draft.commit_meeting(fault).await;
        assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
        assert!(matches!(draft.locate().await, Located::Found(_)));
        assert_eq!(h.posts().await.len(), before + 1);
        // Even a worker that does not look adds nothing.
        published(draft.commit(soon()).await);
        assert_eq!(h.posts().await.len(), before + 1);
    }
}

pub async fn silence_before_accepting_is_unknown_and_is_absent(h: &dyn Harness) {
    let draft = Draft::new(h, "Chưa nhận").await;
    let outcome = draft.commit_meeting(Fault::Silence).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    draft.is_absent_and_goes_out_once_with_the_same_key().await;
}

pub async fn server_errors_are_unknown_and_not_repeated(h: &dyn Harness) {
    let draft = Draft::new(h, "Máy chủ lỗi").await;
    for (n, status) in [500, 502, 503, 504].into_iter().enumerate() {
        let body = "{\"error\":\"InternalServerError\",\"message\":\"Internal Server Error\"}";
        let outcome = draft
            .commit_meeting(Fault::Instead(Answer::new(status, body)))
            .await;
        assert!(
            matches!(outcome, Outcome::Unknown { .. }),
            "{status}: {outcome:?}"
        );
        assert_eq!(h.proxy().count(h.paths().0), n + 1, "one request for each commit");
    }
    let outcome = draft.commit_meeting(Fault::After(Answer::new(502, ""))).await;
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert!(matches!(draft.locate().await, Located::Found(_)));
    assert_eq!(h.posts().await.len(), 1);
}

pub async fn garbage_is_unknown(h: &dyn Harness) {
    let draft = Draft::new(h, "Câu trả lời vô nghĩa").await;
    for (status, body) in [
        (200, "<html>OK</html>"),
        (200, ""),
        (200, "{}"),
        (400, "<html>Bad Request</html>"),
        (404, ""),
    ] {
        let outcome = draft
            .commit_meeting(Fault::Instead(Answer::new(status, body)))
            .await;
        assert!(
            matches!(outcome, Outcome::Unknown { .. }),
            "{status} {body}: {outcome:?}"
        );
    }
    draft.is_absent_and_goes_out_once_with_the_same_key().await;
}

pub async fn a_redirect_is_not_followed(h: &dyn Harness) {
    let elsewhere = Proxy::to(h.proxy().url.clone()).await;
    let draft = Draft::new(h, "Chuyển hướng").await;
    for status in [301, 302, 303, 307, 308] {
        let answer = Answer::new(status, "").header("location", elsewhere.url.join(h.paths().0).unwrap());
        let outcome = draft.commit_meeting(Fault::Instead(answer)).await;
        assert!(
            matches!(outcome, Outcome::Unknown { .. }),
            "{status}: {outcome:?}"
        );
    }
    assert!(elsewhere.seen().is_empty());
    draft.is_absent_and_goes_out_once_with_the_same_key().await;
}

pub async fn a_rate_limit_says_until_when(h: &dyn Harness) {
    let draft = Draft::new(h, "Chậm lại").await;
    let answer = Answer::new(
        429,
        "{\"error\":\"RateLimitExceeded\",\"message\":\"Rate Limit Exceeded\"}",
    )
    .header("retry-after", "120");
    let before = h.clock().now();
    match draft.commit_meeting(Fault::Instead(answer)).await {
        Outcome::RateLimited { until, .. } => {
            assert!(
                until >= before + TimeDelta::seconds(120) && until <= before + TimeDelta::seconds(125),
                "{until}"
            );
        }
        other => panic!("{other:?}"),
    }
    draft.is_absent_and_goes_out_once_with_the_same_key().await;
}

pub async fn nothing_is_sent_after_the_deadline(h: &dyn Harness) {
    let draft = Draft::new(h, "Quá muộn").await;
    let outcome = draft.commit(Instant::now()).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    assert_eq!(h.proxy().count(h.paths().0), 0);
    draft.is_absent_and_goes_out_once_with_the_same_key().await;
}

pub async fn a_look_that_fails_says_neither_found_nor_absent(h: &dyn Harness) {
    let draft = Draft::new(h, "Có hay không").await;
    published(draft.commit(soon()).await);
    for answer in [
        Answer::new(500, ""),
        Answer::new(200, "{}"),
        Answer::new(404, "<html>"),
        Answer::new(200, "<html>"),
    ] {
        let text = format!("{answer:?}");
        h.proxy().fail(h.paths().1, Fault::Instead(answer));
        let located = draft.locate().await;
        assert!(
            matches!(located, Located::Stopped(Setback::TryAgain { .. })),
            "{text}: {located:?}"
        );
    }
    let limited = Answer::new(429, "{\"error\":\"RateLimitExceeded\"}").header("retry-after", "60");
    h.proxy().fail(h.paths().1, Fault::Instead(limited));
    assert!(matches!(
        draft.locate().await,
        Located::Stopped(Setback::RateLimited { .. })
    ));
    assert!(matches!(draft.locate().await, Located::Found(_)));
}

pub async fn dead_credentials_need_a_person(h: &dyn Harness) {
    let draft = Draft::new(h, "Mật khẩu đã bị thu hồi").await;
    h.revoke().await;
    match h
        .connector()
        .prepare(h.context(), &draft.variant, Some(draft.state.clone()))
        .await
    {
        Prepared::Stopped {
            why: Setback::NeedsReauth { .. },
            ..
        } => {}
        other => panic!("{other:?}"),
    }
    let outcome = draft.commit(soon()).await;
    assert!(matches!(outcome, Outcome::NeedsReauth { .. }), "{outcome:?}");
    assert!(matches!(
        h.connector().verify_account(h.context()).await,
        Err(Setback::NeedsReauth { .. })
    ));
    assert!(h.posts().await.is_empty());
}

pub async fn what_is_too_long_is_rejected_before_anything_is_sent(h: &dyn Harness) {
    let variant = h.variant(&h.too_long(), vec![]);
    match h.connector().prepare(h.context(), &variant, None).await {
        Prepared::Stopped {
            why: Setback::Rejected(rejection),
            ..
        } => {
            assert!(rejection.code.starts_with("text-too-"), "{rejection}");
        }
        other => panic!("{other:?}"),
    }
    assert!(h.proxy().seen().is_empty());
}

pub async fn a_picture_arrives_whole_with_its_description(h: &dyn Harness) {
    let alt = "Đại sứ trao tặng sách cho Thư viện Quốc gia Lào, “Viêng Chăn” 2026";
    let image = picture(&h.context().store, alt).await;
    let file = h
        .context()
        .store
        .read(image.sha256.parse().unwrap(), u64::MAX)
        .await
        .unwrap();
    let variant = h.variant("Trao tặng sách", vec![image]);
    let state = prepare(h, &variant).await;
    let key = h.connector().new_key(h.clock());
    published(
        h.connector()
            .commit(h.context(), &variant, &key, &state, soon())
            .await,
    );
    let posts = h.posts().await;
    assert_eq!(posts[0].images, [(alt.to_owned(), file)]);
    assert!(matches!(
        h.connector().locate(h.context(), &variant, &key, &state).await,
        Located::Found(receipt) if receipt.remote_id == posts[0].remote_id
    ));
}

pub async fn a_picture_that_is_not_what_it_says_is_rejected(h: &dyn Harness) {
    let store = &h.context().store;
    let real = picture(store, "alt").await;
    let script = store
        .put(Bytes::from_static(b"<svg onload=alert(1)>"))
        .await
        .unwrap()
        .to_string();
    let limit = h
        .connector()
        .capabilities()
        .images
        .bytes
        .map_or(0, |limit| limit.value as usize);
    let mut long = b"\xff\xd8\xff".to_vec();
    long.resize(limit + 1, 0);
    let long = store.put(long.into()).await.unwrap().to_string();
    let image = |sha256: &str, mime: &str| EditionImage {
        sha256: sha256.into(),
        mime: mime.into(),
        ..real.clone()
    };
    let mut bad = vec![
        ("image-type", vec![image(&real.sha256, "image/png")]),
        ("image-type", vec![image(&script, "image/jpeg")]),
        ("image-missing", vec![image(&"0".repeat(64), "image/jpeg")]),
        ("image-missing", vec![image("../../etc/passwd", "image/jpeg")]),
        (
            "images-too-many",
            vec![real.clone(); h.connector().capabilities().images.count.value as usize + 1],
        ),
    ];
    if limit > 0 {
        bad.push(("image-too-large", vec![image(&long, "image/jpeg")]));
    }
    for (code, images) in bad {
        match h
            .connector()
            .prepare(h.context(), &h.variant("Ảnh", images), None)
            .await
        {
            Prepared::Stopped {
                why: Setback::Rejected(rejection),
                ..
            } => assert_eq!(rejection.code, code),
            other => panic!("{code}: {other:?}"),
        }
    }
}

pub async fn preparing_again_repeats_nothing_that_is_done(h: &dyn Harness) {
    let variant = h.variant("Chuẩn bị hai lần", vec![picture(&h.context().store, "Ảnh").await]);
    let state = prepare(h, &variant).await;
    let requests = h.proxy().seen().len();
    assert_eq!(
        h.connector()
            .prepare(h.context(), &variant, Some(state.clone()))
            .await,
        Prepared::Ready { state }
    );
    assert_eq!(h.proxy().seen().len(), requests);
}

pub async fn an_unreachable_platform_was_not_sent_anything(h: &dyn Harness) {
    let draft = Draft::new(h, "Mất mạng").await;
    // Nobody listens where the account is said to be; what is kept is for the real place.
    let nowhere = tokio::net::TcpListener::bind("127.0.0.1:0")
        .await
        .unwrap()
        .local_addr()
        .unwrap();
    let context = Context {
        service_url: format!("http://{nowhere}").parse().unwrap(),
        session: Arc::new(Memory::default()),
        ..h.context().clone()
    };
    let outcome = h
        .connector()
        .commit(&context, &draft.variant, &draft.key, &draft.state, soon())
        .await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    let prepared = h.connector().prepare(&context, &draft.variant, None).await;
    assert!(
        matches!(
            prepared,
            Prepared::Stopped {
                why: Setback::TryAgain { .. },
                ..
            }
        ),
        "{prepared:?}"
    );
    draft.is_absent_and_goes_out_once_with_the_same_key().await;
}

pub async fn what_is_withdrawn_is_gone_and_withdrawing_it_again_does_no_harm(h: &dyn Harness) {
    assert_eq!(h.connector().capabilities().removal.value, Removal::ByUs);
    let kept = published(Draft::new(h, "Giữ lại").await.commit(soon()).await);
    let draft = Draft::new(h, "Gỡ đi").await;
    let receipt = published(draft.commit(soon()).await);
    for _ in 0..2 {
        let taken = h.connector().withdraw(h.context(), &receipt.remote_id).await;
        assert_eq!(taken, Taken::Gone);
    }
    let left: Vec<String> = h.posts().await.into_iter().map(|post| post.remote_id).collect();
    assert_eq!(left, [kept.remote_id], "nothing else is gone");
    assert_eq!(draft.locate().await, Located::Absent);
}

pub async fn a_withdrawal_is_done_only_when_the_platform_says_that_it_is_gone(h: &dyn Harness) {
    let receipt = published(Draft::new(h, "Gỡ khi mạng hỏng").await.commit(soon()).await);
    let (remove, look) = (h.removal_path(), h.paths().1);
    // It was not asked: the answer may say what it likes.
    for status in [200, 400, 404, 500, 503] {
        let body = "{\"error\":\"RecordNotFound\",\"message\":\"\"}";
        h.proxy().fail(remove, Fault::Instead(Answer::new(status, body)));
        let taken = h.connector().withdraw(h.context(), &receipt.remote_id).await;
        assert!(matches!(taken, Taken::Stopped(_)), "{status}: {taken:?}");
        assert_eq!(h.posts().await.len(), 1, "{status}");
    }
    // It was, and nobody can look.
    for answer in [
        Answer::new(500, ""),
        Answer::new(404, "<html>"),
        Answer::new(200, "{"),
    ] {
        h.proxy().fail(look, Fault::Instead(answer));
        let taken = h.connector().withdraw(h.context(), &receipt.remote_id).await;
        assert!(
            matches!(taken, Taken::Stopped(Setback::TryAgain { .. })),
            "{taken:?}"
        );
    }
    assert!(h.posts().await.is_empty());
    let receipt = published(Draft::new(h, "Gỡ mà mất câu trả lời").await.commit(soon()).await);
    h.proxy().fail(remove, Fault::AfterCut);
    let taken = h.connector().withdraw(h.context(), &receipt.remote_id).await;
    assert_eq!(taken, Taken::Gone, "the answer was lost, and the look tells");
    assert!(h.posts().await.is_empty());
}

pub async fn a_withdrawal_with_dead_credentials_or_a_limit_says_so(h: &dyn Harness) {
    let receipt = published(Draft::new(h, "Gỡ khi bị từ chối").await.commit(soon()).await);
    let limited = Answer::new(429, "{\"error\":\"RateLimitExceeded\"}").header("retry-after", "60");
    h.proxy().fail(h.removal_path(), Fault::Instead(limited));
    let taken = h.connector().withdraw(h.context(), &receipt.remote_id).await;
    assert!(
        matches!(taken, Taken::Stopped(Setback::RateLimited { .. })),
        "{taken:?}"
    );
    for stranger in [
        "",
        "at://did:plc:somebody/app.bsky.feed.post/3kaaaaaaaaaaa",
        "https://example.test/1",
    ] {
        let taken = h.connector().withdraw(h.context(), stranger).await;
        assert!(
            matches!(taken, Taken::Stopped(Setback::Rejected(_))),
            "{stranger}: {taken:?}"
        );
    }
    h.revoke().await;
    let taken = h.connector().withdraw(h.context(), &receipt.remote_id).await;
    assert!(
        matches!(taken, Taken::Stopped(Setback::NeedsReauth { .. })),
        "{taken:?}"
    );
    assert_eq!(h.posts().await.len(), 1);
}

pub async fn a_correction_follows_the_original_and_is_made_once(h: &dyn Harness) {
    assert_eq!(h.connector().capabilities().revision.value, Revision::Reply);
    let original = published(Draft::new(h, "Lễ bắt đầu lúc 19 giờ").await.commit(soon()).await);
    let variant = h.variant("Đính chính: lễ bắt đầu lúc 18 giờ", vec![]);
    let prepared = h
        .connector()
        .prepare_revision(h.context(), &variant, &original.remote_id, None)
        .await;
    let Prepared::Ready { state } = prepared else {
        panic!("{prepared:?}")
    };
    let key = h.connector().new_key(h.clock());
    let draft = Draft {
        h,
        variant,
        key,
        state,
    };
    assert_eq!(h.posts().await.len(), 1, "preparing shows nothing");
    assert_eq!(draft.locate().await, Located::Absent);
    let first = published(draft.commit(soon()).await);
    assert_eq!(published(draft.commit(soon()).await), first);
    assert_eq!(draft.locate().await, Located::Found(first.clone()));
    let posts = h.posts().await;
    assert_eq!(posts.len(), 2);
    let reply = posts
        .iter()
        .find(|post| post.remote_id == first.remote_id)
        .unwrap();
    assert_eq!(reply.reply_to.as_deref(), Some(original.remote_id.as_str()));
    // What is gone cannot be answered.
    assert_eq!(
        h.connector().withdraw(h.context(), &original.remote_id).await,
        Taken::Gone
    );
    let prepared = h
        .connector()
        .prepare_revision(h.context(), &draft.variant, &original.remote_id, None)
        .await;
    assert!(
        matches!(
            prepared,
            Prepared::Stopped {
                why: Setback::Rejected(_),
                ..
            }
        ),
        "{prepared:?}"
    );
}

pub async fn an_account_is_verified(h: &dyn Harness) {
    let profile = h.connector().verify_account(h.context()).await.unwrap();
    assert_eq!(profile.handle, h.context().handle);
    assert!(!profile.remote_id.is_empty() && profile.url.contains(&profile.handle));
    assert!(h.posts().await.is_empty());
}

/// Makes one test of each requirement: `conformance!(start)`, where `start()` gives a harness.
#[macro_export]
macro_rules! conformance {
    ($start:path: $($requirement:ident),* $(,)?) => {$(
        #[tokio::test]
        async fn $requirement() {
            $crate::suite::$requirement(&$start().await).await;
        }
    )*};
    ($start:path) => {
        $crate::conformance!($start:
            what_is_published_is_what_was_meant,
            the_same_key_twice_is_one_post,
            two_workers_at_once_make_one_post,
            different_keys_are_different_posts,
            silence_after_accepting_is_unknown_and_is_found,
            silence_before_accepting_is_unknown_and_is_absent,
            server_errors_are_unknown_and_not_repeated,
            garbage_is_unknown,
            a_redirect_is_not_followed,
            a_rate_limit_says_until_when,
            nothing_is_sent_after_the_deadline,
            a_look_that_fails_says_neither_found_nor_absent,
            dead_credentials_need_a_person,
            what_is_too_long_is_rejected_before_anything_is_sent,
            a_picture_arrives_whole_with_its_description,
            a_picture_that_is_not_what_it_says_is_rejected,
            preparing_again_repeats_nothing_that_is_done,
            an_unreachable_platform_was_not_sent_anything,
            what_is_withdrawn_is_gone_and_withdrawing_it_again_does_no_harm,
            a_withdrawal_is_done_only_when_the_platform_says_that_it_is_gone,
            a_withdrawal_with_dead_credentials_or_a_limit_says_so,
            a_correction_follows_the_original_and_is_made_once,
            an_account_is_verified,
        );
    };
}
