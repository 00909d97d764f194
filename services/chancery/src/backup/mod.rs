//! `chancery backup` and `chancery restore`: one file that holds the database and all objects.
//!
//! A backup is written, read back, and its database restored beside the present one and compared, before the command
//! says that it succeeded. A restore works the same way: nothing is replaced before its replacement has been compared,
//! the replaced database is kept, and the publisher is told, so that nothing is sent until every delivery has been looked
//! up (ARCHITECTURE, rule 9). The secret key is not in the file: who finds the file must not hold the accounts.

mod archive;

use std::path::Path;

use chancery_clock::{Clock as _, SystemClock};
use chancery_database::backup::{Beside, dump, summary_of};
use chancery_database::{Logins, install};

use crate::cli;
use crate::config::Config;
use crate::error::Failure;
use crate::ground::Ground;
use crate::progress;
use crate::secret::SecretKey;
use archive::Manifest;

/// Writes a backup beside a running installation and proves it.
pub async fn backup(config: Config, options: &cli::Backup) -> Result<(), Failure> {
    let file = options.file.clone();
    if file.exists() {
        return Err(Failure::said(format!(
            "{} exists already; choose another name",
            file.display()
        )));
    }
    let ground = Ground::join(config).await?;
    let made = make(&ground, &file).await;
    ground.leave().await?;
    made
}

async fn make(ground: &Ground, file: &Path) -> Result<(), Failure> {
    let programs = ground.programs().await?;
    let scratch = scratch_folder(file)?;
    let dumped = scratch.path().join("database.dump");
    let step = progress::step("Reading the database");
    let made_at = SystemClock::new().now().to_rfc3339();
    let database = dump(&ground.url, &programs, &dumped).await?;
    step.done(&format!(
        "Read {} rows in {} tables",
        database.rows(),
        database.0.len()
    ));

    let storage = ground.config.storage();
    // A bucket is backed up by its server's own means.
    let bucket = ground.config.storage.s3.as_ref().map(|s3| s3.bucket.clone());
    let objects = if bucket.is_some() {
        Vec::new()
    } else {
        archive::objects(&storage)?
    };
    let object_bytes = objects.iter().map(|(_, length)| length).sum();
    let manifest = Manifest {
        format: 1,
        chancery: env!("CARGO_PKG_VERSION").to_owned(),
        made_at,
        role_prefix: ground.logins.prefix().to_owned(),
        key: ground.key.fingerprint(),
        database,
        objects: objects.len() as u64,
        object_bytes,
    };
    let length = object_bytes + std::fs::metadata(&dumped).map_err(Failure::io(&dumped))?.len();
    let step = progress::bytes("Writing the file", length);
    let (target, written) = (file.to_owned(), manifest.clone());
    blocking(move || {
        archive::write(&target, &written, &dumped, &storage, &objects, &step)?;
        step.done(&format!("Wrote {}", target.display()));
        Ok(())
    })
    .await?;

    let step = progress::bytes("Reading the file back", length);
    let (source, expected, back) = (
        file.to_owned(),
        manifest.clone(),
        scratch.path().join("back.dump"),
    );
    let dump = back.clone();
    blocking(move || {
        archive::read(&source, &expected, &dump, None, &step)?;
        step.done("The file is whole");
        Ok(())
    })
    .await?;
    let step = progress::step("Restoring it on trial");
    let name = format!("chancery_trial_{}", std::process::id());
    let trial = Beside::restore(&ground.url, &programs, &back, &manifest.database, &name).await?;
    trial.drop().await?;
    step.done("A trial restore holds the same");
    println!(
        "{}: {} rows, {} objects. Keep a copy of {} elsewhere: without it the accounts' secrets in the file stay sealed.",
        file.display(),
        manifest.database.rows(),
        manifest.objects,
        SecretKey::path(&ground.config).display()
    );
    if let Some(bucket) = bucket {
        println!(
            "The objects are in the bucket {bucket}, not in the file: back the bucket up by its server's own means."
        );
    }
    Ok(())
}

/// Restores a backup into this installation, which no other process may use meanwhile.
pub async fn restore(config: Config, options: &cli::Restore) -> Result<(), Failure> {
    let manifest = archive::manifest(&options.file)?;
    check_key(&config, &manifest, options)?;
    if manifest.role_prefix != config.database.role_prefix {
        return Err(Failure::said(format!(
            "the backup is of an installation with database.role_prefix = \"{}\"; configure the same here",
            manifest.role_prefix
        )));
    }
    let ground = Ground::take(config).await?;
    let restored = bring_back(&ground, &manifest, options).await;
    ground.leave().await?;
    restored
}

/// What is sealed in the backup opens only with the key that it was sealed with.
fn check_key(config: &Config, manifest: &Manifest, options: &cli::Restore) -> Result<(), Failure> {
    let path = SecretKey::path(config);
    let present = if config.secret_key.is_none() && !path.exists() {
        None
    } else {
        Some(SecretKey::load_or_create(config)?.fingerprint())
    };
    if present.as_ref() == Some(&manifest.key) || options.another_key {
        return Ok(());
    }
    Err(Failure::said(format!(
        "the backup's secrets are sealed with another secret key; put that installation's secret.key at {} first, or \
         give --another-key and connect the accounts anew",
        path.display()
    )))
}

async fn bring_back(ground: &Ground, manifest: &Manifest, options: &cli::Restore) -> Result<(), Failure> {
    // Makes the login roles that the dump gives rights to.
    ground.migrate().await?;
    let used = holds_people(ground).await?;
    if used && !options.replace {
        return Err(Failure::said(
            "this installation holds data already; give --replace to put the backup in its place (the present database \
             is kept under another name)",
        ));
    }
    if ground.config.storage.s3.is_some() && manifest.objects > 0 {
        return Err(Failure::said(format!(
            "the backup holds {} objects of a folder, and storage.s3 is configured; restore without it, then copy the \
             folder's objects into the bucket",
            manifest.objects
        )));
    }
    let storage = ground.config.storage();
    std::fs::create_dir_all(&storage).map_err(Failure::io(&storage))?;
    let scratch = scratch_folder(&storage.join("x"))?;
    let dumped = scratch.path().join("database.dump");
    let step = progress::bytes("Reading the file", manifest.object_bytes);
    let (source, expected, target) = (options.file.clone(), manifest.clone(), dumped.clone());
    blocking(move || {
        archive::read(&source, &expected, &target, Some(&storage), &step)?;
        step.done(&format!("{} objects are in place", expected.objects));
        Ok(())
    })
    .await?;

    let step = progress::step("Restoring the database");
    let programs = ground.programs().await?;
    let name = format!("chancery_restored_{}", std::process::id());
    let beside = Beside::restore(&ground.url, &programs, &dumped, &manifest.database, &name).await?;
    step.done(&format!(
        "The restored database holds the same {} rows",
        manifest.database.rows()
    ));

    // An older backup is brought up to date before it is asked to remember that it was restored.
    let logins = Logins::new(&beside.url(), ground.logins.prefix(), ground.key.bytes())?;
    install(&logins).await?;
    let owner = logins.owner_pool().await?;
    sqlx::query("select publisher.mark_restored()")
        .execute(&owner)
        .await?;
    owner.close().await;

    let kept = format!(
        "chancery_before_{}",
        SystemClock::new().now().format("%Y%m%d_%H%M%S")
    );
    beside.take_place(&kept).await?;
    if used {
        println!(
            "Restored the state of {}. The database as it was before is kept as {kept}.",
            manifest.made_at
        );
    } else {
        Beside::named(&ground.url, &kept)?.drop().await?;
        println!("Restored the state of {}.", manifest.made_at);
    }
    println!(
        "Nothing is sent until every delivery has been looked up; the page /deliveries shows how far that is."
    );
    Ok(())
}

async fn holds_people(ground: &Ground) -> Result<bool, Failure> {
    let held = summary_of(&ground.url).await?;
    Ok(held
        .0
        .get("identity.people")
        .is_some_and(|people| people.rows > 0))
}

/// A private folder on the disk of `beside`, where there must be room anyway.
fn scratch_folder(beside: &Path) -> Result<tempfile::TempDir, Failure> {
    let folder = beside
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or_else(|| Path::new("."));
    tempfile::Builder::new()
        .prefix(".chancery-")
        .tempdir_in(folder)
        .map_err(Failure::io(folder))
}

/// Compression and hashing occupy a thread, so it must not be one that serves others.
async fn blocking(work: impl FnOnce() -> Result<(), Failure> + Send + 'static) -> Result<(), Failure> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(error) => Err(Failure::said(format!("the work broke off: {error}"))),
    }
}
