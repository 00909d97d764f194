//! What files are, and how they are made to fit.
