//! `rehearse serve` from outside: what it prints, what it answers, how it ends.

mod common;

use common::{
    Ended, Folder,
    served::{get, serve},
};

#[test]
fn a_sandbox_is_there_at_once_and_ends_well_when_asked() {
    let folder = Folder::new();
    let mut served = serve(&folder);
    assert!(served.url.starts_with("http://127.0.0.1:"), "{}", served.url);
    let world = get(&served, "/v1/worlds/sandbox");
    assert!(world.starts_with("HTTP/1.1 200") && world.contains("2026-03-02T09:00:00Z"), "{world}");
    let key = std::mem::replace(&mut served.key, "another".into());
    assert!(get(&served, "/v1/worlds/sandbox").starts_with("HTTP/1.1 401"));
    served.key = key;
    #[cfg(unix)]
    {
        let id = served.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-INT", &id]).status().expect("kill").success());
        assert_eq!(served.child.wait().expect("it ends").code(), Some(0));
    }
    assert!(folder.files().is_empty(), "{:?}", folder.files());
}

#[test]
fn a_port_that_is_taken_is_said_with_a_way_out() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let ended = Folder::new().rehearse(&["serve", "--port", &port]);
    assert_eq!(ended.code, 5, "{ended:?}");
    assert!(ended.err.contains(&port) && ended.err.contains("--port"), "{ended:?}");
    assert_eq!(ended.out, "");
}

#[test]
fn a_key_that_anybody_could_guess_is_refused_and_not_repeated() {
    let folder = Folder::new();
    let ended = Ended::of(folder.command(&["serve", "--port", "0"]).env("REHEARSE_KEY", "hunter2"));
    assert_eq!(ended.code, 2, "{ended:?}");
    assert!(ended.err.contains("at least 32 characters") && !ended.err.contains("hunter2"), "{ended:?}");
}

#[test]
fn a_webhook_that_leaves_this_computer_is_refused_and_no_secret_repeated() {
    let folder = Folder::new();
    let serve = ["serve", "--port", "0", "--webhook"];
    let refused = folder.rehearse(&[&serve[..], &["http://example.com/hook"]].concat());
    assert!(refused.code == 2 && refused.err.contains("example.com is not this computer"), "{refused:?}");
    assert!(refused.err.contains("--allow-remote"), "{refused:?}");
    let wrong = folder.rehearse(&[&serve[..], &["https://127.0.0.1/"]].concat());
    assert!(wrong.code == 2 && wrong.err.contains("plain HTTP"), "{wrong:?}");
    let mut command = folder.command(&[&serve[..], &["http://127.0.0.1:1/"]].concat());
    let short = Ended::of(command.env("REHEARSE_WEBHOOK_SECRET", "whsec_hunter2"));
    assert!(
        short.code == 2 && short.err.contains("whsec_ and the base64") && !short.err.contains("hunter2"),
        "{short:?}"
    );
}

#[test]
fn the_clock_is_moved_from_a_script() {
    let folder = Folder::new();
    let served = serve(&folder);
    let clock = |how: &[&str]| {
        let words: Vec<&str> = ["clock", "--url", &served.url].iter().chain(how).copied().collect();
        Ended::of(folder.command(&words).env("REHEARSE_KEY", &served.key))
    };
    let says = |how: &[&str], what: &str| {
        let ended = clock(how);
        assert!(ended.code == 0 && ended.out.contains(what), "{how:?}: {ended:?}");
    };
    says(&[], "Clock: Mon 2 March 2026, 9:00am. Nothing is due.");
    says(&["+20m"], "Clock: Mon 2 March 2026, 9:20am.");
    says(&["to", "5:30pm"], "Clock: Mon 2 March 2026, 5:30pm.");
    says(&["back", "to", "9:10am"], "Clock: Mon 2 March 2026, 9:10am.");
    let ended = clock(&["next"]);
    assert!(ended.code == 4 && ended.err.contains("Nothing is due"), "{ended:?}");
    let ended = clock(&["sideways"]);
    assert!(ended.code == 2 && ended.err.contains("+20m"), "{ended:?}");
    let ended = Ended::of(folder.command(&["clock", "--url", &served.url]).env("REHEARSE_KEY", "no"));
    assert!(ended.code == 4 && ended.err.contains("401"), "{ended:?}");
}
