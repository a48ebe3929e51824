//! Who may do what: every actor with every action.

use crate::desk::{CARE, Desk, SUPPORT, TEAM, TENANT, ada, fields, person};
use acp::{Action, Actor, CareKind, HandMade, Place, RecordId};
use feed::{Clause, ExternalId, Field, VisitId};

const R1: RecordId = RecordId(1);
const R2: RecordId = RecordId(2);

/// One action of every kind, each of which succeeds on [`desk`] for whoever may do it; whether a Tenant
/// Administrator, the Branch Administrator of both records' branch, care staff, the implementation team and
/// Support may; and the clause of the refusal.
fn table() -> Vec<(Action, [bool; 5], Clause)> {
    let made = HandMade {
        external_id: None,
        fields: fields(&[(Field::GivenName, "Grace"), (Field::Branch, "North")]),
    };
    let phone = || fields(&[(Field::Phone, "1")]);
    let care = Action::AddCare { record: R1, kind: CareKind::Note, title: "Note".into(), activities: vec![] };
    let (yes, no) = (true, false);
    vec![
        (Action::Create(made), [yes, yes, no, yes, yes], Clause::Dup7),
        (Action::Edit { record: R1, set: phone() }, [yes, yes, no, no, yes], Clause::Own1),
        (
            Action::SetExternalId { record: R1, to: Some(ExternalId::new("SU-9")) },
            [yes, no, no, yes, yes],
            Clause::Dup8,
        ),
        (Action::GrantRole { record: R1, role: "New".into() }, [yes, yes, no, no, yes], Clause::Own3),
        (Action::RevokeRole { record: R1, role: "Team".into() }, [yes, yes, no, no, yes], Clause::Own3),
        (care, [yes, yes, yes, no, yes], Clause::Own4),
        (Action::AddActivity { record: R1, title: "Tea".into() }, [yes, yes, yes, no, yes], Clause::Own4),
        (Action::CompleteVisit { visit: VisitId::new("V1") }, [yes, yes, yes, no, yes], Clause::Own4),
        (
            Action::AddBranch { branch: "West".into(), service: "Home care".into() },
            [yes, no, no, yes, yes],
            Clause::Pub9,
        ),
        (
            Action::RenameBranch { from: "South".into(), to: "Far South".into() },
            [yes, no, no, no, yes],
            Clause::Pub9,
        ),
        (Action::Deactivate { record: R1 }, [yes, yes, no, no, yes], Clause::Pub10),
        (Action::Reactivate { record: R2 }, [yes, yes, no, no, yes], Clause::Pub10),
        (Action::Archive { record: R2 }, [yes, yes, no, no, yes], Clause::Pub10),
        (Action::Unarchive { record: R2 }, [yes, yes, no, no, yes], Clause::Pub10),
        (Action::Delete { record: R1 }, [yes, no, no, no, yes], Clause::Dup4),
        (
            Action::Move { record: R1, to: Place { branch: "East".into(), service: None }, leaving: vec![] },
            [no, no, no, no, yes],
            Clause::Move1,
        ),
        (Action::Merge { survivor: R1, loser: R2 }, [no, no, no, no, yes], Clause::Dup6),
        (Action::Datafix { record: R1, set: phone() }, [no, no, no, no, yes], Clause::Pub4),
    ]
}

/// R1 and R2 in North; R1 with a role, a care plan and a visit, R2 inactive.
fn desk() -> Desk {
    let mut desk = Desk::new();
    desk.sync(vec![ada(&[]), person("SU-2", &[])]);
    let visit = desk.visit("V1", "SU-1", 5);
    desk.sync_visits(vec![visit]);
    desk.care(1, CareKind::CarePlan, "Plan");
    desk.must(TENANT, Action::GrantRole { record: R1, role: "Team".into() });
    desk.must(TENANT, Action::Deactivate { record: R2 });
    desk
}

fn actors() -> [Actor; 5] {
    [TENANT, Actor::BranchAdministrator(vec!["North".into()]), CARE, TEAM, SUPPORT]
}

#[test]
fn every_actor_may_do_exactly_what_the_table_says() {
    for (action, may, clause) in table() {
        for (actor, may) in actors().into_iter().zip(may) {
            let mut desk = desk();
            if may {
                desk.must(actor, action.clone());
            } else {
                let why = desk.refused(actor.clone(), action.clone());
                assert_eq!(why.clause, clause, "{actor:?} {action:?}");
                let told = why.why.to_lowercase();
                assert!(told.contains(&actor.title().to_lowercase()) && told.contains("support"), "{told}");
            }
        }
    }
}

#[test]
fn the_table_has_every_kind_of_action() {
    let mut kinds: Vec<_> = table().iter().map(|(action, ..)| std::mem::discriminant(action)).collect();
    let n_rows = kinds.len();
    kinds.dedup();
    // The number of kinds in `Action`: one more there needs one more row here.
    assert_eq!((kinds.len(), n_rows), (18, 18));
}

#[test]
fn a_refusal_says_who_may() {
    let mut desk = desk();
    let merge = Action::Merge { survivor: R1, loser: R2 };
    let why = desk.refused(TENANT, merge).why;
    assert_eq!(
        why,
        "A Tenant Administrator may not merge two records in ACP. Only Support can. Raise a case through the \
         Access Digital Assistant and change nothing until they answer."
    );
    let why = desk.refused(CARE, Action::Edit { record: R1, set: fields(&[]) }).why;
    assert_eq!(
        why,
        "Care staff may not edit a record in ACP. A Tenant Administrator, a Branch Administrator in their \
         own branches or Support can."
    );
}

#[test]
fn a_branch_administrator_reaches_no_record_of_another_branch() {
    for (action, [_, may, ..], _) in
        table().into_iter().filter(|(action, ..)| !matches!(action, Action::Create(_)))
    {
        if !may {
            continue;
        }
        for own in [vec![], vec!["South".into()], vec!["north".into()]] {
            let mut desk = desk();
            let why = desk.refused(Actor::BranchAdministrator(own), action.clone());
            assert_eq!(why.clause, Clause::Own7, "{action:?}: {}", why.why);
            assert!(why.why.contains("\"North\""));
        }
    }
}

#[test]
fn a_branch_administrator_moves_a_record_only_between_own_branches() {
    let mut desk = desk();
    let to = |branch: &str| Action::Edit { record: R1, set: fields(&[(Field::Branch, branch)]) };
    desk.refused(Actor::BranchAdministrator(vec!["North".into()]), to("South"));
    desk.must(Actor::BranchAdministrator(vec!["North".into(), "South".into()]), to("South"));
}
