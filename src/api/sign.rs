//! Signature Version 4, as the AWS SDK for Rust makes it.
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html>

use super::endpoint::Endpoint;
use crate::credentials::Credentials;
use aws_credential_types::Credentials as SigningKeys;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4::SigningParams;
use std::time::SystemTime;

/// The headers that sign a POST of `body` to `endpoint`; `None` where the keys hold letters that no header can.
pub(super) fn headers(
    service: &str,
    endpoint: &Endpoint,
    content_type: &str,
    body: &[u8],
    caller: &Credentials,
    now: SystemTime,
) -> Option<Vec<(String, String)>> {
    let token = caller.session_token.as_ref().map(|token| token.expose().to_owned());
    let keys = SigningKeys::new(&caller.access_key_id, caller.secret_access_key.expose(), token, None, "keyfob").into();
    let params = SigningParams::builder()
        .identity(&keys)
        .region(endpoint.signing_region.as_str())
        .name(service)
        .time(now)
        .settings(SigningSettings::default())
        .build()
        .expect("every parameter of a signature is given")
        .into();
    let content_type = [("content-type", content_type)];
    let request = SignableRequest::new("POST", &endpoint.url, content_type.into_iter(), SignableBody::Bytes(body));
    let signed = request.and_then(|request| sign(request, &params)).map(|signed| signed.into_parts().0);
    let (headers, _) = signed.ok()?.into_parts();
    Some(headers.iter().map(|header| (header.name().to_owned(), header.value().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::endpoint::Region;
    use crate::secret::Secret;
    use crate::timestamp::Timestamp;

    const CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";
    const ASSUME_ROLE: &str = "Action=AssumeRole&Version=2011-06-15\
        &RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2FDemo&RoleSessionName=keyfob-demo";
    const ASSUME_ROLE_IN_CHINA: &str = "Action=AssumeRole&Version=2011-06-15\
        &RoleArn=arn%3Aaws-cn%3Aiam%3A%3A123456789012%3Arole%2FDemo&RoleSessionName=keyfob-demo&DurationSeconds=3600\
        &ExternalId=ext%2Fid%3D1&SerialNumber=arn%3Aaws-cn%3Aiam%3A%3A123456789012%3Amfa%2Fjane&TokenCode=123456\
        &SourceIdentity=jane&Tags.member.1.Key=team&Tags.member.1.Value=a%20b%2Bc&TransitiveTagKeys.member.1=team";
    const GET_CALLER_IDENTITY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
    const TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN//+=";

    /// The headers of a POST at 12:00 on 15 January 2026, sorted.
    fn signed(url: &str, region: &str, body: &str, token: Option<&str>) -> Vec<(String, String)> {
        let caller = Credentials {
            access_key_id: token.map_or("AKIAIOSFODNN7EXAMPLE", |_| "ASIAIOSFODNN7EXAMPLE").into(),
            secret_access_key: Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            session_token: token.map(Secret::new),
            expiration: None,
            account_id: None,
        };
        let signing_region = Region::parse(region).expect("a region");
        let endpoint = Endpoint { url: url.to_owned(), signing_region };
        let now = Timestamp::from_unix_millis(1_768_478_400_000).to_system_time();
        let signed = headers("sts", &endpoint, CONTENT_TYPE, body.as_bytes(), &caller, now);
        let mut headers = signed.expect("keys that a header can hold");
        headers.sort();
        headers
    }

    fn header(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn signatures_are_those_that_botocore_computes() {
        const REGIONAL: &str = "https://sts.us-east-1.amazonaws.com";
        const CHINA: &str = "https://sts.cn-north-1.amazonaws.com.cn";
        for (url, region, body, signature) in [
            (REGIONAL, "us-east-1", ASSUME_ROLE, "ae52317e1add46813fd8e74d366412bbb0a213fb8cab243aff96d948a77b689c"),
            (
                "https://sts.amazonaws.com",
                "us-east-1",
                ASSUME_ROLE,
                "d10c1e05416e2ae4528e493ac8c38781cee99f1017c79f1fa836e640a3587671",
            ),
            (
                CHINA,
                "cn-north-1",
                ASSUME_ROLE_IN_CHINA,
                "4f975f942315573628aaf877067f6096614b66101e88fe3228a02ae975712b8c",
            ),
            (
                REGIONAL,
                "us-east-1",
                GET_CALLER_IDENTITY,
                "26bedae4c6750a6f3ccd2f19d91bf3d4022985970e982971015ace05732b4bb4",
            ),
            (
                "https://127.0.0.1:8443",
                "us-east-1",
                ASSUME_ROLE,
                "ad03d2a685b39144a33258aa620670edab46c43d0b06f368d328d7226bc557aa",
            ),
        ] {
            let authorization = format!(
                "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260115/{region}/sts/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date, Signature={signature}"
            );
            let expected = [header("authorization", &authorization), header("x-amz-date", "20260115T120000Z")];
            assert_eq!(signed(url, region, body, None), expected, "{url} {body}");
        }
    }

    #[test]
    fn the_session_token_is_signed_too() {
        let expected = [
            header(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20260115/us-east-1/sts/aws4_request, \
                 SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, \
                 Signature=d8c54f96d63e8ef175ed001d7fe1a998ec2c522743c0d7631aa9f5042f79bc1f",
            ),
            header("x-amz-date", "20260115T120000Z"),
            header("x-amz-security-token", TOKEN),
        ];
        assert_eq!(signed("https://sts.us-east-1.amazonaws.com", "us-east-1", ASSUME_ROLE, Some(TOKEN)), expected);
    }
}
