//! The format of the sealed file: that nobody opens it without the passphrase, and nobody changes it unnoticed.

use super::entries::Entries;
use super::format::{Key, Recipe, Refused, recipe, seal, unseal};
use crate::credentials::Credentials;
use crate::secret::Secret;
use crate::store::Kept;

const TEXT: &[u8] =
    br#"{"profiles":{"dev":{"aws_access_key_id":"AKIAIOSFODNN7EXAMPLE","aws_secret_access_key":"hidden/EXAMPLE"}}}"#;

/// Made by another implementation, Python's cryptography on OpenSSL: Argon2id with 8 MiB and two passes, the passphrase
/// `correct horse EXAMPLE`, salt and nonce that count up.
const BY_OTHERS: &str = "6b6579666f622d7365616c65640a010100002000000000020000000100010203\
                         0405060708090a0b0c0d0e0f404142434445464748494a4b515a243b3b8551e5\
                         f22ec29d185d6df40ef5c63d5a09a7cf1452ec1f03baf280a5034622d82e0793\
                         1ae28763ae69ba39af443abf17cccc8ddfe6dc5668836d00e98d001d18fd8f65\
                         ce248cc05f8c4247d31d5f142d646608831b839cb9d117a7a44d1bf13b161f15\
                         85c69123ec06f9e14dc350346c58c9242b17";

fn by_others() -> Vec<u8> {
    let digit = |at: usize| u8::from_str_radix(&BY_OTHERS[at..at + 2], 16).expect("two digits");
    (0..BY_OTHERS.len()).step_by(2).map(digit).collect()
}

/// Any 32 bytes will do where no passphrase is at stake.
fn key() -> Key {
    Key::from_bytes(&[7; 32]).expect("as long as a key is")
}

fn sealed() -> Vec<u8> {
    seal(&Recipe::new(), &key(), TEXT)
}

/// Another number below `bound` with every call, from a generator with a fixed seed.
fn numbers() -> impl FnMut(usize) -> usize {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    move |bound| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(bound).expect("a small number")).expect("a small number")
    }
}

#[test]
fn file_of_another_implementation_opens_with_its_passphrase_alone() {
    let bytes = by_others();
    let recipe = recipe(&bytes).expect("a whole header");
    let opens = |passphrase: &str| {
        let key = recipe.derive(&Secret::new(passphrase)).expect("memory enough");
        unseal(&bytes, &key).map(|text| text.to_vec())
    };
    assert_eq!(opens("correct horse EXAMPLE").as_deref(), Some(TEXT));
    for wrong in ["", "correct horse", "Correct horse EXAMPLE", "correct horse EXAMPLE "] {
        assert_eq!(opens(wrong), None, "{wrong:?}");
    }
}

#[test]
fn what_is_sealed_comes_back_and_never_looks_the_same_twice() {
    let new = Recipe::new();
    let (first, second) = (seal(&new, &key(), TEXT), seal(&new, &key(), TEXT));
    assert_ne!(first, second);
    assert_ne!(Recipe::new().salt, new.salt);
    for bytes in [first, second] {
        assert_eq!(recipe(&bytes), Ok(new));
        assert_eq!(unseal(&bytes, &key()).expect("the same key").as_slice(), TEXT);
        assert!(!bytes.windows(6).any(|window| window == b"hidden"));
    }
    assert!(unseal(&seal(&new, &key(), b""), &key()).expect("the same key").is_empty());
    let other = Key::from_bytes(&[8; 32]).expect("as long as a key is");
    assert!(unseal(&sealed(), &other).is_none());
}

#[test]
fn no_bit_of_it_can_change_unnoticed() {
    let whole = sealed();
    for at in 0..whole.len() {
        for bit in 0..8 {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << bit;
            assert!(unseal(&bytes, &key()).is_none(), "byte {at}, bit {bit}");
        }
    }
}

#[test]
fn nothing_can_be_cut_off_or_added() {
    let whole = sealed();
    for length in 0..whole.len() {
        assert!(unseal(&whole[..length], &key()).is_none(), "{length} bytes");
    }
    assert!(unseal(&[&whole[..], b"\0"].concat(), &key()).is_none());
    assert!(unseal(&[&whole[..], &whole].concat(), &key()).is_none());
}

#[test]
fn whatever_a_file_holds_it_is_opened_whole_or_not_at_all() {
    let whole = sealed();
    let mut below = numbers();
    for _ in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..=below(3) {
            let (at, length) = (below(bytes.len()), below(8));
            let end = (at + length).min(bytes.len());
            let inserted: Vec<u8> = (0..below(8)).map(|_| u8::try_from(below(256)).expect("a byte")).collect();
            bytes.splice(at..end, inserted);
            if bytes.is_empty() {
                break;
            }
        }
        assert_eq!(unseal(&bytes, &key()).is_some(), bytes == whole, "{bytes:02x?}");
    }
}

#[test]
fn header_that_asks_for_the_absurd_is_not_tried() {
    const MEMORY: usize = 16;
    const PASSES: usize = 20;
    const LANES: usize = 24;
    let with = |at: usize, number: u32| {
        let mut bytes = sealed();
        bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
        recipe(&bytes)
    };
    for (at, number) in [
        (MEMORY, 0),
        (MEMORY, 8 * 1024 - 1),
        (MEMORY, 512 * 1024 + 1),
        (MEMORY, u32::MAX),
        (PASSES, 0),
        (PASSES, 9),
        (PASSES, u32::MAX),
        (LANES, 0),
        (LANES, 5),
        (LANES, u32::MAX),
    ] {
        assert_eq!(with(at, number), Err(Refused::Absurd), "{number} at {at}");
    }
    for (at, number) in [(MEMORY, 512 * 1024), (PASSES, 8), (LANES, 4)] {
        assert!(with(at, number).is_ok(), "{number} at {at}");
    }
}

#[test]
fn other_files_and_later_versions_are_told_apart() {
    let with = |at: usize, byte: u8| {
        let mut bytes = sealed();
        bytes[at] = byte;
        recipe(&bytes)
    };
    assert_eq!(with(0, b'K'), Err(Refused::NotSealed));
    assert_eq!(with(13, b'\r'), Err(Refused::NotSealed));
    assert_eq!(with(14, 2), Err(Refused::Newer));
    assert_eq!(with(15, 2), Err(Refused::Newer));
    for bytes in [&b""[..], b"keyfob-sealed\n", b"{}", &sealed()[..71]] {
        assert_eq!(recipe(bytes), Err(Refused::NotSealed), "{bytes:02x?}");
    }
}

#[test]
fn entries_come_back_as_they_were_put() {
    let keys = |id: &str, token: Option<&str>| {
        Kept::Keys(Credentials {
            access_key_id: id.to_owned(),
            secret_access_key: Secret::new("hidden \"\\/ß"),
            session_token: token.map(Secret::new),
            expiration: None,
            account_id: None,
        })
    };
    let password = Kept::Password(Secret::new("hidden \"\\/ß").into());
    let mut entries = Entries::default();
    entries.put("größe \"1\"", &keys("AKIA1", None));
    entries.put("dev", &keys("AKIA0", None));
    entries.put("dev", &keys("AKIA2", Some("hidden")));
    entries.put("corp", &password);
    let mut read = Entries::parse(&entries.render()).expect("our own");
    assert_eq!(read.names(), ["corp", "dev", "größe \"1\""]);
    assert_eq!(read.get("corp"), Ok(Some(password)));
    assert_eq!(read.get("dev"), Ok(Some(keys("AKIA2", Some("hidden")))));
    assert_eq!(read.get("größe \"1\""), Ok(Some(keys("AKIA1", None))));
    assert_eq!(read.get("other"), Ok(None));
    assert!(read.remove("dev") && !read.remove("dev"));
    assert_eq!(read.names(), ["corp", "größe \"1\""]);
    assert!(Entries::parse(TEXT).is_ok());
    for text in [
        "",
        "{}",
        "[]",
        r#"{"profiles":{"dev":{"aws_access_key_id":"hidden"}}}"#,
        r#"{"profiles":{"dev":{"saml_password":"hidden","aws_access_key_id":"A","aws_secret_access_key":"B"}}}"#,
    ] {
        let why = Entries::parse(text.as_bytes()).map(|_| ()).expect_err(text);
        assert!(!why.contains("hidden"), "{why}");
    }
}
