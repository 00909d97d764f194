use async_trait::async_trait;
use chancery_contracts::ids::DeliveryId;

/// The seams of a delivery's life at which a process can die.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// Before the platform is asked to prepare.
    BeforePrepare,
    /// Prepared at the platform, not yet written down.
    AfterPrepare,
    /// The minute has come, no permit yet.
    BeforePermit,
    /// The intent is written, nothing has been sent.
    AfterPermit,
    /// The platform has answered, nothing is written down.
    AfterCommit,
    /// The receipt is written down.
    AfterReceipt,
    /// Before the platform is asked what happened.
    BeforeLocate,
    /// The platform has said what happened, nothing is written down.
    AfterLocate,
    /// The intent to take it down is written, the platform has not been asked.
    AfterWithdrawalIntent,
    /// The platform was asked to take it down, nothing is written down.
    AfterTakingDown,
}

impl Point {
    /// Every point, in the order of a delivery's life.
    pub const ALL: [Self; 10] = [
        Self::BeforePrepare,
        Self::AfterPrepare,
        Self::BeforePermit,
        Self::AfterPermit,
        Self::AfterCommit,
        Self::AfterReceipt,
        Self::BeforeLocate,
        Self::AfterLocate,
        Self::AfterWithdrawalIntent,
        Self::AfterTakingDown,
    ];
}

/// Told of every seam as a delivery passes it. Fault tests never return from one; the product uses [`NoFaults`].
#[async_trait]
pub trait Faults: Send + Sync {
    /// The delivery has come to this point.
    async fn at(&self, point: Point, delivery: DeliveryId);
}

/// Nothing happens.
#[derive(Debug, Clone, Copy)]
pub struct NoFaults;

#[async_trait]
impl Faults for NoFaults {
    async fn at(&self, _: Point, _: DeliveryId) {}
}
