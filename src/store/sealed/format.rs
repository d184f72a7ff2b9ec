//! The sealed file, byte for byte.
//!
//! | bytes | what |
//! |---|---|
//! | 0–13 | `keyfob-sealed` and a line feed |
//! | 14 | version of the format: 1 |
//! | 15 | how the passphrase becomes a key: 1, Argon2id of version 0x13 ([RFC 9106](https://www.rfc-editor.org/rfc/rfc9106)) |
//! | 16–19 | its memory in KiB |
//! | 20–23 | its passes |
//! | 24–27 | its lanes |
//! | 28–43 | its salt, anew for each file |
//! | 44–55 | nonce, anew for each writing |
//! | 56–  | the entries, sealed with ChaCha20-Poly1305 ([RFC 8439](https://www.rfc-editor.org/rfc/rfc8439)), and its tag of 16 bytes |
//!
//! Numbers have their highest byte first. All that stands before the entries is authenticated with them, so no byte of
//! the file can change unnoticed. The key has 32 bytes.

use crate::random;
use crate::secret::Secret;
use argon2::{Algorithm, Argon2, Params, Version};
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroizing;

const MAGIC: &[u8; 14] = b"keyfob-sealed\n";
const VERSION: u8 = 1;
const ARGON2ID: u8 = 1;
const HEADER: usize = 56;
const NONCE: usize = 44;
const TAG: usize = 16;

/// What a header may ask for: at the most half a gibibyte, and some seconds.
const MEMORY_KIB: std::ops::RangeInclusive<u32> = 8 * 1024..=512 * 1024;
const PASSES: std::ops::RangeInclusive<u32> = 1..=8;
const LANES: std::ops::RangeInclusive<u32> = 1..=4;

/// Why a file is not even tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    NotSealed,
    Newer,
    Absurd,
}

/// How a passphrase becomes the key of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Recipe {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    pub(super) salt: [u8; 16],
}

pub(super) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    #[cfg(any(target_os = "linux", test))]
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        <[u8; 32]>::try_from(bytes).ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    #[cfg(target_os = "linux")]
    pub(super) fn expose(&self) -> &[u8] {
        &*self.0
    }

    fn cipher(&self) -> LessSafeKey {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &*self.0).expect("the key is as long as it must be");
        LessSafeKey::new(key)
    }
}

impl Recipe {
    /// For a new file. A guess costs some tenths of a second and 64 MiB.
    pub(super) fn new() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3, lanes: 1, salt: random::bytes() }
    }

    pub(super) fn derive(&self, passphrase: &Secret) -> Result<Key, String> {
        let mut key = Zeroizing::new([0; 32]);
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(key.len()));
        params
            .map(|params| Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
            .and_then(|argon2| argon2.hash_password_into(passphrase.expose().as_bytes(), &self.salt, &mut *key))
            .map_err(|error| error.to_string())?;
        Ok(Key(key))
    }

    fn header(&self, nonce: [u8; 12]) -> [u8; HEADER] {
        let mut header = [0; HEADER];
        header[..14].copy_from_slice(MAGIC);
        header[14] = VERSION;
        header[15] = ARGON2ID;
        header[16..20].copy_from_slice(&self.memory_kib.to_be_bytes());
        header[20..24].copy_from_slice(&self.passes.to_be_bytes());
        header[24..28].copy_from_slice(&self.lanes.to_be_bytes());
        header[28..NONCE].copy_from_slice(&self.salt);
        header[NONCE..].copy_from_slice(&nonce);
        header
    }
}

/// Reads what a file says of its key. Nothing in it is certain before the file has been opened.
pub(super) fn recipe(bytes: &[u8]) -> Result<Recipe, Refused> {
    let header: &[u8; HEADER] = bytes.first_chunk().ok_or(Refused::NotSealed)?;
    if !header.starts_with(MAGIC) || bytes.len() < HEADER + TAG {
        return Err(Refused::NotSealed);
    }
    if header[14] != VERSION || header[15] != ARGON2ID {
        return Err(Refused::Newer);
    }
    let number = |at| header[at..].first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
    let salt = *header[28..].first_chunk().expect("the header is longer");
    let recipe = Recipe { memory_kib: number(16), passes: number(20), lanes: number(24), salt };
    let is_sane =
        MEMORY_KIB.contains(&recipe.memory_kib) && PASSES.contains(&recipe.passes) && LANES.contains(&recipe.lanes);
    is_sane.then_some(recipe).ok_or(Refused::Absurd)
}

/// The bytes of a file.
pub(super) fn seal(recipe: &Recipe, key: &Key, text: &[u8]) -> Vec<u8> {
    let nonce = random::bytes();
    let header = recipe.header(nonce);
    let mut sealed = Zeroizing::new(Vec::with_capacity(text.len() + TAG));
    sealed.extend_from_slice(text);
    let nonce = Nonce::assume_unique_for_key(nonce);
    let done = key.cipher().seal_in_place_append_tag(nonce, Aad::from(&header), &mut *sealed);
    done.expect("nobody has so many keys that the cipher cannot take them");
    [&header[..], &sealed].concat()
}

/// What was sealed; `None` when the key is another, or a single bit is not as it was.
pub(super) fn unseal(bytes: &[u8], key: &Key) -> Option<Zeroizing<Vec<u8>>> {
    recipe(bytes).ok()?;
    let (header, sealed) = bytes.split_at_checked(HEADER)?;
    let nonce = Nonce::try_assume_unique_for_key(&header[NONCE..]).ok()?;
    let mut text = Zeroizing::new(sealed.to_vec());
    let length = key.cipher().open_in_place(nonce, Aad::from(header), &mut text).ok()?.len();
    text.truncate(length);
    Some(text)
}
