//! What a delivery is and what may become of it: types and transitions, without I/O.

mod account;
mod answers;
mod delivery;
mod order;
mod permit;
mod reason;
mod state;
mod stop;
mod withdrawal;

pub use account::{Account, AccountState};
pub use answers::{AccountEffect, AfterLocate};
pub use delivery::Delivery;
pub use order::{Arrival, Order, arrival};
pub use permit::{Facts, Refusal};
pub use reason::{REASONS, Reason, code};
pub use state::{DeliveryState, Forbidden};
pub use stop::{Cause, Stop, StopScope, UnknownScope};
pub use withdrawal::{NotWithdrawable, Withdrawal, WithdrawalState};
