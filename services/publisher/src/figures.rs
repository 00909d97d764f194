//! Figures for operators (Prometheus).

use chancery_contracts::Platform;
use chrono::TimeDelta;

use crate::connectors::{Located, Outcome, Taken};
use crate::model::Refusal;

/// Says what the figures mean; call it once a process.
pub fn describe() {
    metrics::describe_counter!(
        "chancery_publisher_outcomes_total",
        "Answers to commits, by platform and answer"
    );
    metrics::describe_counter!(
        "chancery_publisher_located_total",
        "Answers to look-ups, by platform and answer"
    );
    metrics::describe_counter!(
        "chancery_publisher_permits_refused_total",
        "Permits not given, by reason"
    );
    metrics::describe_counter!(
        "chancery_publisher_taken_down_total",
        "Answers to taking down, by platform and answer"
    );
    metrics::describe_counter!("chancery_publisher_stops_total", "Stops placed by people");
    metrics::describe_histogram!(
        "chancery_publisher_commit_lateness_seconds",
        "From the minute approved to the permit, in seconds"
    );
}

pub(crate) fn outcome(platform: Platform, answer: &'static str) {
    metrics::counter!("chancery_publisher_outcomes_total", "platform" => platform.as_str(), "answer" => answer)
        .increment(1);
}

pub(crate) fn located(platform: Platform, answer: &Located) {
    let answer = name_of_located(answer);
    metrics::counter!("chancery_publisher_located_total", "platform" => platform.as_str(), "answer" => answer)
        .increment(1);
}

pub(crate) fn taken_down(platform: Platform, answer: &Taken) {
    let answer = if *answer == Taken::Gone { "gone" } else { "stopped" };
    metrics::counter!("chancery_publisher_taken_down_total", "platform" => platform.as_str(), "answer" => answer)
        .increment(1);
}

pub(crate) fn refused(why: &Refusal) {
    metrics::counter!("chancery_publisher_permits_refused_total", "why" => why.name()).increment(1);
}

pub(crate) fn stop_placed() {
    metrics::counter!("chancery_publisher_stops_total").increment(1);
}

pub(crate) fn lateness(late: TimeDelta) {
    let seconds = late.to_std().unwrap_or_default().as_secs_f64();
    metrics::histogram!("chancery_publisher_commit_lateness_seconds").record(seconds);
}

pub(crate) const fn name_of(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Published(_) => "published",
        Outcome::Pending { .. } => "pending",
        Outcome::RateLimited { .. } => "rate_limited",
        Outcome::NeedsReauth { .. } => "needs_reauth",
        Outcome::Rejected(_) => "rejected",
        Outcome::NotSent { .. } => "not_sent",
        Outcome::Unknown { .. } => "unknown",
    }
}

pub(crate) const fn name_of_located(located: &Located) -> &'static str {
    match located {
        Located::Found(_) => "found",
        Located::Absent => "absent",
        Located::Other(_) => "other",
        Located::Stopped(_) => "cannot_tell",
    }
}
