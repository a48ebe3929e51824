//! Every check is seen to hold and seen to fail: a check that can only hold would make every scenario green. Each row has
//! an action, what is so after it, and what is not.

use acp::Acp;
use runner::{FindingKind, Verdict, judge, play};

const STORY: &str = "\
scenario: Something is so
proves: [SYNC-4]
clock: 2026-03-26 09:00 Europe/London
given:
  - services: { Home Care: [North Leeds, South Leeds], Live-in Care: [Hull] }
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds, phone: 0113 496 0000 }
  - service user: { id: SU-2, name: Ben Marsh, branch: South Leeds }
  - visit: { for: SU-1, starts: +1d, id: V1 }
  - acp record: { called: by hand, name: Dan Reed, branch: North Leeds, role access: [Night team] }
  - acp record: { called: twin, name: Ada Okafor, branch: North Leeds, forms: 1 }
  - the first sync has finished
  - care: { service user: SU-1, care plans: 1, activities: 2, forms: 1, notes: 1 }
steps:
";

const NOTHING: &str = "after: 1m";
const REFUSED: &str = "in acp: { as: care staff, service user: SU-1, set: { family name: Smith } }";
const EDITED: &str = "in acp: { service user: SU-1, set: { phone: 0113 496 0999 } }";
const MERGED: &str = "in acp: { as: support, merge: twin, into: SU-1 }";
const MOVED: &str = "in rostering: { service user: SU-1, set: { branch: Hull } }";
const ADDED: &str = "in rostering: { add service user: { id: SU-9, name: Eve Holt, branch: Hull } }";
const LEFT: &str = "in rostering: { service user: SU-2, terminate: today }";

/// Action, what is so, what is not.
const CHECKS: &[(&str, &str, &str)] = &[
    (
        NOTHING,
        "acp: { service user: SU-1, has: { branch: North Leeds } }",
        "acp: { service user: SU-1, has: { branch: Hull } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { name: Ada Okafor } }",
        "acp: { service user: SU-1, has: { name: Ben Marsh } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { external id: SU-1 } }",
        "acp: { service user: SU-1, has: { external id: SU-2 } }",
    ),
    (
        NOTHING,
        "acp: { record: by hand, has: { external id: none } }",
        "acp: { service user: SU-1, has: { external id: none } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { record id: R3 } }",
        "acp: { service user: SU-1, has: { record id: R1 } }",
    ),
    (
        ADDED,
        "acp: { service user: SU-1, has: { same record: yes } }",
        "after: 25h\n    acp: { service user: SU-9, has: { same record: yes } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { status: active } }",
        "acp: { service user: SU-1, has: { status: inactive } }",
    ),
    (
        NOTHING,
        "acp: { record: by hand, has: { origin: by hand } }",
        "acp: { service user: SU-1, has: { origin: by hand } }",
    ),
    (
        NOTHING,
        "acp: { record: by hand, has: { role access: [Night team] } }",
        "acp: { record: by hand, has: { role access: [Day team] } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { role access: none } }",
        "acp: { record: by hand, has: { role access: none } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { care plans: 1 } }",
        "acp: { service user: SU-1, has: { care plans: 2 } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { open care plans: 1 } }",
        "acp: { service user: SU-2, has: { open care plans: 1 } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { activities: at least 2 } }",
        "acp: { service user: SU-1, has: { activities: at least 3 } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { forms: at most 1 } }",
        "acp: { service user: SU-1, has: { forms: at most 0 } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { care history: yes } }",
        "acp: { service user: SU-2, has: { care history: yes } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, has: { visits: 1 } }",
        "acp: { service user: SU-2, has: { visits: 1 } }",
    ),
    (
        NOTHING,
        "acp: { service user: SU-1, lacks: [held move] }",
        "acp: { service user: SU-1, has: { held move: yes } }",
    ),
    (NOTHING, "acp: { service user: SU-2, lacks: [phone] }", "acp: { service user: SU-1, lacks: [phone] }"),
    (ADDED, "acp: { service user: SU-9, is: absent }", "acp: { service user: SU-1, is: absent }"),
    (NOTHING, "acp: { record: R1, has: { name: Dan Reed } }", "acp: { record: R1, is: absent }"),
    (NOTHING, "acp records: { name: Ada Okafor, count: 2 }", "acp records: { name: Ada Okafor, count: 1 }"),
    (
        NOTHING,
        "acp records: { external id: SU-1, count: 1 }",
        "acp records: { external id: { raw: SU-7 }, count: 1 }",
    ),
    (NOTHING, "acp records: { branch: South Leeds, count: 1 }", "acp records: { branch: Hull, count: 1 }"),
    (
        NOTHING,
        "acp records: { service: Home Care, count: 4 }",
        "acp records: { service: Live-in Care, count: 4 }",
    ),
    (NOTHING, "acp records: { origin: by hand, count: 2 }", "acp records: { origin: integration, count: 4 }"),
    (NOTHING, "acp records: { status: active, count: 4 }", "acp records: { status: archived, count: 4 }"),
    (NOTHING, "acp records: { care history: yes, count: 2 }", "acp records: { care history: no, count: 4 }"),
    (
        NOTHING,
        "acp visits: { on: SU-1, id: V1, state: planned, count: 1 }",
        "acp visits: { on: SU-2, id: V1, count: 1 }",
    ),
    (
        NOTHING,
        "acp visits: { id: V1, state: done, count: 0 }",
        "acp visits: { id: V1, state: done, count: 1 }",
    ),
    (
        NOTHING,
        "acp visits: { id: V1, state: parked, count: 0 }",
        "acp visits: { id: V1, state: parked, count: 1 }",
    ),
    (
        NOTHING,
        "acp visits: { id: V1, starts: 2026-03-27 09:00, count: 1 }",
        "acp visits: { id: V1, starts: 2026-03-28 09:00, count: 1 }",
    ),
    (
        NOTHING,
        "rostering: { service user: SU-1, has: { branch: North Leeds } }",
        "rostering: { service user: SU-1, has: { branch: Hull } }",
    ),
    (
        NOTHING,
        "rostering: { service user: SU-1, has: { name: Ada Okafor } }",
        "rostering: { service user: SU-1, has: { name: Ben Marsh } }",
    ),
    (
        NOTHING,
        "rostering: { service user: SU-1, has: { active: yes } }",
        "rostering: { service user: SU-1, has: { active: no } }",
    ),
    (
        NOTHING,
        "rostering: { service user: SU-2, lacks: [phone] }",
        "rostering: { service user: SU-1, lacks: [phone] }",
    ),
    (
        LEFT,
        "rostering: { service user: SU-2, has: { end date: 2026-03-26 } }",
        "rostering: { service user: SU-2, has: { end date: 2026-03-27 } }",
    ),
    (EDITED, "accepted: yes", "refused: yes"),
    (REFUSED, "refused: yes", "accepted: yes"),
    (REFUSED, "refused: { clause: OWN-1 }", "refused: { clause: MOVE-1 }"),
    (REFUSED, "refused: { says: are }", "refused: { says: the moon is made of cheese }"),
    (
        EDITED,
        "history: { service user: SU-1, of: phone, values: [0113 496 0000, 0113 496 0999] }",
        "history: { service user: SU-1, of: phone, values: [0113 496 0999] }",
    ),
    (
        EDITED,
        "history: { service user: SU-1, of: phone, values: [0113 496 0000, 0113 496 0999], by: [integration, tenant administrator] }",
        "history: { service user: SU-1, of: phone, values: [0113 496 0000, 0113 496 0999], by: [integration, support] }",
    ),
    (
        MERGED,
        "acp: { record: twin, has: { merged into: R3 } }",
        "acp: { record: twin, has: { merged into: R1 } }",
    ),
    (
        MERGED,
        "acp: { service user: SU-1, has: { aliases: none } }",
        "acp: { service user: SU-1, has: { aliases: [SU-2] } }",
    ),
    (MERGED, "account: { moved: 1, lost: 0 }", "account: { moved: 2, lost: 0 }"),
    (EDITED, "warned: none", "warned: [MOVE-1]"),
    (
        MOVED,
        "sync: { service user: SU-1, outcome: held, count: 0 }",
        "sync: { service user: SU-1, outcome: held }",
    ),
    (
        MOVED,
        "guidance: { service user: SU-1, situation: move held }",
        "guidance: { service user: SU-1, situation: overdue }",
    ),
    (
        MOVED,
        "guidance: { service user: SU-1, does not say: [CASE-4] }",
        "guidance: { service user: SU-1, says: [CASE-4] }",
    ),
    (
        NOTHING,
        "case: { service user: SU-1, kind: CASE-1, due: no }",
        "case: { service user: SU-1, kind: CASE-1 }",
    ),
    (
        NOTHING,
        "case: { record: by hand, kind: CASE-2, due: no }",
        "case: { record: by hand, kind: CASE-2, due: yes }",
    ),
];

fn verdict(when: &str, check: &str) -> Verdict {
    let story = format!("{STORY}  - when: something happens\n    {when}\n  - then: it is so\n    {check}\n");
    let scenario = scenario::read("story.yaml", &story, &mut |_| Err("there are no worlds".into()))
        .unwrap_or_else(|mistakes| panic!("{check}: {mistakes:?}"));
    let mut acp = Acp::default();
    let case = &scenario.cases[0];
    let trace = play(case, 1, &mut |now, call| acp.answer(now, call));
    judge(&scenario, case, &trace)
}

#[test]
fn every_check_holds_and_fails() {
    let mut wrong_way_round = Vec::new();
    for (when, right, wrong) in CHECKS {
        if verdict(when, right) != Verdict::Passed {
            wrong_way_round.push(format!("did not hold: {right}"));
        }
        let is_seen = match verdict(when, wrong) {
            Verdict::Failed(findings) => findings.iter().any(|it| it.kind == FindingKind::NotMet),
            _ => false,
        };
        if !is_seen {
            wrong_way_round.push(format!("did not fail: {wrong}"));
        }
    }
    assert!(wrong_way_round.is_empty(), "{wrong_way_round:#?}");
}
