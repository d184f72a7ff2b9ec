//! That `profile show --all --json --reveal` and botocore's `full_config` find the same in the same files.
//!
//! The files are made at random of what both read alike. Left out are inline comments, doubled keys and sections, blank
//! lines inside a value, and `x: 1`.

use super::{
    super::{keyfob::Home, peer},
    ask, json, text,
};

/// The same files in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        // Knuth's MMIX.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(end).expect("a small number")).expect("less than a small number")
    }

    fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    /// Some of the items, in any order.
    fn some_of<'a>(&mut self, items: &[&'a str]) -> Vec<&'a str> {
        let mut left = items.to_vec();
        let count = self.below(items.len() + 1);
        (0..count).map(|_| left.remove(self.below(left.len()))).collect()
    }

    /// The lines below a header.
    fn body(&mut self) -> String {
        let mut body = String::new();
        for key in self.some_of(&KEYS) {
            body += self.pick(&["", "", "", "\n", "# a comment = 1\n", "; another\n\n", "  # indented\n"]);
            body += key;
            body += self.pick(&[" = ", "=", "\t=\t", " =", "  =  "]);
            body += self.pick(&VALUES);
            body += self.pick(&["\n", "\n", "\n", " \t\n"]);
        }
        body
    }

    /// A config file and a credentials file.
    fn files(&mut self) -> [String; 2] {
        let in_config = self.some_of(&["default", "a", "b-1", "team/dev@eu+x", "two words"]);
        let mut config = self.pick(&["", "\n", "# The team's profiles.\n\n"]).to_owned();
        for name in &in_config {
            let header = match *name {
                "default" => self.pick(&["[default]", "[profile default]"]).to_owned(),
                "two words" => self.pick(&["[profile 'two words']", "[profile \"two words\"]"]).to_owned(),
                name => format!("[{}{name}]", self.pick(&["profile ", "profile  ", "profile\t"])),
            };
            config += &[&header, "\n", &self.body()].concat();
        }
        for header in
            self.some_of(&["[sso-session corp]", "[sso-session 'two words']", "[services local]", "[plugins]"])
        {
            config += &[header, "\n", &self.body()].concat();
        }
        let mut credentials = String::new();
        for name in self.some_of(&["default", "a", "only-here", "two words"]) {
            if name != "two words" || in_config.contains(&name) {
                credentials += &["[", name, "]\n", &self.body()].concat();
            }
        }
        let line_end = self.pick(&["\n", "\r\n"]);
        [config, credentials].map(|text| text.replace('\n', line_end))
    }
}

const KEYS: [&str; 9] = [
    "region",
    "Output",
    "aws_access_key_id",
    "AWS_SECRET_ACCESS_KEY",
    "aws_session_token",
    "s3",
    "sts",
    "credential_process",
    "x_y.z/1",
];

const VALUES: [&str; 14] = [
    "eu-west-1",
    "MARKERsecret/+=",
    "a#b;c",
    "\"in quotes\" 'and others'",
    "x = y = z",
    "größe 日本",
    "[not a header]",
    "%(no)s ${interpolation}",
    "",
    "first\n  second\n\tthird = 3",
    "\n  max_queue_size = 10\n  Addressing_Style=path",
    "\n\tendpoint_url = http://x/?a=b\n\t# a comment\n\n\tempty =\n",
    "\n    a = b\n  c = d",
    "a\n    # no part of it\n    b",
];

#[test]
fn all_profiles_hold_what_botocore_finds_in_them() {
    const FILES: usize = 60;
    let Some(python) = peer::python(&["botocore"]) else { return };
    let home = Home::new();
    let mut dice = Dice(20_261_121);
    let mut pairs = Vec::new();
    for number in 0..FILES {
        let [config, credentials] = dice.files();
        let paths = [("config", config), ("credentials", credentials)];
        pairs.push(paths.map(|(name, text)| home.write(&format!("{number}/{name}"), text)));
    }
    let paths: Vec<[&str; 2]> = pairs.iter().map(|[config, credentials]| [text(config), text(credentials)]).collect();
    let theirs = ask(&python, &home, "full_config.py", &[], &json_text(&paths));
    let mut settings = 0;
    for ([config, credentials], theirs) in paths.iter().zip(theirs.as_array().expect("the script prints a list")) {
        let show = home.keyfob(["profile", "show", "--all", "--json", "--reveal"]).secrets_expected().any_stdout();
        let run = show.env("AWS_CONFIG_FILE", config).env("AWS_SHARED_CREDENTIALS_FILE", credentials).run();
        assert_eq!(json(&run.stdout), *theirs, "{config}");
        settings += run.stdout.matches("\":").count();
    }
    assert!(settings > 10 * FILES, "the files are empty");
}

fn json_text(paths: &[[&str; 2]]) -> String {
    serde_json::to_string(paths).expect("texts always serialize")
}
