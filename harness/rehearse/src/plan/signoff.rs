//! `rehearse signoff`: signs a plan, and later looks whether what was signed still holds. A sign-off binds the hashes of
//! both exports, the settings, and the decisions.

use super::{
    args::{Making, SignOff},
    folder::Folder,
    inputs::{choices, of_document, read_both, read_document},
};
use crate::{
    exit::Exit,
    output::Output,
    suite::{reason, shown},
};
use go_live::plan::{Answer, Outcome, Sides, resolve, sha256};
use report::{PlanDocument, PlanTold};
use serde::{Deserialize, Serialize};
use std::{
    fs,
    io::{self, BufRead as _, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
};

const FORMAT: &str = "rehearse.signoff/1";

/// What somebody signed.
#[derive(Debug, Serialize, Deserialize)]
struct Signed {
    format: String,
    number: String,
    name: String,
    role: String,
    #[serde(rename = "signed_at")]
    at: String,
    /// Of the plan as it was signed, which holds the hashes of the exports, the settings and the decisions.
    plan_sha256: String,
    inputs: Vec<String>,
}

pub(crate) fn sign_off(args: &SignOff, output: Output) -> Result<Exit, Exit> {
    let document = read_document(&args.plan, output)?;
    let set_up = of_document(&document, output)?;
    if document.number_again(&set_up) != document.number {
        output.note(&format!(
            "{} was altered after it was made: its number does not fit what it says. Make the plan again.\n",
            shown(&args.plan)
        ));
        return Err(Exit::NotMet);
    }
    let beside = args.plan.parent().map_or_else(PathBuf::new, Path::to_owned);
    let folder = Folder::at(beside);
    if args.check { check(args, &document, &folder, output) } else { sign(args, &document, &folder, output) }
}

fn sign(args: &SignOff, document: &PlanDocument, folder: &Folder, output: Output) -> Result<Exit, Exit> {
    output.print(&what_is_signed(document))?;
    let open = open(document);
    if !open.is_empty() {
        output.note(&format!("Not ready to sign off: {}. Nothing was signed.\n", open.join(", ")));
        return Ok(Exit::NotMet);
    }
    let name = asked(args.name.as_ref(), "Your name: ", "--name", args, output)?;
    let role = asked(args.role.as_ref(), "Role: ", "--role", args, output)?;
    let prompt = format!("Type the plan number to sign ({}): ", document.number);
    let number = asked(args.number.as_ref(), &prompt, "--number", args, output)?;
    if number != document.number {
        output.note(&format!(
            "{number:?} is not the number of this plan, {}. Nothing was signed.\n",
            document.number
        ));
        return Ok(Exit::NotMet);
    }
    let plan = read_bytes(&args.plan, output)?;
    let signed = Signed {
        format: FORMAT.to_owned(),
        number: number.clone(),
        name,
        role,
        at: args.making.now().to_string(),
        plan_sha256: sha256(&plan),
        inputs: document.inputs.iter().map(|it| format!("{} {}", it.file, it.sha256)).collect(),
    };
    let text = serde_json::to_string_pretty(&signed).map_err(|_| Exit::OurFault)?;
    folder.write(&plan_of(&number), output, |to| to.write(&plan))?;
    folder.write(&sign_off_of(&number), output, |to| to.write(format!("{text}\n").as_bytes()))?;
    output.print(&format!(
        "Signed. {} and {} are what was signed.\nOn the day: rehearse signoff {} --check --rostering EXPORT --acp EXPORT\n",
        shown(&folder.join(&sign_off_of(&number))),
        shown(&folder.join(&plan_of(&number))),
        shown(&args.plan)
    ))?;
    Ok(Exit::AsExpected)
}

fn plan_of(number: &str) -> String {
    format!("plan-{number}.json")
}

fn sign_off_of(number: &str) -> String {
    format!("signoff-{number}.json")
}

/// The plan of this number that was signed off in this folder.
pub(crate) fn signed_plan(folder: &Folder, number: &str, output: Output) -> Result<PlanDocument, Exit> {
    let is_number = number.len() == 9 && number.chars().all(|c| c.is_ascii_hexdigit() || c == '-');
    if !is_number {
        output.note(&format!("{number:?} is no number of a plan; they look like 7f3c-91ab.\n"));
        return Err(Exit::NotUnderstood);
    }
    read_document(&folder.join(&plan_of(number)), output)
}

fn what_is_signed(document: &PlanDocument) -> String {
    let count = |outcome: Outcome| document.counts.get(outcome.code()).copied().unwrap_or(0);
    let made = document.made_at.parse().map_or_else(|_| document.made_at.clone(), report::moment);
    let mut by: Vec<(String, usize)> = Vec::new();
    for decision in &document.decisions {
        let name = if decision.by.is_empty() { "nobody named" } else { &decision.by };
        match by.iter_mut().find(|(it, _)| it == name) {
            Some((_, n)) => *n += 1,
            None => by.push((name.to_owned(), 1)),
        }
    }
    by.sort();
    let by: Vec<String> =
        by.into_iter().map(|(name, n)| format!("{n} by {}", report::prose(&name))).collect();
    let by = if by.is_empty() { String::new() } else { format!(" ({})", by.join(", ")) };
    format!(
        "You are signing off\n   plan {}, made at {made} from {}\n   {}: {} may overwrite another person, {} cannot be sent, {} \
         likely duplicates, {} need a decision\n   {} decided by hand{by}\n",
        document.number,
        report::listed(&document.inputs.iter().map(|it| report::prose(&it.file)).collect::<Vec<_>>()),
        report::counted(document.service_users, "service user", "service users"),
        count(Outcome::MayOverwrite),
        count(Outcome::CannotBeSent),
        count(Outcome::LikelyDuplicate),
        count(Outcome::NeedsDecision),
        document.decisions.len(),
    )
}

/// What stops it, with numbers.
fn open(document: &PlanDocument) -> Vec<String> {
    let stops = Outcome::ALL.iter().filter(|it| it.stops_go_live());
    let n = |outcome: &Outcome| document.counts.get(outcome.code()).copied().unwrap_or(0);
    stops.filter(|it| n(it) > 0).map(|it| format!("{} {}", n(it), it.text().to_lowercase())).collect()
}

fn asked(
    given: Option<&String>,
    prompt: &str,
    flag: &str,
    args: &SignOff,
    output: Output,
) -> Result<String, Exit> {
    let text = match given {
        Some(text) => text.clone(),
        None if args.no_input || !io::stdin().is_terminal() => {
            output.note(&format!("Nobody can be asked here. Give {flag}. Nothing was signed.\n"));
            return Err(Exit::NotUnderstood);
        }
        None => ask(prompt),
    };
    let text = text.trim().to_owned();
    if text.is_empty() {
        output.note(&format!("{flag} is empty. Nothing was signed.\n"));
        return Err(Exit::NotUnderstood);
    }
    Ok(text)
}

fn ask(prompt: &str) -> String {
    let mut to = io::stderr().lock();
    let _ = to.write_all(prompt.as_bytes());
    let _ = to.flush();
    let mut line = String::new();
    let _ = io::stdin().lock().read_line(&mut line);
    line
}

fn read_bytes(path: &Path, output: Output) -> Result<Vec<u8>, Exit> {
    fs::read(path).map_err(|error| {
        output.note(&format!("{} could not be read: {}.\n", shown(path), reason(&error)));
        Exit::NotUnderstood
    })
}

/// Plans with the exports as they are now, in the way that was signed, and tells what is different.
fn check(args: &SignOff, document: &PlanDocument, folder: &Folder, output: Output) -> Result<Exit, Exit> {
    let signed = signature(document, folder, output)?;
    let document = signed_plan(folder, &signed.number, output)?;
    let (Some(rostering), Some(acp)) = (&args.rostering, &args.acp) else {
        output.note("--check needs --rostering and --acp: the exports as they are now.\n");
        return Err(Exit::NotUnderstood);
    };
    let set_up = of_document(&document, output)?;
    let [rostering, acp] = read_both([rostering, acp], &choices(folder, output)?, args.making.now(), output)?;
    for export in [&rostering, &acp] {
        if !export.is_usable() {
            output
                .note(&format!("{} cannot be used: rehearse plan says why.\n", report::prose(&export.file)));
            return Err(Exit::NotUnderstood);
        }
    }
    let sides = Sides { rostering: &rostering, acp: &acp, set_up: &set_up };
    let told = Again { document: &document, sides, making: &args.making };
    let since = told.since();
    let when = signed.at.parse().map_or_else(|_| signed.at.clone(), report::moment);
    if since.n_changes == 0 {
        output.print(&format!(
            "The sign-off of plan {} by {} at {when} still holds: nothing has changed since.\n",
            signed.number,
            report::prose(&signed.name)
        ))?;
        return Ok(Exit::AsExpected);
    }
    output.print(&format!(
        "The sign-off of plan {} by {} no longer holds. {} since {when}:\n{}Everything else is the same.\nReview only these: \
         rehearse plan ROSTERING-EXPORT ACP-EXPORT --since {} [SIGN-2]\n",
        signed.number,
        report::prose(&signed.name),
        report::counted(since.n_changes, "thing changed", "things changed"),
        since.text,
        signed.number
    ))?;
    Ok(Exit::NotMet)
}

/// The sign-off of a plan; refused where the plan is not as it was signed.
fn signature(document: &PlanDocument, folder: &Folder, output: Output) -> Result<Signed, Exit> {
    let path = folder.join(&sign_off_of(&document.number));
    let text = fs::read(&path).map_err(|error| {
        output.note(&format!(
            "Plan {} is not signed off: {} could not be read: {}. Sign it first: rehearse signoff plan.json\n",
            document.number,
            shown(&path),
            reason(&error)
        ));
        Exit::NotMet
    })?;
    let signed: Option<Signed> = serde_json::from_slice(&text).ok();
    let Some(signed) = signed.filter(|it| it.format == FORMAT) else {
        output.note(&format!("{} is no sign-off that this version reads. Sign again.\n", shown(&path)));
        return Err(Exit::NotUnderstood);
    };
    let plan = folder.join(&plan_of(&signed.number));
    if sha256(&read_bytes(&plan, output)?) != signed.plan_sha256 {
        output.note(&format!(
            "{} is not what was signed: it was altered since. Make the plan again, and sign that.\n",
            shown(&plan)
        ));
        return Err(Exit::NotMet);
    }
    Ok(signed)
}

/// A signed plan, made again on other exports: same settings, same decisions, as far as they still apply.
struct Again<'a> {
    document: &'a PlanDocument,
    sides: Sides<'a>,
    making: &'a Making,
}

impl Again<'_> {
    fn since(&self) -> report::Since {
        let answers: Vec<Answer> = self.document.decisions.iter().map(Answer::from).collect();
        let resolved = resolve(self.sides, &answers);
        let plan = go_live::plan::plan(self.sides, &resolved.settled, self.making.jobs());
        let number = report::plan_number(self.sides, &resolved.decisions);
        let told = PlanTold {
            sides: self.sides,
            plan: &plan,
            customer: &self.document.customer,
            number: &number,
            made_at: self.making.now(),
            redact: report::Redact::None,
        };
        report::plan_since(self.document, &told)
    }
}
