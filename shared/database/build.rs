//! Migrations are part of the library: a changed file means a new build.
fn main() {
    println!("cargo:rerun-if-changed=../../migrations");
}
