//! fal.ai: a queue that is posted to and asked, a storage for what goes in, public addresses for what comes out.

use std::time::Duration;

use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use reqwest::{Method, StatusCode, Url};
use rushes_engine::{Error, Result};
use serde_json::{Value, json};

use super::{Outcome, Standing, Stopped, Submitted, words};
use crate::endpoint::Outcome as Pointers;
use crate::http::{Answer, Call, Wire};
use crate::keys::Secret;
use crate::{Picture, Provider, RemoteIds};

/// Where to send a whole request, and how long one question may take.
const QUEUE: &str = "https://queue.fal.run";
const REST: &str = "https://rest.fal.ai";
const QUESTION: Duration = Duration::from_secs(60);
const UPLOAD: Duration = Duration::from_secs(600);

/// fal.ai, as one person's key reaches it.
pub(crate) struct Fal {
    provider: &'static Provider,
    wire: Wire,
    secret: Secret,
    queue: Url,
    rest: Url,
}

impl Fal {
    /// `own` takes the place of all of fal's hosts.
    pub fn new(provider: &'static Provider, wire: Wire, secret: Secret, own: Option<Url>) -> Result<Self> {
        let host = |name| Url::parse(name).map_err(|e| Error::system(format!("{name}: {e}")));
        let (queue, rest) = match own {
            Some(own) => (own.clone(), own),
            None => (host(QUEUE)?, host(REST)?),
        };
        Ok(Self { provider, wire, secret, queue, rest })
    }

    pub fn wire(&self) -> &Wire {
        &self.wire
    }

    pub fn provider(&self) -> &'static Provider {
        self.provider
    }

    /// Brings a picture to the storage, and gives the address by which the engine finds it.
    pub async fn upload(&self, picture: &Picture) -> Result<String> {
        let body = json!({ "content_type": picture.mime, "file_name": picture.file_name });
        let url = self.at(&self.rest, "storage/upload/initiate?storage_type=fal-cdn-v3")?;
        // Nothing is lost by giving up here: nothing has been ordered yet.
        let patience = self.wire.limits().patience / 10;
        let call = self.call(Method::POST, url, Some(&body))?;
        let answer = self.wire.patiently(&call, patience).await;
        let answer = self.good(answer.map_err(|e| self.away(&e))?)?;
        let told = parse(&answer.body).ok_or_else(|| self.odd("where to upload to"))?;
        let text = |name: &str| told.get(name).and_then(Value::as_str);
        let (to, file) =
            text("upload_url").zip(text("file_url")).ok_or_else(|| self.odd("where to upload to"))?;
        let to = Url::parse(to).map_err(|_| self.odd("where to upload to"))?;
        // The address carries its own leave; a key beside it would be refused, and seen by another host.
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(picture.mime));
        let (body, method) = (picture.bytes.clone(), Method::PUT);
        let call = Call { method, url: to, headers, body, limit: UPLOAD, fresh: false };
        let answer = self.wire.patiently(&call, patience).await.map_err(|e| self.away(&e))?;
        if answer.status.is_success() {
            Ok(file.to_owned())
        } else {
            Err(Error::system(format!(
                "{} does not take the picture: {}",
                self.provider.label, answer.status
            ))
            .help("try again later"))
        }
    }

    /// Sends a request, once.
    pub async fn submit(&self, path: &str, body: &Value) -> Submitted {
        let call = self.at(&self.queue, path).and_then(|url| self.call(Method::POST, url, Some(body)));
        let call = match call {
            Ok(call) => Call { fresh: true, ..call },
            Err(e) => return Submitted::Refused(e),
        };
        let answer = match self.wire.once(&call).await {
            Ok(answer) => answer,
            Err(trouble) if trouble.sent => return Submitted::Unknown(trouble.error.to_string()),
            Err(trouble) if trouble.passing => return Submitted::Later(None, self.away(&trouble.error)),
            Err(trouble) => return Submitted::Refused(trouble.error),
        };
        match answer.status.as_u16() {
            200..=299 => match self.ids(&answer.body) {
                Ok(ids) => Submitted::Taken(ids),
                Err(why) => Submitted::Unknown(why),
            },
            429 => Submitted::Later(Some(answer.headers.clone()), self.refusal(&answer)),
            408 | 500..=599 => Submitted::Unknown(self.said(&answer)),
            _ => Submitted::Refused(self.refusal(&answer)),
        }
    }

    /// How far a request is.
    pub async fn standing(&self, ids: &RemoteIds) -> Result<Standing> {
        let mut url = self.own(&ids.status_url)?;
        url.set_query(Some("logs=0"));
        let answer = self.ask(Method::GET, url).await?;
        if matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE) {
            return Ok(Standing::Gone);
        }
        let told = parse(&self.good(answer)?.body).ok_or_else(|| self.odd("how far the request is"))?;
        let text = |name: &str| told.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        // A request that failed is told as completed, with an error beside it.
        let failed = text("error").or(text("error_type"));
        Ok(match (text("status"), failed) {
            (Some("IN_QUEUE"), _) => Standing::Queued(told.get("queue_position").and_then(Value::as_u64)),
            (Some("COMPLETED"), Some(words)) => Standing::Failed(self.clean(words)),
            (Some("COMPLETED"), None) => Standing::Over,
            // Whatever else it is called, it is not over.
            (Some(_), _) => Standing::Working,
            (None, _) => return Err(self.odd("how far the request is")),
        })
    }

    /// What came of a request that is over.
    pub async fn outcome(&self, ids: &RemoteIds, pointers: &Pointers) -> Result<Outcome> {
        let answer = self.ask(Method::GET, self.own(&ids.response_url)?).await?;
        match answer.status.as_u16() {
            404 | 410 => return Ok(Outcome::Gone),
            401..=403 | 408 | 429 => return Err(self.refusal(&answer)),
            // Asked patiently, so one that is left says of itself that it will not pass, or nothing but it came.
            500..=599 if answer.headers.get("x-fal-retryable").is_none() => return Err(self.refusal(&answer)),
            400..=599 => return Ok(Outcome::Failed(self.said(&answer))),
            _ => {}
        }
        let told = parse(&answer.body).ok_or_else(|| self.odd("where the result is"))?;
        let address = |pointer: &String| Url::parse(told.pointer(pointer)?.as_str()?).ok();
        let files: Option<Vec<_>> = pointers.files.iter().map(address).collect();
        let files = files.filter(|files| !files.is_empty()).ok_or_else(|| self.odd("where the result is"))?;
        let seed = pointers.seed.as_ref().and_then(|pointer| told.pointer(pointer)?.as_u64());
        Ok(Outcome::Files(files, seed))
    }

    /// Asks to stop a request.
    pub async fn stop(&self, ids: &RemoteIds) -> Result<Stopped> {
        let call = self.call(Method::PUT, self.own(&ids.cancel_url)?, None)?;
        let patience = self.wire.limits().patience;
        let answer = self.wire.patiently(&call, patience).await.map_err(|e| self.away(&e))?;
        let over = parse(&answer.body).is_some_and(|told| told["status"] == "ALREADY_COMPLETED");
        match answer.status.is_success() {
            true => Ok(Stopped::Yes),
            false if over => Ok(Stopped::TooLate),
            false => Err(self.refusal(&answer)),
        }
    }

    /// Asks for something free that needs a good key.
    pub async fn check_key(&self) -> Result<()> {
        let url = self.at(&self.rest, "storage/auth/token?storage_type=fal-cdn-v3")?;
        let call = self.call(Method::POST, url, Some(&json!({})))?;
        let answer = self.wire.once(&call).await.map_err(|trouble| self.away(&trouble.error))?;
        self.good(answer).map(drop)
    }

    async fn ask(&self, method: Method, url: Url) -> Result<Answer> {
        let patience = self.wire.limits().patience;
        self.wire.patiently(&self.call(method, url, None)?, patience).await.map_err(|e| self.away(&e))
    }

    fn at(&self, host: &Url, path: &str) -> Result<Url> {
        host.join(path).map_err(|e| Error::system(format!("{path}: {e}")))
    }

    fn call(&self, method: Method, url: Url, body: Option<&Value>) -> Result<Call> {
        let key = HeaderValue::from_str(&format!("Key {}", self.secret.reveal()));
        let mut key = key.map_err(|_| Error::consent("the key holds characters that no key has"))?;
        key.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, key);
        if body.is_some() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let body = body.map(|body| body.to_string().into_bytes()).unwrap_or_default();
        Ok(Call { method, url, headers, body, limit: QUESTION, fresh: false })
    }

    /// An address on the queue's own host, the only one that is sent the key.
    fn own(&self, address: &str) -> Result<Url> {
        let url = Url::parse(address).ok().filter(|url| url.origin() == self.queue.origin());
        url.ok_or_else(|| {
            let named = Url::parse(address).ok().and_then(|url| url.host_str().map(str::to_owned));
            Error::system(format!(
                "the request is to be asked about at another host than {}'s",
                self.provider.label
            ))
            .at(named.unwrap_or_default())
            .help("nothing was asked there; look at the provider's page for the request")
        })
    }

    fn ids(&self, body: &[u8]) -> Result<RemoteIds, String> {
        let told = parse(body).ok_or("the answer cannot be read")?;
        let text = |name: &str| Some(told.get(name)?.as_str()?.to_owned()).filter(|text| !text.is_empty());
        let request_id = text("request_id").ok_or("the answer names no request")?;
        let url = |name: &str| {
            let mut url = self.own(&text(name).unwrap_or_default()).map_err(|e| e.to_string())?;
            url.set_query(None);
            Ok::<_, String>(url.to_string())
        };
        let (status_url, response_url, cancel_url) =
            (url("status_url")?, url("response_url")?, url("cancel_url")?);
        Ok(RemoteIds { request_id, status_url, response_url, cancel_url })
    }

    fn good(&self, answer: Answer) -> Result<Answer> {
        if answer.status.is_success() { Ok(answer) } else { Err(self.refusal(&answer)) }
    }

    /// Why the provider refuses, and what a person can do.
    fn refusal(&self, answer: &Answer) -> Error {
        let (label, said) = (self.provider.label, self.said(answer));
        match answer.status.as_u16() {
            401 => Error::consent(format!("{label} refuses the key: {said}")).help(format!(
                "get one at {}, then `rushes keys set {}`",
                self.provider.page, self.provider.id
            )),
            402 | 403 => Error::consent(format!("{label} refuses: {said}"))
                .help(format!("look at your account and key at {}", self.provider.page)),
            422 => Error::usage(format!("{label} refuses the request: {said}"))
                .help("change what it names, and run again"),
            429 => {
                Error::system(format!("{label} takes no more requests now: {said}")).help("try again later")
            }
            500..=599 => Error::system(format!("{label} fails: {said}")).help("try again later"),
            _ => Error::system(format!("{label} refuses: {said}")),
        }
    }

    fn said(&self, answer: &Answer) -> String {
        self.clean(&words::words(&answer.body).unwrap_or_else(|| answer.status.to_string()))
    }

    /// A stranger's words, short and without the key.
    fn clean(&self, text: &str) -> String {
        words::short(&self.secret.hide_in(text))
    }

    fn odd(&self, about: &str) -> Error {
        Error::system(format!("{} does not say {about}", self.provider.label)).help("try again later")
    }

    fn away(&self, e: &Error) -> Error {
        let what = format!("{} cannot be reached: {}", self.provider.label, e.what());
        Error::new(e.kind(), what).at(e.place()).help(e.help_text())
    }
}

fn parse(body: &[u8]) -> Option<Value> {
    serde_json::from_slice(body).ok()
}
