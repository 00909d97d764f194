//! The nine rules of ARCHITECTURE.md ("Never twice, never unapproved, never after a stop, never lost"). Each test
//! fails when its rule is taken out.

mod gate;
mod permit;
mod restore;
mod unknown;
mod wakeups;
