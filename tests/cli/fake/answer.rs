//! An HTTP answer as a client reads it.

use std::{
    collections::HashMap,
    io::{self, BufRead, BufReader, Read, Write},
};

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: String,
    /// Names in lower case.
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

impl Answer {
    /// Reads one answer of an announced length; the error is that of an answer which ends early.
    pub(super) fn read(reader: &mut impl BufRead) -> io::Result<Self> {
        let status = read_line(reader)?;
        let mut headers = HashMap::new();
        loop {
            let line = read_line(reader)?;
            let Some((name, value)) = line.split_once(": ") else {
                break;
            };
            headers.insert(name.to_lowercase(), value.to_owned());
        }
        let length = headers
            .get("content-length")
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| io::Error::other("no Content-Length"))?;
        let mut body = vec![0; length];
        reader.read_exact(&mut body)?;
        Ok(Self {
            status: status.split(' ').nth(1).unwrap_or_default().to_owned(),
            headers,
            body: String::from_utf8(body).map_err(io::Error::other)?,
        })
    }

    /// Fetches the page of this URL as browsers do, from whoever is at the other end; also returns the reader, for
    /// what may follow.
    pub(super) fn get<S: Read + Write>(stream: S, url: &str) -> io::Result<(Self, BufReader<S>)> {
        let (host, target) = split(url);
        let mut stream = BufReader::new(stream);
        write!(
            stream.get_mut(),
            "GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: keep-alive\r\nUser-Agent: Mozilla/5.0\r\n\
             Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\nSec-Fetch-Mode: navigate\r\n\r\n"
        )?;
        stream.get_mut().flush()?;
        Ok((Self::read(&mut stream)?, stream))
    }
}

/// The host, with the port if there is one, and the rest of a URL.
pub(super) fn split(url: &str) -> (&str, &str) {
    let (_, rest) = url.split_once("://").expect("a URL has a scheme");
    rest.split_at(rest.find('/').unwrap_or(rest.len()))
}

fn read_line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut line = String::new();
    if reader.read_line(&mut line)? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(line.trim_end().to_owned())
}
