//! What headings mean: the names that rostering and care products give to columns, written in any way.
//!
//! The names are *assumed*: no vendor publishes the headings of its exports; these are what such exports commonly have.

use super::{Column, Meaning, Side};
use Column as C;

/// How sure a heading is; the lower the surer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sure {
    Name,
    /// A name that other things have too.
    Wide,
    /// With a word such as "client" in front taken away.
    Stripped,
    /// One letter off.
    Nearly,
}

/// The letters and digits of a heading, what stands in brackets left out.
pub(super) fn squash(heading: &str) -> String {
    let mut text = String::new();
    let mut depth = 0_u32;
    for c in heading.chars() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth == 0 && c.is_alphanumeric() => text.extend(c.to_lowercase()),
            _ => {}
        }
    }
    text
}

/// What the heading means in an export of this side.
pub(super) fn meaning(heading: &str, side: Side) -> Option<(Meaning, Sure)> {
    let squashed = squash(heading);
    if squashed.is_empty() {
        return None;
    }
    if let Some(found) = named(&squashed, side) {
        return Some(found);
    }
    let mut rest = squashed.as_str();
    for _ in 0..2 {
        let stripped = FRONT.iter().filter_map(|word| rest.strip_prefix(word)).find(|rest| rest.len() > 2)?;
        if let Some((meaning, _)) = named(stripped, side) {
            return Some((meaning, Sure::Stripped));
        }
        rest = stripped;
        if !FRONT.iter().any(|word| rest.starts_with(word)) {
            break;
        }
    }
    None
}

/// What the heading means if one letter of it is wrong.
pub(super) fn nearly(heading: &str, side: Side) -> Option<Meaning> {
    let squashed = squash(heading);
    if squashed.len() < 6 {
        return None;
    }
    let mut all = NAMES.iter().filter(|it| it.is_for(side) && it.sure == Sure::Name);
    all.find(|it| it.as_written.iter().any(|name| is_one_off(name, &squashed))).map(|it| it.meaning)
}

fn named(squashed: &str, side: Side) -> Option<(Meaning, Sure)> {
    let mut all = NAMES.iter().filter(|it| it.is_for(side));
    all.find(|it| it.as_written.contains(&squashed)).map(|it| (it.meaning, it.sure))
}

/// One letter more, less, other, or two swapped.
fn is_one_off(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if one.len().abs_diff(other.len()) > 1 {
        return false;
    }
    let front = one.iter().zip(&other).take_while(|(a, b)| a == b).count();
    let back = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    let longest = one.len().max(other.len());
    if front + back + 1 >= longest {
        return true;
    }
    one.len() == other.len()
        && front + back + 2 == longest
        && one[front] == other[front + 1]
        && one[front + 1] == other[front]
}

const FRONT: &[&str] = &[
    "serviceusers",
    "serviceuser",
    "clients",
    "client",
    "customers",
    "customer",
    "persons",
    "person",
    "patients",
    "patient",
    "residents",
    "resident",
    "careusers",
    "user",
    "case",
    "su",
    "cl",
    "primary",
    "main",
    "home",
    "permanent",
    "current",
    "contact",
    "usual",
    "personal",
    "acp",
    "rostering",
    "roster",
    "legal",
];

#[derive(Clone, Copy)]
struct Known {
    meaning: Meaning,
    side: Option<Side>,
    sure: Sure,
    as_written: &'static [&'static str],
}

impl Known {
    fn is_for(&self, side: Side) -> bool {
        self.side.is_none_or(|it| it == side)
    }
}

const fn names(column: Column, names: &'static [&'static str]) -> Known {
    Known { meaning: Meaning::Column(column), side: None, sure: Sure::Name, as_written: names }
}

const fn wide(column: Column, names: &'static [&'static str]) -> Known {
    Known { meaning: Meaning::Column(column), side: None, sure: Sure::Wide, as_written: names }
}

const fn on(side: Side, of: Known) -> Known {
    Known { side: Some(side), ..of }
}

const fn meaning_of(meaning: Meaning, names: &'static [&'static str]) -> Known {
    Known { meaning, side: None, sure: Sure::Name, as_written: names }
}

const NAMES: &[Known] = &[
    names(
        C::ExternalId,
        &[
            "externalid",
            "externalidentifier",
            "externalref",
            "externalreference",
            "externalkey",
            "extid",
            "extref",
            "externalclientid",
            "externalcustomerid",
            "externalsystemid",
            "rosterid",
            "rosteringid",
            "rosterref",
            "rosterreference",
            "rosterexternalid",
            "rosteringref",
            "rosteringreference",
            "peopleplannerid",
            "peopleplannerref",
            "ppid",
            "ppref",
            "ppclientid",
            "carerosteringid",
            "integrationid",
            "sourceid",
            "sourcesystemid",
            "syncid",
        ],
    ),
    on(
        Side::Rostering,
        names(
            C::ExternalId,
            &[
                "clientid",
                "clientno",
                "clientnumber",
                "clientref",
                "clientreference",
                "clientcode",
                "clientrefno",
                "serviceuserid",
                "serviceuserno",
                "serviceusernumber",
                "serviceuserref",
                "serviceuserreference",
                "suid",
                "suref",
                "suno",
                "sunumber",
                "customerid",
                "customerno",
                "customernumber",
                "customerref",
                "customerreference",
                "personid",
                "personref",
                "personnumber",
                "uniqueid",
                "uniqueref",
                "uniquereference",
                "systemid",
                "recid",
                "recordid",
            ],
        ),
    ),
    on(
        Side::Rostering,
        wide(
            C::ExternalId,
            &[
                "id",
                "ref",
                "reference",
                "refno",
                "referencenumber",
                "code",
                "number",
                "no",
                "accountnumber",
                "key",
            ],
        ),
    ),
    on(
        Side::Acp,
        names(
            C::RecordId,
            &[
                "recordid",
                "recordno",
                "recordnumber",
                "recordref",
                "acpid",
                "acprecordid",
                "acpref",
                "acpnumber",
                "acpcaseid",
                "caseid",
                "caseno",
                "casenumber",
                "caseref",
                "casefileid",
                "tenantcaseid",
                "recid",
            ],
        ),
    ),
    on(Side::Acp, wide(C::RecordId, &["id", "key", "uniqueid", "number", "no"])),
    on(
        Side::Acp,
        wide(
            C::ExternalId,
            &[
                "clientid",
                "clientref",
                "clientno",
                "clientnumber",
                "clientreference",
                "customerid",
                "customerref",
                "serviceuserid",
                "serviceuserref",
                "suref",
                "suid",
                "ref",
                "reference",
            ],
        ),
    ),
    names(C::Title, &["title", "salutation", "honorific", "nametitle", "prefix", "nameprefix"]),
    names(
        C::GivenName,
        &[
            "givenname",
            "givennames",
            "forename",
            "forenames",
            "firstname",
            "firstnames",
            "christianname",
            "fname",
            "given",
            "forename1",
            "first",
        ],
    ),
    names(
        C::FamilyName,
        &["familyname", "surname", "surnames", "lastname", "lname", "family", "secondname", "last"],
    ),
    names(
        C::KnownAs,
        &[
            "knownas",
            "preferredname",
            "preferredforename",
            "preferredfirstname",
            "nickname",
            "alsoknownas",
            "aka",
            "likestobecalled",
            "likestobeknownas",
            "prefersname",
        ],
    ),
    meaning_of(
        Meaning::FullName,
        &[
            "fullname",
            "name",
            "clientname",
            "serviceusername",
            "suname",
            "customername",
            "personname",
            "displayname",
            "nameofserviceuser",
            "namefull",
        ],
    ),
    names(
        C::DateOfBirth,
        &["dateofbirth", "dob", "birthdate", "birthday", "born", "bdate", "birth", "birthdt", "datebirth"],
    ),
    names(C::NhsNumber, &["nhsnumber", "nhsno", "nhsnum", "nhs", "nhsid", "nhsref"]),
    wide(C::NhsNumber, &["socsecid", "nationalid", "healthnumber"]),
    names(C::Gender, &["gender", "sex"]),
    meaning_of(
        Meaning::HouseNumber,
        &[
            "housenumber",
            "houseno",
            "housename",
            "housenamenumber",
            "housenumbername",
            "housenameornumber",
            "streetnumber",
            "streetno",
            "propertynumber",
            "propertyname",
            "buildingnumber",
            "flat",
        ],
    ),
    names(
        C::AddressLine1,
        &[
            "addressline1",
            "address1",
            "addr1",
            "addrline1",
            "add1",
            "line1",
            "street",
            "streetname",
            "streetaddress",
            "addressstreet",
            "firstlineofaddress",
            "road",
        ],
    ),
    names(
        C::AddressLine2,
        &["addressline2", "address2", "addr2", "addrline2", "add2", "line2", "secondlineofaddress"],
    ),
    names(C::AddressLine3, &["addressline3", "address3", "addr3", "addrline3", "add3", "line3"]),
    names(C::AddressLine4, &["addressline4", "address4", "addr4", "addrline4", "add4", "line4"]),
    wide(C::AddressLine2, &["locality", "district", "village"]),
    wide(C::AddressLine3, &["town", "city", "towncity", "cityortown", "posttown", "townorcity", "suburb"]),
    meaning_of(
        Meaning::WholeAddress,
        &["address", "fulladdress", "postaladdress", "homeaddress", "addresslines"],
    ),
    names(C::County, &["county", "state", "province"]),
    names(C::Postcode, &["postcode", "postalcode", "pcode", "zip", "zipcode", "addresspostcode", "postcd"]),
    names(
        C::Phone,
        &[
            "phone",
            "phonenumber",
            "phoneno",
            "phone1",
            "telephone",
            "telephonenumber",
            "telephoneno",
            "telephone1",
            "tel",
            "telno",
            "telnumber",
            "tel1",
            "hometelephone",
            "homephone",
            "hometel",
            "landline",
            "landlinenumber",
            "contactnumber",
            "contactno",
            "contactphone",
            "daytimephone",
            "mainphone",
            "primaryphone",
            "primarytelephone",
        ],
    ),
    names(
        C::SecondPhone,
        &[
            "secondphone",
            "secondaryphone",
            "secondarytelephone",
            "secondtelephone",
            "phone2",
            "telephone2",
            "tel2",
            "mobile",
            "mobilephone",
            "mobilenumber",
            "mobileno",
            "mobiletelephone",
            "mob",
            "cell",
            "cellphone",
            "alternativephone",
            "alternativetelephone",
            "alternativenumber",
            "othertelephone",
            "otherphone",
        ],
    ),
    names(C::Email, &["email", "emailaddress", "emailaddr", "mail", "emails"]),
    names(
        C::Branch,
        &[
            "branch",
            "branchname",
            "homebranch",
            "branchoffice",
            "office",
            "officename",
            "branchdescription",
            "careoffice",
        ],
    ),
    wide(
        C::Branch,
        &[
            "location",
            "locationname",
            "site",
            "depot",
            "businessunit",
            "group",
            "groupname",
            "department",
            "zone",
            "region",
            "team",
        ],
    ),
    names(C::Service, &["service", "servicename", "acpservice", "careservice", "serviceline"]),
    wide(C::Service, &["serviceorder", "serviceordername", "servicetype", "servicetypedescription"]),
    names(
        C::StartDate,
        &[
            "startdate",
            "start",
            "datestarted",
            "servicestart",
            "servicestartdate",
            "carestart",
            "carestartdate",
            "startofcare",
            "startofservice",
            "commencementdate",
            "commenced",
            "admissiondate",
            "activefrom",
            "begindate",
            "startedon",
            "joined",
        ],
    ),
    names(
        C::EndDate,
        &[
            "enddate",
            "end",
            "dateended",
            "serviceend",
            "serviceenddate",
            "careend",
            "careenddate",
            "endofcare",
            "endofservice",
            "leavingdate",
            "dateleft",
            "leftdate",
            "finishdate",
            "terminationdate",
            "terminated",
            "dischargedate",
            "activeto",
            "endedon",
        ],
    ),
    names(C::Area, &["area", "arealocation", "areaname", "patch", "run", "territory"]),
    names(C::Pin, &["pin", "pinnumber", "pinno"]),
    names(C::QrCode, &["qrcode", "qr"]),
    names(C::KeySafe, &["keysafe", "keysafenumber", "keysafeno", "keysafecode"]),
    names(
        C::AccessDetails,
        &[
            "accessdetails",
            "access",
            "accessinstructions",
            "accessnotes",
            "accessinformation",
            "entrydetails",
            "entryinstructions",
        ],
    ),
    names(
        C::Status,
        &[
            "status",
            "isactive",
            "active",
            "recordstatus",
            "currentstatus",
            "casestatus",
            "lifecyclestatus",
            "activeinactive",
        ],
    ),
    names(C::Archived, &["archived", "isarchived", "archive", "casefilearchived"]),
    names(
        C::Origin,
        &[
            "origin",
            "recordorigin",
            "createdby",
            "createdhow",
            "howcreated",
            "madeby",
            "recordsource",
            "creationmethod",
        ],
    ),
    wide(C::Origin, &["source"]),
    names(
        C::CareHistory,
        &[
            "carehistory",
            "hascarehistory",
            "caredata",
            "hascaredata",
            "carerecords",
            "hascarerecords",
            "hasrecords",
            "carerecorded",
            "history",
            "hashistory",
            "carenotes",
            "hascarenotes",
        ],
    ),
];
