//! Who runs the server when root runs Chancery.

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use std::process::Command;

use nix::unistd::{Uid, User};

use super::EmbeddedError;

/// Accounts that are used when they exist: our own, and the one that Debian's package makes.
const PREFERRED: [&str; 2] = ["chancery", "postgres"];

/// An unprivileged account of this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its user id, never 0.
    pub uid: u32,
    /// Its group id.
    pub gid: u32,
}

impl Account {
    /// The account that already owns `home`; else `chancery` or `postgres`; else a new system account `chancery`.
    ///
    /// # Errors
    /// When none exists and none can be made.
    pub fn choose(home: &Path) -> Result<Self, EmbeddedError> {
        let owner = fs::metadata(home)
            .ok()
            .map(|found| Uid::from_raw(found.uid()))
            .filter(|uid| !uid.is_root());
        if let Some(account) = owner.and_then(|uid| User::from_uid(uid).ok().flatten()) {
            return Ok(account.into());
        }
        if let Some(account) = PREFERRED.iter().find_map(|name| Self::named(name)) {
            return Ok(account);
        }
        let made = Command::new("useradd")
            .args([
                "--system",
                "--user-group",
                "--no-create-home",
                "--home-dir",
                "/nonexistent",
            ])
            .args(["--shell", "/usr/sbin/nologin", "chancery"])
            .output()
            .map_err(|error| EmbeddedError::NoAccount(format!("useradd: {error}")))?;
        Self::named("chancery")
            .ok_or_else(|| EmbeddedError::NoAccount(String::from_utf8_lossy(&made.stderr).trim().to_owned()))
    }

    /// The account of this name, if there is one and it is not root.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        User::from_name(name)
            .ok()
            .flatten()
            .filter(|user| !user.uid.is_root())
            .map(Self::from)
    }

    /// Checks that this account may pass through every folder above and including `folder`. Groups are not considered:
    /// the server is started without supplementary ones.
    pub(super) fn can_reach(&self, folder: &Path) -> Result<(), EmbeddedError> {
        for ancestor in folder.ancestors() {
            let found = fs::metadata(ancestor).map_err(EmbeddedError::io(ancestor))?;
            let needed = match (found.uid() == self.uid, found.gid() == self.gid) {
                (true, _) => 0o100,
                (false, true) => 0o010,
                (false, false) => 0o001,
            };
            if found.permissions().mode() & needed == 0 {
                return Err(EmbeddedError::Unreachable {
                    account: self.name.clone(),
                    folder: ancestor.to_owned(),
                });
            }
        }
        Ok(())
    }
}

impl From<User> for Account {
    fn from(user: User) -> Self {
        Self {
            name: user.name,
            uid: user.uid.as_raw(),
            gid: user.gid.as_raw(),
        }
    }
}
