//! A named world that is served: the world, and the journal that made it. Worlds never see each other: each has its own
//! lock and nothing in common.
//!
//! **Whatever is in a world was in its journal first.** Whoever locks a world does the lines that were kept meanwhile,
//! in their order; so nobody sees what a broken disk could still take back.

use crate::{
    again::Lost,
    events::Holds,
    feed_of::Feed,
    journal::{Entry, Journal, Kind, Next, hold},
    scribe::{NotKept, Scribe},
    view::View,
    webhook::{Change, ChangeKind, Told},
    wire::WorldSetUp,
    world::{Request, Response, SetUp, World},
};
use feed::Timestamp;
use std::{
    collections::BTreeMap,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, RwLock},
};

/// One named world.
pub(crate) struct Sandbox {
    pub(crate) name: String,
    /// Another one for every beginning of every world, so that cursors from before are noticed.
    pub(crate) incarnation: u64,
    pub(crate) journal: Arc<Mutex<Journal>>,
    /// So many lines of the journal were done.
    n_done: usize,
    set_up: SetUp,
    world: World,
    /// How many events there were before the last line was done.
    pub(crate) n_events_before: usize,
    /// A call ended in a fault of ours, so nobody knows what stands in it.
    broken: bool,
    /// Who is told of changes in rostering.
    told: Option<Told>,
}

/// What a sandbox cannot do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cannot {
    /// A fault of ours left it in no known state. It has to be reset.
    Broken,
    /// Back to before it began.
    BeforeItBegan,
    /// Back to what has not happened yet.
    NotYet,
    /// The instant is before the world's own, which is this.
    Past(Timestamp),
    /// Back to a line that is not there; there are so many.
    NoSuchCall(usize),
    /// The world was taken away meanwhile.
    Gone,
    /// What was kept cannot be read any more, for this reason.
    Lost(String),
}

impl From<Lost> for Cannot {
    fn from(it: Lost) -> Cannot {
        Cannot::Lost(it.0)
    }
}

/// So many beginnings of one world are told apart.
const INCARNATIONS: u64 = 1 << 32;

impl Sandbox {
    /// The world that these lines make. The first line sets it up.
    pub(crate) fn new(name: String, id: u64, journal: Arc<Mutex<Journal>>, told: Option<Told>) -> Sandbox {
        let set_up = SetUp::from(nothing());
        let world = World::new(set_up.clone());
        let incarnation = id.wrapping_mul(INCARNATIONS);
        let mut sandbox = Sandbox {
            name,
            incarnation,
            journal,
            n_done: 0,
            set_up,
            world,
            n_events_before: 0,
            broken: false,
            told,
        };
        let (n_lines, n_beginnings) = {
            let journal = hold(&sandbox.journal);
            let beginnings = journal.kept().iter().filter(|line| line.kind != Kind::Call);
            (journal.kept().len(), beginnings.count() as u64)
        };
        sandbox.n_done = n_lines;
        sandbox.incarnation += n_beginnings;
        if n_lines > 0 {
            // What cannot be done again is a broken world, which says so when it is asked.
            let _ = sandbox.guarded(|it| it.rebuild(n_lines));
        }
        sandbox
    }

    /// Both systems as they stand.
    pub(crate) fn view(&self) -> Result<View<'_>, Cannot> {
        let world = self.world()?;
        Ok(View {
            name: &self.name,
            incarnation: self.incarnation,
            now: world.now,
            names: &world.names,
            rosterings: &world.rosterings,
            live_since: &world.live_since,
            changes: &world.changes,
            mirror: &world.mirror,
        })
    }

    pub(crate) fn world(&self) -> Result<&World, Cannot> {
        if self.broken { Err(Cannot::Broken) } else { Ok(&self.world) }
    }

    /// The number of the world, which no other one has or had.
    pub(crate) fn id(&self) -> u64 {
        self.incarnation / INCARNATIONS
    }

    pub(crate) fn set_up(&self) -> &SetUp {
        &self.set_up
    }

    /// The number of the last line that was done.
    pub(crate) fn n_calls(&self) -> usize {
        self.n_done
    }

    /// Does every line that was kept meanwhile.
    fn catch_up(&mut self) {
        loop {
            let next = hold(&self.journal).next(self.n_done);
            let Some(Next { at, entry, done }) = next else { return };
            self.n_done += 1;
            let before: Vec<u64> = self.world.changes.iter().map(Feed::newest).collect();
            let begins_anew = begins_anew(&entry);
            let result = self.apply(at, entry);
            self.tell(begins_anew, &before);
            if let Some(done) = done {
                done(self, result);
            }
        }
    }

    /// Tells of what changed in rostering. `before`: the newest change of each environment then.
    fn tell(&self, begins_anew: bool, before: &[u64]) {
        let (Some(told), Ok(view)) = (&self.told, self.view()) else { return };
        for (idx, changes) in view.changes.iter().enumerate() {
            let (kind, after) = if begins_anew {
                (ChangeKind::BeganAgain, None)
            } else {
                let before = before.get(idx).copied().unwrap_or_default();
                if changes.newest() <= before {
                    continue;
                }
                (ChangeKind::Changed, Some(view.changes_cursor(idx, before)))
            };
            told.tell(Change {
                id: format!("msg_{}_{}_{idx}", self.id(), self.n_done),
                kind,
                world: self.name.clone(),
                environment: view.names[idx].to_string(),
                now: view.now,
                after,
            });
        }
    }

    fn apply(&mut self, at: Timestamp, entry: Arc<Entry>) -> Result<Response, Cannot> {
        if begins_anew(&entry) {
            self.incarnation += 1;
        }
        // Where the store has it too, nobody else holds it.
        let request = match Arc::try_unwrap(entry) {
            Ok(Entry::Call(call)) => call.into(),
            Ok(entry) => return self.begin_again(entry),
            Err(entry) => match &*entry {
                Entry::Call(call) => call.into(),
                entry => return self.begin_again(entry.clone()),
            },
        };
        self.call(at, request)
    }

    fn begin_again(&mut self, entry: Entry) -> Result<Response, Cannot> {
        match entry {
            Entry::Call(_) => unreachable!("a call begins nothing"),
            Entry::SetUp(set_up) => self.guarded(|it| Ok(it.begin(set_up))),
            Entry::Reset | Entry::BackTo(_) | Entry::BackToCall(_) => {
                let n = self.n_done;
                self.guarded(|it| it.rebuild(n))
            }
        }
    }

    fn call(&mut self, now: Timestamp, request: Request) -> Result<Response, Cannot> {
        if self.broken {
            return Err(Cannot::Broken);
        }
        self.guarded(|it| {
            it.n_events_before = it.world.events.len();
            Ok(it.world.call(now, request))
        })
    }

    /// A fault of ours breaks this world and no more than this world.
    fn guarded(
        &mut self,
        does: impl FnOnce(&mut Sandbox) -> Result<Response, Cannot>,
    ) -> Result<Response, Cannot> {
        self.broken = true;
        let response = catch_unwind(AssertUnwindSafe(|| does(self))).map_err(|_| Cannot::Broken)??;
        self.broken = false;
        Ok(response)
    }

    fn begin(&mut self, set_up: WorldSetUp) -> Response {
        self.set_up = set_up.into();
        self.world = World::new(self.set_up.clone());
        self.n_events_before = 0;
        Response::Done
    }

    /// As it was after the first `n` lines.
    fn rebuild(&mut self, n: usize) -> Result<Response, Cannot> {
        let again = hold(&self.journal).again(n);
        self.begin(again.set_up()?);
        again.each(|step, call| drop(self.world.call(step.at, call.into())))?;
        self.n_events_before = self.world.events.len();
        Ok(Response::Done)
    }

    /// The world once more, with these events of it.
    pub(crate) fn again_for(&self, events: Range<usize>) -> Result<World, Cannot> {
        let again = hold(&self.journal).again(self.n_done);
        let mut world = World::holding(again.set_up()?.into(), Holds::These(events));
        again.each(|step, call| drop(world.call(step.at, call.into())))?;
        Ok(world)
    }
}

fn begins_anew(entry: &Entry) -> bool {
    !matches!(entry, Entry::Call(_))
}

/// What is there before the first line.
fn nothing() -> WorldSetUp {
    acp::SetUp { settings: feed::Settings::default(), services: Vec::new(), records: Vec::new() }.into()
}

/// All worlds of a server, by name.
pub(crate) struct Worlds {
    all: RwLock<BTreeMap<String, Arc<Mutex<Sandbox>>>>,
    /// Held by whoever makes a world or takes one away, with the number of the next one.
    changing: tokio::sync::Mutex<u64>,
    pub(crate) scribe: Scribe,
    /// Who is told of changes in rostering.
    pub(crate) told: Option<Told>,
}

/// Why a world was not set up.
pub(crate) enum NotSetUp {
    TooMany,
    Not(NotKept),
}

impl Worlds {
    /// `there` are the worlds from before, each with its number, name and journal; `next` is the number of the next one.
    pub(crate) fn new(
        scribe: Scribe,
        there: Vec<(u64, String, Journal)>,
        next: u64,
        told: Option<Told>,
    ) -> Worlds {
        let all = there.into_iter().map(|(id, name, journal)| {
            let sandbox = Sandbox::new(name.clone(), id, Arc::new(Mutex::new(journal)), told.clone());
            (name, Arc::new(Mutex::new(sandbox)))
        });
        Worlds { all: RwLock::new(all.collect()), changing: tokio::sync::Mutex::new(next), scribe, told }
    }

    pub(crate) fn get(&self, name: &str) -> Option<Arc<Mutex<Sandbox>>> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).get(name).cloned()
    }

    pub(crate) fn names(&self) -> Vec<String> {
        self.all.read().unwrap_or_else(PoisonError::into_inner).keys().cloned().collect()
    }

    /// Every world, and where its clock stands; none where a fault of ours broke it.
    pub(crate) fn clocks(&self) -> Vec<(String, Option<Timestamp>)> {
        let clock = |name: &String| self.get(name).and_then(|it| lock(&it).world().ok().map(World::now));
        self.names().into_iter().map(|name| (name.clone(), clock(&name))).collect()
    }

    /// Sets a world up, in the place of one of the same name.
    pub(crate) async fn set_up(
        &self,
        name: &str,
        set_up: WorldSetUp,
        at_most: usize,
    ) -> Result<Arc<Mutex<Sandbox>>, NotSetUp> {
        let mut next = self.changing.lock().await;
        let there = self.get(name);
        if there.is_none() && self.names().len() >= at_most {
            return Err(NotSetUp::TooMany);
        }
        let is_new = there.is_none();
        let sandbox = there.unwrap_or_else(|| {
            let journal = Arc::new(Mutex::new(Journal::new(self.scribe.shelf(*next))));
            Arc::new(Mutex::new(Sandbox::new(name.to_owned(), *next, journal, self.told.clone())))
        });
        let (id, journal) = {
            let sandbox = lock(&sandbox);
            (sandbox.id(), Arc::clone(&sandbox.journal))
        };
        let new = is_new.then(|| name.to_owned());
        let done = Box::new(|_: &Sandbox, _| ());
        self.scribe.write(id, new, journal, None, Entry::SetUp(set_up), done).await.map_err(NotSetUp::Not)?;
        if is_new {
            *next += 1;
            let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
            all.insert(name.to_owned(), Arc::clone(&sandbox));
        }
        drop(lock(&sandbox));
        Ok(sandbox)
    }

    /// Takes a world away for good. False: there is none of that name.
    pub(crate) async fn remove(&self, name: &str) -> Result<bool, NotKept> {
        let _changing = self.changing.lock().await;
        let Some(sandbox) = self.get(name) else { return Ok(false) };
        let (id, journal) = {
            let sandbox = lock(&sandbox);
            (sandbox.id(), Arc::clone(&sandbox.journal))
        };
        self.scribe.remove(id, journal).await?;
        Ok(self.all.write().unwrap_or_else(PoisonError::into_inner).remove(name).is_some())
    }
}

/// The world as everything that was kept has made it. A panic while it was held is known by [`Sandbox::broken`], so the
/// lock itself may be used again.
pub(crate) fn lock(sandbox: &Mutex<Sandbox>) -> std::sync::MutexGuard<'_, Sandbox> {
    let mut sandbox = sandbox.lock().unwrap_or_else(PoisonError::into_inner);
    sandbox.catch_up();
    sandbox
}
