//! Every invariant is seen to fail once: between the world and the reference engine stands somebody who does what no
//! delivery may do, and the judge has to name it.

use acp::{Acp, Act, Action, Actor, Call, CareKind, RecordId, Reply, Status, VisitState};
use feed::{ExternalId, Field, Fields, Text, Timestamp};
use runner::{FindingKind, INVARIANTS, Verdict, judge, play};
use std::collections::BTreeSet;

/// Ada has a near visit, care data and a telephone number of ACP's own; Ben has neither; a third record was made by hand;
/// two records hold one identifier from the start. Nothing is near of Fay, so no partial update carries her.
const STORY: &str = "\
scenario: A quiet day
proves: [SYNC-4]
clock: 2026-03-26 09:00 Europe/London
given:
  - services: { Home Care: [North Leeds, South Leeds], Live-in Care: [Hull] }
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds, phone: 0113 496 0000 }
  - service user: { id: SU-2, name: Ben Marsh, branch: South Leeds }
  - service user: { id: SU-3, name: Cora Lunn, branch: Hull }
  - service user: { id: SU-4, name: Fay Moss, branch: Hull }
  - visit: { for: SU-1, starts: +1d, id: V1 }
  - visit: { for: SU-2, starts: +1d, id: V2 }
  - visit: { for: SU-3, starts: +1d, id: V3 }
  - acp record: { called: by hand, name: Dan Reed, branch: North Leeds, forms: 1 }
  - acp record: { called: one, name: Cora Lunn, branch: Hull, external id: SU-3 }
  - acp record: { called: two, name: Cora Lunn, branch: Hull, external id: SU-3 }
  - the first sync has finished
  - care: { service user: SU-1, care plans: 1, activities: 1, notes: 1 }
steps:
  - when: somebody types a telephone number into ACP
    in acp: { service user: SU-1, set: { phone: 0113 496 0999 } }
  - when: somebody new is added in rostering
    in rostering:
      - { add service user: { id: SU-9, name: Eve Holt, branch: South Leeds } }
      - { add visit: { for: SU-9, starts: +1d, id: V9 } }
      - { service user: SU-1, set: { title: Mrs } }
  - when: care staff try to edit a name
    in acp: { as: care staff, service user: SU-1, set: { family name: Smith } }
  - then: that was refused, and a day passes
    refused: yes
  - then: everybody is where they were
    after: 25h
    acp: { service user: SU-1, has: { status: active } }
";

const ADA: RecordId = RecordId(4);
const BEN: RecordId = RecordId(5);
const BY_HAND: RecordId = RecordId(1);
const FAY: RecordId = RecordId(6);
const EVE: RecordId = RecordId(7);
const ONE: RecordId = RecordId(2);

/// Plays the story with somebody in between and gives the codes of the invariants that were broken.
fn broken(
    story: &str,
    mut between: impl FnMut(&mut Acp, Timestamp, Call) -> Reply,
) -> BTreeSet<&'static str> {
    let scenario = scenario::read("story.yaml", story, &mut |_| Err("there are no worlds".into()))
        .unwrap_or_else(|mistakes| panic!("{mistakes:?}"));
    let mut acp = Acp::default();
    let trace = play(&scenario.cases[0], 1, &mut |now, call| between(&mut acp, now, call));
    let Verdict::Failed(findings) = judge(&scenario, &scenario.cases[0], &trace) else {
        return BTreeSet::new();
    };
    let code = |kind: FindingKind| match kind {
        FindingKind::Invariant(code) => Some(code),
        _ => None,
    };
    findings.iter().filter_map(|finding| code(finding.kind)).collect()
}

/// After the second delivery, which brings Eve, somebody does this with the rights of Support, and the trace cannot tell them from it.
fn after_a_delivery(action: &Action) -> BTreeSet<&'static str> {
    let mut n_deliveries = 0;
    broken(STORY, |acp, now, call| {
        let is_delivery = matches!(call, Call::Receive(_));
        let reply = acp.answer(now, call);
        if is_delivery {
            n_deliveries += 1;
            if n_deliveries == 2 {
                let done = acp.answer(now, Call::Act(Act { by: Actor::Support, action: action.clone() }));
                assert!(matches!(done, Reply::Done(_)), "{done:?}");
            }
        }
        reply
    })
}

/// What ACP shows after the second delivery is not what it holds.
fn shown_otherwise(mut change: impl FnMut(&mut acp::Shown, &Acp)) -> BTreeSet<&'static str> {
    let mut n_deliveries = 0;
    broken(STORY, |acp, now, call| {
        n_deliveries += i32::from(matches!(call, Call::Receive(_)));
        let is_look = matches!(call, Call::Look(_));
        let mut reply = acp.answer(now, call);
        if let Reply::Shown(shown) = &mut reply
            && is_look
            && n_deliveries == 2
        {
            change(shown, acp);
        }
        reply
    })
}

fn record(acp: &Acp, id: RecordId) -> acp::Record {
    let Reply::Shown(shown) = acp.clone().answer(Timestamp::UNIX_EPOCH, Call::Look(acp::Look::Everything))
    else {
        panic!("a look shows")
    };
    shown.records.into_iter().find(|record| record.id == id).expect("it is there")
}

fn edit(record: RecordId, field: Field, value: &str) -> Action {
    let mut set = Fields::new();
    set.set(field, Text::from(value));
    Action::Edit { record, set }
}

#[test]
fn the_reference_breaks_none() {
    assert_eq!(broken(STORY, Acp::answer), BTreeSet::new());
}

#[test]
fn every_invariant_is_seen_to_break() {
    let care =
        |record| Action::AddCare { record, kind: CareKind::Note, title: "x".into(), activities: Vec::new() };
    let hull = acp::Place { branch: "Hull".into(), service: None };
    let planted = [
        ("I-MAT-4", after_a_delivery(&edit(FAY, Field::FamilyName, "Morse"))),
        ("I-MAT-9", after_a_delivery(&edit(BY_HAND, Field::FamilyName, "Reid"))),
        (
            "I-MAT-12",
            after_a_delivery(&Action::SetExternalId { record: BEN, to: Some(ExternalId::new("SU-77")) }),
        ),
        ("I-MAT-2", after_a_delivery(&Action::SetExternalId { record: BEN, to: None })),
        ("I-MAT-13", after_a_delivery(&edit(ONE, Field::Title, "Ms"))),
        ("I-OWN-1", after_a_delivery(&edit(BEN, Field::Gender, "male"))),
        ("I-OWN-2", after_a_delivery(&edit(ADA, Field::Phone, "0113 496 0000"))),
        ("I-OWN-4", after_a_delivery(&Action::GrantRole { record: BEN, role: "Night team".into() })),
        ("I-OWN-5", after_a_delivery(&care(ADA))),
        ("I-BRA-4", after_a_delivery(&Action::Move { record: ADA, to: hull, leaving: Vec::new() })),
        ("I-DUP-3", after_a_delivery(&Action::Deactivate { record: BEN })),
        ("I-DAT-1", after_a_delivery(&Action::Delete { record: BY_HAND })),
        ("I-MAT-1", shown_otherwise(second_record)),
        ("I-CRE-1", after_a_delivery(&edit(EVE, Field::FamilyName, "Hold"))),
        ("I-CRE-3", shown_otherwise(|shown, _| new_record(shown, |new| new.origin = acp::Origin::ByHand))),
        ("I-BRA-7", shown_otherwise(|shown, _| shown.branches.retain(|(branch, _)| branch != "South Leeds"))),
        ("I-DAT-3", shown_otherwise(care_twice)),
        ("I-DAT-4", shown_otherwise(visit_elsewhere)),
        ("I-AUT-9", refused_and_done()),
        ("I-TIM-2", never_delivered()),
        ("I-IDM-3", older_wins()),
        (
            "I-CRE-4",
            shown_otherwise(|shown, _| {
                new_record(shown, |new| new.external_id = Some(ExternalId::new("SU-77")));
            }),
        ),
        ("I-CRE-5", leaver_made()),
        ("I-CRE-7", after_a_delivery(&edit(ONE, Field::Title, "Ms"))),
        ("I-DAT-5", after_a_delivery(&edit(BEN, Field::GivenName, "Bob"))),
        ("I-IDM-1", changed_by_a_repetition()),
        ("I-DUP-7", merged_without_alias()),
        ("I-AUT-1", allowed("{ merge: R2, into: R3 }")),
        ("I-AUT-4", deleted_where_only_archiving_is_possible()),
        (
            "I-AUT-6",
            allowed(
                "{ as: { branch administrator of: [Hull] }, service user: SU-2, set: { phone: 0113 496 0777 } }",
            ),
        ),
        ("I-AUT-7", allowed("{ as: care staff, service user: SU-1, set: { family name: Smith } }")),
        ("I-OWN-6", never_delivered()),
        ("I-BRA-1", never_moved()),
    ];
    for (code, found) in &planted {
        assert!(found.contains(code), "{code} was not among {found:?}");
    }
    let planted: BTreeSet<&str> = planted.iter().map(|(code, _)| *code).collect();
    let all: BTreeSet<&str> = INVARIANTS.iter().map(|invariant| invariant.code).collect();
    let elsewhere: BTreeSet<&str> = SEEN_ELSEWHERE.iter().copied().collect();
    assert_eq!(&planted | &elsewhere, all, "each has its own test, here or with a planted fault");
    assert!(planted.is_disjoint(&elsewhere), "one test each");
}

/// Broken by a planted fault each in `harness/explore/tests/broken.rs`, for they need guidance, rostering or Support to be
/// wrong.
const SEEN_ELSEWHERE: [&str; 17] = [
    "I-ACT-1", "I-AUT-3", "I-AUT-5", "I-BRA-6", "I-CAS-1", "I-CAS-6", "I-CRE-8", "I-DAT-6", "I-DAT-7",
    "I-GUI-1", "I-GUI-2", "I-GUI-3", "I-IDM-4", "I-OWN-3", "I-PUB-11", "I-PUB-2", "I-TIM-1",
];

fn new_record(shown: &mut acp::Shown, change: impl Fn(&mut acp::Record)) {
    let new = shown.records.iter_mut().find(|record| record.synced.full_name() == "Eve Holt");
    change(new.expect("Eve comes with the second delivery"));
}

fn second_record(shown: &mut acp::Shown, acp: &Acp) {
    let mut second = record(acp, BEN);
    second.id = RecordId(70);
    shown.records.push(second);
}

fn care_twice(shown: &mut acp::Shown, acp: &Acp) {
    let mut ben = record(acp, BEN);
    ben.local.care = record(acp, ADA).local.care;
    shown.records.push(ben);
}

fn visit_elsewhere(shown: &mut acp::Shown, acp: &Acp) {
    let (mut ada, ben) = (record(acp, ADA), record(acp, BEN));
    assert!(ben.visits.iter().all(|held| held.state == VisitState::Planned) && ada.status == Status::Active);
    ada.visits.extend(ben.visits);
    shown.records.retain(|record| record.id != ADA);
    shown.records.push(ada);
}

/// The refusal is said, and the name is changed all the same.
fn refused_and_done() -> BTreeSet<&'static str> {
    broken(STORY, |acp, now, call| {
        let reply = acp.answer(now, call);
        if matches!(reply, Reply::Refused(_)) {
            let action = edit(ADA, Field::FamilyName, "Smith");
            acp.answer(now, Call::Act(Act { by: Actor::Support, action }));
        }
        reply
    })
}

/// From the second delivery on ACP says thank you and does nothing.
fn never_delivered() -> BTreeSet<&'static str> {
    let mut n_deliveries = 0;
    broken(STORY, |acp, now, call| {
        n_deliveries += i32::from(matches!(call, Call::Receive(_)));
        if matches!(call, Call::Receive(_)) && n_deliveries > 1 {
            return Reply::Received(acp::Receipt::default());
        }
        acp.answer(now, call)
    })
}

/// The story with one more action in ACP, after which two days pass.
fn story_with(action: &str) -> String {
    format!(
        "{STORY}  - when: something is done in ACP\n    in acp: {action}\n  - when: two days pass\n    after: 2d\n"
    )
}

/// Somebody does what is not theirs to do, and ACP takes them for Support.
fn allowed(action: &str) -> BTreeSet<&'static str> {
    let ends_in_a_refusal = action.contains("care staff");
    broken(&story_with(action), |acp, now, call| match call {
        Call::Act(act) if ends_in_a_refusal || act.by != Actor::CareStaff => {
            acp.answer(now, Call::Act(Act { by: Actor::Support, action: act.action }))
        }
        call => acp.answer(now, call),
    })
}

fn deleted_where_only_archiving_is_possible() -> BTreeSet<&'static str> {
    let story = story_with("{ record: R1, delete: yes }").replacen(
        "given:",
        "rules: { deletion: archive_only }\ngiven:",
        1,
    );
    broken(&story, |acp, now, call| match call {
        Call::SetUp(mut set_up) => {
            set_up.settings.deletion = feed::Deletion::Possible;
            acp.answer(now, Call::SetUp(set_up))
        }
        call => acp.answer(now, call),
    })
}

/// Support merges two, and the one that stays does not get the identifier of the one that went.
fn merged_without_alias() -> BTreeSet<&'static str> {
    let story = story_with("{ as: support, merge: R5, into: R4 }");
    broken(&story, |acp, now, call| {
        let mut reply = acp.answer(now, call);
        if let Reply::Shown(shown) = &mut reply {
            shown.records.iter_mut().for_each(|record| record.aliases.clear());
        }
        reply
    })
}

/// An engine that does not look at end dates.
fn leaver_made() -> BTreeSet<&'static str> {
    let story = STORY.replacen(
        "  - the first sync has finished\n",
        "  - service user: { id: SU-5, name: Gus Hart, branch: Hull, terminated: -10d }\n  - the first sync has finished\n",
        1,
    );
    broken(&story, |acp, now, call| match call {
        Call::Receive(mut update) => {
            update.service_users.iter_mut().for_each(|user| drop(user.fields.remove(Field::EndDate)));
            acp.answer(now, Call::Receive(update))
        }
        call => acp.answer(now, call),
    })
}

/// An engine that does something else when it hears something twice.
fn changed_by_a_repetition() -> BTreeSet<&'static str> {
    let story =
        STORY.replacen("steps:", "faults:\n  - repeat: { update: partial, again after: 1m }\nsteps:", 1);
    let mut heard = BTreeSet::new();
    broken(&story, |acp, now, call| {
        let again = match &call {
            Call::Receive(update) => !heard.insert(update.sequence),
            _ => false,
        };
        let reply = acp.answer(now, call);
        if again {
            acp.answer(
                now,
                Call::Act(Act { by: Actor::Support, action: edit(BEN, Field::GivenName, "Bob") }),
            );
        }
        reply
    })
}

/// An engine that keeps everybody where they are.
fn never_moved() -> BTreeSet<&'static str> {
    let story = STORY.replacen(
        "{ service user: SU-1, set: { title: Mrs } }",
        "{ service user: SU-2, set: { branch: North Leeds } }",
        1,
    );
    let mut n_deliveries = 0;
    broken(&story, |acp, now, call| match call {
        Call::Receive(mut update) => {
            n_deliveries += 1;
            let ben = update.service_users.iter_mut().filter(|user| user.external_id.as_str() == "SU-2");
            if n_deliveries > 1 {
                ben.for_each(|user| user.fields.set(Field::Branch, "South Leeds".into()));
            }
            acp.answer(now, Call::Receive(update))
        }
        call => acp.answer(now, call),
    })
}

/// An engine that takes the last to arrive for the newest.
fn older_wins() -> BTreeSet<&'static str> {
    const RACE: &str = "\
scenario: A partial update is overtaken
proves: [SYNC-4]
clock: 2026-03-26 09:00 Europe/London
given:
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - visit: { for: SU-1, starts: +1d }
  - the first sync has finished
faults:
  - reorder: { update: partial }
steps:
  - when: her name is corrected twice
    after: 10m
    in rostering: { service user: SU-1, set: { family name: Okafo } }
  - when: and once more
    after: 10m
    in rostering: { service user: SU-1, set: { family name: Okafor-Lunn } }
  - then: an hour later she has the last one
    after: 1h
    acp: { service user: SU-1, has: { family name: Okafor-Lunn } }
";
    let mut n_deliveries = 0;
    broken(RACE, |acp, now, call| match call {
        Call::Receive(mut update) => {
            n_deliveries += 1;
            update.sequence = n_deliveries;
            acp.answer(now, Call::Receive(update))
        }
        call => acp.answer(now, call),
    })
}
