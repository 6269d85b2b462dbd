//! The portals' web server: one for all of them, each at a loopback address of its own.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use tinsach::model::SimulatedTime;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::plan::What;
use super::portal::{Answer, Portal};

/// What a slow portal takes for an answer, in real time.
const SLOW: Duration = Duration::from_millis(20);

/// A request that was made.
#[derive(Clone, Debug)]
pub struct Asked {
    pub at: Timestamp,
    pub portal: usize,
    pub path: String,
    pub status: u16,
}

/// What all connections share.
pub struct Web {
    portals: Vec<Portal>,
    time: SimulatedTime,
    pub log: Mutex<Vec<Asked>>,
    port: u16,
}

/// The loopback address of a portal: 127.0.0.0/8 is this machine, whole.
fn address(portal: usize) -> Ipv4Addr {
    Ipv4Addr::new(127, 1, (portal / 250) as u8, (portal % 250) as u8 + 1)
}

impl Web {
    /// Serves portals.
    pub async fn start(portals: Vec<Portal>, time: SimulatedTime) -> Arc<Self> {
        let listener = TcpListener::bind("0.0.0.0:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let web = Arc::new(Self { portals, time, log: Mutex::default(), port });
        let shared = Arc::clone(&web);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(connection(Arc::clone(&shared), stream));
            }
        });
        web
    }

    /// Where a portal is.
    pub fn base(&self, portal: usize) -> String {
        format!("http://{}", SocketAddr::from((address(portal), self.port)))
    }

    pub fn portal(&self, portal: usize) -> &Portal {
        &self.portals[portal]
    }

    /// What was asked of a portal.
    pub fn asked(&self, portal: usize) -> Vec<Asked> {
        self.log.lock().expect("a lock").iter().filter(|asked| asked.portal == portal).cloned().collect()
    }

    fn answer(&self, portal: usize, path: &str) -> Answer {
        let now = self.time.now();
        let answer = self.portals[portal].answer(path, now);
        let status = match &answer {
            Answer::Status(status, ..) => *status,
            Answer::Close | Answer::Torn(_) | Answer::Hang => 0,
        };
        let asked = Asked { at: now, portal, path: path.to_owned(), status };
        self.log.lock().expect("a lock").push(asked);
        answer
    }
}

async fn connection(web: Arc<Web>, stream: TcpStream) {
    stream.set_nodelay(true).ok();
    let Ok(SocketAddr::V4(local)) = stream.local_addr() else { return };
    let [_, _, high, low] = local.ip().octets();
    let portal = usize::from(high) * 250 + usize::from(low) - 1;
    let mut stream = BufReader::new(stream);
    while let Some((path, headers)) = request(&mut stream).await {
        let base = web.base(portal);
        if web.portals[portal].has(What::Slow, web.time.now()) {
            tokio::time::sleep(SLOW).await;
        }
        let (status, kind, body, extra) = match web.answer(portal, &path) {
            Answer::Status(status, kind, body, extra) => (status, kind, body, extra),
            Answer::Close => return,
            Answer::Hang => return std::future::pending().await,
            Answer::Torn(body) => {
                let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000000\r\n\r\n";
                stream.get_mut().write_all(format!("{head}{body}").as_bytes()).await.ok();
                return;
            }
        };
        let body = body.replace("{base}", &base);
        let extra = extra.into_iter().map(|(name, value)| (name, value.replace("{base}", &base)));
        let etag = format!("\"{:x}\"", super::text::chance(body.len() as u64, checksum(&body)));
        let is_current = status == 200 && headers.get("if-none-match").is_some_and(|sent| *sent == etag);
        let extra: String = extra.map(|(name, value)| format!("{name}: {value}\r\n")).collect();
        let answer = if is_current {
            format!("HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n")
        } else {
            let head = if status == 200 { format!("ETag: {etag}\r\n") } else { String::new() };
            format!(
                "HTTP/1.1 {status} X\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n{head}{extra}\r\n{body}",
                body.len()
            )
        };
        if stream.get_mut().write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

fn checksum(text: &str) -> u64 {
    text.bytes()
        .fold(14_695_981_039_346_656_037, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(1_099_511_628_211))
}

async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, HashMap<String, String>)> {
    let mut line = String::new();
    if stream.read_line(&mut line).await.ok()? == 0 {
        return None;
    }
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let line = line.trim_end();
        if line.is_empty() {
            return Some((path, headers));
        }
        let (name, value) = line.split_once(':')?;
        headers.insert(name.to_lowercase(), value.trim().to_owned());
    }
}
