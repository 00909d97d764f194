//! What a mail says: plain text and simple HTML from `templates/mail`, in the person's language.

use std::time::SystemTime;

use chancery_contracts::identity::{LetterLine, LetterPart, SendLetter};
use chancery_web::{Arg, Args, Language, Shell, Viewer};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use lettre::address::Address;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart};
use serde_json::{Value, json};

use super::Post;
use crate::model::Names;
use crate::model::mail::header_line;
use crate::store::mails::Waiting;

/// The longest subject, in characters.
const SUBJECT: usize = 150;

/// A mail, ready to go.
///
/// # Errors
/// In words, when it cannot be made: the address is none, a template fails.
pub(super) fn message(post: &Post, mail: &Waiting) -> Result<Message, String> {
    let language: Language = mail.language.parse().unwrap_or_default();
    let letter = Letter::of(&post.shell, mail, language);
    let viewer = Viewer::anonymous(language);
    let render = |template: &str| {
        let text = post.shell.text(&viewer, template, &letter.data);
        text.map_err(|problem| format!("the template {template} fails: {problem:?}"))
    };
    let (text, html) = (
        render(&format!("mail/{}.txt", letter.template))?,
        render(&format!("mail/{}", letter.template))?,
    );
    let address: Address = mail
        .email
        .parse()
        .map_err(|_| format!("“{}” is not a mail address", mail.email))?;
    let name = Some(header_line(&mail.name, 100)).filter(|name| !name.is_empty());
    let from = post.mailer.sender();
    let settings = format!("<{}/me#mail>", post.shell.config().base_url);
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(name, address))
        .subject(header_line(&letter.subject, SUBJECT))
        .date(SystemTime::from(mail.created_at))
        .message_id(Some(format!("<{}@{}>", mail.id, from.email.domain())))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("X-Auto-Response-Suppress", "All"))
        .raw_header(header("List-Unsubscribe", &settings))
        .multipart(MultiPart::alternative_plain_html(text, html))
        .map_err(|error| error.to_string())
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

/// What the templates are given.
struct Letter {
    template: &'static str,
    subject: String,
    data: Value,
}

impl Letter {
    fn of(shell: &Shell, mail: &Waiting, language: Language) -> Self {
        let words = Words {
            shell,
            language,
            clocks: Clocks::of(mail, language),
        };
        match (&mail.letter, &mail.key) {
            (Some(letter), _) => words.weekly(mail, letter),
            (None, Some(key)) => words.notice(mail, key),
            (None, None) => words.test(mail),
        }
    }
}

struct Words<'a> {
    shell: &'a Shell,
    language: Language,
    clocks: Clocks,
}

impl Words<'_> {
    fn base(&self) -> &str {
        &self.shell.config().base_url
    }

    fn unit(&self, mail: &Waiting) -> String {
        let names = mail.unit.as_ref();
        names
            .map(|names| names.get(self.language.tag()).to_owned())
            .unwrap_or_default()
    }

    fn notice(&self, mail: &Waiting, key: &str) -> Letter {
        let empty = std::collections::BTreeMap::new();
        let given = mail.args.as_ref().map_or(&empty, |args| &args.0);
        let args: Args = given
            .iter()
            .map(|(name, value)| (name.clone().into(), Arg::from(value.as_str())))
            .collect();
        let instant = |name: &str| {
            given
                .get(name)
                .and_then(|text| text.parse::<DateTime<Utc>>().ok())
        };
        let on_clocks = |name| instant(name).map(|at| self.clocks.text(self, at));
        let sentence = self.shell.message(self.language, key, &args);
        let link = mail.link.as_deref().unwrap_or("/notifications");
        Letter {
            template: "notice",
            data: json!({
                "subject": sentence,
                "sentence": sentence,
                "unit": self.unit(mail),
                "deadline": on_clocks("deadline"),
                "due": on_clocks("due"),
                "link": format!("{}{link}", self.base()),
                "settings": format!("{}/me#mail", self.base()),
            }),
            subject: sentence,
        }
    }

    fn test(&self, mail: &Waiting) -> Letter {
        let subject = self
            .shell
            .message(self.language, "mail-test-subject", &Args::new());
        Letter {
            template: "test",
            data: json!({
                "subject": subject,
                "at": self.clocks.text(self, mail.created_at),
                "settings": format!("{}/me#mail", self.base()),
            }),
            subject,
        }
    }

    fn weekly(&self, mail: &Waiting, letter: &SendLetter) -> Letter {
        let unit = self.unit(mail);
        let args = Args::from([("unit".into(), Arg::from(unit.as_str()))]);
        let subject = self.shell.message(self.language, "mail-weekly-subject", &args);
        let part = |part: &LetterPart| {
            let lines: Vec<Value> = part.lines.iter().map(|line| self.line(mail, line)).collect();
            json!({ "lines": lines, "more": part.more, "any": !part.lines.is_empty() })
        };
        Letter {
            template: "weekly",
            data: json!({
                "subject": subject,
                "unit": unit,
                "week": letter.week,
                "out": part(&letter.out),
                "troubled": part(&letter.troubled),
                "waiting": part(&letter.waiting),
                "planned": part(&letter.planned),
                "calendar": format!("{}/calendar", self.base()),
                "settings": format!("{}/me#mail", self.base()),
            }),
            subject,
        }
    }

    fn line(&self, mail: &Waiting, line: &LetterLine) -> Value {
        let title = match line.title.trim() {
            "" => "…",
            title => title,
        };
        let hours = line
            .since
            .map(|since| (mail.created_at - since).num_hours().max(0));
        json!({
            "name": header_line(title, 300),
            "link": format!("{}{}", self.base(), line.link),
            "state": line.state,
            "at": line.at.map(|at| self.clocks.text(self, at)),
            "hours": hours,
            "days": hours.map(|hours| hours / 24).filter(|days| *days > 0),
            "deadline": line.deadline.map(|at| self.clocks.text(self, at)),
            "places": line.places,
        })
    }
}

/// The mission's clock and headquarters', each with its city.
struct Clocks {
    here: (Tz, String),
    there: (Tz, String),
}

impl Clocks {
    fn of(mail: &Waiting, language: Language) -> Self {
        let zone = |name: &Option<String>| name.as_deref().and_then(|name| name.parse::<Tz>().ok());
        let there = zone(&mail.headquarters).unwrap_or(Tz::UTC);
        let city = |names: Option<&Names>, zone: Tz| match names {
            Some(names) => names.get(language.tag()).to_owned(),
            None => zone
                .name()
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .replace('_', " "),
        };
        let headquarters = city(mail.headquarters_city.as_ref().map(|names| &names.0), there);
        let here = zone(&mail.zone).map_or_else(
            || (there, headquarters.clone()),
            |zone| (zone, city(mail.city.as_ref().map(|names| &names.0), zone)),
        );
        Self {
            here,
            there: (there, headquarters),
        }
    }

    /// `09:00, 2 September 2026 (Paris) · 14:00, 2 September 2026 (Hà Nội)`; once where both show the same.
    fn text(&self, words: &Words<'_>, at: DateTime<Utc>) -> String {
        let on =
            |(zone, city): &(Tz, String)| format!("{} ({city})", words.shell.time(words.language, *zone, at));
        let same =
            at.with_timezone(&self.here.0).naive_local() == at.with_timezone(&self.there.0).naive_local();
        if same {
            on(&self.here)
        } else {
            format!("{} · {}", on(&self.here), on(&self.there))
        }
    }
}
