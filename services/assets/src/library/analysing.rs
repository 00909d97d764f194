//! What becomes of a file when somebody has looked inside.

use chancery_storage::ContentHash;
use chrono::NaiveDate;
use serde_json::{Value, json};

use super::Library;
use crate::error::AssetError;
use crate::model::{Details, FileRole, Kind, State, Text};
use crate::store::assets::{self, Lock};
use crate::store::files::{self, Clean, File, Found};
use crate::store::journal::{self, Entry};
use crate::store::search;

/// What somebody found who looked inside a file.
#[derive(Debug, Clone)]
pub struct Looked {
    /// What sort of thing it is.
    pub kind: Kind,
    /// Its measures.
    pub found: Found,
    /// What was written inside by whoever made it.
    pub embedded: Embedded,
    /// The copy without location and device, where one was made: where it lies, its length, what it is.
    pub clean: Option<(ContentHash, u64, String)>,
}

/// What was written inside a file by whoever made it (IPTC, XMP, EXIF).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Embedded {
    /// Its name.
    pub title: Option<String>,
    /// What is to be read below it.
    pub caption: Option<String>,
    /// The line that must stand beside it.
    pub credit: Option<String>,
    /// Who made it.
    pub creator: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// Where it was made.
    pub place: Option<String>,
    /// When.
    pub taken_on: Option<NaiveDate>,
}

impl Embedded {
    /// Fills what nobody has said yet. Texts are taken as those of `language`.
    fn fill(&self, details: &mut Details, language: &str) {
        let fill = |value: &mut String, found: &Option<String>, most: usize| {
            if let (true, Some(found)) = (value.is_empty(), found) {
                *value = found.chars().take(most).collect();
            }
        };
        fill(&mut details.credit, &self.credit, 300);
        fill(&mut details.creator, &self.creator, 300);
        fill(&mut details.agency, &self.source, 300);
        fill(&mut details.place, &self.place, 300);
        details.taken_on = details.taken_on.or(self.taken_on);
        if details.texts.is_empty() && (self.title.is_some() || self.caption.is_some()) {
            let mut text = Text {
                language: language.to_owned(),
                ..Text::default()
            };
            fill(&mut text.title, &self.title, 300);
            fill(&mut text.caption, &self.caption, 5_000);
            details.texts.push(text);
        }
    }
}

impl Library {
    /// The file takes its place, and what was found inside fills what nobody has said. Users of a published asset are
    /// told when another file stands in the place of the one they know. Done once, however often it is asked.
    ///
    /// # Errors
    /// The database or the queue fails.
    pub async fn looked_into(&self, file: &File, looked: &Looked) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let asset = assets::load(&mut tx, file.asset, Lock::Update).await?;
        let file = files::load(&mut tx, file.id).await?;
        if file.state != "waiting" {
            return Ok(());
        }
        let now = self.clock.now();
        let replaced = files::settle(&mut tx, &file, &looked.found, now).await?;
        if file.role == FileRole::Original.as_str() {
            files::set_kind(&mut tx, asset.id, looked.kind.as_str()).await?;
            if let Some((sha256, bytes, media_type)) = &looked.clean {
                let clean = Clean {
                    id: self.clock.new_id(),
                    original: &file,
                    sha256: sha256.to_string(),
                    bytes: i64::try_from(*bytes).unwrap_or(i64::MAX),
                    media_type,
                };
                files::keep_clean(&mut tx, &clean, now).await?;
            } else {
                files::drop_clean(&mut tx, asset.id, now).await?;
            }
            let mut details = asset.details.clone();
            looked.embedded.fill(&mut details, "vi");
            if asset.state == State::Draft
                && let Ok(details) = details.checked()
                && details != asset.details
            {
                assets::save_details(&mut tx, asset.id, &details, asset.created.0, now).await?;
            }
        }
        search::index(&mut tx, asset.id).await?;
        let entry = Entry {
            person: None,
            unit: asset.unit,
            action: "asset.file_added",
            kind: "asset",
            subject: asset.id.0,
            detail: json!({ "role": file.role, "version": file.version, "sha256": file.sha256 }),
            request: None,
        };
        journal::record(&mut tx, entry).await?;
        if replaced {
            self.tell_of_replacement(&mut tx, &asset, &file).await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// A copy of the current original, made with its place or without, takes the place of the one before; not if the
    /// original or that wish is another by now, since then another is being made.
    ///
    /// # Errors
    /// The database fails.
    pub async fn renewed(
        &self,
        original: &File,
        keeps_location: bool,
        (sha256, bytes, media_type): &(ContentHash, u64, String),
    ) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        let asset = assets::load(&mut tx, original.asset, Lock::Update).await?;
        let current = files::original(&mut tx, asset.id).await?;
        let given = files::to_give(&mut tx, asset.id).await?;
        let sha256 = sha256.to_string();
        if current.is_none_or(|file| file.id != original.id)
            || asset.details.keep_location != keeps_location
            || given.is_some_and(|file| file.sha256 == sha256)
        {
            return Ok(());
        }
        let clean = Clean {
            id: self.clock.new_id(),
            original,
            sha256,
            bytes: i64::try_from(*bytes).unwrap_or(i64::MAX),
            media_type,
        };
        files::keep_clean(&mut tx, &clean, self.clock.now()).await?;
        let entry = Entry {
            person: None,
            unit: asset.unit,
            action: "asset.copy_renewed",
            kind: "asset",
            subject: asset.id.0,
            detail: json!({ "keep_location": keeps_location, "sha256": clean.sha256 }),
            request: None,
        };
        journal::record(&mut tx, entry).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The file is not taken, for a reason that its unit reads; what stood before stays.
    ///
    /// # Errors
    /// The database fails.
    pub async fn refuse_file(&self, file: &File, reason: &str, arguments: &Value) -> Result<(), AssetError> {
        let mut tx = self.pool.begin().await?;
        files::refuse(&mut tx, file.id, reason, arguments).await?;
        journal::touch(&mut tx, file.asset).await?;
        tx.commit().await?;
        Ok(())
    }
}
