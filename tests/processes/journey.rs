//! The main journey over HTTP: a statement is written by an attaché, approved by the head of mission, goes out at its time
//! and is read in the press room.

use chrono::{DateTime, Duration, Utc};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use sqlx::postgres::{PgListener, PgPool};
use uuid::Uuid;

use crate::product::{Installation, PATIENCE, client};

/// The demonstration's embassy in Vientiane, with a token each for who writes and who approves.
pub struct Embassy {
    client: Client,
    address: String,
    pub owner: PgPool,
    attache: String,
    head: String,
    unit: Uuid,
    account: Uuid,
}

impl Embassy {
    /// At `address`, over the database of `url`; tokens come from the command line.
    pub async fn open(installation: &Installation, address: &str, url: &str) -> Self {
        let owner = PgPool::connect(url).await.unwrap();
        let unit: Uuid =
            sqlx::query_scalar("select id from identity.published_units where slug = 'vientiane'")
                .fetch_one(&owner)
                .await
                .unwrap();
        let account: Uuid = sqlx::query_scalar(
            "select id from publisher.published_accounts where unit_id = $1 and platform = 'press_room'",
        )
        .bind(unit)
        .fetch_one(&owner)
        .await
        .unwrap();
        let attache = token(
            installation,
            &owner,
            unit,
            "press_attache",
            "item.read,item.write",
        )
        .await;
        let head = token(
            installation,
            &owner,
            unit,
            "head_of_mission",
            "item.read,item.approve",
        )
        .await;
        Self {
            client: client(),
            address: address.to_owned(),
            owner,
            attache,
            head,
            unit,
            account,
        }
    }

    async fn call(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = self.client.request(method, format!("{}{path}", self.address));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request
                .header("content-type", "application/json")
                .body(body.to_string());
        }
        let answer = request.send().await.unwrap();
        let status = answer.status();
        let text = answer.text().await.unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// A page as the public sees it.
    pub async fn read(&self, path: &str) -> (StatusCode, String) {
        let answer = self
            .client
            .get(format!("{}{path}", self.address))
            .send()
            .await
            .unwrap();
        (answer.status(), answer.text().await.unwrap())
    }

    /// Writes a statement, submits and approves it. Gives its id.
    pub async fn approved_statement(&self, title: &str, at: DateTime<Utc>) -> Uuid {
        let draft = json!({
            "kind": "statement", "title": title, "language": "vi", "topic": "general", "audience": "host_public",
            "body": "Đại sứ quán trân trọng thông báo.\n\nThe second paragraph.",
            "scope": "public", "clock": "headquarters",
            // Hanoi keeps UTC+7 all year.
            "wall": (at + Duration::hours(7)).format("%Y-%m-%dT%H:%M:%S").to_string(), "window_minutes": 60,
            "variants": [{ "id": Uuid::new_v4(), "account": self.account, "language": "vi" }],
        });
        let new = json!({ "unit": self.unit, "draft": draft });
        let (status, item) = self
            .call(&self.attache, Method::POST, "/api/v1/items", Some(new))
            .await;
        assert_eq!(status, StatusCode::CREATED, "{item:#}");
        let id: Uuid = item["id"].as_str().unwrap().parse().unwrap();
        let submission = json!({ "revision": item["revision"] });
        let submit = format!("/api/v1/items/{id}/submit");
        let (status, item) = self
            .call(&self.attache, Method::POST, &submit, Some(submission))
            .await;
        assert_eq!(status, StatusCode::OK, "{item:#}");

        // Nobody approves what they wrote, by whatever way.
        let decision = json!({ "decision": "approve", "hash": item["edition_hash"] });
        let decide = format!("/api/v1/approvals/{id}");
        let (own, _) = self
            .call(&self.attache, Method::POST, &decide, Some(decision.clone()))
            .await;
        assert_eq!(own, StatusCode::FORBIDDEN);
        let (status, item) = self.call(&self.head, Method::POST, &decide, Some(decision)).await;
        assert_eq!(status, StatusCode::OK, "{item:#}");
        id
    }

    pub async fn item(&self, id: Uuid) -> Value {
        let (status, item) = self
            .call(&self.attache, Method::GET, &format!("/api/v1/items/{id}"), None)
            .await;
        assert_eq!(status, StatusCode::OK, "{item:#}");
        item
    }

    /// The channel on which services say that something changed; join it before the change.
    pub async fn changes(&self) -> PgListener {
        let mut changes = PgListener::connect_with(&self.owner).await.unwrap();
        changes.listen("live").await.unwrap();
        changes
    }

    /// Waits until the item has reached `state`; gives it.
    pub async fn until(&self, changes: &mut PgListener, id: Uuid, state: &str) -> Value {
        let waited = tokio::time::timeout(PATIENCE, async {
            loop {
                let item = self.item(id).await;
                if item["state"] == state {
                    return item;
                }
                changes.recv().await.unwrap();
            }
        });
        match waited.await {
            Ok(item) => item,
            Err(_) => unreachable!("{id} did not become {state}: {:#}", self.item(id).await),
        }
    }

    /// How many releases of this headline the press room holds.
    pub async fn releases(&self, title: &str) -> i64 {
        let counted =
            sqlx::query_scalar("select count(*) from newsroom.releases where title = $1").bind(title);
        counted.fetch_one(&self.owner).await.unwrap()
    }
}

/// Soon: items go out on the minute, a minute ahead at least; and a little for submitting and approving them.
pub fn soon() -> DateTime<Utc> {
    let now = std::time::SystemTime::now();
    DateTime::<Utc>::from(now) + Duration::seconds(140)
}

async fn token(installation: &Installation, owner: &PgPool, unit: Uuid, role: &str, scopes: &str) -> String {
    let email: String = sqlx::query_scalar(
        "select p.email from identity.people p join identity.grants g on g.person_id = p.id
         where g.role = $1 and g.unit_id = $2 order by p.id limit 1",
    )
    .bind(role)
    .bind(unit)
    .fetch_one(owner)
    .await
    .unwrap();
    let made = installation
        .succeed(&[
            "token", "create", "journey", "--person", &email, "--scope", scopes,
        ])
        .await;
    made.trim().to_owned()
}
