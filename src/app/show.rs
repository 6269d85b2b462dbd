//! The demonstration: the tiny portal, a tinsach that follows it, and what comes out, on two free ports.

use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, anyhow};
use ipnet::IpNet;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use super::{AppContext, demo};
use crate::config::{self, Config, Environment};
use crate::ops::signals;
use crate::pipeline::{Extent, Report, Silent};
use crate::serve::{self, Server};
use crate::store::Scope;

/// The demonstration's portal is on this machine.
const LOOPBACK: IpNet = IpNet::new_assert(IpAddr::V4(Ipv4Addr::new(127, 0, 0, 0)), 8);

/// A running demonstration. Its state is in a temporary folder that goes with it.
pub struct Demo {
    pub portal: String,
    /// Where the clean feed and pages are.
    pub public: String,
    pub report: Report,
    /// The newest article as text, for the terminal.
    pub excerpt: String,
    context: std::sync::Arc<AppContext>,
    stop: CancellationToken,
    server: Server,
    portal_task: JoinHandle<std::io::Result<()>>,
    _state: TempDir,
}

impl Demo {
    /// Starts the portal, visits it once, and serves what was found.
    ///
    /// # Errors
    /// If no port or no temporary folder is to be had.
    pub async fn start() -> anyhow::Result<Self> {
        let portal = TcpListener::bind("127.0.0.1:0").await.context("no free port for the portal")?;
        let public = std::net::TcpListener::bind("127.0.0.1:0").context("no free port for the server")?;
        let state = tempfile::tempdir().context("no temporary folder")?;
        let portal_url = format!("http://{}/", portal.local_addr()?);
        let public_url = format!("http://{}/", public.local_addr()?);
        let config = configuration(&portal_url, &public_url, state.path())?;
        let portal_task = tokio::spawn(demo::serve(portal));
        let stop = CancellationToken::new();
        let context = AppContext::open(config).await?;
        let source = &context.config.sources[0];
        let report = context.pipeline.visit(source, Extent::Everything, &Silent, &stop).await?;
        context.site.load().await?;
        let server = serve::start(vec![public], &context.site, &stop).context("cannot serve")?;
        let newest = context.pipeline.store.newest(&Scope::Source(source.id.clone()), 1).await?;
        let zone = source.time_zone.clone();
        let excerpt = newest.first().map(|stored| {
            let article = &stored.article;
            let when = article.published.to_zoned_datetime(zone).strftime("%d/%m/%Y %H:%M");
            format!("{}\n{when} · {}\n\n{}", article.title, article.authors.join(", "), article.text)
        });
        let excerpt = excerpt.unwrap_or_default();
        Ok(Self {
            portal: portal_url,
            public: public_url,
            report,
            excerpt,
            context,
            stop,
            server,
            portal_task,
            _state: state,
        })
    }

    /// Serves until TERM or INT, then ends in order.
    ///
    /// # Errors
    /// If signals cannot be heard or the store cannot be closed.
    pub async fn until_stopped(self) -> anyhow::Result<()> {
        signals::cancel_on_stop(self.stop.clone()).context("cannot hear signals")?;
        self.server.ended().await.context("the server broke down")?;
        self.portal_task.abort();
        self.context.close().await
    }
}

/// The built-in configuration with its source's home at the demonstration's portal: since every URL of a source is
/// relative to its home, nothing else has to change.
fn configuration(portal: &str, public: &str, state: &Path) -> anyhow::Result<Config> {
    let broken = |faults| anyhow!("the built-in configuration is broken: {faults}");
    let environment = Environment { state_directory: Some(state.into()), ..Environment::default() };
    let mut config = config::load(None, &environment).map_err(broken)?;
    let source = config.sources.first().context("the built-in configuration has no source")?;
    let built_in = config::source_toml(source);
    let moved = built_in.lines().map(|line| match line.starts_with("home = ") {
        true => format!("home = {portal:?}\n"),
        false => format!("{line}\n"),
    });
    config.sources =
        vec![config::read_source(Path::new("haiphong.toml"), &moved.collect::<String>()).map_err(broken)?];
    config.public_url = public.parse().context("our own address is no URL")?;
    config.fetch.gap = Duration::ZERO;
    config.fetch.allow_private = vec![LOOPBACK];
    Ok(config)
}
