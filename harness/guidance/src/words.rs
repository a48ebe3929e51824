//! What guidance says about each situation: its clauses, what is going on, what to do and what not to do. Every sentence
//! that people read about a situation is here, in our own words, so that it can be read over in one place. Finds nothing
//! and decides nothing.

use crate::find::{Found, identifier};
use crate::parts::{
    actor, care, change, field_settings, follow_clauses, identifiers, in_full, is_placement,
    is_sign_of_duplicate, look_alikes_of_person, named, names, nearest, owner_clauses, pair, rostering,
    service_user, values, window, window_clause,
};
use crate::say::{count, list, moment, near_miss, quoted};
use crate::standing::Obstacle;
use crate::{RaisedCase, Scene, Situation};
use acp::{By, Record};
use feed::{Clause, NewBranch, Setting, Timestamp};

/// What there is to say, before anything about a support case.
#[derive(Default)]
pub(crate) struct Said {
    pub(crate) clauses: Vec<Clause>,
    pub(crate) what: Vec<String>,
    pub(crate) to_do: Vec<String>,
    pub(crate) not_to_do: Vec<String>,
    /// What to do about the case, while none is open.
    pub(crate) raise: Option<&'static str>,
    pub(crate) settings: Vec<Setting>,
}

/// On every duplicate.
pub(crate) const TOUCH_NEITHER: &str =
    "Do not delete, archive or deactivate either record until Support has reviewed both.";
/// On every move after care.
pub(crate) const SUPPORT_FIRST: &str = "Contact Support before making any change.";

pub(crate) fn say(scene: &Scene, found: &Found<'_>) -> Said {
    match found.situation {
        Situation::InStep => in_step(scene, found),
        Situation::WaitingForSync => waiting(scene, found),
        Situation::Overdue => overdue(scene, found),
        Situation::WillBeOverwritten => will_be_overwritten(scene, found),
        Situation::MoveHeld => move_held(scene, found),
        Situation::BranchUnknown => branch_unknown(scene, found),
        Situation::IdentifierBlank => identifier_blank(scene, found),
        Situation::IdentifierOnTwoRecords => identifier_on_two(found),
        Situation::IdentifierOnTwoPeople => identifier_on_two_people(scene, found),
        Situation::LikelyDuplicate => likely_duplicate(found),
        Situation::ConfirmedDuplicate => confirmed_duplicate(found),
        Situation::SplitHistory => split_history(found),
        Situation::Orphan => orphan(scene, found),
        Situation::LeaversRecord => leavers_record(found),
        Situation::IdentifierNotInRostering => identifier_not_in_rostering(scene, found),
        Situation::RecordNotActive => record_not_active(scene, found),
        Situation::MadeByHand => made_by_hand(scene, found),
        Situation::NotSent => not_sent(scene, found),
        Situation::Ended => ended(scene, found),
    }
}

/// A case is open: nothing more is due (CASE-1 to CASE-4 are raised once).
pub(crate) fn say_raised(at: Timestamp, raised: &RaisedCase, said: &mut Said) {
    said.what.push(format!("A support case ({}) about this was raised at {}.", raised.kind, moment(at)));
    said.to_do.push("Wait for Support to answer the case.".into());
    if !raised.missing.is_empty() {
        said.to_do.push(format!("Add to the case what it lacks: {}.", list(&raised.missing)));
    }
}

fn in_step(scene: &Scene, found: &Found<'_>) -> Said {
    let what = match (found.person, found.record) {
        (Some((environment, seen)), Some(record)) => format!(
            "Record {} in ACP shows {} as {} has them. Nothing is waiting.",
            record.id,
            service_user(seen),
            rostering(scene, environment)
        ),
        (None, Some(Record { id, merged_into: Some(into), .. })) => {
            format!("Support merged record {id} into record {into}. Everything about this person is there.")
        }
        (None, Some(record)) if scene.live_record(record.id).is_none() => {
            format!("Record {} was deleted in ACP.", record.id)
        }
        _ => "Nothing is waiting and nothing is wrong.".to_owned(),
    };
    Said { clauses: vec![Clause::Sync1], what: vec![what], ..Said::default() }
}

fn waiting(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { settings: vec![Setting::NearTerm], ..Said::default() };
    said.what.push(change(scene, found));
    let Some(due) = found.wait_until else { return said };
    let due = moment(due);
    said.clauses.extend([Clause::Sync1, window_clause(found)]);
    if found.fields.is_empty() {
        said.clauses.extend([Clause::Sync5, Clause::Dup7]);
        said.not_to_do.push("Do not create the record by hand in ACP: that makes a duplicate.".into());
    } else {
        said.clauses.extend(follow_clauses(&found.fields));
        said.not_to_do.push(format!("Do not change the {} in ACP.", names(&found.fields)));
    }
    said.what.push(format!("{} It is on time until {due}.", window(found)));
    said.to_do.push(format!("Wait until {due}. ACP follows by itself."));
    said.not_to_do.push(format!("Do not raise a support case before {due}."));
    look_alikes_of_person(scene, found, &mut said);
    said.settings.extend(field_settings(&found.fields));
    said
}

fn overdue(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { settings: vec![Setting::NearTerm], ..Said::default() };
    said.clauses.extend([Clause::Case1, window_clause(found)]);
    said.what.push(change(scene, found));
    if let Some(due) = found.wait_until {
        said.what.push(format!("{} It was due by {} and has not come.", window(found), moment(due)));
    }
    if found.fields.is_empty() {
        said.clauses.push(Clause::Pub14);
        said.not_to_do.push("Do not create the record by hand in ACP: that makes a duplicate.".into());
        said.clauses.push(Clause::Dup7);
    } else {
        said.not_to_do.push(format!("Do not change the {} in ACP.", names(&found.fields)));
    }
    said.clauses.extend(follow_clauses(&found.fields));
    if is_placement(&found.fields) {
        said.clauses.push(Clause::Branch4);
        said.raise = Some(
            "Raise a support case through the Access Digital Assistant with the name, the current and the correct \
             service, and the name of the rostering system.",
        );
    } else {
        said.raise = Some(
            "Raise a support case through the Access Digital Assistant with the name, the ACP service, the external identifier \
             and what was changed when.",
        );
    }
    said.settings.extend(field_settings(&found.fields));
    said
}

fn will_be_overwritten(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { settings: field_settings(&found.fields), ..Said::default() };
    let by = found.record.and_then(|record| record.synced.slot(*found.fields.first()?)).map(|slot| slot.set);
    let who = by.map_or("Somebody", |set| actor(set.by));
    let when = by.map_or_else(String::new, |set| format!(" at {}", moment(set.at())));
    said.what.push(format!("{who} changed the {} in ACP{when}.", names(&found.fields)));
    said.what.extend(values(scene, found));
    let ros = found.person.map_or_else(String::new, |(environment, _)| rostering(scene, environment));
    if let Some(due) = found.wait_until {
        said.what.push(format!("{ros} controls this, so a sync will put its value back by {}.", moment(due)));
    }
    said.clauses.extend(found.fields.iter().flat_map(|&field| owner_clauses(field)));
    said.to_do.push(format!("If the value in {ros} is wrong, correct it there and wait for the next sync."));
    said.not_to_do.push(format!("Do not change the {} in ACP again.", names(&found.fields)));
    said
}

fn move_held(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { settings: vec![Setting::ServiceMove], ..Said::default() };
    let (Some(record), Some((environment, seen))) = (found.record, found.person) else { return said };
    said.what.push(format!(
        "{} wants {} in the service {}. Record {} is in {} in ACP and stays there.",
        rostering(scene, environment),
        service_user(seen),
        quoted(&found.wanted.service),
        record.id,
        quoted(record.service()),
    ));
    if record.has_care_data() {
        said.clauses.extend([Clause::Move1, Clause::Move2, Clause::Move3, Clause::Case2]);
        said.what
            .push(format!("The record holds care data ({}), which does not move by itself.", care(record)));
    } else {
        said.clauses.extend([Clause::Pub4, Clause::Move3, Clause::Case2]);
        said.what.push("In this set-up a record in another service does not correct itself.".into());
    }
    said.what.extend(found.since.map(|since| format!("The move has waited since {}.", moment(since))));
    if let Some(held) = &record.held {
        said.what.push(format!("ACP has shown the move as waiting since {}.", moment(held.since.at())));
    }
    said.to_do.push(SUPPORT_FIRST.into());
    said.raise = Some("Raise a support case through the Access Digital Assistant: the move needs Support.");
    said.not_to_do.push(
        "Do not change the branch or the service in either system until Support has answered: data may be lost."
            .into(),
    );
    said
}

fn branch_unknown(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Pub3, Clause::Pub14], ..Said::default() };
    said.settings.push(Setting::NewBranch);
    let Some((environment, seen)) = found.person else { return said };
    let (who, ros) = (service_user(seen), rostering(scene, environment));
    let is_service = found.obstacle == Some(Obstacle::ServiceUnknown);
    let (kind, name) =
        if is_service { ("service", &found.wanted.service) } else { ("branch", &found.wanted.branch) };
    if name.is_empty() {
        said.what.push(format!("{ros} gives no branch for {who}, so ACP cannot place the record."));
        said.to_do.push(format!("Set the branch in {ros}."));
    } else {
        said.what.push(format!(
            "{ros} has {who} in the {kind} {}, and ACP has no {kind} of exactly that name.",
            quoted(name)
        ));
        said.what.extend(nearest(scene, kind, name));
        said.to_do.push(format!(
            "Correct the name in {ros}, or add the {kind} in ACP under exactly this name, to the character."
        ));
    }
    said.what.push(format!("Until then ACP takes nothing in for {who}, and no message may say so."));
    if scene.settings.new_branch == NewBranch::CreatedByName && !is_service {
        said.to_do.push(
            "If the branch is new, allow time for it: ACP makes it from the branch list, but not with unusual characters in \
             its name."
                .into(),
        );
    }
    said.not_to_do.push("Do not create the record by hand in ACP: that makes a duplicate.".into());
    said
}

/// Each sync of one environment overwrites what the other sent, and care data of two people meets in one record.
fn identifier_on_two_people(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Sync3, Clause::Pub8], ..Said::default() };
    let Some((environment, seen)) = found.person else { return said };
    let id = quoted(seen.person.sent_id.as_str());
    let others = (0..scene.environments.len()).filter_map(|it| u8::try_from(it).ok());
    let others = others.filter(|it| *it != environment);
    let namesakes = others.filter_map(|it| Some((it, scene.people.get(&(it, seen.person.sent_id.clone()))?)));
    let mut who = vec![format!("{} in {}", seen.person.fields.full_name(), rostering(scene, environment))];
    who.extend(
        namesakes
            .map(|(it, other)| format!("{} in {}", other.person.fields.full_name(), rostering(scene, it))),
    );
    said.what.push(format!(
        "The external identifier {id} is {}. ACP matches on the identifier alone, so both are written to one record and \
         each sync overwrites what the other sent.",
        who.join(" and ")
    ));
    said.to_do.push(SUPPORT_FIRST.into());
    said.to_do.push(
        "Have the integration set up with a prefix for each environment, so that no two share an identifier."
            .into(),
    );
    said.not_to_do
        .push("Do not correct the record in ACP by hand: it may hold care data of two people.".into());
    said.settings.push(Setting::IdentifierMatching);
    said
}

fn identifier_blank(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Sync3], ..Said::default() };
    if let Some((environment, seen)) = found.person {
        let ros = rostering(scene, environment);
        let name = quoted(&seen.person.fields.full_name());
        said.what.push(format!(
            "{name} has no external identifier in {ros}, so there is nothing to match on and ACP takes nothing in."
        ));
        said.to_do.push(format!("Give the service user an external identifier in {ros}."));
        said.not_to_do.push("Do not create the record by hand in ACP: that makes a duplicate.".into());
        said.clauses.push(Clause::Dup7);
    } else if let Some(record) = found.record {
        said.what.push(format!(
            "Record {} in ACP has no external identifier, although the integration made it or somebody set one. The next sync \
             does not find it and may create a second record.",
            named(record)
        ));
        said.to_do
            .push("Set the external identifier that the rostering system has, to the character.".into());
        said.clauses.extend([Clause::Dup1, Clause::Dup8]);
    }
    said.settings.push(Setting::IdentifierMatching);
    said
}

fn identifier_on_two(found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Sync3, Clause::Dup4, Clause::Dup5], ..Said::default() };
    let Some(record) = found.record else { return said };
    let id = record.external_id.as_ref().map_or("", |id| id.as_str());
    let all: Vec<String> =
        std::iter::once(&record).chain(&found.others).map(|record| in_full(record)).collect();
    said.what.push(format!(
        "The external identifier {} leads to {} in ACP: {}.",
        quoted(id),
        count(all.len(), "record", "records"),
        list(&all)
    ));
    said.what.push("A sync cannot know which is meant, so nothing is taken in for any of them.".into());
    said.to_do.push(
        "Note the names, record IDs and services of all of them, and ask Support to review them.".into(),
    );
    said.not_to_do
        .push("Do not delete, archive or deactivate any of them until Support has reviewed them all.".into());
    said.settings.push(Setting::IdentifierMatching);
    said
}

fn likely_duplicate(found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Dup1, Clause::Dup4, Clause::Dup5], ..Said::default() };
    let Some((one, other)) = pair(found) else { return said };
    said.what.push(format!(
        "Two records may be for the same person: {} and {}.",
        in_full(one),
        in_full(other)
    ));
    said.what.extend(identifiers(one, other));
    if is_sign_of_duplicate(one, other) || is_sign_of_duplicate(other, one) {
        said.clauses.push(Clause::Dup2);
        said.what.push("One has care history; the other was made by the integration and has none.".into());
    }
    said.to_do.push("Check in both systems whether it is one person.".into());
    said.to_do.push("Note the names, record IDs and services of both records for a support case.".into());
    said.not_to_do.push(TOUCH_NEITHER.into());
    said.settings.extend([Setting::IdentifierMatching, Setting::Deletion]);
    said
}

fn confirmed_duplicate(found: &Found<'_>) -> Said {
    let mut said =
        Said { clauses: vec![Clause::Case3, Clause::Dup4, Clause::Dup5, Clause::Dup6], ..Said::default() };
    let Some((one, other)) = pair(found) else { return said };
    said.what.push(format!("Two records are for the same person: {} and {}.", in_full(one), in_full(other)));
    said.what.extend(found.since.map(|since| format!("This was confirmed at {}.", moment(since))));
    said.what.extend(identifiers(one, other));
    said.raise = Some(
        "Raise a support case through the Access Digital Assistant with the names, record IDs and services of both. \
         Support can merge or deactivate the duplicate without losing data.",
    );
    said.not_to_do.push(TOUCH_NEITHER.into());
    said.settings.push(Setting::Deletion);
    said
}

fn split_history(found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Dup3, Clause::Dup4, Clause::Dup5], ..Said::default() };
    let Some((one, other)) = pair(found) else { return said };
    let (plan, visits) = if crate::find::is_split(one, other) { (one, other) } else { (other, one) };
    said.what.push(format!(
        "The care plan is on record {}, and {} on record {}, which may be the same person.",
        named(plan),
        match visits.visits.len() {
            1 => "1 visit is".to_owned(),
            n => format!("{n} visits are"),
        },
        named(visits)
    ));
    said.what.push("Visits follow the external identifier, so they stay on that record.".into());
    said.to_do.push(
        "Note the names, record IDs and services of both records, and ask Support to review both.".into(),
    );
    said.not_to_do.push(TOUCH_NEITHER.into());
    said
}

fn orphan(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Case4], ..Said::default() };
    let Some(record) = found.record else { return said };
    said.what.push(format!(
        "Record {} was made by the integration, and no active service user in rostering has its external identifier {}.",
        in_full(record),
        quoted(record.external_id.as_ref().map_or("", |id| id.as_str()))
    ));
    said.what.push(match found.person {
        None => "Nobody in rostering has ever had it, as far as can be seen.".to_owned(),
        Some((environment, seen)) => format!(
            "{} had {} under it, but not as an active service user when the record was made.",
            rostering(scene, environment),
            quoted(&seen.person.fields.full_name())
        ),
    });
    said.what.extend(found.since.map(|since| format!("This has been so since {}.", moment(since))));
    said.to_do.push(
        "Check in rostering whether this person should be active under that external identifier.".into(),
    );
    said.raise = Some(
        "If not, raise a support case through the Access Digital Assistant: the record may have been made in error.",
    );
    said.not_to_do.push("Do not delete the record: Support reviews it first.".into());
    said.settings.push(Setting::IdentifierMatching);
    said
}

fn leavers_record(found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Pub10], ..Said::default() };
    let Some(record) = found.record else { return said };
    said.what.push(format!(
        "Record {} has the external identifier {}, and no active service user in rostering has it.",
        in_full(record),
        quoted(identifier(record).map_or("", |id| id.as_str()))
    ));
    said.what.extend(found.since.map(|since| format!("This has been so since {}.", moment(since))));
    said.what.push("It is listed; it is no reason for a support case.".into());
    said.to_do.push(
        "Keep the record, or, unless it may be one of a duplicate, archive it by your own rules for people who have left."
            .into(),
    );
    said.settings.push(Setting::EndDate);
    said
}

fn identifier_not_in_rostering(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Dup8], ..Said::default() };
    let Some((record, id)) = found.record.and_then(|record| Some((record, identifier(record)?))) else {
        return said;
    };
    said.what.push(format!(
        "Record {} has the external identifier {}, and nobody in rostering has or ever had it, so no sync reaches the record.",
        in_full(record),
        quoted(id.as_str())
    ));
    for (environment, seen) in scene.people_like_record(record) {
        let its = seen.person.sent_id.as_str();
        let how = near_miss(id.as_str(), its).map(|how| format!("; the two {how}")).unwrap_or_default();
        said.what.push(format!(
            "{} in {} may be the same person{how}.",
            service_user(seen),
            rostering(scene, environment)
        ));
    }
    said.what.push("It is listed; it is no reason for a support case.".into());
    said.to_do.push(
        "Compare the identifier with the rostering system, to the character, unless the person is still to be entered \
         there."
            .into(),
    );
    said.settings.push(Setting::IdentifierMatching);
    said
}

fn record_not_active(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Sync4, Clause::Pub10], ..Said::default() };
    let (Some(record), Some((environment, seen))) = (found.record, found.person) else { return said };
    let ros = rostering(scene, environment);
    said.what.push(format!(
        "{} is active in {ros}, and the external identifier leads to record {}, which is {} in ACP since {}.",
        service_user(seen),
        record.id,
        record.status.text(),
        moment(record.status_set.at())
    ));
    said.what.push("Syncs update the record and leave its status alone.".into());
    if record.status_set.by == By::Support {
        said.clauses.push(Clause::Dup6);
        said.to_do.push("Ask Support which record the external identifier should lead to.".into());
    } else {
        said.to_do.push(format!("If care goes on, make the record active in ACP; if not, end it in {ros}."));
    }
    said.not_to_do.push("Do not create another record by hand in ACP: that makes a duplicate.".into());
    said
}

fn made_by_hand(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Dup7, Clause::Dup8], ..Said::default() };
    let Some(record) = found.record else { return said };
    said.what.push(format!(
        "Record {} was made by hand in ACP and has no external identifier, so no sync reaches it.",
        in_full(record)
    ));
    for (_, seen) in scene.people_like_record(record) {
        said.what.push(format!("{} in rostering may be the same person.", service_user(seen)));
    }
    said.to_do.push(
        "If the person is in rostering, have the implementation team set exactly their external identifier before the first sync."
            .into(),
    );
    said.not_to_do
        .push("Do not create more records by hand for people who come through the integration.".into());
    said
}

fn not_sent(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { clauses: vec![Clause::Sync1], ..Said::default() };
    let Some((environment, seen)) = found.person else { return said };
    let ros = rostering(scene, environment);
    if found.obstacle == Some(Obstacle::NameBlank) {
        said.clauses.push(Clause::Sync2);
        let id = quoted(seen.person.sent_id.as_str());
        said.what.push(format!(
            "{ros} has neither a given nor a family name for external identifier {id}, so ACP cannot take it in."
        ));
        said.to_do.push(format!("Fill in the name in {ros}."));
        return said;
    }
    said.clauses.push(Clause::Dup8);
    said.what
        .push(format!("The integration with {ros} is off, so nothing about {} is sent.", service_user(seen)));
    said.to_do.push(
        "Before it goes live, check that existing ACP records have the right external identifiers.".into(),
    );
    look_alikes_of_person(scene, found, &mut said);
    said
}

fn ended(scene: &Scene, found: &Found<'_>) -> Said {
    let mut said = Said { settings: vec![Setting::EndDate], ..Said::default() };
    let Some((environment, seen)) = found.person else { return said };
    let (ros, who) = (rostering(scene, environment), service_user(seen));
    let since = found.since.map_or_else(String::new, |since| format!(" since {}", moment(since)));
    if found.obstacle == Some(Obstacle::Deleted) {
        said.clauses.push(Clause::Sync1);
        let id = quoted(seen.person.sent_id.as_str());
        said.what.push(format!(
            "{ros} has had nobody with the external identifier {id}{since}; the last was {who}."
        ));
        said.what.push("Nothing is sent under it any more.".into());
        said.what.extend(found.record.map(|record| format!("Record {} stays in ACP.", record.id)));
        return said;
    }
    said.clauses.push(Clause::Pub12);
    said.what.push(format!("{who} has been terminated in {ros}{since}."));
    said.what.extend(found.record.map(|record| {
        format!("Record {} stays in ACP. What an end date does there is not published.", record.id)
    }));
    said.not_to_do.push(
        "Do not reinstate just to edit, unless you must: a sync in between briefly brings the leaver back."
            .into(),
    );
    said
}
