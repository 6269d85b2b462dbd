//! The real binary as a running daemon, for tests: its configuration in a folder of files, its log, what it tells systemd,
//! and portals that can change while it runs.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::os::unix::net::UnixDatagram;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

/// How long a test waits for what must come.
const DEADLINE: Duration = Duration::from_secs(60);

/// Waits until `look` gives something; what it waits for is named if it never comes.
pub async fn eventually<T>(what: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + DEADLINE;
    let mut every = tokio::time::interval(Duration::from_millis(25));
    loop {
        every.tick().await;
        if let Some(found) = look().await {
            return found;
        }
        assert!(Instant::now() < end, "{what}: not within {DEADLINE:?}");
    }
}

/// A portal with a feed and its articles.
pub struct FeedPortal {
    pub server: MockServer,
    name: String,
}

impl FeedPortal {
    /// A portal with so many articles; `name` stands in their words.
    pub async fn new(name: &str, articles: usize) -> Self {
        let portal = Self { server: MockServer::start().await, name: name.to_owned() };
        portal.show(articles).await;
        portal
    }

    /// Shows so many articles and nothing else.
    pub async fn show(&self, articles: usize) {
        self.server.reset().await;
        self.mount(articles, None).await;
    }

    /// The same; article pages come after a delay.
    pub async fn show_slowly(&self, articles: usize, delay: Duration) {
        self.server.reset().await;
        self.mount(articles, Some(delay)).await;
    }

    /// Answers every request with a status.
    pub async fn fail(&self, status: u16) {
        self.server.reset().await;
        Mock::given(method("GET")).respond_with(ResponseTemplate::new(status)).mount(&self.server).await;
    }

    async fn mount(&self, articles: usize, delay: Option<Duration>) {
        let base = self.server.uri();
        let mut items = String::new();
        for n in 1..=articles {
            let title = self.title(n);
            write!(items, "<item><title>{title}</title><link>{base}/tin-{n}</link></item>").expect("a text");
            let page = ResponseTemplate::new(200).set_body_raw(self.page(n), "text/html; charset=utf-8");
            let page = delay.map_or(page.clone(), |delay| page.set_delay(delay));
            Mock::given(method("GET"))
                .and(path(format!("/tin-{n}")))
                .respond_with(page)
                .mount(&self.server)
                .await;
        }
        let feed = format!("<rss version=\"2.0\"><channel><title>x</title>{items}</channel></rss>");
        let feed = ResponseTemplate::new(200).set_body_raw(feed, "application/rss+xml");
        Mock::given(method("GET")).and(path("/feed/")).respond_with(feed).mount(&self.server).await;
    }

    pub fn title(&self, n: usize) -> String {
        let what = ["trường học", "bệnh viện", "cầu vượt", "bến tàu", "thư viện"][n % 5];
        let place = ["Hồng Bàng", "Cát Bà", "Kiến An", "Vĩnh Bảo", "Tiên Lãng", "An Lão"][n % 6];
        format!("Khánh thành {what} số {n} tại {place} của {}", self.name)
    }

    fn page(&self, n: usize) -> String {
        let (title, name) = (self.title(n), &self.name);
        let text: String = (1..=4)
            .map(|k| {
                let (crew, area) = (n * 7 + k * 3 + name.len(), n * 31 + k * name.len());
                format!(
                    "<p>Đoạn {k} của {name} kể về {title}: đội xây dựng số {crew} đã hoàn tất {area} mét vuông sàn, \
                     sớm hơn {n} ngày so với kế hoạch của {name}, và bàn giao cho phường quản lý.</p>"
                )
            })
            .collect();
        format!(
            "<html><head><title>{title}</title></head><body><h1>{title}</h1><p>03/07/2024 16:{:02}</p>{text}</body></html>",
            n % 60
        )
    }

    /// The `User-Agent` of every request so far that had one.
    pub async fn user_agents(&self) -> Vec<String> {
        let requests = self.server.received_requests().await.unwrap_or_default();
        let agent =
            |request: &wiremock::Request| Some(request.headers.get("user-agent")?.to_str().ok()?.to_owned());
        requests.iter().filter_map(agent).collect()
    }

    /// How often a path was asked for.
    pub async fn asked(&self, wanted: &str) -> usize {
        let requests = self.server.received_requests().await.unwrap_or_default();
        requests.iter().filter(|request| request.url.path() == wanted).count()
    }
}

/// The configuration of a daemon.
pub struct Place {
    pub folder: TempDir,
}

impl Place {
    /// Without a source; `lines` stand in the main file, tables last.
    pub fn new(lines: &str) -> Self {
        let place = Self { folder: tempfile::tempdir().expect("a folder") };
        std::fs::create_dir(place.path("sources")).expect("a folder");
        place.write_main(lines);
        place
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write_main(&self, lines: &str) {
        let listen = if lines.contains("listen =") { "" } else { "listen = \"127.0.0.1:0\"\n" };
        let state = if lines.contains("state_dir =") { "" } else { "state_dir = \"state\"\n" };
        let fetch = "gap = \"0s\"\nallow_private = [\"127.0.0.0/8\"]\n";
        let fetch = if lines.contains("[fetch]\n") {
            lines.replace("[fetch]\n", &format!("[fetch]\n{fetch}"))
        } else {
            format!("{lines}\n[fetch]\n{fetch}")
        };
        let main = format!("{listen}{state}sources = \"sources/*.toml\"\n{fetch}");
        std::fs::write(self.path("tinsach.toml"), main).expect("written");
    }

    /// Writes the file of a source that is followed by its feed.
    pub fn write_source(&self, id: &str, portal: &FeedPortal, lines: &str) {
        self.write_source_file(id, id, portal, lines);
    }

    pub fn write_source_file(&self, file: &str, id: &str, portal: &FeedPortal, lines: &str) {
        let title =
            if lines.contains("title =") { String::new() } else { format!("title = \"Cổng {id}\"\n") };
        let every = if lines.contains("every =") { "" } else { "every = { min = \"1s\", max = \"2s\" }\n" };
        let text = format!(
            "id = \"{id}\"\n{title}home = \"{}/\"\nlanguage = \"vi\"\ntimezone = \"Asia/Ho_Chi_Minh\"\n{every}{lines}\n\
             [discover]\nwp_json = false\nsitemap = false\nfeeds = [\"/feed/\"]\nlistings = false\n",
            portal.server.uri()
        );
        std::fs::write(self.source(file), text).expect("written");
    }

    pub fn source(&self, file: &str) -> PathBuf {
        self.path(&format!("sources/{file}.toml"))
    }
}

/// A running daemon; it is killed at the end of the test.
pub struct Running {
    child: Child,
    log: Arc<Mutex<String>>,
    /// Everything that systemd was told. It is heard all the time, as the daemon waits where systemd does not listen.
    heard: Arc<Mutex<Vec<String>>>,
    /// How much of it a test has looked at.
    seen: Mutex<usize>,
    /// Where it listens.
    pub address: String,
    client: reqwest::Client,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

impl Running {
    /// Starts it and waits until it is ready.
    pub async fn start(place: &Place) -> Self {
        Self::start_with(place, |command| command).await
    }

    pub async fn start_with(place: &Place, change: impl Fn(&mut Command) -> &mut Command) -> Self {
        let path = place.path("notify");
        std::fs::remove_file(&path).ok();
        let notify = UnixDatagram::bind(&path).expect("a socket");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let into_heard = Arc::clone(&heard);
        std::thread::spawn(move || hear(&notify, &into_heard));
        let mut command = Command::new(env!("CARGO_BIN_EXE_tinsach"));
        command
            .env_clear()
            .env("NOTIFY_SOCKET", path)
            .arg("-c")
            .arg(place.path("tinsach.toml"))
            .arg("run")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = change(&mut command).spawn().expect("the binary");
        let stderr = child.stderr.take().expect("stderr");
        let log = Arc::new(Mutex::new(String::new()));
        let into = Arc::clone(&log);
        std::thread::spawn(move || read_into(stderr, &into));
        let client = reqwest::Client::builder().no_proxy().build().expect("a client");
        let mut running = Self { child, log, heard, seen: Mutex::default(), address: String::new(), client };
        let line = running.logged("listening on ").await;
        let listening = line.split("listening on ").nth(1).expect("a place");
        running.address = listening.split([',', ' ']).next().expect("an address").to_owned();
        running.notified("READY=1").await;
        running
    }

    pub fn log(&self) -> String {
        self.log.lock().expect("whole").clone()
    }

    /// The first line of the log that holds `word`, when it is there.
    pub async fn logged(&self, word: &str) -> String {
        let look = async || self.log().lines().find(|line| line.contains(word)).map(str::to_owned);
        let end = Instant::now() + DEADLINE;
        loop {
            if let Some(line) = look().await {
                return line;
            }
            assert!(Instant::now() < end, "{word:?} was not told:\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// What systemd was told since this was last called.
    pub fn notifications(&self) -> Vec<String> {
        let (heard, mut seen) = (self.heard.lock().expect("whole"), self.seen.lock().expect("whole"));
        let from = std::mem::replace(&mut *seen, heard.len());
        heard[from..].to_vec()
    }

    /// What `systemctl status` would show now.
    pub fn status(&self) -> String {
        let heard = self.heard.lock().expect("whole");
        let status = heard.iter().rev().find_map(|told| told.strip_prefix("STATUS="));
        status.unwrap_or_default().to_owned()
    }

    /// Waits until systemd is told this; what was told until then.
    pub async fn notified(&self, wanted: &str) -> Vec<String> {
        let mut heard = Vec::new();
        eventually(wanted, async || {
            heard.extend(self.notifications());
            heard.iter().any(|told| told.contains(wanted)).then_some(())
        })
        .await;
        heard
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("a process");
    }

    /// Asks for a reload and waits until systemd is told that it is over.
    pub async fn reload(&self) {
        self.notifications();
        self.signal(Signal::HUP);
        let mut heard = Vec::new();
        eventually("the end of the reload", async || {
            heard.extend(self.notifications());
            let begun = heard.iter().position(|told| told.contains("RELOADING=1"))?;
            heard[begun..].iter().any(|told| told.contains("READY=1")).then_some(())
        })
        .await;
    }

    /// Status and body.
    pub async fn ask(&self, path: &str) -> (u16, String) {
        let answer =
            self.client.get(format!("http://{}{path}", self.address)).send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("a body"))
    }

    pub async fn request(
        &self,
        request: impl FnOnce(&reqwest::Client, String) -> reqwest::RequestBuilder,
        path: &str,
    ) -> reqwest::Response {
        request(&self.client, format!("http://{}{path}", self.address)).send().await.expect("an answer")
    }

    /// The body of what must be there.
    pub async fn get(&self, path: &str) -> String {
        let (status, body) = self.ask(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    pub async fn health(&self) -> Value {
        serde_json::from_str(&self.ask("/health").await.1).expect("JSON")
    }

    /// Ids and titles of a feed's entries.
    pub async fn entries(&self, feed: &str) -> Vec<(String, String)> {
        let feed: Value = serde_json::from_str(&self.get(&format!("/{feed}.json")).await).expect("JSON");
        let text = |item: &Value, key: &str| item[key].as_str().unwrap_or_default().to_owned();
        let items = feed["items"].as_array().expect("items").iter();
        items.map(|item| (text(item, "id"), text(item, "title"))).collect()
    }

    /// Waits until a feed has so many entries, and gives them, sorted.
    pub async fn has_entries(&self, feed: &str, count: usize) -> Vec<(String, String)> {
        let end = Instant::now() + DEADLINE;
        loop {
            let mut entries = self.entries(feed).await;
            if entries.len() == count {
                entries.sort();
                return entries;
            }
            assert!(Instant::now() < end, "{feed} has {entries:?}, not {count}\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }

    /// Ends it in order.
    pub fn stop(&mut self) -> ExitStatus {
        self.signal(Signal::TERM);
        self.child.wait().expect("an end")
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("a process")
    }

    fn proc(&self, name: &str) -> PathBuf {
        Path::new("/proc").join(self.child.id().to_string()).join(name)
    }

    /// Open descriptors, threads.
    pub fn holds(&self) -> (usize, usize) {
        let count = |name| std::fs::read_dir(self.proc(name)).expect("proc").count();
        (count("fd"), count("task"))
    }

    /// Resident memory, in bytes.
    pub fn memory(&self) -> usize {
        let status = std::fs::read_to_string(self.proc("status")).expect("proc");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
        let number = line.split_whitespace().next().expect("a number");
        number.parse::<usize>().expect("a number") * 1024
    }
}

fn read_into(stderr: impl std::io::Read, log: &Mutex<String>) {
    for line in BufReader::new(stderr).lines() {
        let Ok(line) = line else { return };
        let mut log = log.lock().expect("whole");
        log.push_str(&line);
        log.push('\n');
    }
}

fn hear(socket: &UnixDatagram, heard: &Mutex<Vec<String>>) {
    let mut buffer = [0; 4096];
    while let Ok(length) = socket.recv(&mut buffer) {
        heard.lock().expect("whole").push(String::from_utf8_lossy(&buffer[..length]).into_owned());
    }
}
