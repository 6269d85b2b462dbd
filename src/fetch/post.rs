//! The one thing that is sent: a small form, to a service that the operator named (a WebSub hub).

use url::Url;
use url::form_urlencoded::Serializer;

use super::error::FetchError;
use super::fetcher::Fetcher;

impl Fetcher {
    /// Posts form fields behind the same address guard as every fetch. Any 2xx answer is a success; redirects are not
    /// followed.
    ///
    /// # Errors
    /// [`FetchError::Refused`] if the guard keeps the address off limits, else [`FetchError::Later`].
    pub(crate) async fn post(&self, url: &Url, fields: &[(&str, &str)]) -> Result<(), FetchError> {
        let form = Serializer::new(String::new()).extend_pairs(fields).finish();
        self.client.post(url, form).await.map_err(|trouble| trouble.of(url, url))
    }
}
