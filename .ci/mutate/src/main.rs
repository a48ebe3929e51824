//! Makes every change that a test should notice, all in one copy of the sources, each switched on at run time by a number:
//! `mutate FILE...` rewrites the files in place and prints one line of JSON for each change. One build plays them all,
//! where a build for each takes a day. `REHEARSE_MUTANT=7` switches the seventh on. In a file written `+FILE` only the
//! uses of changed constants are rewritten.
//!
//! The kinds are those of cargo-mutants, and what it leaves out: the neighbours of comparisons, and lengths of time, a
//! second more and a second less wherever they are used. Other code that is worked out while compiling (`const fn`) cannot
//! be switched. It knows no types: a change that does not compile is left out afterwards (`--without FILE` has numbers).

mod edits;
mod find;

use std::{collections::BTreeSet, fs};

fn main() {
    let mut args: Vec<String> = std::env::args().skip(1).collect();
    let mut without = BTreeSet::new();
    if args.first().is_some_and(|arg| arg == "--without") {
        let text = fs::read_to_string(&args[1]).unwrap_or_default();
        without = text.split_whitespace().filter_map(|it| it.parse::<u32>().ok()).collect();
        args.drain(..2);
    }
    let mut next = 1;
    let files: Vec<(bool, String, String, syn::File)> = args.into_iter().map(read).collect();
    let mut constants = find::Constants::new();
    for (_, path, _, file) in files.iter().filter(|(is_changed, ..)| *is_changed) {
        for (name, line, kind) in find::constants(file) {
            for change in [format!("{name} a {kind} more"), format!("{name} a {kind} less")] {
                if !without.contains(&next) {
                    let line = serde_json::json!({
                        "number": next, "file": path, "line": line, "kind": "constant", "change": change,
                    });
                    println!("{line}");
                }
                next += 1;
            }
            constants.insert(name, (next - 2, kind));
        }
    }
    for (is_changed, path, source, file) in files {
        let found = find::mutants(&file, &source, is_changed, &constants, &mut next);
        let kept: Vec<&find::Mutant> = found.iter().filter(|it| !without.contains(&it.number)).collect();
        for it in kept.iter().filter(|it| it.kind != "use") {
            let line = serde_json::json!({
                "number": it.number, "file": path, "line": it.line, "kind": it.kind, "change": it.change,
            });
            println!("{line}");
        }
        let written = edits::apply(&source, &kept);
        fs::write(&path, written).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
}

fn read(arg: String) -> (bool, String, String, syn::File) {
    let path = arg.strip_prefix('+').unwrap_or(&arg).to_owned();
    let source = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let file = syn::parse_file(&source).unwrap_or_else(|error| panic!("{path}: {error}"));
    (!arg.starts_with('+'), path, source, file)
}
