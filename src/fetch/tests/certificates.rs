//! What is trusted: the system's certificates, those inside the binary where it has none, and those that a source names
//! besides, for its own hosts. Real handshakes with servers whose certificates are made for the test.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

use super::*;
use crate::config::{self, Environment, SiteTrust};

type Issuer = CertifiedIssuer<'static, KeyPair>;

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params
}

fn key() -> KeyPair {
    KeyPair::generate().expect("a key")
}

fn root(name: &str) -> Issuer {
    CertifiedIssuer::self_signed(authority(name), key()).expect("a root")
}

fn intermediate(root: &Issuer) -> Issuer {
    CertifiedIssuer::signed_by(authority("An intermediate"), key(), root).expect("an intermediate")
}

/// The certificate of a server on this machine.
fn leaf_params() -> CertificateParams {
    CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("names")
}

struct Server {
    /// Its port on `localhost` and `127.0.0.1`.
    port: u16,
    task: JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// A server that shows these certificates, its own first, and answers each request with a page.
    async fn showing(chain: &[&Certificate], key: &KeyPair) -> Self {
        let chain =
            chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec())).collect();
        let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
        let tls = ServerConfig::builder().with_no_client_auth().with_single_cert(chain, key);
        let acceptor = TlsAcceptor::from(Arc::new(tls.expect("a key that fits")));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let acceptor = acceptor.clone();
                // A client that does not trust us hangs up, which is what the tests are about.
                tokio::spawn(async move { answer(acceptor.accept(stream).await?).await });
            }
        });
        Self { port, task }
    }

    /// One whose certificate this issuer made, and which shows it and these others.
    async fn of(issuer: &Issuer, others: &[&Certificate]) -> Self {
        Self::with(leaf_params(), issuer, others).await
    }

    async fn with(params: CertificateParams, issuer: &Issuer, others: &[&Certificate]) -> Self {
        let key = key();
        let leaf = params.signed_by(&key, issuer).expect("a certificate");
        Self::showing(&[&[&leaf], others].concat(), &key).await
    }

    fn url(&self, host: &str) -> Url {
        url(&format!("https://{host}:{}/a.html", self.port))
    }

    /// Asks under a name with a fetcher that trusts these for that name.
    async fn ask(&self, host: &str, trusted: &[&Certificate]) -> Result<(), FetchError> {
        let trust = vec![self.trust(host, trusted)];
        ask(&with(FetchConfig { trust, ..config() }), &self.url(host)).await
    }

    fn trust(&self, host: &str, trusted: &[&Certificate]) -> SiteTrust {
        let certificates = trusted.iter().map(|certificate| certificate.der().to_vec()).collect();
        SiteTrust { sites: vec![format!("{host}:{}", self.port)], certificates }
    }
}

async fn answer(mut stream: tokio_rustls::server::TlsStream<tokio::net::TcpStream>) -> std::io::Result<()> {
    let mut head = [0; 4096];
    let length = stream.read(&mut head).await?;
    let robots = head[..length].starts_with(b"GET /robots.txt");
    let (status, body) = if robots { (404, "") } else { (200, "<p>tin") };
    let length = body.len();
    let head = format!("HTTP/1.1 {status} x\r\nContent-Type: text/html\r\nContent-Length: {length}\r\n");
    stream.write_all(format!("{head}Connection: close\r\n\r\n{body}").as_bytes()).await?;
    stream.shutdown().await
}

async fn ask(fetcher: &Fetcher, asked: &Url) -> Result<(), FetchError> {
    fetcher.page(&Request::page(asked.clone())).await.map(drop)
}

fn is_untrusted(outcome: Result<(), FetchError>, why: &str) {
    let error = outcome.expect_err("not trusted");
    assert_eq!(error.cause(), Cause::Tls, "{error}");
    let said = error.to_string();
    assert!(said.starts_with("the certificate is not trusted: ") && said.contains(why), "{said}");
}

#[tokio::test]
async fn what_nobody_vouches_for_is_not_trusted_and_the_message_says_how_to_mend_it() {
    let root = root("A root");
    let server = Server::of(&root, &[]).await;
    is_untrusted(ask(&fetcher(), &server.url("localhost")).await, "extra_ca");
    let other = self::root("Another root");
    is_untrusted(server.ask("localhost", &[other.as_ref()]).await, "extra_ca");
    let namesake = self::root("A root");
    is_untrusted(
        server.ask("localhost", &[namesake.as_ref()]).await,
        "its signature is not that of the issuer",
    );
}

#[tokio::test]
async fn a_root_that_a_source_names_is_trusted() {
    let root = root("A root");
    let server = Server::of(&root, &[]).await;
    server.ask("localhost", &[root.as_ref()]).await.expect("a page");
    server.ask("127.0.0.1", &[root.as_ref()]).await.expect("a page, of an address, too");
    let intermediate = intermediate(&root);
    let server = Server::of(&intermediate, &[intermediate.as_ref()]).await;
    server.ask("localhost", &[root.as_ref()]).await.expect("a page of a server that shows its chain");
}

#[tokio::test]
async fn a_chain_that_a_server_leaves_incomplete_is_made_whole() {
    let root = root("A root");
    let intermediate = intermediate(&root);
    let server = Server::of(&intermediate, &[]).await;
    is_untrusted(
        server.ask("localhost", &[root.as_ref()]).await,
        "leaves out a certificate of the chain; extra_ca",
    );
    server.ask("localhost", &[intermediate.as_ref()]).await.expect("a page");
    server.ask("localhost", &[root.as_ref(), intermediate.as_ref()]).await.expect("a page");
}

#[tokio::test]
async fn a_certificate_that_is_its_own_issuer_is_trusted_if_named() {
    let key = key();
    let own = leaf_params().self_signed(&key).expect("a certificate");
    let server = Server::showing(&[&own], &key).await;
    is_untrusted(ask(&fetcher(), &server.url("localhost")).await, "extra_ca");
    server.ask("localhost", &[&own]).await.expect("a page");
}

#[tokio::test]
async fn a_certificate_is_trusted_for_the_hosts_of_its_source_alone() {
    let (one, two) = (root("One"), root("Two"));
    let (first, second) = (Server::of(&one, &[]).await, Server::of(&two, &[]).await);
    let trust = vec![first.trust("localhost", &[one.as_ref()]), second.trust("localhost", &[two.as_ref()])];
    let fetcher = with(FetchConfig { trust, ..config() });
    ask(&fetcher, &first.url("localhost")).await.expect("a page");
    ask(&fetcher, &second.url("localhost")).await.expect("a page");
    is_untrusted(ask(&fetcher, &first.url("127.0.0.1")).await, "extra_ca");
    let crossed = vec![first.trust("localhost", &[two.as_ref()]), second.trust("localhost", &[one.as_ref()])];
    let fetcher = with(FetchConfig { trust: crossed, ..config() });
    is_untrusted(ask(&fetcher, &first.url("localhost")).await, "extra_ca");
    is_untrusted(ask(&fetcher, &second.url("localhost")).await, "extra_ca");
}

#[tokio::test]
async fn sources_of_one_host_trust_what_any_of_them_names() {
    let (one, two) = (root("One"), root("Two"));
    let server = Server::of(&one, &[]).await;
    let trust = vec![server.trust("localhost", &[two.as_ref()]), server.trust("localhost", &[one.as_ref()])];
    let fetcher = with(FetchConfig { trust, ..config() });
    ask(&fetcher, &server.url("localhost")).await.expect("a page");
}

#[tokio::test]
async fn what_is_trusted_has_to_be_right_all_the_same() {
    let root = root("A root");
    let year = |from: i32, to: i32| {
        let mut params = leaf_params();
        (params.not_before, params.not_after) = (date_time_ymd(from, 1, 2), date_time_ymd(to, 3, 4));
        params
    };
    let names = |all: &[&str]| {
        CertificateParams::new(all.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>()).expect("names")
    };
    let four = ["a.example", "b.example", "c.example", "d.example"];
    for (params, why) in [
        (year(2019, 2020), "it expired on 2020-03-04"),
        (year(3000, 3001), "it is not valid before 3000-01-02"),
        (names(&["khac.example"]), "it is for khac.example"),
        (names(&["1.2.3.4"]), "it is for 1.2.3.4 ("),
        (names(&four), "it is for a.example, b.example, c.example and others"),
    ] {
        let server = Server::with(params, &root, &[]).await;
        is_untrusted(server.ask("localhost", &[root.as_ref()]).await, why);
    }
}

/// Writes a main file with one source that is followed under `home`, and the PEM file that it names.
fn configured(folder: &Path, home: &Url, pem: &str) -> config::Config {
    let source = format!(
        "id = \"a\"\ntitle = \"A\"\nhome = \"{home}\"\nlanguage = \"vi\"\ntimezone = \"UTC\"\nextra_ca = \"ca/a.pem\"\n"
    );
    std::fs::create_dir_all(folder.join("sources/ca")).expect("a folder");
    std::fs::write(folder.join("sources/a.toml"), source).expect("room");
    std::fs::write(folder.join("sources/ca/a.pem"), pem).expect("room");
    let main = folder.join("tinsach.toml");
    std::fs::write(
        &main,
        "state_dir = \"state\"\n[fetch]\ngap = \"0s\"\nallow_private = [\"127.0.0.0/8\"]\n",
    )
    .expect("room");
    config::load(Some(&main), &Environment::default()).expect("no fault")
}

#[tokio::test]
async fn the_file_that_a_source_names_is_what_the_fetcher_trusts() {
    let root = root("A root");
    let (server, folder) = (Server::of(&root, &[]).await, tempfile::tempdir().expect("a folder"));
    // Further text in the file, and further certificates, are allowed.
    let pem = format!("Our root:\n{}\n{}", root.pem(), self::root("Another").pem());
    let config = configured(folder.path(), &server.url("localhost"), &pem);
    let fetcher = Fetcher::new(&config.fetch).expect("a fetcher");
    ask(&fetcher, &server.url("localhost")).await.expect("a page");
    is_untrusted(ask(&fetcher, &server.url("127.0.0.1")).await, "extra_ca");
}

#[tokio::test]
async fn a_redirect_does_not_carry_trust_to_another_host() {
    let root = root("A root");
    let server = Server::of(&root, &[]).await;
    let to = server.url("127.0.0.1");
    let away = ResponseTemplate::new(302).insert_header("location", to.as_str());
    let (_portal, asked) = portal(away).await;
    let trust = vec![SiteTrust {
        sites: vec![asked.authority().to_owned()],
        ..server.trust("localhost", &[root.as_ref()])
    }];
    let error = ask(&with(FetchConfig { trust, ..config() }), &asked).await.expect_err("not trusted");
    assert_eq!(error.cause(), Cause::Tls, "{error}");
}

/// Where the system's certificates are is said by the environment, which is one for the whole process: a test runs
/// itself again with another. Answers whether this is that other process.
fn is_again(name: &str, variables: &[(&str, &Path)]) -> bool {
    const MARK: &str = "TINSACH_TEST_AGAIN";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let test = std::env::current_exe().expect("this test");
    let mut again = Command::new(test);
    again.args([&format!("fetch::tests::certificates::{name}"), "--exact"]).env(MARK, "1");
    again.env_remove("SSL_CERT_FILE").env_remove("SSL_CERT_DIR").envs(variables.iter().copied());
    let output = again.output().expect("a process");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && said.contains("1 passed"), "{variables:?}: {said}");
    false
}

#[test]
fn what_a_source_names_stands_beside_the_usual_certificates_and_not_for_them() {
    let root = root("A root");
    let besides = [root.der().as_ref()].into();
    let number =
        |has_system| super::super::clients::certificates(has_system, &besides).expect("certificates").len();
    assert_eq!(number(true), 1, "the system's are added by the client itself");
    assert_eq!(number(false), 1 + webpki_root_certs::TLS_SERVER_ROOT_CERTS.len());
}

/// In a process without certificates of the system's.
async fn without_system() {
    let guard = super::super::guard::Guard::new(&[]);
    super::super::clients::builder(&config(), &guard).build().expect_err("no certificates");
    let root = root("A root");
    let server = Server::of(&root, &[]).await;
    is_untrusted(ask(&fetcher(), &server.url("localhost")).await, "extra_ca");
    server.ask("localhost", &[root.as_ref()]).await.expect("a page");
}

#[tokio::test]
async fn a_system_without_certificates_gets_those_inside_the_binary() {
    let folder = tempfile::tempdir().expect("a folder");
    let (nothing, empty, words) =
        (folder.path().join("nothing"), folder.path().join("empty.pem"), folder.path().join("words.pem"));
    std::fs::create_dir(folder.path().join("empty")).expect("a folder");
    std::fs::write(&empty, "").expect("room");
    std::fs::write(&words, "no certificate").expect("room");
    let no_folder = folder.path().join("empty");
    for variables in [
        &[("SSL_CERT_FILE", nothing.as_path()), ("SSL_CERT_DIR", nothing.as_path())][..],
        &[("SSL_CERT_FILE", &nothing)],
        &[("SSL_CERT_FILE", &empty)],
        &[("SSL_CERT_FILE", &words)],
        &[("SSL_CERT_DIR", &no_folder)],
        &[("SSL_CERT_FILE", &empty), ("SSL_CERT_DIR", &no_folder)],
    ] {
        if is_again("a_system_without_certificates_gets_those_inside_the_binary", variables) {
            return without_system().await;
        }
    }
}

#[tokio::test]
async fn the_certificates_of_the_system_come_first() {
    const NAME: &str = "the_certificates_of_the_system_come_first";
    let folder = tempfile::tempdir().expect("a folder");
    let (file, key_file) = (folder.path().join("ca.pem"), folder.path().join("key.pem"));
    if std::env::var_os("TINSACH_TEST_AGAIN").is_none() {
        let root = root("The system's");
        std::fs::write(&file, root.pem()).expect("room");
        std::fs::write(&key_file, root.key().serialize_pem()).expect("room");
    }
    if is_again(NAME, &[("SSL_CERT_FILE", &file), ("TINSACH_TEST_KEY", &key_file)]) {
        let read = |name: &str| {
            std::fs::read_to_string(std::env::var_os(name).expect("a variable")).expect("a file")
        };
        let key = KeyPair::from_pem(&read("TINSACH_TEST_KEY")).expect("a key");
        let system = CertifiedIssuer::self_signed(authority("The system's"), key).expect("a root");
        let server = Server::of(&system, &[]).await;
        ask(&fetcher(), &server.url("localhost")).await.expect("a page");
        let other = root("Another");
        server.ask("localhost", &[other.as_ref()]).await.expect("besides, and not instead");
    }
}
