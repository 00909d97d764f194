use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What people call it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A photograph, a drawing, an infographic.
    Picture,
    /// Moving pictures, with or without sound.
    Film,
    /// Sound alone.
    Audio,
    /// Text, slides, tables.
    Document,
    /// The words of a film with their times.
    Captions,
    /// Several files in one; never an asset itself.
    Archive,
}

impl Kind {
    /// Every kind, in the order of a list.
    pub const ALL: [Self; 6] = [
        Self::Picture,
        Self::Film,
        Self::Audio,
        Self::Document,
        Self::Captions,
        Self::Archive,
    ];

    /// Its name in the database, in JSON and in Fluent ids (`media-kind-…`).
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Picture => "picture",
            Self::Film => "film",
            Self::Audio => "audio",
            Self::Document => "document",
            Self::Captions => "captions",
            Self::Archive => "archive",
        }
    }
}

/// Name, MIME type, kind and the extensions that a file may have, the usual one first.
macro_rules! media_types {
    ($($(#[$doc:meta])* $variant:ident $name:literal $mime:literal $kind:ident [$($extension:literal),+];)+) => {
        /// A format that the library takes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(rename_all = "lowercase")]
        pub enum MediaType {
            $($(#[$doc])* $variant,)+
        }

        impl MediaType {
            /// Every format.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in the database and in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// Its MIME type, which is also what it is served as.
            #[must_use]
            pub const fn mime(self) -> &'static str {
                match self { $(Self::$variant => $mime),+ }
            }

            /// What people call it.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind),+ }
            }

            /// The extensions that its files have, the usual one first.
            #[must_use]
            pub const fn extensions(self) -> &'static [&'static str] {
                match self { $(Self::$variant => &[$($extension),+]),+ }
            }
        }
    };
}

media_types! {
    /// Photographs.
    Jpeg "jpeg" "image/jpeg" Picture ["jpg", "jpeg", "jpe", "jfif"];
    /// Drawings and screens.
    Png "png" "image/png" Picture ["png"];
    /// Photographs and drawings for the web.
    Webp "webp" "image/webp" Picture ["webp"];
    /// The same, newer.
    Avif "avif" "image/avif" Picture ["avif"];
    /// Photographs of telephones.
    Heic "heic" "image/heic" Picture ["heic", "heif", "hif"];
    /// Scans and prints.
    Tiff "tiff" "image/tiff" Picture ["tif", "tiff"];
    /// Drawings of lines.
    Svg "svg" "image/svg+xml" Picture ["svg"];
    /// Small animations.
    Gif "gif" "image/gif" Picture ["gif"];
    /// Film for everything.
    Mp4 "mp4" "video/mp4" Film ["mp4", "m4v"];
    /// Film of Apple's cameras.
    Mov "mov" "video/quicktime" Film ["mov", "qt"];
    /// Film for the web.
    Webm "webm" "video/webm" Film ["webm"];
    /// Sound, compressed.
    Mp3 "mp3" "audio/mpeg" Audio ["mp3"];
    /// Sound, whole.
    Wav "wav" "audio/wav" Audio ["wav", "wave"];
    /// Finished documents.
    Pdf "pdf" "application/pdf" Document ["pdf"];
    /// Word.
    Docx "docx" "application/vnd.openxmlformats-officedocument.wordprocessingml.document" Document ["docx"];
    /// Slides.
    Pptx "pptx" "application/vnd.openxmlformats-officedocument.presentationml.presentation" Document ["pptx"];
    /// Tables.
    Xlsx "xlsx" "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" Document ["xlsx"];
    /// Captions as editors write them.
    Srt "srt" "application/x-subrip" Captions ["srt"];
    /// Captions as browsers read them.
    Vtt "vtt" "text/vtt" Captions ["vtt"];
    /// Many files at once.
    Zip "zip" "application/zip" Archive ["zip"];
}

impl MediaType {
    /// The usual extension, without its dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        self.extensions().first().copied().unwrap_or_default()
    }

    /// The format with this MIME type.
    #[must_use]
    pub fn from_mime(mime: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.mime() == mime)
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// No format has this name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no such format")]
pub struct UnknownFormat;

impl FromStr for MediaType {
    type Err = UnknownFormat;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.as_str() == name)
            .ok_or(UnknownFormat)
    }
}
