//! The shell with made-up content and without a database, to look at while changing the look:
//!
//! ```text
//! cargo run -p chancery-web --example gallery      # then http://localhost:8099
//! ```

#![expect(clippy::disallowed_types, reason = "made-up content of ours, not a template")]

use axum::response::{Html, IntoResponse, Response};
use chancery_access::{Grant, Principal, Role, Via};
use chancery_clock::{Clock as _, SystemClock};
use chancery_contracts::ids::{PersonId, UnitId};
use chancery_web::{Access, Language, Problem, Routes, Shell, ShellConfig, Viewer};
use sqlx::PgPool;

const LOOKS: Access = Access::Public("a gallery for developers");

const WAITING: &str = r#"<div class="card"><div class="card-header"><h2 class="card-title">Chờ phê duyệt</h2><span class="badge bg-red-lt ms-auto">2</span></div>
<div class="list-group list-group-flush">
<a class="list-group-item list-group-item-action" href="/items/1"><div class="d-flex gap-3 align-items-start"><div class="flex-fill"><div class="fw-semibold">Chúc mừng Quốc khánh nước Cộng hòa Dân chủ Nhân dân Lào</div><div class="text-secondary">Đại sứ quán tại Viêng Chăn · 09:00, 02/12/2026</div></div><span class="badge bg-yellow-lt">Chờ duyệt</span></div></a>
<a class="list-group-item list-group-item-action" href="/items/2"><div class="d-flex gap-3 align-items-start"><div class="flex-fill"><div class="fw-semibold">Thông cáo về lễ khai mạc Tuần văn hóa Việt Nam</div><div class="text-secondary">Đại sứ quán tại Viêng Chăn · 10:30, 05/12/2026</div></div><span class="badge bg-yellow-lt">Chờ duyệt</span></div></a>
</div></div>"#;

const UPCOMING: &str = r#"<div class="card"><div class="card-header"><h2 class="card-title">Sắp đăng</h2></div><div class="card-body"><ul class="timeline">
<li class="timeline-event"><div class="timeline-event-icon bg-blue-lt"></div><div class="card timeline-event-card"><div class="card-body"><div class="text-secondary float-end">14:00</div><h4>Gặp mặt cộng đồng</h4><p class="text-secondary">ສະຖານທູດຫວຽດນາມ ປະຈໍາ ສປປ ລາວ</p></div></div></li></ul></div></div>"#;

async fn empty() -> Response {
    Html(String::new()).into_response()
}

fn person(clock: &SystemClock) -> Principal {
    let unit = UnitId(clock.new_id());
    let today = clock.now().date_naive();
    let grant = |role| Grant {
        role,
        unit,
        from: today,
        to: None,
    };
    let grants = Role::ALL.into_iter().map(grant).collect();
    Principal {
        person: PersonId(clock.new_id()),
        name: "Nguyễn Thị Lan".into(),
        grants,
        via: Via::Session,
        today,
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let clock = SystemClock::new();
    let pool = PgPool::connect_lazy("postgres://nobody@localhost/none")?;
    let config = ShellConfig {
        demo: true,
        ..ShellConfig::default()
    };
    let shell = Shell::new(config, pool, std::sync::Arc::new(clock))?;
    let viewer = Viewer::signed_in(person(&clock), Language::Vi);
    let routes = Routes::unowned()
        .get(LOOKS, "/approvals/fragments/waiting", || async { Html(WAITING) })
        .get(LOOKS, "/items/fragments/today", || async { Html(UPCOMING) })
        .get(LOOKS, "/items/fragments/mine", empty)
        .get(LOOKS, "/deliveries/fragments/recent", || async { Err::<(), _>(Problem::unavailable("problem-unavailable")) })
        .get(LOOKS, "/deliveries/fragments/attention", empty)
        .get(LOOKS, "/stops/fragments/banner", empty)
        .get(LOOKS, "/stops/fragments/button", || async {
            Html("<a class='stop-button' href='/stops'>Tạm dừng đăng</a>")
        })
        .get(LOOKS, "/notifications/fragments/bell", || async {
            Html("<a href='/notifications' aria-label='3'><svg class='icon' aria-hidden='true'><use href='/static/icons.svg#bell'></use></svg><span class='badge bg-red text-red-fg badge-pill'>3</span></a>")
        })
        .post(LOOKS, "/form", || async { Err::<(), _>(Problem::conflict("problem-conflict")) })
        .get(LOOKS, "/wrong", || async { Err::<(), _>(Problem::internal("on purpose")) })
        .finish(());
    let app = shell.app_for(viewer, vec![routes]);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8099").await?;
    axum::serve(listener, app.router).await?;
    Ok(())
}
