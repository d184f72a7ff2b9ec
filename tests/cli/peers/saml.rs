//! That moto's AWS takes an assertion for a role, and the role's keys after that.

use super::{
    super::{keyfob::Home, peer, scene::ROLE},
    Server, json,
};

const PROVIDER: &str = "arn:aws:iam::123456789012:saml-provider/ADFS";

#[test]
fn moto_gives_the_role_for_an_assertion_and_accepts_its_keys() {
    let Some(python) = peer::python(&["moto.server"]) else { return };
    let server = Server::start(&python, "moto_server.py", &serde_json::json!("unchecked"));
    let attribute = |name: &str, value: &str| {
        format!(
            "<Attribute Name=\"https://aws.amazon.com/SAML/Attributes/{name}\"><AttributeValue>{value}</AttributeValue>\
             </Attribute>"
        )
    };
    let attributes = attribute("RoleSessionName", "jane") + &attribute("Role", &format!("{ROLE},{PROVIDER}"));
    let response = format!(
        "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><samlp:Status><samlp:StatusCode \
         Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status><Assertion \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><AttributeStatement>{attributes}</AttributeStatement>\
         </Assertion></samlp:Response>"
    );
    let home = Home::new().env("AWS_ENDPOINT_URL_STS", server.fact("url")).config(&format!(
        "[profile corp]\nsaml_process = cat response.xml\nregion = us-east-1\n[profile again]\nrole_arn = {ROLE}\n\
         source_profile = corp\nrole_session_name = twice\nregion = us-east-1\n"
    ));
    home.write("response.xml", response);
    for (profile, session) in [("corp", "jane"), ("again", "twice")] {
        let run = home.keyfob(["whoami", profile, "--json"]).any_stdout().run();
        assert_eq!(json(&run.stdout)["Arn"], format!("arn:aws:sts::123456789012:assumed-role/Demo/{session}"));
    }
}
