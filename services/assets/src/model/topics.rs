//! The taxonomy: codes of the IPTC Media Topics (top level). Their names, in our own wording, are the Fluent messages
//! `media-topic-CODE`.

/// Every code, in IPTC's order.
pub const TOPICS: [&str; 17] = [
    "01000000", "02000000", "03000000", "04000000", "05000000", "06000000", "07000000", "08000000",
    "09000000", "10000000", "11000000", "12000000", "13000000", "14000000", "15000000", "16000000",
    "17000000",
];

/// Whether the code is one of the taxonomy.
#[must_use]
pub fn is_topic(code: &str) -> bool {
    TOPICS.contains(&code)
}
