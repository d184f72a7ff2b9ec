//! The metadata service of EC2 instances, of which every instance can ask what it is. Version 2 alone: each question
//! bears a token that was asked for first, which nobody can be tricked into from outside.
//! <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>

use super::endpoint::Region;
use super::http::{Client, Request, Response};
use std::time::Duration;

/// Where it is, from every instance.
pub(crate) const IPV4: &str = "http://169.254.169.254";
pub(crate) const IPV6: &str = "http://[fd00:ec2::254]";

/// For each of two questions. It is on the instance's own host, and where there is none nobody should wait for it.
const LIMIT: Duration = Duration::from_secs(1);

/// The region of the instance that this is, asked for at `url`.
///
/// An error, in words for those who look into it, where there is none to be asked.
pub(crate) fn region(url: &str) -> Result<Region, String> {
    const LIFETIME: (&str, &str) = ("x-aws-ec2-metadata-token-ttl-seconds", "60");
    let url = url.trim_end_matches('/');
    // It is never behind a proxy.
    let client = Client::direct();
    let token = client.put(&format!("{url}/latest/api/token"), &[LIFETIME], LIMIT).map_err(|error| error.to_string());
    let token = text(&token?)?;
    let headers = [("x-aws-ec2-metadata-token", token.as_str())];
    let request = Request { url: &format!("{url}/latest/meta-data/placement/region"), headers: &headers, body: None };
    let name = text(&client.send(&request, LIMIT).map_err(|error| error.to_string())?)?;
    Region::parse(&name).ok_or_else(|| "the answer is not the name of a region".to_owned())
}

fn text(response: &Response) -> Result<String, String> {
    let Response { status, body, .. } = response;
    if *status != 200 {
        return Err(format!("HTTP status {status}"));
    }
    let text = str::from_utf8(body.as_ref().map_err(Clone::clone)?).map_err(|_| "the answer is not text")?.trim();
    let is_word = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_word { Ok(text.to_owned()) } else { Err("the answer is not one word".to_owned()) }
}
