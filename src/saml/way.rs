//! How one may sign in, and which of these ways a server offers. <https://www.rfc-editor.org/rfc/rfc9110#section-11>

use super::site::{Arrived, Failure};

/// How somebody signs in: what `saml_authentication` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Form,
    Basic,
    Ntlm,
    Negotiate,
}

impl Way {
    /// What there is, for people.
    pub(crate) const ALL: &str = "form, basic, ntlm and negotiate";

    /// `None` for what is none.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Form, Self::Basic, Self::Ntlm, Self::Negotiate]
            .into_iter()
            .find(|way| way.word().eq_ignore_ascii_case(text))
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Form => "form",
            Self::Basic => "Basic",
            Self::Ntlm => "NTLM",
            Self::Negotiate => "Negotiate",
        }
    }

    /// AD FS offers the ways of Windows to browsers that it knows.
    pub(super) fn browser(way: Option<Self>) -> &'static str {
        match way {
            Some(Self::Ntlm | Self::Negotiate) => {
                concat!(
                    "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0) keyfob/",
                    env!("CARGO_PKG_VERSION")
                )
            }
            _ => concat!("Mozilla/5.0 keyfob/", env!("CARGO_PKG_VERSION")),
        }
    }
}

/// The way to take of those that a server offers.
pub(super) fn offered(arrived: &Arrived, wanted: Option<Way>) -> Result<Way, Failure> {
    let schemes: Vec<&str> = arrived.challenges.iter().flat_map(|line| schemes(line)).collect();
    let is_offered = |way: &Way| schemes.iter().any(|scheme| scheme.eq_ignore_ascii_case(way.word()));
    let is_built = |way: &Way| cfg!(feature = "ntlm") || *way == Way::Basic;
    let host = arrived.address.host();
    let all = match schemes.as_slice() {
        [] => "nothing".to_owned(),
        schemes => schemes.join(", "),
    };
    let failure = || Failure::new(format!("{host} asks for authentication by HTTP, and offers {all}"));
    match wanted {
        Some(Way::Form) => Err(failure().hint("unset saml_authentication: what is offered is taken then")),
        Some(way) if !is_offered(&way) => Err(failure().hint("set saml_authentication to what it offers")),
        Some(way) if !is_built(&way) => Err(not_built(&failure())),
        Some(way) => Ok(way),
        None => {
            let known = [Way::Ntlm, Way::Negotiate, Way::Basic];
            let usable = known.into_iter().find(|way| is_offered(way) && is_built(way));
            usable.ok_or_else(|| {
                if known.iter().any(is_offered) {
                    not_built(&failure())
                } else {
                    failure().hint("let another program sign in, and name it in saml_process")
                }
            })
        }
    }
}

pub(super) fn not_built(failure: &Failure) -> Failure {
    let cause = format!("{}; this keyfob was built without NTLM", failure.cause);
    Failure::new(cause).hint("install a keyfob that has the feature \"ntlm\", or use saml_process")
}

/// The schemes in a `WWW-Authenticate` line, which may hold several: `Negotiate, NTLM, Basic realm="a, b"`.
fn schemes(line: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = line.split(move |letter| {
        is_quoted ^= letter == '"';
        letter == ',' && !is_quoted
    });
    // `realm="…"` alone is a parameter of the scheme before.
    parts.filter_map(|part| part.split_whitespace().next()).filter(|word| !word.contains('='))
}

#[cfg(test)]
mod tests {
    use super::super::Address;
    use super::*;
    use crate::secret::Secret;

    #[test]
    fn schemes_are_told_from_their_parameters() {
        for (line, expected) in [
            ("Negotiate", &["Negotiate"][..]),
            ("NTLM TlRMTVNTUAAC==", &["NTLM"]),
            ("Negotiate, NTLM, Basic realm=\"a, b\"", &["Negotiate", "NTLM", "Basic"]),
            ("Digest realm=\"x\", nonce=\"NTLM, y\", qop=auth", &["Digest"]),
            ("", &[]),
            (" , ", &[]),
        ] {
            assert_eq!(schemes(line).collect::<Vec<_>>(), expected, "{line}");
        }
    }

    /// The way that is taken of these, or why there is none.
    fn taken(challenges: &[&str], wanted: Option<Way>) -> Result<Way, String> {
        let arrived = Arrived {
            address: Address::parse("https://adfs/x").expect("an address"),
            status: 401,
            challenges: challenges.iter().map(|&line| line.to_owned()).collect(),
            text: Secret::new(""),
        };
        offered(&arrived, wanted).map_err(|failure| failure.cause)
    }

    #[test]
    fn best_way_that_is_built_is_taken() {
        let windows = |way| if cfg!(feature = "ntlm") { Ok(way) } else { Err("this keyfob was built without NTLM") };
        for (challenges, wanted, expected) in [
            (&["Basic realm=x"][..], None, Ok(Way::Basic)),
            (&["basic"], Some(Way::Basic), Ok(Way::Basic)),
            (&["Negotiate", "NTLM"], None, windows(Way::Ntlm)),
            (&["negotiate"], None, windows(Way::Negotiate)),
            (&["NTLM"], Some(Way::Ntlm), windows(Way::Ntlm)),
            (&["NTLM"], Some(Way::Negotiate), Err("offers NTLM")),
            (&["Digest x=y"], None, Err("offers Digest")),
            (&[], None, Err("offers nothing")),
            (&["Basic"], Some(Way::Form), Err("offers Basic")),
        ] {
            match (taken(challenges, wanted), expected) {
                (Ok(way), Ok(expected)) => assert_eq!(way, expected, "{challenges:?}"),
                (Err(why), Err(expected)) => assert!(why.contains(expected), "{challenges:?}: {why}"),
                other => panic!("{challenges:?}: {other:?}"),
            }
        }
        let with_basic = taken(&["NTLM", "Basic"], None);
        assert_eq!(with_basic, Ok(if cfg!(feature = "ntlm") { Way::Ntlm } else { Way::Basic }));
    }

    #[test]
    fn ways_are_named_in_any_case() {
        for (text, way) in [
            ("form", Some(Way::Form)),
            ("BASIC", Some(Way::Basic)),
            ("ntlm", Some(Way::Ntlm)),
            ("Negotiate", Some(Way::Negotiate)),
            ("kerberos", None),
            ("", None),
        ] {
            assert_eq!(Way::parse(text), way, "{text}");
        }
    }
}
