//! Random calls, from a seed that a failure prints: what must hold after every one of them, whatever they
//! are.

use crate::desk::{CARE, Desk, SUPPORT, TEAM, TENANT, fields, person, planted, set_up, with_requirements};
use acp::{Action, Actor, Call, CareKind, HandMade, Outcome, Place, Planted, Record, RecordId, Reply, SetUp};
use feed::{
    AbsentField, ContactDetails, Deletion, EndDate, ExternalId, Field, IdentifierMatching, NewBranch,
    ServiceMove, ServiceUser, Settings, System, Update, VisitId,
};
use std::collections::{BTreeMap, BTreeSet};

/// A linear congruential generator (constants of Knuth's MMIX); its upper bits are good enough here.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }

    fn pick<T: Clone>(&mut self, all: &[T]) -> T {
        all[self.roll(all.len())].clone()
    }

    fn often(&mut self) -> bool {
        self.roll(4) > 0
    }
}

const IDS: [&str; 7] = ["SU-1", "SU-2", "SU-3", "SU-3 ", " SU-1", "SU-4", " "];
const BRANCHES: [&str; 6] = ["North", "South", "East", "North", "North ", "Nowhere"];
const VALUES: [&str; 6] = ["", "one", "two", "1938-11-04", "9990000018", "a\0"];
const ROLES: [&str; 3] = ["Night", "Day", " "];

fn settings(dice: &mut Dice) -> Settings {
    Settings {
        identifier_matching: dice.pick(IdentifierMatching::ALL),
        new_branch: dice.pick(NewBranch::ALL),
        service_move: dice.pick(ServiceMove::ALL),
        contact_details: dice.pick(&[ContactDetails::AcpKeepsItsOwn, ContactDetails::AlwaysAcp]),
        deletion: dice.pick(Deletion::ALL),
        end_date: dice.pick(EndDate::ALL),
        absent_field: dice.pick(AbsentField::ALL),
        ..Settings::default()
    }
}

fn some_fields(dice: &mut Dice, n_at_most: usize) -> Vec<(Field, &'static str)> {
    (0..dice.roll(n_at_most + 1))
        .map(|_| match dice.pick(Field::ALL) {
            Field::Branch => (Field::Branch, dice.pick(&BRANCHES)),
            Field::Service => (Field::Service, dice.pick(&["", "Home care", "Supported living", "Day care"])),
            field => (field, dice.pick(&VALUES)),
        })
        .collect()
}

fn service_user(dice: &mut Dice) -> ServiceUser {
    let mut values = vec![(Field::Branch, dice.pick(&BRANCHES))];
    values.extend(some_fields(dice, 4));
    let mut user = person(dice.pick(&IDS), &values);
    if dice.roll(6) == 0 {
        user.fields.remove(dice.pick(Field::ALL));
    }
    let requirements: Vec<&str> = (0..dice.roll(3)).map(|_| dice.pick(&["R1", "R2", "R3"])).collect();
    with_requirements(user, &requirements)
}

fn update(dice: &mut Dice, desk: &mut Desk) -> Update {
    let mut update = desk.update();
    update.system = dice.pick(System::ALL);
    update.environment = u8::try_from(dice.roll(2)).unwrap();
    if dice.roll(5) == 0 {
        update.sequence = update.sequence.saturating_sub(2);
    }
    update.branches = (0..dice.roll(2)).map(|_| dice.pick(&["West", "A & B", "North"]).into()).collect();
    update.service_users = (0..dice.roll(5)).map(|_| service_user(dice)).collect();
    for _ in 0..dice.roll(4) {
        let in_hours = i64::try_from(dice.roll(200)).unwrap();
        let visit = desk.visit(dice.pick(&["V1", "V2", "V3", "V4"]), dice.pick(&IDS), in_hours);
        update.visits.push(visit);
    }
    update
}

fn record(dice: &mut Dice) -> RecordId {
    RecordId(u32::try_from(dice.roll(7)).unwrap())
}

fn action(dice: &mut Dice) -> Action {
    let (it, other) = (record(dice), record(dice));
    let title = || "Title".into();
    match dice.roll(20) {
        0 => Action::Create(HandMade {
            external_id: dice.often().then(|| ExternalId::new(dice.pick(&IDS))),
            fields: person("", &some_fields(dice, 3)).fields,
        }),
        1..=3 => Action::Edit { record: it, set: fields(&some_fields(dice, 3)) },
        4 => Action::SetExternalId { record: it, to: dice.often().then(|| ExternalId::new(dice.pick(&IDS))) },
        5 => Action::GrantRole { record: it, role: dice.pick(&ROLES).into() },
        6 => Action::RevokeRole { record: it, role: dice.pick(&ROLES).into() },
        7..=8 => {
            Action::AddCare { record: it, kind: dice.pick(CareKind::ALL), title: title(), activities: vec![] }
        }
        9 => Action::AddActivity { record: it, title: title() },
        10 => Action::CompleteVisit { visit: VisitId::new(dice.pick(&["V1", "V2", "V3", "V9"])) },
        11 => Action::AddBranch {
            branch: dice.pick(&["West", "North", ""]).into(),
            service: "Home care".into(),
        },
        12 => Action::RenameBranch {
            from: dice.pick(&BRANCHES).into(),
            to: dice.pick(&["Far", "South"]).into(),
        },
        13 => Action::Deactivate { record: it },
        14 => dice.pick(&[Action::Reactivate { record: it }, Action::Unarchive { record: it }]),
        15 => Action::Archive { record: it },
        16 => dice.pick(&[Action::Delete { record: it }, Action::Deactivate { record: it }]),
        17 => Action::Move {
            record: it,
            to: Place { branch: dice.pick(&BRANCHES).into(), service: None },
            leaving: vec![dice.pick(CareKind::ALL)],
        },
        18 => Action::Merge { survivor: it, loser: other },
        _ => Action::Datafix { record: it, set: fields(&some_fields(dice, 2)) },
    }
}

fn actor(dice: &mut Dice) -> Actor {
    let of_north = Actor::BranchAdministrator(vec!["North".into()]);
    dice.pick(&[TENANT, SUPPORT, SUPPORT, CARE, TEAM, of_north])
}

/// Every thing of care in the tenant, by number, with its activities: where it is does not matter.
fn care(records: &[Record]) -> BTreeMap<u32, (CareKind, String, BTreeSet<u32>)> {
    let items: Vec<_> = records.iter().flat_map(|record| &record.local.care).collect();
    let told = items.iter().map(|it| {
        let activities = it.activities.iter().map(|it| it.number).collect();
        (it.number, (it.kind, it.title.to_string(), activities))
    });
    let by_number: BTreeMap<_, _> = told.collect();
    assert_eq!(by_number.len(), items.len(), "one thing of care stands in two places");
    by_number
}

/// What no update may change: care data (but for plans of requirements), roles, details kept beside, and
/// every field value that is ACP's own.
fn own(record: &Record) -> impl PartialEq + std::fmt::Debug + use<> {
    let fields: Vec<_> = record
        .synced
        .slots()
        .filter(|slot| {
            let by_person = !slot.set.by.is_integration();
            let is_own = matches!(slot.field, Field::Gender | Field::NhsNumber) || slot.field.is_contact();
            is_own && by_person
        })
        .map(|slot| (slot.field, slot.value.clone(), slot.set))
        .collect();
    let care: Vec<_> = record.local.care.iter().filter(|it| it.requirement.is_none()).cloned().collect();
    (fields, care, record.local.role_access.clone(), record.local.also.clone())
}

/// As many live records as hold an identifier by their own or an alias, told by those that look at `Record`
/// alone.
fn holders(records: &[Record], settings: &Settings) -> BTreeMap<String, BTreeSet<RecordId>> {
    let mut holders: BTreeMap<String, BTreeSet<RecordId>> = BTreeMap::new();
    for record in records.iter().filter(|record| record.merged_into.is_none()) {
        for id in record.external_id.iter().chain(&record.aliases).filter(|id| !id.is_blank()) {
            let key = match settings.identifier_matching {
                IdentifierMatching::Exact => id.as_str(),
                IdentifierMatching::EndsTrimmed => id.trimmed(),
            };
            holders.entry(key.to_owned()).or_default().insert(record.id);
        }
    }
    holders
}

fn check_always(desk: &Desk, settings: &Settings) {
    let records = desk.records();
    for (id, holders) in holders(&records, settings) {
        assert!(holders.len() == 1, "{id:?} is held by {holders:?}");
    }
    let mut visits = BTreeSet::new();
    for record in &records {
        let fields: Vec<Field> = record.synced.slots().map(|slot| slot.field).collect();
        assert!(fields.is_sorted() && !record.service().is_empty(), "{record:?}");
        for held in &record.visits {
            assert!(visits.insert(held.visit.id.clone()), "{} hangs twice", held.visit.id);
        }
        let past_and_present = record.history(acp::Tracked::Field(Field::Branch));
        assert_eq!(past_and_present.last().unwrap().value, record.branch());
    }
}

/// Delivers an update and holds it to what no update may do.
fn deliver(desk: &mut Desk, update: &Update) {
    let before = desk.records();
    let receipt = desk.receive(update.clone());
    let after: BTreeMap<RecordId, Record> = desk.records().into_iter().map(|it| (it.id, it)).collect();
    for record in &before {
        let now = after.get(&record.id).expect("no update deletes");
        assert_eq!(own(now), own(record));
        assert_eq!((&now.external_id, now.merged_into), (&record.external_id, record.merged_into));
    }
    let n_created =
        receipt.decisions.iter().filter(|it| matches!(it.outcome, Outcome::Created { .. })).count();
    assert_eq!(after.len(), before.len() + n_created);
    let written: BTreeSet<RecordId> = receipt
        .decisions
        .iter()
        .filter_map(|it| match &it.outcome {
            Outcome::Created { record, .. } | Outcome::Matched { record, .. } => Some(*record),
            _ => None,
        })
        .collect();
    for record in before.iter().filter(|record| !written.contains(&record.id)) {
        assert_eq!(after[&record.id].synced, record.synced, "written without cause");
    }
}

/// The same update once more. Where one record got two service users of the update (an alias), the later one
/// wins each time, which is not the same state; everything else is.
fn deliver_again(desk: &mut Desk, update: &Update) {
    let before = desk.records();
    let mut seen = BTreeSet::new();
    let receipt = desk.receive(update.clone());
    let records: Vec<RecordId> = receipt
        .decisions
        .iter()
        .filter_map(|it| match &it.outcome {
            Outcome::Matched { record, .. } => Some(*record),
            Outcome::Created { .. } => panic!("created again: {it:?}"),
            _ => None,
        })
        .collect();
    if records.iter().all(|id| seen.insert(*id)) {
        assert_eq!(desk.records(), before);
    }
}

fn play(seed: u64) {
    let mut dice = Dice(seed);
    let settings = settings(&mut dice);
    let records = vec![
        planted(None, &[]),
        planted(Some("SU-1"), &[(Field::Branch, "East")]),
        Planted { origin: acp::Origin::Integration, ..planted(Some("SU-2"), &[]) },
    ];
    let mut desk = Desk::of(SetUp { settings, records, ..set_up() });
    for _ in 0..60 {
        let before = desk.clone();
        let care_before = care(&before.records());
        if dice.roll(3) == 0 {
            let update = update(&mut dice, &mut desk);
            deliver(&mut desk, &update);
            deliver_again(&mut desk, &update);
        } else {
            let (actor, action) = (actor(&mut dice), action(&mut dice));
            let act = acp::Act { by: actor, action: action.clone() };
            match desk.acp.answer(desk.now, Call::Act(act)) {
                Reply::Refused(refusal) => {
                    assert_eq!(desk.acp, before.acp, "{action:?} was refused and changed something");
                    assert!(refusal.why.ends_with('.') && refusal.why.len() > 20, "{}", refusal.why);
                }
                Reply::Done(done) => check_account(&done, &before, &desk),
                other => panic!("{other:?}"),
            }
            if matches!(action, Action::Delete { .. }) {
                continue;
            }
        }
        let care_after = care(&desk.records());
        for (number, (kind, title, activities)) in care_before {
            let (kind_now, title_now, activities_now) = &care_after[&number];
            assert_eq!((kind_now, title_now), (&kind, &title));
            assert!(activities_now.is_superset(&activities));
        }
        check_always(&desk, &settings);
    }
}

/// Every thing of care of the records involved stands in exactly one list, and what is lost is gone.
fn check_account(done: &acp::Done, before: &Desk, after: &Desk) {
    let Some(account) = &done.account else { return };
    let lists = [&account.moved, &account.kept, &account.left, &account.lost];
    let mut told: Vec<u32> = lists.iter().flat_map(|list| list.iter().map(|(_, number)| *number)).collect();
    told.sort_unstable();
    let involved = before.records().into_iter().filter(|record| done.records.contains(&record.id));
    let mut there: Vec<u32> = involved.flat_map(|record| record.local.care).map(|item| item.number).collect();
    there.sort_unstable();
    assert_eq!(told, there);
    let left = care(&after.records());
    assert!(account.lost.iter().all(|(_, number)| !left.contains_key(number)));
}

#[test]
fn whatever_is_called_the_promises_hold() {
    for seed in 0..120 {
        let result = std::panic::catch_unwind(|| play(seed));
        assert!(result.is_ok(), "seed {seed}");
    }
}

#[test]
fn the_same_calls_give_the_same_tenant() {
    for seed in 0..20 {
        let run = || {
            let mut dice = Dice(seed);
            let mut desk = Desk::with(settings(&mut dice));
            for _ in 0..20 {
                let update = update(&mut dice, &mut desk);
                desk.receive(update);
                let _ = desk.act(actor(&mut dice), action(&mut dice));
            }
            desk.records()
        };
        assert_eq!(run(), run());
    }
}
