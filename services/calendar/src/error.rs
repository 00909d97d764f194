//! What can go wrong, and what people are told.

use chancery_access::Refusal as AccessRefusal;
use chancery_media::ImageError;
use chancery_queue::QueueError;
use chancery_web::Problem;

use crate::import::Unreadable;
use crate::model::models::Missing;
use crate::model::templates::Fault;
use crate::model::{Finding, Fixed, Objection, Refusal, StepRole, Unbroken, Unreleased};

/// Why something was not done. Nothing was changed then.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    /// There is no such item, campaign or picture.
    #[error("there is no such thing")]
    NotFound,
    /// The person may not do this there.
    #[error("not allowed: {0:?}")]
    Access(AccessRefusal),
    /// It does not fit the item's state.
    #[error(transparent)]
    State(#[from] Refusal),
    /// The person may not decide on it now.
    #[error(transparent)]
    Objection(#[from] Objection),
    /// The word is not taken now.
    #[error(transparent)]
    Release(#[from] Unreleased),
    /// The person may not let it out without its chain now.
    #[error(transparent)]
    BreakGlass(#[from] Unbroken),
    /// Somebody else changed it since the person looked.
    #[error("it changed meanwhile")]
    Stale,
    /// It keeps its time.
    #[error("it keeps its time: {0:?}")]
    Fixed(Fixed),
    /// Moving it voids what was approved, and nobody said that it should.
    #[error("moving it needs approval again")]
    Again,
    /// Something is missing before it can be submitted.
    #[error("{} things are missing", .0.len())]
    Blocked(Vec<Finding>),
    /// Something is missing before it can go out.
    #[error("{} things stand in its way", .0.len())]
    Hindered(Vec<Finding>),
    /// Something is missing before a model can be sent.
    #[error("{} things are missing", .0.len())]
    Unready(Vec<Missing>),
    /// A template, or what was filled in, has faults.
    #[error("{} faults in a template", .0.len())]
    Template(Vec<Fault>),
    /// It does not fit how far something has come. The Fluent id of the reason.
    #[error("not now: {0}")]
    NotNow(&'static str),
    /// It is somebody else's to do. The Fluent id of the reason.
    #[error("not theirs to do: {0}")]
    NotTheirs(&'static str),
    /// A value is refused.
    #[error("{field} is refused: {key}")]
    Field {
        /// Its name in forms and JSON.
        field: &'static str,
        /// The Fluent id of the reason.
        key: &'static str,
    },
    /// A secret cannot be sealed or opened.
    #[error(transparent)]
    Vault(#[from] chancery_vault::VaultError),
    /// It carries a mark of state secrecy: nothing of it is kept.
    #[error("{field} carries a mark of state secrecy")]
    Marked {
        /// Its name in forms and JSON.
        field: &'static str,
        /// Which mark.
        level: chancery_preflight::Level,
    },
    /// A picture is refused.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The database failed.
    #[error(transparent)]
    Database(sqlx::Error),
    /// The queue failed.
    #[error(transparent)]
    Queue(#[from] QueueError),
    /// A file as a whole cannot be taken in.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The machine gave no randomness.
    #[error("no randomness: {0}")]
    Random(String),
    /// Something of ours could not be written as JSON.
    #[error(transparent)]
    Encoding(#[from] serde_json::Error),
}

impl CalendarError {
    /// A refused value.
    #[must_use]
    pub const fn field(field: &'static str, key: &'static str) -> Self {
        Self::Field { field, key }
    }
}

impl From<sqlx::Error> for CalendarError {
    /// The guards of the schema say the same as the model does; they speak only when somebody got past it.
    fn from(error: sqlx::Error) -> Self {
        let constraint = error.as_database_error().and_then(|error| error.constraint());
        match constraint {
            Some("decisions_not_own") => Self::Objection(Objection::Own),
            Some("decisions_item_id_version_person_id_key") => Self::Objection(Objection::Twice),
            Some("decisions_delegated") => Self::Objection(Objection::NotYourStep(StepRole::HeadOfMission)),
            Some("releases_in_window") => Self::Release(Unreleased::Over),
            Some("break_glass_not_own") => Self::BreakGlass(Unbroken::Own),
            Some("break_glass_second_factor") => Self::BreakGlass(Unbroken::NoSecondFactor),
            Some("break_glass_two_people") => Self::BreakGlass(Unbroken::SamePerson),
            Some("break_glass_in_time") => Self::BreakGlass(Unbroken::Lapsed),
            Some(
                "decisions_in_turn"
                | "items_frozen"
                | "items_versions_rise"
                | "orders_need_approval"
                | "orders_need_release"
                | "releases_in_turn"
                | "break_glass_in_turn",
            ) => Self::Stale,
            _ if matches!(error, sqlx::Error::RowNotFound) => Self::NotFound,
            _ => Self::Database(error),
        }
    }
}

impl From<CalendarError> for Problem {
    fn from(error: CalendarError) -> Self {
        match error {
            CalendarError::NotFound => Self::not_found(),
            CalendarError::Access(refusal) => Self::forbidden(refusal),
            CalendarError::State(refusal) => {
                Self::conflict(refusal.key()).arg("state", refusal.state.as_str())
            }
            CalendarError::Objection(objection @ (Objection::Changed | Objection::Late)) => {
                Self::conflict(objection.key())
            }
            CalendarError::Objection(objection) => Self::forbidden(objection.key()),
            CalendarError::Release(why @ Unreleased::NotYours) => Self::forbidden(why.key()),
            CalendarError::Release(why) => Self::conflict(why.key()),
            CalendarError::BreakGlass(why) if why.is_about_person() => Self::forbidden(why.key()),
            CalendarError::BreakGlass(why) => Self::conflict(why.key()),
            CalendarError::Stale => Self::conflict("items-stale"),
            CalendarError::Fixed(fixed) => Self::conflict(fixed.key()),
            CalendarError::Again => Self::conflict("board-move-again"),
            CalendarError::Blocked(findings) => listed("items-blocked", &findings),
            CalendarError::Hindered(findings) => listed("release-hindered", &findings),
            CalendarError::Unready(missing) => Self::invalid("models-not-ready").arg("count", missing.len()),
            CalendarError::Template(faults) => faults
                .iter()
                .fold(Self::invalid("templates-refused"), |problem, fault| {
                    problem.field(fault.name(), fault.key()).arg("name", fault.name())
                }),
            CalendarError::NotNow(key) => Self::conflict(key),
            CalendarError::NotTheirs(key) => Self::forbidden(key),
            CalendarError::Field { field, key } => Self::invalid("items-not-saved").field(field, key),
            CalendarError::Marked { field, level } => Self::invalid("items-marked")
                .arg("level", level.as_str())
                .field(field, "items-marked-here")
                .arg("level", level.as_str()),
            CalendarError::Image(error) => image_problem(error),
            CalendarError::Database(error) => error.into(),
            CalendarError::Queue(error) => Self::internal(error),
            CalendarError::Unreadable(error) => Self::invalid(error.key()),
            CalendarError::Random(error) => Self::internal(error),
            CalendarError::Vault(error) => Self::internal(error),
            CalendarError::Encoding(error) => Self::internal(error),
        }
    }
}

fn listed(key: &'static str, findings: &[Finding]) -> Problem {
    let problem = Problem::invalid(key).arg("count", findings.len());
    findings.iter().fold(problem, |problem, finding| {
        let problem = problem.field(finding.anchor.clone(), finding.key());
        finding.arguments.iter().fold(problem, |problem, (name, value)| {
            problem.arg(*name, value.clone())
        })
    })
}

fn image_problem(error: ImageError) -> Problem {
    match error {
        ImageError::NotAnImage => Problem::invalid("items-image-not-an-image"),
        ImageError::Refused(refused) => refused
            .arguments()
            .into_iter()
            .fold(Problem::invalid(refused.key()), |problem, (name, value)| {
                problem.arg(name, value)
            }),
        ImageError::Media(error) => Problem::internal(error),
        ImageError::Storage(error) => Problem::internal(error),
    }
}
