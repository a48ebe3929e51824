//! What people do to branches. Services are as they were set up.

use crate::act::Hand;
use crate::call::not_fit;
use crate::place::TYPED;
use crate::{Acp, Change, Done, Record, RecordId, Refusal};
use feed::{Clause, Field, Text};

impl Acp {
    pub(crate) fn add_branch(&mut self, branch: Text, service: Text) -> Result<Done, Refusal> {
        self.free_branch_name(&branch)?;
        self.places.known_service(&service, TYPED)?;
        self.places.add(branch, service);
        Ok(Done::default())
    }

    /// Every record in the branch shows the new name from here on; the rostering system knows nothing of it
    /// (PUB-9, PUB-7).
    pub(crate) fn rename_branch(&mut self, hand: &Hand, from: &Text, to: &Text) -> Result<Done, Refusal> {
        if self.places.service_of(from).is_none() {
            return Err(self.places.unknown_branch(from, TYPED));
        }
        if from == to {
            return Ok(Done::default());
        }
        self.free_branch_name(to)?;
        self.places.rename(from, to);
        let concerned = |record: &&Record| {
            record.branch() == from || record.held.as_ref().is_some_and(|held| held.to_branch == *from)
        };
        let records: Vec<RecordId> = self.records.iter().filter(concerned).map(|record| record.id).collect();
        let set = hand.stamp(Clause::Pub9);
        for &id in &records {
            let record = self.write_to(id);
            if record.branch() == from {
                record.write(Field::Branch, to.clone(), set);
            }
            if let Some(held) = record.held.as_mut().filter(|held| held.to_branch == *from) {
                held.to_branch = to.clone();
            }
        }
        let change =
            Change { field: Field::Branch, from: from.clone(), to: to.clone(), clause: Clause::Pub9 };
        Ok(Done { records, changes: vec![change], account: None })
    }

    fn free_branch_name(&self, branch: &Text) -> Result<(), Refusal> {
        let why = if branch.trim().is_empty() {
            "A branch needs a name. Type in the one that the rostering system uses, to the character."
                .to_owned()
        } else if let Err(unfit) = Field::Branch.read(branch) {
            not_fit(Field::Branch, branch, &unfit)
        } else if self.places.service_of(branch).is_some() {
            format!("ACP has a branch {branch:?} already. Use it, or choose another name.")
        } else {
            return Ok(());
        };
        Err(Refusal::new(Clause::Pub3, why))
    }
}
