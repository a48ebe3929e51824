//! `rehearse plan` and `rehearse signoff`, as somebody at a command line sees them: two small exports, a workbook that people
//! fill in, a gate, a sign-off, and the day after.

mod common;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use common::{Ended, Folder};
use rust_xlsxwriter::Workbook;
use std::{fs, io::Cursor};

const ROSTERING: &str = "\
Client ID,Title,Forename,Surname,DOB,NHS Number,Postcode,Branch,End Date
00482,Mrs,Doreen,Okafor,04/11/1938,999 000 0018,LS7 4AB,Leeds North,
00490,Mr,Harold,Price,14/04/1941,999 000 0026,BD1 2CD,Bradford,
00501,Mr,Rhys,Evans,17/01/1950,,CF10 1AA,Leeds Nth,
00502,Ms,Priya,Shah,20/07/1931,,HX1 1BB,Leeds Nth,
00510,Mr,Owen,Hughes,22/09/1944,999 000 0034,LS9 8XY,Bradford,
00511,Mrs,Ivy,Marsh,13/02/1936,,LS1 3AA,Bradford,
00512,Mrs,\"=HYPERLINK(\"\"x\"\")\",Bell,25/12/1929,,YO1 1AA,Leeds North,
";

const ACP: &str = "\
Record ID,External ID,First name,Last name,Date of birth,NHS number,Postcode,Branch,Service,Status,Care history
18804,482,Doreen,Okafor,04/11/1938,999 000 0018,LS7 4AB,Leeds North,Home Care,Active,Yes
18810,00490,Harold,Price,14/04/1941,999 000 0026,BD1 2CD,Leeds West,Live-in Care,Active,Yes
18811,00510,Margaret,Ellis,30/01/1927,999 000 0042,LS3 3AA,Bradford,Home Care,Active,Yes
18812,PP-77,Iris,Stone,02/02/1922,,YO1 2BB,Bradford,Home Care,Active,No
18813,00511,Ivy,March,13/02/1936,,LS1 3AA,Bradford,Home Care,Active,No
18814,,Owen,Hughes,22/09/1944,999 000 0034,LS9 8XY,Bradford,Home Care,Active,Yes
";

const PLAN: [&str; 9] = [
    "plan",
    "rostering.csv",
    "acp.csv",
    "--customer",
    "Calder Valley",
    "--now",
    "2026-02-27 16:10",
    "--first-sync",
    "2026-03-02 09:00",
];

const OUT: &str = "rehearse-out/calder-valley";

fn exports() -> Folder {
    Folder::with(&[("rostering.csv", ROSTERING), ("acp.csv", ACP)])
}

fn plan(folder: &Folder, more: &[&str]) -> Ended {
    folder.rehearse(&[&PLAN[..], more].concat())
}

fn read(folder: &Folder, name: &str) -> Vec<u8> {
    fs::read(folder.path.join(OUT).join(name)).expect("it was written")
}

fn json(folder: &Folder) -> serde_json::Value {
    serde_json::from_slice(&read(folder, "plan.json")).expect("JSON")
}

fn outcome<'a>(plan: &'a serde_json::Value, identifier: &str) -> &'a str {
    let rows = plan["rows"].as_array().expect("rows");
    let row = rows.iter().find(|row| row["external_id"] == identifier).expect("the service user is there");
    row["outcome"].as_str().expect("a word")
}

#[test]
fn every_service_user_has_one_outcome_and_the_worst_comes_first() {
    let folder = exports();
    let ended = plan(&folder, &[]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let document = json(&folder);
    for (identifier, expected) in [
        ("00482", "likely-duplicate"),
        ("00490", "will-change-branch"),
        ("00501", "cannot-be-sent"),
        ("00502", "cannot-be-sent"),
        ("00510", "may-overwrite-another-person"),
        ("00511", "will-be-updated"),
        ("00512", "will-be-created"),
    ] {
        assert_eq!(outcome(&document, identifier), expected, "{identifier}");
    }
    let worst = ended.out.find("00510").expect("the worst is told by name");
    assert!(worst < ended.out.find("Fix these first").expect("causes"), "{}", ended.out);
    assert!(ended.out.contains("4 of 7 service users need attention"), "{}", ended.out);
    assert!(ended.out.contains("Nothing has been changed anywhere"), "{}", ended.out);
}

#[test]
fn causes_say_what_they_clear_as_planned_again() {
    let folder = exports();
    let out = plan(&folder, &[]).out;
    assert!(out.contains("\"Leeds Nth\" in rostering, \"Leeds North\" in ACP"), "{out}");
    assert!(out.contains("clears 2 of 2 that cannot be sent"), "{out}");
    assert!(out.contains("00482 in rostering is 482 in ACP"), "{out}");
    assert!(out.contains("clears 1 of 1 likely duplicates"), "{out}");
}

#[test]
fn a_move_out_of_a_service_with_care_history_waits_for_support() {
    let folder = exports();
    plan(&folder, &[]);
    let document = json(&folder);
    let row = document["rows"].as_array().expect("rows").iter().find(|row| row["external_id"] == "00490");
    let row = row.expect("Harold");
    assert_eq!(row["held"], "held for Support");
    assert!(row["why"].as_str().is_some_and(|why| why.ends_with("[MOVE-1]")), "{row}");
}

#[test]
fn a_gate_is_the_last_line_and_the_exit_code() {
    let folder = exports();
    let alone = plan(&folder, &["--gate"]);
    assert_eq!(alone.code, 1);
    let last = alone.out.lines().last().expect("a line");
    assert!(last.starts_with("gate: not met: may-overwrite-another-person 1, at most 0"), "{last}");
    let wide = "--gate=may-overwrite-another-person=1,cannot-be-sent=2,likely-duplicate=1";
    let met = plan(&folder, &[wide]);
    assert_eq!((met.code, met.out.lines().last()), (0, Some("gate: met")));
    let unknown = plan(&folder, &["--gate=likely-duplicates=1"]);
    assert_eq!(unknown.code, 2);
    assert!(unknown.err.contains("did you mean likely-duplicate?"), "{}", unknown.err);
}

#[test]
fn outputs_are_the_same_bytes_for_any_number_of_jobs() {
    let (one, many) = (exports(), exports());
    let (a, b) = (plan(&one, &["--jobs", "1"]), plan(&many, &["--jobs", "7"]));
    assert_eq!(a.out, b.out);
    for name in ["plan.json", "plan.xlsx", "columns.txt"] {
        assert!(read(&one, name) == read(&many, name), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn outputs_are_private_and_say_that_they_hold_personal_data() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = exports();
    plan(&folder, &[]);
    let mode = |path: &str| fs::metadata(folder.path.join(path)).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(OUT), 0o700);
    for name in ["plan.json", "plan.xlsx", "CONTAINS-PERSONAL-DATA.txt"] {
        assert_eq!(mode(&format!("{OUT}/{name}")), 0o600, "{name}");
    }
}

#[test]
fn redacted_outputs_hold_no_name_date_of_birth_or_nhs_number() {
    let folder = exports();
    let ended = plan(&folder, &["--redact", "names", "--show", "all"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let sheets: String =
        workbook(&read(&folder, "plan.xlsx")).into_iter().flat_map(|(_, rows)| rows.concat()).collect();
    for text in [&ended.out, &String::from_utf8_lossy(&read(&folder, "plan.json")).into_owned(), &sheets] {
        for personal in ["Okafor", "Doreen", "1938", "999 000", "9990000018", "LS7", "Margaret"] {
            assert!(!text.contains(personal), "{personal} in {text}");
        }
        assert!(text.contains("00482"));
    }
    let all = plan(&folder, &["--redact", "all", "--show", "all"]);
    for identifier in ["00482", "18804", "00510"] {
        assert!(!all.out.contains(identifier), "{identifier} in {}", all.out);
    }
}

/// Three NHS numbers with a wrong check digit are one kind of problem; the numbers say who somebody is.
#[test]
fn problems_of_one_kind_are_told_once_with_their_places_and_no_personal_value_where_names_are_left_out() {
    let mut rostering = ROSTERING.to_owned();
    for number in ["999 000 0019", "999 000 0027", "999 000 0035"] {
        rostering
            .push_str(&format!("0{},Mr,Adam,Reed,01/02/1940,{number},LS1 1AA,Bradford,\n", &number[8..]));
    }
    let folder = Folder::with(&[("rostering.csv", &rostering), ("acp.csv", ACP)]);
    let told = plan(&folder, &[]).err;
    assert_eq!(told.matches("[NHS-3]").count(), 1, "{told}");
    assert!(told.contains(r#"Also on line 10 ("999 000 0027"), 11 ("999 000 0035")."#), "{told}");
    let redacted = plan(&folder, &["--redact", "names"]).err;
    assert!(redacted.contains("Also on line 10, 11.") && !redacted.contains("999 000"), "{redacted}");
}

/// Every sheet as text.
fn workbook(bytes: &[u8]) -> Vec<(String, Vec<Vec<String>>)> {
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(bytes)).expect("a workbook");
    let names = workbook.sheet_names();
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        other => other.to_string(),
    };
    names
        .into_iter()
        .map(|name| {
            let range = workbook.worksheet_range(&name).expect("a sheet");
            let rows = range.rows().map(|row| row.iter().map(cell).collect()).collect();
            (name, rows)
        })
        .collect()
}

fn decisions(folder: &Folder) -> Vec<Vec<String>> {
    let sheets = workbook(&read(folder, "plan.xlsx"));
    sheets.into_iter().find(|(name, _)| name == "Decisions").expect("the sheet").1
}

/// Writes a workbook with this sheet, the way somebody gives it back.
fn give_back(folder: &Folder, path: &str, rows: &[Vec<String>]) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Decisions").expect("a name");
    for (at, row) in (0..).zip(rows) {
        for (column, text) in (0..).zip(row) {
            sheet.write_string(at, column, text).expect("a cell");
        }
    }
    folder.write(path, workbook.save_to_buffer().expect("a workbook"));
}

/// Decides by external ID.
fn decide(rows: &mut [Vec<String>], identifier: &str, choice: &str, record: &str) {
    let row = rows.iter_mut().find(|row| row[1] == identifier).expect("the row is there");
    choice.clone_into(&mut row[12]);
    record.clone_into(&mut row[13]);
    "J. Malik".clone_into(&mut row[14]);
}

#[test]
fn the_workbook_has_its_sheets_text_stays_text_and_no_formula_holds_data() {
    let folder = exports();
    plan(&folder, &[]);
    let bytes = read(&folder, "plan.xlsx");
    let sheets = workbook(&bytes);
    let names: Vec<&str> = sheets.iter().map(|(name, _)| name.as_str()).collect();
    let expected = [
        "Start here",
        "Fix first",
        "Decisions",
        "All service users",
        "Field changes",
        "Branches",
        "Sign-off",
        "Problems",
        "About",
    ];
    assert_eq!(names, expected);
    let everybody = &sheets[3].1;
    assert!(everybody.iter().any(|row| row[1] == "00482"), "zeros are kept");
    assert!(everybody.iter().flatten().any(|cell| cell.contains("=HYPERLINK(\"x\")")), "as text");
    let mut workbook: Xlsx<_> = open_workbook_from_rs(Cursor::new(&bytes[..])).expect("a workbook");
    for name in expected {
        let formulas = workbook.worksheet_formula(name).expect("a sheet");
        let found: Vec<&String> = formulas.rows().flatten().filter(|it| !it.is_empty()).collect();
        assert!(found.iter().all(|it| it.starts_with("COUNTIF(Decisions!")), "{name}: {found:?}");
    }
}

#[test]
fn decisions_come_back_in_any_order_with_columns_added_and_change_the_plan() {
    let folder = exports();
    plan(&folder, &[]);
    let mut rows = decisions(&folder);
    decide(&mut rows, "00482", " same PERSON ", "");
    decide(&mut rows, "00510", "Different people", "");
    rows[1..].reverse();
    for row in &mut rows {
        row.insert(0, "a column of ours".to_owned());
    }
    give_back(&folder, "filled.xlsx", &rows);
    let ended = plan(&folder, &["--decisions", "filled.xlsx"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    assert!(ended.out.contains("2 decided"), "{}", ended.out);
    let document = json(&folder);
    assert_eq!(outcome(&document, "00482"), "no-change");
    assert_eq!(
        outcome(&document, "00510"),
        "likely-duplicate",
        "Owen has a record of his own, which nobody has decided"
    );
    let mapping = String::from_utf8(read(&folder, "mapping.csv")).expect("UTF-8");
    assert!(mapping.contains("18804,Home Care,Leeds North,yes,people planner,,00482,482,map,"), "{mapping}");
    assert!(mapping.contains("18811,Home Care,Bradford,yes,people planner,,,00510,take off,"), "{mapping}");
    let again = decisions(&folder);
    let doreen = again.iter().find(|row| row[1] == "00482").expect("what is decided stays in the workbook");
    assert_eq!((doreen[12].as_str(), doreen[14].as_str()), ("Same person", "J. Malik"));
}

#[test]
fn clashes_stale_and_deleted_rows_are_named_and_not_used() {
    let folder = exports();
    plan(&folder, &[]);
    let rows = decisions(&folder);
    let mut clash = rows.clone();
    decide(&mut clash, "00482", "Same person", "18814");
    decide(&mut clash, "00510", "Same person", "18814");
    give_back(&folder, "clash.xlsx", &clash);
    let out = plan(&folder, &["--decisions", "clash.xlsx"]).out;
    assert!(out.contains("You chose record 18814, which row"), "{out}");
    assert!(out.contains("Not ready to sign off: 2 in a clash"), "{out}");
    assert_eq!(outcome(&json(&folder), "00482"), "likely-duplicate");

    let mut unknown = rows.clone();
    decide(&mut unknown, "00482", "Perhaps", "");
    decide(&mut unknown, "00510", "Same person", "99999");
    give_back(&folder, "unknown.xlsx", &unknown);
    let out = plan(&folder, &["--decisions", "unknown.xlsx"]).out;
    assert!(out.contains("\"Perhaps\" is no decision"), "{out}");
    assert!(out.contains("no record \"99999\""), "{out}");

    let deleted: Vec<Vec<String>> = rows.iter().filter(|row| row[1] != "00510").cloned().collect();
    give_back(&folder, "deleted.xlsx", &deleted);
    let out = plan(&folder, &["--decisions", "deleted.xlsx"]).out;
    assert!(out.contains("not in the workbook") && out.contains("00510"), "{out}");

    let mut stale = rows;
    decide(&mut stale, "00482", "Same person", "");
    give_back(&folder, "stale.xlsx", &stale);
    folder.write("rostering.csv", ROSTERING.replace("Doreen,Okafor,04/11/1938", "Doreen,Okafor,05/11/1938"));
    let out = plan(&folder, &["--decisions", "stale.xlsx"]).out;
    assert!(out.contains("changed in the rostering system after the workbook was made"), "{out}");

    folder.write("no.xlsx", "this is no workbook");
    let refused = plan(&folder, &["--decisions", "no.xlsx"]);
    assert_eq!(refused.code, 2);
    assert!(refused.err.contains("no workbook that can be read"), "{}", refused.err);
}

/// Everything decided and put right, so that it can be signed.
fn ready() -> Folder {
    let folder = exports();
    folder.write("rostering.csv", ROSTERING.replace("Leeds Nth", "Leeds North"));
    plan(&folder, &[]);
    let mut rows = decisions(&folder);
    decide(&mut rows, "00482", "Same person", "");
    decide(&mut rows, "00510", "Same person", "18814");
    give_back(&folder, "filled.xlsx", &rows);
    let ended = plan(&folder, &["--decisions", "filled.xlsx", "--gate"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    folder
}

fn sign(folder: &Folder, number: &str) -> Ended {
    let plan = format!("{OUT}/plan.json");
    let words = ["signoff", &plan, "--name", "J. Malik", "--role", "Consultant", "--number", number];
    folder.rehearse(&[&words[..], &["--now", "2026-02-27 17:00"]].concat())
}

#[test]
fn a_plan_is_signed_by_its_number_and_only_when_nothing_is_open() {
    let open = exports();
    plan(&open, &[]);
    let number = json(&open)["number"].as_str().expect("a number").to_owned();
    let refused = sign(&open, &number);
    assert_eq!(refused.code, 1);
    assert!(refused.err.contains("Not ready to sign off: 1 may overwrite another person"), "{}", refused.err);

    let folder = ready();
    let number = json(&folder)["number"].as_str().expect("a number").to_owned();
    assert_eq!(sign(&folder, "0000-0000").code, 1);
    let signed = sign(&folder, &number);
    assert_eq!(signed.code, 0, "{signed:?}");
    let altered = String::from_utf8(read(&folder, "plan.json"))
        .expect("UTF-8")
        .replace("Same person", "Different people");
    folder.write(&format!("{OUT}/plan.json"), altered);
    let altered = sign(&folder, &number);
    assert_eq!(altered.code, 1);
    assert!(altered.err.contains("was altered after it was made"), "{}", altered.err);
}

#[test]
fn a_sign_off_holds_until_something_changes_and_then_tells_only_that() {
    let folder = ready();
    let number = json(&folder)["number"].as_str().expect("a number").to_owned();
    sign(&folder, &number);
    let check = |rostering: &str| {
        let plan = format!("{OUT}/plan.json");
        folder.rehearse(&["signoff", &plan, "--check", "--rostering", rostering, "--acp", "acp.csv"])
    };
    let holds = check("rostering.csv");
    assert_eq!(holds.code, 0, "{holds:?}");
    assert!(holds.out.contains("still holds"), "{}", holds.out);
    let monday =
        ROSTERING.replace("Leeds Nth", "Leeds North").replace("00512,", "00513,").replace("Ivy", "Ivie");
    folder.write("monday.csv", monday + "00600,Mr,Kit,Ward,01/05/1940,,LS2 2AA,Bradford,\n");
    let over = check("monday.csv");
    assert_eq!(over.code, 1, "{over:?}");
    assert!(over.out.contains("3 things changed"), "{}", over.out);
    for line in ["external ID 00512 is now 00513", "00600 is new in rostering", "00511: changed in rostering"]
    {
        assert!(over.out.contains(line), "{line} in {}", over.out);
    }
    assert!(!over.out.contains("00490"), "what is the same is not told: {}", over.out);
    let words =
        ["plan", "monday.csv", "acp.csv", "--customer", "Calder Valley", "--first-sync", "2026-03-02 09:00"];
    let since = folder.rehearse(&[&words[..], &["--since", &number]].concat());
    assert!(since.out.contains("3 things changed since plan"), "{since:?}");
}

#[test]
fn after_the_day_the_first_sync_is_held_to_the_plan() {
    let folder = ready();
    // As ACP is once 00482, 00510 were put on their records and the first sync went through.
    let done = "\
Record ID,External ID,First name,Last name,Date of birth,NHS number,Postcode,Branch,Service,Status,Care history
18804,00482,Doreen,Okafor,04/11/1938,999 000 0018,LS7 4AB,Leeds North,Home Care,Active,Yes
18810,00490,Harold,Price,14/04/1941,999 000 0026,BD1 2CD,Leeds West,Live-in Care,Active,Yes
18811,,Margaret,Ellis,30/01/1927,999 000 0042,LS3 3AA,Bradford,Home Care,Active,Yes
18812,PP-77,Iris,Stone,02/02/1922,,YO1 2BB,Bradford,Home Care,Active,No
18813,00511,Ivy,Marsh,13/02/1936,,LS1 3AA,Bradford,Home Care,Active,No
18814,00510,Owen,Hughes,22/09/1944,999 000 0034,LS9 8XY,Bradford,Home Care,Active,Yes
18901,00501,Rhys,Evans,17/01/1950,,CF10 1AA,Leeds North,Home Care,Active,No
18902,00502,Priya,Shah,20/07/1931,,HX1 1BB,Leeds North,Home Care,Active,No
18903,00512,\"=HYPERLINK(\"\"x\"\")\",Bell,25/12/1929,,YO1 1AA,Leeds North,Home Care,Active,No
";
    folder.write("after.csv", done);
    let after = |file: &str| {
        folder.rehearse(&[
            "plan",
            "--customer",
            "Calder Valley",
            "--after",
            file,
            "--now",
            "2026-03-03 09:00",
        ])
    };
    let fine = after("after.csv");
    assert_eq!(fine.code, 0, "{fine:?}");
    let wrong = done.replace("18804,00482", "18804,482")
        + "18904,00482,Doreen,Okafor,04/11/1938,,LS7 4AB,Leeds North,Home Care,Active,No\n";
    folder.write("wrong.csv", wrong.replace("Ivy,Marsh", "Ivy,March"));
    let wrong = after("wrong.csv");
    assert_eq!(wrong.code, 1, "{wrong:?}");
    assert!(wrong.out.contains("record 18904 was made beside theirs"), "{}", wrong.out);
    assert!(wrong.out.contains("family name is not as planned"), "{}", wrong.out);
}

#[test]
fn a_decided_plan_is_a_scenario_that_passes() {
    let folder = ready();
    let ended = plan(&folder, &["--decisions", "filled.xlsx", "--scenario", "scenarios/go-live.yaml"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    let scenario = fs::read_to_string(folder.path.join("scenarios/go-live.yaml")).expect("written");
    assert!(!scenario.contains("Okafor"), "no names: {scenario}");
    let run = folder.rehearse(&["run", "scenarios"]);
    assert_eq!(run.code, 0, "{run:?}\n{scenario}");
}

#[test]
fn the_morning_after_is_told() {
    let folder = exports();
    let out = plan(&folder, &["--simulate", "24h"]).out;
    assert!(out.contains("ACP at 9:00am on 3 March 2026, 24 hours after the first sync"), "{out}");
    assert!(out.contains("8 records: 6 before, and 2 made by the integration"), "{out}");
    assert!(out.contains("1 move waits for Support"), "{out}");
    assert!(out.contains("Full update 2 made or changed 0 records"), "{out}");
}

#[test]
fn columns_are_shown_and_remembered_and_what_was_typed_once_is_not_typed_again() {
    let folder = exports();
    let shown = plan(&folder, &["--columns"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    assert!(shown.out.contains("Client ID") && shown.out.contains("means external id"), "{}", shown.out);
    assert!(!folder.path.join(OUT).join("plan.json").exists(), "nothing is planned");
    plan(&folder, &[]);
    let again = folder.rehearse(&["plan", "--customer", "Calder Valley", "--now", "2026-02-28 09:00"]);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.out.contains("first sync 9:00am on 2 March 2026"), "{}", again.out);
}

#[test]
fn files_that_are_missing_or_no_exports_are_refused_and_nothing_is_written() {
    let folder = exports();
    folder.write("empty.csv", "");
    for exports in [["empty.csv", "acp.csv"], ["rostering.csv", "nowhere.csv"]] {
        let refused = folder.rehearse(&["plan", exports[0], exports[1]]);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.out.is_empty());
    }
    assert!(!folder.path.join("rehearse-out").exists());
    let one = folder.rehearse(&["plan", "rostering.csv"]);
    assert_eq!(one.code, 2);
    assert!(one.err.contains("two exports"), "{}", one.err);
}
