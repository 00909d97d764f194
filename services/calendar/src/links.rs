//! Following the links that people write, outside of any request.

use std::time::Duration;

use async_trait::async_trait;
use chancery_contracts::calendar::CheckLink;
use chancery_http::{Call, Client, Error, Method, StatusCode, Url};
use chancery_queue::{Handler, Job, JobError};

use crate::Workflow;
use crate::model::{KnownLink, LinkOutcome};

/// A page that takes longer to begin is as good as silent for a reader.
const PATIENCE: Duration = Duration::from_secs(10);
/// Nothing of a page is kept; so much may arrive before we hang up.
const MOST: u64 = 64 * 1024;

/// Follows one link and remembers what became of it.
pub(crate) struct OnCheckLink {
    /// Where it is remembered.
    pub workflow: Workflow,
    /// The guarded client.
    pub http: Client,
}

#[async_trait]
impl Handler for OnCheckLink {
    type Message = CheckLink;

    async fn handle(&self, job: &Job<CheckLink>) -> Result<(), JobError> {
        let CheckLink { url, item, version } = &job.message;
        let (outcome, status) = follow(&self.http, url).await;
        let link = KnownLink {
            url: url.clone(),
            outcome,
            status: status.map(|status| status.as_u16()),
            checked_at: None,
        };
        self.workflow
            .link_followed(&link, item.map(|item| (item, *version)), &job.origin())
            .await
            .map_err(|error| crate::jobs::failed(&error))
    }
}

/// Asks for the head; where a server has none to give, for the page itself, of which only the beginning is read.
pub(crate) async fn follow(http: &Client, url: &str) -> (LinkOutcome, Option<StatusCode>) {
    let Ok(url) = url.parse::<Url>() else {
        return (LinkOutcome::Silent, None);
    };
    let head = Call::new(Method::HEAD, url.clone()).timeout(PATIENCE);
    if let Ok(reply) = http.send(head).await
        && reply.status.is_success()
    {
        return (LinkOutcome::Answers, Some(reply.status));
    }
    match http.download(Call::get(url).timeout(PATIENCE), MOST).await {
        Ok(page) => (judged(page.status), Some(page.status)),
        Err(Error::Blocked(_)) => (LinkOutcome::Private, None),
        Err(Error::NotSent(_) | Error::Unknown(_)) => (LinkOutcome::Silent, None),
        Err(Error::TooLarge { .. }) => (LinkOutcome::Answers, None),
    }
}

/// What a status means to a reader.
fn judged(status: StatusCode) -> LinkOutcome {
    match status.as_u16() {
        200..=399 => LinkOutcome::Answers,
        404 | 410 => LinkOutcome::Gone,
        500.. => LinkOutcome::Failing,
        // 401, 403, 429 and the like: many sites turn programs away and let readers in.
        _ => LinkOutcome::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_reader_would_not_see_is_broken() {
        for (status, broken) in [
            (StatusCode::OK, false),
            (StatusCode::FORBIDDEN, false),
            (StatusCode::TOO_MANY_REQUESTS, false),
            (StatusCode::NOT_FOUND, true),
            (StatusCode::GONE, true),
            (StatusCode::BAD_GATEWAY, true),
        ] {
            assert_eq!(judged(status).is_broken(), broken, "{status}");
        }
    }
}
