//! Field by field, what an update may write to an existing record: by owner, by provenance, by setting. Does
//! not touch branch and service, which move together (`placement`), nor anything outside of the fields.

use crate::call::not_fit;
use crate::receive::Delivery;
use crate::write::{clause_of, clause_that_keeps};
use crate::{Change, Entry, Note, Slot, Synced};
use feed::{AbsentField, Clause, ContactDetails, Field, Fields, Owner, Setting, Settings, Text};
use thin_vec::ThinVec;

/// What is told about one matched service user.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) changes: ThinVec<Change>,
    pub(crate) notes: ThinVec<Note>,
}

/// Writes what rostering sent and ACP does not own. A value that is not fit for its field is kept out. It is
/// given the fields and their past alone, so there is nothing else of a record that it could write to.
pub(crate) fn overwrite(
    (synced, past): (&mut Synced, &mut ThinVec<Entry>),
    differing: Vec<(Field, Text)>,
    delivery: &Delivery,
    told: &mut Told,
) {
    for (field, sent) in differing.into_iter().filter(|(field, _)| field.is_sent()) {
        let fit = field.keep(sent.clone());
        let slot = synced.slot(field);
        let acp = slot.map_or_else(Text::new, |slot| slot.value.clone());
        if let Some((because, setting)) = keeps_its_own(field, slot, &sent, &delivery.settings) {
            if fit.as_ref() != Ok(&acp) {
                told.notes.push(Note::Kept { field, acp, sent, because, setting });
            }
            continue;
        }
        match fit {
            Ok(value) => {
                let by = delivery.stamp(Clause::Sync4).by;
                let change = synced.write(past, field, value, delivery.stamp(clause_of(field, by)));
                told.changes.reserve_exact(change.iter().len());
                told.changes.extend(change);
            }
            Err(unfit) => {
                let why = not_fit(field, &sent, &unfit);
                told.notes.push(Note::Unfit { field, sent, why });
            }
        }
    }
}

/// The fields whose text as sent is not the text in ACP, with the text as sent. For most service users of a
/// full update there are none, so this walks both lists once and allocates nothing then.
pub(crate) fn differing(synced: &Synced, fields: &Fields, settings: &Settings) -> Vec<(Field, Text)> {
    let mut differing = Vec::new();
    let mut values = synced.values().iter().peekable();
    let absent = |(field, value): (Field, &Text), differing: &mut Vec<(Field, Text)>| {
        if counts_as_cleared(field, value, settings) {
            differing.push((field, Text::new()));
        }
    };
    for (field, sent) in fields.iter() {
        while let Some(value) = values.next_if(|(it, _)| *it < field) {
            absent(value, &mut differing);
        }
        let acp = values.next_if(|(it, _)| *it == field).map_or("", |(_, value)| value.as_str());
        if acp != sent.as_str() && !is_placement(field) {
            differing.push((field, sent.clone()));
        }
    }
    for value in values {
        absent(value, &mut differing);
    }
    differing
}

const fn is_placement(field: Field) -> bool {
    matches!(field, Field::Branch | Field::Service)
}

/// Whether a field that the update does not carry is as if it had come empty. Never the name: a record
/// without one helps nobody. *Assumed.*
fn counts_as_cleared(field: Field, value: &str, settings: &Settings) -> bool {
    settings.absent_field == AbsentField::ClearsValue
        && !value.is_empty()
        && field.is_written_by_sync(settings)
        && !matches!(field, Field::GivenName | Field::FamilyName)
        && !is_placement(field)
}

/// Why ACP's value of a field stands, whatever rostering sends; none where rostering's is written. An emptied
/// value counts as ACP's own if a person emptied it.
fn keeps_its_own(
    field: Field,
    slot: Option<Slot<'_>>,
    sent: &str,
    settings: &Settings,
) -> Option<(Clause, Setting)> {
    let set_by_person = slot.is_some_and(|slot| !slot.set.by.is_integration());
    let (keeps, setting) = match field.owner() {
        Owner::Rostering | Owner::Acp => return None,
        Owner::WhereManaged => (!settings.managed_demographics.manages(field), Setting::ManagedDemographics),
        Owner::StartsFromRostering => {
            let keeps = match settings.contact_details {
                ContactDetails::AcpKeepsItsOwn => set_by_person,
                ContactDetails::AlwaysAcp => true,
                ContactDetails::AlwaysRostering => set_by_person && sent.is_empty(),
            };
            (keeps, Setting::ContactDetails)
        }
    };
    keeps.then_some((clause_that_keeps(field), setting))
}
