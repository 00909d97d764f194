//! Addresses that are not gone to, and how people try to get there.

use std::net::IpAddr;

use chancery_http::{Blocked, Call, Client, Error, Reply, Settings, refused_address};
use tokio::io::AsyncWriteExt;

use crate::server::{Scripted, Server, client, request};

fn blocked(answer: Result<Reply, Error>) -> Blocked {
    match answer {
        Err(Error::Blocked(blocked)) => blocked,
        other => unreachable!("{other:?}"),
    }
}

async fn get(client: &Client, url: &str) -> Result<Reply, Error> {
    client.fetch(Call::get(url.parse().unwrap())).await
}

#[test]
fn private_and_special_addresses_are_refused_in_every_form() {
    let refused = [
        "0.0.0.0",
        "10.1.2.3",
        "100.64.0.1",
        "100.100.100.200",
        "127.0.0.1",
        "127.255.255.254",
        "168.63.129.16",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.192",
        "192.168.1.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::a00:1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a00:1::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ];
    for address in refused {
        assert!(
            refused_address(address.parse().unwrap()).is_some(),
            "{address} is let through"
        );
    }
}

#[test]
fn public_addresses_are_not_refused() {
    for address in [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.0.1.1",
        "223.255.255.255",
        "2606:4700:4700::1111",
        "2400:cb00::1",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
    ] {
        assert_eq!(refused_address(address.parse().unwrap()), None, "{address}");
    }
}

#[tokio::test]
async fn unusual_spellings_of_this_machine_are_refused() {
    let client = Client::new(Settings::default()).unwrap();
    for url in [
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://0177.0.0.1/",
        "http://127.1/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::ffff:7f00:1]/",
        "http://localhost/",
        "http://LOCALHOST/",
        "http://0/",
        "http://１２７.0.0.1/",
    ] {
        blocked(get(&client, url).await);
    }
}

#[tokio::test]
async fn only_the_web_is_spoken() {
    let client = client();
    for url in [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "http://user:secret@1.1.1.1/",
        "http://1.1.1.1:22/",
        "http://1.1.1.1:25/",
        "http://1.1.1.1:6667/",
    ] {
        assert!(!format!("{:?}", blocked(get(&client, url).await)).contains("secret"));
    }
}

#[tokio::test]
async fn a_public_name_of_a_private_address_is_refused() {
    let blocked = blocked(get(&Scripted::client(&[&["10.0.0.7"]]), "http://innocent.example/").await);
    assert_eq!(
        (blocked.host.as_str(), blocked.reason),
        ("innocent.example", "it is in a private network")
    );
}

#[tokio::test]
async fn of_several_addresses_only_the_permitted_are_tried() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let client = Scripted::client(&[&["127.0.0.2", "::1", "127.0.0.1"]]);
    let url = format!("http://mixed.example:{}/", server.address.port());
    assert_eq!(get(&client, &url).await.unwrap().status, 200);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_refused_the_second_time() {
    let inside = Server::on("127.0.0.2", |mut stream, _| async move {
        request(&mut stream).await?;
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret")
            .await
    })
    .await;
    let client = Scripted::client(&[&["127.0.0.1"], &["127.0.0.2"]]);
    let url = format!("http://rebind.example:{}/", inside.address.port());
    // Nobody listens at the permitted address; each further attempt resolves anew and meets the refusal.
    blocked(get(&client, &url).await);
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn a_redirect_is_checked_like_the_first_address() {
    let inside = Server::on("127.0.0.2", |mut stream, _| async move {
        request(&mut stream).await?;
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsecret")
            .await
    })
    .await;
    for target in [
        inside.url("/").to_string(),
        "http://169.254.169.254/latest/".into(),
        "file:///etc/passwd".into(),
    ] {
        let outside = Server::answering(format!(
            "HTTP/1.1 302 Found\r\nlocation: {target}\r\ncontent-length: 0\r\n\r\n"
        ))
        .await;
        let answer = get(&client(), outside.url("/").as_str()).await;
        assert!(
            matches!(&answer, Err(Error::Blocked(_))) || matches!(&answer, Ok(reply) if reply.status == 302),
            "{target}: {answer:?}"
        );
    }
    assert_eq!(inside.connections(), 0);
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let server = Server::answering("HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n").await;
    let blocked = blocked(get(&client(), server.url("/").as_str()).await);
    assert_eq!(blocked.reason, "there were too many redirects on the way");
    assert_eq!(server.connections(), 6);
}

#[tokio::test]
async fn a_call_that_carries_a_secret_follows_no_redirect() {
    let elsewhere = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    let location = elsewhere.url("/");
    let server = Server::answering(format!(
        "HTTP/1.1 302 Found\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
    ))
    .await;
    let reply = client()
        .fetch(Call::get(server.url("/")).bearer("token"))
        .await
        .unwrap();
    assert_eq!(reply.status, 302);
    assert_eq!(elsewhere.connections(), 0);
    assert_eq!(
        client().fetch(Call::get(server.url("/"))).await.unwrap().status,
        200
    );
}

#[tokio::test]
async fn hosts_on_the_premises_are_reached_when_they_are_named() {
    let server = Server::answering("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    for (allow, reached) in [
        ("127.0.0.0/8", true),
        ("localhost", true),
        ("Localhost.", true),
        ("10.0.0.0/8", false),
        ("ocalhost", false),
    ] {
        let client = Client::new(Settings {
            allow: vec![allow.to_owned()],
            ..Settings::default()
        })
        .unwrap();
        let answer = get(&client, &format!("http://localhost:{}/", server.address.port())).await;
        assert_eq!(answer.is_ok(), reached, "{allow}: {answer:?}");
    }
    assert!(
        Client::new(Settings {
            allow: vec!["http://x/".into()],
            ..Settings::default()
        })
        .is_err()
    );
}

#[tokio::test]
async fn what_is_logged_names_the_host_and_nothing_else() {
    let call = Call::post(
        "https://api.example/bot12345:TOKEN/send?key=QUERY"
            .parse()
            .unwrap(),
    )
    .bearer("BEARER")
    .json(&serde_json::json!({"password": "BODY"}));
    assert_eq!(format!("{call:?}"), "POST https://api.example/…");
    let address: IpAddr = "127.0.0.1".parse().unwrap();
    assert!(refused_address(address).is_some());
    let url = "http://127.0.0.1:1/bot12345:TOKEN/?key=QUERY".parse().unwrap();
    let text = format!("{0:?} {0}", client().send(Call::get(url)).await.unwrap_err());
    assert!(!text.contains("TOKEN") && !text.contains("QUERY"), "{text}");
}
