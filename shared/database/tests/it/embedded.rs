//! The embedded server, with the installed binaries. Run by root it also covers the ordinary user, and the other way
//! round every test here is that of an ordinary user.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use chancery_contracts::Service;
use chancery_database::embedded::{Account, Cluster, DATABASE, EmbeddedError, Installation, Origin};
use chancery_database::{Logins, install};
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use sqlx::{Connection as _, PgConnection};

/// A folder that the server's account can reach, also when root runs the tests.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("chancery-embedded-")
        .tempdir()
        .unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

async fn setting(cluster: &Cluster, statement: &'static str) -> String {
    let mut connection = PgConnection::connect(&cluster.url(DATABASE)).await.unwrap();
    sqlx::query_scalar(statement)
        .fetch_one(&mut connection)
        .await
        .unwrap()
}

async fn run(cluster: &Cluster, statement: &'static str) {
    let mut connection = PgConnection::connect(&cluster.url(DATABASE)).await.unwrap();
    sqlx::query(statement).execute(&mut connection).await.unwrap();
}

fn alive(pid: i32) -> bool {
    kill(Pid::from_raw(pid), None).is_ok()
}

fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

#[tokio::test]
async fn first_start_makes_a_durable_private_cluster_and_later_starts_reuse_it() {
    let folder = folder();
    let cluster = Cluster::start(folder.path()).await.unwrap();
    assert_eq!(cluster.origin(), Origin::Created);
    assert_eq!(setting(&cluster, "show fsync").await, "on");
    assert_eq!(setting(&cluster, "show full_page_writes").await, "on");
    assert_eq!(setting(&cluster, "show data_checksums").await, "on");
    assert_eq!(setting(&cluster, "show listen_addresses").await, "");
    assert_eq!(setting(&cluster, "show server_encoding").await, "UTF8");
    let superuser = "select rolsuper::text from pg_roles where rolname = current_user";
    assert_eq!(setting(&cluster, superuser).await, "false");
    run(&cluster, "create table kept (word text)").await;
    run(&cluster, "insert into kept values ('Thông cáo')").await;

    let wrong = cluster.url(DATABASE).replacen("chancery:", "chancery:x", 1);
    let refused = PgConnection::connect(&wrong).await.unwrap_err();
    assert!(
        refused.to_string().contains("password authentication failed"),
        "{refused}"
    );
    let secret = fs::metadata(folder.path().join("postgres.password")).unwrap();
    assert_eq!(secret.permissions().mode() & 0o777, 0o600);

    let pid = cluster.pid().unwrap();
    cluster.stop().await.unwrap();
    assert!(!alive(pid));
    let again = Cluster::start(folder.path()).await.unwrap();
    assert_eq!(again.origin(), Origin::Started);
    assert_eq!(setting(&again, "select word from kept").await, "Thông cáo");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_server_that_outlived_its_chancery_is_adopted_and_stopped_by_us() {
    let folder = folder();
    let cluster = Cluster::start(folder.path()).await.unwrap();
    let installation = cluster.installation().clone();
    cluster.stop().await.unwrap();
    let home = fs::canonicalize(folder.path()).unwrap().join("postgres");
    let mut orphan = Command::new(installation.program("postgres"));
    orphan
        .arg("-D")
        .arg(home.join("cluster"))
        .arg("-k")
        .arg(&home)
        .args(["-c", "listen_addresses="]);
    orphan
        .current_dir(&home)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    if is_root() {
        let account = Account::choose(&home).unwrap();
        orphan.uid(account.uid).gid(account.gid);
    }
    let mut orphan = orphan.spawn().unwrap();
    // Its first line is there as soon as it owns the cluster; becoming ready is what the adopter waits for.
    while fs::read_to_string(home.join("cluster/postmaster.pid"))
        .unwrap_or_default()
        .lines()
        .next()
        .is_none()
    {
        tokio::task::yield_now().await;
    }

    let adopted = Cluster::start(folder.path()).await.unwrap();
    assert_eq!(adopted.origin(), Origin::Adopted);
    assert_eq!(adopted.pid(), i32::try_from(orphan.id()).ok());
    assert_eq!(setting(&adopted, "select 'answers'").await, "answers");
    adopted.stop().await.unwrap();
    assert!(orphan.wait().unwrap().success());
}

#[tokio::test]
async fn a_killed_server_leaves_nothing_that_hinders_the_next_start() {
    let folder = folder();
    let cluster = Cluster::start(folder.path()).await.unwrap();
    run(&cluster, "create table kept as select 7 as number").await;
    kill(Pid::from_raw(cluster.pid().unwrap()), Signal::SIGKILL).unwrap();
    cluster.stop().await.unwrap();

    // Its number now belongs to somebody else: to this test.
    let pid_file = folder.path().join("postgres/cluster/postmaster.pid");
    let told = fs::read_to_string(&pid_file).unwrap();
    let (_, rest) = told.split_once('\n').unwrap();
    fs::write(&pid_file, format!("{}\n{rest}", std::process::id())).unwrap();

    let again = Cluster::start(folder.path()).await.unwrap();
    assert_eq!(again.origin(), Origin::Started);
    assert_eq!(setting(&again, "select number::text from kept").await, "7");
    again.stop().await.unwrap();
}

#[tokio::test]
async fn a_first_start_that_was_killed_is_repeated() {
    let folder = folder();
    let unfinished = folder.path().join("postgres/cluster.new/base");
    let prepared = Cluster::start(folder.path()).await.unwrap();
    prepared.stop().await.unwrap();
    fs::remove_dir_all(folder.path().join("postgres/cluster")).unwrap();
    fs::create_dir_all(&unfinished).unwrap();
    fs::write(unfinished.join("half"), "written").unwrap();

    let cluster = Cluster::start(folder.path()).await.unwrap();
    assert_eq!(cluster.origin(), Origin::Created);
    assert!(!folder.path().join("postgres/cluster.new").exists());
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_second_chancery_is_told_who_uses_the_folder_and_a_command_may_share_it() {
    let folder = folder();
    let first = Cluster::start(folder.path()).await.unwrap();
    let second = Cluster::start(folder.path()).await.unwrap_err();
    assert!(
        matches!(&second, EmbeddedError::InUse { pid, .. } if *pid == std::process::id().to_string()),
        "{second}"
    );

    let shared = Cluster::join(folder.path()).await.unwrap();
    assert_eq!(shared.origin(), Origin::Shared);
    assert_eq!(setting(&shared, "select 'both'").await, "both");
    shared.stop().await.unwrap();
    assert_eq!(setting(&first, "select 'still here'").await, "still here");
    first.stop().await.unwrap();
}

#[tokio::test]
async fn a_path_too_long_for_a_socket_gets_a_short_one() {
    let folder = folder();
    let deep = folder.path().join("ministry-of-foreign-affairs".repeat(4));
    let cluster = Cluster::start(&deep).await.unwrap();
    assert_eq!(setting(&cluster, "select 'answers'").await, "answers");
    let socket = cluster.socket().to_owned();
    assert!(
        socket.starts_with("/tmp") && socket.as_os_str().len() < 40,
        "{}",
        socket.display()
    );
    let mode = fs::metadata(&socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    cluster.stop().await.unwrap();
    fs::remove_dir(socket).unwrap();
}

#[tokio::test]
async fn the_newest_installed_server_is_found() {
    let all = Installation::all().await;
    assert!(
        !all.is_empty(),
        "install it with: sudo apt-get install -y postgresql"
    );
    let newest = Installation::find().await.unwrap();
    assert!(all.iter().all(|found| found.major <= newest.major));
    assert_eq!(Installation::find_major(9).await, None);
}

#[tokio::test]
async fn root_is_told_of_a_folder_that_the_servers_account_cannot_enter() {
    if !is_root() {
        return; // An ordinary user runs the server as himself: there is no second account.
    }
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let refused = Cluster::start(&folder.path().join("data")).await.unwrap_err();
    assert!(matches!(&refused, EmbeddedError::Unreachable { .. }), "{refused}");
    assert!(refused.to_string().contains("/var/lib/chancery"), "{refused}");
}

/// The life of a cluster in the hands of `nobody`: run by the next test in a process of that user.
#[tokio::test]
#[ignore = "started by an_ordinary_user_needs_no_second_account"]
async fn as_an_ordinary_user() {
    let data = PathBuf::from(std::env::var_os("EMBEDDED_TEST_DATA").unwrap());
    assert!(!is_root());
    for origin in [Origin::Created, Origin::Started] {
        let cluster = Cluster::start(&data).await.unwrap();
        assert_eq!(cluster.origin(), origin);
        assert_eq!(setting(&cluster, "show fsync").await, "on");
        cluster.stop().await.unwrap();
    }
    let mode = fs::metadata(&data).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[tokio::test]
async fn an_ordinary_user_needs_no_second_account() {
    if !is_root() {
        return; // Then every other test here has shown it.
    }
    let nobody = Account::named("nobody").unwrap();
    let folder = folder();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777)).unwrap();
    // The checkout may lie where nobody cannot go.
    let program = folder.path().join("test");
    fs::copy(std::env::current_exe().unwrap(), &program).unwrap();
    let output = ordinary(&program, &nobody, folder.path()).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

fn ordinary(program: &Path, account: &Account, folder: &Path) -> Command {
    let mut command = Command::new(program);
    command.args(["--exact", "embedded::as_an_ordinary_user", "--ignored"]);
    command
        .current_dir(folder)
        .env("EMBEDDED_TEST_DATA", folder.join("data"));
    command.uid(account.uid).gid(account.gid);
    command
}

/// The owner is no superuser, unlike that of the tests' throw-away server.
#[tokio::test]
async fn every_schema_installs_and_installs_again_in_the_embedded_database() {
    let folder = folder();
    let cluster = Cluster::start(folder.path()).await.unwrap();
    let logins = Logins::new(&cluster.url(DATABASE), Logins::PREFIX, b"a secret").unwrap();
    for _ in 0..2 {
        install(&logins).await.unwrap();
    }
    let service = logins.pool(Service::Publisher, 1);
    let role: String = sqlx::query_scalar("select current_user::text")
        .fetch_one(&service)
        .await
        .unwrap();
    assert_eq!(role, "chancery_publisher");
    service.close().await;
    cluster.stop().await.unwrap();
}
