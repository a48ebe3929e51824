//! One service user of a plan as a scenario: for `rehearse new`. Plans again from the exports that the plan names, with what
//! was decided in it.

use super::{args::Plan, folder::Folder, inputs::Inputs, redact};
use crate::{
    args::{Command, Typed},
    exit::Exit,
    nearest::nearest,
    output::Output,
};
use clap::Parser as _;
use go_live::plan::{Answer, Sides, resolve};
use report::PlanTold;
use std::path::Path;

/// `place`: the folder of the plan, or its `plan.json`. The text is a scenario without names.
pub(crate) fn scenario_of(place: &Path, identifier: &str, output: Output) -> Result<String, Exit> {
    let folder = if place.is_dir() { Some(place) } else { place.parent() };
    let folder = Folder::at(folder.unwrap_or(Path::new(".")).to_owned());
    let args = as_typed().ok_or(Exit::OurFault)?;
    let inputs = Inputs::read(&args, &folder, output)?;
    inputs.usable(output)?;
    let sides = Sides { rostering: &inputs.rostering, acp: &inputs.acp, set_up: &inputs.set_up };
    let answers: Vec<Answer> = inputs.decisions.iter().flatten().map(Answer::from).collect();
    let resolved = resolve(sides, &answers);
    let plan = go_live::plan::plan(sides, &resolved.settled, args.making.jobs());
    let number = report::plan_number(sides, &resolved.decisions);
    let told = PlanTold {
        sides,
        plan: &plan,
        customer: &inputs.customer,
        number: &number,
        made_at: args.making.now(),
        redact: redact(output),
    };
    report::plan_scenario_of(&told, identifier).map_err(|there| {
        let near = nearest(identifier, there.iter().map(String::as_str), 3);
        let near: Vec<String> = near.into_iter().map(report::value).collect();
        let near = if near.is_empty() { String::new() } else { format!(" Nearest: {}.", near.join(", ")) };
        output.note(&format!(
            "Plan {number} has no service user {} whom the first sync sends and who can be told by their external \
             identifier.{near} Nothing was written.\n",
            report::value(identifier)
        ));
        Exit::NotUnderstood
    })
}

/// `rehearse plan` without a word more: everything is as in the plan that is there.
fn as_typed() -> Option<Box<Plan>> {
    match Typed::try_parse_from(["rehearse", "plan"]).ok()?.command? {
        Command::Plan(plan) => Some(plan),
        _ => None,
    }
}
