mod fake;
mod keyring;
mod real;

use super::{Limits, SecretService};
use crate::context::Vars;
use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::store::{Kept, SecretStore as _, Trouble};
use fake::{Socket, answering, completed, path, read_line};
use rustbus::ByteOrder;
use rustbus::message_builder::{DynamicHeader, MarshalledMessage, MarshalledMessageBody};
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

fn keys(id: &str) -> Kept {
    with_token(id, None)
}

fn session_keys(id: &str) -> Kept {
    with_token(id, Some(Secret::new("token//+==")))
}

fn with_token(id: &str, session_token: Option<Secret>) -> Kept {
    Kept::Keys(Credentials {
        access_key_id: id.into(),
        secret_access_key: Secret::new("wJalr/é\"\\+"),
        session_token,
        expiration: None,
        account_id: None,
    })
}

const LONG: Duration = Duration::from_secs(20);
const SHORT: Duration = Duration::from_millis(300);

/// What becomes of a reading that everybody has time for.
fn get(vars: &Vars) -> Result<Option<Kept>, Trouble> {
    get_within(LONG, LONG, vars)
}

/// The same where an answer and a person are not waited for that long.
fn get_within(call: Duration, prompt: Duration, vars: &Vars) -> Result<Option<Kept>, Trouble> {
    SecretService { vars, limits: Limits { call, prompt: Some(prompt) } }.get("dev")
}

fn silent() -> Result<Option<Kept>, Trouble> {
    Err(Trouble::TimedOut("the session bus or its keyring is silent".to_owned()))
}

#[test]
fn a_bus_that_never_answers_is_not_waited_for() {
    let began = Instant::now();
    let socket = Socket::new(|stream| {
        std::thread::sleep(LONG);
        drop(stream);
    });
    assert_eq!(get_within(SHORT, SHORT, &socket.vars()), silent());
    assert!(began.elapsed() < LONG / 2, "{:?}", began.elapsed());
}

#[test]
fn a_bus_that_drips_is_not_waited_for() {
    let began = Instant::now();
    let socket = Socket::new(|mut stream| {
        while stream.write_all(b"O").is_ok() {
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    assert_eq!(get_within(SHORT, SHORT, &socket.vars()), silent());
    assert!(began.elapsed() < LONG / 2, "{:?}", began.elapsed());
}

#[test]
fn a_keyring_that_never_answers_is_not_waited_for() {
    assert_eq!(get_within(SHORT, SHORT, &answering(|_, _| Vec::new()).vars()), silent());
}

/// Linux lets a connection wait in the queue of a socket, and one that finds it full waits for the queue.
#[test]
#[cfg(target_os = "linux")]
fn a_bus_that_takes_no_connections_is_not_waited_for() {
    let (socket, _listener) = Socket::listening();
    let vars = socket.vars();
    let bus = std::path::PathBuf::from(vars.os("XDG_RUNTIME_DIR").expect("it was set")).join("bus");
    let address = rustix::net::SocketAddrUnix::new(&bus).expect("it is short");
    let mut waiting = Vec::new();
    loop {
        use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with};
        let socket =
            socket_with(AddressFamily::UNIX, SocketType::STREAM, SocketFlags::NONBLOCK, None).expect("a socket");
        if connect(&socket, &address).is_err() {
            break;
        }
        waiting.push(socket);
        assert!(waiting.len() < 100_000, "the queue is full at some time");
    }
    let why = format!("the session bus at {:?} takes no connections", bus.display().to_string());
    assert_eq!(get_within(SHORT, SHORT, &vars), Err(Trouble::TimedOut(why)));
}

#[test]
fn what_is_no_bus_is_told_from_one_of_somebody_else() {
    let no_bus = || Trouble::Failed("what listens there is no bus".to_owned());
    for (line, trouble) in [
        ("HTTP/1.1 400 Bad Request\r\n", no_bus()),
        ("\r\n", no_bus()),
        ("REJECTED EXTERNAL\r\n", Trouble::Denied("the session bus is that of another user".to_owned())),
        ("", Trouble::Failed("the session bus closed the connection".to_owned())),
    ] {
        let socket = Socket::new(move |mut stream| {
            let opening = read_line(&mut stream);
            assert!(opening.starts_with("\0AUTH EXTERNAL "), "{opening:?}");
            stream.write_all(line.as_bytes()).expect("it is open");
        });
        assert_eq!(get(&socket.vars()), Err(trouble), "{line:?}");
    }
    let endless = Socket::new(|mut stream| while stream.write_all(&[b'x'; 4096]).is_ok() {});
    assert_eq!(get(&endless.vars()), Err(no_bus()));
}

#[test]
fn nonsense_in_place_of_a_message_is_refused() {
    for nonsense in [[0; 64], [b'l'; 64], [0xff; 64], {
        let mut huge = [0xff; 64];
        huge[..4].copy_from_slice(&[b'l', 2, 0, 1]);
        huge
    }] {
        let socket = Socket::new(move |mut stream| {
            read_line(&mut stream);
            stream.write_all(b"OK 0a1b\r\n").expect("it is open");
            stream.write_all(&nonsense).expect("it is open");
            // Until whoever reads it has gone.
            let _ = stream.read_to_end(&mut Vec::new());
        });
        let why = "the session bus or its keyring sent what is no answer".to_owned();
        assert_eq!(get(&socket.vars()), Err(Trouble::Failed(why)), "{nonsense:?}");
    }
}

#[test]
fn no_bus_is_absence() {
    let absent = |vars: &Vars| match get(vars) {
        Err(Trouble::Absent(why)) => why,
        other => panic!("{other:?}"),
    };
    let why = "there is no session bus: neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set";
    assert_eq!(absent(&Vars::default()), why);
    let nowhere = Vars::from([("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/bus")]);
    let why = "there is no session bus at \"/nowhere/bus\": No such file or directory (os error 2)";
    assert_eq!(absent(&nowhere), why);
    let nobody =
        Vars::from([("DBUS_SESSION_BUS_ADDRESS", "unix:abstract=keyfob-nobody-listens;unix:path=/nowhere/bus")]);
    let why = absent(&nobody);
    assert!(why.contains("abstract \"keyfob-nobody-listens\": "), "{why}");
    assert!(why.contains("\"/nowhere/bus\": "), "{why}");
}

/// A keyring that has an entry and is locked; what it does when it is to ask a person, and whether that unlocks it.
fn locked(
    asked: impl Fn(&DynamicHeader) -> Vec<MarshalledMessage> + Send + 'static,
) -> (Socket, Arc<Mutex<Vec<String>>>) {
    let calls = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&calls);
    let was_asked = AtomicBool::new(false);
    let socket = answering(move |member, call| {
        noted.lock().expect("nobody panics").push(member.to_owned());
        let mut answer = call.make_response();
        let entry = [path("/secrets/1")];
        let body = &mut answer.body;
        match member {
            "OpenSession" => body.push_variant("").and_then(|()| body.push_param(path("/session"))),
            "SearchItems" if was_asked.load(Ordering::Relaxed) => body.push_param2(&entry[..], &entry[..0]),
            "SearchItems" => body.push_param2(&entry[..0], &entry[..]),
            "Unlock" => body.push_param2(&entry[..0], path("/prompt")),
            "GetSecret" => {
                let secret: &[u8] = br#"{"aws_access_key_id":"A","aws_secret_access_key":"wJalr/\u00e9\"\\+"}"#;
                body.push_param((path("/session"), &[0_u8; 0][..], secret, "application/json"))
            }
            "Prompt" => {
                was_asked.store(true, Ordering::Relaxed);
                return asked(call);
            }
            _ => Ok(()),
        }
        .expect("the answers are right");
        vec![answer]
    });
    (socket, calls)
}

#[test]
fn a_person_who_unlocks_the_keyring_is_waited_for() {
    // The signal may come first.
    for order in [[0, 1], [1, 0]] {
        let (socket, _) = locked(move |call| {
            let mut messages = vec![call.make_response(), completed("/prompt", false)];
            messages.swap(order[0], 1 - order[1]);
            messages
        });
        assert_eq!(get(&socket.vars()), Ok(Some(keys("A"))));
    }
}

#[test]
fn a_question_that_was_dismissed_is_a_refusal_where_there_is_a_desktop() {
    for (display, trouble) in [
        ("DISPLAY", Trouble::Denied("its question was dismissed".to_owned())),
        ("WAYLAND_DISPLAY", Trouble::Denied("its question was dismissed".to_owned())),
        ("OTHER", Trouble::Locked("there is no desktop to ask for its password on".to_owned())),
    ] {
        let (socket, _) = locked(|call| vec![call.make_response(), completed("/prompt", true)]);
        assert_eq!(get(&socket.vars().with(display, ":0")), Err(trouble));
    }
}

#[test]
fn a_question_that_nobody_answers_is_taken_back() {
    let (socket, calls) = locked(|call| vec![call.make_response(), completed("/other", false)]);
    let why = "nobody answered its question on the desktop".to_owned();
    assert_eq!(get_within(LONG, SHORT, &socket.vars()), Err(Trouble::TimedOut(why)));
    assert_eq!(calls.lock().expect("nobody panics").last().map(String::as_str), Some("Dismiss"));
}

#[test]
fn an_answer_whose_lengths_lie_is_refused() {
    let socket = answering(|member, call| {
        let mut answer = call.make_response();
        let entry = [path("/secrets/1")];
        let body = &mut answer.body;
        match member {
            "OpenSession" => body.push_variant("").and_then(|()| body.push_param(path("/session"))),
            "SearchItems" => body.push_param2(&entry[..], &entry[..0]),
            _ => body.push_param((path("/session"), &[0_u8; 0][..], &b"secret"[..], "application/json")),
        }
        .expect("the answers are right");
        if member == "GetSecret" {
            let mut bytes = answer.get_buf().to_vec();
            let at = bytes.windows(6).position(|window| window == b"secret").expect("it is there") - 4;
            bytes[at..at + 4].copy_from_slice(&0x7fff_u32.to_ne_bytes());
            let order = if cfg!(target_endian = "little") { ByteOrder::LittleEndian } else { ByteOrder::BigEndian };
            answer.body = MarshalledMessageBody::from_parts(bytes, vec![], answer.get_sig().to_owned(), order);
        }
        vec![answer]
    });
    let why = "the session bus or its keyring sent what is no answer".to_owned();
    assert_eq!(get(&socket.vars()), Err(Trouble::Failed(why)));
}

#[test]
fn a_collection_that_stays_locked_is_not_taken_for_an_empty_one() {
    let socket = answering(|member, call| {
        let mut answer = call.make_response();
        let none = &[path("/")][..0];
        let body = &mut answer.body;
        match member {
            "OpenSession" => body.push_variant("").and_then(|()| body.push_param(path("/session"))),
            "SearchItems" => body.push_param2(none, none),
            "ReadAlias" => body.push_param(path("/collection")),
            "Get" => body.push_variant(true),
            "Unlock" => body.push_param2(none, path("/")),
            _ => Ok(()),
        }
        .expect("the answers are right");
        vec![answer]
    });
    let why = "its question was answered, and it stayed locked".to_owned();
    assert_eq!(get(&socket.vars()), Err(Trouble::Locked(why)));
}

#[test]
fn nobody_is_asked_in_haste() {
    let (socket, calls) = locked(|call| vec![call.make_response(), completed("/prompt", false)]);
    let limits = Limits { call: LONG, prompt: None };
    let got = SecretService { vars: &socket.vars(), limits }.get("dev");
    assert_eq!(got, Err(Trouble::Locked("its question is not asked now".to_owned())));
    assert!(!calls.lock().expect("nobody panics").iter().any(|call| call == "Prompt"));
}
