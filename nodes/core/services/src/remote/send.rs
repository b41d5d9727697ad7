//! From an order to a request that the provider has taken: the one step that costs money.

use std::pin::pin;
use std::time::Duration;

use reqwest::Url;
use rushes_engine::{Error, Result};
use serde_json::Value;

use super::pursue::{Pursuit, unknown};
use crate::http::{stopped, unless_stopped, wait};
use crate::ledger::{new_id, now};
use crate::protocol::Submitted;
use crate::{Given, Order, Row, State};

/// How often a request is sent again that was surely not taken.
const MOST_ATTEMPTS: u32 = 6;
/// How long a request that is on its way is waited for when somebody asks to stop: its name is needed to stop it.
const ON_ITS_WAY: Duration = Duration::from_secs(10);

/// Uploads, writes the row, sends, and gives the row as the provider has taken it.
pub(super) async fn send(pursuit: &Pursuit<'_>, order: &Order<'_>, mut body: Value) -> Result<Row> {
    unless_stopped(order.cancel, upload(pursuit, order, &mut body)).await?;
    order.cancel.check()?;
    let row = Row {
        id: new_id(),
        made: now(),
        title: order.title.to_owned(),
        provider: order.endpoint.provider.clone(),
        endpoint: order.endpoint.id.clone(),
        content: order.content.to_string(),
        quoted_usd: order.quoted_usd,
        state: State::Sending,
        error: String::new(),
        request: shown(&body),
        keep: order.keep.clone(),
        remote: None,
        results: Vec::new(),
        seed: None,
    };
    // On disk before the request leaves: whatever happens from here on, it is not sent twice.
    pursuit.ledger.add(&row)?;
    let mut last = Error::system("the request was not taken");
    for attempt in 1..=MOST_ATTEMPTS {
        if order.cancel.is_cancelled() {
            return Err(close(pursuit, &row, State::Cancelled, Error::cancelled()));
        }
        let pause = match once(pursuit, order, &body).await {
            Submitted::Taken(ids) => {
                let taken = pursuit.ledger.change(&row.id, |row| {
                    row.state = State::Sent;
                    row.remote = Some(ids.clone());
                    row.clone()
                });
                return taken.map_err(|e| e.at(format!("the request {} was taken", ids.request_id)));
            }
            Submitted::Refused(error) => return Err(close(pursuit, &row, State::Failed, error)),
            Submitted::Unknown(why) => {
                let row = pursuit.ledger.change(&row.id, |row| {
                    row.error = why;
                    row.clone()
                })?;
                return Err(unknown(&row, pursuit.fal.provider()));
            }
            Submitted::Later(headers, error) => {
                last = error;
                wait(pursuit.fal.wire().limits(), attempt, headers.as_ref())
            }
        };
        if attempt < MOST_ATTEMPTS {
            let pause = async {
                tokio::time::sleep(pause).await;
                Ok(())
            };
            if let Err(stopped) = unless_stopped(order.cancel, pause).await {
                return Err(close(pursuit, &row, State::Cancelled, stopped));
            }
        }
    }
    Err(close(pursuit, &row, State::Failed, last))
}

/// Sends once. Being asked to stop does not cut it off at once: what was taken must be known by name.
async fn once(pursuit: &Pursuit<'_>, order: &Order<'_>, body: &Value) -> Submitted {
    let late = async {
        stopped(order.cancel).await;
        tokio::time::sleep(ON_ITS_WAY).await;
    };
    let submit = pin!(pursuit.fal.submit(&order.endpoint.path, body));
    tokio::select! {
        done = submit => done,
        () = late => Submitted::Unknown("it was stopped while it was on its way".to_owned()),
    }
}

/// Brings the pictures to the provider and puts their addresses in the place of their names.
async fn upload(pursuit: &Pursuit<'_>, order: &Order<'_>, body: &mut Value) -> Result<()> {
    for value in body.as_object_mut().into_iter().flat_map(|body| body.values_mut()) {
        let name = value.get("picture").and_then(Value::as_str);
        if let Some(Given::Picture(picture)) = name.and_then(|name| order.inputs.get(name)) {
            order.progress.report(0.0, &format!("sending a picture to {}", pursuit.fal.provider().label));
            *value = Value::String(pursuit.fal.upload(picture).await?);
        }
    }
    Ok(())
}

/// Ends a row that surely costs nothing. A row that cannot be ended says so in the log; the error at hand matters more.
fn close(pursuit: &Pursuit<'_>, row: &Row, state: State, error: Error) -> Error {
    let ended = pursuit.ledger.change(&row.id, |row| {
        row.state = state;
        row.error = if error.is_cancelled() { String::new() } else { error.to_string() };
    });
    if let Err(e) = ended {
        log::warn!("the ledger: {e}");
    }
    error
}

/// A request as it is kept: an address may carry a secret after its question mark.
fn shown(body: &Value) -> Value {
    let mut body = body.clone();
    for value in body.as_object_mut().into_iter().flat_map(|body| body.values_mut()) {
        let url =
            value.as_str().filter(|text| text.starts_with("http")).and_then(|text| Url::parse(text).ok());
        if let Some(mut url) = url.filter(|url| url.query().is_some()) {
            url.set_query(None);
            *value = Value::String(url.to_string());
        }
    }
    body
}
