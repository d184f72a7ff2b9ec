//! What `keyfob login` leaves is a session to AWS's own SDKs, and stays one whoever renews it.

use super::{
    super::{
        super::{
            fake::{ACCOUNT, Keys, Proxy, Timestamp, refresh},
            keyfob::json,
            peer,
        },
        login_session::{MODULES, request_is_botocores},
        script, text,
    },
    *,
};
use std::{os::unix::fs::MetadataExt, path::PathBuf};

/// A program that asks one of AWS's SDKs for the credentials of profile `dev`.
struct Sdk {
    name: &'static str,
    /// Whether it refreshes where the session says that it began, and leaves that in the file.
    knows_regions: bool,
    program: PathBuf,
    arguments: Vec<String>,
}

impl Sdk {
    /// Those that are there.
    fn all() -> Vec<Self> {
        let (python_script, node_script) = (script("login_session.py"), script("login_session.mjs"));
        let botocore = peer::python(&MODULES).map(|python| {
            let arguments = ["-B", text(&python_script), "dev"].map(str::to_owned).to_vec();
            Self { name: "botocore", knows_regions: true, program: python, arguments }
        });
        let javascript = peer::node(&["@aws-sdk/credential-provider-login"]).map(|node| {
            // It warns of its own future with an older Node.js.
            let arguments = ["--no-warnings", text(&node_script), text(&node.packages), "dev"];
            let arguments = arguments.map(str::to_owned).to_vec();
            Self { name: "JavaScript", knows_regions: true, program: node.program, arguments }
        });
        let rust = peer::rust().map(|program| Self {
            name: "Rust",
            knows_regions: false,
            program,
            arguments: vec!["dev".to_owned()],
        });
        botocore.into_iter().chain(javascript).chain(rust).collect()
    }

    /// Checks what the SDK gets against the fake's keys of this number.
    #[track_caller]
    fn gets(&self, desk: &Desk, number: usize) {
        let run = desk.home.program(text(&self.program), self.arguments.clone());
        are_keys(&run.any_stdout().secrets_expected().run().stdout, number, self.name);
    }
}

#[track_caller]
fn are_keys(printed: &str, number: usize, whose: &str) {
    let printed = json(printed);
    let keys = json(&Keys::signed_in(number, Timestamp::now()).document(Some(ACCOUNT)));
    for member in ["AccessKeyId", "SecretAccessKey", "SessionToken", "AccountId"] {
        assert_eq!(printed[member], keys[member], "{member} of {whose}");
    }
}

/// Checks what keyfob prints against the fake's keys of this number, and their end against the file.
#[track_caller]
fn keyfob_prints(desk: &Desk, number: usize) {
    let printed = desk.process().any_stdout().run().stdout;
    are_keys(&printed, number, "keyfob");
    let file = json(&desk.read());
    // Some SDKs write fractions of a second.
    let end = file["accessToken"]["expiresAt"].as_str().and_then(|end| end.get(..19)).map(|end| format!("{end}Z"));
    assert_eq!(json(&printed)["Expiration"].as_str(), end.as_deref());
}

fn mode(desk: &Desk) -> u32 {
    let path = desk.home.path().join(desk.session.path());
    path.metadata().expect("the session has a file").mode() & 0o777
}

#[test]
fn a_new_session_is_used_as_it_is() {
    for sdk in Sdk::all() {
        let desk = empty_desk();
        sign_in_by_hand(&desk, &[]);
        let (file, connections) = (desk.read(), desk.signin.connections());
        sdk.gets(&desk, 1);
        assert_eq!(desk.signin.connections(), connections, "{} asked for more", sdk.name);
        assert_eq!(desk.read(), file);
    }
}

#[test]
fn keyfob_and_an_sdk_renew_a_session_in_turn() {
    for sdk in Sdk::all() {
        for way in [&[][..], &["--remote"]] {
            let desk = empty_desk();
            sign_in_by_hand(&desk, way);
            let before = json(&desk.read());
            desk.end_session();
            desk.signin.expect(refresh());
            sdk.gets(&desk, 2);
            keyfob_prints(&desk, 2);
            desk.end_session();
            desk.signin.expect(refresh());
            keyfob_prints(&desk, 3);
            sdk.gets(&desk, 3);
            desk.end_session();
            desk.signin.expect(refresh());
            sdk.gets(&desk, 4);
            keyfob_prints(&desk, 4);
            let (calls, answered) = (desk.signin.calls(), desk.signin.answered());
            assert_eq!(calls.len(), 4);
            for (call, answer) in calls[1..].iter().zip(&answered) {
                assert_eq!(call.refresh_token(), answer.refresh_token);
                assert_eq!(call.proof.thumbprint, calls[0].proof.thumbprint, "each proof is by the sign-in's key");
            }
            let after = json(&desk.read());
            let members = ["tokenType", "clientId", "idToken", "dpopKey", "signInRegion"];
            for member in &members[..if sdk.knows_regions { 5 } else { 4 }] {
                assert!(after[member].is_string());
                assert_eq!(after[member], before[member], "{member}");
            }
            assert_eq!(mode(&desk), 0o600);
        }
    }
}

/// By the service's own names, which a proxy leads to the fake.
#[test]
fn sessions_are_renewed_in_the_region_where_they_began() {
    const EU: &str = "eu-west-1.signin.aws.amazon.com";
    for sdk in Sdk::all().into_iter().filter(|sdk| sdk.knows_regions) {
        let signin = SignIn::start_as(EU);
        let proxy = Proxy::between(vec![(EU, signin.address())]);
        let home = Home::new().env("HTTPS_PROXY", &format!("http://{}", proxy.address()));
        // The profile's region is another one, and so is that of the run.
        let home = home.config("[profile dev]\nregion = us-east-1\n").env("AWS_REGION", "us-west-2");
        let ca = home.write("ca.pem", signin.ca_pem().expect("the fake speaks https"));
        let home = home.env("AWS_CA_BUNDLE", text(&ca)).env("NODE_EXTRA_CA_CERTS", text(&ca));
        let desk = Desk { session: signin.sign_in(ALICE), signin, home };
        sign_in_by_hand(&desk, &["--remote", "--region", "eu-west-1"]);
        assert_eq!(desk.home.read(".aws/config").matches("region = us-east-1\n").count(), 1);
        desk.end_session();
        desk.signin.expect(refresh());
        sdk.gets(&desk, 2);
        keyfob_prints(&desk, 2);
    }
}

#[test]
fn requests_are_such_as_botocore_sends() {
    let Some(python) = peer::python(&MODULES) else { return };
    for way in [&[][..], &["--remote"]] {
        let desk = empty_desk();
        sign_in_by_hand(&desk, way);
        desk.end_session();
        desk.signin.expect(refresh());
        keyfob_prints(&desk, 2);
        for call in desk.signin.calls() {
            request_is_botocores(&python, &desk, &call);
        }
    }
}
