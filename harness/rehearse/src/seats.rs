//! Who sits in the seats of a run: by default everything is simulated; with `--acp` or `--connector` somebody else's
//! program answers over HTTP. Whoever cannot be reached ends the run before anything was played.

use crate::{exit::Exit, load::Suite, output::Output};
use clap::Args;
use feed::Text;
use jiff::SignedDuration;
use runner::{Between, Carrier, Office, Trace, What};
use scenario::{Case, Seat};
use seat::{
    AcpSeat, Address, Client, ClockMode, ConnectorSeat, Ends, Limits, NotAnAddress, RosteringSeat, SeatShown,
};
use service::Stages;
use std::{
    hash::{BuildHasher as _, Hasher as _, RandomState},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc,
    },
    thread::JoinHandle,
};

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SeatArgs {
    /// Somebody else's engine sits in ACP's seat: where it answers, by the contract of `rehearse serve`
    #[arg(long, value_name = "URL")]
    pub(crate) acp: Option<String>,
    /// Somebody else's connector carries updates between our rostering systems and our ACP: where it is told the time
    #[arg(long, value_name = "URL")]
    pub(crate) connector: Option<String>,
    /// Somebody else's rostering system is told what its administrator does, and says who is in it: where it answers
    #[arg(long, value_name = "URL", conflicts_with = "connector")]
    pub(crate) rostering: Option<String>,
    /// A stand-in for the Access Digital Assistant: cases that scenarios raise are posted there
    #[arg(long, value_name = "URL")]
    pub(crate) desk: Option<String>,
    /// The program may be on another computer. Records are made, changed and deleted there
    #[arg(long)]
    pub(crate) allow_remote: bool,
    /// Play cases that take hours with a program that has no clock but the computer's: they then take hours
    #[arg(long)]
    pub(crate) real_time: bool,
}

/// The variable of the surroundings with the key that goes with every request to a seat. There is no flag for it: what
/// stands in a command line can be seen by everybody on the computer.
const KEY: &str = "REHEARSE_SEAT_KEY";

/// The longest case that is played in real time without `--real-time`. *Assumed*: one near-term window and a little.
const LONGEST_REAL: SignedDuration = SignedDuration::from_mins(30);

/// A program in a seat.
struct Foreign {
    client: Client,
    who: SeatShown,
    real_time: bool,
}

/// Who sits where.
#[derive(Default)]
pub(crate) struct Seats {
    acp: Option<Foreign>,
    connector: Option<(Foreign, OurEnds)>,
    rostering: Option<Foreign>,
    desk: Option<Foreign>,
    /// Names of worlds in other programs: no other run has them.
    run: String,
    n_worlds: AtomicU64,
}

/// Who answers for ACP, and whether that is a foreign program.
type Engine<'a> = (&'a mut dyn FnMut(feed::Timestamp, acp::Call) -> acp::Reply, bool);

/// What became of a case.
pub(crate) struct CasePlayed {
    pub(crate) trace: Trace,
    /// Why nothing can be said, if that is so.
    pub(crate) trouble: Option<String>,
}

impl Seats {
    /// Asks who is there, by the flags and else by `suite.yaml`. Nothing has been played then.
    pub(crate) fn open(args: &SeatArgs, suite: &Suite, output: Output) -> Result<Seats, Exit> {
        let [acp, connector, rostering] = asked_for(args, suite).map_err(|why| {
            output.note(&format!("{why} Nothing was run.\n"));
            Exit::NotUnderstood
        })?;
        let open = |asked: Option<Asked>| asked.map(|it| Foreign::open(&it, args, output)).transpose();
        let (acp, connector, rostering) = (open(acp)?, open(connector)?, open(rostering)?);
        let desk = args.desk.clone().map(|url| Asked { by: "--desk".to_owned(), url });
        let desk = open(desk)?;
        let connector = match connector {
            Some(foreign) => Some((foreign, OurEnds::open(output)?)),
            None => None,
        };
        let run = format!("rehearse-{:08x}", RandomState::new().build_hasher().finish() & 0xffff_ffff);
        Ok(Seats { acp, connector, rostering, desk, run, n_worlds: AtomicU64::new(0) })
    }

    fn foreign(&self) -> impl Iterator<Item = &Foreign> {
        self.acp.iter().chain(self.connector.iter().map(|(foreign, _)| foreign)).chain(&self.rostering)
    }

    /// Everything is simulated.
    pub(crate) fn are_ours(&self) -> bool {
        self.foreign().next().is_none()
    }

    /// Whose programs sit where. None: everything is simulated.
    pub(crate) fn told(&self) -> Option<String> {
        let connector = self.connector.as_ref().map(|(foreign, _)| foreign);
        let all = [
            (&self.acp.as_ref(), "ACP's seat"),
            (&connector, "the connector's seat"),
            (&self.rostering.as_ref(), "the rostering system's seat"),
            (&self.desk.as_ref(), "the support desk's"),
        ];
        let told: Vec<String> = all
            .into_iter()
            .filter_map(|(foreign, seat)| {
                foreign.map(|it| format!("{} {} in {seat}", it.who.name, it.who.version))
            })
            .collect();
        (!told.is_empty()).then(|| told.join(" and "))
    }

    /// Why a case is not played with these programs, if there is a reason.
    pub(crate) fn skips(&self, case: &Case) -> Option<String> {
        self.foreign().find_map(|foreign| foreign.skips(case))
    }

    pub(crate) fn play(&self, case: &Case, seed: u64) -> CasePlayed {
        let played = self.with_acp(case, seed);
        let Some(desk) = self.desk.as_ref().filter(|_| played.trouble.is_none()) else { return played };
        let raised = played.trace.events.iter().filter_map(|event| match &event.what {
            What::Drafted(draft) => Some((event.at, draft)),
            _ => None,
        });
        let posted = seat::desk::post(&desk.client, raised);
        let trouble = posted.err().map(|trouble| format!("At the support desk: {}", trouble.says()));
        CasePlayed { trouble, ..played }
    }

    fn with_acp(&self, case: &Case, seed: u64) -> CasePlayed {
        let world = format!("{}-{}", self.run, self.n_worlds.fetch_add(1, Ordering::Relaxed));
        let Some(foreign) = &self.acp else {
            let mut acp = acp::Acp::default();
            let mut answer = |now, call| acp.answer(now, call);
            return self.with_office(case, seed, &world, (&mut answer, false));
        };
        let mut seat = AcpSeat::new(&foreign.client, world.clone(), foreign.who.clock);
        let mut answer = |now, call| seat.answer(now, call);
        let played = self.with_office(case, seed, &world, (&mut answer, true));
        let trouble = seat.trouble().map(|trouble| format!("In ACP's seat: {}", trouble.says()));
        CasePlayed { trouble: played.trouble.or(trouble), ..played }
    }

    /// `acp` answers for ACP, and is foreign or not.
    fn with_office(&self, case: &Case, seed: u64, world: &str, acp: Engine<'_>) -> CasePlayed {
        let (acp, is_foreign) = acp;
        let Some(foreign) = &self.rostering else {
            return self.with_connector(case, seed, world, (acp, is_foreign), None);
        };
        let mut seat = RosteringSeat::new(&foreign.client, world.to_owned(), foreign.who.clock);
        let mut office = |now, call| seat.answer(now, call);
        let played = self.with_connector(case, seed, world, (&mut *acp, is_foreign), Some(&mut office));
        let trouble =
            seat.trouble().map(|trouble| format!("In the rostering system's seat: {}", trouble.says()));
        CasePlayed { trouble: played.trouble.or(trouble), ..played }
    }

    fn with_connector<'a>(
        &self,
        case: &'a Case,
        seed: u64,
        world: &str,
        (acp, acp_is_foreign): Engine<'a>,
        office: Option<&'a mut Office<'a>>,
    ) -> CasePlayed {
        let between = Between::default();
        let Some((foreign, ends)) = &self.connector else {
            let seats = runner::Seats { acp, between, acp_is_foreign, carrier: None, office };
            return CasePlayed { trace: runner::play_with(case, seed, seats), trouble: None };
        };
        let names: Vec<Text> =
            (0..case.environments.len()).map(|n| Text::from(format!("environment-{n}"))).collect();
        let mut connector =
            ConnectorSeat::new(&foreign.client, &ends.ends, (world.to_owned(), foreign.who.clock), names);
        let scenery = connector.scenery();
        let mut acp = |now, call| {
            let reply = acp(now, call);
            seat::saw(&scenery, &reply);
            reply
        };
        let mut carry = |desk: &mut runner::Desk<'_, '_>| connector.carry(desk);
        let carrier: &mut Carrier<'_> = &mut carry;
        let seats =
            runner::Seats { acp: &mut acp, between, acp_is_foreign, carrier: Some(carrier), office: None };
        let trace = runner::play_with(case, seed, seats);
        let trouble =
            connector.trouble().map(|trouble| format!("In the connector's seat: {}", trouble.says()));
        CasePlayed { trace, trouble }
    }

    /// What had to be asked more than once: a run that only passed because of that has to say so.
    pub(crate) fn note_flaky(&self, output: Output) {
        let flaky: Vec<String> =
            self.foreign().chain(&self.desk).flat_map(|foreign| foreign.client.flaky()).collect();
        for says in flaky.iter().take(SHOWN) {
            output.note(&format!("Flaky: {}\n", report::prose(says)));
        }
        if flaky.len() > SHOWN {
            output.note(&format!("Flaky: and {} more.\n", flaky.len() - SHOWN));
        }
    }
}

/// So many requests that were asked again are told one by one.
const SHOWN: usize = 5;

/// A program that is to sit in a seat.
struct Asked {
    /// Who said so: the flag, or the suite's file and its key.
    by: String,
    url: String,
}

/// How a seat is put back to what it is by default where `suite.yaml` says otherwise.
const SIMULATED: &str = "simulated";

/// Who is to sit in the seats of ACP, of the connector and of the rostering system. The error is a whole sentence.
fn asked_for(args: &SeatArgs, suite: &Suite) -> Result<[Option<Asked>; 3], String> {
    let [acp, connector, rostering] = [
        asked("acp", args.acp.as_deref(), suite, |it| &it.acp)?,
        asked("connector", args.connector.as_deref(), suite, |it| &it.connector)?,
        asked("rostering", args.rostering.as_deref(), suite, |it| &it.rostering)?,
    ];
    if let (Some(connector), Some(rostering)) = (&connector, &rostering) {
        return Err(format!(
            "{} and {} cannot be had at once: a connector reads our own rostering systems.",
            connector.by, rostering.by
        ));
    }
    Ok([acp, connector, rostering])
}

fn asked(
    name: &str,
    typed: Option<&str>,
    suite: &Suite,
    seat: fn(&scenario::Seats) -> &Seat,
) -> Result<Option<Asked>, String> {
    if let Some(typed) = typed {
        let asked = Asked { by: format!("--{name}"), url: typed.to_owned() };
        return Ok((typed != SIMULATED).then_some(asked));
    }
    let mut homes = suite.homes.iter().map(|home| &home.file);
    let Some(first) = homes.next() else { return Ok(None) };
    if let Some(other) = homes.find(|other| seat(&other.seats) != seat(&first.seats)) {
        return Err(format!(
            "{} and {} differ in who sits in the seat `{name}`, and a run has one. Run them one at a time, or say --{name}.",
            report::prose(&first.path),
            report::prose(&other.path)
        ));
    }
    Ok(match seat(&first.seats) {
        Seat::Simulated => None,
        Seat::At(url) => {
            Some(Asked { by: format!("{}, seats, {name}", report::prose(&first.path)), url: url.clone() })
        }
    })
}

impl Foreign {
    fn open(asked: &Asked, args: &SeatArgs, output: Output) -> Result<Foreign, Exit> {
        let by = &asked.by;
        let address = Address::read(&asked.url, args.allow_remote).map_err(|NotAnAddress(why)| {
            output.note(&format!("{by}: {} Nothing was run.\n", report::prose(&why)));
            Exit::NotUnderstood
        })?;
        if !address.is_loopback() {
            output.note(&format!(
                "{by}: {} is another computer. Records are made, changed and deleted there.\n",
                report::prose(address.host())
            ));
        }
        let key = std::env::var(KEY).ok().filter(|key| !key.is_empty());
        let client = Client::new(address, key.as_deref(), Limits::default()).map_err(|why| {
            output.note(&format!("{KEY}: {why} Nothing was run.\n"));
            Exit::NotUnderstood
        })?;
        let who = client.who().map_err(|trouble| {
            output.note(&format!(
                "{by} {}: {} Nothing was run.\n",
                report::prose(&client.address().to_string()),
                report::prose(&trouble.says())
            ));
            Exit::Unreachable
        })?;
        Ok(Foreign { client, who, real_time: args.real_time })
    }

    fn skips(&self, case: &Case) -> Option<String> {
        let takes = seat::longest_real(case);
        if self.who.clock == ClockMode::RealTime && !self.real_time && takes > LONGEST_REAL {
            return Some(format!(
                "{} has no clock but the computer's, and this takes up to {takes:#} of real time; --real-time plays it.",
                report::prose(&self.who.name)
            ));
        }
        seat::missing(case, &self.who).map(|why| report::prose(&why))
    }
}

/// Our own server, between whose ends a foreign connector works.
struct OurEnds {
    ends: Ends,
    stop: Arc<AtomicBool>,
    server: Option<JoinHandle<()>>,
}

impl OurEnds {
    fn open(output: Output) -> Result<OurEnds, Exit> {
        let (stages, stop) = (Stages::default(), Arc::new(AtomicBool::new(false)));
        let (tell, told) = mpsc::channel();
        let what = service::Serve { stages: stages.clone(), ..service::Serve::default() };
        let server = std::thread::spawn({
            let stop = Arc::clone(&stop);
            move || {
                let failed = tell.clone();
                let ready = move |ready: &service::Ready| {
                    let _ = tell.send(Ok(ready.clone()));
                };
                if let Err(error) = service::serve(what, ready, &stop) {
                    let _ = failed.send(Err(error));
                }
            }
        });
        match told.recv() {
            Ok(Ok(ready)) => {
                let url = format!("http://{}", ready.address);
                Ok(OurEnds { ends: Ends { url, key: ready.key, stages }, stop, server: Some(server) })
            }
            Ok(Err(error)) => {
                output.note(&format!("No port of 127.0.0.1 can be had: {error}. Nothing was run.\n"));
                Err(Exit::Environment)
            }
            Err(_) => Err(Exit::OurFault),
        }
    }
}

impl Drop for OurEnds {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        if let Some(server) = self.server.take() {
            let _ = server.join();
        }
    }
}
