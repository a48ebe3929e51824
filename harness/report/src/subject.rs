//! One service user or record at the end of a case: both systems side by side, how each value came to be, and what
//! guidance says, with the support case as it would be typed in.

use crate::{
    Told, blame, paint,
    rules::source,
    story::{counted_kind, wrap},
    summary::case_label,
    visible::{prose, value},
    words::{field_value, listed, moment},
};
use acp::{CareKind, Record, RecordId, Status, Tracked, VisitState};
use feed::{Clause, ExternalId, Field};
use guidance::{Advice, CaseDraft, Scene, Subject};
use std::fmt::Write as _;

/// What `explain` can be asked for beside a field.
const OTHERS: &[Tracked] = &[Tracked::ExternalId, Tracked::Status, Tracked::RoleAccess];

/// Whom a text means in a case: an identifier as sent, or a record as `R2`. None where nobody is called so.
pub fn subject(scene: &Scene, text: &str) -> Option<Subject> {
    let id = ExternalId::new(text);
    if let Some((environment, sent_id)) = scene.people.keys().find(|(_, sent_id)| *sent_id == id) {
        return Some(Subject::ServiceUser { environment: *environment, sent_id: sent_id.clone() });
    }
    let number = text.strip_prefix(['R', 'r']).and_then(|number| number.parse().ok()).map(RecordId);
    if let Some(record) = number.filter(|record| scene.records.contains_key(record)) {
        return Some(Subject::Record(record));
    }
    let with_it = scene.records.values().find(|seen| seen.record.external_id.as_ref() == Some(&id));
    with_it.map(|seen| Subject::Record(seen.record.id))
}

/// Everybody who could be asked about: identifiers, then records.
pub fn subjects(scene: &Scene) -> Vec<String> {
    let people = scene.people.keys().map(|(_, sent_id)| sent_id.as_str().to_owned());
    people.chain(scene.records.keys().map(ToString::to_string)).collect()
}

/// A field, or the identifier, status or role access, by the name that files give it.
pub fn tracked(text: &str) -> Option<Tracked> {
    let text = text.to_lowercase().replace('_', " ");
    let field = Field::from_text(&text).map(Tracked::Field);
    field.or_else(|| OTHERS.iter().copied().find(|other| other.text() == text))
}

/// The names that [`tracked`] takes.
pub fn tracked_names() -> Vec<&'static str> {
    let fields = Field::ALL.iter().map(|field| field.text());
    fields.chain(OTHERS.iter().map(|other| other.text())).collect()
}

/// Everything about somebody at the end of a case.
pub fn about(told: &Told<'_>, subject: &Subject) -> String {
    let scene = &told.trace.scene;
    let mut text = title(told, &capital(&who(scene, subject)));
    side_by_side(&mut text, scene, subject);
    for record in blame::records(scene, subject) {
        acp_only(&mut text, record);
    }
    advice(&mut text, scene, scene.advise(subject, told.trace.ended_at).iter());
    text
}

/// One value of somebody: now, how it came to be, and what guidance says about it.
pub fn about_value(told: &Told<'_>, subject: &Subject, what: Tracked) -> String {
    let scene = &told.trace.scene;
    let mut text = title(told, &format!("{} of {}", capital(what.text()), who(scene, subject)));
    let values = match what {
        Tracked::Field(field) => blame::of_field(scene, subject, field),
        _ => blame::of_tracked(scene, subject, what),
    };
    if let Tracked::Field(field) = what {
        let _ = writeln!(text, "{}: {}.", now(scene, subject, field), field.owner().text());
    }
    text.push('\n');
    if values.is_empty() {
        text.push_str("It never had a value.\n");
    }
    for line in blame::table(&values) {
        let _ = writeln!(text, "  {line}");
    }
    let all = scene.advise(subject, told.trace.ended_at);
    let of_it = |advice: &&Advice| match what {
        Tracked::Field(field) => advice.fields.is_empty() || advice.fields.contains(&field),
        _ => true,
    };
    advice(&mut text, scene, all.iter().filter(of_it));
    text
}

fn title(told: &Told<'_>, words: &str) -> String {
    let label = case_label(told.name, told.case);
    format!("{}\n{label}, at {}\n", paint::bold(words), moment(told.trace.ended_at))
}

/// "Ada Okafor (external identifier SU-1, ACP record R1)"
fn who(scene: &Scene, subject: &Subject) -> String {
    let records = blame::records(scene, subject);
    let ids: Vec<String> = records.iter().map(|record| record.id.to_string()).collect();
    let in_acp =
        if ids.is_empty() { "no ACP record".to_owned() } else { format!("ACP record {}", listed(&ids)) };
    match subject {
        Subject::ServiceUser { environment, sent_id } => {
            let name = scene
                .people
                .get(&(*environment, sent_id.clone()))
                .map_or_else(String::new, |seen| value(&seen.person.fields.full_name()));
            format!("{name} (external identifier {}, {in_acp})", value(sent_id.as_str()))
        }
        Subject::Record(_) => match records.first() {
            Some(record) => {
                let id = record.external_id.as_ref().map_or("", |id| id.as_str());
                format!("{} (external identifier {}, {in_acp})", value(&record.synced.full_name()), value(id))
            }
            None => in_acp,
        },
    }
}

fn now(scene: &Scene, subject: &Subject, field: Field) -> String {
    let acp: Vec<String> = blame::records(scene, subject)
        .iter()
        .map(|record| format!("ACP {} has {}", record.id, field_value(field, record.synced.text(field))))
        .collect();
    let rostering = person(scene, subject)
        .map(|person| format!("rostering says {}", field_value(field, person.fields.text(field))));
    let parts: Vec<String> = rostering.into_iter().chain(acp).collect();
    capital(&parts.join(", "))
}

fn person<'a>(scene: &'a Scene, subject: &Subject) -> Option<&'a rostering::Person> {
    let key = match subject {
        Subject::ServiceUser { environment, sent_id } => (*environment, sent_id.clone()),
        Subject::Record(id) => {
            let sent_id = scene.records.get(id)?.record.external_id.clone()?;
            scene.people.keys().find(|(_, it)| *it == sent_id)?.clone()
        }
    };
    scene.people.get(&key).map(|seen| &seen.person)
}

/// Every field that either system has, and who set ACP's value.
fn side_by_side(text: &mut String, scene: &Scene, subject: &Subject) {
    let person = person(scene, subject);
    let records = blame::records(scene, subject);
    let mut rows = vec![["Field".to_owned(), "Rostering".to_owned()].to_vec()];
    rows[0].extend(records.iter().map(|record| format!("ACP {}", record.id)));
    for &field in Field::ALL {
        let sent = person.map_or("", |person| person.fields.text(field));
        let kept: Vec<&str> = records.iter().map(|record| record.synced.text(field)).collect();
        if sent.is_empty() && kept.iter().all(|value| value.is_empty()) {
            continue;
        }
        let mut row = vec![field.text().to_owned(), field_value(field, sent)];
        row.extend(kept.iter().map(|value| field_value(field, value)));
        rows.push(row);
    }
    text.push('\n');
    for row in &rows {
        let cells: Vec<String> = row
            .iter()
            .enumerate()
            .map(|(column, cell)| {
                let width = rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
                format!("{cell:width$}")
            })
            .collect();
        let _ = writeln!(text, "  {}", cells.join("  ").trim_end());
    }
}

/// What only ACP knows of a record.
fn acp_only(text: &mut String, record: &Record) {
    let mut facts = Vec::new();
    if record.status != Status::Active {
        facts.push(record.status.text().to_owned());
    }
    if let Some(into) = record.merged_into {
        facts.push(format!("merged into {into}"));
    }
    facts.extend(
        CareKind::ALL
            .iter()
            .filter(|&&kind| record.count(kind) > 0)
            .map(|&kind| counted_kind(record.count(kind), kind)),
    );
    let planned = record.visits.iter().filter(|held| held.state == VisitState::Planned).count();
    facts.push(crate::words::counted(planned, "planned visit", "planned visits"));
    let roles: Vec<String> = record.local.role_access.iter().map(|(role, _)| value(role)).collect();
    if !roles.is_empty() {
        facts.push(format!("access for {}", listed(&roles)));
    }
    if let Some(held) = &record.held {
        let (branch, service) = (value(&held.to_branch), value(&held.to_service));
        facts.push(format!("a move to {branch} ({service}) that waits for Support"));
    }
    text.push_str("  ");
    wrap(text, &format!("{}: {}", record.id, facts.join(", ")), 4);
}

fn advice<'a>(text: &mut String, scene: &Scene, all: impl Iterator<Item = &'a Advice>) {
    for advice in all {
        let _ = writeln!(text, "\n{}", paint::bold(&capital(advice.situation.text())));
        sentence(text, &advice.what);
        advice.to_do.iter().for_each(|words| sentence(text, &format!("Do: {words}")));
        advice.not_to_do.iter().for_each(|words| sentence(text, words));
        if let Some(until) = advice.wait_until {
            sentence(text, &format!("Nothing is late before {}.", moment(until)));
        }
        for clause in &advice.clauses {
            sentence(text, &clause_line(*clause));
        }
        if !advice.settings.is_empty() {
            let settings =
                advice.settings.iter().map(|it| format!("{}: {}", it.text(), scene.settings.text(*it)));
            sentence(text, &format!("This rests on {}.", settings.collect::<Vec<_>>().join(", ")));
        }
        if let Some(case) = &advice.case {
            draft(text, case);
        }
    }
}

fn clause_line(clause: Clause) -> String {
    format!("{} ({}) [{}]", clause.says(), source(clause), clause.code())
}

fn sentence(text: &mut String, words: &str) {
    text.push_str("  ");
    wrap(text, &prose(words), 4);
}

/// As it would be typed into the Access Digital Assistant.
fn draft(text: &mut String, case: &CaseDraft) {
    let _ = writeln!(text, "  Support case draft [{}]", case.kind.code());
    let mut line = |label: &str, words: &str| {
        let _ = write!(text, "    {label}: ");
        wrap(text, &prose(words), 6);
    };
    line("Subject", &case.subject_line);
    for fact in &case.facts {
        line(&capital(fact.label), fact.value.as_deref().unwrap_or("(missing: nobody can see it)"));
    }
    if !case.facts.iter().any(|fact| fact.label == "description") {
        line("Description", &case.description);
    }
    if !case.missing.is_empty() {
        line("Missing", &listed(&case.missing));
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
