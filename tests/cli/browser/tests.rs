//! That the browser does as it is told and tells what it saw, shown with a small site in the place of AWS and keyfob.

use super::{super::fake::IdentityCenter, *};
use std::{
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    thread,
};

const GOOD: &str = "<!doctype html><html lang=en><title>Done</title><link rel=icon href='data:,'>\
    <style>:root{color-scheme:light dark}body{background:#fff;color:#000}\
    @media(prefers-color-scheme:dark){body{background:#000;color:#fff}}</style><h1>Well done</h1>";
const BAD: &str = "<!doctype html><meta http-equiv=Content-Security-Policy content=\"style-src 'unsafe-inline'; \
    script-src 'none'; img-src data:\"><link rel=icon href='data:,'>\
    <style>body{background:#fff;width:500px}p{color:#999;animation:move 9s infinite}@keyframes move{to{opacity:.5}}\
    </style><p>Faint<script>alert(1)</script><iframe src='http://127.0.0.1:1/?code=1'></iframe>";

/// Serves the site as long as the tests run; the answer is its address.
fn site() -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("127.0.0.1 has a free port");
    let address = listener.local_addr().expect("a bound socket has an address");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // Browsers open connections that they may need later.
            thread::spawn(move || answer(stream));
        }
    });
    format!("http://{address}")
}

fn answer(mut stream: TcpStream) -> Option<()> {
    let mut lines = BufReader::new(stream.try_clone().ok()?).lines().map_while(Result::ok);
    let first = lines.next()?;
    lines.find(String::is_empty)?;
    let (status, page) = match first.split(' ').nth(1)? {
        "/consent?for=keyfob" => {
            let choices = "<a id=allow href='/oauth/callback?code=1'>Allow</a> <button id=deny>Deny</button>";
            let deny = "deny.onclick = () => location = '/oauth/callback?error=access_denied'";
            ("200 OK", format!("<!doctype html>{choices}<script>{deny}; console.error('not of the end')</script>"))
        }
        "/good" | "/oauth/callback?code=1" => ("200 OK", GOOD.to_owned()),
        "/oauth/callback?error=access_denied" => ("400 Bad Request", GOOD.replace("Well", "Not")),
        "/bad" => ("200 OK", BAD.to_owned()),
        _ => ("404 Not Found", String::new()),
    };
    let head = format!("HTTP/1.1 {status}\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", page.len());
    stream.write_all(format!("{head}Connection: close\r\n\r\n{page}").as_bytes()).ok()
}

#[test]
fn a_person_allows_or_denies_and_looks_at_the_end() {
    let Some(browser) = Browser::find() else { return };
    let home = Home::new();
    let site = site();
    for (choice, status, heading) in [("allow", 200, "Well done"), ("deny", 400, "Not done")] {
        let person = browser.person(&home, choice);
        home.program(person.command(), [format!("{site}/consent?for=keyfob")]).run();
        let sight = person.sight();
        assert_eq!(faults(&sight), [""; 0], "{sight:#}");
        assert_eq!(sight["url"], format!("{site}/oauth/callback"));
        assert_eq!(sight["status"], status);
        assert_eq!(sight["title"], "Done");
        assert_eq!(sight["h1"][0], heading);
        assert_eq!(sight["text"], heading);
        let requests = [format!("{site}/consent"), format!("{site}/oauth/callback")];
        assert_eq!(sight["requests"], Value::from(requests.to_vec()));
    }
}

#[test]
fn a_person_decides_about_a_device_of_identity_center() {
    let Some(browser) = Browser::find() else { return };
    let home = Home::new();
    let center = IdentityCenter::start();
    let client = center.register_for_devices(Some("corp"), &[]);
    for choice in ["allow", "deny"] {
        let device = center.oidc.start_device(&client.client_id);
        let person = browser.person(&home, choice);
        home.program(person.command(), [device.verification_uri_complete.clone()]).run();
        let sight = person.sight();
        assert_eq!(
            (&sight["url"], &sight["status"]),
            (&format!("{}/device/end", center.oidc.url()).into(), &200.into())
        );
        assert_eq!(sight["failed_requests"], Value::from(Vec::<Value>::new()));
        // It is decided now.
        assert_eq!(center.oidc.page(&device.verification_uri_complete).status, "400");
    }
}

#[test]
fn a_page_in_disorder_is_noticed() {
    let Some(browser) = Browser::find() else { return };
    let home = Home::new();
    let site = site();
    let sights = browser.look(&home, &[format!("{site}/good"), format!("{site}/bad")]);
    assert_eq!(faults(&sights[0]), [""; 0], "{:#}", sights[0]);
    assert_eq!(
        faults(&sights[1]),
        [
            "requests failed",
            "the console shows errors",
            "its own policy is violated",
            "its language is not said",
            "it has not one heading",
            "it has no title",
            "night is like day",
            "text is too faint by day",
            "text is too faint at night",
            "it is wider than a narrow screen",
            "it moves for those who asked for rest",
        ],
        "{:#}",
        sights[1]
    );
}
