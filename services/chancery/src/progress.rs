//! What a person at a terminal sees while something takes its time. Without a terminal each step is one plain line.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

/// One step, shown until it is dropped or finished.
#[derive(Debug)]
pub struct Step {
    bar: ProgressBar,
    name: String,
}

/// Starts a step of unknown length.
pub fn step(name: &str) -> Step {
    Step::show(name, ProgressBar::new_spinner(), "{spinner} {msg} {elapsed:.dim}")
}

/// Starts a step of `bytes` bytes.
pub fn bytes(name: &str, bytes: u64) -> Step {
    Step::show(
        name,
        ProgressBar::new(bytes),
        "{spinner} {msg} [{bar:30}] {bytes}/{total_bytes} {eta}",
    )
}

impl Step {
    fn show(name: &str, bar: ProgressBar, template: &str) -> Self {
        if std::io::stderr().is_terminal() {
            if let Ok(style) = ProgressStyle::with_template(template) {
                bar.set_style(style);
            }
            bar.set_message(name.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
        } else {
            bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
            eprintln!("{name} …");
        }
        Self {
            bar,
            name: name.to_owned(),
        }
    }

    /// `bytes` more are done.
    pub fn advance(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Takes the step off the screen and leaves a line that says what came of it.
    pub fn done(self, outcome: &str) {
        self.bar.finish_and_clear();
        if std::io::stderr().is_terminal() {
            eprintln!("✓ {outcome}");
        } else if outcome != self.name {
            eprintln!("{outcome}");
        }
    }
}

impl Drop for Step {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
