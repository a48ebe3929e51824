//! Faults of guidance: too early, too late, silent, or with half the facts.

use super::{Family::Cases, Fault, NOBODY, Way};
use feed::{Clause, Timestamp};
use guidance::{Advice, CaseDraft, Situation, Warning};
use jiff::SignedDuration;
use runner::Between;

const fn reads_clock(reads_clock: fn(Timestamp) -> Timestamp) -> Way {
    Way::Between(Between { reads_clock: Some(reads_clock), ..NOBODY })
}

const fn warns(warns: fn(&mut Vec<Warning>)) -> Way {
    Way::Between(Between { warns: Some(warns), ..NOBODY })
}

const fn advises(advises: fn(&mut Vec<Advice>)) -> Way {
    Way::Between(Between { advises: Some(advises), ..NOBODY })
}

const fn drafts(drafts: fn(&mut CaseDraft)) -> Way {
    Way::Between(Between { drafts: Some(drafts), ..NOBODY })
}

pub(super) const FAULTS: &[Fault] = &[
    Fault::new(
        Cases,
        "cases-are-due-at-the-deadline",
        "A case is due a millisecond too early: at the end of the window, not after it.",
        reads_clock(|now| now.checked_add(SignedDuration::from_millis(1)).unwrap_or(now)),
    ),
    Fault::new(
        Cases,
        "cases-are-due-a-moment-late",
        "A case is due a millisecond too late.",
        reads_clock(|now| now.checked_sub(SignedDuration::from_millis(1)).unwrap_or(now)),
    ),
    Fault::new(
        Cases,
        "overdue-is-no-case",
        "Guidance raises no case for a change that did not arrive in time.",
        advises(|advice| no_case(advice, Clause::Case1)),
    ),
    Fault::new(
        Cases,
        "a-held-move-is-no-case",
        "Guidance raises no case for a move that waits for Support.",
        advises(|advice| no_case(advice, Clause::Case2)),
    ),
    Fault::new(
        Cases,
        "a-confirmed-duplicate-is-no-case",
        "Guidance raises no case for two records that somebody confirmed to be one person.",
        advises(|advice| no_case(advice, Clause::Case3)),
    ),
    Fault::new(
        Cases,
        "an-orphan-is-no-case",
        "Guidance raises no case for a record that nobody in rostering has.",
        advises(|advice| no_case(advice, Clause::Case4)),
    ),
    Fault::new(
        Cases,
        "nobody-is-overdue",
        "Guidance says to wait although the window is over.",
        advises(|advice| {
            for it in advice.iter_mut().filter(|it| it.situation == Situation::Overdue) {
                it.situation = Situation::WaitingForSync;
            }
        }),
    ),
    Fault::new(
        Cases,
        "edits-are-not-announced-to-go",
        "Guidance does not say that an edit in ACP will be overwritten.",
        advises(|advice| leave_out(advice, Situation::WillBeOverwritten)),
    ),
    Fault::new(
        Cases,
        "duplicates-are-not-seen",
        "Guidance does not see two records of one person.",
        advises(|advice| leave_out(advice, Situation::LikelyDuplicate)),
    ),
    Fault::new(
        Cases,
        "split-histories-are-not-seen",
        "Guidance does not see that visits and care plan are on two records.",
        advises(|advice| leave_out(advice, Situation::SplitHistory)),
    ),
    Fault::new(
        Cases,
        "orphans-are-not-seen",
        "Guidance does not list a record that has nobody in rostering.",
        advises(|advice| leave_out(advice, Situation::Orphan)),
    ),
    Fault::new(
        Cases,
        "leavers-records-are-orphans",
        "Guidance takes a leaver's record for an orphan.",
        advises(|advice| {
            for it in advice.iter_mut().filter(|it| it.situation == Situation::LeaversRecord) {
                it.situation = Situation::Orphan;
            }
        }),
    ),
    Fault::new(
        Cases,
        "held-moves-are-not-explained",
        "Guidance does not say that a move waits for Support.",
        advises(|advice| leave_out(advice, Situation::MoveHeld)),
    ),
    Fault::new(
        Cases,
        "unknown-branches-are-not-explained",
        "Guidance does not say that ACP lacks the branch.",
        advises(|advice| leave_out(advice, Situation::BranchUnknown)),
    ),
    Fault::new(
        Cases,
        "says-to-wait-a-day-too-long",
        "Guidance says to wait a day longer than the window.",
        advises(|advice| {
            for it in advice {
                let day = SignedDuration::from_hours(24);
                it.wait_until = it.wait_until.map(|until| until.checked_add(day).unwrap_or(until));
            }
        }),
    ),
    Fault::new(
        Cases,
        "no-warning-before-a-move",
        "Guidance says nothing before a record with care data is moved.",
        warns(|warnings| warnings.retain(|it| it.clause != Clause::Move3)),
    ),
    Fault::new(
        Cases,
        "no-warning-before-a-deletion",
        "Guidance says nothing before a record is deleted.",
        warns(|warnings| warnings.retain(|it| it.clause != Clause::Dup4)),
    ),
    Fault::new(
        Cases,
        "no-warning-before-a-branch-edit",
        "Guidance says nothing before a branch is changed in ACP.",
        warns(|warnings| warnings.retain(|it| it.clause != Clause::Branch2)),
    ),
    Fault::new(
        Cases,
        "no-warning-before-a-record-made-by-hand",
        "Guidance says nothing before a service user is created in ACP.",
        warns(|warnings| warnings.retain(|it| it.clause != Clause::Dup7)),
    ),
    Fault::new(
        Cases,
        "warns-of-everything",
        "Guidance warns before every action.",
        warns(|warnings| {
            warnings.push(Warning { clause: Clause::Move3, what: "Ask Support first.".to_owned() });
        }),
    ),
    Fault::new(
        Cases,
        "cases-lack-the-correct-service",
        "A case does not say which service would be right.",
        drafts(|draft| forget(draft, "correct service")),
    ),
    Fault::new(
        Cases,
        "cases-lack-the-rostering-system",
        "A case does not say which rostering system sends the service user.",
        drafts(|draft| forget(draft, "rostering system")),
    ),
    Fault::new(
        Cases,
        "cases-lack-the-record-ids",
        "A case about a duplicate does not name the records.",
        drafts(|draft| forget(draft, "record ids")),
    ),
    Fault::new(
        Cases,
        "cases-lack-the-name",
        "A case does not say whom it is about.",
        drafts(|draft| forget(draft, "name")),
    ),
];

fn no_case(advice: &mut [Advice], kind: Clause) {
    for it in advice {
        it.case.take_if(|draft| draft.kind == kind);
    }
}

fn leave_out(advice: &mut Vec<Advice>, situation: Situation) {
    advice.retain(|it| it.situation != situation);
}

fn forget(draft: &mut CaseDraft, label: &str) {
    for fact in draft.facts.iter_mut().filter(|fact| fact.label == label) {
        fact.value = None;
    }
}
