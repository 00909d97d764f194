//! What people are told by mail, and what a mail server's answer means.

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// What somebody may want by mail.
    MailKind {
        /// Something waits for their approval.
        Approval = "approval",
        /// What they wrote was decided on.
        Decided = "decided",
        /// Changes are asked for in what they wrote.
        Changes = "changes",
        /// Something did not go out as it should.
        NeedsPerson = "needs_person",
        /// Somebody named them, or answered them.
        Mentions = "mentions",
        /// What went out in a week, and what comes.
        Weekly = "weekly",
    }
}

impl MailKind {
    /// Which mail tells of the notice with this key; none for what stays in the page.
    #[must_use]
    pub fn of_notice(key: &str) -> Option<Self> {
        Some(match key {
            "notice-item-submitted"
            | "notice-item-overdue"
            | "notice-item-overdue-again"
            | "notice-approval-delegated"
            | "notice-withdrawal-asked"
            | "notice-break-glass-ordered"
            | "notice-break-glass-used" => Self::Approval,
            "notice-item-approved"
            | "notice-item-ready"
            | "notice-item-released"
            | "notice-item-withdrawn"
            | "notice-withdrawal-ordered"
            | "notice-withdrawal-declined"
            | "notice-break-glass-seen"
            | "notice-item-amended"
            | "notice-item-voided"
            | "notice-item-cancelled"
            | "notice-item-stopped" => Self::Decided,
            "notice-item-changes" => Self::Changes,
            "notice-item-failed"
            | "notice-item-partly"
            | "notice-item-needs-person"
            | "notice-item-release-lapsed"
            | "notice-withdrawal-needs-person"
            | "notice-item-asset-held"
            | "notice-item-asset-live"
            | "notice-item-link-broken"
            | "notice-account-reauth"
            | "notice-webhook-failing"
            | "notice-webhook-disabled" => Self::NeedsPerson,
            "notice-item-mentioned" | "notice-item-replied" | "notice-item-commented" => Self::Mentions,
            _ => return None,
        })
    }

    /// Whether somebody who never chose gets it: only approvers are told that something waits for approval.
    #[must_use]
    pub const fn by_default(self) -> bool {
        matches!(self, Self::Approval)
    }
}

/// So many refusals in a row make an address one that bounces.
pub const PATIENCE: i32 = 3;

/// What a mail server's refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It may be accepted later; or it is our own sign-in that is refused, which an administrator can mend.
    Later,
    /// It never will be.
    Final,
}

/// Sorts an SMTP reply (RFC 5321 § 4.2.1, RFC 4954 § 6).
#[must_use]
pub const fn refusal(code: u16) -> Refusal {
    let our_sign_in = matches!(code, 530 | 534 | 535 | 538);
    if matches!(code, 500..=599) && !our_sign_in {
        Refusal::Final
    } else {
        Refusal::Later
    }
}

/// `text` as it may stand in a header: one line of at most `max` characters, nothing that controls anything.
#[must_use]
pub fn header_line(text: &str, max: usize) -> String {
    let hidden = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let spaced: String = text
        .chars()
        .filter(|c| !hidden(*c))
        .map(|c| {
            if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') {
                ' '
            } else {
                c
            }
        })
        .collect();
    let line = spaced.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    let mut cut: String = line.chars().take(max.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_is_one_line_whatever_somebody_is_called() {
        let name = "Lan\r\nBcc: all@example.org\u{2028}X\u{202e}";
        assert_eq!(header_line(name, 100), "Lan Bcc: all@example.org X");
        assert_eq!(header_line("  một   hai ", 100), "một hai");
        assert_eq!(header_line("Chúc mừng", 5), "Chúc…");
        assert_eq!(header_line("\u{7}\u{0}", 5), "");
    }

    #[test]
    fn a_refused_sign_in_is_not_the_recipients_fault() {
        for later in [421, 450, 451, 452, 530, 535] {
            assert_eq!(refusal(later), Refusal::Later, "{later}");
        }
        for last in [550, 551, 552, 553, 554] {
            assert_eq!(refusal(last), Refusal::Final, "{last}");
        }
    }

    #[test]
    fn notices_that_nobody_decided_on_stay_in_the_page() {
        assert_eq!(
            MailKind::of_notice("notice-item-submitted"),
            Some(MailKind::Approval)
        );
        assert_eq!(
            MailKind::of_notice("notice-break-glass-used"),
            Some(MailKind::Approval),
            "the loudest of all"
        );
        assert_eq!(MailKind::of_notice("notice-item-published"), None);
        assert_eq!(MailKind::of_notice("whatever"), None);
    }
}
