//! The closed vocabulary of the language as data: every key, action and choice with one plain sentence. Messages
//! list from it what would have worked; the JSON Schema and `explain` read it too. It decides nothing.

/// A word of the language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: &'static str,
    /// One plain sentence.
    pub says: &'static str,
}

/// What may stand in one kind of `{ key: value }`.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    /// With article, for sentences: "a service user".
    pub what: &'static str,
    pub keys: &'static [Word],
    /// Besides `keys`, every field of a service user, and `name` and `address`.
    pub fields: bool,
}

impl Shape {
    /// Every key that may stand here, in the order in which it is listed.
    pub fn texts(&self) -> impl Iterator<Item = &'static str> + Clone {
        let fields = feed::Field::ALL
            .iter()
            .map(|field| field.text())
            .chain(SHORT_FIELDS.iter().map(|word| word.text));
        self.keys.iter().map(|word| word.text).chain(fields.take(if self.fields { usize::MAX } else { 0 }))
    }

    pub fn has(&self, key: &str) -> bool {
        self.texts().any(|text| text == key)
    }
}

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($text:literal: $says:literal),+ $(,)? })+) => {
        $($(#[$doc])* pub const $name: &[Word] = &[$(Word { text: $text, says: $says }),+];)+
    };
}

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident = $what:literal $(+ $fields:ident)? { $($text:literal: $says:literal),* $(,)? })+) => {
        $($(#[$doc])* pub const $name: Shape = Shape {
            what: $what,
            keys: &[$(Word { text: $text, says: $says }),*],
            fields: shapes!(@ $($fields)?),
        };)+
        /// Every shape with the name of its constant, for the JSON Schema and for tests.
        pub const SHAPES: &[(&str, Shape)] = &[$((stringify!($name), $name)),+];
    };
    (@ fields) => { true };
    (@) => { false };
}

shapes! {
    SCENARIO = "a scenario" {
        "scenario": "The title: what is promised, in one sentence.",
        "about": "A longer explanation.",
        "proves": "The clauses of the guidance that it proves.",
        "tags": "Words by which it can be selected.",
        "clock": "When the story begins, as 2026-03-26 09:00 Europe/London.",
        "rules": "Settings that differ from the default.",
        "seed": "Fixes what is drawn; else the run's seed.",
        "skip": "Not run, for a reason.",
        "expect failure": "Passes only if it fails, for a reason.",
        "cases": "Rows: the whole scenario runs once for each.",
        "given": "The world before the clock starts.",
        "faults": "What goes wrong on the way between the systems.",
        "steps": "What is done and what must then be so.",
    }
    WORLD = "a world" {
        "world": "The title.",
        "about": "A longer explanation.",
        "given": "What every scenario gets that uses this world.",
    }
    SKIP = "`skip`" {
        "reason": "Why it is not run.",
        "until": "The day from which it runs again.",
    }
    EXPECT_FAILURE = "`expect failure`" {
        "reason": "Why it fails today.",
    }
    GIVEN = "`given`" {
        "use": "The entries of a world file.",
        "rostering system": "An environment of a rostering system.",
        "branches": "Branches in both systems, in the ACP service \"Home Care\".",
        "services": "ACP services with their branches; the branches are in rostering too.",
        "acp branches": "Branches in ACP only.",
        "acp services": "ACP services with branches that rostering lacks.",
        "rostering branches": "Branches in rostering only.",
        "service user": "A service user in rostering.",
        "visit": "A visit in rostering.",
        "service order": "A service order (Care Rostering only).",
        "requirement": "A requirement of a service order (Care Rostering only).",
        "acp record": "A record that ACP has before the integration.",
        "care": "What care staff have written on a record.",
        "population": "Invented service users.",
        "system": "The rostering environment, where there are several.",
    }
    ROSTERING_SYSTEM = "a rostering system" {
        "name": "What the scenario calls it.",
        "system": "People planner, care rostering or other.",
        "prefix": "Stands before everything that it sends (People Planner only).",
    }
    SERVICE_USER = "a service user" + fields {
        "id": "The identifier in rostering.",
        "terminated": "Since when the service has ended.",
        "system": "The rostering environment, where there are several.",
    }
    VISIT = "a visit" {
        "for": "Whose visit it is.",
        "starts": "When it starts.",
        "id": "The visit ID; V1, V2 and so on if left out.",
        "lasts": "How long it lasts; 30 minutes if left out.",
        "employee": "Who carries it out.",
        "requirement": "The requirement that it belongs to (Care Rostering only).",
        "system": "The rostering environment, where there are several.",
    }
    SERVICE_ORDER = "a service order" {
        "for": "Whose order it is.",
        "id": "What the order is called.",
        "service": "The ACP service that it names, if any.",
        "system": "The rostering environment, where there are several.",
    }
    REQUIREMENT = "a requirement" {
        "order": "The service order that it belongs to.",
        "id": "What the requirement is called.",
        "name": "Its name, as care plans show it.",
        "system": "The rostering environment, where there are several.",
    }
    ACP_RECORD = "a record" + fields {
        "called": "What the scenario calls it.",
        "made by": "`hand`, or `integration` for what an earlier one left.",
        "status": "Active, inactive or archived.",
        "external id": "The identifier that it carries.",
        "role access": "Groups and users that may see it.",
        "care plans": "How many care plans it has.",
        "activities": "How many activities its care plan has.",
        "forms": "How many forms it has.",
        "notes": "How many notes it has.",
        "documents": "How many documents it has.",
        "visit history": "How many visits were carried out.",
    }
    CREATE_RECORD = "a record made by hand" + fields {
        "called": "What the scenario calls it.",
        "external id": "The identifier that is typed in.",
    }
    CARE = "`care`" {
        "service user": "Whose record it is, by identifier.",
        "record": "Which record it is.",
        "care plans": "How many care plans are added.",
        "activities": "How many activities are added to the newest care plan.",
        "forms": "How many forms are added.",
        "notes": "How many notes are added.",
        "documents": "How many documents are added.",
        "system": "The rostering environment, where there are several.",
    }
    ADD_CARE = "`add`" {
        "care plans": "How many care plans are added.",
        "activities": "How many activities are added to the newest care plan.",
        "forms": "How many forms are added.",
        "notes": "How many notes are added.",
        "documents": "How many documents are added.",
    }
    POPULATION = "a population" {
        "service users": "How many are invented.",
        "seed": "Which ones: the same seed gives the same people.",
        "visit": "When each has a visit, if at all.",
        "system": "The rostering environment, where there are several.",
    }
    WHEN = "a `when` step" {
        "when": "What happens, in prose.",
        "after": "Time that passes first.",
        "at": "The moment at which it happens.",
        "in rostering": "What somebody does in rostering.",
        "in acp": "What somebody does in ACP.",
        "integration": "Switches the integration on or off.",
        "confirm duplicate": "Somebody has made sure that two records are one person.",
        "raise case": "A Tenant Administrator raises a support case.",
        "close case": "Support closes a case.",
        "fault": "A fault of the link begins.",
    }
    THEN = "a `then` step" {
        "then": "What must be so, in prose.",
        "after": "Time that passes first.",
        "at": "The moment at which it must be so.",
        "within": "It becomes so by then.",
        "for": "It is so all the time until then.",
        "never": "It is so at no moment until then.",
        "acp": "A record and what it has.",
        "acp records": "How many records fit.",
        "acp visits": "How many visits fit.",
        "rostering": "A service user in rostering and what they have.",
        "history": "The values that something had.",
        "refused": "The last action was refused.",
        "accepted": "The last action was done.",
        "sync": "What deliveries did with a service user since the last `when`.",
        "account": "Where each item of care data went with the last action.",
        "warned": "What guidance said before the last action.",
        "guidance": "What guidance says now.",
        "case": "Whether a support case is due, and its draft.",
    }
    IN_ROSTERING = "an action in rostering" {
        "add service user": "Adds a service user.",
        "service user": "Whom it is about.",
        "set": "Sets fields.",
        "clear": "Empties fields.",
        "stop sending": "Forgets that fields were ever filled in.",
        "save": "Saves without changing anything: `nothing changed`.",
        "change id to": "Changes the identifier.",
        "terminate": "Ends the service.",
        "reinstate": "Takes the end back.",
        "suspend": "Pauses the service.",
        "end suspension": "Ends the pause.",
        "delete": "Deletes for good.",
        "add visit": "Plans a visit.",
        "visit": "Which visit it is about.",
        "move to": "Moves the visit to another moment.",
        "cancel": "Cancels the visit.",
        "restore": "Takes the cancellation back.",
        "give to": "Gives the visit to another service user.",
        "add branch": "Adds a branch.",
        "rename branch": "Renames a branch.",
        "to": "The branch's new name.",
        "add service order": "Adds a service order (Care Rostering only).",
        "service order": "Which order it is about.",
        "set service": "Names the order's ACP service, or `none`.",
        "add requirement": "Adds a requirement (Care Rostering only).",
        "requirement": "Which requirement it is about.",
        "system": "The rostering environment, where there are several.",
    }
    SET = "a service user" + fields {}
    SUSPEND = "`suspend`" {
        "from": "When the pause begins.",
        "until": "When it ends; open if left out.",
        "reason": "Why.",
    }
    IN_ACP = "an action in ACP" {
        "as": "Who does it; a Tenant Administrator if left out.",
        "service user": "Whose record it is about, by identifier.",
        "record": "Which record it is about.",
        "system": "The rostering environment, where there are several.",
        "set": "Sets fields.",
        "clear": "Empties fields.",
        "create record": "Makes a record by hand.",
        "set external id": "Sets the external identifier, or `none`.",
        "grant role": "Lets a group or user see the record.",
        "revoke role": "Takes that back.",
        "add": "Adds care plans, activities, forms, notes, documents.",
        "complete visit": "Carries a visit out: it becomes visit history.",
        "add branch": "Adds a branch to a service.",
        "service": "The service of the branch that is added.",
        "rename branch": "Renames a branch.",
        "to": "The branch's new name.",
        "deactivate": "Makes the record inactive.",
        "reactivate": "Makes it active again.",
        "archive": "Archives it: read-only from then on.",
        "unarchive": "Takes it out of the archive.",
        "delete": "Deletes the record with its care data.",
        "move to": "Support moves the record to a branch.",
        "leaving": "Kinds of care data that stay behind in a move.",
        "merge": "Support merges this record into another.",
        "into": "The record that survives.",
        "datafix": "Support sets fields directly.",
    }
    INTEGRATION = "`integration`" {
        "goes live": "The environment is switched on: its first full update is due.",
        "stops": "The environment is switched off.",
    }
    AS = "`as`" {
        "branch administrator of": "A Branch Administrator of these branches only.",
    }
    RAISE_CASE = "`raise case`" {
        "kind": "CASE-1 to CASE-4.",
        "service user": "Whom it is about, by identifier.",
        "record": "Which record it is about.",
        "leaving out": "Parts that are left out.",
        "system": "The rostering environment, where there are several.",
    }
    CLOSE_CASE = "`close case`" {
        "kind": "CASE-1 to CASE-4.",
        "service user": "Whom it is about, by identifier.",
        "record": "Which record it is about.",
        "system": "The rostering environment, where there are several.",
    }
    FAULTS = "a fault" {
        "lose": "Deliveries never arrive.",
        "delay": "Deliveries arrive later.",
        "repeat": "Deliveries arrive twice.",
        "reorder": "Deliveries arrive after the next one.",
        "cut": "Only the first service users of a delivery arrive.",
        "down": "The link is down for a while.",
        "refuse": "ACP's door answers with 429 or 5xx.",
        "poison": "One service user is damaged on the way.",
    }
    FAULT = "this fault" {
        "update": "Which deliveries: partial, full or any.",
        "from": "Only those of this rostering environment.",
        "carrying": "Only those that carry this service user.",
        "times": "How many deliveries it takes; 1 if left out.",
        "by": "How much later (`delay`).",
        "again after": "How much later a second time (`repeat`).",
        "after": "How many service users arrive (`cut`).",
        "for": "How long (`down`).",
        "answer": "The HTTP status, 429 or 500 to 599 (`refuse`).",
        "retry after": "Not tried again before (`refuse`).",
        "service user": "Which service user is damaged (`poison`).",
        "system": "The rostering environment, where there are several (`poison`).",
    }
    ACP = "`acp`" {
        "service user": "Whose record, by identifier.",
        "record": "Which record.",
        "system": "The rostering environment, where there are several.",
        "has": "What it has.",
        "lacks": "What it does not have.",
        "is": "There is no such record (`absent`).",
    }
    HAS = "a record" + fields {
        "external id": "The identifier that it carries, or `none`.",
        "record id": "Which record it is, as R2.",
        "same record": "The record that the identifier led to at the first step (`yes`).",
        "status": "Active, inactive or archived.",
        "origin": "Integration or by hand.",
        "role access": "Exactly these groups and users.",
        "care plans": "How many care plans, ended ones too.",
        "open care plans": "How many care plans that have not ended.",
        "activities": "How many activities, over all care plans.",
        "forms": "How many forms.",
        "notes": "How many notes.",
        "documents": "How many documents.",
        "visit history": "How many visits that were carried out.",
        "care history": "`yes` if there is any care data.",
        "visits": "How many visits.",
        "held move": "The branch of a move that waits for Support, or `yes` for any.",
        "merged into": "The record that it was merged into.",
        "aliases": "Identifiers that lead here since a merge.",
    }
    LACKS = "`lacks`" + fields {
        "external id": "It carries no identifier.",
        "role access": "Nobody was granted access.",
        "care plans": "No care plan.",
        "open care plans": "No care plan that has not ended.",
        "activities": "No activity.",
        "forms": "No form.",
        "notes": "No note.",
        "documents": "No document.",
        "visit history": "No visit that was carried out.",
        "care history": "No care data.",
        "visits": "No visit.",
        "held move": "No move that waits for Support.",
        "aliases": "No other identifier leads here.",
    }
    ACP_RECORDS = "`acp records`" {
        "external id": "Only records with this identifier.",
        "name": "Only records with this name.",
        "branch": "Only records in this branch.",
        "service": "Only records in this service.",
        "origin": "Only records of this origin.",
        "status": "Only records with this status.",
        "care history": "Only records with (or without) care data.",
        "system": "The rostering environment, where there are several.",
        "count": "How many there are.",
    }
    ACP_VISITS = "`acp visits`" {
        "on": "Only visits on the record of this service user.",
        "record": "Only visits on this record.",
        "id": "Only this visit.",
        "starts": "Only visits that start then.",
        "state": "Only planned, done or parked visits.",
        "system": "The rostering environment, where there are several.",
        "count": "How many there are.",
    }
    ROSTERING = "`rostering`" {
        "service user": "Whom it is about.",
        "system": "The rostering environment, where there are several.",
        "has": "What they have.",
        "lacks": "What they do not have.",
    }
    ROSTERING_HAS = "a service user in rostering" + fields {
        "active": "`yes` or `no`.",
    }
    HISTORY = "`history`" {
        "service user": "Whose record, by identifier.",
        "record": "Which record.",
        "system": "The rostering environment, where there are several.",
        "of": "A field, `external id`, `status` or `role access`.",
        "values": "Every value that it had, oldest first, the present one last.",
        "by": "Who set each of them.",
    }
    REFUSED = "`refused`" {
        "clause": "Under which clause.",
        "says": "A part of the sentence that says why.",
    }
    SYNC = "`sync`" {
        "service user": "Whom it is about, by identifier.",
        "system": "The rostering environment, where there are several.",
        "outcome": "What was done.",
        "clause": "Under which clause.",
        "says": "A part of the sentence that says why.",
        "count": "How many times; at least once if left out.",
    }
    ACCOUNT = "`account`" {
        "moved": "How many items went to another record or service.",
        "kept": "How many items stayed with their record.",
        "left": "How many items stayed behind in the old service.",
        "lost": "How many items are gone.",
    }
    GUIDANCE = "`guidance`" {
        "service user": "Whom it is about, by identifier.",
        "record": "Which record it is about.",
        "system": "The rostering environment, where there are several.",
        "situation": "What is going on.",
        "says": "Clauses that it names.",
        "does not say": "Clauses that it does not name.",
        "wait until": "Until when it says to wait.",
    }
    CASE = "`case`" {
        "service user": "Whom it is about, by identifier.",
        "record": "Which record it is about.",
        "system": "The rostering environment, where there are several.",
        "kind": "CASE-1 to CASE-4.",
        "due": "`yes` or `no`; `yes` if left out.",
        "has": "What the draft holds.",
        "missing": "What the draft lacks.",
    }
    RAW = "a value as typed" {
        "raw": "Taken as it is, without being checked.",
    }
}

words! {
    /// Two ways to write fields shorter. They stand wherever fields may stand.
    SHORT_FIELDS {
        "name": "Given and family name, split at the last space.",
        "address": "The first line of the address.",
    }
    /// The one entry of `given` that is a sentence.
    GIVEN_SENTENCES {
        "the first sync has finished": "Go-live and the first full update; what follows is done after it.",
    }
    ACTORS {
        "tenant administrator": "May do everything in ACP but what only Support may do.",
        "branch administrator": "The same in their own branches: `{ branch administrator of: [Leeds] }`.",
        "care staff": "Write care content.",
        "support": "Moves, merges, deactivates, fixes data; reached through the Access Digital Assistant.",
        "implementation team": "Maps external identifiers before go-live.",
    }
    /// Who set a value, in `history`.
    HISTORY_BY {
        "integration": "An update did.",
        "tenant administrator": "A Tenant Administrator did.",
        "branch administrator": "A Branch Administrator did.",
        "care staff": "Care staff did.",
        "support": "Support did.",
        "implementation team": "The implementation team did.",
    }
    SYSTEMS {
        "people planner": "Access People Planner.",
        "care rostering": "Access Care Rostering.",
        "other": "Another integrated rostering system.",
    }
    OUTCOMES {
        "created": "No record had the identifier, so a new one was made.",
        "updated": "A record had the identifier and was changed.",
        "unchanged": "A record had the identifier and was up to date.",
        "held": "The move waits for Support.",
        "refused": "Not taken in, and nothing written.",
        "older": "Something newer had been applied before.",
        "not created": "The service user had ended, so no record was made.",
    }
    STATUSES {
        "active": "In use.",
        "inactive": "Switched off.",
        "archived": "Read-only.",
    }
    ORIGINS {
        "integration": "Made by the integration.",
        "by hand": "Made by hand in ACP.",
    }
    VISIT_STATES {
        "planned": "On the record, not carried out.",
        "done": "Carried out.",
        "parked": "Kept aside because its service user has no record.",
    }
    UPDATES {
        "partial": "Sent every 15 minutes.",
        "full": "Sent every 1440 minutes.",
        "any": "Either.",
    }
    CARE_KINDS {
        "care plans": "Care plans, with their activities.",
        "forms": "Forms.",
        "notes": "Notes.",
        "documents": "Documents.",
        "visit history": "Visits that were carried out.",
    }
    /// What a support case holds.
    CASE_PARTS {
        "name": "The service user's name.",
        "service": "The ACP service that the record is in.",
        "external id": "The external identifier, if known.",
        "description": "What happened and what is wanted.",
        "correct service": "The service that the record should be in.",
        "rostering system": "Which rostering system it comes from.",
        "record ids": "The record IDs of both records.",
        "other name": "The name on the other record.",
        "other service": "The service of the other record.",
    }
    /// Of a service user and of a record.
    FIELDS {
        "title": "Mr, Mrs, Dr and so on.",
        "given name": "All names but the family name.",
        "family name": "The family name.",
        "date of birth": "As 1938-11-04.",
        "nhs number": "Ten digits that begin with 999, which is never issued.",
        "gender": "As recorded.",
        "start date": "When the service begins, as 2026-03-02.",
        "end date": "When the service ends, as 2026-03-02.",
        "address line 1": "House and street.",
        "address line 2": "The second line of the address.",
        "address line 3": "The third line of the address.",
        "address line 4": "The fourth line of the address.",
        "county": "The county.",
        "postcode": "The postcode.",
        "phone": "The telephone number.",
        "second phone": "Another telephone number.",
        "email": "The e-mail address.",
        "area": "A part of the branch.",
        "pin": "The PIN.",
        "qr code": "The QR code.",
        "key safe": "The number of the key safe.",
        "access details": "How to get in.",
        "branch": "The office that the service user belongs to.",
        "service": "The ACP service; follows from the branch unless a service order names one.",
    }
    /// Readings of the guidance that the engine can take; the default stands first among the values of each.
    SETTINGS {
        "identifier_matching": "How external identifiers are compared.",
        "partial_carries": "What a partial update carries.",
        "new_branch": "What happens to a branch that ACP does not have.",
        "service_move": "Whether a change of branch into another service is followed.",
        "contact_details": "Who owns contact details and address.",
        "managed_demographics": "Which of date of birth and NHS number the integration manages.",
        "near_term": "What \"within the next 72 hours\" means.",
        "deletion": "Whether a record can be deleted.",
        "end_date": "What becomes of a record when its service user has ended.",
        "absent_field": "What a field means that an update does not carry.",
    }
}

/// What guidance can say is going on with a service user or record. The guidance crate tests that it says these.
pub const SITUATIONS: &[&str] = &[
    "in step",
    "waiting for sync",
    "overdue",
    "will be overwritten",
    "move held",
    "branch unknown",
    "identifier blank",
    "identifier on two records",
    "identifier on two people",
    "likely duplicate",
    "confirmed duplicate",
    "split history",
    "orphan",
    "leaver's record",
    "identifier not in rostering",
    "record not active",
    "made by hand",
    "not sent",
    "ended",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(words: &[Word]) -> Vec<&str> {
        words.iter().map(|word| word.text).collect()
    }

    #[test]
    fn the_words_are_those_of_the_systems() {
        assert_eq!(texts(FIELDS), feed::Field::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
        assert_eq!(texts(SETTINGS), feed::Setting::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
        assert_eq!(texts(SYSTEMS), feed::System::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
        assert_eq!(texts(CARE_KINDS), acp::CareKind::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
        assert_eq!(texts(CASE_PARTS), crate::CasePart::ALL.iter().map(|it| it.text()).collect::<Vec<_>>());
    }

    #[test]
    fn every_word_has_a_sentence_and_stands_once() {
        for (name, shape) in SHAPES {
            let mut keys: Vec<&str> = shape.texts().collect();
            keys.sort_unstable();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]), "{name}");
            assert!(shape.keys.iter().all(|word| word.says.ends_with('.')), "{name}");
        }
    }
}
