//! The server: a thread with a small runtime.

use std::convert::Infallible;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::thread::JoinHandle;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::jobs::Shared;
use crate::{Behaviour, Kind, Seen, answer};

/// A server that runs until it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts at a free port. Every request makes `clip`.
    ///
    /// # Panics
    ///
    /// Where this machine lets nobody listen to itself.
    #[allow(clippy::expect_used)]
    pub fn start(clip: Vec<u8>) -> Self {
        Self::start_at(clip, 0).expect("a free port on this machine")
    }

    /// Starts at this port, or at a free one for 0.
    pub fn start_at(clip: Vec<u8>, port: u16) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let shared = Arc::new(Shared::new(clip, url));
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let ours = shared.clone();
        let thread = std::thread::Builder::new().name("fal".into()).spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    // Dropping the other end is what stops it.
                    _ = stopped => {}
                    () = listen(listener, ours) => {}
                }
            });
        })?;
        Ok(Self { shared, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it is: `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.shared.url
    }

    /// Behaves like this from now on.
    pub fn set(&self, behaviour: Behaviour) {
        self.shared.memory().behaviour = behaviour;
    }

    /// What was asked up to now.
    pub fn log(&self) -> Vec<Seen> {
        self.shared.memory().log.clone()
    }

    /// How often this was asked.
    pub fn count(&self, kind: Kind) -> usize {
        self.shared.memory().log.iter().filter(|seen| seen.kind == kind).count()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A server that fell over has said so on its own.
            drop(thread.join());
        }
    }
}

async fn listen(listener: std::net::TcpListener, shared: Arc<Shared>) {
    let Ok(listener) = TcpListener::from_std(listener) else { return };
    loop {
        let Ok((stream, _)) = listener.accept().await else { continue };
        let shared = shared.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| answer::answer(shared.clone(), request));
            // A connection that breaks is the client's affair, or what a test asked for.
            drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await);
        });
    }
}
