//! What a sitemap holds, by its name.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

/// Names of sitemaps without articles: WordPress core (`wp-sitemap-taxonomies-category-1.xml`, `-users-1`,
/// `-posts-page-1`), Yoast and Rank Math (`category-sitemap.xml`, `post_tag-sitemap.xml`, `page-sitemap1.xml`,
/// `author-sitemap.xml`), and what others call the same (`sitemap-chuyen-muc.xml`, `sitemap_images.xml`).
static WITHOUT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)
        wp-sitemap-(taxonomies|users|posts-(page|attachment|product|elementor_library))-
        | (^|[/_-]) (page|category|categories|post_tag|tag|author|attachment|product|product_cat|product_tag|post_format
            |local|e-landing-page|elementor_library|web-story|video|image) -sitemap\d*\.xml
        | sitemap[_-] (pages|categories|category|cat|cats|tags|tag|authors|author|users|user|taxonomy|taxonomies|taxonomy-
            |images|image|videos|video|chuyen-muc|chuyenmuc|danh-muc|danhmuc|chuyen-de|tac-gia|tu-khoa|misc|static|topics
            |topic|sections|section|menu) ([_-]?\d*)? \.xml
        | [/_-] (taxonomies|authors|chuyen-muc|chuyenmuc|danh-muc|tac-gia) [_-]? (sitemap)? [_-]?\d* \.xml",
    )
    .expect("a constant pattern")
});

/// Whether the sitemap at an address may hold articles. Only its path is looked at: `sitemap.xml?page=2` is the second
/// part of a list.
pub fn can_hold_articles(url: &Url) -> bool {
    !WITHOUT.is_match(&url.path().to_ascii_lowercase())
}
