//! Where somebody may stand between the world and what it asks: the rostering systems and guidance. In a normal run
//! nobody does. For those who plant faults, to see whether a suite notices. Knows no fault.

use acp::Act;
use feed::{Timestamp, Update};
use guidance::{Advice, CaseDraft, Scene, Subject, Warning};
use rostering::{Command, Rostering};

/// What becomes of what passes by. None: it passes as it is.
#[derive(Clone, Copy, Debug, Default)]
pub struct Between {
    /// What a rostering system is about to send; none is sent where it gives none.
    pub sends: Option<fn(&Rostering, Update) -> Option<Update>>,
    /// What guidance takes the time to be.
    pub reads_clock: Option<fn(Timestamp) -> Timestamp>,
    /// What guidance says before an action.
    pub warns: Option<fn(&mut Vec<Warning>)>,
    /// What guidance says of a service user or record.
    pub advises: Option<fn(&mut Vec<Advice>)>,
    /// What a support case holds.
    pub drafts: Option<fn(&mut CaseDraft)>,
}

impl Between {
    pub(crate) fn send(&self, from: &Rostering, update: Update) -> Option<Update> {
        match self.sends {
            None => Some(update),
            Some(sends) => sends(from, update),
        }
    }

    fn time(&self, now: Timestamp) -> Timestamp {
        self.reads_clock.map_or(now, |reads_clock| reads_clock(now))
    }

    pub(crate) fn advise(&self, scene: &Scene, about: &Subject, now: Timestamp) -> Vec<Advice> {
        let mut advice = scene.advise(about, self.time(now));
        if let Some(advises) = self.advises {
            advises(&mut advice);
        }
        if let Some(drafts) = self.drafts {
            advice.iter_mut().filter_map(|it| it.case.as_mut()).for_each(drafts);
        }
        advice
    }

    pub(crate) fn draft(
        &self,
        scene: &Scene,
        kind: feed::Clause,
        about: &Subject,
        now: Timestamp,
    ) -> Option<CaseDraft> {
        let mut draft = scene.draft(kind, about, self.time(now))?;
        if let Some(drafts) = self.drafts {
            drafts(&mut draft);
        }
        Some(draft)
    }

    pub(crate) fn before_rostering(
        &self,
        scene: &Scene,
        environment: u8,
        command: &Command,
        now: Timestamp,
    ) -> Vec<Warning> {
        self.pass(scene.before_rostering(environment, command, self.time(now)))
    }

    pub(crate) fn before_acp(&self, scene: &Scene, act: &Act, now: Timestamp) -> Vec<Warning> {
        self.pass(scene.before_acp(act, self.time(now)))
    }

    fn pass(&self, mut warnings: Vec<Warning>) -> Vec<Warning> {
        if let Some(warns) = self.warns {
            warns(&mut warnings);
        }
        warnings
    }
}
