//! Keys that last and passwords, in a sealed file or with another program: getting them, and moving them from place to place.

#![cfg(unix)]

mod exec;
mod kernel;
mod list;
mod moving;
mod of_the_manual;
mod passphrase;
mod passwords;
mod programs;
mod roles;
mod sealed;

use super::{
    fake::{Keys, MARKER},
    keyfob::{Home, Invocation, program},
};
use std::path::PathBuf;

/// Keeps what it is told as it is, a file for each profile, and notes what it was asked for.
const HELPER: &str = r#"
word=$1
read -r line
echo "$word" >>"$HOME/asked"
profile=$(printf '%s' "$line" | sed -n 's/.*"profile":"\([^"]*\)".*/\1/p')
mkdir -p "$HOME/kept"
cd "$HOME/kept" || exit 1
case $word in
    get) if [ -e "$profile" ]; then cat "$profile"; fi ;;
    store) printf '%s\n' "$line" >"$profile" ;;
    erase) rm -f "$profile" ;;
    list) printf '{"profiles":['; ls | sed 's/.*/"&"/' | paste -sd, - | tr -d '\n'; printf ']}' ;;
esac
"#;

/// A home with jane's keys in profile `dev`, a program that keeps keys, and a passphrase.
struct Vault {
    home: Home,
    jane: Keys,
}

impl Vault {
    /// The keys are in the credentials file.
    fn new() -> Self {
        let jane = Keys::of("jane");
        let home = Home::new().credentials(&jane.section("dev"));
        home.write("helper", HELPER);
        Self { home, jane }
    }

    /// The keys are with the program.
    fn with_helper() -> Self {
        let vault = Self::new();
        vault.move_to(&vault.exec());
        vault
    }

    /// The keys are in the sealed file.
    fn sealed() -> Self {
        let vault = Self::new();
        vault.move_to("sealed");
        vault
    }

    fn move_to(&self, store: &str) {
        self.keyfob(["store", "move", "dev", "--to", store]).any_stdout().run();
    }

    /// The store that the program is.
    fn exec(&self) -> String {
        format!("exec:sh {}", self.home.path().join("helper").display())
    }

    /// A run that can open the sealed file.
    fn keyfob<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Invocation {
        let run = self.home.keyfob(words).env("KEYFOB_PASSPHRASE_COMMAND", "printenv PASSPHRASE");
        run.env("PASSPHRASE", &passphrase())
    }

    fn process(&self) -> Invocation {
        self.keyfob(["process", "dev"])
    }

    /// What `process` prints.
    fn document(&self) -> String {
        self.jane.document(None)
    }

    fn sealed_file(&self) -> PathBuf {
        self.home.path().join(".local/share/keyfob/sealed")
    }

    /// What the program was asked for since the last time.
    fn asked(&self) -> String {
        let path = self.home.path().join("asked");
        let asked = std::fs::read_to_string(&path).unwrap_or_default().replace('\n', " ");
        let _ = std::fs::remove_file(path);
        asked.trim_end().to_owned()
    }

    fn path(&self, file: &str) -> String {
        self.home.path().join(file).display().to_string()
    }

    /// The lines of profile `dev` when a store has its keys.
    fn noted(&self, store: &str) -> String {
        self.noted_as("dev", store)
    }

    fn noted_as(&self, name: &str, store: &str) -> String {
        let id = &self.jane.access_key_id;
        format!(
            "[profile {name}]\nkeyfob_store = {store}\nkeyfob_aws_access_key_id = {id}\n\
             credential_process = {} process --profile {name}\n",
            program()
        )
    }
}

fn passphrase() -> String {
    format!("{MARKER} of four words")
}
