//! What an identity provider says of somebody: a SAML response, and the roles that it gives.
//!
//! ```xml
//! <samlp:Response …><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>
//! <Assertion …><AttributeStatement><Attribute Name="https://aws.amazon.com/SAML/Attributes/Role">
//! <AttributeValue>arn:aws:iam::123456789012:saml-provider/ADFS,arn:aws:iam::123456789012:role/Dev</AttributeValue>
//! ```
//!
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_providers_create_saml_assertions.html>

use super::form::Page;
use crate::secret::Secret;
use base64ct::{Base64, Encoding};
use roxmltree::{Document, Node};
use zeroize::Zeroizing;

/// A response that STS can be shown.
#[derive(Debug)]
pub(crate) struct Assertion {
    /// In base64.
    pub(crate) encoded: Secret,
    /// Without repetitions, in the provider's order.
    pub(crate) offers: Vec<Offer>,
    /// Only AWS can read which roles it gives.
    pub(crate) is_encrypted: bool,
}

/// A role that somebody may have, and the provider that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) role_arn: String,
    /// The provider as IAM knows it.
    pub(crate) principal_arn: String,
}

impl Assertion {
    /// Reads a response in base64, in lines or in one.
    ///
    /// An error says what is wrong with it, and nothing of what it holds but the provider's own words of refusal.
    pub(crate) fn decode(text: &str) -> Result<Self, String> {
        let encoded: Zeroizing<String> = Zeroizing::new(text.split_whitespace().collect());
        let xml = Base64::decode_vec(&encoded).map(Zeroizing::new).map_err(|_| "it is not in base64")?;
        Self::of_xml(&xml, Secret::new(encoded.as_str()))
    }

    /// Reads what a program printed: a response in base64, its XML, or the page that holds it.
    pub(crate) fn of_output(output: &str) -> Result<Self, String> {
        let text = output.trim_start_matches('\u{feff}').trim();
        if text.is_empty() {
            return Err("it is empty".into());
        }
        if !text.starts_with('<') {
            return Self::decode(text);
        }
        if let Some(response) = Page::read(text).hidden(FIELD) {
            return Self::decode(response.expose());
        }
        let is_page = text.get(..14).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype html"))
            || text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("<html"));
        if is_page {
            return Err(format!("it is a web page without a field {FIELD}"));
        }
        Self::of_xml(text.as_bytes(), Secret::new(Base64::encode_string(text.as_bytes())))
    }

    fn of_xml(xml: &[u8], encoded: Secret) -> Result<Self, String> {
        // STS takes no others.
        const LENGTH: std::ops::RangeInclusive<usize> = 4..=100_000;
        if !LENGTH.contains(&encoded.expose().len()) {
            return Err("it does not have the 4 to 100000 characters that AWS takes".into());
        }
        let text = str::from_utf8(xml).map_err(|_| "it is not text")?;
        let document =
            Document::parse(text.trim_start_matches('\u{feff}').trim_start()).map_err(|_| "it is not XML")?;
        let root = document.root_element();
        if !is(root, "Response") {
            return Err("it is not a SAML response".into());
        }
        refusal(root)?;
        let mut offers = Vec::new();
        for value in role_values(root) {
            let offer = Offer::parse(&text_of(value)).ok_or("a role in it is not ROLE,PROVIDER")?;
            if !offers.contains(&offer) {
                offers.push(offer);
            }
        }
        let is_encrypted = root.children().any(|node| is(node, "EncryptedAssertion"));
        if offers.is_empty() && !is_encrypted {
            return Err("it gives no role in AWS".into());
        }
        Ok(Self { encoded, offers, is_encrypted })
    }
}

/// The form field in which browsers carry it.
pub(super) const FIELD: &str = "SAMLResponse";

impl Offer {
    /// `ROLE,PROVIDER`, in either order.
    fn parse(text: &str) -> Option<Self> {
        let (one, other) = text.split_once(',')?;
        let (one, other) = (one.trim(), other.trim());
        let is_provider = |arn: &str| arn.starts_with("arn:") && arn.contains(":saml-provider/");
        let is_role = |arn: &str| arn.starts_with("arn:") && arn.contains(":role/");
        let (role_arn, principal_arn) = if is_provider(one) { (other, one) } else { (one, other) };
        let is_offer = is_role(role_arn) && is_provider(principal_arn);
        is_offer.then(|| Self { role_arn: role_arn.into(), principal_arn: principal_arn.into() })
    }
}

/// An error where the provider says no.
fn refusal(response: Node<'_, '_>) -> Result<(), String> {
    const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
    let status = response.children().find(|node| is(*node, "Status"));
    let codes = || status.into_iter().flat_map(|status| status.descendants()).filter(|node| is(*node, "StatusCode"));
    let codes: Vec<&str> = codes().filter_map(|code| code.attribute("Value")).collect();
    if codes.first() == Some(&SUCCESS) {
        return Ok(());
    }
    let Some(last) = codes.last() else { return Err("it does not say whether the sign-in succeeded".into()) };
    let last = last.rsplit(':').next().unwrap_or(last);
    let message = status.and_then(|status| status.children().find(|node| is(*node, "StatusMessage")));
    let message = message.and_then(|message| message.text()).map(str::trim).filter(|message| !message.is_empty());
    let words: String = match message {
        Some(message) => format!("{last}: {message}"),
        None => last.to_owned(),
    };
    Err(format!("the identity provider refused: {}", words.chars().take(300).collect::<String>()))
}

/// The values of the attribute that names roles, in the assertions of a response and nowhere else.
fn role_values<'a, 'input>(response: Node<'a, 'input>) -> impl Iterator<Item = Node<'a, 'input>> {
    const ROLE: &str = "https://aws.amazon.com/SAML/Attributes/Role";
    let inner = |name: &'static str| move |node: Node<'a, 'input>| node.children().filter(move |node| is(*node, name));
    let attributes = inner("Assertion")(response).flat_map(inner("AttributeStatement")).flat_map(inner("Attribute"));
    attributes.filter(|node| node.attribute("Name") == Some(ROLE)).flat_map(inner("AttributeValue"))
}

/// All text of a node: a comment in it takes nothing away.
fn text_of(node: Node<'_, '_>) -> String {
    node.descendants().filter(Node::is_text).filter_map(|piece| piece.text()).collect()
}

/// Whether it is an element of that name, whatever its namespace.
fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEV: &str = "arn:aws:iam::123456789012:role/Dev";
    const OPS: &str = "arn:aws-cn:iam::123456789012:role/path/Ops";
    const ADFS: &str = "arn:aws:iam::123456789012:saml-provider/ADFS";
    const OKTA: &str = "arn:aws-cn:iam::123456789012:saml-provider/Okta";

    fn response(body: &str) -> String {
        format!(
            "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"><samlp:Status><samlp:StatusCode \
             Value=\"urn:oasis:names:tc:SAML:2.0:status:Success\"/></samlp:Status>{body}</samlp:Response>"
        )
    }

    fn giving(values: &[&str]) -> String {
        let (open, close) = ("<AttributeValue>", "</AttributeValue>");
        let values: String = values.iter().flat_map(|value| [open, value, close]).collect();
        response(&format!(
            "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"><AttributeStatement><Attribute Name=\"https://\
             aws.amazon.com/SAML/Attributes/RoleSessionName\"><AttributeValue>jane</AttributeValue></Attribute>\
             <Attribute Name=\"https://aws.amazon.com/SAML/Attributes/Role\">{values}</Attribute></AttributeStatement>\
             </Assertion>"
        ))
    }

    fn offer(role_arn: &str, principal_arn: &str) -> Offer {
        Offer { role_arn: role_arn.into(), principal_arn: principal_arn.into() }
    }

    #[test]
    fn role_and_provider_come_in_either_order_and_each_pair_counts_once() {
        let xml = giving(&[&format!("{DEV},{ADFS}"), &format!(" {OKTA} ,\n{OPS} "), &format!("{ADFS},{DEV}")]);
        let assertion = Assertion::of_output(&xml).expect("a response");
        assert_eq!(assertion.offers, [offer(DEV, ADFS), offer(OPS, OKTA)]);
        assert_eq!(assertion.encoded.expose(), Base64::encode_string(xml.as_bytes()));
    }

    #[test]
    fn a_program_may_print_base64_in_lines_the_xml_or_the_page_with_it() {
        let xml = giving(&[&format!("{DEV},{ADFS}")]);
        let encoded = Base64::encode_string(xml.as_bytes());
        let lines: Vec<&str> = encoded.as_bytes().chunks(64).map(|line| str::from_utf8(line).expect("ASCII")).collect();
        let escaped = encoded.replace('+', "&#x2b;").replace('=', "&#61;");
        let page = |value: &str| {
            format!(
                "<!DOCTYPE html><title>Working…</title><!-- <input type=hidden name=SAMLResponse value=x> --><form>\
                 <INPUT TYPE='hidden' NAME=\"SAMLResponse\" VALUE=\"{value}\"/><input type=submit></form>"
            )
        };
        for output in [
            encoded.clone(),
            format!("\u{feff}\n{}\r\n", lines.join("\r\n")),
            xml.clone(),
            format!("<?xml version=\"1.0\"?>\n{xml}"),
            page(&escaped),
            page(&lines.join("\n")),
        ] {
            let assertion = Assertion::of_output(&output).unwrap_or_else(|why| panic!("{why}: {output}"));
            assert_eq!(assertion.offers, [offer(DEV, ADFS)], "{output}");
        }
    }

    #[test]
    fn what_is_of_no_use_is_refused_without_showing_it() {
        let denied = "<Response><Status><StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"><StatusCode \
                      Value=\"urn:oasis:names:tc:SAML:2.0:status:AuthnFailed\"/></StatusCode>\
                      <StatusMessage>no such person</StatusMessage></Status></Response>";
        let dtd = "<!DOCTYPE Response [<!ENTITY a \"hidden\">]><Response>&a;</Response>";
        let large = giving(&["x".repeat(80_000).as_str()]);
        let not_a_pair = giving(&["hidden"]);
        let two_roles = giving(&[&format!("{DEV},{DEV}")]);
        for (output, why) in [
            ("", "it is empty"),
            (" \n", "it is empty"),
            ("hidden!", "it is not in base64"),
            ("aGlkZGVu", "it is not XML"),
            ("/w==", "it is not text"),
            ("eA", "it is not in base64"),
            ("<hidden>", "it is not XML"),
            ("<hidden/>", "it is not a SAML response"),
            ("<!doctype html><p>hidden", "it is a web page without a field SAMLResponse"),
            ("<HTML><p>hidden", "it is a web page without a field SAMLResponse"),
            (dtd, "it is not XML"),
            (denied, "the identity provider refused: AuthnFailed: no such person"),
            ("<Response/>", "it does not say whether the sign-in succeeded"),
            (&response(""), "it gives no role in AWS"),
            (&not_a_pair, "a role in it is not ROLE,PROVIDER"),
            (&two_roles, "a role in it is not ROLE,PROVIDER"),
            (&large, "it does not have the 4 to 100000 characters that AWS takes"),
        ] {
            let error = Assertion::of_output(output).expect_err(output);
            assert_eq!(error, why, "{output}");
        }
    }

    #[test]
    fn roles_stand_in_an_assertion_and_comments_do_not_cut_them() {
        let cut = giving(&[&format!("arn:aws:iam::123456789012:role/D<!-- x -->ev,{ADFS}")]);
        let assertion = Assertion::of_output(&cut).expect("a response");
        assert_eq!(assertion.offers, [offer(DEV, ADFS)]);
        let elsewhere = giving(&[&format!("{DEV},{ADFS}")]);
        let elsewhere = elsewhere.replace("<Assertion", "<Extensions").replace("</Assertion", "</Extensions");
        assert_eq!(Assertion::of_output(&elsewhere).err().as_deref(), Some("it gives no role in AWS"));
    }

    #[test]
    fn of_an_encrypted_one_no_role_is_known() {
        let xml = response("<EncryptedAssertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\"/>");
        let assertion = Assertion::of_output(&xml).expect("a response");
        assert!(assertion.is_encrypted && assertion.offers.is_empty());
    }
}
