//! Service orders and their requirements, which only Access Care Rostering has. Article 11065162.

use crate::refusal::{no_order, no_requirement, no_service_user, place, refused_by, taken};
use crate::{Happened, Order, Person, Refusal, Rostering};
use feed::{Clause, ExternalId, Field, Requirement, System, Text, Timestamp, VisitId};

impl Rostering {
    pub(crate) fn needs_orders(&self) -> Result<(), Refusal> {
        if self.system == System::CareRostering {
            return Ok(());
        }
        let why = format!(
            "There are no service orders or requirements in {}: only Access Care Rostering has them. \
             Here the service follows from the branch.",
            place(self)
        );
        Err(refused_by(Clause::Pub11, &why))
    }

    pub(crate) fn add_order(
        &mut self,
        now: Timestamp,
        service_user: &ExternalId,
        order: Text,
        service: Option<Text>,
    ) -> Result<Happened, Refusal> {
        self.needs_orders()?;
        if !self.people.contains_key(service_user) {
            return Err(no_service_user(self, service_user));
        }
        if self.orders.contains_key(&order) {
            return Err(taken(self, "service order", &order));
        }
        self.orders.insert(order.clone(), service_user.clone());
        let service = service.filter(|service| !service.is_empty());
        let order = Order { id: order, service, requirements: Vec::new() };
        Ok(self.change_orders(now, service_user, |person| person.orders.push(order)))
    }

    pub(crate) fn set_order_service(
        &mut self,
        now: Timestamp,
        order: &Text,
        service: Option<Text>,
    ) -> Result<Happened, Refusal> {
        let owner = self.owner_of_order(order)?;
        let service = service.filter(|service| !service.is_empty());
        Ok(self.change_orders(now, &owner, |person| {
            person
                .orders
                .iter_mut()
                .filter(|it| it.id == *order)
                .for_each(|it| it.service.clone_from(&service));
        }))
    }

    pub(crate) fn add_requirement(
        &mut self,
        now: Timestamp,
        order: &Text,
        requirement: Requirement,
    ) -> Result<Happened, Refusal> {
        let owner = self.owner_of_order(order)?;
        if self.requirements.contains_key(&requirement.id) {
            return Err(taken(self, "service requirement", &requirement.id));
        }
        self.requirements.insert(requirement.id.clone(), owner.clone());
        Ok(self.change_orders(now, &owner, |person| {
            if let Some(order) = person.orders.iter_mut().find(|it| it.id == *order) {
                order.requirements.push(requirement);
            }
        }))
    }

    pub(crate) fn delete_order(&mut self, now: Timestamp, order: &Text) -> Result<Happened, Refusal> {
        let owner = self.owner_of_order(order)?;
        let orders = self.people.get(&owner).map(|person| person.orders.as_slice()).unwrap_or_default();
        let requirements = orders.iter().filter(|it| it.id == *order).flat_map(|it| &it.requirements);
        let requirements: Vec<Text> = requirements.map(|it| it.id.clone()).collect();
        self.orders.remove(order);
        let visits = self.drop_requirements(now, &requirements);
        let happened = self.change_orders(now, &owner, |person| person.orders.retain(|it| it.id != *order));
        Ok(Happened { visits, ..happened })
    }

    pub(crate) fn delete_requirement(
        &mut self,
        now: Timestamp,
        requirement: &Text,
    ) -> Result<Happened, Refusal> {
        self.needs_orders()?;
        let Some(owner) = self.requirements.get(requirement).cloned() else {
            return Err(no_requirement(self, requirement));
        };
        let visits = self.drop_requirements(now, std::slice::from_ref(requirement));
        let happened = self.change_orders(now, &owner, |person| {
            person.orders.iter_mut().for_each(|it| it.requirements.retain(|it| it.id != *requirement));
        });
        Ok(Happened { visits, ..happened })
    }

    /// Takes requirements off the list, and their visits that have not begun off the roster.
    fn drop_requirements(&mut self, now: Timestamp, dropped: &[Text]) -> Vec<VisitId> {
        self.requirements.retain(|requirement, _| !dropped.contains(requirement));
        let mut visits = Vec::new();
        self.visits.retain(|id, visit| {
            let goes =
                visit.starts >= now && visit.requirement.as_ref().is_some_and(|it| dropped.contains(it));
            if goes {
                visits.push(id.clone());
            }
            !goes
        });
        visits
    }

    fn owner_of_order(&self, order: &Text) -> Result<ExternalId, Refusal> {
        self.needs_orders()?;
        self.orders.get(order).cloned().ok_or_else(|| no_order(self, order))
    }

    /// Changes the orders of a service user, and counts it if they are different then.
    fn change_orders(
        &mut self,
        now: Timestamp,
        owner: &ExternalId,
        change: impl FnOnce(&mut Person),
    ) -> Happened {
        let Some(person) = self.people.get_mut(owner) else { return Happened::default() };
        let (orders, service) = (person.orders.clone(), person.service().cloned());
        change(person);
        if person.orders == orders {
            return Happened::default();
        }
        let moved = person.service() != service.as_ref();
        self.count_change(now, owner, if moved { &[Field::Service] } else { &[] });
        Happened::one(owner.clone())
    }
}
