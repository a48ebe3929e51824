//! The ready-made pipelines, kept true: each is read by a YAML parser that is not the one rehearse uses, and what it says
//! to the shell is run here, in a suite that passes and in one that fails.

mod common;

use common::{Ended, FAILS, Folder, PASSES};
use saphyr::{LoadableYamlNode as _, Yaml};
use std::{collections::BTreeMap, fs, path::Path, process::Command};

/// Each template, and the report that its platform reads beside JUnit.
const TEMPLATES: [&str; 3] =
    [".github/actions/rehearse/action.yml", ".gitlab/rehearse.gitlab-ci.yml", ".azure/rehearse.yml"];

/// What a template says to the shell, with the variables that it sets there.
struct Script {
    text: String,
    variables: BTreeMap<String, String>,
}

fn template(name: &str) -> Yaml<'static> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(name);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut documents =
        Yaml::load_from_str(&text.leak()[..]).unwrap_or_else(|error| panic!("{name}: {error}"));
    assert_eq!(documents.len(), 1, "{name} is one document");
    documents.remove(0)
}

/// Every script in it, in the order of the file.
fn scripts(yaml: &Yaml<'_>, defaults: &BTreeMap<String, String>, found: &mut Vec<Script>) {
    if let Some(items) = yaml.as_sequence() {
        for item in items {
            scripts(item, defaults, found);
        }
    }
    let Some(mapping) = yaml.as_mapping() else { return };
    let variables = ["env", "variables"]
        .into_iter()
        .filter_map(|key| yaml.as_mapping_get(key)?.as_mapping())
        .flatten()
        .filter_map(|(name, value)| Some((name.as_str()?.to_owned(), text_of(value, defaults))))
        .collect::<BTreeMap<String, String>>();
    for (key, value) in mapping {
        match key.as_str() {
            Some("run" | "bash" | "script" | "before_script") => {
                let lines = value.as_sequence().map_or_else(
                    || value.as_str().unwrap_or_default().to_owned(),
                    |lines| lines.iter().filter_map(Yaml::as_str).collect::<Vec<_>>().join("\n"),
                );
                found.push(Script { text: lines, variables: variables.clone() });
            }
            _ => scripts(value, defaults, found),
        }
    }
}

/// A value as the platform fills it in where nobody gives another one.
fn text_of(value: &Yaml<'_>, defaults: &BTreeMap<String, String>) -> String {
    let text = value.as_str().unwrap_or_default();
    match text.strip_prefix("${{").and_then(|text| text.strip_suffix("}}")) {
        Some(name) => {
            let name = name.trim();
            defaults.get(name).unwrap_or_else(|| panic!("{name} is not declared")).trim().to_owned()
        }
        None => text.to_owned(),
    }
}

/// `inputs.paths` of GitHub, `parameters.paths` of Azure.
fn defaults(yaml: &Yaml<'_>) -> BTreeMap<String, String> {
    let inputs = yaml.as_mapping_get("inputs").and_then(Yaml::as_mapping).into_iter().flatten();
    let inputs = inputs.map(|(name, input)| {
        let default = input.as_mapping_get("default").and_then(Yaml::as_str).expect("each has a default");
        (format!("inputs.{}", name.as_str().expect("a name")), default.to_owned())
    });
    let parameters = yaml.as_mapping_get("parameters").and_then(Yaml::as_sequence).into_iter().flatten();
    let parameters = parameters.map(|parameter| {
        let text = |key| parameter.as_mapping_get(key).and_then(Yaml::as_str).expect("name and default");
        (format!("parameters.{}", text("name")), text("default").to_owned())
    });
    inputs.chain(parameters).collect()
}

fn all_scripts(name: &str) -> Vec<Script> {
    let yaml = template(name);
    let mut found = Vec::new();
    scripts(&yaml, &defaults(&yaml), &mut found);
    found
}

/// The words of every command line that begins with `rehearse`, variables filled in.
fn command_lines(script: &Script) -> Vec<Vec<String>> {
    let text = script.text.replace("\\\n", " ");
    let lines = text.lines().map(str::trim).filter(|line| line.starts_with("rehearse "));
    lines
        .map(|line| {
            let mut line = line.to_owned();
            for (name, value) in &script.variables {
                let unless_empty = format!("${{{name}:+");
                if let Some((before, rest)) = line.clone().split_once(&unless_empty) {
                    let (inner, after) = rest.split_once('}').expect("it is closed");
                    let inner = if value.is_empty() { "" } else { inner };
                    line = format!("{before}{inner}{after}");
                }
                line = line.replace(&format!("${name}"), value);
            }
            assert!(!line.contains('$'), "a variable that nothing sets: {line}");
            shlex::split(&line).expect("words")
        })
        .collect()
}

fn suite(scenario: &str) -> Folder {
    Folder::with(&[("scenarios/suite.yaml", ""), ("scenarios/one.yaml", scenario)])
}

#[test]
fn every_command_line_is_one_that_rehearse_takes() {
    for name in TEMPLATES {
        let lines: Vec<Vec<String>> = all_scripts(name).iter().flat_map(command_lines).collect();
        let verbs: Vec<&str> = lines.iter().map(|words| words[1].as_str()).collect();
        assert_eq!(verbs, ["check", "run"], "{name}");
        for (scenario, codes) in [(PASSES, [0, 0]), (FAILS, [0, 1])] {
            let folder = suite(scenario);
            for (words, code) in lines.iter().zip(codes) {
                let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
                let ended = Ended::of(folder.command(&words).env("CI", "true"));
                assert_eq!(ended.code, code, "{name}: {words:?}\n{}{}", ended.out, ended.err);
            }
        }
    }
}

#[test]
fn what_the_templates_keep_is_what_rehearse_writes() {
    let folder = suite(PASSES);
    let files = |name: &str| {
        let lines: Vec<Vec<String>> = all_scripts(name).iter().flat_map(command_lines).collect();
        for words in &lines {
            let words: Vec<&str> = words[1..].iter().map(String::as_str).collect();
            assert_eq!(Ended::of(folder.command(&words).env("CI", "true")).code, 0);
        }
        folder.files()
    };
    let there = files(TEMPLATES[1]);
    let gitlab = template(TEMPLATES[1]);
    let artifacts = gitlab[".rehearse"]["artifacts"]["reports"].as_mapping().expect("reports");
    assert_eq!(artifacts.len(), 2);
    for (_, path) in artifacts {
        let path = path.as_str().expect("a path").to_owned();
        assert!(there.contains(&path), "{path} is not among {there:?}");
    }
    let there = files(TEMPLATES[2]);
    let azure = template(TEMPLATES[2]);
    let published = azure["steps"][3]["inputs"]["testResultsFiles"].as_str().expect("a path").to_owned();
    assert!(there.contains(&published), "{published} is not among {there:?}");
}

#[test]
fn nothing_that_somebody_else_wrote_is_put_into_a_script() {
    for name in TEMPLATES {
        for script in all_scripts(name) {
            assert!(!script.text.contains("${{"), "{name}: values come as variables: {}", script.text);
        }
    }
}

/// As the platforms do it: bash, which ends at the first command that fails.
#[cfg(unix)]
#[test]
fn the_scripts_run_in_bash_and_end_as_the_run_does() {
    let binary = Path::new(env!("CARGO_BIN_EXE_rehearse"));
    let path = format!(
        "{}:{}",
        binary.parent().expect("a folder").display(),
        std::env::var("PATH").unwrap_or_default()
    );
    if Command::new("bash").arg("--version").output().is_err() {
        eprintln!("NOT RUN: bash is not here");
        return;
    }
    for name in TEMPLATES {
        for (scenario, code) in [(PASSES, 0), (FAILS, 1)] {
            let folder = suite(scenario);
            let ended: Vec<i32> = all_scripts(name)
                .iter()
                .map(|script| {
                    let mut bash = Command::new("bash");
                    bash.args(["--noprofile", "--norc", "-eo", "pipefail", "-c", &script.text]);
                    bash.current_dir(&folder.path).envs(&script.variables);
                    bash.env("PATH", &path).env("CI", "true").env("GITHUB_PATH", "/dev/null");
                    bash.env("GITHUB_ACTION_PATH", ".").env("RUNNER_TEMP", ".");
                    bash.env_remove("GITHUB_ACTIONS").env_remove("GITLAB_CI").env_remove("TF_BUILD");
                    let ended = Ended::of(&mut bash);
                    assert!(ended.code < 2, "{name}: {}{}", ended.out, ended.err);
                    ended.code
                })
                .collect();
            assert_eq!(ended.last(), Some(&code), "{name}: {ended:?}");
            assert!(ended[..ended.len() - 1].iter().all(|&code| code == 0), "{name}: {ended:?}");
            let files = folder.files();
            assert!(files.contains(&"rehearse-out/junit.xml".to_owned()), "{name}: {files:?}");
        }
    }
}
