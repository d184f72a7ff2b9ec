//! The examples of the specification, and messages that are none.

use super::*;

/// The values of the specification's section 4.2.
fn challenge(target: &[u8]) -> Vec<u8> {
    let mut message = b"NTLMSSP\0\x02\0\0\0".to_vec();
    message.extend([0; 8]);
    message.extend(0xe28a_8233_u32.to_le_bytes());
    message.extend([0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef]);
    message.extend([0; 8]);
    message.extend(length(target).to_le_bytes());
    message.extend(length(target).to_le_bytes());
    message.extend(48_u32.to_le_bytes());
    message.extend(target);
    message
}

fn names() -> Vec<u8> {
    let mut target = Vec::new();
    for (id, name) in [(2_u16, "Domain"), (1, "Server")] {
        target.extend(id.to_le_bytes());
        target.extend(length(&utf16(name)).to_le_bytes());
        target.extend(&*utf16(name));
    }
    target
}

fn user(user: &str, domain: Option<&str>) -> User {
    User::of(user, domain, &Secret::new("Password"))
}

fn part(message: &[u8], number: usize) -> &[u8] {
    let field = &message[12 + 8 * number..][..8];
    let length = usize::from(u16::from_le_bytes([field[0], field[1]]));
    let begin = u32::from_le_bytes([field[4], field[5], field[6], field[7]]) as usize;
    &message[begin..begin + length]
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes all");
        text
    })
}

#[test]
fn answers_are_those_of_the_specification() {
    let user = user("User", Some("Domain"));
    assert_eq!(hex(&*user.key), "0c868a403bfd7a93a3001ef22ef02e3f");
    let parsed = Challenge::parse(&challenge(&[&names()[..], &[0; 4]].concat())).expect("a challenge");
    let answer = parsed.answer(&user, [0xaa; 8], UNIX_EPOCH - Duration::from_hours(3_234_576));
    assert_eq!(hex(part(&answer, 0)), "86c35097ac9cec102554764a57cccc19aaaaaaaaaaaaaaaa");
    // Its time is 0, which no clock says, so the proof is made of the blob as the specification has it.
    let blob = parsed.blob([0; 8], [0xaa; 8], false);
    assert_eq!(hex(&keyed(&*user.key, &[&parsed.challenge, &blob])), "68cd0ab851e51c96aabc927bebef6a1c");
    assert_eq!(part(&answer, 2), &*utf16("Domain"));
    assert_eq!(part(&answer, 3), &*utf16("User"));
}

#[test]
fn an_answer_to_a_server_that_tells_the_time_is_sealed() {
    let time = [7_u8, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    let whole = challenge(&[&names()[..], &time, &[0; 4]].concat());
    let parsed = Challenge::parse(&whole).expect("a challenge");
    let user = user("CORP\\jané", Some("OTHER"));
    let answer = parsed.answer(&user, [1; 8], UNIX_EPOCH);
    assert_eq!((part(&answer, 0), part(&answer, 2)), (&[0; 24][..], &utf16("CORP")[..]));
    assert_eq!(part(&answer, 1)[24..32], time[4..], "the server's time");
    let mut unsealed = answer.clone();
    unsealed[SEAL..SEAL + 16].fill(0);
    let session_key = keyed(&*user.key, &[&part(&answer, 1)[..16]]);
    assert_eq!(answer[SEAL..SEAL + 16], keyed(&session_key, &[&NEGOTIATE, &whole, &unsealed]));
}

#[test]
fn flags_of_the_server_are_kept_beside_ours() {
    let time = [7_u8, 0, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8];
    let flags = [6_u8, 0, 4, 0, 1, 0, 0, 0];
    let parsed = Challenge::parse(&challenge(&[&flags[..], &time, &[0; 4]].concat())).expect("a challenge");
    let answer = parsed.answer(&user("jane", None), [1; 8], UNIX_EPOCH);
    assert!(part(&answer, 1).ends_with(&[&time[..], &[6, 0, 4, 0, 3, 0, 0, 0], &[0; 8]].concat()));
}

#[test]
fn names_have_their_domain_where_a_person_puts_it() {
    for (name, domain, expected) in [
        ("jane", Some("CORP"), ("CORP", "jane")),
        ("jane", None, ("", "jane")),
        ("A\\jane", Some("CORP"), ("A", "jane")),
        ("jane@example.com", Some("CORP"), ("", "jane@example.com")),
    ] {
        let user = user(name, domain);
        assert_eq!((user.domain.as_str(), user.name.as_str()), expected);
    }
    assert_eq!(upper("jané ß ǆ"), "JANÉ ß Ǆ");
}

#[test]
fn what_is_no_challenge_is_refused() {
    let whole = challenge(&[&names()[..], &[0; 4]].concat());
    for length in 0..whole.len() {
        assert!(Challenge::parse(&whole[..length]).is_none(), "{length}");
    }
    for at in 0..whole.len() {
        for byte in [0, 1, 0x7f, 0xff] {
            let mut changed = whole.clone();
            changed[at] = byte;
            if let Some(challenge) = Challenge::parse(&changed) {
                challenge.answer(&user("jane", None), [0; 8], UNIX_EPOCH);
            }
        }
    }
}
