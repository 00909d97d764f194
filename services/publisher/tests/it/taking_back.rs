//! Taking back what is out: withdrawals, and corrections.

mod correct;
mod pages;
mod withdraw;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chancery_clock::Clock;
use chancery_contracts::WithdrawalReason;
use chancery_contracts::ids::{AccountId, DeliveryId, ItemId};
use chancery_contracts::publisher::{PublishOrder, WithdrawDeliveries};
use chancery_publisher::Publisher;
use chancery_publisher::engine::{Faults, Point};
use chrono::{DateTime, Utc};
use tokio::sync::Notify;

use crate::world::World;

/// A withdrawal's row, as the owner of the database sees it.
#[derive(Debug, Clone, sqlx::FromRow)]
struct Row {
    state: String,
    why_code: Option<String>,
    attempts: i32,
    wake_at: Option<DateTime<Utc>>,
}

/// Whoever comes to this point dies there.
struct Dies {
    at: Point,
    dead: Notify,
}

impl Dies {
    fn at(at: Point) -> Arc<Self> {
        let dead = Notify::new();
        Arc::new(Self { at, dead })
    }
}

#[async_trait]
impl Faults for Dies {
    async fn at(&self, point: Point, _: DeliveryId) {
        if point == self.at {
            self.dead.notify_one();
            std::future::pending::<()>().await;
        }
    }
}

impl World {
    /// One delivery on this account that is out.
    async fn out_on(&self, account: AccountId) -> (PublishOrder, DeliveryId) {
        let (order, id) = self.ready_on(account).await;
        self.commit(id).await;
        assert_eq!(self.row(id).await.state, "published");
        (order, id)
    }

    async fn ask(&self, item: ItemId, id: DeliveryId) {
        let message = WithdrawDeliveries {
            item,
            deliveries: vec![id],
            reason: WithdrawalReason::WrongFacts,
            notes: BTreeMap::from([("en".to_owned(), "The date was wrong.".to_owned())]),
        };
        self.publisher
            .withdraw(&message, Some(self.author))
            .await
            .unwrap();
    }

    async fn taking(&self, id: DeliveryId) -> Row {
        sqlx::query_as(
            "select state, why_code, attempts, wake_at from publisher.withdrawals where delivery_id = $1",
        )
        .bind(id.0)
        .fetch_one(self.db.owner())
        .await
        .unwrap()
    }

    /// Does what the row asks for, until nothing is left to do by itself.
    async fn take_down_with(&self, publisher: &Publisher, id: DeliveryId) -> Row {
        for _ in 0..30 {
            let row = self.taking(id).await;
            let Some(wake) = row.wake_at else { return row };
            self.clock.set(self.clock.now().max(wake));
            publisher.take_down(id).await.unwrap();
        }
        panic!("it does not come to rest: {:?}", self.taking(id).await);
    }

    async fn take_down(&self, id: DeliveryId) -> Row {
        self.take_down_with(&self.publisher, id).await
    }

    /// What the calendar was told of it, in order.
    async fn told(&self, id: DeliveryId) -> Vec<String> {
        sqlx::query_scalar(
            "select payload::jsonb ->> 'state' from queue.jobs
             where kind = 'publisher.withdrawal_changed' and payload::jsonb ->> 'delivery' = $1::text order by id",
        )
        .bind(id.to_string())
        .fetch_all(self.db.owner())
        .await
        .unwrap()
    }
}
