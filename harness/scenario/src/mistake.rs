//! What is wrong in a file, as data, and its rendering with carets. Knows nothing of what a scenario means.

use crate::{
    Where, codes,
    sources::{Source, Spot},
};
use annotate_snippets::{AnnotationKind, Level, Origin, Renderer, Snippet};

/// One mistake in one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// Stays the same for ever, for instance `unknown-key`. [`crate::CODES`] tells what it means.
    pub code: &'static str,
    /// The file that it is in: a scenario or a world.
    pub path: String,
    pub at: Where,
    /// What is wrong, one sentence without full stop.
    pub what: String,
    /// Beside the carets: what would have worked.
    pub label: String,
    /// A second place in the same file that explains it: where a key stood first, what a step is.
    pub also: Option<(Where, String)>,
    pub help: Vec<String>,
}

/// After so many the rest are only counted: nobody reads further, and a file of rubbish must not take long.
/// *Assumed.*
pub(crate) const MOST: usize = 200;

/// A mistake while reading: its places are still bytes.
pub(crate) struct Raw {
    /// Found before any meaning was looked at: see [`Mistakes::forget_missing`].
    is_of_the_text: bool,
    code: &'static str,
    spot: Spot,
    what: String,
    label: String,
    also: Option<(Spot, String)>,
    help: Vec<String>,
}

impl Raw {
    pub(crate) fn also(&mut self, spot: Spot, label: impl Into<String>) -> &mut Raw {
        self.also = Some((spot, label.into()));
        self
    }

    pub(crate) fn help(&mut self, help: impl Into<String>) -> &mut Raw {
        self.help.push(help.into());
        self
    }
}

/// All mistakes so far, in the order in which they were found.
#[derive(Default)]
pub(crate) struct Mistakes {
    found: Vec<Raw>,
    /// Some were found and not kept.
    has_more: bool,
}

impl Mistakes {
    pub(crate) fn push(
        &mut self,
        code: &'static str,
        spot: Spot,
        what: impl Into<String>,
        label: impl Into<String>,
    ) -> &mut Raw {
        debug_assert!(codes::says(code).is_some(), "`{code}` is not in CODES");
        let raw = Raw {
            is_of_the_text: false,
            code,
            spot,
            what: what.into(),
            label: label.into(),
            also: None,
            help: Vec::new(),
        };
        // Past the limit the last one is overwritten, so that memory stays bounded and callers need not ask.
        if self.is_full() {
            self.found.pop();
            self.has_more = true;
        }
        self.found.push(raw);
        self.found.last_mut().expect("pushed the line before")
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Forgets what was found after `len`.
    pub(crate) fn back_to(&mut self, len: usize) {
        self.found.truncate(len);
    }

    /// So many that suggestions are no longer worth their time.
    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= MOST
    }

    /// The files are read as text; what comes now is about what they mean.
    pub(crate) fn text_is_read(&mut self) {
        self.found.iter_mut().for_each(|raw| raw.is_of_the_text = true);
    }

    /// After files were cut off at these places: forgets what may only seem missing, and what is wrong with the
    /// very last value, of which only a part may have been read.
    pub(crate) fn forget_missing(&mut self, cuts: &[(u16, u32)]) {
        let is_last = |spot: Spot| {
            let at = cuts.iter().find(|(file, _)| *file == spot.file).map(|(_, at)| *at);
            at.is_some_and(|at| spot.end <= at && at - spot.end <= 1)
        };
        self.found.retain(|raw| {
            raw.is_of_the_text || !(codes::SAYS_MISSING.contains(&raw.code) || is_last(raw.spot))
        });
    }

    /// In the order of the files and of the places in them, each once: rows of `cases:` share most of a file.
    pub(crate) fn forget_doubles(&mut self) {
        self.found.sort_by(|a, b| (a.spot, a.code, &a.what).cmp(&(b.spot, b.code, &b.what)));
        self.found.dedup_by(|b, a| (a.spot, a.code, &a.what) == (b.spot, b.code, &b.what));
    }

    pub(crate) fn finish(mut self, sources: &[Source<'_>]) -> Vec<Mistake> {
        self.forget_doubles();
        if let Some(last) = self.found.last_mut().filter(|_| self.has_more) {
            last.help("there are more mistakes than these; correct some and look again");
        }
        self.found.into_iter().map(|raw| raw.finish(sources)).collect()
    }
}

impl Raw {
    fn finish(self, sources: &[Source<'_>]) -> Mistake {
        let source = &sources[usize::from(self.spot.file)];
        let mut help = self.help;
        let also = self.also.and_then(|(spot, label)| {
            let place = sources[usize::from(spot.file)].place(spot);
            if spot.file == self.spot.file {
                return Some((place, label));
            }
            let path = &sources[usize::from(spot.file)].path;
            help.insert(0, format!("{label}: {path}:{}:{}", place.line, place.column));
            None
        });
        Mistake {
            code: self.code,
            path: source.path.clone(),
            at: source.place(self.spot),
            what: self.what,
            label: self.label,
            also,
            help,
        }
    }
}

impl Mistake {
    /// The mistake as people see it: the sentence, the line with carets, what would have worked. `source` is the
    /// text of the file `self.path`. Without a line break at its end.
    pub fn render(&self, source: &str, colour: bool) -> String {
        let places = || std::iter::once(&self.at).chain(self.also.as_ref().map(|(at, _)| at));
        let starts = places().map(|at| source.floor_char_boundary(at.bytes.start));
        // Only the lines that matter are handed over: the renderer goes through all that it is given.
        let first = starts.clone().min().map_or(0, |at| source[..at].rfind('\n').map_or(0, |at| at + 1));
        let last = starts.max().map_or(0, |at| end_on_line(source, at, source.len()));
        let lines = &source[first..last];
        // A byte order mark would shift the carets by one.
        let text = lines.trim_start_matches('\u{feff}');
        let first = first + (lines.len() - text.len());
        let text = match text {
            "" if source.trim_start_matches('\u{feff}').is_empty() => return self.without_source(colour),
            // An empty line still has a place for the caret.
            "" => " ",
            text => text,
        };
        let span = |at: &Where| {
            let start = text.floor_char_boundary(at.bytes.start.saturating_sub(first));
            start..end_on_line(text, start, at.bytes.end.saturating_sub(first))
        };
        let line = places().map(|at| at.line).min().unwrap_or(1);
        let mut snippet = Snippet::source(text)
            .line_start(line as usize)
            .path(self.path.as_str())
            .annotation(AnnotationKind::Primary.span(span(&self.at)).label(self.label.as_str()));
        if let Some((at, label)) = &self.also {
            snippet = snippet.annotation(AnnotationKind::Context.span(span(at)).label(label.as_str()));
        }
        let mut group = Level::ERROR.primary_title(self.what.as_str()).id(self.code).element(snippet);
        for help in &self.help {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer(colour).render(&[group])
    }

    /// For files of which no line can be shown: not text, too large, empty.
    fn without_source(&self, colour: bool) -> String {
        let origin = Origin::path(self.path.as_str());
        let mut group = Level::ERROR.primary_title(self.what.as_str()).id(self.code).element(origin);
        for help in std::iter::once(&self.label).chain(&self.help) {
            group = group.element(Level::HELP.message(help.as_str()));
        }
        renderer(colour).render(&[group])
    }
}

fn renderer(colour: bool) -> Renderer {
    if colour { Renderer::styled() } else { Renderer::plain() }
}

/// Carets stay on the line they begin on: for a mapping over several lines its first line says enough.
fn end_on_line(text: &str, start: usize, end: usize) -> usize {
    let end = text.floor_char_boundary(end).max(start);
    let line_end = text[start..].find(['\n', '\r']).map_or(text.len(), |n| start + n);
    end.min(line_end)
}
