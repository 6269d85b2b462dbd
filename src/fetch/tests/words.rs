//! Messages for people: the cause first, the address once and short.

use super::*;

#[tokio::test]
async fn the_cause_comes_first_and_the_address_once() {
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "600");
    let (_server, asked) = portal(busy).await;
    let error = page(&asked).await.expect_err("an error");
    let host = asked.authority();
    let why = "the server answered 503; to be asked again in 10 min";
    assert_eq!((error.why(), error.to_string()), (why.to_owned(), format!("{why} ({host}/a.html)")));
    let (_server, asked) = portal(ResponseTemplate::new(404)).await;
    let error = page(&asked.join("#top").expect("a URL")).await.expect_err("an error");
    assert_eq!(error.to_string(), format!("the server answered 404 ({}/a.html)", asked.authority()));
    assert_eq!(error.url().fragment(), Some("top"), "the whole URL is there as well");
}

#[tokio::test]
async fn a_redirect_is_told_with_both_ends() {
    let away = ResponseTemplate::new(302).insert_header("location", "/b.html");
    let (_server, asked) = portal(away).await;
    let host = asked.authority();
    let error = page(&asked).await.expect_err("an error");
    assert_eq!(error.why(), format!("redirected to {host}/b.html: the server answered 404"));
    assert_eq!(
        error.to_string(),
        format!("redirected from {host}/a.html to {host}/b.html: the server answered 404")
    );
    assert_eq!(error.at().path(), "/b.html");
    let away = ResponseTemplate::new(302).insert_header("location", "http://10.0.0.1/cam");
    let (_server, asked) = portal(away).await;
    let error = page(&asked).await.expect_err("an error").to_string();
    let from = format!("redirected from {}/a.html to 10.0.0.1/cam: 10.0.0.1 is private", asked.authority());
    assert!(error.starts_with(&from), "{error}");
}

#[tokio::test]
async fn what_a_server_says_is_not_repeated_at_any_length() {
    let far = format!("https://b.vn/{}", "x".repeat(9000));
    for headers in [
        ("location", format!("ftp://a.vn/{}", "x".repeat(9000))),
        ("location", format!("http://[{}", "x".repeat(9000))),
        ("location", far),
    ] {
        let away = ResponseTemplate::new(302).insert_header(headers.0, headers.1.as_str());
        let (_server, asked) = portal(away).await;
        let error = page(&asked).await.expect_err("an error").to_string();
        assert!(error.chars().count() < 420, "{error}");
    }
    let odd = body("<p>", &format!("application/{}", "x".repeat(5000)));
    let (_server, asked) = portal(odd).await;
    let error = page(&asked).await.expect_err("an error").to_string();
    assert!(error.chars().count() < 420 && error.contains('…'), "{error}");
    assert!(error.ends_with(&format!("({}/a.html)", asked.authority())), "{error}");
}

#[tokio::test]
async fn a_long_address_is_shortened() {
    let server = MockServer::start().await;
    let asked = url(&format!("{}/tin-tuc/{}-12345.html", server.uri(), "khanh-thanh-".repeat(30)));
    let error = page(&asked).await.expect_err("an error");
    let said = error.to_string();
    assert!(said.chars().count() < 130, "{said}");
    assert!(said.contains(asked.authority()) && said.ends_with("-12345.html)"), "{said}");
    assert_eq!(error.url(), &asked);
}
