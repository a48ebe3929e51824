//! What each code of a [`crate::Mistake`] means and what to do about it. `rehearse explain CODE` shows these.

/// Every code with one or two plain sentences, in the order of the alphabet. A code never changes its meaning.
pub const CODES: &[(&str, &str)] = &[
    (
        "backwards",
        "A step says `at:` a moment that lies before what has happened by then. Put the steps in the order of time, or give it a later moment.",
    ),
    (
        "clock-change",
        "A time on the wall in London that does not exist, or exists twice, because the clocks change. Write the offset behind it, as `01:30 +01:00`.",
    ),
    (
        "colon-in-text",
        "A text has a colon with a space after it, which YAML reads as the end of a key. Put the text in quotes.",
    ),
    (
        "control-character",
        "A text has a character in it that cannot be seen and has no business there, for instance NUL. Take it out.",
    ),
    ("cyclic-use", "A world uses itself, by way of others or directly. Take one `use` of the circle out."),
    (
        "defined-twice",
        "Two things of one kind have one name, so that nobody could tell which is meant. Rename one. In rostering, one environment never has two service users with one identifier.",
    ),
    (
        "does-not-go",
        "Two keys that do not belong together. Each action takes its own keys; the message lists them.",
    ),
    (
        "duplicate-key",
        "The same key stands twice in one mapping. Keep one: it would be a guess which one counts.",
    ),
    (
        "empty",
        "A key has nothing behind it, or `null`. Write the value; for a text without letters write \"\".",
    ),
    (
        "indentation",
        "A line starts in a column where nothing began that it could belong to. Move it below the line that it goes with.",
    ),
    ("key-not-text", "A key is a list or a mapping. Keys are words."),
    ("missing-key", "Something that cannot do without a key lacks it. The message says what the key is for."),
    (
        "never-live",
        "A step waits for a sync although nothing switches the integration on. Add `- the first sync has finished` to `given`, or `integration: goes live` to a `when`.",
    ),
    (
        "newer-format",
        "A `suite.yaml` was written for a newer version of rehearse, so what it says cannot be known. Update rehearse.",
    ),
    ("no-care-plan", "Activities go into a care plan, and this record has none. Add `care plans: 1`."),
    (
        "no-then",
        "No step says what must be so, so the scenario would always pass. Add a `then` with a check.",
    ),
    (
        "no-time",
        "A length of time is zero where something needs time to happen. Give it some, or leave the key out.",
    ),
    (
        "no-world",
        "The world that `use` names cannot be read. The path is read from the folder of the file that says `use`, and must stay inside the suite.",
    ),
    ("not-a-choice", "The value is not one of those that are possible here. The message lists them."),
    ("not-a-count", "A count is `2`, `at least 2` or `at most 2`, in digits."),
    (
        "not-a-duration",
        "A length of time is a number with a unit: `20m`, `24h`, `1h30m`, `3d`. It is never negative and at most ten years.",
    ),
    (
        "not-a-moment",
        "A moment is `2026-03-26 09:00`, with an offset if need be, or `+1d`, `+80h`, `+1d 08:00` from the step's own instant.",
    ),
    (
        "not-a-name",
        "R and a number is how ACP itself numbers records, so the scenario cannot call a record so. Use a word.",
    ),
    ("not-a-number", "A whole number in digits is needed, in the range that the message gives."),
    (
        "not-a-scenario",
        "The file holds no scenario: it is empty, or something else. A scenario begins with `scenario:` and its title; a world is only ever used by others.",
    ),
    (
        "not-a-step",
        "Each step begins with `when:` (something happens) or `then:` (something must be so), with a sentence behind it.",
    ),
    (
        "not-closed",
        "A bracket or quote is opened and not closed, or closed and not opened. The message points at where it was opened.",
    ),
    (
        "not-for-this-system",
        "The rostering system that is meant does not have this: service orders and requirements are Care Rostering's, prefixes are People Planner's.",
    ),
    (
        "not-utf8",
        "The file is not text in UTF-8. Save it as UTF-8; spreadsheet programs and old editors often use another encoding.",
    ),
    ("not-yet", "Something is used before it is there. Move it below what makes it."),
    (
        "nothing-checked",
        "A `then`, or a part of it, looks at nothing, so it could not fail. Say what must be so.",
    ),
    (
        "nothing-done",
        "A `when`, or a part of it, does nothing. Say what is done, or let time pass with `after`.",
    ),
    (
        "one-word-name",
        "`name` is split into given and family name at its last space, and this one has none. Write `given name` or `family name`.",
    ),
    ("parameter-here", "`${...}` cannot stand here: what it belongs to is the same for all rows of `cases`."),
    (
        "proves-nothing",
        "Every scenario names at least one clause of the guidance that it proves. `rehearse list --rules` shows them.",
    ),
    (
        "real-nhs-number",
        "An NHS number that could be a real person's. Use the range that is never issued: ten digits that begin with 999.",
    ),
    (
        "several-documents",
        "A file holds more than one YAML document (a line `---` begins another). One scenario a file.",
    ),
    ("tab", "A line has a tab. Use spaces; inside quotes a tab can be written as \\t."),
    (
        "text-in-braces",
        "Inside { } or [ ] a comma is missing, or a text has brackets, a comma or a colon in it and needs quotes.",
    ),
    (
        "too-deep",
        "Lists and mappings are nested deeper than this reader takes. Nothing in the language needs more than eight levels.",
    ),
    (
        "too-large",
        "The file, a text in it, or the number of values or rows is beyond the limit that the message gives. Split it.",
    ),
    (
        "two-in-one",
        "Two things stand where there is room for one. Make two entries, steps or actions of them.",
    ),
    ("uneven-rows", "The rows of `cases` have different keys. Every row has those of the first."),
    (
        "unfit-value",
        "The value does not fit its field, for instance a date of birth that is no date. Where a wrong value is the point, write `{ raw: ... }`.",
    ),
    (
        "unknown-clause",
        "There is no such clause. `rehearse list --rules` shows every clause of the guidance.",
    ),
    ("unknown-field", "There is no such field of a service user or record. The message lists the fields."),
    (
        "unknown-key",
        "This key does not exist here. The message lists those that do, and the nearest of them.",
    ),
    ("unknown-parameter", "`${...}` names no key of the rows of `cases`."),
    (
        "unknown-reference",
        "A service user, branch, visit, record or other thing that nothing in the scenario defines. Define it in `given`, or correct the name; where a wrong name is the point, write `{ raw: ... }`.",
    ),
    ("unknown-setting", "There is no such setting of the engine. The message lists them."),
    (
        "unknown-zone",
        "Only `Europe/London` and offsets such as `+01:00` are time zones here. Abbreviations stand for different zones in different places.",
    ),
    (
        "unused-parameter",
        "The rows of `cases` have a key that nothing uses, so they differ in nothing. Write `${name}` where it belongs, or take it out.",
    ),
    ("used-twice", "A world is used twice, so everything in it would be there twice. Take one `use` out."),
    (
        "wait-in-when",
        "`within`, `for` and `never` say when a check must hold; a `when` happens at once. To let time pass before it, write `after`.",
    ),
    ("which-system", "There are several rostering systems and this does not say which. Add `system: NAME`."),
    ("wrong-kind", "A text stands where a list or mapping is needed, or the other way round."),
    ("wrong-length", "Two lists that go together have different lengths."),
    ("yaml", "The file cannot be read as YAML from this place on. Most often a text needs quotes."),
    (
        "yaml-anchor",
        "Anchors (`&`), aliases (`*`) and merge keys (`<<`) are not used here. Write the value out; quote a text that begins with such a mark.",
    ),
    (
        "yaml-tag",
        "Tags (`!`) are not used here: every value is read as it is written. Quote a text that begins with `!`.",
    ),
];

/// Codes that say that something is missing: silent where a file was cut off and may have had it further down.
pub(crate) const SAYS_MISSING: &[&str] = &[
    "missing-key",
    "never-live",
    "no-care-plan",
    "no-then",
    "not-a-scenario",
    "not-a-step",
    "nothing-checked",
    "nothing-done",
    "proves-nothing",
    "uneven-rows",
    "unknown-parameter",
    "unknown-reference",
    "unused-parameter",
    "which-system",
    "wrong-length",
];

pub(crate) fn says(code: &str) -> Option<&'static str> {
    CODES.iter().find(|(it, _)| *it == code).map(|(_, says)| *says)
}
