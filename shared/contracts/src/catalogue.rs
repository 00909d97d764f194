use crate::{Message, Service, assets, calendar, identity, publisher};

/// What the queue must know of a message to route it and to refuse who may not send it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MessageInfo {
    /// See [`Message::KIND`].
    pub kind: &'static str,
    /// See [`Message::VERSION`].
    pub version: u16,
    /// Command or event.
    pub is: MessageKind,
    /// See [`Message::PRODUCERS`].
    pub producers: &'static [Service],
    /// See [`Message::CONSUMERS`].
    pub consumers: &'static [Service],
}

/// The two sorts of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageKind {
    /// One handler.
    Command,
    /// Any number of subscribers.
    Event,
}

const fn info<M: Message>(is: MessageKind) -> MessageInfo {
    MessageInfo {
        kind: M::KIND,
        version: M::VERSION,
        is,
        producers: M::PRODUCERS,
        consumers: M::CONSUMERS,
    }
}

/// Every message of the product.
#[must_use]
pub fn catalogue() -> Vec<MessageInfo> {
    use MessageKind::{Command, Event};
    vec![
        info::<identity::Notify>(Command),
        info::<identity::Housekeeping>(Command),
        info::<identity::SendMail>(Command),
        info::<identity::SendLetter>(Command),
        info::<assets::Analyse>(Command),
        info::<assets::RenewCopy>(Command),
        info::<assets::MakeRendition>(Command),
        info::<assets::FinishUpload>(Command),
        info::<assets::FetchEntry>(Command),
        info::<assets::SweepUploads>(Command),
        info::<assets::WatchRights>(Command),
        info::<assets::AssetPublished>(Event),
        info::<assets::AssetChanged>(Event),
        info::<assets::AssetWithdrawn>(Event),
        info::<assets::AssetRightsEnded>(Event),
        info::<calendar::AssetsChosen>(Event),
        info::<calendar::CheckLink>(Command),
        info::<calendar::DeliverModel>(Command),
        info::<calendar::MakeRecurring>(Command),
        info::<calendar::EscalateApprovals>(Command),
        info::<calendar::TurnCampaigns>(Command),
        info::<calendar::SendHook>(Command),
        info::<calendar::SweepHooks>(Command),
        info::<calendar::ComposeLetters>(Command),
        info::<calendar::EndWindows>(Command),
        info::<publisher::PublishOrder>(Command),
        info::<publisher::CancelOrder>(Command),
        info::<publisher::PrepareDelivery>(Command),
        info::<publisher::CommitDelivery>(Command),
        info::<publisher::LocateDelivery>(Command),
        info::<publisher::Sweep>(Command),
        info::<publisher::DeliveryChanged>(Event),
        info::<publisher::OrderCancelled>(Event),
        info::<publisher::WithdrawDeliveries>(Command),
        info::<publisher::TakeDown>(Command),
        info::<publisher::WithdrawalChanged>(Event),
    ]
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn kinds_are_unique_and_named_after_their_owner() {
        let all = catalogue();
        let kinds: HashSet<_> = all.iter().map(|message| message.kind).collect();
        assert_eq!(kinds.len(), all.len());
        for message in &all {
            assert!(
                Service::ALL
                    .iter()
                    .any(|s| message.kind.starts_with(&format!("{s}."))),
                "{}",
                message.kind
            );
        }
    }

    #[test]
    fn a_command_has_one_handler_and_somebody_who_sends_it() {
        for message in catalogue() {
            assert!(!message.producers.is_empty(), "{}", message.kind);
            if message.is == MessageKind::Command {
                assert_eq!(message.consumers.len(), 1, "{}", message.kind);
            }
        }
    }
}
