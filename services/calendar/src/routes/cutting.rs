//! The part of a picture that goes to one platform: a page with a frame on the picture.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chancery_contracts::Platform;
use chancery_contracts::ids::ItemId;
use chancery_media::{Focus, Frame, Share};
use chancery_web::{Form, Path, Problem, Query, Redirect, Viewer};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{App, actor};
use crate::model::{Shape, drawn, share};

/// For which platform.
#[derive(Deserialize)]
pub(super) struct For {
    platform: Platform,
}

/// The form as it is sent, numbers in hundredths of the picture.
#[derive(Debug, Default, Clone, Deserialize, Serialize)]
#[serde(default)]
pub(super) struct Sent {
    /// A [`Shape`]; the script of the frame calls the select so.
    purpose: String,
    /// `focus`, or `drawn` by hand.
    frame: String,
    focal_x: String,
    focal_y: String,
    left: String,
    top: String,
    width: String,
    height: String,
}

impl Sent {
    /// The form that makes this frame.
    fn of(frame: Option<&Frame>) -> Self {
        let text = |share: Share| (f32::from(u16::from(share)) / 100.0).to_string();
        let mut sent = Self {
            purpose: frame.map_or(Shape::Whole, Shape::of).to_string(),
            focal_x: text(Share::HALF),
            focal_y: text(Share::HALF),
            frame: "focus".to_owned(),
            ..Self::default()
        };
        match frame {
            Some(Frame::Filled { focus, .. }) => {
                (sent.focal_x, sent.focal_y) = (text(focus.x), text(focus.y));
            }
            Some(Frame::Drawn { cut, .. }) => {
                "drawn".clone_into(&mut sent.frame);
                (sent.left, sent.top) = (text(cut.left), text(cut.top));
                (sent.width, sent.height) = (text(cut.width), text(cut.height));
            }
            Some(Frame::Whole { .. }) | None => {}
        }
        sent
    }

    /// The frame that is asked for; none: all of the picture.
    ///
    /// # Errors
    /// A number that cannot be read.
    fn frame(&self) -> Result<Option<Frame>, Problem> {
        let refused = || Problem::invalid("cuts-not-saved").field("cut", "cuts-number-unreadable");
        let number = |text: &str, otherwise: f32| {
            let text = text.trim().replace(',', ".");
            if text.is_empty() {
                return Ok(otherwise);
            }
            let number = text.parse().map_err(|_| refused())?;
            if f32::is_finite(number) {
                Ok(number)
            } else {
                Err(refused())
            }
        };
        if self.frame == "drawn" {
            // What is left empty cuts nothing off.
            let (left, top) = (number(&self.left, 0.0)?, number(&self.top, 0.0)?);
            let (width, height) = (
                number(&self.width, 100.0 - left)?,
                number(&self.height, 100.0 - top)?,
            );
            return Ok(drawn([left, top, width, height]));
        }
        let shape: Shape = self.purpose.parse().map_err(|_| refused())?;
        let focus = Focus {
            x: share(number(&self.focal_x, 50.0)?),
            y: share(number(&self.focal_y, 50.0)?),
        };
        Ok(shape.around(focus))
    }
}

pub(super) async fn page(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, image)): Path<(ItemId, Uuid)>,
    Query(For { platform }): Query<For>,
) -> Result<Response, Problem> {
    let data = data(&app, &viewer, (id, image, platform), None).await?;
    Ok(app.shell.page(&viewer, "calendar/items/cut", &data))
}

pub(super) async fn cut(
    State(app): State<App>,
    viewer: Viewer,
    Path((id, image)): Path<(ItemId, Uuid)>,
    Query(For { platform }): Query<For>,
    Form(sent): Form<Sent>,
) -> Result<Response, Problem> {
    let frame = match sent.frame() {
        Ok(frame) => frame,
        Err(problem) => {
            let data = data(&app, &viewer, (id, image, platform), Some(&sent)).await?;
            return Ok(app.shell.refused(&viewer, "calendar/items/cut", &data, &problem));
        }
    };
    app.workflow
        .cut_image(actor(&viewer)?, id, image, platform, frame)
        .await?;
    let said = if frame.is_some() {
        "cuts-saved"
    } else {
        "cuts-removed"
    };
    Ok(Redirect::to(format!("/items/{id}/edit#image-{image}"))
        .flash(said)
        .into_response())
}

async fn data(
    app: &App,
    viewer: &Viewer,
    (id, image, platform): (ItemId, Uuid, Platform),
    sent: Option<&Sent>,
) -> Result<Value, Problem> {
    let mut conn = app.connection().await?;
    let (item, _) = app.workflow.open(&mut conn, actor(viewer)?, id).await?;
    let shown = item.images.iter().find(|shown| shown.id == image);
    let shown = shown.ok_or_else(Problem::not_found)?;
    let cut = shown.cut(platform);
    let usual = Sent::of(cut.map(|cut| &cut.frame));
    let sent = sent.unwrap_or(&usual);
    let shapes: Vec<_> = Shape::ALL
        .iter()
        .map(|shape| json!({ "word": shape, "box": shape.proportions(), "chosen": sent.purpose == shape.as_str() }))
        .collect();
    Ok(json!({
        "item": { "id": id, "title": item.draft.title },
        "image": { "id": image, "alt": item.draft.alt(image, &item.draft.language), "width": shown.width, "height": shown.height },
        "platform": platform,
        "cut": cut,
        "shapes": shapes,
        "sent": sent,
    }))
}
