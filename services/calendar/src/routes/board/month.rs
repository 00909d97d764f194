//! A month of the board as pages to print: the same filters, both clocks, and tags for those who hear it read.

use std::rc::Rc;
use std::sync::LazyLock;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_print::{MARGIN, Pages, Paragraph, Part, PrintError, Style, WIDTH};
use chancery_web::{Args, Language, Problem, Query, Viewer};
use chrono::{Datelike as _, NaiveDateTime};
use http::header;
use serde_json::Value;
use tokio::sync::Semaphore;

use super::super::App;
use super::cards::{BoardDay, Card};
use super::wanted::Wanted;
use super::{Found, find};

/// The most items of one PDF; the last line says how many were left out.
const MOST: usize = 500;
/// The most items of one day in it.
const A_DAY: i64 = 60;
/// The room of the times, in points.
const TIMES: f32 = 128.0;

/// Setting pages is computing: a flood of readers waits instead of taking every core.
static SEATS: LazyLock<Semaphore> = LazyLock::new(|| Semaphore::new(2));

const TITLE: Style = Style {
    size: 19.0,
    bold: true,
    grey: false,
};
const HEAD: Style = Style {
    size: 11.0,
    bold: true,
    grey: false,
};
const BODY: Style = Style {
    size: 9.5,
    bold: false,
    grey: false,
};
const TIME: Style = Style {
    size: 9.5,
    bold: true,
    grey: false,
};
const SMALL: Style = Style {
    size: 8.0,
    bold: false,
    grey: true,
};

/// What is on the pages.
#[derive(Debug)]
struct Month {
    language: String,
    title: String,
    about: String,
    days: Vec<Day>,
    closing: Vec<String>,
    /// What is said when a letter is in no font of this machine.
    lacking: String,
}

#[derive(Debug)]
struct Day {
    heading: String,
    marks: Vec<String>,
    items: Vec<Entry>,
    more: String,
}

#[derive(Debug)]
struct Entry {
    /// On the board's clock.
    time: String,
    /// On the other, where that shows something else.
    other: String,
    headline: String,
    facts: String,
}

/// The month around `date` as PDF, with the filters of the board.
#[utoipa::path(get, path = "/api/v1/calendar/month.pdf", tag = "calendar",
    params(("date" = Option<String>, Query), ("clock" = Option<String>, Query), ("scope" = Option<String>, Query),
           ("state" = Option<Vec<String>>, Query), ("kind" = Option<Vec<String>>, Query), ("topic" = Option<Vec<String>>, Query),
           ("channel" = Option<Vec<String>>, Query), ("campaign" = Option<uuid::Uuid>, Query), ("language" = Option<String>, Query)),
    responses((status = 200, content_type = "application/pdf"), (status = 503)))]
pub(super) async fn month_pdf(
    app: State<App>,
    viewer: Viewer,
    wanted: Query<Wanted>,
) -> Result<Response, Problem> {
    pdf(app, viewer, wanted).await
}

pub(super) async fn pdf(
    State(app): State<App>,
    viewer: Viewer,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Problem> {
    let wanted = Wanted {
        view: "month".to_owned(),
        from: String::new(),
        to: String::new(),
        ..wanted
    };
    let mut conn = app.connection().await?;
    let found = find(&app, &mut conn, &viewer, &wanted, Some(A_DAY)).await?;
    drop(conn);
    let month = month(&app, &viewer, &wanted, &found);
    let name = format!("{}-{:02}.pdf", found.date.year(), found.date.month());
    let seat = SEATS.acquire().await.map_err(Problem::internal)?;
    let written = tokio::task::spawn_blocking(move || write(&month)).await;
    drop(seat);
    let pdf = match written.map_err(Problem::internal)? {
        Ok(pdf) => pdf,
        Err(PrintError::NoFont) => return Err(Problem::unavailable("month-no-font")),
        Err(error) => return Err(Problem::internal(error)),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("inline; filename=\"{name}\""),
        ),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, pdf).into_response())
}

fn month(app: &App, viewer: &Viewer, wanted: &Wanted, found: &Found) -> Month {
    let language = viewer.language;
    let say = |key: &str, args: Args| app.shell.message(language, key, &args);
    let document = &found.document;
    let in_month = |day: &&BoardDay| day.date.month() == found.date.month();
    let mut room = MOST;
    let mut days = Vec::new();
    for day in document.days.iter().filter(in_month) {
        let cards: Vec<&Card> = document
            .items
            .iter()
            .filter(|card| card.at.is_some_and(|at| at.date() == day.date))
            .take(room)
            .collect();
        if cards.is_empty() && day.marks.is_empty() && day.total == 0 {
            continue;
        }
        room -= cards.len();
        let left_out = day.total - i64::try_from(cards.len()).unwrap_or_default();
        days.push(Day {
            heading: heading(app, language, day),
            marks: day.marks.iter().map(|mark| mark.label.clone()).collect(),
            items: cards
                .iter()
                .map(|card| entry(app, language, found.several, card))
                .collect(),
            more: if left_out > 0 {
                say(
                    "board-more-items",
                    Args::from([("count".into(), left_out.into())]),
                )
            } else {
                String::new()
            },
        });
    }
    let total: i64 = document.days.iter().filter(in_month).map(|day| day.total).sum();
    let shown = MOST - room;
    let left_out = usize::try_from(total).unwrap_or_default().saturating_sub(shown);
    let mut closing = Vec::new();
    if total == 0 {
        closing.push(say("board-empty", Args::new()));
    }
    if left_out > 0 {
        let args = Args::from([("shown".into(), shown.into()), ("count".into(), left_out.into())]);
        closing.push(say("month-left-out", args));
    }
    let args = Args::from([
        ("month".into(), found.date.month().into()),
        ("year".into(), found.date.year().to_string().into()),
    ]);
    let now = app.workflow.clock.now();
    let mut about = vec![clock(app, language, found)];
    if wanted.is_filtered() {
        about.push(say("month-filtered", Args::new()));
    }
    let made = app.shell.time(language, found.board.headquarters.0, now);
    about.push(say("month-made", Args::from([("time".into(), made.into())])));
    Month {
        language: language.tag().to_owned(),
        title: say("board-month", args),
        about: about.join(" · "),
        days,
        closing,
        lacking: say("month-lacking", Args::new()),
    }
}

/// On whose clock the days are.
fn clock(app: &App, language: Language, found: &Found) -> String {
    let key = if found.several && found.clock == crate::model::ClockChoice::Host {
        "board-clock-each".to_owned()
    } else {
        format!("item-clock-{}", found.clock)
    };
    app.shell.message(language, &key, &Args::new())
}

fn heading(app: &App, language: Language, day: &BoardDay) -> String {
    let weekday = app
        .shell
        .message(language, &format!("weekday-{}", day.weekday), &Args::new());
    let date = app.shell.day(language, day.date);
    match &day.lunar {
        Some(lunar) => {
            let args = Args::from([("day".into(), lunar.as_str().into())]);
            let lunar = app.shell.message(language, "board-lunar", &args);
            format!("{weekday} {date} · {lunar}")
        }
        None => format!("{weekday} {date}"),
    }
}

fn entry(app: &App, language: Language, several: bool, card: &Card) -> Entry {
    let say = |key: String| app.shell.message(language, &key, &Args::new());
    let name = |names: &Value| {
        let own = names.get(language.tag()).or_else(|| names.get("vi"));
        own.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let hour = |at: NaiveDateTime| at.format("%H:%M").to_string();
    let other = card.other.map(|other| {
        let city = card.other_city.as_ref().map(&name).unwrap_or_default();
        let same_day = card.at.is_some_and(|at| at.date() == other.date());
        let day = if same_day {
            String::new()
        } else {
            format!(", {}", app.shell.day(language, other.date()))
        };
        format!("{}{day} {city}", hour(other))
    });
    let mut facts = vec![say(format!("item-state-{}", card.state))];
    if several {
        facts.push(name(&card.unit_names));
    }
    facts.push(say(format!("item-kind-{}", card.kind)));
    facts.extend(
        card.platforms
            .iter()
            .map(|platform| say(format!("platform-{platform}"))),
    );
    facts.extend(card.campaign.clone());
    Entry {
        time: card.at.map(hour).unwrap_or_default(),
        other: other.unwrap_or_default(),
        headline: if card.headline.is_empty() {
            say("items-untitled".to_owned())
        } else {
            card.headline.clone()
        },
        facts: facts.join(" · "),
    }
}

/// Writes the pages. Takes a moment of computing.
fn write(month: &Month) -> Result<Vec<u8>, PrintError> {
    let mut pages = Pages::new()?;
    pages.text(Part::Title, &month.title, TITLE, 2.0);
    pages.text(Part::Text, &month.about, SMALL, 10.0);
    for day in &month.days {
        // A heading does not stand alone at the foot of a page.
        pages.room(56.0);
        pages.text(Part::Heading, &day.heading, HEAD, 1.0);
        for mark in &day.marks {
            pages.text(Part::Text, mark, SMALL, 0.0);
        }
        pages.space(2.0);
        for entry in &day.items {
            put(&mut pages, entry);
        }
        pages.end_items();
        pages.text(Part::Text, &day.more, SMALL, 0.0);
        pages.space(9.0);
    }
    for line in &month.closing {
        pages.text(Part::Text, line, SMALL, 2.0);
    }
    if pages.lacks_letters() {
        pages.text(Part::Text, &month.lacking, SMALL, 2.0);
    }
    pages.write(&month.title, &month.language)
}

/// One item: its times on the left, what it is on the right.
fn put(pages: &mut Pages<'_>, entry: &Entry) {
    let mut column = |texts: [(&str, Style); 2], width: f32| -> Vec<Rc<Paragraph>> {
        let texts = texts.into_iter().filter(|(text, _)| !text.is_empty());
        texts.map(|(text, style)| pages.set(text, width, style)).collect()
    };
    let times = column(
        [(entry.time.as_str(), TIME), (entry.other.as_str(), SMALL)],
        TIMES - 10.0,
    );
    let texts = column(
        [(entry.headline.as_str(), BODY), (entry.facts.as_str(), SMALL)],
        WIDTH - TIMES,
    );
    let height =
        |column: &[Rc<Paragraph>]| -> f32 { column.iter().map(|text| text.height(0..text.lines())).sum() };
    let tallest = height(&times).max(height(&texts));
    let top = pages.room(tallest);
    pages.begin_item();
    for (column, x) in [(times, MARGIN), (texts, MARGIN + TIMES)] {
        let mut y = top;
        for text in column {
            let tagged = pages.part(Part::Text);
            pages.place(tagged, &text, 0..text.lines(), (x, y));
            y += text.height(0..text.lines());
        }
    }
    pages.space(tallest + 4.0);
}
