//! The network's own Personal Data Server, shared by all tests of a run. It is started once, on a free port and in a
//! throw-away folder, and ends by itself when nobody has asked it anything for a minute.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chancery_http::{Call, Url};
use serde_json::{Value, json};

use crate::proxy::http;

/// A running server.
#[derive(Clone)]
pub struct Pds {
    pub url: Url,
}

/// An account on it.
pub struct Account {
    pub did: String,
    pub handle: String,
    pub app_password: String,
    /// Signed in with the account's own password.
    owner: String,
}

impl Pds {
    /// The server of this run; started if it is not there.
    pub async fn shared() -> Self {
        // Other test processes wait here until it is known where the server is. Blocks: nothing else runs yet.
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let lock = File::create(folder.join("pds.lock")).unwrap();
        lock.lock().unwrap();
        let address = folder.join("pds.url");
        if let Some(url) = std::fs::read_to_string(&address)
            .ok()
            .and_then(|url| url.parse().ok())
        {
            let pds = Self { url };
            if pds.is_up().await {
                return pds;
            }
        }
        let url = start(&folder.join("pds.err"));
        std::fs::write(&address, url.as_str()).unwrap();
        let pds = Self { url };
        assert!(pds.is_up().await, "the server has started and does not answer");
        pds
    }

    async fn is_up(&self) -> bool {
        let health = Call::get(self.url.join("/xrpc/_health").unwrap());
        matches!(http().send(health).await, Ok(reply) if reply.status == 200)
    }

    /// A new account with this handle, and an app password for it.
    pub async fn account(&self, handle: &str) -> Account {
        let made = self
            .post(
                "com.atproto.server.createAccount",
                None,
                json!({"handle": handle, "email": format!("{handle}@example.test"), "password": "correct horse battery"}),
            )
            .await;
        let owner = text(&made, "accessJwt");
        let app = self
            .post(
                "com.atproto.server.createAppPassword",
                Some(&owner),
                json!({"name": "chancery"}),
            )
            .await;
        Account {
            did: text(&made, "did"),
            handle: text(&made, "handle"),
            app_password: text(&app, "password"),
            owner,
        }
    }

    pub async fn revoke(&self, account: &Account) {
        self.post(
            "com.atproto.server.revokeAppPassword",
            Some(&account.owner),
            json!({"name": "chancery"}),
        )
        .await;
    }

    pub async fn deactivate(&self, account: &Account) {
        self.post(
            "com.atproto.server.deactivateAccount",
            Some(&account.owner),
            json!({}),
        )
        .await;
    }

    /// Every record of the account's posts, newest last, with its AT-URI.
    pub async fn records(&self, account: &Account) -> Vec<(String, Value)> {
        let query = [
            ("repo", account.did.as_str()),
            ("collection", "app.bsky.feed.post"),
            ("reverse", "true"),
        ];
        let list = self.get("com.atproto.repo.listRecords", &query).await;
        let list: Value = serde_json::from_slice(&list).unwrap();
        let records = list["records"].as_array().unwrap();
        records
            .iter()
            .map(|record| (text(record, "uri"), record["value"].clone()))
            .collect()
    }

    pub async fn blob(&self, account: &Account, cid: &str) -> bytes::Bytes {
        self.get(
            "com.atproto.sync.getBlob",
            &[("did", account.did.as_str()), ("cid", cid)],
        )
        .await
    }

    async fn get(&self, method: &str, query: &[(&str, &str)]) -> bytes::Bytes {
        let call = Call::get(self.url.join(&format!("/xrpc/{method}")).unwrap()).query(query);
        let reply = http().send(call).await.unwrap();
        assert_eq!(reply.status, 200, "{method}: {:?}", reply.body);
        reply.body
    }

    async fn post(&self, method: &str, token: Option<&str>, body: Value) -> Value {
        let mut call = Call::post(self.url.join(&format!("/xrpc/{method}")).unwrap()).json(&body);
        if let Some(token) = token {
            call = call.bearer(token);
        }
        let reply = http().send(call).await.unwrap();
        assert_eq!(reply.status, 200, "{method}: {:?}", reply.body);
        reply.json().unwrap_or_default()
    }
}

fn text(value: &Value, name: &str) -> String {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} in {value}"))
        .to_owned()
}

#[expect(
    clippy::zombie_processes,
    reason = "it outlives this test, for the next ones, and ends by itself"
)]
fn start(errors: &Path) -> Url {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/servers/pds"));
    assert!(
        folder.join("node_modules/@atproto/pds").is_dir(),
        "the Bluesky server of the tests is not installed; run: make test-servers"
    );
    let log = OpenOptions::new()
        .create(true)
        .write(true)
        .truncate(true)
        .open(errors)
        .unwrap();
    let mut server = Command::new("node")
        .args(["start.mjs", "--idle", "60"])
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        // The end of this test is not the server's.
        .process_group(0)
        .spawn()
        .expect("node is not installed; run: make test-servers");
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let started: Value = serde_json::from_str(&line).unwrap_or_else(|_| {
        panic!(
            "the server did not start: {}",
            std::fs::read_to_string(errors).unwrap()
        )
    });
    started["pds"].as_str().unwrap().parse().unwrap()
}
