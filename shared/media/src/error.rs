//! Why a file is not taken, in terms that become a sentence, and what else can go wrong.

use crate::MediaType;

/// Why a file is refused. The file is at fault: trying again gives the same answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// No bytes.
    #[error("the file is empty")]
    Empty,
    /// None of the formats that the library takes.
    #[error("not a format that is taken (it seems to be: {})", .seems.unwrap_or("unknown"))]
    Unknown {
        /// What it looks like, as an extension.
        seems: Option<&'static str>,
    },
    /// The name says something else than the content.
    #[error("named .{extension}, but it is {actual}")]
    Extension {
        /// As in its name.
        extension: String,
        /// What it is.
        actual: MediaType,
    },
    /// It is two files in one: whoever opens it sees one or the other.
    #[error("another file hides in it")]
    Polyglot,
    /// A list of other files or addresses that only looks like a film.
    #[error("a playlist")]
    Playlist,
    /// More bytes than its kind may have.
    #[error("more than {max} bytes")]
    TooLarge {
        /// The limit in bytes.
        max: u64,
    },
    /// Too many pixels.
    #[error("{width} x {height} is more than {max} pixels")]
    TooManyPixels {
        /// As the file claims.
        width: u32,
        /// As the file claims.
        height: u32,
        /// The limit, width times height.
        max: u64,
    },
    /// Too many pages.
    #[error("{pages} pages are more than {max}")]
    TooManyPages {
        /// As the file claims.
        pages: u32,
        /// The limit.
        max: u32,
    },
    /// It plays too long.
    #[error("longer than {max} seconds")]
    TooLong {
        /// The limit in seconds.
        max: u64,
    },
    /// A small file that unpacks to a huge one, or has far too many parts.
    #[error("it unpacks to far more than it seems")]
    Bomb,
    /// Reading it took more time or memory than any honest file needs.
    #[error("it takes too long to read")]
    TooSlow,
    /// Only a password opens it.
    #[error("it is locked with a password")]
    Locked,
    /// Programs inside.
    #[error("it contains programs")]
    Programs,
    /// Entities or a document type that would make an XML reader fetch or multiply things.
    #[error("it declares entities")]
    Entities,
    /// A text in an unknown encoding.
    #[error("not UTF-8")]
    Encoding,
    /// It carries a mark of state secrecy, in its name or on its pages.
    #[error("marked as a state secret: {level}")]
    Marked {
        /// As it stands on the paper.
        level: &'static str,
    },
    /// It begins like what it claims to be, but does not go on so.
    #[error("damaged: {0}")]
    Damaged(String),
}

impl Refused {
    /// The Fluent id of its sentence in `media.ftl`; [`Self::arguments`] fill it.
    #[must_use]
    pub const fn key(&self) -> &'static str {
        match self {
            Self::Empty => "media-refused-empty",
            Self::Unknown { .. } => "media-refused-unknown",
            Self::Extension { .. } => "media-refused-extension",
            Self::Polyglot => "media-refused-polyglot",
            Self::Playlist => "media-refused-playlist",
            Self::TooLarge { .. } => "media-refused-too-large",
            Self::TooManyPixels { .. } => "media-refused-too-many-pixels",
            Self::TooManyPages { .. } => "media-refused-too-many-pages",
            Self::TooLong { .. } => "media-refused-too-long",
            Self::Bomb => "media-refused-bomb",
            Self::TooSlow => "media-refused-too-slow",
            Self::Locked => "media-refused-locked",
            Self::Programs => "media-refused-programs",
            Self::Entities => "media-refused-entities",
            Self::Encoding => "media-refused-encoding",
            Self::Marked { .. } => "media-refused-marked",
            Self::Damaged(_) => "media-refused-damaged",
        }
    }

    /// The named values of its sentence.
    #[must_use]
    pub fn arguments(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unknown { seems } => vec![("seems", seems.unwrap_or("other").to_owned())],
            Self::Extension { extension, actual } => vec![
                ("extension", extension.clone()),
                ("actual", actual.as_str().to_uppercase()),
            ],
            Self::TooLarge { max } => vec![("megabytes", (max / 1_000_000).to_string())],
            Self::TooManyPixels { width, height, max } => vec![
                ("width", width.to_string()),
                ("height", height.to_string()),
                ("megapixels", (max / 1_000_000).to_string()),
            ],
            Self::TooManyPages { pages, max } => {
                vec![("pages", pages.to_string()), ("limit", max.to_string())]
            }
            Self::Marked { level } => vec![("level", (*level).to_owned())],
            Self::TooLong { max } => vec![("minutes", (max / 60).to_string())],
            _ => Vec::new(),
        }
    }

    pub(crate) fn damaged(error: impl std::fmt::Display) -> Self {
        // Decoders quote what they read; a line is enough.
        Self::Damaged(
            error
                .to_string()
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect(),
        )
    }
}

/// What can go wrong.
#[derive(Debug, thiserror::Error)]
pub enum MediaError {
    /// The file is at fault.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// What is asked cannot be made of this file.
    #[error("{wanted} cannot be made of {from}")]
    NotPossible {
        /// What was asked.
        wanted: &'static str,
        /// What there is.
        from: MediaType,
    },
    /// It cannot be made small enough.
    #[error("it cannot be made to fit into {max} bytes")]
    CannotFit {
        /// The limit.
        max: u64,
    },
    /// A program of the operating system is missing.
    #[error("the program {program} is missing; install Debian's package {package}")]
    Missing {
        /// The program.
        program: &'static str,
        /// Where it comes from.
        package: &'static str,
    },
    /// A program failed in a way that is not the file's fault.
    #[error("{program} failed: {said}")]
    Program {
        /// The program.
        program: &'static str,
        /// Its last words.
        said: String,
    },
    /// The disk failed.
    #[error("the disk failed: {0}")]
    Disk(#[from] std::io::Error),
}
