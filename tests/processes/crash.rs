//! The whole process is killed while it delivers, then started again.

use std::time::Instant;

use uuid::Uuid;

use crate::journey::{Embassy, soon};
use crate::product::{Installation, free_port};

/// Kill after how many of the posts are out; they are due in the same second.
const POSTS: usize = 12;

#[tokio::test]
async fn killed_in_the_middle_of_deliveries_it_goes_on_and_sends_nothing_twice() {
    let installation = Installation::demonstration().await;
    let port = free_port();
    let first = installation.start_on(port, &["up", "--demo"]).await;
    let url = database(&installation);
    let address = format!("http://127.0.0.1:{port}");
    let embassy = Embassy::open(&installation, &address, &url).await;
    let at = soon();
    let titles: Vec<String> = (0..POSTS)
        .map(|number| format!("Thông cáo số {number}"))
        .collect();
    let mut items: Vec<(Uuid, &String)> = Vec::new();
    for title in &titles {
        items.push((embassy.approved_statement(title, at).await, title));
    }

    // The first release is the signal: the others are being delivered.
    let mut changes = embassy.changes().await;
    while changes.recv().await.unwrap().payload().split(' ').next() != Some("release") {}
    first.kill().await;

    // Its database server survived it, and is taken over.
    let restart = Instant::now();
    let second = installation.start_on(port, &["up", "--demo"]).await;
    println!(
        "second start answered after {} ms, {} MB resident",
        restart.elapsed().as_millis(),
        second.memory() / 1_000_000
    );
    let embassy = Embassy::open(&installation, &address, &url).await;
    let mut changes = embassy.changes().await;
    for (id, title) in &items {
        let item = embassy.until(&mut changes, *id, "published").await;
        assert_eq!(item["deliveries"].as_array().unwrap().len(), 1);
        assert_eq!(embassy.releases(title).await, 1, "{title}");
    }
    assert!(second.interrupt().await.success());
}

/// A kill that also takes the database server, as a power cut does.
#[tokio::test]
async fn a_power_cut_loses_nothing_that_was_confirmed() {
    let installation = Installation::demonstration().await;
    let first = installation.start(&["up", "--demo"]).await;
    let before = installation.succeed(&["user", "list"]).await;
    let pid_file = installation.data().join("postgres/cluster/postmaster.pid");
    let postmaster = std::fs::read_to_string(pid_file).unwrap();
    let postmaster = postmaster.lines().next().unwrap().parse().unwrap();
    first.kill().await;
    nix::sys::signal::kill(
        nix::unistd::Pid::from_raw(postmaster),
        nix::sys::signal::Signal::SIGKILL,
    )
    .unwrap();

    let second = installation.start(&["up", "--demo"]).await;
    assert_eq!(installation.succeed(&["user", "list"]).await, before);
    assert!(second.interrupt().await.success());
}

/// The embedded database's address, as an operator with access to the data folder can put it together.
fn database(installation: &Installation) -> String {
    let password = std::fs::read_to_string(installation.data().join("postgres.password")).unwrap();
    let socket = installation.data().join("postgres");
    format!(
        "postgres://chancery:{}@localhost/chancery?host={}",
        password.trim(),
        socket.display()
    )
}

/// A first start that is killed while it fills the database.
#[tokio::test]
async fn a_demonstration_that_was_half_loaded_is_loaded_anew() {
    let installation = Installation::embedded();
    let mut first = installation.begin(&["up", "--demo"]);
    // Its mark is there while it loads.
    let mark = installation.data().join("demonstration.unfinished");
    while !mark.exists() {
        assert!(
            first.try_wait().unwrap().is_none(),
            "it ended before it loaded anything"
        );
        tokio::task::yield_now().await;
    }
    first.start_kill().unwrap();
    first.wait().await.unwrap();

    let second = installation.start(&["up", "--demo"]).await;
    assert!(!mark.exists());
    assert!(
        installation
            .succeed(&["user", "list"])
            .await
            .contains("demo.example")
    );
    assert!(second.interrupt().await.success());
}
