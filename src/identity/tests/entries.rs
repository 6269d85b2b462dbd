//! What holds for every entry, whatever articles it has and in whatever order they were met.

use proptest::prelude::*;

use crate::identity::entry::{categorised, compose, is_gone, shown, sort_articles, union};
use crate::identity::{ArticleRow, ArticleState, EntryRow, Verdict, first_updated, reread};
use crate::model::{ArticleId, Key, SourceId};

fn source() -> SourceId {
    SourceId::new("haiphong")
}

fn articles() -> impl Strategy<Value = Vec<ArticleRow>> {
    let article = (0_i64..50, 0_i64..20, 0_u8..3, 0_i64..3, any::<bool>());
    prop::collection::vec(article, 1..6).prop_map(|all| {
        let numbered = all.into_iter().zip(1_i64..);
        let article = |((published, edited, words, named, gone), row): (_, i64)| ArticleRow {
            row,
            key: Key::Post(row.unsigned_abs()),
            url: format!("https://portal.vn/{row}"),
            published,
            origin: String::new(),
            month: published / 10,
            updated: published + edited,
            words: vec![words],
            digest: vec![words],
            gone,
            named,
        };
        numbered.map(article).collect()
    })
}

/// An entry that was reserved and never composed.
fn empty() -> EntryRow {
    EntryRow {
        id: String::new(),
        url: String::new(),
        published: 0,
        month: 0,
        updated: 0,
        categories: Vec::new(),
        shows: 0,
        words: Vec::new(),
        digest: Vec::new(),
        gone: Some(0),
    }
}

fn composed(articles: &[ArticleRow], old: &EntryRow, is_ours: bool) -> EntryRow {
    compose(&source(), articles, old.categories.clone(), old, 99, is_ours).expect("there are articles")
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_order_in_which_articles_were_met_makes_no_difference(
        (one, other) in articles().prop_flat_map(|one| (Just(one.clone()), Just(one).prop_shuffle())),
    ) {
        let (mut one, mut other) = (one, other);
        sort_articles(&mut one);
        sort_articles(&mut other);
        prop_assert_eq!(composed(&one, &empty(), false), composed(&other, &empty(), false));
    }

    #[test]
    fn an_entry_is_what_its_articles_make_it(mut articles in articles()) {
        sort_articles(&mut articles);
        let entry = composed(&articles, &empty(), false);
        let first = articles.iter().map(|article| article.published).min();
        prop_assert_eq!(Some(entry.published), first);
        prop_assert!(entry.updated >= entry.published);
        let mut earliest = articles.iter().filter(|article| article.published == entry.published);
        let is_named_by_one = earliest.any(|one| ArticleId::mint(&source(), &one.key).as_str() == entry.id);
        prop_assert!(is_named_by_one);
        prop_assert_eq!(entry.gone.is_some(), articles.iter().all(|article| article.gone));
        let shows = articles.iter().find(|article| article.row == entry.shows).expect("one of them");
        prop_assert!(!shows.gone || entry.gone.is_some());
        prop_assert_eq!(&shows.words, &entry.words);
    }

    #[test]
    fn composed_again_an_entry_stays_as_it_is(mut articles in articles(), is_ours: bool) {
        sort_articles(&mut articles);
        let entry = composed(&articles, &empty(), is_ours);
        prop_assert_eq!(&composed(&articles, &entry, is_ours), &entry);
        prop_assert!(!entry.replaces_text_of(&entry, is_ours));
    }

    #[test]
    fn what_only_we_read_otherwise_moves_no_date(mut articles in articles(), words in 3_u8..9) {
        sort_articles(&mut articles);
        let old = composed(&articles, &empty(), false);
        for article in &mut articles {
            article.words = vec![words];
        }
        let new = composed(&articles, &old, true);
        prop_assert_eq!((new.updated, new.published, &new.id), (old.updated, old.published, &old.id));
        prop_assert!(!new.replaces_text_of(&old, true) && new.replaces_text_of(&old, false));
    }

    #[test]
    fn one_article_needs_no_composing(mut articles in articles()) {
        articles.truncate(1);
        articles[0].gone = false;
        let alone = EntryRow::of_one(&articles[0], &source(), &[]);
        prop_assert_eq!(&alone, &composed(&articles, &empty(), false));
        prop_assert!(categorised(&articles, &alone).is_none());
    }

    #[test]
    fn an_entry_has_the_categories_of_what_is_there_and_of_what_it_shows(mut articles in articles()) {
        sort_articles(&mut articles);
        let rows = |all: Vec<&ArticleRow>| all.into_iter().map(|article| article.row).collect::<Vec<_>>();
        let shows = shown(&articles).expect("one of them").row;
        let expected = articles.iter().filter(|article| !article.gone || article.row == shows).collect();
        prop_assert_eq!(categorised(&articles, &empty()).map(rows), Some(rows(expected)));
    }

    #[test]
    fn an_edit_moves_the_date_forward_and_never_into_the_future(
        known in 0_i64..9, said in 0_i64..20, fetched in 10_i64..15, published in 0_i64..20, is_ours: bool,
    ) {
        let state = |words, updated| ArticleState { words, digest: words, url: "u", published, updated };
        let (before, same, other) = (state(b"a", known), state(b"a", said), state(b"b", said));
        let unchanged = reread(&before, &same, fetched, is_ours);
        prop_assert!(unchanged.is_unchanged && unchanged.verdict == Verdict::Same && unchanged.updated == known);
        let edited = reread(&before, &other, fetched, is_ours);
        prop_assert_eq!(edited.verdict == Verdict::Edit, !is_ours);
        prop_assert_eq!(edited.updated > known, !is_ours);
        prop_assert!(edited.updated <= fetched.max(published));
        prop_assert!((published..=fetched.max(published)).contains(&first_updated(said, published, fetched)));
    }
}

#[test]
fn categories_stand_once_in_the_order_they_came() {
    let list = |names: &str| names.split(' ').map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(union([list("a b").as_slice(), &list("b c a")]), list("a b c"));
}

#[test]
fn an_article_is_gone_after_three_visits_over_a_day() {
    assert!(is_gone(3, 0, 86_400));
    assert!(!is_gone(2, 0, 86_400) && !is_gone(3, 0, 86_399));
}
