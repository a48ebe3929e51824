//! What the name columns of one row say: given name, other given names, family name, former or other family name,
//! and which sex a title tells. It knows no file and no number of a name.

use super::fold::fold_into;

/// Folded names, in one buffer that is used again for each row.
#[derive(Default)]
pub(crate) struct Person {
    given: Vec<u8>,
    family: Vec<u8>,
    /// From a column of its own, or from brackets or quotation marks beside the given name.
    known_as: Vec<u8>,
    /// From brackets beside the family name.
    former: Vec<u8>,
    pub(crate) sex: Sex,
    spare: Vec<u8>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) enum Sex {
    #[default]
    Unknown,
    Male,
    Female,
}

impl Person {
    /// Reads the name columns of one row.
    pub(crate) fn read(&mut self, title: &str, given: &str, family: &str, known_as: &str) {
        self.sex = Sex::Unknown;
        self.former.clear();
        fold_into(known_as, &mut self.known_as);
        fold_noted(given, &mut self.given, &mut self.known_as);
        fold_noted(family, &mut self.family, &mut self.former);
        fold_into(title, &mut self.spare);
        self.sex = self.spare.split(|byte| *byte == b' ').find_map(sex_of).unwrap_or_default();
        if self.family.is_empty() || self.given.is_empty() {
            self.split_whole_name(if self.family.is_empty() { given } else { family });
        }
        self.strip_titles();
        strip_remarks(&mut self.family);
        tidy(&mut self.family);
        tidy(&mut self.former);
    }

    /// One column holds the whole name: `Jones, Mary` or `Mary Jones`.
    fn split_whole_name(&mut self, raw: &str) {
        if let Some((family, given)) = raw.split_once(',') {
            fold_noted(family, &mut self.family, &mut self.former);
            fold_noted(given, &mut self.given, &mut self.known_as);
            return;
        }
        let only_given = self.family.is_empty();
        let whole = if only_given { &mut self.given } else { &mut self.family };
        let Some(at) = whole.iter().rposition(|byte| *byte == b' ') else { return };
        if only_given {
            self.family = whole.split_off(at + 1);
            self.given.truncate(at);
        } else {
            self.given = whole[..at].to_vec();
            self.family.drain(..=at);
        }
    }

    fn strip_titles(&mut self) {
        while let Some(at) = self.given.iter().position(|byte| *byte == b' ') {
            let Some(sex) = title(&self.given[..at]) else { return };
            if self.sex == Sex::Unknown {
                self.sex = sex;
            }
            self.given.drain(..=at);
        }
    }

    /// The given name as one or more parts: `Mary-Ann` and `Mary Ann` give `mary` here, `ann` below.
    pub(crate) fn given(&self) -> &[u8] {
        self.given.split(|byte| *byte == b' ').next().unwrap_or_default()
    }

    /// What else the person is called: the known-as name, else the first middle name. May be empty.
    pub(crate) fn also(&self) -> &[u8] {
        let known_as = self
            .known_as
            .split(|byte| *byte == b' ')
            .find(|token| token.len() > 1 && !is_filler(token) && *token != self.given());
        known_as.or_else(|| self.given.split(|byte| *byte == b' ').nth(1)).unwrap_or_default()
    }

    /// The parts of the family name with a space between them, particles (`van`, `de`, `o`) joined to what follows.
    pub(crate) fn family(&self) -> &[u8] {
        &self.family
    }

    pub(crate) fn former(&self) -> &[u8] {
        &self.former
    }
}

/// Joins particles to what follows them and writes `mac` as `mc`: MacDonald, Mac Donald, McDonald and Mc Donald are one
/// spelling.
fn tidy(name: &mut Vec<u8>) {
    if name.contains(&b' ') {
        *name = join_particles(name);
    } else if is_mac(name) {
        name.remove(1);
    }
}

fn is_mac(word: &[u8]) -> bool {
    word.len() > 5 && word.starts_with(b"mac") && !matches!(word[3], b'h' | b'e' | b'i')
}

fn join_particles(name: &[u8]) -> Vec<u8> {
    let mut joined = Vec::with_capacity(name.len());
    let mut start = 0;
    for token in name.split(|byte| *byte == b' ').filter(|token| !is_filler(token)) {
        joined.extend_from_slice(token);
        if !is_particle(token) {
            if is_mac(&joined[start..]) {
                joined.remove(start + 1);
            }
            joined.push(b' ');
            start = joined.len();
        }
    }
    if joined.last() == Some(&b' ') {
        joined.pop();
    }
    joined
}

fn is_particle(token: &[u8]) -> bool {
    matches!(
        token,
        b"o" | b"mc"
            | b"mac"
            | b"van"
            | b"von"
            | b"der"
            | b"den"
            | b"de"
            | b"da"
            | b"di"
            | b"du"
            | b"del"
            | b"della"
            | b"la"
            | b"le"
            | b"st"
            | b"al"
            | b"el"
            | b"bin"
            | b"ibn"
            | b"ap"
            | b"dos"
            | b"fitz"
            | b"ter"
            | b"ten"
            | b"abu"
    )
}

fn is_filler(token: &[u8]) -> bool {
    matches!(
        token,
        b"nee"
            | b"ne"
            | b"formerly"
            | b"was"
            | b"aka"
            | b"known"
            | b"as"
            | b"likes"
            | b"called"
            | b"be"
            | b"to"
            | b"prefers"
            | b"preferred"
            | b"name"
            | b"now"
            | b"prev"
            | b"previously"
            | b"maiden"
    )
}

/// Folds a name and moves what stands in brackets or quotation marks to `note`, if that is still empty.
fn fold_noted(raw: &str, name: &mut Vec<u8>, note: &mut Vec<u8>) {
    let opening = ['(', '[', '"', '\u{201c}'];
    let Some((before, rest)) = raw.split_once(opening) else { return fold_into(raw, name) };
    let (inside, after) = rest.split_once([')', ']', '"', '\u{201d}']).unwrap_or((rest, ""));
    fold_into(&format!("{before} {after}"), name);
    if note.is_empty() {
        fold_into(inside, note);
        strip_remarks(note);
    }
    if name.is_empty() {
        std::mem::swap(name, note);
    }
}

/// Takes off what is no name at the end of one: `jnr`, `deceased`.
fn strip_remarks(name: &mut Vec<u8>) {
    while let Some(at) = name.iter().rposition(|byte| *byte == b' ') {
        if !is_remark(&name[at + 1..]) {
            return;
        }
        name.truncate(at);
    }
    if is_remark(name) {
        name.clear();
    }
}

fn is_remark(token: &[u8]) -> bool {
    matches!(
        token,
        b"jr"
            | b"jnr"
            | b"junior"
            | b"sr"
            | b"snr"
            | b"senior"
            | b"ii"
            | b"iii"
            | b"deceased"
            | b"decd"
            | b"rip"
            | b"dnr"
            | b"dnacpr"
            | b"new"
            | b"temp"
            | b"temporary"
            | b"respite"
            | b"private"
            | b"closed"
            | b"archived"
            | b"inactive"
            | b"duplicate"
            | b"old"
            | b"do"
            | b"not"
            | b"use"
            | b"test"
            | b"unknown"
            | b"unk"
            | b"tbc"
            | b"tba"
            | b"na"
    )
}

fn title(token: &[u8]) -> Option<Sex> {
    sex_of(token).or_else(|| {
        matches!(
            token,
            b"dr"
                | b"doctor"
                | b"prof"
                | b"professor"
                | b"rev"
                | b"revd"
                | b"reverend"
                | b"hon"
                | b"mx"
                | b"cllr"
        )
        .then_some(Sex::Unknown)
    })
}

fn sex_of(token: &[u8]) -> Option<Sex> {
    match token {
        b"mr" | b"sir" | b"lord" | b"master" | b"mstr" | b"mister" => Some(Sex::Male),
        b"mrs" | b"miss" | b"ms" | b"lady" | b"dame" | b"madam" => Some(Sex::Female),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Given, also, family, former.
    fn read(title: &str, given: &str, family: &str, known_as: &str) -> [String; 4] {
        let mut person = Person::default();
        person.read(title, given, family, known_as);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        [text(person.given()), text(person.also()), text(person.family()), text(person.former())]
    }

    #[test]
    fn names_are_read_as_people_type_them() {
        for (title, given, family, known_as, expected) in [
            ("", "Mary", "Smith", "", ["mary", "", "smith", ""]),
            ("", "Mary Ann", "Smith-Jones", "", ["mary", "ann", "smith jones", ""]),
            ("", "Robert (Bob)", "Smith", "", ["robert", "bob", "smith", ""]),
            ("", "Robert \"Bob\"", "Smith", "", ["robert", "bob", "smith", ""]),
            ("", "Robert (likes to be called Bob)", "Smith", "", ["robert", "bob", "smith", ""]),
            ("", "Mr Robert", "Smith Jnr", "Bob", ["robert", "bob", "smith", ""]),
            ("", "Mary", "Smith (n\u{e9}e Jones)", "", ["mary", "", "smith", "jones"]),
            ("", "", "Smith, Mary", "", ["mary", "", "smith", ""]),
            ("", "Mrs Mary Smith", "", "", ["mary", "", "smith", ""]),
            ("", "", "Mary Smith", "", ["mary", "", "smith", ""]),
            ("", "John", "MacDonald", "", ["john", "", "mcdonald", ""]),
            ("", "John", "Mc Donald", "", ["john", "", "mcdonald", ""]),
            ("", "John", "van der Berg", "", ["john", "", "vanderberg", ""]),
            ("", "John", "O'Neill (DNR)", "", ["john", "", "oneill", ""]),
            ("", "", "", "", ["", "", "", ""]),
        ] {
            assert_eq!(read(title, given, family, known_as), expected, "{given} {family}");
        }
    }

    #[test]
    fn a_title_tells_the_sex() {
        let mut person = Person::default();
        for (title, given, expected) in [
            ("Mrs.", "Ann", Sex::Female),
            ("", "Mr John", Sex::Male),
            ("Dr", "Ann", Sex::Unknown),
            ("Dr", "Mrs Ann", Sex::Female),
            ("", "Ann", Sex::Unknown),
        ] {
            person.read(title, given, "Smith", "");
            assert_eq!(person.sex, expected, "{title} {given}");
        }
    }
}
