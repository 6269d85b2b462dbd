//! How SQLite goes about what is asked often.

use super::*;

/// How SQLite goes about a query.
fn plan(conn: &rusqlite::Connection, sql: &str) -> Vec<String> {
    let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).expect("a plan");
    let params = rusqlite::params_from_iter(vec![1_i64; explain.parameter_count()]);
    let steps = explain.query_map(params, |row| row.get(3)).expect("rows");
    steps.map(|step| step.expect("a row")).collect()
}

#[test]
fn what_a_listing_names_is_known_without_reading_its_content() {
    let session = open::in_memory().expect("a database");
    for part in ["f.address = ?1 AND f.source = ?2", "f.source = ?1 AND f.post_id = ?2"] {
        let plan = plan(&session.conn, &format!("{} WHERE {part}", frontier::FRONTIER_ROW));
        let of_articles: Vec<&String> = plan.iter().filter(|step| step.contains(" article ")).collect();
        assert!(
            !of_articles.is_empty() && of_articles.iter().all(|step| step.contains("COVERING INDEX")),
            "{plan:#?}"
        );
    }
}

#[test]
fn what_is_asked_at_every_visit_is_found_by_an_index() {
    let session = open::in_memory().expect("a database");
    let select = |part: &str| format!("{} {part}", articles::STORED);
    for (sql, sorts) in [
        (select(articles::NEWEST), false),
        (select(articles::NEWEST_OF_SOURCE), false),
        (select(articles::OF_MONTH), false),
        // At most as many as the feed holds.
        (select(articles::NEWEST_OF_CATEGORY), true),
        (format!("{} {}", frontier::FRONTIER_ENTRY, due::NEWS), false),
        (format!("{} {}", frontier::FRONTIER_ENTRY, due::FRESH), false),
        (format!("{} {}", frontier::FRONTIER_ENTRY, due::AGAIN), false),
        (format!("{} {}", frontier::FRONTIER_ENTRY, due::READ_BY), false),
        (sources::NEXT_DUE.to_owned(), false),
        (crate::store::maintenance::OLDEST_PAGES.to_owned(), false),
        (crate::store::maintenance::OLDEST_REVISIONS.to_owned(), false),
        (crate::store::maintenance::OLDEST_ARTICLES.to_owned(), false),
        (reposts::candidates_sql("source = ?2"), false),
        (reposts::sharing_sql(), false),
        (fetch_results::HOME.to_owned(), false),
        (held::of_source_sql(), false),
        (held::DROP_OLD_TEXTS.to_owned(), false),
    ] {
        let plan = plan(&session.conn, &sql);
        let scans = plan.iter().any(|step| step.starts_with("SCAN") && !step.contains("USING"));
        let sorted = plan.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(!scans && (sorts || !sorted), "{sql}\n{plan:#?}");
    }
}
