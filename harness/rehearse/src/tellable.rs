//! The story of a scenario as it is now, and as it may be told where names are left out. Plays the scenario for it: only
//! what was played says which words are names.

use crate::{args::Playing, load::Loaded, play, select::Selected, stream};
use report::{Hidden, Redaction};

/// A story, whole, of all cases with the seed that is kept.
pub(crate) struct Tellable {
    /// Of the scenario, then of each case.
    hidden: Vec<Hidden>,
    /// With every name.
    now: String,
    /// Without.
    pub(crate) told: String,
}

impl Tellable {
    /// `file`: none where there is no such scenario any more. Then nothing is known of any word.
    pub(crate) fn of(file: Option<&Loaded>, redaction: Redaction) -> Tellable {
        let scenarios = file.iter().map(|file| &file.scenario);
        let of_scenario = Hidden::of_scenarios(redaction, scenarios);
        let now = file.map_or_else(String::new, |file| {
            report::unstyled(&report::header(&file.in_suite, &file.scenario))
        });
        let told = of_scenario.hide(&now).into_owned();
        let mut tellable = Tellable { hidden: vec![of_scenario], now, told };
        for (hidden, story) in file.map_or_else(Vec::new, |file| cases(file, redaction)) {
            tellable.told.push_str(&hidden.hide(&story));
            tellable.now.push_str(&story);
            tellable.hidden.push(hidden);
        }
        tellable
    }

    /// An older story of the same scenario, as far as it may be told.
    pub(crate) fn beside(&self, older: &str) -> String {
        if older == self.told { self.told.clone() } else { Hidden::beside(&self.hidden, &self.now, older) }
    }
}

fn cases(file: &Loaded, redaction: Redaction) -> Vec<(Hidden, String)> {
    let selected = Selected { file, cases: (0..file.scenario.cases.len()).collect() };
    let playing = Playing { jobs: None, seed: None, now: None };
    let played = play::each(&[selected], &playing, |played| {
        let scene = played.trace.as_ref().map(|trace| &trace.scene);
        (Hidden::of_case(redaction, &file.scenario, scene), stream::kept(&played).unwrap_or_default())
    });
    played.into_iter().filter_map(|told| told.result).collect()
}
