//! The words of `rehearse plan` and `rehearse signoff`, as typed, and what they mean. Opens nothing.

use crate::nearest::nearest;
use clap::{Args, ValueEnum};
use feed::{ManagedDemographics, Setting, Settings, System, Text, Timestamp, london};
use go_live::plan::Outcome;
use jiff::civil::{Date, DateTime};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct Plan {
    /// The rostering system's export of service users, then ACP's export of records [default: those of the customer's last
    /// plan]
    #[arg(value_name = "EXPORT", num_args = 0..=2)]
    pub(crate) exports: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) place: Place,
    #[command(flatten)]
    pub(crate) set_up: SetUpTyped,
    /// Show which column is taken for what, and where to change that; plan nothing
    #[arg(long)]
    pub(crate) columns: bool,
    /// What people decided: the workbook of an earlier plan, filled in
    #[arg(long, value_name = "FILE")]
    pub(crate) decisions: Option<PathBuf>,
    /// Fail unless no service user has one of the first four outcomes; or allow some: likely-duplicate=3,needs-a-decision=any
    #[arg(long, value_name = "OUTCOME=N,...", num_args = 0..=1, default_missing_value = "", value_parser = gate)]
    pub(crate) gate: Option<Gate>,
    /// Tell what ACP looks like so long after the first sync: 24h
    #[arg(long, value_name = "TIME", value_parser = simulate)]
    pub(crate) simulate: Option<u32>,
    /// Tell only what is different from the plan of this number that was signed off
    #[arg(long, value_name = "NUMBER")]
    pub(crate) since: Option<String>,
    /// After the day: ACP's export as it is now, to see whether the first sync did what was planned
    #[arg(long, value_name = "ACP-EXPORT")]
    pub(crate) after: Option<PathBuf>,
    /// Write the decided plan as a scenario that guards it
    #[arg(long, value_name = "FILE")]
    pub(crate) scenario: Option<PathBuf>,
    /// Which service users get a line
    #[arg(long, value_enum, value_name = "WHICH", default_value_t = Show::Summary)]
    pub(crate) show: Show,
    /// Write no workbook
    #[arg(long)]
    pub(crate) no_workbook: bool,
    #[command(flatten)]
    pub(crate) making: Making,
}

/// Where outputs go.
#[derive(Clone, Debug, Args)]
pub(crate) struct Place {
    /// Whose go-live it is: names the folder, and is remembered with its columns
    #[arg(long, value_name = "NAME", default_value = "")]
    pub(crate) customer: String,
    /// The folder of outputs
    #[arg(long, short = 'o', value_name = "DIR", default_value = "rehearse-out")]
    pub(crate) out: PathBuf,
}

impl Place {
    /// `rehearse-out/calder-valley`.
    pub(crate) fn folder(&self) -> PathBuf {
        let mut name = String::new();
        for c in self.customer.chars().flat_map(char::to_lowercase) {
            match c {
                c if c.is_alphanumeric() => name.push(c),
                _ if name.is_empty() || name.ends_with('-') => {}
                _ => name.push('-'),
            }
        }
        let name = name.trim_end_matches('-');
        self.out.join(if name.is_empty() { "go-live" } else { name })
    }
}

/// How the integration is set up. What is not said is as in the customer's last plan where that is planned again.
#[derive(Clone, Debug, Args)]
pub(crate) struct SetUpTyped {
    /// When the first sync is, UK time: "2026-03-02 09:00" [default: 9:00am tomorrow]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) first_sync: Option<Timestamp>,
    /// Which rostering system it is [default: people-planner]
    #[arg(long, value_enum, value_name = "SYSTEM")]
    pub(crate) system: Option<SystemTyped>,
    /// What is put before external IDs and branch names of this rostering environment
    #[arg(long, value_name = "TEXT")]
    pub(crate) prefix: Option<String>,
    /// A setting, as `rules:` in a scenario has it: service_move=needs_support
    #[arg(long = "rule", value_name = "NAME=VALUE", value_parser = rule)]
    pub(crate) rules: Vec<(Setting, String)>,
    /// A branch that ACP has although no record of the export is in it
    #[arg(long = "acp-branch", value_name = "NAME[=SERVICE]", value_parser = acp_branch)]
    pub(crate) acp_branches: Vec<(Text, Option<Text>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SystemTyped {
    PeoplePlanner,
    CareRostering,
    Other,
}

impl From<SystemTyped> for System {
    fn from(typed: SystemTyped) -> System {
        match typed {
            SystemTyped::PeoplePlanner => System::PeoplePlanner,
            SystemTyped::CareRostering => System::CareRostering,
            SystemTyped::Other => System::Other,
        }
    }
}

/// How a plan is made and shown.
#[derive(Clone, Debug, Args)]
pub(crate) struct Making {
    /// How many threads [default: as many as there are cores]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(crate) jobs: Option<u16>,
    /// The date and time of making, UK time [default: now]
    #[arg(long, value_name = "TIME", value_parser = moment)]
    pub(crate) now: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Show {
    /// Those who may overwrite another person
    Summary,
    /// All that stop the go-live or change branch
    Attention,
    All,
}

/// The most that each outcome may have; none: any number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gate(pub(crate) Vec<(Outcome, Option<usize>)>);

fn gate(text: &str) -> Result<Gate, String> {
    let mut limits: Vec<(Outcome, Option<usize>)> =
        Outcome::ALL.iter().filter(|it| it.stops_go_live()).map(|&it| (it, Some(0))).collect();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        let Some((code, limit)) = part.split_once('=') else {
            return Err(format!("{part:?} is no OUTCOME=N, for instance likely-duplicate=3"));
        };
        let code = code.trim().to_lowercase().replace([' ', '_'], "-");
        let Some(outcome) = Outcome::from_code(&code) else {
            let codes: Vec<&str> = Outcome::ALL.iter().map(|it| it.code()).collect();
            let near = nearest(&code, codes.iter().copied(), 1);
            let near = near.first().map_or_else(String::new, |near| format!("did you mean {near}? "));
            return Err(format!("{near}There are {}", report::listed(&codes)));
        };
        let limit = match limit.trim() {
            "any" => None,
            number => Some(number.parse().map_err(|_| format!("after {code}= comes a number, or any"))?),
        };
        limits.retain(|(it, _)| *it != outcome);
        limits.push((outcome, limit));
    }
    limits.sort_by_key(|(outcome, _)| *outcome);
    Ok(Gate(limits))
}

/// `24h` or `1d`, in hours.
fn simulate(text: &str) -> Result<u32, String> {
    let (number, hours) = match text.strip_suffix('d') {
        Some(days) => (days, 24),
        None => (text.strip_suffix('h').unwrap_or(""), 1),
    };
    match number.parse::<u32>() {
        Ok(number) if (1..=240).contains(&(number * hours)) => Ok(number * hours),
        _ => Err("write hours or days, for instance 24h; ten days at most".to_owned()),
    }
}

/// `2026-03-02 09:00` or `2026-03-02` (9:00am) in London, or an instant with its offset.
fn moment(text: &str) -> Result<Timestamp, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let local = if text.contains(':') {
        text.replace(' ', "T").parse::<DateTime>().ok()
    } else {
        text.parse::<Date>().ok().map(|date| date.at(9, 0, 0, 0))
    };
    let local = local.ok_or_else(|| "write it as \"2026-03-02 09:00\"".to_owned())?;
    local.to_zoned(london().clone()).map(|it| it.timestamp()).map_err(|error| error.to_string())
}

fn acp_branch(text: &str) -> Result<(Text, Option<Text>), String> {
    let (branch, service) =
        text.split_once('=').map_or((text, None), |(branch, service)| (branch, Some(service)));
    if branch.trim().is_empty() {
        return Err("a branch has a name".to_owned());
    }
    Ok((Text::from(branch), service.map(Text::from)))
}

fn rule(text: &str) -> Result<(Setting, String), String> {
    let names = || Setting::ALL.iter().map(|it| it.text());
    let Some((name, value)) = text.split_once('=') else {
        return Err("write NAME=VALUE, for instance service_move=needs_support".to_owned());
    };
    let Some(setting) = Setting::ALL.iter().copied().find(|it| it.text() == name.trim()) else {
        let near = nearest(name, names(), 1);
        let near = near.first().map_or_else(String::new, |near| format!("did you mean {near}? "));
        return Err(format!("{near}There are {}", report::listed(&names().collect::<Vec<_>>())));
    };
    let value = value.trim().to_owned();
    set(&mut Settings::default(), setting, &value)?;
    Ok((setting, value))
}

/// Sets one setting to the text of a value; `managed_demographics` takes several, with a + or a comma between.
pub(crate) fn set(settings: &mut Settings, setting: Setting, value: &str) -> Result<(), String> {
    if setting != Setting::ManagedDemographics {
        let is_set = settings.set(setting, value);
        return is_set
            .then_some(())
            .ok_or_else(|| format!("{} is {}", setting.text(), setting.values().join(" or ")));
    }
    settings.managed_demographics = ManagedDemographics::NONE;
    let names = value.trim_matches(['[', ']']).split([',', '+']).map(str::trim).filter(|it| !it.is_empty());
    for name in names {
        if !settings.set(setting, name) {
            return Err(
                "managed_demographics is date_of_birth, nhs_number, or both with a + between".to_owned()
            );
        }
    }
    Ok(())
}

#[derive(Debug, Args)]
pub(crate) struct SignOff {
    /// The plan: plan.json of the customer's folder
    #[arg(value_name = "PLAN")]
    pub(crate) plan: PathBuf,
    /// Look whether the sign-off still holds for new exports
    #[arg(long, requires = "rostering", requires = "acp")]
    pub(crate) check: bool,
    /// The rostering system's export as it is now
    #[arg(long, value_name = "EXPORT", requires = "check")]
    pub(crate) rostering: Option<PathBuf>,
    /// ACP's export as it is now
    #[arg(long, value_name = "EXPORT", requires = "check")]
    pub(crate) acp: Option<PathBuf>,
    /// Who signs [default: is asked]
    #[arg(long, value_name = "NAME")]
    pub(crate) name: Option<String>,
    /// As what they sign [default: is asked]
    #[arg(long, value_name = "ROLE")]
    pub(crate) role: Option<String>,
    /// The number of the plan, typed to sign it [default: is asked]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) number: Option<String>,
    /// Never ask: fail and name the flag that would answer
    #[arg(long)]
    pub(crate) no_input: bool,
    #[command(flatten)]
    pub(crate) making: Making,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gate_alone_asks_for_none_of_the_first_four_and_words_change_one_of_them() {
        let limits = |text: &str| gate(text).map(|gate| gate.0);
        assert_eq!(limits("").map(|it| it.len()), Ok(4));
        assert!(limits("likely-duplicate=3").expect("a gate").contains(&(Outcome::LikelyDuplicate, Some(3))));
        assert!(limits("Needs a decision=any").expect("a gate").contains(&(Outcome::NeedsDecision, None)));
        assert!(
            limits("likely-duplicates=3")
                .expect_err("no such outcome")
                .starts_with("did you mean likely-duplicate?")
        );
        assert!(limits("likely-duplicate").is_err());
    }

    #[test]
    fn moments_are_uk_time_unless_they_say_otherwise() {
        let at = |text: &str| moment(text).map(|it| it.to_string());
        assert_eq!(at("2026-07-02 16:10"), Ok("2026-07-02T15:10:00Z".to_owned()));
        assert_eq!(at("2026-03-02"), Ok("2026-03-02T09:00:00Z".to_owned()));
        assert_eq!(at("2026-03-02T09:00:00+02:00"), Ok("2026-03-02T07:00:00Z".to_owned()));
        assert!(at("Monday").is_err());
    }
}
