//! Every mapping of the language: its keys, what stands behind each, and one plain sentence for it.

#![allow(clippy::enum_glob_use, clippy::wildcard_imports)] // A table of the language reads without paths.

use super::{FieldsHere, Key, Shape, Takes::*, Thing, words::*};

macro_rules! shapes {
    ($($name:ident = $what:literal $(+ $fields:ident)? $(needs $needs:tt)? $(apart $apart:tt)? {
        $($text:literal: $takes:expr => $says:literal),* $(,)?
    })+) => {
        $(pub const $name: Shape = Shape {
            name: stringify!($name),
            what: $what,
            keys: &[$(Key { text: $text, says: $says, takes: $takes }),*],
            fields: shapes!(@fields $($fields)?),
            needs: shapes!(@groups $($needs)?),
            apart: shapes!(@groups $($apart)?),
        };)+
        /// Every shape, for the JSON Schema and for tests.
        pub const SHAPES: &[Shape] = &[$($name),+];
    };
    (@fields fields) => { FieldsHere::Set };
    (@fields seen) => { FieldsHere::Seen };
    (@fields) => { FieldsHere::No };
    (@groups [$($group:tt),+]) => { &[$(&$group),+] };
    (@groups) => { &[] };
}

/// Most items of one kind of care data that one entry makes. *Assumed.*
pub(crate) const MOST_CARE: u32 = 1000;
/// Most invented service users in one case. *Assumed.*
pub(crate) const MOST_INVENTED: u32 = 1_000_000;
/// Most deliveries that one fault takes. *Assumed*: a hundred days of partials.
pub(crate) const MOST_TIMES: u32 = 10_000;

shapes! {
    SCENARIO = "a scenario" needs [["scenario"], ["proves"], ["clock"], ["steps"]] {
        "scenario": Prose => "The title: what is promised, in one sentence.",
        "about": Prose => "A longer explanation.",
        "proves": Clauses => "The clauses of the guidance that it proves.",
        "tags": Texts => "Words by which it can be selected.",
        "clock": Instant => "When the story begins, as 2026-03-26 09:00 Europe/London.",
        "rules": Settings => "Settings that differ from the default.",
        "seed": Seed => "Fixes what is drawn; else the run's seed.",
        "skip": Map(&SKIP) => "Not run, for a reason.",
        "expect failure": Map(&EXPECT_FAILURE) => "Passes only if it fails, for a reason.",
        "cases": Rows => "Rows: the whole scenario runs once for each.",
        "given": Given => "The world before the clock starts.",
        "faults": Maps(&FAULTS) => "What goes wrong on the way between the systems.",
        "steps": Steps => "What is done and what must then be so.",
    }
    WORLD = "a world" needs [["world"], ["given"]] {
        "world": Prose => "The title.",
        "about": Prose => "A longer explanation.",
        "given": Given => "What every scenario gets that uses this world.",
    }
    SKIP = "`skip`" needs [["reason"]] {
        "reason": Prose => "Why it is not run.",
        "until": Day => "The day from which it runs again.",
    }
    EXPECT_FAILURE = "`expect failure`" needs [["reason"]] {
        "reason": Prose => "Why it fails today.",
    }
    GIVEN = "`given`" apart [["use", "system"]] {
        "use": Names(Thing::World) => "The entries of a world file.",
        "rostering system": Map(&ROSTERING_SYSTEM) => "An environment of a rostering system.",
        "branches": Texts => "Branches in both systems, in the ACP service \"Home Care\".",
        "services": Services => "ACP services with their branches; the branches are in rostering too.",
        "acp branches": Texts => "Branches in ACP only.",
        "acp services": Services => "ACP services with branches that rostering lacks.",
        "rostering branches": Texts => "Branches in rostering only.",
        "service user": Maps(&SERVICE_USER) => "A service user in rostering.",
        "visit": Maps(&VISIT) => "A visit in rostering.",
        "service order": Maps(&SERVICE_ORDER) => "A service order (Care Rostering only).",
        "requirement": Maps(&REQUIREMENT) => "A requirement of a service order (Care Rostering only).",
        "acp record": Maps(&ACP_RECORD) => "A record that ACP has before the integration.",
        "care": Maps(&CARE) => "What care staff have written on a record.",
        "population": Map(&POPULATION) => "Invented service users.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    ROSTERING_SYSTEM = "a rostering system" needs [["name"]] {
        "name": Prose => "What the scenario calls it.",
        "system": One(SYSTEMS) => "People planner, care rostering or other.",
        "prefix": Text => "Stands before everything that it sends (People Planner only).",
    }
    SERVICE_USER = "a service user" + fields needs [["id"], ["name", "given name", "family name"], ["branch"]] {
        "id": Value => "The identifier in rostering.",
        "terminated": DayOrMoment => "Since when the service has ended.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    VISIT = "a visit" needs [["for"], ["starts"]] {
        "for": Name(Thing::ServiceUser) => "Whose visit it is.",
        "starts": Moment => "When it starts.",
        "id": Value => "The visit ID; V1, V2 and so on if left out.",
        "lasts": Duration => "How long it lasts; 30 minutes if left out.",
        "employee": Text => "Who carries it out.",
        "requirement": Name(Thing::Requirement) => "The requirement that it belongs to (Care Rostering only).",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    SERVICE_ORDER = "a service order" needs [["for"], ["id"]] {
        "for": Name(Thing::ServiceUser) => "Whose order it is.",
        "id": Prose => "What the order is called.",
        "service": Name(Thing::Service) => "The ACP service that it names, if any.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    REQUIREMENT = "a requirement" needs [["order"], ["id"], ["name"]] {
        "order": Name(Thing::Order) => "The service order that it belongs to.",
        "id": Prose => "What the requirement is called.",
        "name": Prose => "Its name, as care plans show it.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    ACP_RECORD = "a record" + fields needs [["branch", "service"]] {
        "called": Called => "What the scenario calls it.",
        "made by": One(MADE_BY) => "`hand`, or `integration` for what an earlier one left.",
        "status": One(STATUSES) => "Active, inactive or archived.",
        "external id": Value => "The identifier that it carries.",
        "role access": Texts => "Groups and users that may see it.",
        "care plans": Number(0, MOST_CARE) => "How many care plans it has.",
        "activities": Number(0, MOST_CARE) => "How many activities its care plan has.",
        "forms": Number(0, MOST_CARE) => "How many forms it has.",
        "notes": Number(0, MOST_CARE) => "How many notes it has.",
        "documents": Number(0, MOST_CARE) => "How many documents it has.",
        "visit history": Number(0, MOST_CARE) => "How many visits were carried out.",
    }
    CREATE_RECORD = "a record made by hand" + fields {
        "called": Called => "What the scenario calls it.",
        "external id": Value => "The identifier that is typed in.",
    }
    CARE = "`care`" needs [["service user", "record"], ["care plans", "activities", "forms", "notes", "documents"]] apart [["service user", "record"]] {
        "service user": Name(Thing::ServiceUser) => "Whose record it is, by identifier.",
        "record": Name(Thing::Record) => "Which record it is.",
        "care plans": Number(0, MOST_CARE) => "How many care plans are added.",
        "activities": Number(0, MOST_CARE) => "How many activities are added to the newest care plan.",
        "forms": Number(0, MOST_CARE) => "How many forms are added.",
        "notes": Number(0, MOST_CARE) => "How many notes are added.",
        "documents": Number(0, MOST_CARE) => "How many documents are added.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    ADD_CARE = "`add`" {
        "care plans": Number(0, MOST_CARE) => "How many care plans are added.",
        "activities": Number(0, MOST_CARE) => "How many activities are added to the newest care plan.",
        "forms": Number(0, MOST_CARE) => "How many forms are added.",
        "notes": Number(0, MOST_CARE) => "How many notes are added.",
        "documents": Number(0, MOST_CARE) => "How many documents are added.",
    }
    POPULATION = "a population" needs [["service users"]] {
        "service users": Number(1, MOST_INVENTED) => "How many are invented.",
        "seed": Seed => "Which ones: the same seed gives the same people.",
        "visit": Moment => "When each has a visit, if at all.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    WHEN = "a `when` step" needs [["when"], ["after", "at", "in rostering", "in acp", "integration", "confirm duplicate", "raise case", "close case", "ask guidance", "fault"]] apart [["after", "at"]] {
        "when": Prose => "What happens, in prose.",
        "after": Duration => "Time that passes first.",
        "at": Instant => "The moment at which it happens.",
        "in rostering": Maps(&IN_ROSTERING) => "What somebody does in rostering.",
        "in acp": Maps(&IN_ACP) => "What somebody does in ACP.",
        "integration": WordOrMap(INTEGRATION_WORDS, &INTEGRATION) => "Switches the integration on or off.",
        "confirm duplicate": TwoRecords => "Somebody has made sure that two records are one person.",
        "raise case": Maps(&RAISE_CASE) => "A Tenant Administrator raises a support case.",
        "close case": Maps(&CLOSE_CASE) => "Support closes a case.",
        "ask guidance": Maps(&ASK_GUIDANCE) => "Somebody asks what is going on and what to do. The story tells the answer; nothing is expected of it.",
        "fault": Maps(&FAULTS) => "A fault of the link begins.",
    }
    THEN = "a `then` step" needs [["then"], ["acp", "acp records", "acp visits", "rostering", "history", "refused", "accepted", "sync", "account", "warned", "guidance", "case"]] apart [["after", "at"], ["within", "for", "never"]] {
        "then": Prose => "What must be so, in prose.",
        "after": Duration => "Time that passes first.",
        "at": Instant => "The moment at which it must be so.",
        "within": Duration => "It becomes so by then.",
        "for": Duration => "It is so all the time until then.",
        "never": Duration => "It is so at no moment until then.",
        "acp": Maps(&ACP) => "A record and what it has.",
        "acp records": Maps(&ACP_RECORDS) => "How many records fit.",
        "acp visits": Maps(&ACP_VISITS) => "How many visits fit.",
        "rostering": Maps(&ROSTERING) => "A service user in rostering and what they have.",
        "history": Maps(&HISTORY) => "The values that something had.",
        "refused": WordOrMap(YES, &REFUSED) => "The last action was refused.",
        "accepted": Several(YES) => "The last action was done.",
        "sync": Maps(&SYNC) => "What deliveries did with a service user since the last `when`.",
        "account": Maps(&ACCOUNT) => "Where each item of care data went with the last action.",
        "warned": ClausesOrNone => "What guidance said before the last action.",
        "guidance": Maps(&GUIDANCE) => "What guidance says now.",
        "case": Maps(&CASE) => "Whether a support case is due, and its draft.",
    }
    IN_ROSTERING = "an action in rostering" {
        "add service user": Map(&SERVICE_USER) => "Adds a service user.",
        "service user": Name(Thing::ServiceUser) => "Whom it is about.",
        "set": Map(&SET) => "Sets fields.",
        "clear": FieldNames => "Empties fields.",
        "stop sending": FieldNames => "Forgets that fields were ever filled in.",
        "save": One(NOTHING_CHANGED) => "Saves without changing anything: `nothing changed`.",
        "change id to": Value => "Changes the identifier.",
        "terminate": DayOrMoment => "Ends the service.",
        "reinstate": One(YES) => "Takes the end back.",
        "suspend": Map(&SUSPEND) => "Pauses the service.",
        "end suspension": One(YES) => "Ends the pause.",
        "delete": One(FOR_GOOD) => "Deletes for good.",
        "add visit": Map(&VISIT) => "Plans a visit.",
        "visit": Name(Thing::Visit) => "Which visit it is about.",
        "move to": Moment => "Moves the visit to another moment.",
        "cancel": One(YES) => "Cancels the visit.",
        "restore": One(YES) => "Takes the cancellation back.",
        "give to": Name(Thing::ServiceUser) => "Gives the visit to another service user.",
        "add branch": Prose => "Adds a branch.",
        "rename branch": Name(Thing::Branch) => "Renames a branch.",
        "to": Prose => "The branch's new name.",
        "add service order": Map(&SERVICE_ORDER) => "Adds a service order (Care Rostering only).",
        "service order": Name(Thing::Order) => "Which order it is about.",
        "set service": Name(Thing::Service) => "Names the order's ACP service, or `none`.",
        "add requirement": Map(&REQUIREMENT) => "Adds a requirement (Care Rostering only).",
        "requirement": Name(Thing::Requirement) => "Which requirement it is about.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    SET = "a service user" + fields {}
    SUSPEND = "`suspend`" needs [["from"]] {
        "from": DayOrMoment => "When the pause begins.",
        "until": DayOrMoment => "When it ends; open if left out.",
        "reason": Text => "Why.",
    }
    IN_ACP = "an action in ACP" {
        "as": Actor => "Who does it; a Tenant Administrator if left out.",
        "service user": Name(Thing::ServiceUser) => "Whose record it is about, by identifier.",
        "record": Name(Thing::Record) => "Which record it is about.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "set": Map(&SET) => "Sets fields.",
        "clear": FieldNames => "Empties fields.",
        "create record": Map(&CREATE_RECORD) => "Makes a record by hand.",
        "set external id": Value => "Sets the external identifier, or `none`.",
        "grant role": Prose => "Lets a group or user see the record.",
        "revoke role": Prose => "Takes that back.",
        "add": Map(&ADD_CARE) => "Adds care plans, activities, forms, notes, documents.",
        "complete visit": Name(Thing::Visit) => "Carries a visit out: it becomes visit history.",
        "add branch": Prose => "Adds a branch to a service.",
        "service": Name(Thing::Service) => "The service of the branch that is added.",
        "rename branch": Name(Thing::Branch) => "Renames a branch.",
        "to": Prose => "The branch's new name.",
        "deactivate": One(YES) => "Makes the record inactive.",
        "reactivate": One(YES) => "Makes it active again.",
        "archive": One(YES) => "Archives it: read-only from then on.",
        "unarchive": One(YES) => "Takes it out of the archive.",
        "delete": One(FOR_GOOD) => "Deletes the record with its care data.",
        "move to": Name(Thing::Branch) => "Support moves the record to a branch.",
        "leaving": Several(CARE_KINDS) => "Kinds of care data that stay behind in a move.",
        "merge": Name(Thing::AnyRecord) => "Support merges this record into another.",
        "into": Name(Thing::AnyRecord) => "The record that survives.",
        "datafix": Map(&SET) => "Support sets fields directly.",
    }
    INTEGRATION = "`integration`" {
        "goes live": Names(Thing::System) => "The environment is switched on: its first full update is due.",
        "stops": Names(Thing::System) => "The environment is switched off.",
    }
    AS = "`as`" needs [["branch administrator of"]] {
        "branch administrator of": Names(Thing::Branch) => "A Branch Administrator of these branches only.",
    }
    RAISE_CASE = "`raise case`" needs [["kind"], ["service user", "record"]] apart [["service user", "record"]] {
        "kind": CaseKind => "CASE-1 to CASE-4.",
        "service user": Name(Thing::ServiceUser) => "Whom it is about, by identifier.",
        "record": Name(Thing::Record) => "Which record it is about.",
        "leaving out": Several(CASE_PARTS) => "Parts that are left out.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    CLOSE_CASE = "`close case`" needs [["kind"], ["service user", "record"]] apart [["service user", "record"]] {
        "kind": CaseKind => "CASE-1 to CASE-4.",
        "service user": Name(Thing::ServiceUser) => "Whom it is about, by identifier.",
        "record": Name(Thing::Record) => "Which record it is about.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    ASK_GUIDANCE = "`ask guidance`" needs [["service user", "record"]] apart [["service user", "record"]] {
        "service user": Name(Thing::ServiceUser) => "Whom it is about, by identifier.",
        "record": Name(Thing::Record) => "Which record it is about.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
    }
    FAULTS = "a fault" {
        "lose": Fault => "Deliveries never arrive.",
        "delay": Fault => "Deliveries arrive later.",
        "repeat": Fault => "Deliveries arrive twice.",
        "reorder": Fault => "Deliveries arrive after the next one.",
        "cut": Fault => "Only the first service users of a delivery arrive.",
        "down": Fault => "The link is down for a while.",
        "refuse": Fault => "ACP's door answers with 429 or 5xx.",
        "poison": Fault => "One service user is damaged on the way.",
    }
    FAULT = "this fault" {
        "update": One(UPDATES) => "Which deliveries: partial, full or any.",
        "from": Name(Thing::System) => "Only those of this rostering environment.",
        "carrying": Name(Thing::ServiceUser) => "Only those that carry this service user.",
        "times": Number(1, MOST_TIMES) => "How many deliveries it takes; 1 if left out.",
        "by": Duration => "How much later (`delay`).",
        "again after": Duration => "How much later a second time (`repeat`).",
        "after": Number(0, u32::MAX) => "How many service users arrive (`cut`).",
        "for": Duration => "How long (`down`).",
        "answer": Refusal => "The HTTP status, 429 or 500 to 599 (`refuse`).",
        "retry after": Duration => "Not tried again before (`refuse`).",
        "service user": Name(Thing::ServiceUser) => "Which service user is damaged (`poison`).",
        "system": Name(Thing::System) => "The rostering environment, where there are several (`poison`).",
    }
    ACP = "`acp`" needs [["service user", "record"], ["has", "lacks", "is"]] apart [["service user", "record"], ["is", "has"], ["is", "lacks"]] {
        "service user": Name(Thing::ServiceUser) => "Whose record, by identifier.",
        "record": Name(Thing::Record) => "Which record.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "has": Map(&HAS) => "What it has.",
        "lacks": KeysOf(&LACKS) => "What it does not have.",
        "is": One(ABSENT) => "There is no such record (`absent`).",
    }
    HAS = "a record" + seen {
        "external id": Name(Thing::ServiceUser) => "The identifier that it carries, or `none`.",
        "record id": Name(Thing::AnyRecord) => "Which record it is, as R2.",
        "same record": One(YES) => "The record that the identifier led to at the first step (`yes`).",
        "status": One(STATUSES) => "Active, inactive or archived.",
        "origin": One(ORIGINS) => "Integration or by hand.",
        "role access": Texts => "Exactly these groups and users.",
        "care plans": Count => "How many care plans, ended ones too.",
        "open care plans": Count => "How many care plans that have not ended.",
        "activities": Count => "How many activities, over all care plans.",
        "forms": Count => "How many forms.",
        "notes": Count => "How many notes.",
        "documents": Count => "How many documents.",
        "visit history": Count => "How many visits that were carried out.",
        "care history": One(YES_OR_NO) => "`yes` if there is any care data.",
        "visits": Count => "How many visits.",
        "held move": Name(Thing::Branch) => "The branch of a move that waits for Support, or `yes` for any.",
        "merged into": Name(Thing::AnyRecord) => "The record that it was merged into.",
        "aliases": Names(Thing::ServiceUser) => "Identifiers that lead here since a merge.",
    }
    LACKS = "`lacks`" + seen {
        "external id": Nothing => "It carries no identifier.",
        "role access": Nothing => "Nobody was granted access.",
        "care plans": Nothing => "No care plan.",
        "open care plans": Nothing => "No care plan that has not ended.",
        "activities": Nothing => "No activity.",
        "forms": Nothing => "No form.",
        "notes": Nothing => "No note.",
        "documents": Nothing => "No document.",
        "visit history": Nothing => "No visit that was carried out.",
        "care history": Nothing => "No care data.",
        "visits": Nothing => "No visit.",
        "held move": Nothing => "No move that waits for Support.",
        "aliases": Nothing => "No other identifier leads here.",
    }
    ACP_RECORDS = "`acp records`" needs [["count"]] {
        "external id": Name(Thing::ServiceUser) => "Only records with this identifier.",
        "name": Value => "Only records with this name.",
        "branch": Name(Thing::Branch) => "Only records in this branch.",
        "service": Name(Thing::Service) => "Only records in this service.",
        "origin": One(ORIGINS) => "Only records of this origin.",
        "status": One(STATUSES) => "Only records with this status.",
        "care history": One(YES_OR_NO) => "Only records with (or without) care data.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "count": Count => "How many there are.",
    }
    ACP_VISITS = "`acp visits`" needs [["count"]] apart [["on", "record"]] {
        "on": Name(Thing::AnyRecord) => "Only visits on the record of this service user.",
        "record": Name(Thing::Record) => "Only visits on this record.",
        "id": Name(Thing::Visit) => "Only this visit.",
        "starts": Moment => "Only visits that start then.",
        "state": One(VISIT_STATES) => "Only planned, done or parked visits.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "count": Count => "How many there are.",
    }
    ROSTERING = "`rostering`" needs [["service user"], ["has", "lacks"]] {
        "service user": Name(Thing::ServiceUser) => "Whom it is about.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "has": Map(&ROSTERING_HAS) => "What they have.",
        "lacks": FieldNames => "What they do not have.",
    }
    ROSTERING_HAS = "a service user in rostering" + seen {
        "active": One(YES_OR_NO) => "`yes` or `no`.",
    }
    HISTORY = "`history`" needs [["service user", "record"], ["of"], ["values"]] apart [["service user", "record"]] {
        "service user": Name(Thing::ServiceUser) => "Whose record, by identifier.",
        "record": Name(Thing::Record) => "Which record.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "of": Tracked => "A field, `external id`, `status` or `role access`.",
        "values": Values => "Every value that it had, oldest first, the present one last.",
        "by": Several(HISTORY_BY) => "Who set each of them.",
    }
    REFUSED = "`refused`" {
        "clause": Clause => "Under which clause.",
        "says": Prose => "A part of the sentence that says why.",
    }
    SYNC = "`sync`" needs [["service user"], ["outcome"]] {
        "service user": Name(Thing::ServiceUser) => "Whom it is about, by identifier.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "outcome": One(OUTCOMES) => "What was done.",
        "clause": Clause => "Under which clause.",
        "says": Prose => "A part of the sentence that says why.",
        "count": Count => "How many times; at least once if left out.",
    }
    ACCOUNT = "`account`" {
        "moved": Count => "How many items went to another record or service.",
        "kept": Count => "How many items stayed with their record.",
        "left": Count => "How many items stayed behind in the old service.",
        "lost": Count => "How many items are gone.",
    }
    GUIDANCE = "`guidance`" needs [["service user", "record"], ["situation", "says", "does not say", "wait until"]] apart [["service user", "record"]] {
        "service user": Name(Thing::ServiceUser) => "Whom it is about, by identifier.",
        "record": Name(Thing::Record) => "Which record it is about.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "situation": Situation => "What is going on.",
        "says": Clauses => "Clauses that it names.",
        "does not say": Clauses => "Clauses that it does not name.",
        "wait until": Moment => "Until when it says to wait.",
    }
    CASE = "`case`" needs [["kind"], ["service user", "record"]] apart [["service user", "record"]] {
        "service user": Name(Thing::ServiceUser) => "Whom it is about, by identifier.",
        "record": Name(Thing::Record) => "Which record it is about.",
        "system": Name(Thing::System) => "The rostering environment, where there are several.",
        "kind": CaseKind => "CASE-1 to CASE-4.",
        "due": One(YES_OR_NO) => "`yes` or `no`; `yes` if left out.",
        "has": Several(CASE_PARTS) => "What the draft holds.",
        "missing": Several(CASE_PARTS) => "What the draft lacks.",
    }
    RAW = "a value as typed" needs [["raw"]] {
        "raw": Text => "Taken as it is, without being checked.",
    }
}
