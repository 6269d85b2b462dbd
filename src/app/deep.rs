//! A look at everything in the state folder: for `tinsach check --deep`.

use crate::config::Config;
use crate::serve;
use crate::store::Store;

/// Looks at the database and the finished feeds, also beside a daemon; answers what is wrong, in words.
///
/// # Errors
/// If the database cannot be opened.
pub async fn deep(config: &Config) -> anyhow::Result<Vec<String>> {
    let store = Store::look(&config.state_dir).await?;
    let found = store.inspect().await;
    store.close().await?;
    let mut found = found?;
    let editions = serve::unreadable_editions(&config.state_dir);
    found.extend(
        editions
            .into_iter()
            .map(|(name, fault)| format!("the finished feed {name}: {fault}; the next start makes it anew")),
    );
    Ok(found)
}
