//! Whatever people write stays text, wherever it is shown.

use chancery_web::{Arg, Args, Flash, Language, Problem, Viewer, ViewerData};
use serde_json::json;

use crate::fixture::{Site, signed_in};

const SCRIPT: &str = "<script>alert(1)</script>";

#[tokio::test]
async fn a_script_in_a_name_a_flash_a_problem_or_an_address_is_text() {
    let site = Site::new().await;
    // The person's own name has one.
    let page = site.get_as_lan("/notes", &[]).await;
    assert!(page.body.contains("Lan &lt;script&gt;") && !page.body.contains(SCRIPT));
    let problem = site.get_as_lan("/conflict", &[]).await;
    assert!(problem.body.contains("&lt;script&gt;") && !problem.body.contains(SCRIPT));
    let address = site
        .get("/%3Cscript%3Ealert(1)%3C/script%3E?lang=%3Cscript%3E", &[])
        .await;
    assert!(!address.body.contains(SCRIPT));

    let args = Args::from([("id".into(), Arg::from(SCRIPT))]);
    let flash = Some(Flash {
        key: "problem-number".into(),
        args,
    });
    let data = ViewerData {
        flash,
        csrf: "\"><script>".into(),
        path: SCRIPT.into(),
        ..(*Viewer::anonymous(Language::En)).clone()
    };
    let html = site
        .shell
        .text(&Viewer::from(data), "home/renewed", &json!({ "title": SCRIPT }))
        .unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains(SCRIPT) && !html.contains("\"><script>"));
}

#[tokio::test]
async fn a_flash_cookie_can_not_speak_for_us() {
    let site = Site::new().await;
    // {"key":"<script>alert(1)</script>"}
    let cookie = format!(
        "{}; flash=eyJrZXkiOiI8c2NyaXB0PmFsZXJ0KDEpPC9zY3JpcHQ-In0",
        signed_in()
    );
    let page = site.get("/notes", &[("cookie", &cookie)]).await;
    assert!(!page.body.contains(SCRIPT));
    for nonsense in ["flash=%%%", "flash=eyJ9", &format!("flash={}", "A".repeat(9000))] {
        let cookie = format!("{}; {nonsense}", signed_in());
        assert_eq!(
            site.get("/notes", &[("cookie", &cookie)]).await.status,
            http::StatusCode::OK
        );
    }
}

#[tokio::test]
async fn field_messages_are_text_too() {
    let site = Site::new().await;
    let problem = Problem::invalid("problem-number")
        .arg("id", SCRIPT)
        .field("title", "problem-number")
        .arg("id", SCRIPT);
    let response = site.shell.refused(
        &Viewer::anonymous(Language::En),
        "errors/fragment",
        &json!({}),
        &problem,
    );
    let body = http_body_util::BodyExt::collect(response.into_body())
        .await
        .unwrap()
        .to_bytes();
    let html = String::from_utf8(body.to_vec()).unwrap();
    assert!(html.contains("&lt;script&gt;") && !html.contains(SCRIPT));
}
