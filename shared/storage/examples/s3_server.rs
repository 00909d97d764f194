//! A real S3 server for tests that are not in Rust: says in one line of JSON how to reach its bucket, and ends when its
//! standard input does.

#![expect(clippy::print_stdout, reason = "what it says is what it is for")]

use std::io::{self, Read as _};

use chancery_storage::testing::S3Server;

fn main() -> io::Result<()> {
    let server = S3Server::start();
    let settings = server.settings();
    println!(
        r#"{{"endpoint":"{}","region":"{}","bucket":"{}","access_key":"{}","secret_key":"{}"}}"#,
        settings.endpoint.unwrap_or_default(),
        settings.region,
        settings.bucket,
        settings.access_key,
        settings.secret_key,
    );
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
