//! Prints the credentials of a profile as AWS's SDK for Rust gets them, refreshed where it finds that due.

use aws_config::BehaviorVersion;
use aws_credential_types::provider::ProvideCredentials;
use aws_smithy_runtime_api::client::{
    http::{HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector},
    orchestrator::{HttpRequest, HttpResponse},
    result::ConnectorError,
    runtime_components::RuntimeComponents,
};
use aws_smithy_types::body::SdkBody;
use serde_json::json;
use std::{
    error::Error,
    io::{Read, Write},
    net::TcpStream,
};

/// HTTP/1.1 without TLS, a connection for each request.
#[derive(Clone, Debug)]
struct Plain;

impl HttpClient for Plain {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(Self)
    }
}

impl HttpConnector for Plain {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        HttpConnectorFuture::ready(exchange(&request).map_err(ConnectorError::io))
    }
}

fn exchange(request: &HttpRequest) -> Result<HttpResponse, Box<dyn Error + Send + Sync>> {
    let (host, path) = request.uri().strip_prefix("http://").and_then(|rest| rest.split_once('/')).ok_or("no http")?;
    let body = request.body().bytes().ok_or("a body that comes by and by")?;
    let headers = request.headers().iter().map(|(name, value)| format!("{name}: {value}\r\n"));
    let method = request.method();
    let head = format!(
        "{method} /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{}\r\n",
        headers.collect::<String>()
    );
    let mut stream = TcpStream::connect(host)?;
    stream.write_all(&[head.as_bytes(), body].concat())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no end of the head")?;
    let status: u16 = head.get(9..12).ok_or("no status")?.parse()?;
    let mut response = HttpResponse::new(status.try_into()?, SdkBody::from(body));
    for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
        response.headers_mut().append(name.to_ascii_lowercase(), value.to_owned());
    }
    Ok(response)
}

fn main() -> Result<(), Box<dyn Error>> {
    let profile = std::env::args().nth(1).ok_or("no profile")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
    let credentials = runtime.block_on(async {
        let loader = aws_config::defaults(BehaviorVersion::latest()).profile_name(profile).http_client(Plain);
        let provider = loader.load().await.credentials_provider().ok_or("no provider")?;
        Ok::<_, Box<dyn Error>>(provider.provide_credentials().await?)
    })?;
    let printed = json!({
        "AccessKeyId": credentials.access_key_id(),
        "SecretAccessKey": credentials.secret_access_key(),
        "SessionToken": credentials.session_token(),
        "AccountId": credentials.account_id().map(|account| account.as_str()),
    });
    println!("{printed}");
    Ok(())
}
