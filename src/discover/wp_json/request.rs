//! Requests to the WordPress API.

use jiff::Timestamp;
use url::Url;

use super::MAX_PER_PAGE;

/// The fields that are read; asking for them alone saves the server most of its work. Of the content only whether a
/// password protects it: the article's own page is read anyway. WordPress knows such inner fields since 5.3, and earlier
/// ones leave them out.
const FIELDS: &str = "id,date,date_gmt,modified,modified_gmt,link,guid,status,type,title,content.protected,categories,\
                      _links,_embedded";

/// Where the API of a portal usually is, when the portal does not say: pretty, and for portals without pretty addresses.
pub fn roots(home: &Url) -> Vec<Url> {
    ["wp-json/", "?rest_route=/"].iter().filter_map(|root| home.join(root).ok()).collect()
}

/// A request for posts, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    root: Url,
    per_page: u32,
    page: u32,
    modified_after: Option<Timestamp>,
}

impl Request {
    /// The first page of posts of the API at `root` (`…/wp-json/` or `…/?rest_route=/`), `per_page` of them, 1 to
    /// [`MAX_PER_PAGE`].
    pub fn first_page(root: &Url, per_page: u32) -> Self {
        Self { root: root.clone(), per_page: per_page.clamp(1, MAX_PER_PAGE), page: 1, modified_after: None }
    }

    /// The same request for another page, from 1.
    #[must_use]
    pub fn page(mut self, page: u32) -> Self {
        self.page = page.max(1);
        self
    }

    /// Only posts that were published or changed after a moment, latest change first. Portals before WordPress 5.7
    /// leave it unheeded and answer with all posts.
    #[must_use]
    pub fn modified_after(mut self, moment: Timestamp) -> Self {
        self.modified_after = Some(moment);
        self
    }

    /// The address to ask.
    pub fn url(&self) -> Url {
        let mut url = route(&self.root, "wp/v2/posts");
        {
            let mut query = url.query_pairs_mut();
            query.append_pair("per_page", &self.per_page.to_string());
            if self.page > 1 {
                query.append_pair("page", &self.page.to_string());
            }
            if let Some(moment) = self.modified_after {
                // With its Z the moment is read as UTC; without, as local to the site.
                query.append_pair("modified_after", &moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
                query.append_pair("orderby", "modified");
            }
            query.append_pair("_fields", FIELDS).append_pair("_embed", "author,wp:term");
        }
        url
    }

    /// The address that gives the names of the categories, a page of them.
    pub fn categories(root: &Url, page: u32) -> Url {
        let mut url = route(root, "wp/v2/categories");
        let mut query = url.query_pairs_mut();
        query.append_pair("per_page", &MAX_PER_PAGE.to_string());
        if page > 1 {
            query.append_pair("page", &page.to_string());
        }
        query.append_pair("_fields", "id,name,slug,link");
        drop(query);
        url
    }
}

/// A route of the API: below its path, or in `rest_route` where the API is addressed so.
fn route(root: &Url, route: &str) -> Url {
    let mut url = root.clone();
    url.set_fragment(None);
    let pairs: Vec<(String, String)> = root.query_pairs().into_owned().collect();
    if let Some((_, base)) = pairs.iter().find(|(name, _)| name == "rest_route") {
        let full = format!("{}/{route}", base.trim_end_matches('/'));
        url.query_pairs_mut().clear().append_pair("rest_route", &full);
        let others = pairs.iter().filter(|(name, _)| name != "rest_route");
        for (name, value) in others {
            url.query_pairs_mut().append_pair(name, value);
        }
        return url;
    }
    url.set_path(&format!("{}/{route}", root.path().trim_end_matches('/')));
    url
}
