//! Messages that the calendar service owns.

use serde::{Deserialize, Serialize};

use crate::event;
use crate::ids::{ItemId, UnitId};

/// An item is out on every account it was meant for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemReleased {
    /// Which item.
    pub item: ItemId,
    /// Of which unit.
    pub unit: UnitId,
}

event!(ItemReleased, "calendar.item_released", 1, [Calendar] => []);
