//! What the manual for operators, the alerts, the dashboard and the package say is what there is.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use regex::Regex;
use tinsach::health::{Fault, Kind, Status};
use tinsach::ops::metrics::{ByFinding, ByOutcome, BySource, BySourceFinding, ByState, ByWhat, Metrics};

/// Every metric with its labels, as `/metrics` shows it.
const METRICS: &[(&str, &[&str])] = &[
    ("tinsach_build_info", &["version"]),
    ("tinsach_source_state", &["source", "state"]),
    ("tinsach_source_findings", &["source", "finding"]),
    ("tinsach_consecutive_failures", &["source"]),
    ("tinsach_newest_article_timestamp_seconds", &["source"]),
    ("tinsach_last_success_timestamp_seconds", &["source"]),
    ("tinsach_held", &["source"]),
    ("tinsach_waiting", &["source"]),
    ("tinsach_articles_stored", &["source"]),
    ("tinsach_visits_total", &["source", "outcome"]),
    ("tinsach_articles_read_total", &["source", "outcome"]),
    ("tinsach_requests_total", &["source"]),
    ("tinsach_http_requests_total", &["kind", "status"]),
    ("tinsach_daemon_findings", &["finding"]),
    ("tinsach_write_faults_total", &["what"]),
];

/// What the labels of which the values are words may say.
fn source_findings() -> Vec<&'static str> {
    Kind::ALL.into_iter().map(Kind::name).collect()
}

fn daemon_findings() -> Vec<&'static str> {
    Fault::ALL.into_iter().map(Fault::name).collect()
}

fn states() -> Vec<&'static str> {
    Status::ALL.into_iter().map(Status::name).collect()
}

fn text(name: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name))
        .unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn help(arguments: &[&str]) -> String {
    let output = assert_cmd::Command::new(env!("CARGO_BIN_EXE_tinsach"))
        .args(arguments)
        .arg("--help")
        .output()
        .expect("the binary runs");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn commands() -> BTreeSet<String> {
    let help = help(&[]);
    let lines =
        help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    lines.filter_map(|line| line.split_whitespace().next()).map(str::to_owned).collect()
}

/// Every expression of the rules: the values of `expr`, joined over their lines.
fn alert_expressions() -> Vec<String> {
    let rules = text("config/alerts.yml");
    let mut found: Vec<String> = Vec::new();
    let mut inside = false;
    for line in rules.lines() {
        if let Some(first) = line.trim_start().strip_prefix("expr: ") {
            found.push(first.trim_start_matches(">-").to_owned());
            inside = first == ">-";
        } else if inside && line.starts_with("          ") {
            let last = found.last_mut().expect("an expression has begun");
            last.push_str(line.trim_start());
            last.push(' ');
        } else {
            inside = false;
        }
    }
    assert_eq!(found.len(), rules.matches("- alert: ").count(), "{found:?}");
    assert!(found.iter().all(|expression| expression.len() > 10), "{found:?}");
    found
}

/// Every expression of the dashboard.
fn panel_expressions() -> Vec<String> {
    let board: serde_json::Value = serde_json::from_str(&text("config/grafana.json")).expect("JSON");
    let panels = board["panels"].as_array().expect("panels");
    let targets = panels.iter().filter_map(|panel| panel["targets"].as_array()).flatten();
    let mut found: Vec<String> =
        targets.filter_map(|target| target["expr"].as_str()).map(str::to_owned).collect();
    let variables = board["templating"]["list"].as_array().expect("variables");
    found.extend(variables.iter().filter_map(|variable| variable["definition"].as_str()).map(str::to_owned));
    assert!(found.len() > 15, "{found:?}");
    found
}

/// What is wrong with the names, labels and values in an expression.
fn faults(expression: &str) -> Vec<String> {
    let metrics: BTreeMap<&str, &[&str]> = METRICS.iter().copied().collect();
    let name = Regex::new(r"\btinsach_\w+\b(?:\{([^}]*)\})?").expect("a pattern");
    let matcher = Regex::new(r#"(\w+)\s*(?:=|!=|=~|!~)\s*"([^"]*)""#).expect("a pattern");
    let mut faults = Vec::new();
    for found in name.captures_iter(expression) {
        let whole = &found[0];
        let metric = whole.split('{').next().unwrap_or_default();
        let Some(labels) = metrics.get(metric) else {
            faults.push(format!("{metric} is no metric"));
            continue;
        };
        for matched in matcher.captures_iter(found.get(1).map_or("", |inner| inner.as_str())) {
            let (label, values) = (&matched[1], &matched[2]);
            if !labels.contains(&label) && !["job", "instance"].contains(&label) {
                faults.push(format!("{metric} has no label {label}"));
            }
            let known: &[&str] = match (metric, label) {
                ("tinsach_source_findings", "finding") => &source_findings(),
                ("tinsach_daemon_findings", "finding") => &daemon_findings(),
                ("tinsach_source_state", "state") => &states(),
                _ => continue,
            };
            let unknown = values.split('|').filter(|value| !known.contains(value) && !value.starts_with('$'));
            faults.extend(unknown.map(|value| format!("{metric}: {label} is never {value}")));
        }
    }
    faults
}

#[test]
fn a_wrong_name_label_or_value_is_found() {
    assert_eq!(faults("tinsach_hold > 1"), ["tinsach_hold is no metric"]);
    assert_eq!(faults("rate(tinsach_held{finding=\"late\"}[5m])"), ["tinsach_held has no label finding"]);
    assert_eq!(
        faults("tinsach_source_findings{finding=~\"late|gone\"}"),
        ["tinsach_source_findings: finding is never gone"]
    );
}

#[test]
fn alerts_and_dashboard_ask_for_what_there_is() {
    let all: Vec<String> = alert_expressions().into_iter().chain(panel_expressions()).collect();
    let wrong: Vec<String> = all
        .iter()
        .flat_map(|expression| faults(expression).into_iter().map(move |f| format!("{f}: {expression}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let asked = all.join("\n");
    for (name, _) in METRICS {
        assert!(asked.contains(name), "neither an alert nor a panel shows {name}");
    }
}

#[test]
fn every_finding_raises_an_alert() {
    let alerts = alert_expressions().join("\n");
    let is_named = |finding: &&str| {
        Regex::new(&format!("[\"|]{}[\"|]", regex::escape(finding))).expect("a pattern").is_match(&alerts)
    };
    let silent: Vec<&str> =
        source_findings().into_iter().chain(daemon_findings()).filter(|finding| !is_named(finding)).collect();
    assert!(silent.is_empty(), "no alert for {silent:?}");
}

/// The first column of the table that follows a heading.
fn table(manual: &str, heading: &str) -> BTreeSet<String> {
    let section = manual.split_once(&format!("\n{heading}\n")).unwrap_or_else(|| panic!("no {heading}")).1;
    let rows = section.lines().skip_while(|line| !line.starts_with("|---")).skip(1);
    let rows = rows.take_while(|line| line.starts_with('|'));
    rows.filter_map(|line| line.split('`').nth(1)).map(str::to_owned).collect()
}

fn set(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_manual_lists_every_finding_and_every_metric() {
    let manual = text("docs/operations.md");
    assert_eq!(table(&manual, "### Of a source"), set(&source_findings()));
    assert_eq!(table(&manual, "### Of the daemon"), set(&daemon_findings()));
    let names: Vec<&str> = METRICS.iter().map(|(name, _)| *name).collect();
    assert_eq!(table(&manual, "## Metrics"), set(&names));
    for (name, labels) in METRICS {
        let row = format!("| `{name}` | {} |", labels.join(", "));
        assert!(manual.contains(&row), "{row}");
    }
}

#[test]
fn the_manual_tells_of_commands_and_options_that_there_are() {
    let manual = text("docs/operations.md");
    let line = Regex::new(r"(?m)\btinsach ([a-z]+)((?: [^\s`#|>]+)*)").expect("a pattern");
    let commands = commands();
    let mut seen = BTreeSet::new();
    // Commands stand in code: in blocks, or between backticks.
    for code in manual.split('`').skip(1).step_by(2).filter(|code| !code.is_empty()) {
        for found in line.captures_iter(code) {
            let (command, rest) = (&found[1], &found[2]);
            assert!(commands.contains(command), "there is no `tinsach {command}`: {code}");
            seen.insert(command.to_owned());
            let help = help(&[command]);
            for option in rest.split_whitespace().filter(|word| word.starts_with("--")) {
                assert!(help.contains(option), "`tinsach {command}` has no {option}");
            }
        }
    }
    assert!(seen.len() > 8, "{seen:?}");
}

#[test]
fn the_manual_names_variables_and_units_that_there_are() {
    let manual = text("docs/operations.md");
    let variables: Vec<String> =
        tinsach::config::setting_variables().into_iter().map(|(variable, _)| variable).collect();
    let name = Regex::new(r"\bTINSACH_[A-Z_]+\b").expect("a pattern");
    for found in name.find_iter(&manual) {
        let known = ["TINSACH_LOG", "TINSACH_LOG_FORMAT"].contains(&found.as_str());
        assert!(known || variables.iter().any(|variable| variable == found.as_str()), "{}", found.as_str());
    }
    for link in Regex::new(r"\]\(#([a-z-]+)\)").expect("a pattern").captures_iter(&manual) {
        let heading = |line: &str| line.trim_start_matches('#').trim().to_lowercase().replace(' ', "-");
        let there = manual.lines().any(|line| line.starts_with('#') && heading(line) == link[1]);
        assert!(there, "no heading for #{}", &link[1]);
    }
}

#[test]
fn the_packaged_configuration_is_the_shipped_one_with_the_state_folder_of_the_service() {
    let shipped = text("config/tinsach.toml");
    let line = "# state_dir = \"/var/lib/tinsach\"\n";
    assert_eq!(shipped.matches(line).count(), 1);
    assert_eq!(text("packaging/tinsach.toml"), shipped.replace(line, &line[2..]));
}

#[test]
fn the_package_has_the_version_of_the_program() {
    let changelog = text("packaging/changelog");
    let version = format!("tinsach ({}-1) ", env!("CARGO_PKG_VERSION"));
    assert!(changelog.starts_with(&version), "{changelog}");
    let licence = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").replace(" . ", " ");
    let permission = licence(&text("LICENSE"));
    let permission = &permission[permission.find("Permission is").expect("a licence")..];
    assert!(licence(&text("packaging/copyright")).contains(permission));
}

#[test]
fn the_metrics_are_those_that_the_daemon_registers() {
    let metrics = Metrics::default();
    // A family without a figure is not shown.
    let source = || "haiphong".to_owned();
    for gauges in [
        &metrics.waiting,
        &metrics.held,
        &metrics.stored,
        &metrics.newest,
        &metrics.last_success,
        &metrics.failures,
    ] {
        gauges.get_or_create(&BySource { source: source() }).set(1);
    }
    metrics.requests.get_or_create(&BySource { source: source() }).inc();
    for counters in [&metrics.visits, &metrics.articles] {
        counters.get_or_create(&ByOutcome { source: source(), outcome: "ok" }).inc();
    }
    metrics.state.get_or_create(&ByState { source: source(), state: "ok" }).set(1);
    metrics.findings.get_or_create(&BySourceFinding { source: source(), finding: "late" }).set(1);
    metrics.daemon_findings.get_or_create(&ByFinding { finding: "disk-full" }).set(1);
    metrics.write_faults.get_or_create(&ByWhat { what: "store" }).inc();
    let shown = metrics.render();
    let types = shown.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let mut registered: BTreeSet<String> = BTreeSet::new();
    for line in types {
        let (name, kind) = line.split_once(' ').expect("a name and a type");
        let end = match kind {
            "counter" => "_total",
            "info" => "_info",
            _ => "",
        };
        registered.insert(format!("{name}{end}"));
    }
    let named: BTreeSet<String> = METRICS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(registered, named);
}
