//! Stories of cases that were really played: what is told, what is folded, and that nothing from outside gets through.

use report::{Telling, Told, story};
use runner::{Trace, Verdict};
use scenario::Scenario;

/// The story of the first case of a scenario that begins at 9am on 2 March 2026 with two branches.
fn told(given_and_steps: &str, telling: Telling) -> String {
    told_with("", given_and_steps, telling)
}

fn told_with(head: &str, given_and_steps: &str, telling: Telling) -> String {
    let source = format!(
        "scenario: A test\nproves: [SYNC-1]\nclock: 2026-03-02 09:00 Europe/London\n{head}given:\n{given_and_steps}"
    );
    let mut none = |path: &str| Err(format!("{path} is not there"));
    let scenario = scenario::read("test.yaml", &source, &mut none)
        .unwrap_or_else(|mistakes| panic!("{}\n{source}", mistakes[0].render(&source, false)));
    let (trace, verdict) = played(&scenario);
    let case = &scenario.cases[0];
    let told = Told {
        name: "test",
        scenario: &scenario,
        source: &source,
        case,
        trace: &trace,
        verdict: &verdict,
        seed: None,
    };
    without_styles(&story(&told, telling))
}

/// The few styles of our own. Any other escape stays.
fn without_styles(text: &str) -> String {
    ["\u{1b}[1m", "\u{1b}[0m", "\u{1b}[31m", "\u{1b}[32m", "\u{1b}[33m"]
        .iter()
        .fold(text.to_owned(), |text, style| text.replace(style, ""))
}

fn played(scenario: &Scenario) -> (Trace, Verdict) {
    let mut acp = acp::Acp::default();
    let trace = runner::play(&scenario.cases[0], 1, &mut |now, call| acp.answer(now, call));
    let verdict = runner::judge(scenario, &scenario.cases[0], &trace);
    (trace, verdict)
}

fn short(given_and_steps: &str) -> String {
    told(given_and_steps, Telling::default())
}

/// Ada, near-term, in ACP.
const ADA: &str = "  - branches: [North Leeds, South Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - visit: { for: SU-1, starts: +40d }
  - visit: { for: SU-1, starts: +1d }
  - the first sync has finished
";

fn ada(steps: &str) -> String {
    short(&format!("{ADA}steps:\n{steps}"))
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    let mut from = 0;
    for part in parts {
        let at = text[from..].find(part);
        from += at.unwrap_or_else(|| panic!("{part:?} is not there, or not after the others:\n{text}"));
    }
}

#[test]
fn a_story_goes_by_days_and_names_who_acts_where() {
    let text = ada("  - when: she is moved by hand
    in acp: { service user: SU-1, set: { branch: South Leeds } }
  - then: she is put back
    within: 20m
    acp: { service user: SU-1, has: { branch: North Leeds } }
");
    has(
        &text,
        &[
            "Monday 2 March 2026\n",
            "  9:00am     rostering  adds SU-1 Ada Okafor in North Leeds\n",
            "             sync 1     full update: creates record R1 for SU-1: Ada Okafor in North Leeds (Home Care) [SYNC-5]\n",
            "  9:00am     WHEN she is moved by hand\n",
            "             guidance   warns: ",
            "             ACP        Tenant Administrator changes R1 (SU-1): branch North Leeds → South Leeds [OWN-7]\n",
            "             THEN she is put back\n",
            "             ... 17 minutes, nothing happened\n",
            "  9:17:49am  sync 2     updates R1 (SU-1): branch South Leeds → North Leeds [OWN-7]\n",
            "true at 9:17:49am, 17 minutes 49 seconds after (20 minutes allowed)\n",
            "Guidance at 9:17:49am on 2 March 2026: nothing is waiting and nothing is wrong.\nPassed.\n",
        ],
    );
}

#[test]
fn what_changes_nothing_is_counted_and_not_told() {
    let text = ada("  - then: nothing changes for a day
    for: 23h
    acp: { service user: SU-1, has: { branch: North Leeds } }
");
    has(
        &text,
        &[
            "... 23 hours: 91 updates changed nothing\n",
            "Tuesday 3 March 2026\n",
            "stayed true for 23 hours\n",
        ],
    );
    assert!(text.lines().count() < 20, "{text}");
    let every = told(
        &format!(
            "{ADA}steps:\n  - then: x\n    for: 23h\n    acp: {{ service user: SU-1, has: {{ branch: North Leeds }} }}\n"
        ),
        Telling { every_message: true, plain: false },
    );
    assert_eq!(every.matches("partial update is sent").count(), 92);
}

#[test]
fn the_same_refusal_every_quarter_of_an_hour_is_told_once() {
    let text = ada("  - when: her branch gets a name that ACP has not
    in rostering: { add branch: Hull }
  - when: and she is moved there
    in rostering: { service user: SU-1, set: { branch: Hull } }
  - then: she stays where she was
    for: 6h
    acp: { service user: SU-1, has: { branch: North Leeds } }
");
    assert_eq!(text.matches("refuses SU-1: ").count(), 1, "{text}");
    has(&text, &["refuses SU-1: ", "[PUB-3]", "22 updates changed nothing", "BRANCH UNKNOWN"]);
}

#[test]
fn milliseconds_are_told_where_they_decide() {
    let text = told_with(
        "faults: [{ lose: { update: partial } }]\n",
        &format!(
            "{ADA}steps:
  - when: her name is corrected
    in rostering: {{ service user: SU-1, set: {{ given name: Ade }} }}
  - then: a millisecond after the window a case is due
    after: 20m
    case: {{ service user: SU-1, kind: CASE-1, due: no }}
  - then: and not before
    after: 1ms
    case: {{ service user: SU-1, kind: CASE-1, due: yes }}
"
        ),
        Telling::default(),
    );
    has(
        &text,
        &[
            "FAULT: sync 2 is lost on the way",
            "  9:20am         THEN",
            "  9:20:00.001am  THEN and not before (true)\n",
            "OVERDUE",
            "A support case is due",
            "[CASE-1]",
        ],
    );
}

#[test]
fn a_crowd_is_counted() {
    let text = short(
        "  - branches: [North Leeds, South Leeds]
  - population: { service users: 200, seed: 7, visit: +2d }
  - the first sync has finished
steps:
  - then: all are there
    acp records: { origin: integration, count: 200 }
",
    );
    assert!(text.lines().count() < 30, "{text}");
    has(&text, &["full update: creates 200 records, R1 to R200 [SYNC-5]\n"]);
}

#[test]
fn support_accounts_for_every_item() {
    let text = short(
        "  - services: { Home Care: [North Leeds], Live-in Care: [Hull] }
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - the first sync has finished
  - care: { service user: SU-1, care plans: 1, forms: 2, documents: 1 }
steps:
  - when: Support moves her, all but the document
    in acp: { as: support, service user: SU-1, move to: Hull, leaving: [documents] }
  - then: nothing is lost
    account: { lost: 0 }
",
    );
    has(
        &text,
        &["care data: 1 care plan moved, 2 forms moved, 1 document left in Home Care, nothing lost\n"],
    );
}

#[test]
fn what_is_refused_says_who_tried_and_why() {
    let text = ada("  - when: a carer tries to move her
    in acp: { as: care staff, service user: SU-1, set: { branch: South Leeds } }
  - then: that is refused
    refused: yes
");
    has(&text, &["care staff try to change R1 (SU-1): branch North Leeds → South Leeds: REFUSED. "]);
}

#[test]
fn spaces_that_nobody_sees_are_said_in_words() {
    let text = short(
        "  - branches: [North Leeds]
  - service user: { id: \"1017 \", name: Ada Okafor, branch: North Leeds }
  - the first sync has finished
steps:
  - then: the identifier lands to the character
    acp: { service user: \"1017 \", has: { external id: \"1017 \" } }
",
    );
    has(&text, &["adds \"1017 \" (one space at the end) Ada Okafor"]);
}

#[test]
fn nothing_from_a_file_can_steer_a_terminal() {
    let text = short(
        "  - branches: [North Leeds]
  - service user: { id: SU-1, name: \"Ada\u{202e} Okafor\u{200b}\", branch: North Leeds }
  - the first sync has finished
steps:
  - then: \"a label that \u{202e}turns round\"
    acp: { service user: SU-1, has: { branch: North Leeds } }
",
    );
    let odd = |c: char| c.is_control() && c != '\n' || matches!(c, '\u{202e}' | '\u{200b}');
    assert!(!text.contains(odd), "{text}");
    has(&text, &["Ada\\u{202e} Okafor\\u{200b}", "a label that \\u{202e}turns round"]);
}

#[test]
fn settings_that_differ_are_named_at_the_end() {
    let text = told_with(
        "rules: { service_move: needs_support }\n",
        &format!(
            "{ADA}steps:\n  - then: x\n    acp: {{ service user: SU-1, has: {{ branch: North Leeds }} }}\n"
        ),
        Telling::default(),
    );
    has(&text, &["Settings that differ: service_move: needs_support\n"]);
}

#[test]
fn plain_stories_give_date_and_time_on_every_line() {
    let text = told(
        &format!(
            "{ADA}steps:\n  - then: x\n    acp: {{ service user: SU-1, has: {{ branch: North Leeds }} }}\n"
        ),
        Telling { every_message: false, plain: true },
    );
    has(
        &text,
        &["9:00am on 2 March 2026: sync 1: puts visit V2 on R1\n", "9:00am on 2 March 2026: THEN x (true)\n"],
    );
}
