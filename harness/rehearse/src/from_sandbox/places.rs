//! Which names a scenario may say plainly, because something in it defines them: branches, services and identifiers. The
//! others are written as typed.

use super::yaml;
use feed::Field;
use service::wire::WorldSetUp;
use std::collections::BTreeSet;

pub(super) struct Places {
    /// Name and prefix of each environment, in order.
    environments: Vec<(String, String)>,
    rostering_branches: BTreeSet<(u8, String)>,
    acp_branches: BTreeSet<String>,
    services: BTreeSet<String>,
    /// Identifiers as ACP knows them.
    sent: BTreeSet<String>,
}

impl Places {
    pub(super) fn of(set_up: &WorldSetUp) -> Places {
        let branches = (0..)
            .zip(&set_up.environments)
            .flat_map(|(number, it)| it.branches.iter().map(move |branch| (number, branch.clone())));
        let prefix = |it: &service::wire::EnvironmentSetUp| it.prefix.clone().unwrap_or_default();
        Places {
            environments: set_up.environments.iter().map(|it| (it.name.clone(), prefix(it))).collect(),
            rostering_branches: branches.collect(),
            acp_branches: set_up.services.iter().flat_map(|it| it.branches.clone()).collect(),
            services: set_up.services.iter().map(|it| it.name.clone()).collect(),
            sent: set_up.records.iter().filter_map(|it| it.external_id.clone()).collect(),
        }
    }

    pub(super) fn name(&self, environment: u8) -> &str {
        self.environments.get(usize::from(environment)).map_or("", |(name, _)| name)
    }

    pub(super) fn added_in_rostering(&mut self, environment: u8, id: &str) {
        let prefix = self.environments.get(usize::from(environment)).map_or("", |(_, prefix)| prefix);
        self.sent.insert(format!("{prefix}{id}"));
    }

    pub(super) fn typed_in_acp(&mut self, id: &str) {
        self.sent.insert(id.to_owned());
    }

    pub(super) fn branch_in_rostering(&mut self, environment: u8, branch: &str) {
        self.rostering_branches.insert((environment, branch.to_owned()));
    }

    pub(super) fn branch_in_acp(&mut self, branch: &str) {
        self.acp_branches.insert(branch.to_owned());
    }

    pub(super) fn is_in_rostering(&self, environment: u8, field: Field, value: &str) -> bool {
        match field {
            Field::Branch => self.rostering_branches.contains(&(environment, value.to_owned())),
            _ => self.services.contains(value),
        }
    }

    pub(super) fn is_in_acp(&self, field: Field, value: &str) -> bool {
        match field {
            Field::Branch => self.acp_branches.contains(value),
            _ => self.services.contains(value),
        }
    }

    /// An identifier as ACP knows it.
    pub(super) fn sent(&self, id: &str) -> String {
        if self.sent.contains(id) { yaml::text(id) } else { yaml::raw(id) }
    }
}
