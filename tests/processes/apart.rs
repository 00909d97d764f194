//! Each service in a process of its own, behind a proxy.

use chancery_contracts::Service;
use chancery_database::embedded::{Cluster, DATABASE};
use reqwest::StatusCode;

use crate::journey::{Embassy, soon};
use crate::product::{Installation, free_port, get};
use crate::proxy;

#[tokio::test]
async fn services_in_processes_of_their_own_make_the_main_journey_together() {
    let installation = Installation::demonstration().await;
    // The server is nobody's child, as in a larger installation.
    let cluster = Cluster::start(&installation.data()).await.unwrap();
    let url = cluster.url(DATABASE);
    let installation = installation.told("DATABASE_URL", url.clone());

    let front = free_port();
    let mut processes = Vec::new();
    for service in Service::ALL {
        let others = Service::ALL
            .map(Service::name)
            .into_iter()
            .filter(|name| *name != service.name());
        let elsewhere = others.collect::<Vec<_>>().join(",");
        let process = installation
            .start(&["serve", service.name(), "--elsewhere", &elsewhere, "--demo"])
            .await;
        processes.push((service.name(), process));
    }
    let ports: Vec<(&str, u16)> = processes
        .iter()
        .map(|(name, process)| (*name, process.port))
        .collect();
    proxy::start(front, &ports).await;
    let embassy = Embassy::open(&installation, &format!("http://127.0.0.1:{front}"), &url).await;

    let mut changes = embassy.changes().await;
    let title = "Tuyên bố từ năm tiến trình";
    let id = embassy.approved_statement(title, soon()).await;
    let item = embassy.until(&mut changes, id, "published").await;
    let permalink = item["deliveries"][0]["permalink"].as_str().unwrap().to_owned();
    let path = permalink
        .find("/press/")
        .and_then(|at| permalink.get(at..))
        .unwrap();
    let (status, page) = embassy.read(path).await;
    assert_eq!(status, StatusCode::OK);
    assert!(
        page.contains(title) && page.contains("trân trọng thông báo"),
        "{page}"
    );
    assert_eq!(embassy.releases(title).await, 1);

    // Any process serves what all share.
    for (name, port) in &ports {
        for shared in ["/healthz", "/readyz", "/api/openapi.json"] {
            let (status, _) = get(&format!("http://127.0.0.1:{port}{shared}")).await;
            assert_eq!(status, StatusCode::OK, "{name}{shared}");
        }
    }
    let (_, health) = get(&format!("http://127.0.0.1:{front}/readyz")).await;
    assert!(
        health.contains("\"identity\"") && !health.contains("\"calendar\""),
        "{health}"
    );
    for (name, process) in processes {
        println!("{name}: {} MB resident", process.memory() / 1_000_000);
        assert!(process.interrupt().await.success());
    }
    drop(changes);
    embassy.owner.close().await;
    cluster.stop().await.unwrap();
}
