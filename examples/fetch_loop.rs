//! Fetches addresses in a bare loop: what a first visit is measured against.
//!
//! `cargo run --release --example fetch_loop -- FILE CONNECTIONS`: FILE holds one address a line. Every body is read to
//! its end and dropped. Prints how many were fetched, how many bytes they had, and the seconds it took.

use std::time::Instant;

use anyhow::Context as _;
use futures_util::{StreamExt, TryStreamExt};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments.next().context("the first argument is a file of addresses")?;
    let connections = arguments.next().context("the second argument is a number of connections")?.parse()?;
    let addresses = std::fs::read_to_string(&file).with_context(|| file.clone())?;
    let client = reqwest::Client::new();
    let began = Instant::now();
    let sizes: Vec<usize> = futures_util::stream::iter(addresses.lines().map(str::to_owned))
        .map(|address| {
            let client = client.clone();
            async move {
                let answer = client.get(&address).send().await?.error_for_status()?;
                anyhow::Ok(answer.bytes().await?.len())
            }
        })
        .buffered(connections)
        .try_collect()
        .await?;
    let bytes: usize = sizes.iter().sum();
    println!("{} fetched, {bytes} bytes, {:.3} s", sizes.len(), began.elapsed().as_secs_f64());
    Ok(())
}
