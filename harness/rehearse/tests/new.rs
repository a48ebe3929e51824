//! `rehearse new`, as a shell sees it.

mod common;

use common::{Folder, PASSES};

const TEMPLATES: &[&str] = &[
    "correction-arrives",
    "kept-in-acp",
    "overwritten",
    "duplicate",
    "mapped-before-go-live",
    "lost-on-the-way",
];

#[test]
fn every_template_passes_is_laid_out_and_finds_its_schema() {
    let folder = Folder::new();
    for template in TEMPLATES {
        let name = format!("made/{template}");
        let ended = folder.rehearse(&["new", "--no-input", "--template", template, "--name", &name]);
        assert_eq!((ended.code, ended.err.as_str()), (0, ""), "{template}: {}", ended.out);
        assert!(ended.out.starts_with(&format!("Wrote scenarios/made/{template}.yaml (")), "{}", ended.out);
        assert!(ended.out.contains("It passes.\n"), "{}", ended.out);
        let text = folder.read(&format!("scenarios/made/{template}.yaml"));
        let first = text.lines().next().expect("it has lines");
        assert_eq!(first, "# yaml-language-server: $schema=../.rehearse/scenario.schema.json");
    }
    assert_eq!(folder.read("scenarios/.rehearse/scenario.schema.json"), folder.rehearse(&["schema"]).out);
    let run = folder.rehearse(&["run", "scenarios"]);
    assert_eq!(run.code, 0, "{}", run.out);
    assert_eq!(folder.rehearse(&["fmt", "--check", "scenarios"]).code, 0);
    let help = folder.rehearse(&["new", "--help"]).out;
    assert!(TEMPLATES.iter().all(|template| help.contains(template)), "{help}");
}

#[test]
fn the_schema_of_the_suite_is_used_where_it_has_one() {
    let folder = Folder::with(&[
        ("team/suite.yaml", "# root\n"),
        ("team/scenario.schema.json", "{}"),
        ("team/branches/a.yaml", PASSES),
    ]);
    let words = ["new", "--no-input", "--template", "overwritten", "--name", "b", "--in", "team/branches"];
    let ended = folder.rehearse(&words);
    assert_eq!(ended.code, 0, "{}", ended.err);
    let text = folder.read("team/branches/b.yaml");
    assert!(
        text.starts_with("# yaml-language-server: $schema=../scenario.schema.json\nscenario: "),
        "{text}"
    );
    assert_eq!(folder.read("team/scenario.schema.json"), "{}", "somebody's own file stays");
    assert_eq!(folder.files().len(), 4, "{:?}", folder.files());
}

#[test]
fn nothing_is_written_over() {
    let folder = Folder::with(&[("scenarios/mine.yaml", PASSES)]);
    let words = ["new", "--no-input", "--template", "overwritten", "--name", "mine"];
    let ended = folder.rehearse(&words);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(
        ended.err.starts_with("scenarios/mine.yaml is there already and was left as it is."),
        "{}",
        ended.err
    );
    assert_eq!(folder.read("scenarios/mine.yaml"), PASSES);
    assert_eq!(folder.files().len(), 1, "{:?}", folder.files());
}

#[test]
fn where_nothing_can_be_asked_the_flag_is_named() {
    let folder = Folder::new();
    let ended = folder.rehearse(&["new"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(ended.err.contains("say it with --template: correction-arrives, kept-in-acp"), "{}", ended.err);
    let ended = folder.rehearse(&["new", "--no-input", "--template", "duplicate"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("say it with --name"), "{}", ended.err);
    let ended = folder.rehearse(&["new", "--no-input", "--template", "duplicat", "--name", "x"]);
    assert_eq!(ended.code, 2);
    assert!(ended.err.contains("'duplicate'"), "{}", ended.err);
    assert!(folder.files().is_empty(), "{:?}", folder.files());
}

#[test]
fn names_that_lead_elsewhere_are_refused() {
    let folder = Folder::new();
    for name in ["../outside", "/etc/x", "a//b", "", ".hidden", "a\u{1b}[31m", "c:x"] {
        let ended = folder.rehearse(&["new", "--no-input", "--template", "duplicate", "--name", name]);
        assert_eq!((ended.code, ended.out.as_str()), (2, ""), "{name}");
        assert!(ended.err.contains("cannot be the name of a scenario"), "{name}: {}", ended.err);
        assert!(!ended.err.contains('\u{1b}'), "{name}");
    }
    assert!(folder.files().is_empty(), "{:?}", folder.files());
}

#[test]
fn a_title_of_ones_own_stays_a_title() {
    let folder = Folder::new();
    for (n, title) in ["She moves", "Note: \"yes\" #1 {x}", "- - -"].iter().enumerate() {
        let name = format!("t{n}");
        let words = ["new", "--no-input", "--template", "overwritten", "--name", &name, "--title", title];
        assert_eq!(folder.rehearse(&words).code, 0, "{title}");
    }
    let list = folder.rehearse(&["list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&list.out).expect("JSON");
    assert_eq!(list["scenarios"][1]["title"], "Note: \"yes\" #1 {x}");
}

#[test]
fn a_row_of_a_go_live_plan_becomes_a_scenario_without_names() {
    let rostering = "Client ID,Forename,Surname,DOB,Branch\n00482,Doreen,Okafor,04/11/1938,Leeds North\n\
                     00490,Harold,Price,14/04/1941,Bradford\n00510,Owen,Hughes,22/09/1944,Bradford\n";
    let acp = "Record ID,External ID,First name,Last name,Date of birth,Branch,Service,Status,Care history\n\
               18804,00482,Doreen,Okafor,04/11/1938,Leeds North,Home Care,Active,Yes\n\
               18810,,Harold,Price,14/04/1941,Bradford,Home Care,Active,Yes\n";
    let folder = Folder::with(&[("rostering.csv", rostering), ("acp.csv", acp)]);
    let planned =
        folder.rehearse(&["plan", "rostering.csv", "acp.csv", "--customer", "Calder", "--no-workbook"]);
    assert_eq!(planned.code, 0, "{}{}", planned.out, planned.err);
    for (row, name, plan) in [
        ("00482", "updated", "rehearse-out/calder"),
        ("00490", "twice", "rehearse-out/calder/plan.json"),
        ("00510", "made", "rehearse-out/calder"),
    ] {
        let ended = folder.rehearse(&["new", "--from-plan", plan, "--row", row, "--name", name]);
        assert_eq!(ended.code, 0, "{}{}", ended.out, ended.err);
        assert!(ended.out.contains("It passes."), "{}", ended.out);
        let text = folder.read(&format!("scenarios/{name}.yaml"));
        assert!(text.starts_with("# yaml-language-server: ") && text.contains(row), "{text}");
        for value in ["Okafor", "Price", "Hughes", "1938"] {
            assert!(!text.contains(value), "{text}");
        }
    }
    assert!(folder.read("scenarios/made.yaml").contains("a new record is made"));
    assert_eq!(folder.rehearse(&["fmt", "--check"]).code, 0);
    let before = folder.files();
    let ended =
        folder.rehearse(&["new", "--from-plan", "rehearse-out/calder", "--row", "0048", "--name", "x"]);
    assert_eq!((ended.code, ended.out.as_str()), (2, ""));
    assert!(
        ended.err.contains("has no service user") && ended.err.contains("Nearest: 00482"),
        "{}",
        ended.err
    );
    let ended = folder.rehearse(&["new", "--from-plan", "nowhere", "--row", "00482", "--name", "x"]);
    assert_eq!(ended.code, 2, "{}", ended.err);
    assert_eq!(folder.rehearse(&["new", "--from-plan", "rehearse-out/calder", "--name", "x"]).code, 2);
    assert_eq!(folder.files(), before);
}
