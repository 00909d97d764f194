//! A small ministry, and browsers that keep their cookies.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Mutex;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use chancery_clock::{Clock, SystemClock, TestClock};
use chancery_contracts::Service;
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_database::testing::TestDatabase;
use chancery_identity::demo::{Loaded, PersonSeed, RoleSeed, Seeds, UnitSeed};
use chancery_identity::mail::Mailer;
use chancery_identity::model::Names;
use chancery_identity::{By, Deps, Identity, Visitor};
use chancery_queue::Worker;
use chancery_web::{Shell, ShellConfig};
use chrono::NaiveDate;
use http::{HeaderMap, Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub const PASSWORD: &str = "Hoa sen nở sớm mai";
const KEY: [u8; 32] = [7; 32];

/// The product with identity alone, in a database of its own.
pub struct World {
    pub database: TestDatabase,
    pub clock: TestClock,
    pub identity: Identity,
    pub router: Router,
    pub worker: Worker,
    deps: Deps,
    pub units: BTreeMap<String, UnitId>,
    pub people: BTreeMap<String, PersonId>,
}

impl World {
    /// A real start: units and people are there, nobody has a password yet.
    pub async fn new() -> Self {
        Self::with(ShellConfig::default(), &seeds(), None).await
    }

    /// The same, with a way to a mail server.
    pub async fn with_mail(mailer: Mailer) -> Self {
        let config = ShellConfig {
            base_url: "https://chancery.example.gov".to_owned(),
            ..ShellConfig::default()
        };
        Self::with(config, &seeds(), Some(mailer)).await
    }

    /// Another process that does the same work.
    pub fn another_worker(&self) -> Worker {
        let parts = chancery_identity::service(self.deps.clone());
        Worker::new(self.deps.pool.clone(), parts.handlers, self.clock.shared())
    }

    /// The same as a demonstration.
    pub async fn demo() -> Self {
        Self::with(
            ShellConfig {
                demo: true,
                ..ShellConfig::default()
            },
            &seeds(),
            None,
        )
        .await
    }

    /// Nothing at all.
    pub async fn empty() -> Self {
        Self::with(ShellConfig::default(), &Seeds::default(), None).await
    }

    async fn with(config: ShellConfig, seeds: &Seeds, mailer: Option<Mailer>) -> Self {
        let database = TestDatabase::new().await;
        let pool = database.service(Service::Identity);
        let clock = TestClock::at(SystemClock::new().now());
        let identity = Identity::new(pool.clone(), clock.shared(), &KEY).waiving_second_factors(config.demo);
        let loaded = if seeds.units.is_empty() {
            Loaded::default()
        } else {
            chancery_identity::demo::load(&identity, seeds).await.unwrap()
        };
        // The shell is given another service's pool: it lives off what identity publishes.
        let shell = Shell::new(config, database.service(Service::Newsroom), clock.shared()).unwrap();
        let deps = Deps {
            pool: pool.clone(),
            clock: clock.shared(),
            shell: shell.clone(),
            secret_key: KEY,
            mailer,
            trust_proxy: false,
            shutdown: CancellationToken::new(),
        };
        let parts = chancery_identity::service(deps.clone());
        let worker = Worker::new(pool, parts.handlers, clock.shared());
        let router = shell.app(vec![parts.routes]).router;
        let units = loaded.units.into_iter().collect();
        let people = loaded.people.into_iter().collect();
        Self {
            database,
            clock,
            identity,
            router,
            worker,
            deps,
            units,
            people,
        }
    }

    pub fn browser(&self) -> Browser {
        Browser {
            router: self.router.clone(),
            cookies: Mutex::default(),
            address: [192, 0, 2, 7].into(),
        }
    }

    /// Gives somebody a password, as by an invitation, without signing them in.
    pub async fn give_password(&self, who: &str) {
        let link = self
            .identity
            .invite(By::default(), self.people[who])
            .await
            .unwrap();
        self.identity
            .accept_invitation(link.secret.reveal(), PASSWORD, &Visitor::default())
            .await
            .unwrap();
        sqlx::query("delete from identity.sessions where person_id = $1")
            .bind(self.people[who].0)
            .execute(self.database.owner())
            .await
            .unwrap();
    }

    /// A browser in which somebody without a second factor is signed in.
    pub async fn signed_in(&self, who: &str) -> Browser {
        self.give_password(who).await;
        let browser = self.browser();
        let answer = browser.sign_in(&email(who), PASSWORD).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// A browser in which an administrator is signed in, past the second factor.
    pub async fn administrator(&self, who: &str) -> Browser {
        // The one click of the demonstration, on the same database.
        let demo = self.identity.clone().waiving_second_factors(true);
        let session = demo
            .sign_in_demo(self.people[who], &Visitor::default())
            .await
            .unwrap();
        let browser = self.browser();
        browser.set_cookie("chancery", session.reveal());
        browser
    }

    /// As the owner of the database: behind the scenes.
    pub async fn sql(&self, statement: &'static str) {
        sqlx::query(statement)
            .execute(self.database.owner())
            .await
            .unwrap();
    }

    pub async fn count(&self, statement: &'static str) -> i64 {
        sqlx::query_scalar(statement)
            .fetch_one(self.database.owner())
            .await
            .unwrap()
    }
}

/// A browser: keeps cookies, sends the token of its session with forms.
pub struct Browser {
    router: Router,
    cookies: Mutex<BTreeMap<String, String>>,
    pub address: IpAddr,
}

#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn location(&self) -> &str {
        self.headers
            .get(header::LOCATION)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Browser {
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], Body::empty()).await
    }

    /// Sends a form with the session's token.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let token = self.csrf().await;
        let mut all = fields.to_vec();
        all.push(("csrf", &token));
        self.post_bare(path, &all).await
    }

    /// Sends a form as it is.
    pub async fn post_bare(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let kind = [("content-type", "application/x-www-form-urlencoded")];
        self.send(Method::POST, path, &kind, Body::from(form.finish()))
            .await
    }

    pub async fn sign_in(&self, email: &str, password: &str) -> Answer {
        self.post_bare(
            "/sign-in",
            &[("email", email), ("password", password), ("next", "/me")],
        )
        .await
    }

    async fn csrf(&self) -> String {
        let answer = self.get("/session").await;
        let value: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
        value["csrf"].as_str().unwrap_or_default().to_owned()
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies
            .lock()
            .unwrap()
            .insert(name.to_owned(), value.to_owned());
    }

    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let response = self.open(method, path, headers, body).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Without reading the answer to its end: streams.
    pub async fn open(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> axum::response::Response {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let cookies: Vec<_> = self
            .cookies
            .lock()
            .unwrap()
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let mut request = request.header(header::ACCEPT_LANGUAGE, "en").body(body).unwrap();
        request
            .extensions_mut()
            .insert(ConnectInfo(SocketAddr::new(self.address, 4711)));
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie::Cookie::parse(cookie.to_str().unwrap().to_owned()).unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            if cookie.max_age() == Some(cookie::time::Duration::ZERO) {
                cookies.remove(cookie.name());
            } else {
                cookies.insert(cookie.name().to_owned(), cookie.value().to_owned());
            }
        }
        response
    }
}

pub fn email(who: &str) -> String {
    format!("{who}@mofa.example")
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn unit(slug: &str, parent: Option<&str>, kind: &str, zone: &str) -> UnitSeed {
    UnitSeed {
        slug: slug.into(),
        parent: parent.map(str::to_owned),
        kind: kind.into(),
        names: Names::new(format!("Đơn vị {slug}"), format!("Unit {slug}")),
        city: Some(Names::new("Nơi", "Place")),
        country: Some("LA".into()),
        zone: zone.into(),
        languages: vec!["vi".into(), "en".into()],
        region: Some("southeast_asia".into()),
        valid_from: day("1990-01-01"),
    }
}

fn person(key: &str, role: &str, unit: &str) -> PersonSeed {
    PersonSeed {
        key: key.into(),
        name: format!("Person {key}"),
        email: email(key),
        language: "en".into(),
        note: Some(Names::new("Việc cần thử", "What to try")),
        roles: vec![RoleSeed {
            role: role.into(),
            unit: unit.into(),
            from: day("2020-01-01"),
            to: None,
        }],
    }
}

/// Headquarters with a desk, and two missions.
pub fn seeds() -> Seeds {
    Seeds {
        units: vec![
            unit("mofa", None, "ministry", "Asia/Ho_Chi_Minh"),
            unit("press", Some("mofa"), "department", "Asia/Ho_Chi_Minh"),
            unit("vientiane", Some("mofa"), "embassy", "Asia/Vientiane"),
            unit("paris", Some("mofa"), "embassy", "Europe/Paris"),
        ],
        people: vec![
            person("lan", "press_attache", "vientiane"),
            person("minh", "head_of_mission", "vientiane"),
            person("paul", "press_attache", "paris"),
            person("admin", "administrator", "mofa"),
            person("local", "administrator", "vientiane"),
            person("auditor", "auditor", "mofa"),
        ],
    }
}
