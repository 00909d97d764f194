//! The reports of the publisher and of the library, as jobs.

use async_trait::async_trait;
use chancery_clock::Tz;
use chancery_contracts::assets::{AssetChanged, AssetRightsEnded, AssetWithdrawn, Change};
use chancery_contracts::calendar::{
    ComposeLetters, DeliverModel, EndWindows, EscalateApprovals, MakeRecurring, SweepHooks, TurnCampaigns,
};
use chancery_contracts::publisher::{DeliveryChanged, OrderCancelled, WithdrawalChanged};
use chancery_contracts::{Origin, Service};
use chancery_queue::{Handler, Handlers, Job, JobError, Options, Outgoing, Schedule};

use crate::Workflow;
use crate::error::CalendarError;
use crate::hooks::{Hooks, OnSendHook, OnSweepHooks};
use crate::links::OnCheckLink;

pub(crate) fn handlers(workflow: &Workflow, http: chancery_http::Client, hooks: &Hooks) -> Handlers {
    // The message's own row counts its attempts.
    let patient = Options {
        max_attempts: 1_000,
        ..Options::default()
    };
    Handlers::new(Service::Calendar)
        .on(OnDelivery(workflow.clone()), Options::default())
        .on(OnCancelled(workflow.clone()), Options::default())
        .on(OnWithdrawal(workflow.clone()), Options::default())
        .on(OnAssetChanged(workflow.clone()), Options::default())
        .on(OnAssetWithdrawn(workflow.clone()), Options::default())
        .on(OnRightsEnded(workflow.clone()), Options::default())
        .on(
            OnCheckLink {
                workflow: workflow.clone(),
                http,
            },
            Options::default(),
        )
        .on(OnModel(workflow.clone()), Options::default())
        .on(OnRecurring(workflow.clone()), Options::default())
        .schedule(Schedule {
            name: "recurring",
            cron: "0 10 * * * *",
            zone: Tz::UTC,
            command: |_| crate::workflow::wake_up(&Origin::default()),
        })
        .on(OnCampaigns(workflow.clone()), Options::default())
        .schedule(Schedule {
            name: "calendar.turn_campaigns",
            cron: "0 5 * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(TurnCampaigns {}, &Origin::default()).key("turn_campaigns"),
        })
        .on(OnEscalate(workflow.clone()), Options::default())
        .schedule(Schedule {
            name: "calendar.escalate_approvals",
            cron: "30 * * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(EscalateApprovals {}, &Origin::default()).key("escalate_approvals"),
        })
        .on(OnEndWindows(workflow.clone()), Options::default())
        .schedule(Schedule {
            name: "calendar.end_windows",
            cron: "5 * * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(EndWindows {}, &Origin::default()).key("end_windows"),
        })
        .on(OnSendHook(hooks.clone()), patient)
        .on(OnSweepHooks(hooks.clone()), Options::default())
        .schedule(Schedule {
            name: "calendar.sweep_hooks",
            cron: "0 40 2 * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(SweepHooks {}, &Origin::default()).key("sweep_hooks"),
        })
        .on(OnLetters(workflow.clone()), Options::default())
        // Every clock of the world shows seven at a quarter of some hour.
        .schedule(Schedule {
            name: "calendar.compose_letters",
            cron: "5 */15 * * * *",
            zone: Tz::UTC,
            command: |_| Outgoing::new(ComposeLetters {}, &Origin::default()).key("compose_letters"),
        })
}

struct OnEndWindows(Workflow);

#[async_trait]
impl Handler for OnEndWindows {
    type Message = EndWindows;

    async fn handle(&self, _: &Job<EndWindows>) -> Result<(), JobError> {
        self.0
            .end_windows()
            .await
            .map(drop)
            .map_err(|error| failed(&error))
    }
}

struct OnCampaigns(Workflow);

#[async_trait]
impl Handler for OnCampaigns {
    type Message = TurnCampaigns;

    async fn handle(&self, _: &Job<TurnCampaigns>) -> Result<(), JobError> {
        self.0
            .turn_campaigns()
            .await
            .map(drop)
            .map_err(|error| failed(&error))
    }
}

struct OnEscalate(Workflow);

#[async_trait]
impl Handler for OnEscalate {
    type Message = EscalateApprovals;

    async fn handle(&self, _: &Job<EscalateApprovals>) -> Result<(), JobError> {
        self.0.escalate().await.map(drop).map_err(|error| failed(&error))
    }
}

struct OnLetters(Workflow);

#[async_trait]
impl Handler for OnLetters {
    type Message = ComposeLetters;

    async fn handle(&self, _: &Job<ComposeLetters>) -> Result<(), JobError> {
        let made = self.0.compose_letters().await;
        made.map(drop).map_err(|error| failed(&error))
    }
}

struct OnDelivery(Workflow);

#[async_trait]
impl Handler for OnDelivery {
    type Message = DeliveryChanged;

    async fn handle(&self, job: &Job<DeliveryChanged>) -> Result<(), JobError> {
        self.0
            .delivery_changed(&job.message, &job.origin())
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnCancelled(Workflow);

#[async_trait]
impl Handler for OnCancelled {
    type Message = OrderCancelled;

    async fn handle(&self, job: &Job<OrderCancelled>) -> Result<(), JobError> {
        self.0
            .order_cancelled(&job.message, &job.origin())
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnWithdrawal(Workflow);

#[async_trait]
impl Handler for OnWithdrawal {
    type Message = WithdrawalChanged;

    async fn handle(&self, job: &Job<WithdrawalChanged>) -> Result<(), JobError> {
        self.0
            .withdrawal_changed(&job.message, &job.origin())
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnAssetChanged(Workflow);

#[async_trait]
impl Handler for OnAssetChanged {
    type Message = AssetChanged;

    async fn handle(&self, job: &Job<AssetChanged>) -> Result<(), JobError> {
        let (asset, origin) = (job.message.asset, job.origin());
        let handled = match job.message.change {
            Change::File => self.0.asset_replaced(asset, &origin).await,
            Change::Rights => self.0.asset_changed(asset, &origin).await,
        };
        handled.map_err(|error| failed(&error))
    }
}

struct OnAssetWithdrawn(Workflow);

#[async_trait]
impl Handler for OnAssetWithdrawn {
    type Message = AssetWithdrawn;

    async fn handle(&self, job: &Job<AssetWithdrawn>) -> Result<(), JobError> {
        self.0
            .asset_changed(job.message.asset, &job.origin())
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnRightsEnded(Workflow);

#[async_trait]
impl Handler for OnRightsEnded {
    type Message = AssetRightsEnded;

    async fn handle(&self, job: &Job<AssetRightsEnded>) -> Result<(), JobError> {
        self.0
            .asset_changed(job.message.asset, &job.origin())
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnModel(Workflow);

#[async_trait]
impl Handler for OnModel {
    type Message = DeliverModel;

    async fn handle(&self, job: &Job<DeliverModel>) -> Result<(), JobError> {
        self.0
            .deliver_model(&job.message, &job.origin())
            .await
            .map_err(|error| failed(&error))
    }
}

struct OnRecurring(Workflow);

#[async_trait]
impl Handler for OnRecurring {
    type Message = MakeRecurring;

    async fn handle(&self, job: &Job<MakeRecurring>) -> Result<(), JobError> {
        self.0
            .make_recurring(&job.origin())
            .await
            .map(|_| ())
            .map_err(|error| failed(&error))
    }
}

/// The database comes back; everything else will not mend itself.
pub(crate) fn failed(error: &CalendarError) -> JobError {
    match error {
        CalendarError::Database(_) | CalendarError::Queue(_) => JobError::retry(error),
        error => JobError::fail(error),
    }
}
