//! Chancery: the newsroom of a foreign ministry, in one binary.
//!
//! This crate knows every service and no service knows it. It reads the configuration, opens the database, composes the
//! services that a process runs, and offers operators their commands.

mod backup;
mod cli;
mod commands;
mod compose;
mod config;
mod demo;
mod error;
mod ground;
mod progress;
mod run;
mod secret;

use std::process::ExitCode;

use clap::Parser as _;

use cli::{Cli, Command};
use config::Config;
use error::Failure;
use ground::Ground;

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    match Box::pin(run(cli)).await {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("chancery: {failure}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<ExitCode, Failure> {
    if let Command::Config(cli::Config::Schema) = cli.command {
        let schema = serde_json::to_string_pretty(&Config::schema());
        println!("{}", schema.map_err(|error| Failure::said(error.to_string()))?);
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::load(cli.config.as_deref())?;
    match cli.command {
        Command::Config(_) => {
            print!(
                "{}",
                config
                    .to_toml()
                    .map_err(|error| Failure::said(error.to_string()))?
            );
        }
        Command::Migrate => {
            let ground = Ground::reach(config).await?;
            ground.migrate().await?;
            ground.leave().await?;
        }
        Command::Backup(options) => backup::backup(config, &options).await?,
        Command::Restore(options) => backup::restore(config, &options).await?,
        Command::Up(options) => run::up(config, &options).await?,
        Command::Serve(options) => run::serve(config, &options).await?,
        Command::Doctor => return commands::doctor::run(config).await,
        Command::User(command) => commands::people::user(config, command).await?,
        Command::Token(command) => commands::people::token(config, command).await?,
        Command::Queue(command) => commands::queue::run(config, command).await?,
        Command::Audit(options) => commands::audit::run(config, &options).await?,
    }
    Ok(ExitCode::SUCCESS)
}
