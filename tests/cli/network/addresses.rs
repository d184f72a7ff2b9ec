//! Addresses of both families, and names that have several.

#[cfg(target_os = "linux")]
use super::super::keyfob::{Home, Invocation};
use super::*;
use std::net::Ipv6Addr;

/// `None`, and aloud, where the machine has no IPv6.
fn sts_over_ipv6() -> Option<Sts> {
    let has_ipv6 = TcpListener::bind((Ipv6Addr::LOCALHOST, 0)).is_ok();
    if !has_ipv6 {
        eprintln!("skipped: there is no ::1");
    }
    has_ipv6.then(|| Sts::start_at(Ipv6Addr::LOCALHOST.into()))
}

#[test]
fn service_may_have_an_ipv6_address_alone() {
    let Some(sts) = sts_over_ipv6() else { return };
    let scene = Scene::around(sts, "");
    scene.sts.expect(demo_role());
    scene.process().stdout(issued_document(1)).run();
}

#[test]
fn proxy_may_have_an_ipv6_address() {
    if sts_over_ipv6().is_none() {
        return;
    }
    let (scene, host) = behind_proxy();
    let proxy = Proxy::at(Ipv6Addr::LOCALHOST.into(), scene.sts.address());
    scene.sts.expect(demo_role());
    scene.process().env("HTTPS_PROXY", &format!("http://{}", proxy.address())).stdout(issued_document(1)).run();
    assert!(proxy.heads()[0].starts_with(&format!("CONNECT {host} ")), "{:?}", proxy.heads());
    let bracketed = proxy.address();
    drop(proxy);
    scene.home.clear_cache();
    let run = scene.process().env("HTTPS_PROXY", &bracketed).env("AWS_MAX_ATTEMPTS", "1");
    fails(run, &format!("the proxy {bracketed} of HTTPS_PROXY: "), "HTTPS_PROXY");
}

/// Whatever the machine's hosts file knows of it.
#[test]
fn localhost_is_reached_at_either_of_its_addresses() {
    let services = [Some(Sts::start()), sts_over_ipv6()];
    for sts in services.into_iter().flatten() {
        let scene = Scene::around(sts, "");
        let host = format!("localhost:{}", scene.sts.address().port());
        scene.sts.set_host(&host);
        scene.sts.expect(demo_role());
        scene.process().env("AWS_ENDPOINT_URL_STS", &format!("http://{host}")).stdout(issued_document(1)).run();
    }
}

/// A program that sees these lines as its `/etc/hosts`; `None`, and aloud, where this user cannot have that.
#[cfg(target_os = "linux")]
fn with_hosts(home: &Home, hosts: &str, arguments: &[&str]) -> Option<Invocation> {
    let hosts = home.write("hosts", hosts);
    let script = format!("mount --bind '{}' /etc/hosts && exec \"$@\"", hosts.display());
    let run = |arguments: &[&str]| {
        let arguments = ["-m", "sh", "-c", &script, "sh"].into_iter().chain(arguments.iter().copied());
        home.program("unshare", arguments)
    };
    if run(&["true"]).any_code().any_stdout().any_stderr().run().code != 0 {
        eprintln!("skipped: this user cannot give a program another /etc/hosts");
        return None;
    }
    Some(run(arguments))
}

/// Or the container's token would go to whomever it names.
#[cfg(target_os = "linux")]
#[test]
fn hosts_file_does_not_lead_localhost_elsewhere() {
    use super::super::{
        fake::{Container, Keys, Timestamp, imds::role_document},
        scene::END,
    };
    // An address for documentation, which is nobody's.
    const HOSTS: &str = "192.0.2.1 localhost\n2001:db8::1 localhost\n";
    let scene = Scene::new();
    let host = format!("localhost:{}", scene.sts.address().port());
    scene.sts.set_host(&host);
    let arguments = [env!("CARGO_BIN_EXE_keyfob"), "process", "--profile", "dev"];
    let Some(run) = with_hosts(&scene.home, HOSTS, &arguments) else { return };
    scene.sts.expect(demo_role());
    let run = run.secrets_expected().env("AWS_ENDPOINT_URL_STS", &format!("http://{host}"));
    run.stdout(issued_document(1)).run();

    let container = Container::start();
    let keys = Keys::of_session("task", Timestamp::parse_rfc3339(END).expect("it is a time"));
    container.expect(Reply::json(200, &role_document(&keys, None)));
    let url = container.url().replace("127.0.0.1", "localhost");
    let run = with_hosts(&scene.home, HOSTS, &arguments[..2]).expect("it went once").secrets_expected();
    run.env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url).stdout(keys.document(None)).run();
}

/// Each service listens on one address of the name; on the other nobody does, or nobody answers at all.
#[cfg(target_os = "linux")]
#[test]
fn dead_address_before_or_after_the_living_one_does_not_matter() {
    use std::net::IpAddr;
    let Some(_) = sts_over_ipv6() else { return };
    for (ip, dead) in [
        (IpAddr::V6(Ipv6Addr::LOCALHOST), "127.0.0.1"),
        (IpAddr::V4(Ipv4Addr::LOCALHOST), "::1"),
        // Addresses for documentation, which are nobody's: such a packet is dropped, or has no way to go.
        (IpAddr::V4(Ipv4Addr::LOCALHOST), "2001:db8::1"),
        (IpAddr::V6(Ipv6Addr::LOCALHOST), "192.0.2.1"),
        // The name has no address of IPv4.
        (IpAddr::V6(Ipv6Addr::LOCALHOST), "::1"),
    ] {
        let scene = Scene::around(Sts::start_at(ip), "");
        let host = format!("{HOST}:{}", scene.sts.address().port());
        let arguments = [env!("CARGO_BIN_EXE_keyfob"), "process", "--profile", "dev"];
        let Some(run) = with_hosts(&scene.home, &format!("{dead} {HOST}\n{ip} {HOST}\n"), &arguments) else { return };
        scene.sts.set_host(&host);
        scene.sts.expect(demo_role());
        run.secrets_expected().env("AWS_ENDPOINT_URL_STS", &format!("http://{host}")).stdout(issued_document(1)).run();
    }
}

#[test]
fn name_that_nobody_knows_is_told() {
    let scene = Scene::new();
    let run = scene.process().env("AWS_ENDPOINT_URL_STS", &format!("http://{HOST}")).env("AWS_MAX_ATTEMPTS", "1");
    let cause = format!("AssumeRole at {HOST}: the host's name has no address");
    fails(run, &cause, "check the network, the region, and HTTPS_PROXY and NO_PROXY");
}
