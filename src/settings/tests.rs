use super::*;

fn settings<const N: usize>(config: &str, vars: [(&str, &str); N]) -> Result<Settings, Error> {
    let profiles = Profiles::from_texts(config, "");
    let profile = profiles.profile("dev").expect("a readable profile");
    Settings::read(&Vars::from(vars), &profiles, profile.as_ref(), None)
}

fn url<const N: usize>(config: &str, vars: [(&str, &str); N]) -> Result<String, Error> {
    Ok(settings(config, vars)?.sts(Some("arn:aws-cn:iam::123456789012:role/Demo"))?.url)
}

#[test]
fn the_region_is_the_variables_then_the_profiles_then_the_partitions() {
    for (config, vars, host) in [
        (
            "[profile dev]\nregion = eu-west-1\n",
            [("AWS_REGION", "us-east-2"), ("AWS_DEFAULT_REGION", "us-west-1")],
            "sts.us-east-2.amazonaws.com",
        ),
        (
            "[profile dev]\nregion = eu-west-1\n",
            [("AWS_REGION", ""), ("AWS_DEFAULT_REGION", "us-west-1")],
            "sts.us-west-1.amazonaws.com",
        ),
        ("[profile dev]\nregion = eu-west-1\n", [("X", ""), ("Y", "")], "sts.eu-west-1.amazonaws.com"),
        ("[profile dev]\n", [("X", ""), ("Y", "")], "sts.cn-northwest-1.amazonaws.com.cn"),
        ("[profile dev]\nregion = fips-us-east-1\n", [("X", ""), ("Y", "")], "sts-fips.us-east-1.amazonaws.com"),
        (
            "[profile dev]\nregion = us-east-1\n",
            [("AWS_USE_FIPS_ENDPOINT", "TRUE"), ("Y", "")],
            "sts-fips.us-east-1.amazonaws.com",
        ),
        (
            "[profile dev]\nregion = us-east-1\nuse_dualstack_endpoint = true\n",
            [("X", ""), ("Y", "")],
            "sts.us-east-1.api.aws",
        ),
        (
            "[profile dev]\nregion = eu-west-1\nsts_regional_endpoints = legacy\n",
            [("X", ""), ("Y", "")],
            "sts.amazonaws.com",
        ),
    ] {
        assert_eq!(url(config, vars).as_deref(), Ok(format!("https://{host}").as_str()), "{config} {vars:?}");
    }
}

#[test]
fn endpoints_are_taken_in_the_sdks_order() {
    const CONFIG: &str = "[profile dev]\nregion = eu-west-1\nservices = s\nendpoint_url = http://d\n\
                          [services s]\nsts =\n  endpoint_url = http://c\ns3 =\n  endpoint_url = http://x\n";
    let unset = ("X", "");
    for (config, vars, expected) in [
        (CONFIG, [("AWS_ENDPOINT_URL_STS", "http://a"), ("AWS_ENDPOINT_URL", "http://b")], "http://a"),
        (CONFIG, [unset, ("AWS_ENDPOINT_URL", "http://b")], "http://b"),
        (CONFIG, [unset, unset], "http://c"),
        ("[profile dev]\nendpoint_url = http://d\n", [unset, unset], "http://d"),
        (
            CONFIG,
            [("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"), ("AWS_ENDPOINT_URL", "http://b")],
            "https://sts.eu-west-1.amazonaws.com",
        ),
    ] {
        assert_eq!(url(config, vars).as_deref(), Ok(expected), "{vars:?}");
    }
}

#[test]
fn tries_are_those_that_are_set_or_else_the_modes() {
    let unset = ("X", "");
    for (config, vars, tries) in [
        ("[profile dev]\n", [unset, unset], 3),
        ("[profile dev]\nretry_mode = legacy\n", [unset, unset], 5),
        ("[profile dev]\nretry_mode = legacy\n", [("AWS_RETRY_MODE", "Standard"), unset], 3),
        ("[profile dev]\n", [("AWS_RETRY_MODE", "adaptive"), unset], 3),
        ("[profile dev]\nretry_mode = legacy\nmax_attempts = 2\n", [unset, unset], 2),
        ("[profile dev]\nmax_attempts = 2\n", [("AWS_MAX_ATTEMPTS", " 7 "), unset], 7),
    ] {
        assert_eq!(settings(config, vars).map(|settings| settings.max_attempts), Ok(tries), "{config} {vars:?}");
    }
}

#[test]
fn fips_regions_of_old_are_regions_with_the_switch_on() {
    let vars = Vars::from([]);
    let (profiles, settings) = (Profiles::from_texts("", ""), settings("", []).expect("no settings"));
    for name in ["fips-us-gov-east-1", "us-gov-east-1-fips"] {
        let region = Region::parse(name).expect(name);
        let url = |service| settings.endpoint(service, &region, &vars, &profiles, None).expect(name);
        assert_eq!(url(Service::SignIn), "https://us-gov-east-1.signin-fips.amazonaws-us-gov.com");
        assert_eq!(url(Service::SsoOidc), "https://oidc.us-gov-east-1.amazonaws.com");
        assert_eq!(url(Service::SsoPortal), "https://portal.sso.us-gov-east-1.amazonaws.com");
    }
}

#[test]
fn certificates_are_named_by_aws_first_then_by_python_and_openssl() {
    let unset = ("X", "");
    for (config, vars, path, named_by) in [
        (
            "[profile dev]\nca_bundle = /d\n",
            [("AWS_CA_BUNDLE", "/a"), ("REQUESTS_CA_BUNDLE", "/b"), ("SSL_CERT_FILE", "/c")],
            "/a",
            "AWS_CA_BUNDLE",
        ),
        (
            "[profile dev]\nca_bundle = /d\n",
            [unset, ("REQUESTS_CA_BUNDLE", "/b"), ("SSL_CERT_FILE", "/c")],
            "/d",
            "the profile's ca_bundle",
        ),
        ("", [unset, ("REQUESTS_CA_BUNDLE", "/b"), ("SSL_CERT_FILE", "/c")], "/b", "REQUESTS_CA_BUNDLE"),
        ("", [unset, unset, ("SSL_CERT_FILE", "/c")], "/c", "SSL_CERT_FILE"),
    ] {
        let of_profile = settings(config, vars).expect(path).ca_bundle;
        let bundle = bundle(&Vars::from(vars), of_profile.as_deref()).expect(path);
        assert_eq!((bundle.path.to_str(), bundle.named_by), (Some(path), named_by));
    }
}

#[test]
fn settings_that_cannot_work_are_errors() {
    for config in [
        "[profile dev]\nregion = x@evil\n",
        "[profile dev]\nservices = gone\n",
        "[profile dev]\nendpoint_url = sts.example.com\n",
        "[profile dev]\nendpoint_url = https:///x\n",
        "[profile dev]\nsts_regional_endpoints = maybe\n",
        "[profile dev]\nmax_attempts = 0\n",
        "[profile dev]\nmax_attempts = many\n",
        "[profile dev]\nmax_attempts = -1\n",
        "[profile dev]\nmax_attempts = 99999999999\n",
        "[profile dev]\nretry_mode = sometimes\n",
        "[profile dev]\nretry_mode = sometimes\nmax_attempts = 2\n",
        "[profile dev]\nendpoint_url = http://a\nuse_fips_endpoint = true\n",
    ] {
        assert!(url(config, []).is_err(), "{config}");
    }
}
