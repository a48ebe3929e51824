//! What is sent, what arrives and what befalls it on the way, in words.

use crate::{
    visible::value,
    words::{counted, field_value, length, moment, time},
};
use feed::{Update, UpdateKind};
use runner::Hit;

/// Which faults are turning the same thing away again and again.
#[derive(Default)]
pub(crate) struct Tries {
    last: Option<usize>,
}

impl Tries {
    /// Whether it is worth a line: not where the door stays shut.
    pub(crate) fn is_news(&mut self, fault: usize, hit: &Hit) -> bool {
        if !matches!(hit, Hit::Down { .. }) {
            self.last = None;
            return true;
        }
        let is_news = self.last != Some(fault);
        self.last = Some(fault);
        is_news
    }
}

pub(crate) fn fault(delivery: u32, hit: &Hit) -> String {
    match hit {
        Hit::Lost => format!("FAULT: sync {delivery} is lost on the way"),
        Hit::Delayed(by) => format!("FAULT: sync {delivery} is delayed by {}", length(*by)),
        Hit::Repeated { again_at } => {
            format!("FAULT: sync {delivery} will arrive a second time, at {}", moment(*again_at))
        }
        Hit::HeldBack => {
            format!("FAULT: sync {delivery} is overtaken: it waits until the next one has arrived")
        }
        Hit::Cut { n_lost } => {
            let lost = counted(*n_lost, "service user", "service users");
            format!("FAULT: sync {delivery} is cut off: {lost} and all visits are lost")
        }
        Hit::Down { again_at } => {
            format!("FAULT: the link is down: sync {delivery} is tried again at {}", time(*again_at))
        }
        Hit::Refused { status, again_at } => {
            format!(
                "FAULT: ACP's door answers {status} to sync {delivery}: tried again at {}",
                time(*again_at)
            )
        }
        Hit::Poisoned => format!("FAULT: one service user of sync {delivery} is damaged on the way"),
    }
}

pub(crate) fn sent(update: &Update) -> String {
    format!("{} update is sent: {}", kind(update), contents(update))
}

/// Everything that a delivery carries, for those who want every message.
pub(crate) fn carried(update: &Update) -> Vec<String> {
    let mut lines = vec![format!("{} update arrives: {}", kind(update), contents(update))];
    for user in &update.service_users {
        let fields: Vec<String> = user
            .fields
            .iter()
            .map(|(field, text)| format!("{} {}", field.text(), field_value(field, text)))
            .collect();
        lines.push(format!("carries {}: {}", value(user.external_id.as_str()), fields.join("; ")));
    }
    for visit in &update.visits {
        let who = value(visit.service_user.as_str());
        lines.push(format!(
            "carries visit {} of {who} at {}",
            value(visit.id.as_str()),
            moment(visit.starts)
        ));
    }
    lines
}

const fn kind(update: &Update) -> &'static str {
    match update.kind {
        UpdateKind::Partial => "partial",
        UpdateKind::Full => "full",
    }
}

fn contents(update: &Update) -> String {
    let users = counted(update.service_users.len(), "service user", "service users");
    format!("{users}, {}", counted(update.visits.len(), "visit", "visits"))
}
