//! Faults: a crash at every step, a database that goes away, clocks that jump, a pause in the middle of a rush.

mod crash;
mod database;
mod pause;
mod platform;
