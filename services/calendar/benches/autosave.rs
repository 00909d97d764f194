//! `make bench`: two hundred people write at once. Each saves every 1.2 seconds, as the editor does, and looks at the
//! checklist, with headquarters' lists as long as they get.
//!
//! Figure of design: 95 of 100 saves with their checklist within 250 ms. `PEOPLE=200`, `SAVES=20` of each.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and stops at the first failure"
)]

#[path = "../tests/it/rig.rs"]
#[expect(
    dead_code,
    clippy::indexing_slicing,
    clippy::unused_self,
    clippy::disallowed_methods,
    reason = "the tests' own fixture"
)]
mod rig;

use std::time::{Duration, Instant};

use chancery_calendar::Actor;
use chancery_calendar::model::Draft;
use chancery_calendar::store::{accounts, names};
use chancery_calendar::workflow::Saved;
use chancery_preflight::{Avoid, Name};

use rig::Rig;

/// How long the editor waits after the last key.
const PAUSE: Duration = Duration::from_millis(1_200);

fn setting(name: &str, otherwise: usize) -> usize {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap())
}

fn main() {
    // `cargo test` builds and runs benches with this flag; nothing is measured then.
    if std::env::args().any(|argument| argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(measure());
}

async fn measure() {
    let (people, saves) = (setting("PEOPLE", 200), setting("SAVES", 20));
    let rig = Rig::new().await;
    fill(&rig).await;
    let mut items = Vec::new();
    for _ in 0..people {
        items.push(rig.draft().await);
    }
    let writers = items.into_iter().enumerate().map(|(number, id)| {
        let (calendar, person, draft) = (rig.calendar.clone(), rig.lan.clone(), rig.complete());
        tokio::spawn(async move {
            // People do not press their keys together.
            tokio::time::sleep(PAUSE * u32::try_from(number % 100).unwrap() / 100).await;
            let mut taken = Vec::new();
            let mut conn = calendar.pool.acquire().await.unwrap();
            let mut base = chancery_calendar::store::items::load(
                &mut conn,
                id,
                chancery_calendar::store::items::Lock::None,
            )
            .await
            .unwrap()
            .revision;
            drop(conn);
            for save in 0..saves {
                let begun = Instant::now();
                let draft = Draft {
                    body: format!(
                        "{} Lần {save} của người {number}.",
                        "Đại sứ quán trân trọng kính mời. ".repeat(60)
                    ),
                    ..draft.clone()
                };
                let actor = Actor::new(&person);
                match calendar.save(actor, id, base, draft).await.unwrap() {
                    Saved::Now { revision } | Saved::Unchanged { revision } => base = revision,
                    Saved::Kept(kept) => unreachable!("{kept:?}"),
                }
                let mut conn = calendar.pool.acquire().await.unwrap();
                let (item, unit) = calendar.open(&mut conn, actor, id).await.unwrap();
                let accounts = accounts::of_unit(&mut conn, unit.id).await.unwrap();
                calendar
                    .findings(&mut conn, &item, &unit, &accounts, actor)
                    .await
                    .unwrap();
                drop(conn);
                taken.push(begun.elapsed());
                tokio::time::sleep(PAUSE.saturating_sub(begun.elapsed())).await;
            }
            taken
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut taken = Vec::new();
    for writer in writers {
        taken.extend(writer.await.unwrap());
    }
    taken.sort();
    let at = |share: usize| {
        taken
            .get((taken.len() * share / 100).min(taken.len() - 1))
            .unwrap()
            .as_millis()
    };
    println!(
        "{people} people, {} saves with their checklists: half within {} ms, 95 of 100 within {} ms, all within {} ms",
        taken.len(),
        at(50),
        at(95),
        at(100)
    );
}

/// Lists as long as they get: 600 names with forms to avoid, 300 words.
async fn fill(rig: &Rig) {
    let mut conn = rig.calendar.pool.acquire().await.unwrap();
    let (by, at) = (rig.desk.person, rig.calendar.clock.now());
    for n in 0..600 {
        let avoid = Avoid {
            form: format!("tên cũ {n}"),
            reason: String::new(),
        };
        let name = Name {
            term: format!("term{n}"),
            language: "vi".into(),
            // A hundred of them begin as the text does.
            approved: format!(
                "{} số {n}",
                if n % 6 == 0 {
                    "Đại sứ quán"
                } else {
                    "Cơ quan"
                }
            ),
            avoid: vec![avoid],
            locked: false,
        };
        names::put(&mut conn, None, rig.calendar.clock.new_id(), &name, by, at)
            .await
            .unwrap();
    }
    for n in 0..300 {
        let word = names::NewWord {
            unit: rig.mission,
            word: format!("khó nói {n}"),
            language: None,
            advice: String::new(),
            blocking: false,
            marks: true,
        };
        names::put_word(&mut conn, rig.calendar.clock.new_id(), &word, by, at)
            .await
            .unwrap();
    }
}
