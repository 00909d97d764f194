//! `chancery user` and `chancery token`: ways in, made and ended where nobody can sign in to do it.

use chancery_access::Role;
use chancery_clock::SystemClock;
use chancery_identity::model::person::PersonForm;
use chancery_identity::{By, IdentityError, Invitation};
use chrono::{SecondsFormat, TimeDelta};

use super::table::{self, or_dash};
use crate::cli::{Token, User};
use crate::compose::identity;
use crate::config::Config;
use crate::error::Failure;
use crate::ground::Ground;

/// A list on a terminal is read by a person; a ministry's missions have fewer people than this.
const MOST: i64 = 10_000;

/// Runs one of the commands about people.
pub async fn user(config: Config, command: User) -> Result<(), Failure> {
    let ground = Ground::join(config).await?;
    let done = act_on_user(&ground, command).await;
    ground.leave().await?;
    done
}

async fn act_on_user(ground: &Ground, command: User) -> Result<(), Failure> {
    let identity = identity(ground, &SystemClock::shared(), false);
    match command {
        User::List => {
            let people = identity.people(MOST).await.map_err(refused)?;
            table::print(
                ["NAME", "ADDRESS", "ACCESS"],
                people.into_iter().map(|person| {
                    let access = if person.active { "yes" } else { "ended" };
                    [person.name, person.email, access.to_owned()]
                }),
            );
        }
        User::Add {
            name,
            email,
            language,
            role,
            unit,
        } => {
            let form = PersonForm {
                name,
                email,
                language,
            };
            let role = role.map(|role| role_named(&role)).transpose()?;
            let invitation = identity.create_user(&form, role, &unit).await.map_err(refused)?;
            show_link(ground, &invitation)?;
        }
        User::Reset { email } => {
            let invitation = identity
                .reset_password(&email)
                .await
                .map_err(|error| about(&email, error))?;
            show_link(ground, &invitation)?;
        }
        User::Disable { email } => {
            let person = identity
                .person_by_email(&email)
                .await
                .map_err(|error| about(&email, error))?;
            identity
                .set_active(By::default(), person.id, false)
                .await
                .map_err(refused)?;
            println!("{email} can no longer sign in; open sessions and tokens have ended.");
        }
    }
    Ok(())
}

fn role_named(name: &str) -> Result<Role, Failure> {
    let known = || Role::ALL.map(Role::as_str).join(", ");
    name.parse()
        .map_err(|_| Failure::said(format!("there is no role {name}; the roles are {}", known())))
}

fn show_link(ground: &Ground, invitation: &Invitation) -> Result<(), Failure> {
    let address = ground.config.base_url()?;
    println!(
        "Within three days they set a password at {address}sign-in/invitation/{}",
        invitation.secret.reveal()
    );
    Ok(())
}

/// Runs one of the commands about tokens.
pub async fn token(config: Config, command: Token) -> Result<(), Failure> {
    let ground = Ground::join(config).await?;
    let done = act_on_token(&ground, command).await;
    ground.leave().await?;
    done
}

async fn act_on_token(ground: &Ground, command: Token) -> Result<(), Failure> {
    let identity = identity(ground, &SystemClock::shared(), false);
    match command {
        Token::List { person } => {
            let owner = identity
                .person_by_email(&person)
                .await
                .map_err(|error| about(&person, error))?;
            let tokens = identity.tokens(owner.id).await.map_err(refused)?;
            table::print(
                ["ID", "NAME", "SCOPES", "UNTIL", "LAST USED"],
                tokens.into_iter().map(|token| {
                    let until = token.expires_at.to_rfc3339_opts(SecondsFormat::Secs, true);
                    let used = token
                        .last_used
                        .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
                    [
                        token.id.to_string(),
                        token.name,
                        token.scopes.join(","),
                        until,
                        or_dash(used),
                    ]
                }),
            );
        }
        Token::Create {
            name,
            person,
            scope,
            days,
        } => {
            let owner = identity
                .person_by_email(&person)
                .await
                .map_err(|error| about(&person, error))?;
            let life = TimeDelta::days(i64::from(days));
            let secret = identity
                .make_token(By::default(), owner.id, &name, &scope, life, true)
                .await
                .map_err(refused)?;
            println!("{}", secret.reveal());
            eprintln!(
                "This is shown once. Send it as `Authorization: Bearer …` to /api/v1; it ends in {days} days."
            );
        }
        Token::Revoke { id, person } => {
            let owner = identity
                .person_by_email(&person)
                .await
                .map_err(|error| about(&person, error))?;
            identity
                .revoke_token(By::default(), owner.id, id)
                .await
                .map_err(refused)?;
            println!("The token has ended.");
        }
    }
    Ok(())
}

fn about(email: &str, error: IdentityError) -> Failure {
    match error {
        IdentityError::NotFound => Failure::said(format!("there is nobody with the address {email}")),
        other => refused(other),
    }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn refused(error: IdentityError) -> Failure {
    Failure::said(error.to_string())
}
