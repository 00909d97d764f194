//! Mail against a real server: who gets what, once, in which words; and what becomes of what is not taken.

use std::time::Duration;

use chancery_clock::Clock as _;
use chancery_contracts::identity::{LetterLine, LetterPart, LetterPlace, Notify, Recipient, SendLetter};
use chancery_contracts::{Message, Origin, Service};
use chancery_identity::mail::{Mailer, Security};
use chancery_queue::Outgoing;
use chrono::{DateTime, Utc};

use crate::fixture::{World, email};
use crate::smtp::SmtpServer;

const SUBMITTED: &str = "notice-item-submitted";
const CHANGES: &str = "notice-item-changes";
const PAGE: &str = "/approvals/0190a8c5-0000-7000-8000-000000000001";

/// As the calendar sends it.
async fn send<M: Message>(world: &World, message: M, origin: &Origin) {
    let mut conn = world.database.service(Service::Calendar).acquire().await.unwrap();
    chancery_queue::send(&mut conn, &Outgoing::new(message, origin))
        .await
        .unwrap();
}

fn notice(world: &World, key: &str, title: &str, to: &[&str]) -> Notify {
    Notify {
        to: to
            .iter()
            .map(|who| Recipient::Person(world.people[*who]))
            .collect(),
        key: key.to_owned(),
        arguments: [
            ("title", title),
            ("person", "Trần Lan"),
            ("deadline", "2026-11-23T05:00:00+00:00"),
            ("due", "2026-11-23T06:00:00+00:00"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into(),
        link: PAGE.to_owned(),
    }
}

async fn tell(world: &World, key: &str, title: &str, to: &[&str]) {
    let origin = Origin {
        unit: Some(world.units["paris"]),
        ..Origin::default()
    };
    send(world, notice(world, key, title, to), &origin).await;
    world.worker.drain().await.unwrap();
}

async fn choose(world: &World, who: &str, language: &str, kinds: &[&str]) {
    let kinds: Vec<_> = kinds.iter().map(ToString::to_string).collect();
    let insert = "insert into identity.mail_choices (person_id, language, kinds, updated_at) values ($1, $2, $3, now())";
    sqlx::query(insert)
        .bind(world.people[who].0)
        .bind(language)
        .bind(kinds)
        .execute(world.database.owner())
        .await
        .unwrap();
}

async fn states(world: &World) -> Vec<String> {
    sqlx::query_scalar("select state from identity.mails order by id")
        .fetch_all(world.database.owner())
        .await
        .unwrap()
}

#[tokio::test]
async fn an_approver_is_told_by_mail_and_led_to_the_page() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    tell(&world, SUBMITTED, "Chúc mừng Quốc khánh", &["minh"]).await;
    let mails = server.received();
    assert_eq!(mails.len(), 1);
    let mail = &mails[0];
    assert_eq!(
        (mail.from.as_str(), &mail.to[..]),
        ("chancery@mofa.example", &[email("minh")][..])
    );
    assert_eq!(mail.header("To"), "Person minh <minh@mofa.example>");
    assert_eq!(mail.header("From"), "Newsroom <chancery@mofa.example>");
    assert_eq!(
        mail.header("Subject"),
        "Trần Lan submitted “Chúc mừng Quốc khánh” for approval."
    );
    assert_eq!(mail.header("Auto-Submitted"), "auto-generated");
    assert_eq!(
        mail.header("List-Unsubscribe"),
        "<https://chancery.example.gov/me#mail>"
    );
    let date = DateTime::parse_from_rfc2822(mail.header("Date")).unwrap();
    assert_eq!(date.timestamp(), world.clock.now().timestamp());
    let id: uuid::Uuid = sqlx::query_scalar("select id from identity.mails")
        .fetch_one(world.database.owner())
        .await
        .unwrap();
    assert_eq!(mail.header("Message-ID"), format!("<{id}@mofa.example>"));
    let link = format!("https://chancery.example.gov{PAGE}");
    // Paris, then Hanoi.
    let deadline = "06:00, 23 November 2026 (Place) · 12:00, 23 November 2026 (Place)";
    for part in [&mail.text, &mail.html] {
        assert!(part.contains(&link) && part.contains(deadline), "{part}");
        assert!(
            part.contains("Unit paris") && part.contains("07:00, 23 November 2026"),
            "{part}"
        );
    }
    assert!(mail.html.contains("<html lang=\"en\""), "{}", mail.html);
    assert_eq!(states(&world).await, ["sent"]);
}

#[tokio::test]
async fn only_what_somebody_chose_comes_and_in_their_language() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    tell(&world, CHANGES, "Một", &["lan", "minh"]).await;
    assert!(server.received().is_empty(), "nobody chose it");
    choose(&world, "lan", "vi", &["changes"]).await;
    choose(&world, "minh", "en", &["decided"]).await;
    tell(&world, CHANGES, "Hai & <b>ba</b>", &["lan", "minh"]).await;
    tell(&world, SUBMITTED, "Bốn", &["minh"]).await;
    tell(&world, "notice-item-published", "Năm", &["lan"]).await;
    let mails = server.received();
    assert_eq!(mails.len(), 1, "{mails:?}");
    assert_eq!(mails[0].to, [email("lan")]);
    assert_eq!(
        mails[0].header("Subject"),
        "Trần Lan yêu cầu chỉnh sửa “Hai & <b>ba</b>”."
    );
    assert!(mails[0].text.contains("“Hai & <b>ba</b>”"), "{}", mails[0].text);
    assert!(
        mails[0].html.contains("Hai &amp; &lt;b&gt;ba") && mails[0].html.contains("lang=\"vi\""),
        "{}",
        mails[0].html
    );
    // In the page everybody was told of everything.
    assert_eq!(
        world.count("select count(*) from identity.notifications").await,
        6
    );
}

#[tokio::test]
async fn without_a_mail_server_everything_else_works() {
    let world = World::new().await;
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    assert_eq!(
        world.count("select count(*) from identity.notifications").await,
        1
    );
    assert_eq!(world.count("select count(*) from identity.mails").await, 0);
}

#[tokio::test]
async fn a_mail_that_is_taken_without_an_answer_comes_again_under_the_same_id() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    server.answer(&email("minh"), "drop");
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    assert_eq!(states(&world).await, ["waiting"]);
    server.answer(&email("minh"), "");
    world.clock.advance(Duration::from_hours(1));
    world.worker.drain().await.unwrap();
    let mails = server.received();
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
    assert_eq!(mails[0].header("Date"), mails[1].header("Date"));
    assert_eq!(states(&world).await, ["sent"]);
    world.another_worker().drain().await.unwrap();
    assert_eq!(server.received().len(), 2);
}

#[tokio::test]
async fn two_workers_send_each_mail_once() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    let origin = Origin::default();
    for title in ["một", "hai", "ba", "bốn", "năm", "sáu"] {
        send(
            &world,
            notice(&world, SUBMITTED, title, &["minh", "admin"]),
            &origin,
        )
        .await;
    }
    let other = world.another_worker();
    let (one, two) = tokio::join!(world.worker.drain(), other.drain());
    assert_eq!(one.unwrap().dead + two.unwrap().dead, 0);
    let mut ids: Vec<String> = server
        .received()
        .iter()
        .map(|mail| mail.header("Message-ID").to_owned())
        .collect();
    ids.sort();
    let all = ids.len();
    ids.dedup();
    assert_eq!((all, ids.len()), (12, 12));
}

#[tokio::test]
async fn what_the_server_wants_later_is_tried_again_with_growing_waits() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    server.answer(&email("minh"), "451 4.7.1 greylisted");
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    let attempts = "select attempts::bigint from identity.mails";
    assert_eq!(world.count(attempts).await, 1);
    world.worker.drain().await.unwrap();
    assert_eq!(world.count(attempts).await, 1, "not before its time");
    for expected in 2..=6 {
        world.clock.advance(Duration::from_secs(1 << expected));
        world.worker.drain().await.unwrap();
        assert_eq!(world.count(attempts).await, expected);
    }
    server.answer(&email("minh"), "");
    world.clock.advance(Duration::from_hours(1));
    world.worker.drain().await.unwrap();
    assert_eq!(server.received().len(), 1);
    assert_eq!(states(&world).await, ["sent"]);
    assert_eq!(
        world.count("select count(*) from identity.mail_refusals").await,
        0
    );
}

#[tokio::test]
async fn a_server_that_never_takes_it_ends_in_a_failure_for_the_administrator() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    drop(server);
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    for _ in 0..25 {
        world.clock.advance(Duration::from_hours(2));
        world.worker.drain().await.unwrap();
    }
    assert_eq!(states(&world).await, ["failed"]);
    assert_eq!(
        world.count("select attempts::bigint from identity.mails").await,
        20
    );
    assert_eq!(
        world
            .count("select count(*) from queue.jobs where kind = 'identity.send_mail'")
            .await,
        0
    );
    // That nobody answers is not the address's fault.
    assert_eq!(
        world.count("select count(*) from identity.mail_refusals").await,
        0
    );
}

#[tokio::test]
async fn an_address_that_refuses_again_and_again_gets_no_more() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    server.answer(&email("minh"), "550 5.1.1 no such user");
    for title in ["một", "hai"] {
        tell(&world, SUBMITTED, title, &["minh"]).await;
    }
    // One that is taken between forgives.
    server.answer(&email("minh"), "");
    tell(&world, SUBMITTED, "ba", &["minh"]).await;
    server.answer(&email("minh"), "550 5.1.1 no such user");
    for title in ["bốn", "năm", "sáu", "bảy"] {
        tell(&world, SUBMITTED, title, &["minh"]).await;
    }
    let mut made = states(&world).await;
    made.sort();
    let expected = ["failed", "failed", "failed", "failed", "failed", "sent"];
    assert_eq!(made, expected, "the seventh was not even made");
    // Another address is asked anew.
    world
        .sql("update identity.people set email = 'minh.new@mofa.example' where name = 'Person minh'")
        .await;
    tell(&world, SUBMITTED, "tám", &["minh"]).await;
    let last = server.received().pop().unwrap();
    assert_eq!(last.to, ["minh.new@mofa.example"]);
}

#[tokio::test]
async fn starttls_and_a_password_are_spoken_and_insisted_on() {
    let server = SmtpServer::start("starttls", Some("chancery:mật khẩu"));
    let right = Some(("chancery", "mật khẩu"));
    let mailer = Mailer::new(server.settings(Security::StartTls, right)).unwrap();
    mailer.check().await.unwrap();
    let world = World::with_mail(mailer).await;
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    let mails = server.received();
    assert!(mails.len() == 1 && mails[0].tls, "{mails:?}");
    assert_eq!(mails[0].user.as_deref(), Some("chancery"));

    let wrong = Mailer::new(server.settings(Security::StartTls, Some(("chancery", "falsch")))).unwrap();
    assert!(wrong.check().await.is_err());
    // A refused sign-in is ours to mend: the mail waits, and nobody's address is blamed.
    let world = World::with_mail(wrong).await;
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    assert_eq!(states(&world).await, ["waiting"]);
    assert_eq!(
        world.count("select count(*) from identity.mail_refusals").await,
        0
    );

    // An authority that is not trusted, and a server that offers no TLS, get nothing.
    let mut stranger = server.settings(Security::StartTls, right);
    stranger.authority = None;
    assert!(Mailer::new(stranger).unwrap().check().await.is_err());
    let open = SmtpServer::start("none", None);
    let insisting = Mailer::new(open.settings(Security::StartTls, None)).unwrap();
    assert!(insisting.check().await.is_err());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn tls_from_the_first_byte() {
    let server = SmtpServer::start("tls", None);
    let world = World::with_mail(Mailer::new(server.settings(Security::Tls, None)).unwrap()).await;
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    let mails = server.received();
    assert!(mails.len() == 1 && mails[0].tls, "{mails:?}");
}

#[tokio::test]
async fn nobodys_name_writes_headers() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    world
        .sql("update identity.people set name = E'Minh\\r\\nBcc: all@example.org\\r\\n\\r\\nX' where name = 'Person minh'")
        .await;
    let title = "Một\r\nBcc: all@example.org\r\n\r\n<script>";
    tell(&world, SUBMITTED, title, &["minh"]).await;
    let mails = server.received();
    assert_eq!(mails.len(), 1);
    assert_eq!(mails[0].to, [email("minh")]);
    let bcc = |name: &String| name.eq_ignore_ascii_case("bcc");
    assert!(
        !mails[0].headers.iter().any(|(name, _)| bcc(name)),
        "{}",
        mails[0].raw
    );
    assert!(mails[0].header("Subject").contains("Một Bcc: all@example.org"));
    assert!(!mails[0].html.contains("<script"), "{}", mails[0].html);
}

#[tokio::test]
async fn an_address_that_is_none_fails_and_stops_nobody_else() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    world
        .sql("update identity.people set email = 'minh at home' where name = 'Person minh'")
        .await;
    tell(&world, SUBMITTED, "Một", &["minh", "admin"]).await;
    assert_eq!(server.received().len(), 1);
    let mut states = states(&world).await;
    states.sort();
    assert_eq!(states, ["failed", "sent"]);
}

#[tokio::test]
async fn whoever_was_deactivated_meanwhile_gets_nothing() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    server.answer(&email("minh"), "451 later");
    tell(&world, SUBMITTED, "Một", &["minh"]).await;
    server.answer(&email("minh"), "");
    world
        .sql("update identity.people set active = false where name = 'Person minh'")
        .await;
    world.clock.advance(Duration::from_hours(1));
    world.worker.drain().await.unwrap();
    assert!(server.received().is_empty());
    assert_eq!(states(&world).await, ["failed"]);
}

fn letter(world: &World) -> SendLetter {
    let at: DateTime<Utc> = "2026-11-20T08:00:00Z".parse().unwrap();
    let line = |title: &str, state: &str| LetterLine {
        title: title.to_owned(),
        link: "/items/0190a8c5-0000-7000-8000-000000000002".to_owned(),
        state: state.to_owned(),
        at: Some(at),
        since: None,
        deadline: None,
        places: vec![],
    };
    let part = |line| LetterPart {
        lines: vec![line],
        more: 2,
    };
    let mut out = line("Khai trương", "published");
    out.places.push(LetterPlace {
        account: "Bluesky".to_owned(),
        url: Some("https://bsky.example/1?a=1&b=2".to_owned()),
    });
    let mut waiting = line("", "submitted");
    waiting.since = Some(world.clock.now() - chrono::TimeDelta::hours(50));
    waiting.deadline = Some(at);
    SendLetter {
        unit: world.units["vientiane"],
        week: "2026-11-23".parse().unwrap(),
        out: part(out),
        troubled: part(line("Hỏng", "failed")),
        waiting: part(waiting),
        planned: LetterPart::default(),
    }
}

#[tokio::test]
async fn the_weekly_letter_goes_once_to_those_of_the_unit_who_want_it() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    for who in ["lan", "paul", "admin"] {
        choose(&world, who, "vi", &["weekly"]).await;
    }
    for _ in 0..2 {
        send(&world, letter(&world), &Origin::default()).await;
    }
    let other = world.another_worker();
    let (one, two) = tokio::join!(world.worker.drain(), other.drain());
    one.and(two).unwrap();
    let mails = server.received();
    // Minh did not ask for it; Paul works in Paris, and the administrator above.
    assert_eq!(mails.len(), 1, "{mails:?}");
    let mail = &mails[0];
    assert_eq!(mail.to, [email("lan")]);
    assert_eq!(mail.header("Subject"), "Tuần làm việc của Đơn vị vientiane");
    for text in [
        "Khai trương",
        "https://chancery.example.gov/items/",
        "Đã chờ 2 ngày",
        "và 2 nội dung khác",
        "Hỏng",
        "15:00, 20/11/2026",
    ] {
        assert!(mail.text.contains(text), "{text} in {}", mail.text);
        assert!(mail.html.contains(text), "{text} in {}", mail.html);
    }
    assert!(
        mail.text.contains("https://bsky.example/1?a=1&b=2"),
        "{}",
        mail.text
    );
    assert!(!mail.text.contains("Dự kiến đăng"), "an empty part is left out");
    assert!(mail.text.contains("* … ·"), "{}", mail.text);
}

#[tokio::test]
async fn whoever_may_not_see_items_gets_no_letter() {
    let server = SmtpServer::start("none", None);
    let world = World::with_mail(server.mailer()).await;
    world
        .sql("update identity.grants set role = 'contributor' where role = 'press_attache'")
        .await;
    choose(&world, "lan", "vi", &["weekly"]).await;
    send(&world, letter(&world), &Origin::default()).await;
    world.worker.drain().await.unwrap();
    assert!(server.received().is_empty());
}
