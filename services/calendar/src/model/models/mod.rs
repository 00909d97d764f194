//! Models (*mẫu*): what headquarters writes once and missions adopt, adapt or decline.
//!
//! ```text
//! model:    draft → sent (again and again, each time a new version) → withdrawn
//! mission:  on its way → unseen → seen → adopted · adapted → submitted → approved → out · failed
//!                                      ↘ declined (and may still adopt later)
//! ```

mod adopting;
mod content;
mod localise;
mod locked;
mod progress;

pub use adopting::{Obstacle, Tap};
pub use content::{Content, Missing, Text};
pub use localise::{Localised, localise};
pub use locked::{Stretch, marked};
pub use progress::{Facts, Progress};

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// How far a model has come.
    ModelState {
        /// Being written; no mission knows of it.
        Draft = "draft",
        /// Missions have it.
        Sent = "sent",
        /// Headquarters took it back: nobody can adopt it any more.
        Withdrawn = "withdrawn",
    }
}
