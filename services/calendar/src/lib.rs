//! chancery-calendar
