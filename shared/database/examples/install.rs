//! Installs every schema in the database at the given address: what the checked queries are compared with when they are
//! described anew (`make sqlx`). It needs none of the services, which do not compile before that.

use chancery_database::{Logins, install};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::args().nth(1).ok_or("usage: install postgres://…")?;
    install(&Logins::new(&url, Logins::PREFIX, b"throw-away")?).await?;
    Ok(())
}
