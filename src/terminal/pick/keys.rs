//! Keys, as a terminal in raw mode sends them: ECMA-48's sequences for those that have no character.

/// What was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Typed(char),
    Enter,
    Backspace,
    /// Ctrl-W: takes a word back.
    Word,
    /// Ctrl-U: takes everything back.
    All,
    Up,
    Down,
    PageUp,
    PageDown,
    First,
    Last,
    Escape,
    /// Ctrl-C.
    Interrupt,
    /// Ctrl-D.
    End,
}

/// Bytes as they come, of which a key may take several.
#[derive(Default)]
pub(super) struct Keys {
    pending: Vec<u8>,
}

/// What the bytes so far begin with.
enum Found {
    Key(Key, usize),
    /// So many bytes that mean nothing here.
    Nothing(usize),
    /// More of it is to come.
    Part,
}

const ESCAPE: u8 = 0x1b;

impl Keys {
    /// The keys that are whole now.
    pub(super) fn read(&mut self, bytes: &[u8]) -> Vec<Key> {
        self.pending.extend_from_slice(bytes);
        let (mut keys, mut at) = (Vec::new(), 0);
        while at < self.pending.len() {
            match find(&self.pending[at..]) {
                Found::Key(key, length) => {
                    keys.push(key);
                    at += length;
                }
                Found::Nothing(length) => at += length,
                Found::Part => break,
            }
        }
        self.pending.drain(..at);
        keys
    }

    /// Nothing more comes for now: what began like a sequence is none.
    pub(super) fn pause(&mut self) -> Option<Key> {
        let pending = std::mem::take(&mut self.pending);
        (pending == [ESCAPE]).then_some(Key::Escape)
    }
}

/// Looks at bytes, of which there is at least one.
fn find(bytes: &[u8]) -> Found {
    let key = match bytes[0] {
        ESCAPE => return sequence(bytes),
        3 => Key::Interrupt,
        4 => Key::End,
        8 | 127 => Key::Backspace,
        b'\r' | b'\n' => Key::Enter,
        // Ctrl-N and Ctrl-P, as shells have them.
        14 => Key::Down,
        16 => Key::Up,
        21 => Key::All,
        23 => Key::Word,
        0..b' ' => return Found::Nothing(1),
        _ => return character(bytes),
    };
    Found::Key(key, 1)
}

fn sequence(bytes: &[u8]) -> Found {
    let end = match bytes.get(1) {
        None => return Found::Part,
        Some(b'[') => bytes[2..].iter().position(|byte| (0x40..=0x7e).contains(byte)).map(|end| end + 2),
        Some(b'O') => (bytes.len() > 2).then_some(2),
        Some(&ESCAPE) => return Found::Key(Key::Escape, 1),
        // A key with Alt.
        Some(_) => return Found::Nothing(2),
    };
    let Some(end) = end else { return Found::Part };
    let key = match &bytes[2..=end] {
        b"A" => Key::Up,
        b"B" => Key::Down,
        b"5~" => Key::PageUp,
        b"6~" => Key::PageDown,
        b"H" | b"1~" | b"7~" => Key::First,
        b"F" | b"4~" | b"8~" => Key::Last,
        _ => return Found::Nothing(end + 1),
    };
    Found::Key(key, end + 1)
}

fn character(bytes: &[u8]) -> Found {
    const LONGEST: usize = 4;
    let start = &bytes[..bytes.len().min(LONGEST)];
    let valid = match str::from_utf8(start) {
        Ok(text) => text,
        Err(error) if error.valid_up_to() > 0 => str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default(),
        // It is only cut off.
        Err(error) if error.error_len().is_none() => return Found::Part,
        Err(_) => return Found::Nothing(1),
    };
    match valid.chars().next() {
        Some(character) if !character.is_control() => Found::Key(Key::Typed(character), character.len_utf8()),
        character => Found::Nothing(character.map_or(1, char::len_utf8)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_understood() {
        for (bytes, keys) in [
            (&b"aB "[..], &[Key::Typed('a'), Key::Typed('B'), Key::Typed(' ')][..]),
            ("é漢".as_bytes(), &[Key::Typed('é'), Key::Typed('漢')]),
            (b"\r\n", &[Key::Enter, Key::Enter]),
            (b"\x08\x7f\x15\x17", &[Key::Backspace, Key::Backspace, Key::All, Key::Word]),
            (b"\x1b[A\x1b[B\x1bOA\x1bOB\x10\x0e", &[Key::Up, Key::Down, Key::Up, Key::Down, Key::Up, Key::Down]),
            (b"\x1b[5~\x1b[6~\x1b[H\x1b[4~", &[Key::PageUp, Key::PageDown, Key::First, Key::Last]),
            (b"\x03\x04", &[Key::Interrupt, Key::End]),
            (b"\x1b\x1b[A", &[Key::Escape, Key::Up]),
            // What has no meaning here leaves nothing behind.
            (b"\x1b[1;5Ca\x1bxb\x01\x1a\tc\xff", &[Key::Typed('a'), Key::Typed('b'), Key::Typed('c')]),
            ("\u{85}x".as_bytes(), &[Key::Typed('x')]),
        ] {
            let mut read = Keys::default();
            assert_eq!(read.read(bytes), keys, "{bytes:?}");
            assert!(read.pending.is_empty(), "{bytes:?}");
            // However the bytes come.
            let mut read = Keys::default();
            let one_by_one: Vec<Key> = bytes.iter().flat_map(|byte| read.read(&[*byte])).collect();
            assert_eq!(one_by_one, keys, "{bytes:?}");
        }
    }

    #[test]
    fn escape_is_a_key_of_its_own_when_nothing_follows() {
        let mut keys = Keys::default();
        assert_eq!((keys.read(b"\x1b"), keys.pause(), keys.pause()), (vec![], Some(Key::Escape), None));
        assert_eq!((keys.read(b"\x1b["), keys.pause(), keys.read(b"A")), (vec![], None, vec![Key::Typed('A')]));
    }
}
