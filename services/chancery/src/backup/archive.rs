//! The backup's file: a tar archive that common tools can read. Nothing in it gains from being compressed once
//! more: the dump is, and photographs and films are.
//!
//! `manifest.json` comes first and says what must follow: `database.dump` (`pg_restore` reads it) and every object as
//! `objects/ab/abcd…`, named by the SHA-256 of its bytes.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Component, Path, PathBuf};

use chancery_database::backup::Summary;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::error::Failure;
use crate::progress::Step;

const MANIFEST: &str = "manifest.json";
const DUMP: &str = "database.dump";
const OBJECTS: &str = "objects";
/// A manifest is a few kilobytes; more is not one of ours.
const MANIFEST_LIMIT: u64 = 16 * 1024 * 1024;

/// The first entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Always 1 as yet.
    pub format: u32,
    /// The version of Chancery that wrote it.
    pub chancery: String,
    /// When the database was read, RFC 3339 in UTC.
    pub made_at: String,
    /// The prefix of the login roles to which the dump gives rights.
    pub role_prefix: String,
    /// Which secret key the installation had; see `SecretKey::fingerprint`.
    pub key: String,
    /// What the database holds.
    pub database: Summary,
    /// How many objects follow.
    pub objects: u64,
    /// How many bytes they have.
    pub object_bytes: u64,
}

/// Every finished object below the storage folder, with its length.
pub fn objects(storage: &Path) -> Result<Vec<(PathBuf, u64)>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![storage.join(OBJECTS)];
    while let Some(folder) = folders.pop() {
        let entries = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            other => other.map_err(Failure::io(&folder))?,
        };
        for entry in entries {
            let entry = entry.map_err(Failure::io(&folder))?;
            let kind = entry.file_type().map_err(Failure::io(entry.path()))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && is_hash(&entry.path()) {
                let length = entry.metadata().map_err(Failure::io(entry.path()))?.len();
                found.push((entry.path(), length));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Objects are named by their hash; a file that the store is still writing is not.
fn is_hash(path: &Path) -> bool {
    let name = path
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or_default();
    name.len() == 64 && name.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Writes the archive to `file`, which only its owner may read and which appears only when it is complete.
pub fn write(
    file: &Path,
    manifest: &Manifest,
    dump: &Path,
    storage: &Path,
    objects: &[(PathBuf, u64)],
    step: &Step,
) -> Result<(), Failure> {
    let unfinished = partial(file);
    let failed = || Failure::io(file);
    let out = File::options()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(failed())?;
    let mut archive = tar::Builder::new(BufWriter::new(out));
    let text = serde_json::to_vec_pretty(manifest).map_err(|error| Failure::said(error.to_string()))?;
    append(
        &mut archive,
        Path::new(MANIFEST),
        text.len() as u64,
        text.as_slice(),
    )
    .map_err(failed())?;
    let length = fs::metadata(dump).map_err(Failure::io(dump))?.len();
    let content = Watched::new(File::open(dump).map_err(Failure::io(dump))?, step);
    append(&mut archive, Path::new(DUMP), length, content).map_err(failed())?;
    for (path, length) in objects {
        let name = path.strip_prefix(storage).unwrap_or(path);
        let mut content = Watched::new(File::open(path).map_err(Failure::io(path))?, step);
        append(&mut archive, name, *length, &mut content).map_err(Failure::io(path))?;
        content.check(path)?;
    }
    let buffered = archive.into_inner().map_err(failed())?;
    let out = buffered
        .into_inner()
        .map_err(|error| failed()(error.into_error()))?;
    out.sync_all().map_err(failed())?;
    fs::rename(&unfinished, file).map_err(failed())
}

fn partial(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    file.with_file_name(name)
}

fn append(
    archive: &mut tar::Builder<impl Write>,
    name: &Path,
    length: u64,
    content: impl Read,
) -> io::Result<()> {
    let mut header = tar::Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header.set_cksum();
    archive.append_data(&mut header, name, content.take(length))
}

/// The manifest of `file`.
pub fn manifest(file: &Path) -> Result<Manifest, Failure> {
    let mut archive = open(file)?;
    let mut entries = archive.entries().map_err(Failure::io(file))?;
    let not_ours = || Failure::said(format!("{} is not a backup of Chancery", file.display()));
    let entry = entries.next().ok_or_else(not_ours)?.map_err(|_| not_ours())?;
    if entry.path().map_err(Failure::io(file))? != Path::new(MANIFEST) {
        return Err(not_ours());
    }
    let manifest: Manifest = serde_json::from_reader(entry.take(MANIFEST_LIMIT)).map_err(|_| not_ours())?;
    if manifest.format != 1 {
        return Err(Failure::said(format!(
            "{} was written by Chancery {}, which is newer than this one",
            file.display(),
            manifest.chancery
        )));
    }
    Ok(manifest)
}

/// Reads the whole archive: the dump to `dump`, and each object, checked against its name, to `storage` or to nowhere.
pub fn read(
    file: &Path,
    manifest: &Manifest,
    dump: &Path,
    storage: Option<&Path>,
    step: &Step,
) -> Result<(), Failure> {
    let mut archive = open(file)?;
    let mut objects = 0;
    let mut dumped = false;
    for entry in archive.entries().map_err(Failure::io(file))? {
        let entry = entry.map_err(Failure::io(file))?;
        let name = entry.path().map_err(Failure::io(file))?.into_owned();
        if name == Path::new(MANIFEST) {
            continue;
        }
        let mut content = Watched::new(entry, step);
        if name == Path::new(DUMP) {
            let mut out = File::options()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(dump)
                .map_err(Failure::io(dump))?;
            io::copy(&mut content, &mut out).map_err(Failure::io(file))?;
            dumped = true;
            continue;
        }
        if !is_object(&name) {
            return Err(Failure::said(format!(
                "{} holds {}, which no backup has",
                file.display(),
                name.display()
            )));
        }
        if let Some(storage) = storage {
            keep(&storage.join(&name), content)?;
        } else {
            io::copy(&mut content, &mut io::sink()).map_err(Failure::io(file))?;
            content.check(&name)?;
        }
        objects += 1;
    }
    if !dumped || objects != manifest.objects {
        return Err(Failure::said(format!(
            "{} is incomplete: {objects} of {} objects",
            file.display(),
            manifest.objects
        )));
    }
    Ok(())
}

fn open(file: &Path) -> Result<tar::Archive<impl Read>, Failure> {
    let opened = File::open(file).map_err(Failure::io(file))?;
    Ok(tar::Archive::new(BufReader::new(opened)))
}

/// Exactly `objects/XX/HASH`: nothing that climbs out of the folder.
fn is_object(name: &Path) -> bool {
    let parts: Vec<Component<'_>> = name.components().collect();
    let plain = parts.iter().all(|part| matches!(part, Component::Normal(_)));
    plain && parts.len() == 3 && name.starts_with(OBJECTS) && is_hash(name)
}

/// Writes an object unless it is there; under its name only when it is whole.
fn keep(path: &Path, mut content: Watched<'_, impl Read>) -> Result<(), Failure> {
    if path.exists() {
        io::copy(&mut content, &mut io::sink()).map_err(Failure::io(path))?;
        return content.check(path);
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    }
    let unfinished = partial(path);
    let mut out = File::create(&unfinished).map_err(Failure::io(&unfinished))?;
    io::copy(&mut content, &mut out)
        .and_then(|_| out.sync_all())
        .map_err(Failure::io(&unfinished))?;
    if let Err(damaged) = content.check(path) {
        fs::remove_file(&unfinished).map_err(Failure::io(&unfinished))?;
        return Err(damaged);
    }
    fs::rename(&unfinished, path).map_err(Failure::io(path))
}

/// A reader that hashes what passes and moves the progress bar.
struct Watched<'a, R> {
    inner: R,
    digest: Sha256,
    step: &'a Step,
}

impl<'a, R: Read> Watched<'a, R> {
    fn new(inner: R, step: &'a Step) -> Self {
        Self {
            inner,
            digest: Sha256::new(),
            step,
        }
    }

    /// That what passed is what the name says.
    fn check(self, path: &Path) -> Result<(), Failure> {
        let hash = hex::encode(self.digest.finalize());
        if path.file_name().is_some_and(|name| name == hash.as_str()) {
            return Ok(());
        }
        Err(Failure::said(format!(
            "the object {} is damaged: its content is not that of its name",
            path.display()
        )))
    }
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        if let Some(read) = buffer.get(..length) {
            self.digest.update(read);
        }
        self.step.advance(length as u64);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use super::is_object;
    use std::path::Path;

    #[test]
    fn only_objects_come_out_of_an_archive() {
        let hash = "ab".repeat(32);
        assert!(is_object(Path::new(&format!("objects/ab/{hash}"))));
        for bad in [
            format!("objects/../../{hash}"),
            format!("/objects/ab/{hash}"),
            format!("etc/ab/{hash}"),
        ] {
            assert!(!is_object(Path::new(&bad)), "{bad}");
        }
        assert!(!is_object(Path::new("objects/ab/passwd")));
    }
}
