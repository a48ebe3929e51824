//! What happens to one row on its way into an export.

use super::{Exported, Flaw, Mess, Shape, identifier, nickname, typo};
use crate::draw::Draw;
use crate::{Invented, Kin, people};
use feed::Field;
use jiff::civil::{Date, date};

/// How often what happens, of 1000 rows that it could happen to. *Assumed*, see the module above.
#[derive(Clone, Debug)]
pub struct Rates {
    pub nickname: u32,
    pub known_as: u32,
    pub middle_name: u32,
    pub initial: u32,
    pub given_typo: u32,
    pub given_missing: u32,
    pub family_typo: u32,
    pub maiden: u32,
    pub double_barrelled: u32,
    pub swapped_names: u32,
    pub birth_missing: u32,
    pub birth_default: u32,
    pub birth_swapped: u32,
    pub birth_typo: u32,
    pub year_off: u32,
    pub nhs_missing: u32,
    pub nhs_typo: u32,
    pub mates_nhs: u32,
    pub moved: u32,
    pub postcode_missing: u32,
    pub postcode_typo: u32,
    pub phone_missing: u32,
    pub other_phone: u32,
    pub title_missing: u32,
    pub line_missing: u32,
    /// Notes in the name, capitals, lost accents, abbreviated streets: they differ, but say the same.
    pub form: u32,
    /// Telephone numbers are unlike each other; else they are the few that the invented people have.
    pub has_own_phones: bool,
}

impl Rates {
    /// The rostering system: visits depend on it, so it is kept better.
    pub const fn rostering() -> Rates {
        Rates {
            nickname: 40,
            known_as: 40,
            middle_name: 40,
            initial: 8,
            given_typo: 15,
            given_missing: 1,
            family_typo: 15,
            maiden: 6,
            double_barrelled: 5,
            swapped_names: 4,
            birth_missing: 20,
            birth_default: 4,
            birth_swapped: 4,
            birth_typo: 10,
            year_off: 3,
            nhs_missing: 170,
            nhs_typo: 5,
            mates_nhs: 4,
            moved: 0,
            postcode_missing: 15,
            postcode_typo: 8,
            phone_missing: 100,
            other_phone: 60,
            title_missing: 80,
            line_missing: 20,
            form: 150,
            has_own_phones: true,
        }
    }

    /// ACP: typed once, at the assessment, often from a referral by telephone.
    pub const fn acp() -> Rates {
        Rates {
            nickname: 110,
            known_as: 80,
            middle_name: 50,
            initial: 20,
            given_typo: 40,
            given_missing: 5,
            family_typo: 40,
            maiden: 45,
            double_barrelled: 15,
            swapped_names: 10,
            birth_missing: 45,
            birth_default: 16,
            birth_swapped: 10,
            birth_typo: 20,
            year_off: 8,
            nhs_missing: 250,
            nhs_typo: 12,
            mates_nhs: 8,
            moved: 100,
            postcode_missing: 40,
            postcode_typo: 18,
            phone_missing: 250,
            other_phone: 150,
            title_missing: 250,
            line_missing: 60,
            form: 300,
            has_own_phones: true,
        }
    }

    /// As this row has them. Errors come in clusters: whoever typed one thing wrong typed the next wrong too (BMC
    /// Medical Research Methodology 17:23), so one row in twenty has three times as many.
    pub(crate) fn drawn(self, shape: Shape, draw: &mut Draw) -> Rates {
        let times = if draw.below(100) < 5 { 3 } else { 1 };
        let rates = self.shaped(shape);
        let more = |rate: u32| (rate * times).min(600);
        Rates {
            nickname: more(rates.nickname),
            initial: more(rates.initial),
            given_typo: more(rates.given_typo),
            given_missing: more(rates.given_missing),
            family_typo: more(rates.family_typo),
            swapped_names: more(rates.swapped_names),
            birth_missing: more(rates.birth_missing),
            birth_default: more(rates.birth_default),
            birth_swapped: more(rates.birth_swapped),
            birth_typo: more(rates.birth_typo),
            year_off: more(rates.year_off),
            nhs_typo: more(rates.nhs_typo),
            mates_nhs: more(rates.mates_nhs),
            postcode_missing: more(rates.postcode_missing),
            postcode_typo: more(rates.postcode_typo),
            ..rates
        }
    }

    fn shaped(self, shape: Shape) -> Rates {
        if shape != Shape::Sparse {
            return self;
        }
        let double = |rate: u32| (rate * 2).min(900);
        Rates {
            birth_missing: double(self.birth_missing),
            nhs_missing: double(self.nhs_missing),
            postcode_missing: double(self.postcode_missing),
            phone_missing: double(self.phone_missing),
            title_missing: double(self.title_missing),
            line_missing: double(self.line_missing),
            given_missing: double(self.given_missing),
            given_typo: self.given_typo / 2,
            family_typo: self.family_typo / 2,
            birth_typo: self.birth_typo / 2,
            has_own_phones: false,
            ..self
        }
    }
}

pub(crate) fn spoil(row: &mut Exported, person: &Invented, mess: &Mess, rates: &Rates, draw: &mut Draw) {
    if rates.has_own_phones {
        own_phones(row, person);
    }
    home(row, mess, rates, draw);
    given(row, rates, draw);
    family(row, mess, rates, draw);
    birth(row, rates, draw);
    nhs(row, person, mess, rates, draw);
    phones(row, mess, rates, draw);
    form(row, rates, draw);
}

fn happens(per_mille: u32, draw: &mut Draw) -> bool {
    draw.below(1000) < per_mille
}

/// A thousand numbers a town are too few for a million people, so these begin with 04 and 06, which are nobody's:
/// Ofcom's numbering plan keeps both for later.
fn own_phones(row: &mut Exported, person: &Invented) {
    let number = |begins: &str, of: u32| {
        let mixed = u64::from(of).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
        format!("{begins}{:03} {:06}", mixed / 1_000_000 % 1000, mixed % 1_000_000)
    };
    for (phone, field) in row.phones.iter_mut().zip([Field::Phone, Field::SecondPhone]) {
        let invented = person.fields.text(field);
        if invented.starts_with("07") {
            *phone = number("06", row.person);
        } else if !invented.is_empty() {
            *phone = number("04", person.household);
        }
    }
}

fn home(row: &mut Exported, mess: &Mess, rates: &Rates, draw: &mut Draw) {
    if happens(rates.moved, draw) {
        row.flaws.add(Flaw::Moved);
        let elsewhere = stranger(mess, row.person, 2_000_000_000);
        elsewhere.fields.text(Field::Postcode).clone_into(&mut row.postcode);
        row.address = [Field::AddressLine1, Field::AddressLine2, Field::AddressLine3]
            .map(|field| elsewhere.fields.text(field).to_owned());
        if !row.phones[0].starts_with("06") && !row.phones[0].starts_with("07") {
            row.phones[0] = typo::digits(&typo::digits(&row.phones[0], draw), draw);
        }
    }
    if happens(rates.postcode_missing, draw) {
        row.flaws.add(Flaw::PostcodeMissing);
        row.postcode.clear();
    } else if happens(rates.postcode_typo, draw) {
        row.flaws.add(Flaw::PostcodeTypo);
        row.postcode = if draw.percent(50) {
            typo::digits(&row.postcode, draw)
        } else {
            typo::word(&row.postcode, draw).to_uppercase()
        };
    }
    if happens(rates.line_missing, draw) {
        row.address = [String::new(), String::new(), row.address[2].clone()];
    }
}

/// Somebody who is in no export, to borrow from.
fn stranger(mess: &Mess, number: u32, far: u32) -> Invented {
    let number = far + number;
    people(mess.people_seed, number..number + 1).next().expect("numbers up to four billion are people")
}

fn given(row: &mut Exported, rates: &Rates, draw: &mut Draw) {
    if happens(rates.given_missing, draw) {
        row.flaws.add(Flaw::GivenMissing);
        row.given.clear();
        return;
    }
    if let Some(nicknames) = nickname::of(&row.given) {
        if happens(rates.nickname, draw) {
            row.flaws.add(Flaw::Nickname);
            row.given = draw.pick(nicknames).to_owned();
        } else if happens(rates.known_as, draw) {
            row.known_as = draw.pick(nicknames).to_owned();
        }
    }
    if happens(rates.given_typo, draw) {
        row.flaws.add(Flaw::GivenTypo);
        row.given = typo::word(&row.given, draw);
    }
    if happens(rates.initial, draw) {
        row.flaws.add(Flaw::Initial);
        row.given = row.given.chars().take(1).collect();
    } else if happens(rates.middle_name, draw) {
        row.flaws.add(Flaw::MiddleName);
        let middle =
            draw.pick(&["Ann", "Mary", "James", "John", "Elizabeth", "William", "Rose", "Lee", "M", "J"]);
        row.given = format!("{} {middle}", row.given);
    }
}

fn family(row: &mut Exported, mess: &Mess, rates: &Rates, draw: &mut Draw) {
    let is_woman = matches!(row.title.as_str(), "Mrs" | "Ms" | "Miss");
    if is_woman && happens(rates.maiden, draw) {
        row.flaws.add(Flaw::Maiden);
        stranger(mess, row.person, 3_000_000_000).fields.text(Field::FamilyName).clone_into(&mut row.family);
    } else if happens(rates.double_barrelled, draw) {
        row.flaws.add(Flaw::DoubleBarrelled);
        row.family = if let Some((first, second)) = row.family.split_once('-') {
            if draw.percent(50) { first } else { second }.to_owned()
        } else {
            let other = stranger(mess, row.person, 3_000_000_000);
            format!("{}-{}", row.family, other.fields.text(Field::FamilyName))
        };
    }
    if happens(rates.family_typo, draw) {
        row.flaws.add(Flaw::FamilyTypo);
        row.family = typo::word(&row.family, draw);
    }
    if happens(rates.swapped_names, draw) {
        row.flaws.add(Flaw::SwappedNames);
        std::mem::swap(&mut row.given, &mut row.family);
    }
}

fn birth(row: &mut Exported, rates: &Rates, draw: &mut Draw) {
    let Some(born) = row.born else { return };
    let flaws = [
        (Flaw::BirthMissing, rates.birth_missing),
        (Flaw::BirthDefault, rates.birth_default),
        (Flaw::BirthSwapped, rates.birth_swapped),
        (Flaw::BirthTypo, rates.birth_typo),
        (Flaw::YearOff, rates.year_off),
    ];
    for (flaw, rate) in flaws {
        if !happens(rate, draw) {
            continue;
        }
        let typed = match flaw {
            Flaw::BirthMissing => None,
            Flaw::BirthDefault => Some(date(born.year(), 1, 1)),
            Flaw::BirthSwapped => Date::new(born.year(), born.day(), born.month()).ok().or(Some(born)),
            Flaw::BirthTypo => Some(mistyped(born, draw)),
            _ => {
                let off = draw.pick(&[-1, 1, -10, 10]);
                Date::new(born.year() + off, born.month(), born.day()).ok().or(Some(born))
            }
        };
        if typed != Some(born) {
            row.flaws.add(flaw);
            row.born = typed;
        }
        return;
    }
}

fn mistyped(born: Date, draw: &mut Draw) -> Date {
    let text = born.strftime("%d%m%Y").to_string();
    (0..20)
        .map(|_| typo::digits(&text, draw))
        .find_map(|typed| {
            let (day, month, year) =
                (typed[..2].parse().ok()?, typed[2..4].parse().ok()?, typed[4..].parse().ok()?);
            let typed = Date::new(year, month, day).ok()?;
            ((1900..=2010).contains(&year) && typed != born).then_some(typed)
        })
        .unwrap_or(born)
}

fn nhs(row: &mut Exported, person: &Invented, mess: &Mess, rates: &Rates, draw: &mut Draw) {
    if happens(rates.nhs_missing, draw) || row.nhs.is_empty() {
        row.flaws.add(Flaw::NhsMissing);
        row.nhs.clear();
        return;
    }
    if person.kin != Kin::Alone && happens(rates.mates_nhs, draw) {
        let mate = identifier::mate(person, draw);
        let mates = people(mess.people_seed, mate..mate + 1).next();
        let mates = mates.map(|mate| mate.fields.text(Field::NhsNumber).to_owned()).unwrap_or_default();
        if !mates.is_empty() {
            row.flaws.add(Flaw::MatesNhs);
            row.nhs = mates;
        }
    } else if happens(rates.nhs_typo, draw) {
        row.flaws.add(Flaw::NhsTypo);
        row.nhs = typo::digits(&row.nhs, draw);
    }
}

fn phones(row: &mut Exported, mess: &Mess, rates: &Rates, draw: &mut Draw) {
    if happens(rates.other_phone, draw) {
        // A relative's.
        row.flaws.add(Flaw::OtherPhone);
        let relative = stranger(mess, row.person, 1_500_000_000 + u32::from(row.phones[0].is_empty()));
        let number = u64::from(relative.household).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 24;
        row.phones[0] = if rates.has_own_phones {
            format!("06{:03} {:06}", number / 1_000_000 % 1000, number % 1_000_000)
        } else {
            relative.fields.text(Field::Phone).to_owned()
        };
    }
    for phone in &mut row.phones {
        if happens(rates.phone_missing, draw) {
            phone.clear();
        }
    }
}

/// The same said in another way.
fn form(row: &mut Exported, rates: &Rates, draw: &mut Draw) {
    if happens(rates.title_missing, draw) {
        row.title.clear();
    }
    if happens(rates.form / 2, draw) {
        row.family = row.family.to_uppercase();
    }
    if happens(rates.form / 3, draw) {
        row.given = without_accents(&row.given);
        row.family = without_accents(&row.family);
    }
    if happens(rates.form / 30, draw) && !row.title.is_empty() {
        row.given = format!("{} {}", std::mem::take(&mut row.title), row.given);
    }
    if happens(rates.form / 30, draw) && !row.known_as.is_empty() {
        row.given = format!("{} ({})", row.given, std::mem::take(&mut row.known_as));
    }
    if happens(rates.form, draw) {
        row.postcode = row.postcode.replace(' ', "").to_lowercase();
    }
    if happens(rates.form, draw) && row.nhs.len() == 10 {
        row.nhs = format!("{} {} {}", &row.nhs[..3], &row.nhs[3..6], &row.nhs[6..]);
    }
    if happens(rates.form, draw) {
        row.phones = row.phones.clone().map(|phone| phone.replacen('0', "+44 ", 1));
    }
    if happens(rates.form, draw) {
        for (long, short) in
            [("Road", "Rd"), ("Street", "St"), ("Avenue", "Ave"), ("Close", "Cl"), ("Lane", "Ln")]
        {
            row.address[0] = row.address[0].replace(long, short);
            row.address[1] = row.address[1].replace(long, short);
        }
    }
}

fn without_accents(text: &str) -> String {
    let plain = |c: char| match c {
        'á' | 'à' | 'â' | 'ã' | 'ä' | 'ą' => 'a',
        'é' | 'è' | 'ê' | 'ë' | 'ę' => 'e',
        'í' | 'ì' | 'î' | 'ï' | 'ı' => 'i',
        'ó' | 'ò' | 'ô' | 'õ' | 'ö' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' | 'ć' => 'c',
        'ł' => 'l',
        'Ł' => 'L',
        'ń' | 'ñ' => 'n',
        'ś' | 'ş' => 's',
        'ż' | 'ź' => 'z',
        'ğ' => 'g',
        'İ' => 'I',
        _ => c,
    };
    text.chars().map(plain).collect()
}
