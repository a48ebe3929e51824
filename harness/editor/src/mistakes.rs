//! The mistakes of a file that is open: of a scenario as `check` finds them, of a world as a scenario that uses it
//! would.

use scenario::Mistake;

/// All mistakes, those in worlds that the file uses too. `path` and `world` are as for [`scenario::read`].
pub fn mistakes(
    path: &str,
    source: &str,
    world: &mut dyn FnMut(&str) -> Result<String, String>,
) -> Vec<Mistake> {
    if !is_world(source) {
        return scenario::read(path, source, world).err().unwrap_or_default();
    }
    let (folder, name) =
        path.rsplit_once('/').map_or(("", path), |(_, name)| (&path[..path.len() - name.len()], name));
    let using = format!("{folder}.{name}.uses-it");
    let scenario = format!(
        "scenario: A scenario that uses the world\nproves: [SYNC-1]\nclock: 2026-03-02 09:00\ngiven:\n  - use: {}\nsteps:\n  \
         - then: nothing\n    accepted: yes\n",
        quoted(name)
    );
    let mut with_this = |asked: &str| if asked == path { Ok(source.to_owned()) } else { world(asked) };
    let found = scenario::read(&using, &scenario, &mut with_this).err().unwrap_or_default();
    found.into_iter().filter(|mistake| mistake.path != using).collect()
}

fn is_world(source: &str) -> bool {
    let mut lines = source.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty());
    lines.any(|line| line.starts_with("world:")) && !source.lines().any(|line| line.starts_with("scenario:"))
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}
