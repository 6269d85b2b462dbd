//! Serving on Unix sockets: the same answers, the same patience.

use std::os::unix::net::UnixListener;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio_util::sync::CancellationToken;

use super::{World, assert_gives_up, several};

#[tokio::test]
async fn a_unix_socket_gives_the_same_answers_as_a_port() {
    let mut articles = several("haiphong", 1..30);
    for article in &mut articles {
        article.html = format!("<p>{}</p>", article.text).repeat(200);
    }
    let world = World::with(&articles).await;
    let path = world.folder.path().join("http.sock");
    let listener = UnixListener::bind(&path).expect("a socket");
    let stop = CancellationToken::new();
    let server = crate::serve::start(vec![listener], &world.site, &stop).expect("a server");
    let expected = world.get("/haiphong.atom").await.body;
    assert!(expected.len() > 2 * crate::serve::sendfile::MIN_SENDFILE_BYTES, "{} bytes", expected.len());
    let mut stream = UnixStream::connect(&path).await.expect("a connection");
    // One answer from memory or file, and another on the same connection.
    let one = b"GET /haiphong.atom HTTP/1.1\r\nHost: x\r\n\r\n".to_vec();
    let last = b"GET /haiphong.atom HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".to_vec();
    stream.write_all(&[one, last].concat()).await.expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).await.expect("answers");
    assert_eq!(bytes.windows(expected.len()).filter(|window| *window == expected).count(), 2);
    stop.cancel();
    server.ended().await.expect("an orderly end");
}

#[tokio::test]
async fn a_client_of_a_unix_socket_that_reads_nothing_is_let_go() {
    let (client, server) = UnixStream::pair().expect("sockets");
    assert_gives_up(server).await;
    drop(client);
}

#[tokio::test]
async fn a_client_that_goes_in_the_middle_of_a_request_harms_nobody() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let path = world.folder.path().join("http.sock");
    let listener = UnixListener::bind(&path).expect("a socket");
    let stop = CancellationToken::new();
    let _server = crate::serve::start(vec![listener], &world.site, &stop).expect("a server");
    for half in ["", "GET /haiphong.atom HT", "\0\0\0", "GET /haiphong.atom HTTP/1.1\r\nHost: x\r\n\r\n"] {
        let mut stream = UnixStream::connect(&path).await.expect("a connection");
        stream.write_all(half.as_bytes()).await.expect("sent");
    }
    let mut stream = UnixStream::connect(&path).await.expect("a connection");
    let request = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    stream.write_all(request).await.expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    stop.cancel();
}

#[tokio::test]
async fn a_client_that_connected_just_before_a_stop_gets_its_answer() {
    let world = World::with(&several("haiphong", 1..4)).await;
    let path = world.folder.path().join("http.sock");
    let listener = UnixListener::bind(&path).expect("a socket");
    let stop = CancellationToken::new();
    let server = crate::serve::start(vec![listener], &world.site, &stop).expect("a server");
    // A first exchange tells that the second connection, which waits behind it, was accepted.
    let mut late = UnixStream::connect(&path).await.expect("a connection");
    let mut other = UnixStream::connect(&path).await.expect("a connection");
    let request = b"GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    other.write_all(request).await.expect("sent");
    other.read_to_end(&mut Vec::new()).await.expect("an answer");
    stop.cancel();
    late.write_all(request).await.expect("sent");
    let mut answer = String::new();
    late.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer:?}");
    server.ended().await.expect("an orderly end");
}
