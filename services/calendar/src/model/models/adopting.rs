//! Whether a head of mission may adopt and approve in one tap.

/// What is known when somebody wants to approve, by name, what headquarters wrote and their mission left as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is the answer to one question of the rule"
)]
pub struct Tap {
    /// Whether they may approve as head of that mission.
    pub may_approve: bool,
    /// Whether they ever wrote in the model.
    pub wrote_model: bool,
    /// Whether they ever wrote in the item that was made from it: one word is enough.
    pub wrote_item: bool,
    /// Whether the item still says what the model says, word for word. True while there is no item.
    pub faithful: bool,
}

/// Why it takes more than a tap. [`Obstacle::key`] explains it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// Somebody else approves for that mission.
    NotHead,
    /// They wrote it, here or at headquarters.
    Wrote,
    /// The mission changed the text: it is approved as any other.
    Edited,
}

impl Tap {
    /// Adopting is not writing: whoever adopts a text word for word may approve it. Whoever changed a word may not.
    ///
    /// # Errors
    /// The first [`Obstacle`].
    pub const fn allowed(self) -> Result<(), Obstacle> {
        if !self.may_approve {
            Err(Obstacle::NotHead)
        } else if self.wrote_model || self.wrote_item {
            Err(Obstacle::Wrote)
        } else if !self.faithful {
            Err(Obstacle::Edited)
        } else {
            Ok(())
        }
    }
}

impl Obstacle {
    /// The Fluent id of the sentence.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::NotHead => "models-tap-not-head",
            Self::Wrote => "models-tap-wrote",
            Self::Edited => "models-tap-edited",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FINE: Tap = Tap {
        may_approve: true,
        wrote_model: false,
        wrote_item: false,
        faithful: true,
    };

    #[test]
    fn adopting_unchanged_is_not_writing() {
        assert_eq!(FINE.allowed(), Ok(()));
    }

    #[test]
    fn each_obstacle_has_its_own_fact() {
        assert_eq!(
            Tap {
                may_approve: false,
                ..FINE
            }
            .allowed(),
            Err(Obstacle::NotHead)
        );
        assert_eq!(
            Tap {
                wrote_model: true,
                ..FINE
            }
            .allowed(),
            Err(Obstacle::Wrote)
        );
        assert_eq!(
            Tap {
                wrote_item: true,
                ..FINE
            }
            .allowed(),
            Err(Obstacle::Wrote)
        );
        assert_eq!(
            Tap {
                faithful: false,
                ..FINE
            }
            .allowed(),
            Err(Obstacle::Edited)
        );
    }
}
