use serde::{Deserialize, Serialize};

use crate::film::Course;
use crate::metadata::Embedded;
use crate::picture::Likeness;

/// What is known of a file once it was opened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Analysis {
    /// In pixels, upright; of a page, in pixels of its picture.
    pub width: Option<u32>,
    /// In pixels, upright.
    pub height: Option<u32>,
    /// How long it plays.
    pub milliseconds: Option<u64>,
    /// How many pages or slides.
    pub pages: Option<u32>,
    /// How its pictures are encoded: `h264`…
    pub video_codec: Option<String>,
    /// How its sound is encoded: `aac`…
    pub audio_codec: Option<String>,
    /// What it looks like: a picture, the first page, a moment of a film.
    pub likeness: Option<Likeness>,
    /// What it says of itself.
    pub embedded: Embedded,
    /// Its words, for search: of a document or of captions.
    pub text: Option<String>,
}

impl Analysis {
    pub(crate) fn of_course(course: Course) -> Self {
        Self {
            width: course.width,
            height: course.height,
            milliseconds: Some(course.milliseconds),
            video_codec: course.video_codec,
            audio_codec: course.audio_codec,
            ..Self::default()
        }
    }
}
