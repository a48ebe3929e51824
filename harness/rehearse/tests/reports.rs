//! Reports, each opened with a parser that is not ours: what they say is what the run said.

mod common;

use common::{Ended, FAILS, Folder, PASSES, TWO_CASES, suite};
use quick_xml::{Reader, events::Event};
use serde_json::Value;
use std::{collections::BTreeSet, fmt::Write as _, fs};

/// Six cases: one of each way to end that the reference engine allows.
fn all_sorts() -> Folder {
    let folder = suite();
    folder.write(
        "scenarios/odd/known.yaml",
        FAILS.replace("tags: [branch]", "expect failure: { reason: \"known # of\" }"),
    );
    folder.write(
        "scenarios/odd/later.yaml",
        PASSES.replace("tags: [first]", "skip: { reason: waits for a fix, until: 2999-01-01 }"),
    );
    folder.write(
        "scenarios/odd/well.yaml",
        PASSES.replace("tags: [first]", "expect failure: { reason: not yet }"),
    );
    folder
}

fn with(folder: &Folder, reports: &str) -> Ended {
    folder.rehearse(&["run", "--report", reports])
}

fn read(folder: &Folder, path: &str) -> String {
    fs::read_to_string(folder.path.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// An element: its name, its attributes, how deep it lies, and the text directly in it.
#[derive(Debug)]
struct Element {
    name: String,
    depth: usize,
    attributes: Vec<(String, String)>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> &str {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map_or_else(|| panic!("{} has no {name}: {self:?}", self.name), |(_, value)| value.as_str())
    }
}

fn elements(xml: &str) -> Vec<Element> {
    let mut reader = Reader::from_str(xml);
    let mut all: Vec<Element> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}\n{xml}"));
        let is_empty = matches!(event, Event::Empty(_));
        match event {
            Event::Start(tag) | Event::Empty(tag) => {
                let attributes = tag.attributes().map(|attribute| {
                    let attribute = attribute.expect("an attribute, each once");
                    let value =
                        attribute.normalized_value(quick_xml::XmlVersion::Explicit1_0).expect("clean text");
                    (String::from_utf8_lossy(attribute.key.as_ref()).into_owned(), value.into_owned())
                });
                let name = String::from_utf8_lossy(tag.name().as_ref()).into_owned();
                let attributes = attributes.collect();
                all.push(Element { name, depth: open.len(), attributes, text: String::new() });
                if !is_empty {
                    open.push(all.len() - 1);
                }
            }
            Event::End(_) => drop(open.pop()),
            Event::Text(text) => {
                if let Some(idx) = open.last() {
                    all[*idx].text.push_str(&text.decode().expect("UTF-8"));
                }
            }
            Event::GeneralRef(of) => {
                if let Some(idx) = open.last() {
                    let _ = write!(all[*idx].text, "&{};", String::from_utf8_lossy(&of));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty());
    all
}

/// What Jenkins (junit plugin) and GitLab (`Parsers::Test::Junit`) take: nested so, with these attributes.
fn is_a_dialect_that_pipelines_read(all: &[Element]) {
    let allowed: &[(&str, usize, &[&str])] = &[
        ("testsuites", 0, &["name", "tests", "skipped", "failures", "errors", "time"]),
        ("testsuite", 1, &["name", "tests", "skipped", "errors", "failures", "time"]),
        ("testcase", 2, &["name", "classname", "time", "file", "line"]),
        ("properties", 3, &[]),
        ("property", 4, &["name", "value"]),
        ("failure", 3, &["type", "message"]),
        ("error", 3, &["type", "message"]),
        ("skipped", 3, &["message"]),
    ];
    for it in all {
        let of_it = allowed.iter().find(|(name, ..)| *name == it.name);
        let (_, depth, attributes) = of_it.unwrap_or_else(|| panic!("{} is not of the dialect", it.name));
        assert_eq!(it.depth, *depth, "{it:?}");
        for (name, _) in &it.attributes {
            assert!(attributes.contains(&name.as_str()), "{} has {name}", it.name);
        }
    }
}

#[test]
fn junit_has_one_testcase_a_case_and_one_failure_with_the_whole_story() {
    let folder = all_sorts();
    let ended = with(&folder, "junit");
    assert_eq!((ended.code, ended.err.as_str()), (1, ""));
    let all = elements(&read(&folder, "rehearse-out/junit.xml"));
    is_a_dialect_that_pipelines_read(&all);
    let of = |name: &str| all.iter().filter(|it| it.name == name).collect::<Vec<_>>();
    let cases = of("testcase");
    let names: BTreeSet<String> =
        cases.iter().map(|it| format!("{} {}", it.get("classname"), it.get("name"))).collect();
    assert_eq!((cases.len(), names.len()), (7, 7), "{names:?}");
    assert!(names.contains("timing promise [tomorrow]"), "{names:?}");
    assert_eq!((all[0].get("tests"), all[0].get("failures"), all[0].get("skipped")), ("7", "2", "2"));
    let failed = cases.iter().find(|it| it.get("name") == "stays").expect("it is there");
    assert_eq!((failed.get("file"), failed.get("line")), ("scenarios/wrong/stays.yaml", "15"));
    let failures = of("failure");
    assert_eq!(failures.len(), 2);
    let (message, story) = (failures[1].get("message"), &failures[1].text);
    assert!(message.starts_with("A branch changed by hand in ACP stays: branch of SU-1"), "{message}");
    for part in [
        "Expected  &quot;South Leeds&quot;",
        "What happened just before",
        "WHEN somebody moves her by hand",
        "Failed.",
    ] {
        assert!(story.contains(part), "{part:?} is missing in:\n{story}");
    }
    let properties: BTreeSet<&str> = of("property").iter().map(|it| it.get("name")).collect();
    for name in ["simulated_seconds", "began_at", "ended_at", "seed", "proves", "title"] {
        assert!(properties.contains(name), "{name}");
    }
}

#[test]
fn hostile_text_stays_text_in_every_report() {
    let hostile = "]]><script>alert(1)</script> ::error::x ##vso[task.complete]x | a `b` @all # SKIP %0A";
    let folder = Folder::new();
    folder.write(
        "scenarios/a.yaml",
        FAILS
            .replace("A branch changed by hand in ACP stays", &format!("'{hostile}'"))
            .replace("half an hour later she is still there", &format!("'{hostile}'")),
    );
    let log = "junit,tap,json,ndjson,github=gh.txt,gitlab,azure=az.txt,markdown";
    assert_eq!(with(&folder, log).code, 1);
    let all = elements(&read(&folder, "rehearse-out/junit.xml"));
    is_a_dialect_that_pipelines_read(&all);
    let title = all.iter().find(|it| it.name == "property" && it.get("name") == "title").expect("a title");
    assert_eq!(title.get("value"), hostile);
    let tap = read(&folder, "rehearse-out/run.tap");
    assert!(tap.lines().filter(|line| line.contains("# SKIP")).all(|line| line.starts_with("  ")), "{tap}");
    let json: Value = serde_json::from_str(&read(&folder, "rehearse-out/run.json")).expect("JSON");
    assert_eq!(json["cases"][0]["title"], hostile);
    let github = read(&folder, "gh.txt");
    assert_eq!(github.lines().filter(|line| line.contains("::error::x")).count(), 0, "{github}");
    assert!(github.contains("%3A%3Aerror%3A%3Ax") && github.contains("%250A"), "{github}");
    let azure = read(&folder, "az.txt");
    assert_eq!(azure.matches("##vso[").count(), azure.lines().count(), "one a line: {azure}");
    let markdown = read(&folder, "rehearse-out/summary.md");
    let outside_of_code: String = markdown.split("````text").next().unwrap_or_default().to_owned();
    assert!(!markdown.contains("</script>") || markdown.matches("</script>").count() <= 4, "{markdown}");
    assert!(!outside_of_code.split("```text").next().unwrap_or_default().contains("<script>"), "{markdown}");
}

/// A reader of TAP 14, by its specification: version, points in order, two spaces of YAML after some, plan.
fn points(tap: &str) -> Vec<(bool, String, Option<String>)> {
    let mut lines = tap.lines();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan: usize =
        lines.next_back().and_then(|line| line.strip_prefix("1..")?.parse().ok()).expect("a plan");
    let mut points: Vec<(bool, String, Option<String>)> = Vec::new();
    let mut is_in_yaml = false;
    for line in lines {
        match line {
            "  ---" => is_in_yaml = true,
            "  ..." => is_in_yaml = false,
            line if is_in_yaml => {
                let yaml =
                    line.strip_prefix("  ").or_else(|| line.is_empty().then_some("")).expect("indented");
                let last = points.last_mut().expect("after a point");
                let _ = writeln!(last.2.get_or_insert_default(), "{yaml}");
            }
            line => {
                let ok = line.starts_with("ok ");
                let rest = line.strip_prefix("ok ").or_else(|| line.strip_prefix("not ok ")).expect(line);
                let (number, rest) = rest.split_once(" - ").expect("a description");
                assert_eq!(number.parse(), Ok(points.len() + 1));
                points.push((ok, rest.to_owned(), None));
            }
        }
    }
    assert_eq!(points.len(), plan);
    assert!(!is_in_yaml);
    points
}

#[test]
fn tap_has_a_point_for_each_case_and_diagnostics_for_what_failed() {
    let folder = all_sorts();
    with(&folder, "tap=out.tap");
    let points = points(&read(&folder, "out.tap"));
    let oks: Vec<(bool, &str)> = points.iter().map(|(ok, what, _)| (*ok, what.as_str())).collect();
    assert_eq!(
        oks,
        [
            (true, "first/new"),
            (false, "odd/known # TODO known \\# of"),
            (true, "odd/later # SKIP waits for a fix"),
            (false, "odd/well"),
            (true, "timing/promise [tomorrow]"),
            (true, "timing/promise [later]"),
            (false, "wrong/stays"),
        ]
    );
    let yaml = points[6].2.as_deref().expect("diagnostics");
    for line in ["  file: \"scenarios/wrong/stays.yaml\"", "  line: 15", "code: \"not-met\"", "story: |2"] {
        assert!(yaml.lines().any(|it| it == line), "{line:?} is missing in:\n{yaml}");
    }
}

/// What a person sees there: not what is kept for `--failed`.
fn seen(folder: &Folder) -> Vec<String> {
    folder.files().into_iter().filter(|it| !it.contains("/.rehearse/")).collect()
}

fn schema() -> jsonschema::Validator {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../report/report.schema.json");
    let schema = serde_json::from_str(&fs::read_to_string(path).expect("the schema")).expect("JSON");
    jsonschema::validator_for(&schema).expect("a schema")
}

fn is_valid(schema: &jsonschema::Validator, json: &Value) {
    let mistakes: Vec<String> =
        schema.iter_errors(json).map(|it| format!("{it} at {}", it.instance_path())).collect();
    assert!(mistakes.is_empty(), "{mistakes:#?}\n{json:#}");
}

#[test]
fn json_and_ndjson_are_as_the_schema_says() {
    let (folder, schema) = (all_sorts(), schema());
    with(&folder, "json,ndjson");
    let json: Value = serde_json::from_str(&read(&folder, "rehearse-out/run.json")).expect("JSON");
    is_valid(&schema, &json);
    let lines: Vec<Value> = read(&folder, "rehearse-out/run.ndjson")
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    for line in &lines {
        is_valid(&schema, line);
    }
    let events: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    assert_eq!(events.iter().filter(|it| **it == "case_done").count(), 7);
    assert_eq!((events[0], events[events.len() - 1]), ("run_started", "run_ended"));
    assert_eq!(lines[lines.len() - 1]["exit_code"], 1);
    assert_eq!(lines[lines.len() - 1]["counts"], json["counts"]);
    let verbose: Value = serde_json::from_str(&folder.rehearse(&["run", "--json", "-v"]).out).expect("JSON");
    is_valid(&schema, &verbose);
    let mut wrong = json;
    wrong["cases"][0]["surname"] = "x".into();
    assert!(!schema.is_valid(&wrong), "the schema refuses what it does not name");
}

#[test]
fn a_report_says_the_same_for_any_number_of_jobs() {
    let folder = all_sorts();
    let run = |jobs: &str| {
        folder.rehearse(&["run", "--jobs", jobs, "--report", "json,tap,gitlab,markdown,github=gh.txt"]);
        let out = |name: &str| read(&folder, &format!("rehearse-out/{name}"));
        let all = ["run.json", "run.tap", "gl-code-quality-report.json", "summary.md"].map(out);
        (all, read(&folder, "gh.txt"))
    };
    let first = run("1");
    assert!(run("8") == first);
}

/// Thirty cases that fail.
fn thirty() -> Folder {
    let rows: Vec<String> = (0..30).map(|n| format!("  - {{ name: n{n} }}")).collect();
    let text = FAILS.replace("given:", &format!("cases:\n{}\ngiven:", rows.join("\n")));
    Folder::with(&[("tests/scenarios/a.yaml", &text)])
}

#[test]
fn github_is_chosen_by_itself_and_shows_nine_and_how_many_more() {
    let folder = thirty();
    folder.write("summary.md", "before\n");
    let ended = Ended::of(
        folder
            .command(&["run", "tests/scenarios"])
            .env("GITHUB_ACTIONS", "true")
            .env("GITHUB_WORKSPACE", folder.path.parent().expect("a folder"))
            .env("GITHUB_STEP_SUMMARY", folder.path.join("summary.md")),
    );
    assert_eq!(ended.code, 1);
    let annotations: Vec<&str> = ended.out.lines().filter(|line| line.starts_with("::error")).collect();
    assert_eq!(annotations.len(), 10, "{annotations:#?}");
    let name = folder.path.file_name().expect("a name").to_string_lossy();
    let place = format!("::error file={name}/tests/scenarios/a.yaml,line=46,col=");
    assert!(annotations[0].starts_with(&place), "{}", annotations[0]);
    assert!(annotations[0].contains("expected \"South Leeds\", got \"North Leeds\""), "{}", annotations[0]);
    assert!(annotations[9].starts_with("::error title=And 21 more::"), "{}", annotations[9]);
    assert!(ended.out.ends_with("Gate: not met (exit code 1).\n"), "{}", ended.out);
    let summary = read(&folder, "summary.md");
    assert!(summary.starts_with("before\n### 30 of 30 cases not as they should be\n"), "{summary}");
    assert_eq!(summary.lines().filter(|line| line.starts_with("| a ")).count(), 30);
    assert_eq!(seen(&folder), ["summary.md", "tests/scenarios/a.yaml"]);
    let ended =
        Ended::of(folder.command(&["run", "tests/scenarios", "--json"]).env("GITHUB_ACTIONS", "true"));
    assert!(serde_json::from_str::<Value>(&ended.out).is_ok(), "beside JSON nothing else stands");
    assert_eq!(ended.err.lines().filter(|line| line.starts_with("::error")).count(), 10);
}

#[test]
fn a_summary_stays_under_what_github_keeps() {
    let rows: Vec<String> = (0..100).map(|n| format!("  - {{ name: n{n} }}")).collect();
    let text = FAILS
        .replace("given:", &format!("cases:\n{}\ngiven:", rows.join("\n")))
        .replace("half an hour later she is still there", &"x".repeat(4000));
    let folder = Folder::new();
    (0..9).for_each(|n| folder.write(&format!("scenarios/a{n}.yaml"), &text));
    with(&folder, "markdown");
    let summary = read(&folder, "rehearse-out/summary.md");
    assert!((400_000..900_000).contains(&summary.len()), "{}", summary.len());
    assert_eq!(summary.lines().filter(|line| line.starts_with("| a")).count(), 900, "every row is there");
    assert!(summary.contains("Left out for length: "), "it says so");
}

#[test]
fn gitlab_gets_junit_and_code_quality() {
    let folder = thirty();
    let ended = Ended::of(folder.command(&["run", "tests/scenarios"]).env("GITLAB_CI", "true"));
    assert_eq!(ended.code, 1);
    let text = read(&folder, "rehearse-out/gl-code-quality-report.json");
    let issues: Vec<Value> = serde_json::from_str(&text).expect("an array");
    let prints: BTreeSet<&str> = issues.iter().filter_map(|it| it["fingerprint"].as_str()).collect();
    assert_eq!((issues.len(), prints.len()), (30, 30));
    assert_eq!(issues[0]["location"]["path"], "tests/scenarios/a.yaml");
    assert_eq!(issues[0]["location"]["lines"]["begin"], 46);
    assert_eq!(issues[0]["severity"], "major");
    elements(&read(&folder, "rehearse-out/junit.xml"));
    // The same issue on another line is the same issue.
    let file = read(&folder, "tests/scenarios/a.yaml");
    folder.write("tests/scenarios/a.yaml", format!("# moved\n{file}"));
    Ended::of(folder.command(&["run", "tests/scenarios"]).env("GITLAB_CI", "true"));
    let moved: Vec<Value> =
        serde_json::from_str(&read(&folder, "rehearse-out/gl-code-quality-report.json")).expect("an array");
    assert_eq!(moved[0]["fingerprint"], issues[0]["fingerprint"]);
    assert_eq!(moved[0]["location"]["lines"]["begin"], 47);
}

#[test]
fn azure_gets_junit_and_logging_commands() {
    let folder = suite();
    let ended = Ended::of(folder.command(&["run"]).env("TF_BUILD", "True"));
    let line = ended.out.lines().find(|line| line.starts_with("##vso")).expect("a command");
    assert!(line.starts_with("##vso[task.logissue type=error;sourcepath=/"), "{line}");
    assert!(line.contains("/scenarios/wrong/stays.yaml;linenumber=15;columnnumber="), "{line}");
    assert!(line.contains(";code=not-met;]wrong/stays: branch of SU-1"), "{line}");
    elements(&read(&folder, "rehearse-out/junit.xml"));
}

#[test]
fn what_is_asked_for_stands_before_what_the_pipeline_suggests() {
    let folder = suite();
    let ended =
        Ended::of(folder.command(&["run", "--report", "tap=a/b/c.tap"]).env("GITHUB_ACTIONS", "true"));
    assert!(!ended.out.contains("::error"), "{}", ended.out);
    assert!(folder.files().contains(&"a/b/c.tap".to_owned()));
    let ended = Ended::of(folder.command(&["run", "--report", "none"]).env("TF_BUILD", "True"));
    assert!(!ended.out.contains("##vso"), "{}", ended.out);
    assert_eq!(seen(&folder).len(), 4);
}

#[cfg(unix)]
#[test]
fn only_the_owner_may_read_a_report() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = suite();
    with(&folder, "junit,ndjson");
    let mode =
        |path: &str| fs::metadata(folder.path.join(path)).expect("it is there").permissions().mode() & 0o777;
    assert_eq!((mode("rehearse-out"), mode("rehearse-out/junit.xml")), (0o700, 0o600));
}

/// Nothing half written, and what was there before is there still.
fn cannot(folder: &Folder, reports: &str, part: &str) -> Ended {
    let before = folder.files();
    let ended = with(folder, reports);
    assert_eq!(ended.code, 5, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains(part), "{part:?} is missing in:\n{}", ended.err);
    assert_eq!(folder.files(), before);
    ended
}

#[test]
fn a_report_that_cannot_be_written_is_told_before_anything_is_run() {
    let folder = suite();
    folder.write("rehearse-out", "a file");
    let ended = cannot(&folder, "junit", "The junit report cannot be written to rehearse-out/junit.xml: ");
    assert_eq!(ended.out, "");
    assert!(ended.err.ends_with("Nothing was run.\n"), "{}", ended.err);
    cannot(&folder, "tap=scenarios", "there is a folder of that name");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_and_the_gate_agrees() {
    let folder = Folder::with(&[("scenarios/a.yaml", PASSES)]);
    let ended = with(&folder, "ndjson=/dev/full,tap=run.tap");
    assert_eq!(ended.code, 5);
    assert_eq!(
        ended.err,
        "The ndjson report cannot be written to /dev/full: the disk is full. Nothing of it was left there; the run and \
         the other reports stand.\n"
    );
    assert!(
        ended.out.ends_with("1 passed. Simulated 24 hours. Gate: not met (exit code 5).\n"),
        "{}",
        ended.out
    );
    assert_eq!(folder.files(), ["run.tap", "scenarios/a.yaml"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_that_may_not_grow_is_told_and_nothing_is_left_of_it() {
    let folder = thirty();
    folder.write("out/junit.xml", "what was there before");
    let limited = |report: &str| {
        let command = format!(
            "ulimit -f 8; exec '{}' run tests/scenarios --show none --report {report}",
            env!("CARGO_BIN_EXE_rehearse")
        );
        let mut shell = std::process::Command::new("sh");
        Ended::of(shell.args(["-c", &command]).current_dir(&folder.path).env_remove("CI"))
    };
    let ended = limited("junit=out/junit.xml");
    assert_eq!(ended.code, 5, "{}{}", ended.out, ended.err);
    assert!(ended.err.contains("it is larger than a file may be here"), "{}", ended.err);
    assert_eq!(read(&folder, "out/junit.xml"), "what was there before");
    assert_eq!(seen(&folder), ["out/junit.xml", "tests/scenarios/a.yaml"]);
}

#[test]
fn reports_that_nobody_knows_are_2_and_name_what_there_is() {
    let folder = suite();
    for (words, part) in [
        ("junti", "did you mean junit? There are junit, tap,"),
        ("tap=", "after tap= comes a path"),
        ("tap=-", "use --json"),
        ("tap=x,json=x", "Two reports would be written to x."),
    ] {
        let ended = with(&folder, words);
        assert_eq!(ended.code, 2, "{words}");
        assert!(ended.err.contains(part), "{part:?} is missing in:\n{}", ended.err);
    }
    assert_eq!(folder.files().len(), 3, "nothing is written");
}

#[test]
fn two_cases_run_into_every_report_at_once() {
    let folder = Folder::with(&[("scenarios/b.yaml", TWO_CASES)]);
    let ended = with(&folder, "junit,tap,json,ndjson,github=gh.txt,gitlab,azure=az.txt,markdown");
    assert_eq!((ended.code, ended.err.as_str()), (0, ""));
    assert_eq!(folder.files().len(), 9, "{:?}", folder.files());
    assert_eq!(read(&folder, "rehearse-out/gl-code-quality-report.json"), "[]\n");
    assert_eq!(read(&folder, "gh.txt"), "");
}

#[test]
fn a_story_that_is_not_as_accepted_is_in_every_report() {
    let folder = Folder::with(&[("scenarios/suite.yaml", ""), ("scenarios/new.yaml", PASSES)]);
    assert_eq!(folder.rehearse(&["run", "--snapshots", "update"]).code, 0);
    let snapshot = read(&folder, "snapshots/new.snap").replace("WHEN Ada", "WHEN Ivor <b>");
    folder.write("snapshots/new.snap", snapshot);
    let ended = with(&folder, "junit,tap,json,ndjson,gitlab,markdown,github,azure");
    assert_eq!(ended.code, 1, "{}{}", ended.out, ended.err);
    let all = elements(&read(&folder, "rehearse-out/junit.xml"));
    is_a_dialect_that_pipelines_read(&all);
    let failed = all.iter().rfind(|it| it.name == "testcase").expect("a test case");
    assert_eq!((failed.get("name"), failed.get("file")), ("new", "snapshots/new.snap"));
    let points = points(&read(&folder, "rehearse-out/run.tap"));
    let (ok, what, yaml) = points.last().expect("a point");
    assert!(!ok && what == "story of new" && yaml.as_ref().is_some_and(|it| it.contains("WHEN Ada")));
    let schema = schema();
    let json: Value = serde_json::from_str(&read(&folder, "rehearse-out/run.json")).expect("JSON");
    is_valid(&schema, &json);
    assert_eq!(json["counts"]["stories_not_accepted"], 1);
    let lines = read(&folder, "rehearse-out/run.ndjson");
    for line in lines.lines() {
        is_valid(&schema, &serde_json::from_str(line).expect("JSON"));
    }
    assert!(lines.contains("\"event\":\"story_unlike\""), "{lines}");
    let quality: Value =
        serde_json::from_str(&read(&folder, "rehearse-out/gl-code-quality-report.json")).expect("JSON");
    assert_eq!(quality[0]["location"]["path"], "snapshots/new.snap");
    assert!(read(&folder, "rehearse-out/summary.md").contains("snapshots/new.snap line "));
    assert!(ended.out.contains("::error file=snapshots/new.snap,line="), "{}", ended.out);
    assert!(ended.out.contains("##vso[task.logissue type=error;sourcepath="), "{}", ended.out);
}

#[test]
fn a_scenario_cannot_give_commands_to_a_pipeline() {
    let text = FAILS
        .replace("A branch changed by hand in ACP stays", "'::error::x ##vso[task.complete]'")
        .replace("half an hour later she is still there", "'::stop-commands::x'");
    let folder = Folder::with(&[("scenarios/a.yaml", &text)]);
    for (name, value) in [("GITHUB_ACTIONS", "true"), ("TF_BUILD", "True")] {
        for words in [&["run"][..], &["run", "-v"], &["run", "--plain"]] {
            let ended = Ended::of(folder.command(words).env(name, value));
            let commands: Vec<&str> = ended
                .out
                .lines()
                .filter(|line| line.trim_start().starts_with("::") || line.contains("##"))
                .collect();
            // The one annotation of our own.
            assert_eq!(commands.len(), 1, "{commands:#?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_run_that_is_stopped_leaves_partial_reports_that_say_so() {
    let rows: Vec<String> = (0..200).map(|n| format!("  - {{ name: n{n} }}")).collect();
    let long = FAILS
        .replace("given:", &format!("cases:\n{}\ngiven:", rows.join("\n")))
        .replace("    after: 30m\n", "    for: 1000h\n")
        .replace("set: { branch: South Leeds }", "set: { phone: 0113 496 0000 }")
        .replace("has: { branch: South Leeds }", "has: { branch: North Leeds }");
    // The short one is told when the first long one is over.
    let folder = Folder::with(&[("scenarios/a.yaml", PASSES), ("scenarios/b.yaml", &long)]);
    let mut child = folder
        .command(&["run", "--jobs", "1", "--report", "junit,tap,json,ndjson,markdown"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("the binary starts");
    // Reading comes first; once there is a line, cases are being run.
    let mut out = std::io::BufReader::new(child.stdout.take().expect("its words"));
    let mut line = String::new();
    for _ in 0..3 {
        std::io::BufRead::read_line(&mut out, &mut line).expect("a line");
    }
    let killed = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(killed.expect("kill is there").success());
    std::io::Read::read_to_string(&mut out, &mut line).expect("the rest");
    assert_eq!(child.wait().expect("it ends").code(), Some(130), "{line}");
    let read = |name: &str| read(&folder, &format!("rehearse-out/{name}"));
    let json: Value = serde_json::from_str(&read("run.json")).expect("JSON");
    is_valid(&schema(), &json);
    assert_eq!(
        (&json["verdict"], &json["stopped_early"], &json["exit_code"]),
        (&"stopped".into(), &true.into(), &130.into())
    );
    let n_done = json["cases"].as_array().map_or(0, Vec::len);
    assert_eq!(json["counts"]["not_run"], 201 - n_done);
    assert!(read("run.tap").contains("\nBail out! Stopped early: this is a partial result, "));
    let all = elements(&read("junit.xml"));
    is_a_dialect_that_pipelines_read(&all);
    assert_eq!(all[0].get("errors"), "1");
    assert_eq!(all.iter().filter(|it| it.name == "testcase").count(), n_done + 1);
    let last = read("run.ndjson").lines().next_back().map(str::to_owned).expect("a last line");
    assert!(last.contains("\"event\":\"run_ended\"") && last.contains("\"stopped_early\":true"), "{last}");
    assert!(
        read("summary.md")
            .contains("Stopped early: this is a partial result. Gate: not met (exit code 130).")
    );
}

/// Each report of a run, by its file.
fn all_reports(folder: &Folder, words: &[&str]) -> Vec<(&'static str, String)> {
    let reports =
        ["run", "--report", "junit,tap,json,ndjson,gitlab,markdown,github=gh.txt,azure=az.txt", "--out", "o"];
    let ended = folder.rehearse(&[&reports, words].concat());
    assert_ne!(ended.code, 0, "{}", ended.out);
    [
        "o/junit.xml",
        "o/run.tap",
        "o/run.json",
        "o/run.ndjson",
        "o/gl-code-quality-report.json",
        "o/summary.md",
    ]
    .into_iter()
    .chain(["gh.txt", "az.txt"])
    .map(|file| (file, read(folder, file)))
    .collect()
}

#[test]
fn every_report_says_why_the_gate_is_not_met_where_no_case_does() {
    let suite = "format: 1\nrequired clauses: [MOVE-1, TIME-1]\n";
    let folder = Folder::with(&[("scenarios/suite.yaml", suite), ("scenarios/a.yaml", TWO_CASES)]);
    for (file, text) in all_reports(&folder, &[]) {
        assert!(text.contains("MOVE-1") && !text.contains("TIME-1,"), "{file}:\n{text}");
        let is_at_the_suite = text.contains("scenarios/suite.yaml");
        assert!(
            is_at_the_suite || ["o/run.json", "o/run.ndjson", "o/summary.md"].contains(&file),
            "{file}:\n{text}"
        );
    }
    let junit = read(&folder, "o/junit.xml");
    assert!(junit.contains("tests=\"3\" skipped=\"0\" failures=\"1\""), "{junit}");
    let tap = read(&folder, "o/run.tap");
    assert!(tap.contains("\nnot ok 3 - required clause MOVE-1\n") && tap.ends_with("\n1..3\n"), "{tap}");
    let line = read(&folder, "o/run.ndjson");
    let line: Value = serde_json::from_str(line.lines().last().expect("a line")).expect("JSON");
    is_valid(&schema(), &line);
    // Nine failures do not push it out of what a pipeline shows.
    let thirty = thirty();
    thirty.rehearse(&["run", "tests", "--require-clauses", "MOVE-1", "--report", "github=gh.txt"]);
    let shown = read(&thirty, "gh.txt");
    assert!(
        shown.starts_with("::error file=tests,line=1,col=1,title=the run%3A Required clauses::"),
        "{shown}"
    );
    assert_eq!(shown.lines().count(), 10);
    assert!(shown.contains("And 22 more"), "{shown}");
}

#[test]
fn every_report_says_that_it_is_partial_or_that_nothing_was_run() {
    let skipped = PASSES.replace("tags: [first]", "skip: { reason: waits for a fix }");
    let folder = Folder::with(&[("scenarios/a.yaml", &skipped)]);
    for (file, text) in all_reports(&folder, &[]) {
        let said = match file {
            "o/run.json" | "o/run.ndjson" => "\"verdict\": \"skipped\"",
            _ => "Nothing was run: 1 case was skipped",
        };
        assert!(
            text.contains(said)
                || text.contains(&said.replace(": ", ":"))
                || text.contains(&said.replace(": ", "&#58; ")),
            "{file}:\n{text}"
        );
    }
    let thirty = thirty();
    thirty.rehearse(&["run", "tests"]);
    std::fs::rename(thirty.path.join("tests/scenarios"), thirty.path.join("scenarios")).expect("a folder");
    for (file, text) in all_reports(&thirty, &["--max-fail", "2"]) {
        let is_said = text.contains("28 cases were not run")
            || text.contains("\"stopped_early\":true")
            || text.contains("\"stopped_early\": true")
            || text.contains("Stopped early: this is a partial result");
        assert!(is_said, "{file}:\n{text}");
    }
}
