//! Services and their branches: which there are, which service a branch belongs to, and what to say about a
//! name that ACP does not have. Knows no record.

use crate::{BranchOutcome, Refusal};
use feed::{Clause, Field, NewBranch, Setting, Settings, Text};
use rustc_hash::FxHashMap;

/// The branch and the service that a record is in, or is to be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Placement {
    pub(crate) branch: Text,
    pub(crate) service: Text,
}

/// What to tell somebody whose name of a branch or service ACP does not have.
#[derive(Clone, Copy)]
pub(crate) struct Advice {
    /// Where the name is put right.
    pub(crate) fix_in: &'static str,
    /// Whether to look for the name that was probably meant.
    pub(crate) names_nearest: bool,
}

/// For somebody who works in ACP.
pub(crate) const TYPED: Advice = Advice { fix_in: "in what you typed", names_nearest: true };

#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Places {
    services: Vec<Text>,
    /// (branch, service), in order of creation.
    branches: Vec<(Text, Text)>,
    /// Beside `branches`: each name without capitals and spaces, and how many letters that is.
    folded: Vec<(String, usize)>,
    /// Where in `branches` a name stands. Only ever asked for one name, never walked.
    by_name: FxHashMap<Text, usize>,
}

impl Places {
    /// A branch belongs to one service: where a name is listed twice, the first stands.
    pub(crate) fn new(services: Vec<(Text, Vec<Text>)>) -> Places {
        let mut places = Places::default();
        for (service, branches) in services {
            for branch in branches {
                places.add(branch, service.clone());
            }
            places.services.push(service);
        }
        places
    }

    pub(crate) fn branches(&self) -> &[(Text, Text)] {
        &self.branches
    }

    pub(crate) fn has_service(&self, service: &str) -> bool {
        self.services.iter().any(|it| it == service)
    }

    pub(crate) fn service_of(&self, branch: &str) -> Option<&Text> {
        self.by_name.get(branch).map(|&idx| &self.branches[idx].1)
    }

    pub(crate) fn add(&mut self, branch: Text, service: Text) {
        if !self.by_name.contains_key(&branch) {
            self.by_name.insert(branch.clone(), self.branches.len());
            self.folded.push(folded(&branch));
            self.branches.push((branch, service));
        }
    }

    /// Gives a branch that exists a name that does not.
    pub(crate) fn rename(&mut self, from: &str, to: &Text) {
        if let Some(idx) = self.by_name.remove(from) {
            self.folded[idx] = folded(to);
            self.branches[idx].0 = to.clone();
            self.by_name.insert(to.clone(), idx);
        }
    }

    /// The placement that a branch and, where one is given, a service name; names are compared to the
    /// character (PUB-3).
    pub(crate) fn find(&self, branch: &Text, service: &str, advice: Advice) -> Result<Placement, Refusal> {
        let Some(by_branch) = self.service_of(branch) else {
            return Err(self.unknown_branch(branch, advice));
        };
        if service.is_empty() {
            return Ok(Placement { branch: branch.clone(), service: by_branch.clone() });
        }
        self.known_service(service, advice)?;
        Ok(Placement { branch: branch.clone(), service: service.into() })
    }

    pub(crate) fn known_service(&self, service: &str, advice: Advice) -> Result<(), Refusal> {
        if self.has_service(service) {
            return Ok(());
        }
        let have: Vec<String> = self.services.iter().map(|it| format!("{it:?}")).collect();
        let have = if have.is_empty() { "none".to_owned() } else { have.join(", ") };
        let why = format!(
            "ACP has no service {service:?}. Its services: {have}. Correct the name {}.",
            advice.fix_in
        );
        Err(Refusal::new(Clause::Pub3, why))
    }

    /// The refusal for a branch name that ACP lacks, with the name that was probably meant.
    pub(crate) fn unknown_branch(&self, branch: &str, advice: Advice) -> Refusal {
        let fix_in = advice.fix_in;
        if branch.trim().is_empty() {
            let why = format!("No branch is given, so ACP cannot place the record. Set one {fix_in}.");
            return Refusal::new(Clause::Pub3, why).decided_by(Setting::NewBranch);
        }
        let near = if advice.names_nearest { self.nearest(branch) } else { None };
        let why = match near {
            Some((near, true)) => format!(
                "ACP has no branch {branch:?}. It has {near:?}, which differs only in capitals or spaces; \
                 branch names have to be equal to the character. Correct the name {fix_in}, or rename the branch in ACP."
            ),
            Some((near, false)) => format!(
                "ACP has no branch {branch:?}; the nearest name that it has is {near:?}. Correct the name \
                 {fix_in}, or add the branch in ACP under exactly this name."
            ),
            None => format!(
                "ACP has no branch {branch:?}. Correct the name {fix_in}, or add the branch in ACP under \
                 exactly this name."
            ),
        };
        Refusal::new(Clause::Pub3, why).decided_by(Setting::NewBranch)
    }

    /// The branch whose name is closest, and whether only capitals and spaces differ. None where no name is
    /// close: one letter in four may differ. *Assumed.* None for what is too long to be a name.
    fn nearest(&self, branch: &str) -> Option<(&Text, bool)> {
        Field::Branch.read(branch).ok()?;
        let (wanted, n_letters) = folded(branch);
        let at_most = (n_letters / 4).max(1);
        // A name that is longer or shorter by more is further away than that.
        let (distance, near) = (self.folded.iter().zip(&self.branches))
            .filter(|((_, n), _)| n.abs_diff(n_letters) <= at_most)
            .map(|((it, _), (name, _))| (strsim::damerau_levenshtein(it, &wanted), name))
            .min_by_key(|(distance, _)| *distance)?;
        (distance <= at_most).then_some((near, distance == 0))
    }

    /// Takes in one branch that rostering pushed. None where there is nothing to say.
    pub(crate) fn push(&mut self, branch: &Text, settings: &Settings) -> Option<BranchOutcome> {
        if settings.new_branch == NewBranch::MustExist || self.service_of(branch).is_some() {
            return None;
        }
        let refused = |why: String| {
            let refusal = Refusal::new(Clause::Pub3, why).decided_by(Setting::NewBranch);
            Some(BranchOutcome::Refused { branch: branch.clone(), refusal })
        };
        if let Err(why) = usual_name(branch) {
            return refused(why);
        }
        let Some(service) = self.services.first().cloned() else {
            return refused(format!(
                "ACP has no service that could take the branch {branch:?}. Set up a service in ACP first."
            ));
        };
        self.add(branch.clone(), service.clone());
        Some(BranchOutcome::Created { branch: branch.clone(), service })
    }
}

fn folded(name: &str) -> (String, usize) {
    let folded: String = name.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect();
    let n_letters = folded.chars().count();
    (folded, n_letters)
}

/// Whether a branch of this name can be made by itself, or what is in the way.
fn usual_name(branch: &Text) -> Result<(), String> {
    if branch.trim().is_empty() {
        return Err("A branch came without a name. Give it one in the rostering system.".into());
    }
    if let Some(c) = NewBranch::unusual_in(branch) {
        return Err(format!(
            "The branch {branch:?} was not created in ACP, because its name holds the unusual character \
             {c:?}. Add the branch in ACP by hand under exactly this name, or rename it in the rostering system."
        ));
    }
    match Field::Branch.read(branch) {
        Ok(_) => Ok(()),
        Err(unfit) => Err(format!("The name of a branch is {}: {}.", unfit.what, unfit.instead)),
    }
}
