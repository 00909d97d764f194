//! A real mail server for the tests: aiosmtpd, as `make test-servers` installs it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use chancery_identity::mail::{Mailer, Security, Settings};
use serde::Deserialize;
use tempfile::TempDir;

/// A server of its own, in a folder that is removed with it. It ends when this is dropped.
pub struct SmtpServer {
    process: Child,
    folder: TempDir,
    port: u16,
    answers: Mutex<BTreeMap<String, String>>,
}

/// A mail as the server understood it.
#[derive(Debug, Deserialize)]
pub struct Received {
    pub from: String,
    pub to: Vec<String>,
    pub headers: Vec<(String, String)>,
    pub text: String,
    pub html: String,
    pub raw: String,
    pub tls: bool,
    pub user: Option<String>,
}

impl Received {
    pub fn header(&self, name: &str) -> &str {
        let found: Vec<_> = self
            .headers
            .iter()
            .filter(|(own, _)| own.eq_ignore_ascii_case(name))
            .collect();
        assert_eq!(found.len(), 1, "{name} in {:?}", self.headers);
        &found[0].1
    }
}

impl SmtpServer {
    /// `security` is `none`, `starttls` or `tls`; `sign_in` a user and a password with a colon between.
    pub fn start(security: &str, sign_in: Option<&str>) -> Self {
        let place = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/servers/smtp"));
        let python = place.join("venv/bin/python");
        assert!(
            python.is_file(),
            "the mail server of the tests is not installed; run: make test-servers"
        );
        let folder = tempfile::tempdir().unwrap();
        let log = std::fs::File::create(folder.path().join("log")).unwrap();
        let mut process = Command::new(python)
            .arg(place.join("server.py"))
            .arg(folder.path())
            .arg(security)
            .args(sign_in)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        let said = process.stdout.take().unwrap();
        BufReader::new(said).read_line(&mut line).unwrap();
        let Ok(value) = serde_json::from_str::<serde_json::Value>(&line) else {
            let log = std::fs::read_to_string(folder.path().join("log")).unwrap_or_default();
            panic!("the mail server did not come up:\n{log}");
        };
        Self {
            process,
            port: u16::try_from(value["port"].as_u64().unwrap()).unwrap(),
            folder,
            answers: Mutex::default(),
        }
    }

    /// How to reach it.
    pub fn settings(&self, security: Security, sign_in: Option<(&str, &str)>) -> Settings {
        Settings {
            host: "localhost".to_owned(),
            port: self.port,
            security,
            sign_in: sign_in.map(|(user, password)| (user.to_owned(), password.to_owned())),
            from: "Newsroom <chancery@mofa.example>".to_owned(),
            authority: std::fs::read(self.folder.path().join("authority.pem")).ok(),
        }
    }

    /// A way to it without protection.
    pub fn mailer(&self) -> Mailer {
        Mailer::new(self.settings(Security::None, None)).unwrap()
    }

    /// From now on it answers so to this recipient; an empty answer takes mails again.
    pub fn answer(&self, address: &str, answer: &str) {
        let mut answers = self.answers.lock().unwrap();
        if answer.is_empty() {
            answers.remove(address);
        } else {
            answers.insert(address.to_owned(), answer.to_owned());
        }
        let text = serde_json::to_string(&*answers).unwrap();
        std::fs::write(self.folder.path().join("answers.json"), text).unwrap();
    }

    /// Everything it has received, in order.
    pub fn received(&self) -> Vec<Received> {
        (1..)
            .map(|number| self.folder.path().join(format!("{number}.json")))
            .map_while(|file| std::fs::read_to_string(file).ok())
            .map(|text| serde_json::from_str(&text).unwrap())
            .collect()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}
