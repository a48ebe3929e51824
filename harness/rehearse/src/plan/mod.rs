//! `rehearse plan`: two exports in, and what the first sync will do: told, written for people to decide on, and held to a
//! gate. Nothing outside the folder of outputs is changed.

pub(crate) mod args;
mod columns;
mod decisions;
mod folder;
mod gate;
mod inputs;
mod one_row;
mod problems;
mod signoff;

pub(crate) use one_row::scenario_of;
pub(crate) use signoff::sign_off;

use crate::{exit::Exit, output::Output};
use args::{Making, Plan, Show};
use feed::Timestamp;
use folder::Folder;
use go_live::plan::{Answer, Decision, Resolved, Sides, resolve};
use inputs::Inputs;
use report::{PlanShow, PlanTold, Redact};
use std::io::Cursor;

pub(crate) fn plan(args: &Plan, output: Output) -> Result<Exit, Exit> {
    // Where there are no new threads to be had, the ones that are there already do.
    let _ = rayon::ThreadPoolBuilder::new().num_threads(args.making.jobs()).build_global();
    let folder = Folder::of(args);
    let inputs = Inputs::read(args, &folder, output)?;
    if args.columns {
        return columns::show(&inputs, &folder, output);
    }
    inputs.usable(output)?;
    let sides = Sides { rostering: &inputs.rostering, acp: &inputs.acp, set_up: &inputs.set_up };
    let earlier =
        args.since.as_ref().map(|number| signoff::signed_plan(&folder, number, output)).transpose()?;
    let resolved = decided(args, &inputs, earlier.as_ref(), sides, output)?;
    let is_kept = args.after.is_none();
    let (plan, written) = std::thread::scope(|scope| {
        // Waiting for the disk takes no core.
        let writing = scope.spawn(|| if is_kept { begin(&inputs, &folder, output) } else { Ok(()) });
        (go_live::plan::plan(sides, &resolved.settled, args.making.jobs()), writing.join())
    });
    written.unwrap_or(Err(Exit::OurFault))?;
    let number = report::plan_number(sides, &resolved.decisions);
    let told = PlanTold {
        sides,
        plan: &plan,
        customer: &inputs.customer,
        number: &number,
        made_at: args.making.now(),
        redact: redact(output),
    };
    if let Some(path) = &args.after {
        return after(args, path, &told, &folder, output);
    }
    let tell = || match &earlier {
        _ if output.json => String::new(),
        Some(earlier) => since(earlier, &told),
        None => text(&told, args, output),
    };
    let (written, mut text) = rayon::join(|| write(args, &told, &resolved, &inputs, &folder, output), tell);
    written?;
    let gate = args.gate.as_ref().map(|gate| gate::held(gate, &plan.counts));
    let exit = if gate.as_ref().is_some_and(|gate| !gate.is_met) { Exit::NotMet } else { Exit::AsExpected };
    if output.json {
        let mut document = Vec::new();
        report::plan_document(&told, &resolved.decisions, &inputs.paths, &mut document)
            .map_err(|_| Exit::OurFault)?;
        output.print(&String::from_utf8(document).map_err(|_| Exit::OurFault)?)?;
        return Ok(exit);
    }
    if args.decisions.is_some() {
        text.push_str(&decisions::tell(&resolved, &plan, sides));
    }
    if let Some(hours) = args.simulate {
        let morning = go_live::plan::simulate(sides, &plan, hours, args.making.jobs());
        text.push_str(&report::plan_morning(&told, &morning, hours));
    }
    if !output.plain && output.quiet == 0 {
        text.push_str("\nNothing has been changed anywhere. This is a rehearsal.\n");
        text.push_str(&folder.tell());
    }
    if let Some(gate) = gate {
        text.push_str(&gate.text);
    }
    output.print(&text)?;
    Ok(exit)
}

/// What people decided: in the workbook that is named, else in the signed plan that this is compared with.
fn decided(
    args: &Plan,
    inputs: &Inputs,
    earlier: Option<&report::PlanDocument>,
    sides: Sides<'_>,
    output: Output,
) -> Result<Resolved, Exit> {
    if let Some(path) = &args.decisions {
        return decisions::read(path, sides, output);
    }
    let known = earlier.map(|it| &it.decisions).or(args.after.as_ref().and(inputs.decisions.as_ref()));
    let answers: Vec<Answer> = known.into_iter().flatten().map(Answer::from).collect();
    Ok(resolve(sides, &answers))
}

/// What is in the customer's folder whatever the plan.
fn begin(inputs: &Inputs, folder: &Folder, output: Output) -> Result<(), Exit> {
    folder.mark(output)?;
    folder.write("columns.txt", output, |to| to.write(inputs.columns_text().as_bytes()))
}

/// Everything that follows from the plan, into the customer's folder.
fn write(
    args: &Plan,
    told: &PlanTold<'_>,
    resolved: &Resolved,
    inputs: &Inputs,
    folder: &Folder,
    output: Output,
) -> Result<(), Exit> {
    let decisions = &resolved.decisions;
    // Each has work for a single core where the other goes on.
    let (document, workbook) = rayon::join(
        || folder.write("plan.json", output, |to| report::plan_document(told, decisions, &inputs.paths, to)),
        || if args.no_workbook { Ok(None) } else { workbook(told, decisions, output).map(Some) },
    );
    document?;
    if let Some(workbook) = workbook? {
        folder.write("plan.xlsx", output, |to| to.write(&workbook))?;
    }
    if let Some((mapping, n_guarded)) = report::plan_mapping(told, decisions) {
        folder.write("mapping.csv", output, |to| to.write(mapping.as_bytes()))?;
        if n_guarded > 0 {
            output.note(&format!(
                "{} of mapping.csv would be taken for a formula, and got an apostrophe in front.\n",
                report::counted(n_guarded, "value", "values")
            ));
        }
    }
    if let Some(path) = &args.scenario {
        let scenario = report::plan_scenario(told);
        Folder::write_quietly(path, output, |to| to.write(scenario.as_bytes()))?;
    }
    Ok(())
}

fn workbook(told: &PlanTold<'_>, decisions: &[Decision], output: Output) -> Result<Vec<u8>, Exit> {
    let mut workbook = Cursor::new(Vec::new());
    report::plan_workbook(told, decisions, &mut workbook).map_err(|why| {
        output.note(&format!("The workbook could not be made: {why}.\n"));
        Exit::OurFault
    })?;
    Ok(workbook.into_inner())
}

/// Whether the first sync did what was planned.
fn after(
    args: &Plan,
    path: &std::path::Path,
    told: &PlanTold<'_>,
    folder: &Folder,
    output: Output,
) -> Result<Exit, Exit> {
    let export = inputs::read_acp(path, &inputs::choices(folder, output)?, args.making.now(), output)?;
    let after = report::plan_after(told, &export);
    let (fine, not) = (report::number(after.n_as_planned), report::number(after.n_not));
    if after.n_not == 0 {
        output.print(&format!(
            "The first sync did what plan {} says, for all {fine} service users.\n",
            told.number
        ))?;
        return Ok(Exit::AsExpected);
    }
    output.print(&format!(
        "{not} not as plan {} says:\n{}As planned: {fine} service users. Change nothing in ACP by hand before you know why.\n",
        told.number, after.text
    ))?;
    Ok(Exit::NotMet)
}

fn since(earlier: &report::PlanDocument, told: &PlanTold<'_>) -> String {
    let since = report::plan_since(earlier, told);
    if since.n_changes == 0 {
        return format!("Nothing has changed since plan {}.\n", earlier.number);
    }
    format!(
        "Plan {}: {} since plan {}\n{}Everything else is the same.\n",
        told.number,
        report::counted(since.n_changes, "thing changed", "things changed"),
        earlier.number,
        since.text
    )
}

fn text(told: &PlanTold<'_>, args: &Plan, output: Output) -> String {
    let show = match args.show {
        Show::Summary => PlanShow::Summary,
        Show::Attention => PlanShow::Attention,
        Show::All => PlanShow::All,
    };
    if output.plain {
        report::plan_plain(told, show)
    } else if output.quiet > 0 {
        String::new()
    } else {
        report::plan_summary(told, show)
    }
}

impl Making {
    pub(crate) fn jobs(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.jobs.map_or_else(cores, usize::from)
    }

    /// To the minute.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.now.unwrap_or_else(Timestamp::now);
        Timestamp::from_second(now.as_second() / 60 * 60).unwrap_or(now)
    }
}

/// What the plan leaves out, as for every output.
fn redact(output: Output) -> Redact {
    match output.redaction {
        report::Redaction::None => Redact::None,
        report::Redaction::Names => Redact::Names,
        report::Redaction::All => Redact::All,
    }
}
