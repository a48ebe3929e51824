//! Checks on what was answered and advised: refusals, syncs, accounts of care data, guidance and cases.

use super::{Looking, Whom};
use crate::{
    What,
    words::{came_of, codes, contains, is_so, list, outcome_text, text},
    world::Last,
};
use acp::Decision;
use feed::{Clause, ExternalId, Timestamp};
use guidance::{Advice, Subject};
use scenario::{About, CasePart, Count, SyncOutcome};
use std::fmt::Write as _;

impl Looking<'_, '_> {
    pub(super) fn refused(&mut self, clause: Option<Clause>, says: Option<&str>) {
        let about = Whom { words: "the last action".into(), ..Whom::default() };
        let expected = match (clause, says) {
            (Some(clause), _) => format!("refused, with {clause}"),
            (None, Some(says)) => format!("refused, saying \"{says}\""),
            (None, None) => "refused".into(),
        };
        match self.world.last.clone() {
            Last::Refused { clause: got, why } => {
                let fits = clause.is_none_or(|clause| got == Some(clause))
                    && says.is_none_or(|says| contains(&why, says));
                if !fits {
                    let code = got.map(|clause| format!(" [{clause}]")).unwrap_or_default();
                    self.here(about, expected, format!("refused: {why}{code}"));
                }
            }
            Last::Done(_) => self.here(about, expected, "it was done"),
            Last::Nothing => self.here(about, expected, "nobody has done anything"),
        }
    }

    pub(super) fn accepted(&mut self) {
        let about = Whom { words: "the last action".into(), ..Whom::default() };
        match self.world.last.clone() {
            Last::Done(_) => {}
            Last::Refused { why, .. } => self.here(about, "done", format!("refused: {why}")),
            Last::Nothing => self.here(about, "done", "nobody has done anything"),
        }
    }

    pub(super) fn sync(
        &mut self,
        id: &ExternalId,
        outcome: SyncOutcome,
        clause: Option<Clause>,
        says: Option<&str>,
        count: Count,
    ) {
        let decisions =
            self.world.events[self.world.since_when..].iter().filter_map(|event| match &event.what {
                What::Arrived { receipt, .. } => Some(&receipt.decisions),
                _ => None,
            });
        let decisions: Vec<&Decision> = decisions.flatten().filter(|it| it.external_id == *id).collect();
        let n = decisions.iter().filter(|it| is_so(it, outcome, clause, says)).count();
        if count.fits(n) {
            return;
        }
        let mut got = format!("{n} such");
        match decisions.last() {
            Some(last) => {
                let _ = write!(got, "; the last of {} was {}", decisions.len(), came_of(last));
            }
            None => got.push_str("; no update has carried this service user since"),
        }
        let subject = Some(self.world.subject(&About::ServiceUser(id.clone())));
        let expected = format!("{}: {}", outcome_text(outcome), text(count));
        self.here(Whom { words: format!("what syncs did with {id}"), subject, field: None }, expected, got);
    }

    pub(super) fn account(&mut self, wanted: [(&str, Option<Count>); 4]) {
        let Last::Done(Some(account)) = self.world.last.clone() else {
            let about = Whom { words: "the account of care data".into(), ..Whom::default() };
            self.here(about, "an account", "the last action gave none");
            return;
        };
        let lists = [account.moved.len(), account.kept.len(), account.left.len(), account.lost.len()];
        for ((words, count), n) in wanted.into_iter().zip(lists) {
            if let Some(count) = count.filter(|count| !count.fits(n)) {
                let about = Whom { words: format!("care data {words}"), ..Whom::default() };
                self.here(about, text(count), n.to_string());
            }
        }
    }

    pub(super) fn warned(&mut self, clauses: &[Clause]) {
        let warnings =
            self.world.events[self.world.since_when..].iter().filter_map(|event| match &event.what {
                What::Warned(warnings) => Some(warnings),
                _ => None,
            });
        let got: Vec<Clause> = warnings.flatten().map(|warning| warning.clause).collect();
        let fits =
            if clauses.is_empty() { got.is_empty() } else { clauses.iter().all(|it| got.contains(it)) };
        if !fits {
            let about = Whom { words: "guidance given before the action".into(), ..Whom::default() };
            self.here(about, codes(clauses), codes(&got));
        }
    }

    pub(super) fn advice(&self, about: &About) -> (Subject, Vec<Advice>) {
        let subject = self.world.subject(about);
        let advice = self.world.between.advise(&self.world.scene, &subject, self.world.now);
        (subject, advice)
    }

    pub(super) fn guidance(
        &mut self,
        about: &About,
        situation: Option<&str>,
        says: &[Clause],
        not: &[Clause],
        wait_until: Option<Timestamp>,
    ) {
        let (subject, advice) = self.advice(about);
        let whom =
            |words: &str| Whom { words: words.to_owned(), subject: Some(subject.clone()), field: None };
        let got: Vec<&str> = advice.iter().map(|it| it.situation.text()).collect();
        if let Some(situation) = situation.filter(|it| !got.contains(it)) {
            self.here(whom("guidance"), situation, list(got));
        }
        let clauses: Vec<Clause> = advice.iter().flat_map(|it| it.clauses.iter().copied()).collect();
        if !says.iter().all(|it| clauses.contains(it)) {
            self.here(whom("what guidance says"), codes(says), codes(&clauses));
        }
        if not.iter().any(|it| clauses.contains(it)) {
            self.here(whom("what guidance says"), format!("nothing of {}", codes(not)), codes(&clauses));
        }
        if let Some(wait_until) = wait_until {
            let untils: Vec<Timestamp> = advice.iter().filter_map(|it| it.wait_until).collect();
            if !untils.contains(&wait_until) {
                let got: Vec<String> = untils.iter().map(ToString::to_string).collect();
                self.here(whom("until when to wait"), wait_until.to_string(), list(got));
            }
        }
    }

    pub(super) fn case(
        &mut self,
        about: &About,
        kind: Clause,
        due: bool,
        has: &[CasePart],
        missing: &[CasePart],
    ) {
        let (subject, advice) = self.advice(about);
        let whom = |words: String| Whom { words, subject: Some(subject.clone()), field: None };
        let found = advice.iter().filter_map(|it| it.case.as_ref()).find(|draft| draft.kind == kind);
        if found.is_some() != due {
            let words = |due: bool| if due { "due" } else { "not due" };
            self.here(whom(format!("a support case {kind}")), words(due), words(!due));
        }
        if has.is_empty() && missing.is_empty() {
            return;
        }
        let world = self.world;
        let draft = found.cloned().or_else(|| world.between.draft(&world.scene, kind, &subject, world.now));
        let Some(mut draft) = draft else {
            self.here(
                whom(format!("the draft of a case {kind}")),
                "a draft",
                "there is nothing to raise it about",
            );
            return;
        };
        // Once it is raised, what it holds and lacks is what was raised, not what could be.
        if let Some((_, raised)) = self.world.scene.open_case(kind, &subject) {
            draft.missing.clone_from(&raised.missing);
            draft.facts.retain(|fact| !raised.missing.iter().any(|it| it == fact.label));
        }
        let known = |part: &&CasePart| {
            draft.facts.iter().any(|fact| fact.label == part.text() && fact.value.is_some())
        };
        let lacking: Vec<&str> = has.iter().filter(|it| !known(it)).map(|it| it.text()).collect();
        if !lacking.is_empty() {
            self.here(
                whom("what the case holds".into()),
                list(has.iter().map(|it| it.text())),
                format!("no {}", lacking.join(", ")),
            );
        }
        let fits = missing.iter().all(|part| draft.missing.iter().any(|it| it == part.text()));
        if !fits {
            let wanted = list(missing.iter().map(|it| it.text()));
            self.here(whom("what the case says is missing".into()), wanted, list(&draft.missing));
        }
    }
}
