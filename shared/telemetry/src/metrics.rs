//! The process-wide Prometheus recorder.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Upper bounds of histograms whose name ends in `_seconds`: from a template rendering to a long upload.
const SECONDS: &[f64] = &[
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 300.0,
];

/// How often old histogram samples are folded, so that memory stays bounded although nobody scrapes.
const UPKEEP: Duration = Duration::from_secs(5);

/// The recorder's text side: what `/metrics` answers.
#[derive(Clone)]
pub struct Metrics {
    handle: PrometheusHandle,
    started: Arc<Instant>,
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Metrics {
    /// Installs the recorder for this process and describes the metrics of the process itself.
    ///
    /// # Errors
    /// When the process already has a recorder.
    pub fn install() -> Result<Self, BuildError> {
        let handle = PrometheusBuilder::new()
            .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), SECONDS)?
            .install_recorder()?;
        metrics::describe_gauge!("process_resident_memory_bytes", "Memory held in RAM, in bytes");
        metrics::describe_gauge!("process_open_fds", "Open file descriptors");
        metrics::describe_gauge!("process_uptime_seconds", "Seconds since the process started");
        metrics::describe_gauge!("chancery_build_info", "Always 1; the version is in the label");
        metrics::gauge!("chancery_build_info", "version" => env!("CARGO_PKG_VERSION")).set(1.0);
        Ok(Self {
            handle,
            started: Arc::new(Instant::now()),
        })
    }

    /// Folds old samples for as long as the process runs; give it a task of its own.
    pub async fn keep_up(self) {
        loop {
            tokio::time::sleep(UPKEEP).await;
            self.handle.run_upkeep();
        }
    }

    /// All metrics in the Prometheus text format.
    #[must_use]
    pub fn render(&self) -> String {
        metrics::gauge!("process_uptime_seconds").set(self.started.elapsed().as_secs_f64());
        if let Some(bytes) = resident_bytes() {
            #[expect(
                clippy::cast_precision_loss,
                reason = "a gauge is a float; 2^52 bytes are far away"
            )]
            metrics::gauge!("process_resident_memory_bytes").set(bytes as f64);
        }
        if let Ok(open) = std::fs::read_dir("/proc/self/fd") {
            #[expect(clippy::cast_precision_loss, reason = "a count of descriptors")]
            metrics::gauge!("process_open_fds").set(open.count() as f64);
        }
        self.handle.render()
    }
}

/// Resident memory of this process in bytes; `None` where there is no `/proc`.
#[must_use]
pub fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
