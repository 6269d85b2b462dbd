//! A server that does what no HTTP library lets one do: stop in the middle, say nothing, never end.

use std::future::Future;
use std::io::Write;
use std::sync::{Arc, Mutex};

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use url::Url;

use super::super::{Fetcher, RobotsEntry};
use super::now;

/// A listening server; it stops when dropped.
pub(super) struct Raw {
    pub(super) url: Url,
    /// The path of each request.
    pub(super) log: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Drop for Raw {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Raw {
    /// How many requests came.
    pub(super) fn hits(&self) -> usize {
        self.log.lock().expect("the log").len()
    }

    /// Tells a fetcher that this server has no robots.txt, so that it asks for nothing but the page.
    pub(super) fn without_robots(&self, fetcher: Fetcher) -> Fetcher {
        fetcher.preload(vec![RobotsEntry {
            origin: self.url.origin().ascii_serialization(),
            text: Some(String::new()),
            fetched: now(),
            unreachable_since: None,
        }]);
        fetcher
    }
}

/// Starts a server that reads the head of one request a connection and leaves the rest to `act`.
pub(super) async fn raw<F, Fut>(act: F) -> Raw
where
    F: Fn(TcpStream) -> Fut + Send + 'static,
    Fut: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = super::url(&format!("http://{}/a.html", listener.local_addr().expect("an address")));
    let log = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&log);
    let task = tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let path = head(&mut stream).await;
            seen.lock().expect("the log").push(path);
            // What goes wrong here is what the test is about.
            tokio::spawn(act(stream));
        }
    });
    Raw { url, log, task }
}

/// Starts a server that sends these bytes and hangs up.
pub(super) async fn sending(bytes: impl AsRef<[u8]>) -> Raw {
    let bytes = bytes.as_ref().to_vec();
    raw(move |mut stream| {
        let bytes = bytes.clone();
        async move {
            stream.write_all(&bytes).await?;
            stream.shutdown().await
        }
    })
    .await
}

async fn head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => break,
        }
    }
    String::from_utf8_lossy(&head).split(' ').nth(1).unwrap_or_default().to_owned()
}

/// A gzip member.
pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("memory");
    encoder.finish().expect("memory")
}
