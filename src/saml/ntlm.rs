//! NTLM, version 2 of its answer: what a Windows server wants instead of a password.
//! <https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/>
//!
//! Three messages on one connection: what we can, the server's challenge, and the answer that only somebody with the
//! password can give. Version 1 is not spoken: its answers can be turned back into passwords.
//!
//! Written here because the crates that there are leave out what servers insist on: `ntlmclient` seals no messages, ends
//! the program at flags that it does not know, wipes nothing, and brings DES along. What we leave out is the name of the
//! channel: a server with Extended Protection set to "Required" refuses every password.

use crate::secret::Secret;
use hmac::{Hmac, KeyInit, Mac};
use md4::{Digest, Md4};
use md5::Md5;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

const SIGNATURE: &[u8; 8] = b"NTLMSSP\0";
/// Unicode, the server's name asked for, NTLM, always signed, version 2 of sessions, names of the server, 128 bits.
const FLAGS: u32 = 0x0000_0001 | 0x0000_0004 | 0x0000_0200 | 0x0000_8000 | 0x0008_0000 | 0x0080_0000 | 0x2000_0000;

/// The first message. It says nothing of the user.
pub(super) const NEGOTIATE: [u8; 32] = {
    let mut message = [0; 32];
    let mut at = 0;
    while at < SIGNATURE.len() {
        message[at] = SIGNATURE[at];
        at += 1;
    }
    message[8] = 1;
    let flags = FLAGS.to_le_bytes();
    let mut at = 0;
    while at < flags.len() {
        message[12 + at] = flags[at];
        at += 1;
    }
    message
};

/// The second message, the server's.
pub(super) struct Challenge {
    whole: Vec<u8>,
    flags: u32,
    challenge: [u8; 8],
    /// What the server says of itself, without the end mark.
    target: Vec<(u16, Vec<u8>)>,
}

/// What a server may say of itself. <https://learn.microsoft.com/openspecs/windows_protocols/ms-nlmp/83f5e789-660d-4781-8491-5f8c6641f75e>
mod pair {
    pub(super) const END: u16 = 0;
    pub(super) const FLAGS: u16 = 6;
    pub(super) const TIMESTAMP: u16 = 7;
}

/// A user as Windows knows one.
pub(super) struct User {
    name: String,
    domain: String,
    /// Made of the password.
    key: Zeroizing<[u8; 16]>,
}

impl User {
    /// `CORP\jane` has its domain in the name, and so has `jane@example.com`, which stays one name.
    pub(super) fn of(user: &str, domain: Option<&str>, password: &Secret) -> Self {
        let (domain, name) = match user.split_once('\\') {
            Some((domain, name)) => (domain, name),
            None if user.contains('@') => ("", user),
            None => (domain.unwrap_or_default(), user),
        };
        let hash: Zeroizing<[u8; 16]> = Zeroizing::new(Md4::digest(&*utf16(password.expose())).into());
        let whose = utf16(&(upper(name) + domain));
        Self { name: name.to_owned(), domain: domain.to_owned(), key: Zeroizing::new(keyed(&*hash, &[&whose])) }
    }
}

impl Challenge {
    /// `None` for what is no such message.
    pub(super) fn parse(message: &[u8]) -> Option<Self> {
        if message.get(..8)? != SIGNATURE || message.get(8..12)? != [2, 0, 0, 0] {
            return None;
        }
        let flags = u32::from_le_bytes(message.get(20..24)?.try_into().ok()?);
        let challenge = message.get(24..32)?.try_into().ok()?;
        let length: usize = u16::from_le_bytes(message.get(40..42)?.try_into().ok()?).into();
        let begin = usize::try_from(u32::from_le_bytes(message.get(44..48)?.try_into().ok()?)).ok()?;
        let mut rest = message.get(begin..begin.checked_add(length)?)?;
        let mut target = Vec::new();
        while let Some((id, after)) = rest.split_first_chunk() {
            let id = u16::from_le_bytes(*id);
            let (length, after) = after.split_first_chunk()?;
            let (value, after) = after.split_at_checked(u16::from_le_bytes(*length).into())?;
            if id == pair::END {
                break;
            }
            target.push((id, value.to_owned()));
            rest = after;
        }
        Some(Self { whole: message.to_owned(), flags, challenge, target })
    }

    /// The third message. `random` is to be used once.
    pub(super) fn answer(&self, user: &User, random: [u8; 8], now: SystemTime) -> Vec<u8> {
        let server_time = self.target.iter().find(|(id, _)| *id == pair::TIMESTAMP);
        let server_time = server_time.and_then(|(_, value)| <[u8; 8]>::try_from(value.as_slice()).ok());
        let blob = self.blob(server_time.unwrap_or(file_time(now)), random, server_time.is_some());
        let proof = keyed(&*user.key, &[&self.challenge, &blob]);
        let session_key = Zeroizing::new(keyed(&*user.key, &[&proof]));
        let response = [&proof[..], &blob].concat();
        // With a time in it the old answer is left out, and all three messages are sealed together.
        let old = match server_time {
            Some(_) => vec![0; 24],
            None => [&keyed(&*user.key, &[&self.challenge, &random])[..], &random].concat(),
        };
        let mut message = self.assembled(user, &old, &response);
        if server_time.is_some() {
            let seal = keyed(&*session_key, &[&NEGOTIATE, &self.whole, &message]);
            message[SEAL..SEAL + seal.len()].copy_from_slice(&seal);
        }
        message
    }

    /// What is proven beside the challenge: when, and to whom.
    fn blob(&self, time: [u8; 8], random: [u8; 8], is_sealed: bool) -> Vec<u8> {
        let mut blob = vec![1, 1, 0, 0, 0, 0, 0, 0];
        blob.extend(time);
        blob.extend(random);
        blob.extend([0; 4]);
        let server_flags = self.target.iter().find(|(id, _)| *id == pair::FLAGS);
        let server_flags = server_flags.and_then(|(_, value)| <[u8; 4]>::try_from(value.as_slice()).ok());
        let says_sealed =
            (pair::FLAGS, (u32::from_le_bytes(server_flags.unwrap_or_default()) | 2).to_le_bytes().to_vec());
        let others = self.target.iter().filter(|(id, _)| !is_sealed || *id != pair::FLAGS);
        for (id, value) in others.chain(is_sealed.then_some(&says_sealed)) {
            blob.extend(id.to_le_bytes());
            blob.extend(length(value).to_le_bytes());
            blob.extend(value);
        }
        blob.extend([0; 8]);
        blob
    }

    /// The message but for its seal.
    fn assembled(&self, user: &User, old: &[u8], response: &[u8]) -> Vec<u8> {
        let (domain, name) = (utf16(&user.domain), utf16(&user.name));
        let mut message = SIGNATURE.to_vec();
        message.extend(3_u32.to_le_bytes());
        let mut payload = Vec::new();
        // The last two are the name of this machine and a session's key, which we have none of.
        for part in [old, response, &domain, &name, &[], &[]] {
            let begin = u32::try_from(SEAL + 16 + payload.len()).unwrap_or(u32::MAX);
            message.extend(length(part).to_le_bytes());
            message.extend(length(part).to_le_bytes());
            message.extend(begin.to_le_bytes());
            payload.extend_from_slice(part);
        }
        message.extend((self.flags & FLAGS).to_le_bytes());
        // The version of the system, of which we say nothing, and the place of the seal.
        message.extend([0; 8 + 16]);
        message.extend(payload);
        message
    }
}

/// Where the seal of the third message begins.
const SEAL: usize = 72;

fn length(part: &[u8]) -> u16 {
    u16::try_from(part.len()).unwrap_or(u16::MAX)
}

fn keyed(key: &[u8], parts: &[&[u8]]) -> [u8; 16] {
    let mut code = Hmac::<Md5>::new_from_slice(key).expect("keys of any length are taken");
    for part in parts {
        code.update(part);
    }
    code.finalize().into_bytes().into()
}

fn utf16(text: &str) -> Zeroizing<Vec<u8>> {
    // A list that grows leaves copies behind; a letter has no more units than bytes.
    let mut bytes = Zeroizing::new(Vec::with_capacity(2 * text.len()));
    bytes.extend(text.encode_utf16().flat_map(u16::to_le_bytes));
    bytes
}

/// In capital letters, as Windows has them: one for one.
fn upper(text: &str) -> String {
    let upper = |letter: char| {
        let mut all = letter.to_uppercase();
        match (all.next(), all.next()) {
            (Some(one), None) => one,
            _ => letter,
        }
    };
    text.chars().map(upper).collect()
}

/// In tenths of microseconds since 1601.
fn file_time(now: SystemTime) -> [u8; 8] {
    const FROM_1601_TO_1970: Duration = Duration::from_hours(3_234_576);
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default() + FROM_1601_TO_1970;
    u64::try_from(since.as_nanos() / 100).unwrap_or_default().to_le_bytes()
}

#[cfg(test)]
mod tests;
