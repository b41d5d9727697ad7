//! Asking over HTTP: bounded, and only where it is allowed.

mod address;
mod download;
mod retry;

use std::cell::OnceCell;
use std::future::Future;
use std::sync::Once;
use std::time::{Duration, Instant};

use reqwest::header::HeaderMap;
use reqwest::multipart::Form;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, redirect};
use rushes_engine::{Cancel, Error, Result};

use crate::Limits;
pub(crate) use download::Gone;
pub(crate) use retry::{poll, wait};

const CONNECTING: Duration = Duration::from_secs(10);

/// One way out of this machine, for one blocking call.
pub(crate) struct Wire {
    /// The host that a person named in the environment: it alone may be private and plain http.
    own: Option<Url>,
    limits: Limits,
    guarded: OnceCell<Client>,
    open: OnceCell<Client>,
}

/// A question.
#[derive(Clone)]
pub(crate) struct Call {
    pub method: Method,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
    /// How long the whole may take.
    pub limit: Duration,
    /// On a connection of its own: one kept open may be closed by the other side just as the question leaves, and then
    /// nobody knows whether it arrived.
    pub fresh: bool,
}

/// An answer, read to its end.
pub(crate) struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

/// No answer.
#[derive(Debug)]
pub(crate) struct Trouble {
    pub error: Error,
    /// Whether a part of the question may have left.
    pub sent: bool,
    /// Whether asking again may help.
    pub passing: bool,
}

impl From<Trouble> for Error {
    fn from(trouble: Trouble) -> Self {
        trouble.error
    }
}

impl Wire {
    pub fn new(own: Option<Url>, limits: Limits) -> Self {
        Self { own, limits, guarded: OnceCell::new(), open: OnceCell::new() }
    }

    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Asks once.
    pub async fn once(&self, call: &Call) -> Result<Answer, Trouble> {
        let client = self.client(&call.url, call.fresh).map_err(refused)?;
        let request = client.request(call.method.clone(), call.url.clone());
        let request = request.headers(call.headers.clone()).timeout(call.limit);
        let request = if call.body.is_empty() { request } else { request.body(call.body.clone()) };
        let answer = self.answer(request).await?;
        log::debug!("{} {}{} answers {}", call.method, call.url.authority(), call.url.path(), answer.status);
        Ok(answer)
    }

    /// Sends a form, whose files are read as they leave.
    pub async fn upload(&self, url: &Url, form: Form, limit: Duration) -> Result<Answer, Trouble> {
        let client = self.client(url, false).map_err(refused)?;
        self.answer(client.post(url.clone()).multipart(form).timeout(limit)).await
    }

    async fn answer(&self, request: RequestBuilder) -> Result<Answer, Trouble> {
        let response = send(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let body = read(response, self.limits.answer_bytes).await?;
        Ok(Answer { status, headers, body })
    }

    /// Asks until there is an answer that will not change by waiting, or nothing but failures for
    /// so long.
    pub async fn patiently(&self, call: &Call, patience: Duration) -> Result<Answer> {
        let began = Instant::now();
        for attempt in 1.. {
            let pause = match self.once(call).await {
                Ok(answer) if !retry::may_pass(answer.status, &answer.headers) => return Ok(answer),
                Ok(answer) if began.elapsed() > patience => return Ok(answer),
                Ok(answer) => wait(&self.limits, attempt, Some(&answer.headers)),
                Err(trouble) if !trouble.passing || began.elapsed() > patience => {
                    return Err(trouble.error);
                }
                Err(_) => wait(&self.limits, attempt, None),
            };
            tokio::time::sleep(pause).await;
        }
        Err(Error::system("no answer"))
    }

    /// Who may ask this address, or why nobody may.
    fn client(&self, url: &Url, fresh: bool) -> Result<Client> {
        let own = self.own.as_ref().is_some_and(|own| own.origin() == url.origin());
        if !own {
            address::check(url)?;
        }
        if fresh {
            return self.build(own, url);
        }
        let kept = if own { &self.open } else { &self.guarded };
        if let Some(client) = kept.get() {
            return Ok(client.clone());
        }
        let client = self.build(own, url)?;
        Ok(kept.get_or_init(|| client).clone())
    }

    fn build(&self, own: bool, url: &Url) -> Result<Client> {
        static PROVIDER: Once = Once::new();
        PROVIDER.call_once(|| {
            // One that is installed already serves as well.
            drop(rustls::crypto::ring::default_provider().install_default());
        });
        let builder = Client::builder()
            .user_agent(concat!("rushes/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            // Through a proxy, the addresses would be resolved by somebody else.
            .no_proxy()
            .connect_timeout(CONNECTING)
            .read_timeout(self.limits.idle);
        let builder = match (own, url.scheme()) {
            (false, _) => builder.https_only(true).dns_resolver(address::PublicOnly),
            // Plain http needs no certificates, and a machine may have none.
            (true, "http") => builder.tls_certs_only([]),
            (true, _) => builder,
        };
        builder.build().map_err(|e| {
            Error::system(format!("the network cannot be used: {}", words(e)))
                .help("check that the system's certificates are installed")
        })
    }
}

/// Sends a question up to the head of its answer.
async fn send(request: RequestBuilder) -> Result<Response, Trouble> {
    request.send().await.map_err(|e| Trouble { sent: !e.is_connect(), passing: true, error: network(e) })
}

/// The body of an answer, no more than is sane.
async fn read(mut response: Response, most: u64) -> Result<Vec<u8>, Trouble> {
    let too_large = || Trouble {
        error: Error::system(format!("the answer is larger than {most} bytes")),
        sent: true,
        passing: false,
    };
    if response.content_length().is_some_and(|length| length > most) {
        return Err(too_large());
    }
    let mut body = Vec::new();
    loop {
        let chunk = response.chunk().await;
        match chunk.map_err(|e| Trouble { sent: true, passing: true, error: network(e) })? {
            Some(chunk) if (body.len() + chunk.len()) as u64 > most => return Err(too_large()),
            Some(chunk) => body.extend_from_slice(&chunk),
            None => return Ok(body),
        }
    }
}

fn refused(error: Error) -> Trouble {
    Trouble { error, sent: false, passing: false }
}

fn network(e: reqwest::Error) -> Error {
    Error::system(words(e)).help("check the connection to the network, and try again")
}

/// The innermost reason, without the address: its query may be a secret.
fn words(e: reqwest::Error) -> String {
    let (late, connecting) = (e.is_timeout(), e.is_connect());
    let e = e.without_url();
    let mut inner: &dyn std::error::Error = &e;
    while let Some(source) = inner.source() {
        inner = source;
    }
    match (late, connecting) {
        (true, _) => "no answer in time".to_owned(),
        (false, true) => format!("no connection: {inner}"),
        (false, false) => format!("the connection broke: {inner}"),
    }
}

/// Runs one call's work on a runtime of its own.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|e| Error::system(format!("the network cannot be used: {e}")))?;
    let done = runtime.block_on(work);
    // A name that is still being resolved must not hold up who asked to stop.
    runtime.shutdown_background();
    done
}

/// Waits until somebody asks to stop.
pub(crate) async fn stopped(cancel: &Cancel) {
    while !cancel.is_cancelled() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The work, unless somebody asks to stop before it is done.
pub(crate) async fn unless_stopped<T>(cancel: &Cancel, work: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::select! {
        biased;
        () = stopped(cancel) => Err(Error::cancelled()),
        done = work => done,
    }
}
