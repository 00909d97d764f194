//! Timestamp identifiers (<https://atproto.com/specs/tid>): a post's own id, chosen by us before the first attempt.

use std::sync::atomic::{AtomicU64, Ordering};

use chancery_clock::Clock;

/// The specification's sortable base 32.
const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";

/// Makes identifiers that never repeat and never go back within one process, whatever happens to the clock.
#[derive(Debug, Default)]
pub(super) struct Tids {
    /// Microseconds since 1970 of the last one.
    last: AtomicU64,
}

impl Tids {
    /// The next identifier: 53 bits of microseconds since 1970 and 10 bits of a clock id, which is drawn anew each
    /// time, since two processes may be asked in the same microsecond.
    pub(super) fn next(&self, clock: &dyn Clock) -> String {
        let now = u64::try_from(clock.now().timestamp_micros()).unwrap_or_default();
        let after = |last: u64| now.max(last + 1);
        let last = self
            .last
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |last| Some(after(last)));
        let micros = after(last.unwrap_or_else(|last| last));
        let [.., high, low] = clock.new_id().into_bytes();
        encode(micros, u16::from_be_bytes([high, low]))
    }
}

fn encode(micros: u64, clock_id: u16) -> String {
    // The top bit is always 0.
    let value = ((micros & ((1 << 53) - 1)) << 10) | u64::from(clock_id & 0x3ff);
    (0..13)
        .rev()
        .map(|place| {
            let digit = usize::try_from((value >> (place * 5)) & 31).unwrap_or_default();
            char::from(ALPHABET.get(digit).copied().unwrap_or(b'2'))
        })
        .collect()
}

/// Whether `text` has the form of an identifier.
#[must_use]
pub fn is_tid(text: &str) -> bool {
    text.len() == 13
        && text.bytes().all(|byte| ALPHABET.contains(&byte))
        && text.bytes().next().is_some_and(|first| first <= b'j')
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a broken fixture should stop the test")]
mod tests {
    use std::collections::BTreeSet;
    use std::time::Duration;

    use chancery_clock::TestClock;

    use super::*;

    #[test]
    fn the_encoding_is_that_of_the_specification() {
        assert_eq!(encode(0, 0), "2222222222222");
        assert_eq!(encode((1 << 53) - 1, 0x3ff), "bzzzzzzzzzzzz");
        // 2026-11-22T00:00:00Z, clock id 0
        let micros = 1_795_305_600_000_000;
        let text = encode(micros, 0);
        let value = text.bytes().fold(0_u64, |value, byte| {
            (value << 5) | ALPHABET.iter().position(|letter| *letter == byte).unwrap() as u64
        });
        assert_eq!(value >> 10, micros);
    }

    #[test]
    fn identifiers_are_valid_unique_and_in_order_when_the_clock_stands_or_jumps_back() {
        let clock = TestClock::at("2026-09-02T02:00:00Z".parse().unwrap());
        let tids = Tids::default();
        let mut made = Vec::new();
        for n in 0..3000_u64 {
            match n % 1000 {
                0 => clock.advance(Duration::from_mins(1)),
                500 => clock.set("2020-01-01T00:00:00Z".parse().unwrap()),
                _ => {}
            }
            made.push(tids.next(&clock));
        }
        assert!(made.iter().all(|tid| is_tid(tid)));
        assert!(made.is_sorted(), "they sort by the order in which they were made");
        assert_eq!(made.iter().collect::<BTreeSet<_>>().len(), made.len());
    }

    #[test]
    fn two_processes_in_the_same_microsecond_differ_almost_always() {
        let clock = TestClock::at("2026-09-02T02:00:00Z".parse().unwrap());
        let made: BTreeSet<String> = (0..100).map(|_| Tids::default().next(&clock)).collect();
        assert!(made.len() > 80, "{} of 100", made.len());
    }
}
