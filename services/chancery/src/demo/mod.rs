//! The demonstration ministry: seeds for every service, loaded by `chancery up --demo`.

use chancery_clock::SharedClock;

use crate::error::Failure;
use crate::ground::Ground;

/// Loads the seeds; what is there already is left as it is.
pub async fn load(_ground: &Ground, _clock: &SharedClock) -> Result<(), Failure> {
    Ok(())
}
