//! A real S3 server for tests: `SeaweedFS`, as `make test-servers` installs it.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::S3Settings;

/// What the server is given; it knows nobody else.
const KEY: (&str, &str) = ("AKTEST", "SKTEST");
/// It is up in about five seconds; a busy machine takes longer.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server of its own with one empty bucket, in a folder that is removed with it. It ends when this is dropped.
#[derive(Debug)]
pub struct S3Server {
    process: Child,
    folder: TempDir,
    port: u16,
}

impl S3Server {
    /// Starts a server on free ports of this machine and waits until it answers. Blocks.
    ///
    /// # Panics
    /// When it is not installed (the message says how), or does not come up.
    #[must_use]
    #[expect(
        clippy::panic,
        clippy::expect_used,
        reason = "without the server a test must fail"
    )]
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing tells that another process listens but that it listens"
    )]
    pub fn start() -> Self {
        let weed = PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../tests/servers/s3/venv/bin/weed"
        ));
        assert!(
            weed.is_file(),
            "the S3 server of the tests is not installed; run: make test-servers"
        );
        let folder = tempfile::tempdir().expect("a folder for the server");
        let keys = format!(
            r#"{{"identities":[{{"name":"tests","credentials":[{{"accessKey":"{}","secretKey":"{}"}}],"actions":["Admin","Read","Write","List"]}}]}}"#,
            KEY.0, KEY.1
        );
        let config = folder.path().join("s3.json");
        std::fs::write(&config, keys).expect("the server's configuration");
        let log = std::fs::File::create(folder.path().join("log")).expect("the server's log");
        let [
            master,
            master_rpc,
            volume,
            volume_rpc,
            filer,
            filer_rpc,
            s3,
            s3_rpc,
        ] = free_ports();
        let process = Command::new(weed)
            .arg("server")
            .arg(format!("-dir={}", folder.path().display()))
            .args(["-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-master.telemetry=false"])
            .args(["-volume.max=50", "-master.volumeSizeLimitMB=64"])
            .arg(format!("-master.port={master}"))
            .arg(format!("-master.port.grpc={master_rpc}"))
            .arg(format!("-volume.port={volume}"))
            .arg(format!("-volume.port.grpc={volume_rpc}"))
            .arg(format!("-filer.port={filer}"))
            .arg(format!("-filer.port.grpc={filer_rpc}"))
            .args(["-s3", "-s3.port.iceberg=0", "-s3.port.lance=0"])
            .arg(format!("-s3.port={s3}"))
            .arg(format!("-s3.port.grpc={s3_rpc}"))
            .arg(format!("-s3.config={}", config.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the server starts");
        let server = Self {
            process,
            folder,
            port: s3,
        };
        let began = Instant::now();
        // A folder below `/buckets` of the filer is a bucket.
        while !(answers(s3, "GET", "/healthz") && answers(filer, "POST", "/buckets/chancery/")) {
            if began.elapsed() > PATIENCE {
                let log = std::fs::read_to_string(server.folder.path().join("log")).unwrap_or_default();
                panic!("the S3 server did not come up:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        server
    }

    /// How to reach its bucket.
    #[must_use]
    pub fn settings(&self) -> S3Settings {
        S3Settings {
            endpoint: Some(format!("http://127.0.0.1:{}", self.port)),
            region: "us-east-1".to_owned(),
            bucket: "chancery".to_owned(),
            access_key: KEY.0.to_owned(),
            secret_key: KEY.1.to_owned(),
            path_style: true,
            allow_http: true,
        }
    }

    /// Ends it as a power cut would.
    pub fn kill(&mut self) {
        // Asked politely it takes half a minute. It may have ended by itself.
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Ports that nobody uses now; all are held until the last is known, so that they differ.
#[expect(clippy::expect_used, reason = "without ports a test must fail")]
fn free_ports<const N: usize>() -> [u16; N] {
    let held: [TcpListener; N] =
        std::array::from_fn(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port"));
    held.map(|listener| listener.local_addr().expect("an address").port())
}

/// Whether a plain request is answered with success.
fn answers(port: u16, method: &str, path: &str) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let ask = || -> std::io::Result<bool> {
        let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(1))?;
        stream.set_read_timeout(Some(Duration::from_secs(5)))?;
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )?;
        let mut status = [0; 12];
        stream.read_exact(&mut status)?;
        Ok(status.starts_with(b"HTTP/1.1 2"))
    };
    ask().unwrap_or(false)
}
