//! Every choice of the language, with one plain sentence for each word.

use super::Word;

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($text:literal: $says:literal),+ $(,)? })+) => {
        $($(#[$doc])* pub const $name: &[Word] = &[$(Word { text: $text, says: $says }),+];)+
    };
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
    /// What guidance can say is going on with a service user or record. The guidance crate tests that it says these.
    SITUATIONS {
        "in step": "Both systems say the same. Nothing is on its way and nothing is wrong.",
        "waiting for sync": "A change in the rostering system is on its way and inside its window: 20 minutes where a visit starts within 72 hours, else 24 hours. Wait.",
        "overdue": "The window has passed and ACP does not show the change. A support case is due.",
        "will be overwritten": "A value that the rostering system controls was changed in ACP. The next sync puts it back: correct it in the rostering system.",
        "move held": "A move to another service waits for Support, because care data does not move by itself. Contact Support before making any change.",
        "branch unknown": "ACP has no branch of exactly that name, so nothing is taken in. Names must match to the character.",
        "identifier blank": "The external identifier has nothing in it that can be seen. ACP cannot match it and refuses it.",
        "identifier on two records": "Two records in ACP hold one external identifier. Nothing is written to either until Support has put that right.",
        "identifier on two people": "Two rostering environments send two people under one external identifier, so ACP keeps both in one record. Prefixes prevent it.",
        "likely duplicate": "Two records may be one person. Do not delete, archive or deactivate either record until Support has reviewed both.",
        "confirmed duplicate": "Somebody has made sure that two records are one person. A support case is due: Support can merge them without losing data.",
        "split history": "Visits appear on another record than the care plan: a sign of a duplicate.",
        "orphan": "An unexpected record of the integration without an active service user in the rostering system. A support case is due; nothing is removed by itself.",
        "leaver's record": "The record of somebody who has left. It is listed, and no case is due.",
        "identifier not in rostering": "A record made by hand with an identifier that nobody in rostering has or ever had. It is listed, and no case is due.",
        "record not active": "The external identifier leads to a record that is inactive or archived. It is kept up to date and stays as it is.",
        "made by hand": "A record that was made by hand in ACP and has no external identifier, so no update reaches it.",
        "not sent": "The integration is switched off, so nothing is sent.",
        "ended": "The service user has ended in the rostering system. The record stays.",
    }
    /// Who made a record that is there before the integration.
    MADE_BY {
        "hand": "Somebody in ACP.",
        "integration": "An earlier integration.",
    }
    /// What a record that cannot be found is.
    ABSENT {
        "absent": "There is no such record.",
    }
    INTEGRATION_WORDS {
        "goes live": "Every environment is switched on: its first full update is due.",
        "stops": "Every environment is switched off.",
    }
    YES {
        "yes": "It is so.",
    }
    YES_OR_NO {
        "yes": "It is so.",
        "no": "It is not so.",
    }
    NOTHING_CHANGED {
        "nothing changed": "Saved as it was.",
        "yes": "The same.",
    }
    FOR_GOOD {
        "for good": "It cannot be brought back.",
        "yes": "The same.",
    }
}
