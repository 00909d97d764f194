//! Signing in, staying signed in, and being refused.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use chancery_clock::Clock as _;
use chancery_publisher::connectors::{
    Connector as _, Context, KeeperError, Outcome, Prepared, Secret, SessionKeeper, Setback,
};

use super::{Bed, PUT, REFRESH, SIGN_IN};
use crate::harness::{Harness as _, Memory, picture, prepare, published};
use crate::proxy::{Answer, Fault};

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
    bed.clock.advance(Duration::from_hours(3));
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
    bed.clock.advance(Duration::from_hours(3));
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
    bed.clock.advance(Duration::from_mins(5));
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
