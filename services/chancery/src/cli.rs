//! The command line.

use std::path::PathBuf;

use chancery_contracts::Service;
use clap::{Args, Parser, Subcommand};
use uuid::Uuid;

/// The newsroom of a foreign ministry.
#[derive(Debug, Parser)]
#[command(
    name = "chancery",
    version,
    about,
    propagate_version = true,
    arg_required_else_help = true
)]
pub struct Cli {
    /// The configuration file. `chancery config schema` describes its options.
    #[arg(long, global = true, value_name = "FILE", env = "CHANCERY_CONFIG")]
    pub config: Option<PathBuf>,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the binary can be told to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start everything on this machine: the database, all services, and the pages on port 8080.
    Up(Up),
    /// Run some of the services, beside others that run elsewhere.
    Serve(Serve),
    /// Create or update the database's roles and schemas, then stop.
    Migrate,
    /// Check this installation and say what to do about what is wrong.
    Doctor,
    /// List people, add one, reset a way in, or end one's access.
    #[command(subcommand)]
    User(User),
    /// List, create and revoke the API tokens of programs.
    #[command(subcommand)]
    Token(Token),
    /// Look into the job queue and mend it.
    #[command(subcommand)]
    Queue(Queue),
    /// Print the audit trail, newest first.
    Audit(Audit),
    /// Show the configuration in force, or describe its options.
    #[command(subcommand)]
    Config(Config),
    /// Write the database and all objects to one file, and prove that it can be restored.
    Backup(Backup),
    /// Bring back what a backup holds. Sending stays stopped until every delivery has been looked up.
    Restore(Restore),
}

/// Options of `up`.
#[derive(Debug, Args)]
pub struct Up {
    /// Fill an empty database with the demonstration ministry and let everybody sign in with one click.
    #[arg(long)]
    pub demo: bool,
}

/// Options of `serve`.
#[derive(Debug, Args)]
pub struct Serve {
    /// The services to run: identity, assets, calendar, newsroom, publisher.
    #[arg(required = true, value_name = "SERVICE")]
    pub services: Vec<Service>,
    /// The services that other processes of this installation run.
    #[arg(long, value_name = "SERVICE", value_delimiter = ',')]
    pub elsewhere: Vec<Service>,
    /// Let everybody sign in with one click, for an installation whose database holds the demonstration ministry.
    #[arg(long)]
    pub demo: bool,
}

/// Options of `user`.
#[derive(Debug, Subcommand)]
pub enum User {
    /// List people.
    List,
    /// Add a person and print the link by which they set a password.
    Add {
        /// The full name.
        name: String,
        /// The address they sign in with.
        email: String,
        /// The language of their pages.
        #[arg(long, default_value = "vi")]
        language: String,
        /// A role to give them from today, such as `administrator` or `press_attache`.
        #[arg(long)]
        role: Option<String>,
        /// The unit where they hold it, by its word in addresses.
        #[arg(long, default_value = "mofa")]
        unit: String,
    },
    /// Print a link by which a person sets a new password, and end their sessions.
    Reset {
        /// The address they sign in with.
        email: String,
    },
    /// End a person's access at once.
    Disable {
        /// The address they sign in with.
        email: String,
    },
}

/// Options of `token`.
#[derive(Debug, Subcommand)]
pub enum Token {
    /// List a person's tokens. Their secrets are not kept and cannot be shown.
    List {
        /// The address of the person in whose name they act.
        person: String,
    },
    /// Create a token and print its secret, once.
    Create {
        /// What it is for.
        name: String,
        /// The address of the person in whose name it acts.
        #[arg(long, value_name = "EMAIL")]
        person: String,
        /// What it may do, such as `item.read`; repeat it or separate by commas.
        #[arg(long, required = true, value_delimiter = ',')]
        scope: Vec<String>,
        /// Days until it expires.
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=366))]
        days: u16,
    },
    /// End a token at once.
    Revoke {
        /// Its id, as `list` shows it.
        id: Uuid,
        /// The address of the person in whose name it acts.
        #[arg(long, value_name = "EMAIL")]
        person: String,
    },
}

/// Options of `queue`.
#[derive(Debug, Subcommand)]
pub enum Queue {
    /// List jobs, newest first.
    List {
        /// Only those in this state: `ready`, `parked`, `paused`, `running`, `needs_person` or `dead`.
        #[arg(long)]
        state: Option<String>,
        /// Only those of this kind, such as `publisher.commit_delivery`.
        #[arg(long)]
        kind: Option<String>,
        /// At most this many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i32).range(1..=1000))]
        limit: i32,
    },
    /// Show one job with its message and why it last failed.
    Show {
        /// Its number.
        id: i64,
    },
    /// Count the jobs of every kind, and what became of them in the last 24 hours.
    Stats,
    /// Run jobs again that failed or wait for a person.
    Retry {
        /// Their numbers.
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Give jobs up for good.
    Discard {
        /// Their numbers.
        #[arg(required = true)]
        ids: Vec<i64>,
    },
    /// Let no job of a kind start.
    Pause {
        /// The kind, such as `publisher.commit_delivery`.
        kind: String,
        /// Why, for those who find it paused.
        #[arg(long)]
        reason: String,
    },
    /// List the pauses in force.
    Pauses,
    /// Lift a pause.
    Resume {
        /// Its number, as `pauses` shows it.
        pause: i64,
    },
}

/// Options of `audit`.
#[derive(Debug, Args)]
pub struct Audit {
    /// Only what was done to this item, person, account, …
    #[arg(long)]
    pub subject: Option<Uuid>,
    /// Only this action, or all that begin with this word: `item` finds `item.approved`.
    #[arg(long)]
    pub action: Option<String>,
    /// At most this many entries.
    #[arg(long, default_value_t = 50)]
    pub limit: i64,
    /// One JSON object per line.
    #[arg(long)]
    pub json: bool,
}

/// Options of `config`.
#[derive(Debug, Clone, Copy, Subcommand)]
pub enum Config {
    /// Print the values in force as a file, secrets hidden.
    Show,
    /// Print the JSON Schema of the file: every option, its meaning and its default.
    Schema,
}

/// Options of `backup`.
#[derive(Debug, Args)]
pub struct Backup {
    /// The file to write, for instance `chancery-2026-09-02.tar`. It must not exist.
    pub file: PathBuf,
}

/// Options of `restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// A file that `chancery backup` wrote.
    pub file: PathBuf,
    /// Replace a database that is in use; the old one is kept under another name.
    #[arg(long)]
    pub replace: bool,
    /// Restore although the secret key is another one: accounts must be connected and second factors set up anew.
    #[arg(long)]
    pub another_key: bool,
}

#[cfg(test)]
mod tests {
    use super::Cli;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
