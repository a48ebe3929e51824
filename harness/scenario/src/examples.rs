//! For each code of a mistake: lines that have it, and the same lines put right. `rehearse explain CODE` shows both.
//! The tests put them into a scenario, and read it.

/// Wrong and right, as they would stand in a file. Without a line break at the end.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    pub code: &'static str,
    pub wrong: &'static str,
    pub right: &'static str,
}

macro_rules! examples {
    ($($code:literal: $wrong:literal => $right:literal;)+) => {
        /// One for each of [`crate::CODES`], in the same order.
        pub const EXAMPLES: &[Example] = &[$(Example { code: $code, wrong: $wrong, right: $right }),+];
    };
}

examples! {
    "backwards": "\
clock: 2026-03-26 09:00 Europe/London
steps:
  - then: she is there
    at: 2026-03-25 09:00
    acp: { service user: SU-1, has: { branch: North Leeds } }"
    => "\
clock: 2026-03-26 09:00 Europe/London
steps:
  - then: she is there
    at: 2026-03-27 09:00
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "clock-change": "clock: 2026-10-25 01:30" => "clock: 2026-10-25 01:30 +01:00";
    "colon-in-text": "about: Note: read this first" => "about: \"Note: read this first\"";
    "control-character": "about: \"A bell: \u{7}\"" => "about: \"A bell\"";
    "cyclic-use": "\
given:
  - use: worlds/that-uses-this-file.yaml"
    => "\
given:
  - use: worlds/leeds.yaml";
    "defined-twice": "\
given:
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - service user: { id: SU-1, name: Bo Lee, branch: North Leeds }"
    => "\
given:
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - service user: { id: SU-2, name: Bo Lee, branch: North Leeds }";
    "does-not-go": "  - when: her service ends
    in rostering: { service user: SU-1, terminate: today, move to: +1d }"
    => "  - when: her service ends
    in rostering: { service user: SU-1, terminate: today }";
    "duplicate-key": "\
tags: [branch]
tags: [timing]"
    => "tags: [branch, timing]";
    "empty": "about:" => "about: Why this matters.";
    "indentation": "\
steps:
  - then: she is there
     acp: { service user: SU-1, has: { branch: North Leeds } }"
    => "\
steps:
  - then: she is there
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "key-not-text": "skip: { [reason]: not today }"
    => "skip: { reason: not today }";
    "missing-key": "  - visit: { for: SU-1 }" => "  - visit: { for: SU-1, starts: +1d }";
    "never-live": "\
given:
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
steps:
  - then: she arrives
    within: 24h
    acp: { service user: SU-1, has: { branch: North Leeds } }"
    => "\
given:
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
steps:
  - when: the integration is switched on
    integration: goes live
  - then: she arrives
    within: 24h
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "newer-format": "format: 2" => "format: 1";
    "no-care-plan": "  - acp record: { name: Ada Okafor, branch: North Leeds, activities: 2 }"
    => "  - acp record: { name: Ada Okafor, branch: North Leeds, care plans: 1, activities: 2 }";
    "no-then": "\
steps:
  - when: a day passes
    after: 1d"
    => "\
steps:
  - when: a day passes
    after: 1d
  - then: nothing has changed
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "no-time": "  - when: time passes
    after: 0m"
    => "  - when: time passes
    after: 20m";
    "no-world": "\
given:
  - use: worlds/leads.yaml"
    => "\
given:
  - use: worlds/leeds.yaml";
    "not-a-choice": "  - then: it was done
    accepted: true"
    => "  - then: it was done
    accepted: yes";
    "not-a-count": "  - then: there is one of her
    acp records: { external id: SU-1, count: one }"
    => "  - then: there is one of her
    acp records: { external id: SU-1, count: 1 }";
    "not-a-duration": "  - when: time passes
    after: 20 minutes"
    => "  - when: time passes
    after: 20m";
    "not-a-moment": "  - visit: { for: SU-1, starts: tomorrow }" => "  - visit: { for: SU-1, starts: +1d }";
    "not-a-name": "  - acp record: { called: R1, name: Ada Okafor, branch: North Leeds }"
    => "  - acp record: { called: hers, name: Ada Okafor, branch: North Leeds }";
    "not-a-number": "seed: seven" => "seed: 7";
    "not-a-scenario": "# nothing but a comment" => "scenario: What is promised";
    "not-a-step": "\
steps:
  - somebody waits: 20m
  - then: she is there
    acp: { service user: SU-1, has: { branch: North Leeds } }"
    => "\
steps:
  - when: somebody waits
    after: 20m
  - then: she is there
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "not-closed": "tags: [branch, timing" => "tags: [branch, timing]";
    "not-for-this-system": "\
given:
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - service order: { for: SU-1, id: O1 }"
    => "\
given:
  - rostering system: { name: rostering, system: care rostering }
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - service order: { for: SU-1, id: O1 }";
    "not-utf8": "about: A visit to the caf\\xE9        (the byte E9 alone, as old encodings have it)"
    => "about: A visit to the caf\u{e9}         (saved as UTF-8)";
    "not-yet": "\
given:
  - branches: [North Leeds]
  - visit: { for: SU-1, starts: +1d }
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }"
    => "\
given:
  - branches: [North Leeds]
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds }
  - visit: { for: SU-1, starts: +1d }";
    "nothing-checked": "  - then: she is there
    acp: { service user: SU-1 }"
    => "  - then: she is there
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "nothing-done": "  - when: somebody thinks about it" => "  - when: somebody thinks about it
    after: 20m";
    "one-word-name": "  - service user: { id: SU-2, name: Ada, branch: North Leeds }"
    => "  - service user: { id: SU-2, given name: Ada, branch: North Leeds }";
    "parameter-here": "\
cases:
  - { name: near, wait: 20m }
tags: [\"${wait}\"]
steps:
  - then: she is there
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }"
    => "\
cases:
  - { name: near, wait: 20m }
tags: [waiting]
steps:
  - then: she is there
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "proves-nothing": "proves: []" => "proves: [SYNC-1]";
    "real-nhs-number": "  - service user: { id: SU-2, name: Bo Lee, branch: North Leeds, nhs number: 943 476 5919 }"
    => "  - service user: { id: SU-2, name: Bo Lee, branch: North Leeds, nhs number: 999 000 0018 }";
    "several-documents": "\
tags: [branch]
---
scenario: Another one"
    => "tags: [branch]";
    "tab": "tags:\t[branch]" => "tags: [branch]";
    "text-in-braces": "  - service user: { id: SU-2, name: Bo Lee, branch: North Leeds, access details: Ring: twice }"
    => "  - service user: { id: SU-2, name: Bo Lee, branch: North Leeds, access details: \"Ring: twice\" }";
    "too-deep": "tags: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[branch]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]" => "tags: [branch]";
    "too-large": "  - population: { service users: 500000 }        (and more such, over the limit in all)"
    => "  - population: { service users: 2000 }";
    "two-in-one": "  - branches: [Selby]
    service user: { id: SU-2, name: Bo Lee, branch: Selby }"
    => "  - branches: [Selby]
  - service user: { id: SU-2, name: Bo Lee, branch: Selby }";
    "uneven-rows": "\
cases:
  - { name: near, wait: 20m }
  - { name: far }
steps:
  - then: she is there
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }"
    => "\
cases:
  - { name: near, wait: 20m }
  - { name: far, wait: 24h }
steps:
  - then: she is there
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "unfit-value": "  - service user: { id: SU-2, name: Bo Lee, branch: North Leeds, date of birth: 4 November }"
    => "  - service user: { id: SU-2, name: Bo Lee, branch: North Leeds, date of birth: 1938-11-04 }";
    "unknown-clause": "proves: [SINC-1]" => "proves: [SYNC-1]";
    "unknown-field": "  - when: her number is taken out
    in rostering: { service user: SU-1, clear: [telephone] }"
    => "  - when: her number is taken out
    in rostering: { service user: SU-1, clear: [phone] }";
    "unknown-key": "tgas: [branch]" => "tags: [branch]";
    "unknown-parameter": "\
cases:
  - { name: near, wait: 20m }
steps:
  - then: she is there
    after: ${waits}
    acp: { service user: SU-1, has: { branch: North Leeds } }
  - then: and later
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }"
    => "\
cases:
  - { name: near, wait: 20m }
steps:
  - then: she is there
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }
  - then: and later
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "unknown-reference": "  - visit: { for: SU-11, starts: +1d }" => "  - visit: { for: SU-1, starts: +1d }";
    "unknown-setting": "rules: { service_moves: needs_support }" => "rules: { service_move: needs_support }";
    "unknown-zone": "clock: 2026-03-26 09:00 GMT" => "clock: 2026-03-26 09:00 Europe/London";
    "unused-parameter": "\
cases:
  - { name: near, wait: 20m }"
    => "\
cases:
  - { name: near, wait: 20m }
steps:
  - then: she is there
    after: ${wait}
    acp: { service user: SU-1, has: { branch: North Leeds } }";
    "used-twice": "\
given:
  - use: worlds/leeds.yaml
  - use: worlds/leeds.yaml"
    => "\
given:
  - use: worlds/leeds.yaml";
    "wait-in-when": "  - when: an hour later her service ends
    within: 1h
    in rostering: { service user: SU-1, terminate: today }"
    => "  - when: an hour later her service ends
    after: 1h
    in rostering: { service user: SU-1, terminate: today }";
    "which-system": "\
given:
  - rostering system: { name: North, prefix: N- }
  - rostering system: { name: South, prefix: S- }
  - branches: [North Leeds]"
    => "\
given:
  - rostering system: { name: North, prefix: N- }
  - rostering system: { name: South, prefix: S- }
  - branches: [North Leeds]
    system: North
  - service user: { id: SU-1, name: Ada Okafor, branch: North Leeds, system: North }";
    "wrong-kind": "rules: needs_support" => "rules: { service_move: needs_support }";
    "wrong-length": "  - then: every value has somebody who set it
    history: { service user: SU-1, of: branch, values: [North Leeds, South Leeds], by: [integration] }"
    => "  - then: every value has somebody who set it
    history: { service user: SU-1, of: branch, values: [North Leeds, South Leeds], by: [integration, support] }";
    "yaml": "about: @ nine" => "about: \"@ nine\"";
    "yaml-anchor": "tags: &both [branch, timing]" => "tags: [branch, timing]";
    "yaml-tag": "seed: !!int 7" => "seed: 7";
}

/// The example for a code.
pub fn example(code: &str) -> Option<&'static Example> {
    EXAMPLES.iter().find(|example| example.code == code)
}
