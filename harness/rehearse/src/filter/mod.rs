//! The filter expression of `-E`: which cases it picks. `parse.rs` reads the text. Knows no file and no suite: what
//! there is to know of a case is handed to it.

mod parse;

use feed::Clause;
use scenario::{Mistake, Where};
use std::{collections::BTreeSet, ops::Range};

/// How filters are written, for `rehearse explain filter`.
pub(crate) const HELP: &str = "\
The filter of -E picks cases:  rehearse run -E 'tag(late-sync) and not proves(MOVE-1)'

  tag(late-sync)      the scenario has this tag
  proves(MOVE-1)      the scenario proves this clause; clause(...) is the same
  name(wrong-branch)  the scenario's name has this in it
  case(tomorrow)      the name of the row of `cases` has this in it
  path(late-sync/)    the path of the file has this in it
  all(), none()       everything, nothing

Conditions are joined with and, or, not (also &, |, !) and brackets. not binds closest, then and, then or.

How the text is compared: tag and proves take the whole word, in which * and ? stand for anything; name, case and path
look for a part of the text. A mark before the text says otherwise:
  =text  to the letter      ~text  a part of it      #text  a pattern: * and ? stand for anything but /, ** for / too,
                                                            {a,b} for either, [a-c] for one letter
Capital letters only matter after =. Brackets that belong to the text are written \\( and \\).

Several -E: cases that fit any of them. With -k, --tag and --failed: cases that fit all.
";

/// An expression that was understood.
#[derive(Debug)]
pub(crate) struct Filter {
    source: String,
    expr: Expr,
}

#[derive(Debug)]
enum Expr {
    All,
    None,
    Is(Predicate),
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
}

#[derive(Debug)]
struct Predicate {
    part: Part,
    how: How,
    /// What is compared with; in small letters unless `how` is [`How::Equals`].
    text: String,
    /// Where the text stands in the expression.
    span: Range<usize>,
}

/// What of a case is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Name,
    Case,
    Path,
    Tag,
    Proves,
}

/// How it is compared. Capital letters only matter to the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Equals,
    Contains,
    Glob,
}

/// What a filter can ask about a case.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts<'a> {
    /// The scenario's name, from the root of its suite.
    pub(crate) name: &'a str,
    /// The row's name; none where the scenario has no rows.
    pub(crate) case: Option<&'a str>,
    /// The file as it is shown, and as it is called from the root of its suite.
    pub(crate) paths: [&'a str; 2],
    pub(crate) tags: &'a [String],
    pub(crate) proves: &'a [Clause],
}

impl Filter {
    /// Reads an expression. All mistakes come at once, in the order of their places: a tag that is none of `tags` is
    /// one, where these are given.
    pub(crate) fn read(source: &str, tags: Option<&BTreeSet<&str>>) -> Result<Filter, Vec<Mistake>> {
        let (expr, mut mistakes) = parse::parse(source);
        let filter = Filter { source: source.to_owned(), expr };
        if let Some(tags) = tags {
            mistakes.extend(filter.unknown_tags(tags));
        }
        if mistakes.is_empty() {
            return Ok(filter);
        }
        mistakes.sort_by_key(|it| it.at.bytes.start);
        Err(mistakes)
    }

    pub(crate) fn fits(&self, facts: &Facts<'_>) -> bool {
        self.expr.fits(facts)
    }

    /// Tags that the expression names letter by letter and that none of these are.
    fn unknown_tags(&self, tags: &BTreeSet<&str>) -> Vec<Mistake> {
        let is_unknown = |it: &&Predicate| {
            it.part == Part::Tag && it.is_a_name() && !tags.iter().any(|tag| it.compares(tag))
        };
        let say = |it: &Predicate| {
            let written = &self.source[it.span.clone()];
            let near = crate::nearest::nearest(&it.text, tags.iter().copied(), 1);
            let label = match near.first() {
                Some(near) => format!("did you mean `{near}`?"),
                None => "no scenario has this tag".to_owned(),
            };
            let listed: Vec<&str> = tags.iter().copied().collect();
            let help = match listed.as_slice() {
                [] => "no scenario here has a tag".to_owned(),
                listed => format!("tags that there are: {}", report::listed(listed)),
            };
            let what = format!("there is no tag `{}` among these scenarios", report::prose(written));
            mistake(&self.source, it.span.clone(), what, label, vec![help])
        };
        let mut found = Vec::new();
        self.expr.predicates(&mut |it| found.extend(Some(it).filter(is_unknown).map(say)));
        found
    }

    /// What names, cases and paths are compared with, for "nearest".
    pub(crate) fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.expr.predicates(&mut |it| {
            if matches!(it.part, Part::Name | Part::Case | Part::Path) {
                names.push(it.text.as_str());
            }
        });
        names
    }

    /// A text with a star in it that is looked for as it stands, and so is never found.
    pub(crate) fn star_as_text(&self) -> Option<&str> {
        let mut found = None;
        self.expr.predicates(&mut |it| {
            if it.how == How::Contains && it.text.contains(['*', '?']) {
                found = Some(self.source[it.span.clone()].trim_start_matches('~'));
            }
        });
        found
    }
}

impl Expr {
    fn fits(&self, facts: &Facts<'_>) -> bool {
        match self {
            Expr::All => true,
            Expr::None => false,
            Expr::Is(predicate) => predicate.fits(facts),
            Expr::Not(expr) => !expr.fits(facts),
            Expr::And(all) => all.iter().all(|expr| expr.fits(facts)),
            Expr::Or(any) => any.iter().any(|expr| expr.fits(facts)),
        }
    }

    fn predicates<'e>(&'e self, see: &mut dyn FnMut(&'e Predicate)) {
        match self {
            Expr::All | Expr::None => {}
            Expr::Is(predicate) => see(predicate),
            Expr::Not(expr) => expr.predicates(see),
            Expr::And(parts) | Expr::Or(parts) => parts.iter().for_each(|expr| expr.predicates(see)),
        }
    }
}

impl Predicate {
    fn fits(&self, facts: &Facts<'_>) -> bool {
        match self.part {
            Part::Name => self.compares(facts.name),
            Part::Case => facts.case.is_some_and(|case| self.compares(case)),
            Part::Path => facts.paths.iter().any(|path| self.compares(path)),
            Part::Tag => facts.tags.iter().any(|tag| self.compares(tag)),
            Part::Proves => facts.proves.iter().any(|clause| self.compares(clause.code())),
        }
    }

    fn compares(&self, with: &str) -> bool {
        match self.how {
            How::Equals => with == self.text,
            How::Contains => with.to_lowercase().contains(&self.text),
            How::Glob => fast_glob::glob_match(&self.text, with.to_lowercase()),
        }
    }

    /// It can only fit one name, so a name that nothing has is a slip.
    fn is_a_name(&self) -> bool {
        self.how == How::Equals || (self.how == How::Glob && !self.text.contains(['*', '?', '[', '{']))
    }
}

impl Part {
    const ALL: &'static [(&'static str, Part)] = &[
        ("tag", Part::Tag),
        ("name", Part::Name),
        ("case", Part::Case),
        ("path", Part::Path),
        ("proves", Part::Proves),
        ("clause", Part::Proves),
    ];

    /// How a text without a mark before it is compared: short words of a list as a whole, longer ones by a part.
    const fn usual(self) -> How {
        match self {
            Part::Tag | Part::Proves => How::Glob,
            Part::Name | Part::Case | Part::Path => How::Contains,
        }
    }
}

fn mistake(source: &str, span: Range<usize>, what: String, label: String, help: Vec<String>) -> Mistake {
    let before = &source[..span.start];
    let begin = before.rfind('\n').map_or(0, |at| at + 1);
    let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let line = clip(before.matches('\n').count() + 1);
    let column = clip(before[begin..].chars().count() + 1);
    let at = Where { file: 0, bytes: span, line, column };
    Mistake { code: "filter", path: "-E".to_owned(), at, what, label, also: None, help }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(expression: &str) -> bool {
        let tags = ["late-sync".to_owned(), "Branch".to_owned()];
        let facts = Facts {
            name: "late-sync/a-near-visit",
            case: Some("visit tomorrow (near)"),
            paths: ["scenarios/late-sync/a-near-visit.yaml", "late-sync/a-near-visit.yaml"],
            tags: &tags,
            proves: &[Clause::Time1, Clause::Own2],
        };
        let filter =
            Filter::read(expression, None).unwrap_or_else(|mistakes| panic!("{expression}: {mistakes:?}"));
        filter.fits(&facts)
    }

    #[test]
    fn each_part_of_a_case_can_be_asked_about() {
        for yes in [
            "all()",
            "tag(late-sync)",
            "tag(branch)",
            "tag(late*)",
            "tag(~sync)",
            "tag(=Branch)",
            "name(NEAR)",
            "name(=late-sync/a-near-visit)",
            "name(#late-sync/*)",
            "name(#**/a-*)",
            "case(tomorrow)",
            r"case(tomorrow \(near\))",
            "path(scenarios/late)",
            "path(#late-sync/*.yaml)",
            "proves(TIME-1)",
            "clause(time-*)",
            "proves(#{TIME,DUP}-?)",
            "proves([A-T]*-1)",
        ] {
            assert!(fits(yes), "{yes}");
        }
        for no in [
            "none()",
            "tag(late)",
            "tag(=branch)",
            "name(far)",
            "name(=a-near-visit)",
            "case(ten days)",
            "proves(TIME-2)",
        ] {
            assert!(!fits(no), "{no}");
        }
    }

    #[test]
    fn not_binds_closer_than_and_and_and_closer_than_or() {
        assert!(fits("none() and none() or all()"));
        assert!(!fits("none() and (none() or all())"));
        assert!(fits("not none() and all()"));
        assert!(!fits("not (none() or all())"));
        assert!(fits("not not all()"));
        assert!(fits("!none() & (none() | all())"));
        assert!(!fits("all() and\n  not tag(late-sync)"));
        // Exactly what the operators of truth values say, for every combination.
        for bits in 0..8_u8 {
            let (a, b, c) = (bits & 1 > 0, bits & 2 > 0, bits & 4 > 0);
            let word = |it: bool| if it { "all()" } else { "none()" };
            let text = format!("{} or not {} and {}", word(a), word(b), word(c));
            assert_eq!(fits(&text), a || !b && c, "{text}");
        }
    }

    #[test]
    fn a_tag_that_nothing_has_is_told_with_the_nearest() {
        let tags = BTreeSet::from(["late-sync", "branch"]);
        let unknown = Filter::read("tag(lat-sync) or not tag(x*) or tag(~y)", Some(&tags)).unwrap_err();
        assert_eq!(unknown.len(), 1);
        assert_eq!((unknown[0].at.line, unknown[0].at.column), (1, 5));
        assert_eq!(unknown[0].label, "did you mean `late-sync`?");
    }
}
