//! Takes in, at once, a stretch of service users who came out simple when they were looked at ahead. What has an order
//! (where an identifier leads, which ID comes next) goes one after the other; what has none (making records and
//! decisions) goes on all cores. Knows nothing of anybody who is not simple.

use crate::glance::Glance;
use crate::receive::{Delivery, take_id};
use crate::records::FEWEST_A_CORE;
use crate::{Acp, Decision, Outcome, RecordId};
use feed::ServiceUser;
use rayon::prelude::*;
use std::mem;
use thin_vec::ThinVec;

/// What became of a simple service user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    UpToDate(RecordId),
    Created(RecordId),
}

fn decision((it, settled): (&mut ServiceUser, &Settled)) -> Decision {
    let notes = ThinVec::new();
    let outcome = match *settled {
        Settled::UpToDate(record) => Outcome::Matched { record, changes: ThinVec::new(), notes },
        Settled::Created(record) => Outcome::Created { record, notes },
    };
    Decision { external_id: take_id(it), outcome }
}

impl Acp {
    /// Takes in whoever comes before the first who is not simple, or no longer as seen. Returns how many they are.
    pub(crate) fn take_simple(
        &mut self,
        delivery: &mut Delivery,
        (service_users, glances): (&mut [ServiceUser], &[Glance]),
        settled: &mut Vec<Settled>,
        decisions: &mut Vec<Decision>,
    ) -> usize {
        settled.clear();
        self.settle(delivery, (service_users, glances), settled);
        let settled_users = &mut service_users[..settled.len()];
        let is_new = |(it, settled): (_, &Settled)| matches!(settled, Settled::Created(_)).then_some(it);
        let new: Vec<&mut ServiceUser> = settled_users.iter_mut().zip(&*settled).filter_map(is_new).collect();
        if !new.is_empty() {
            let record = |id, it: &mut ServiceUser| {
                delivery.new_record(id, &it.external_id, mem::take(&mut it.fields))
            };
            self.records.add_all(new, record);
        }
        if settled.len() < FEWEST_A_CORE {
            decisions.extend(settled_users.iter_mut().zip(&*settled).map(decision));
        } else {
            let each = settled_users.par_iter_mut().zip(&*settled).with_min_len(FEWEST_A_CORE);
            decisions.par_extend(each.map(decision));
        }
        settled.len()
    }

    /// What has an order: confirms who is up to date, and gives each identifier that ACP lacks to a record to come.
    fn settle(
        &mut self,
        delivery: &mut Delivery,
        (service_users, glances): (&[ServiceUser], &[Glance]),
        settled: &mut Vec<Settled>,
    ) {
        let first_new = self.records.next_id();
        let mut new: Vec<&ServiceUser> = Vec::new();
        for (it, &glance) in service_users.iter().zip(glances) {
            let is_settled = match glance {
                Glance::UpToDate(found) if self.confirm(delivery, found) => Settled::UpToDate(found),
                Glance::New => {
                    let id = first_new.plus(new.len());
                    let to_come = |record: RecordId| Some(&new.get(record.since(first_new)?)?.external_id);
                    if self.index.claim(&self.records, to_come, &it.external_id, id).is_err() {
                        break;
                    }
                    new.push(it);
                    Settled::Created(id)
                }
                Glance::UpToDate(_) | Glance::Unclear => break,
            };
            settled.push(is_settled);
        }
    }

    /// Notes that an update says nothing new of a record. False, and nothing done, where the same update wrote to it
    /// after it was seen.
    fn confirm(&mut self, delivery: &mut Delivery, found: RecordId) -> bool {
        if !self.follow(delivery, found) {
            return false;
        }
        delivery.last_matched = found;
        self.records.touch(found);
        true
    }
}
