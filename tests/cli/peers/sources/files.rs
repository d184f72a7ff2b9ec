//! What there is in files beside profiles: keys for older tools, and lines that nobody can read.

use super::{super::super::fake::MARKER, environment::all, layout::Layout};

all! {
    /// Whether the config file can be read.
    Files {
        Whole,
        /// There is a line that is no setting, in another profile.
        DamagedElsewhere,
        /// There is one in the profile that counts.
        Damaged,
    }
}

impl Files {
    pub(super) fn lay(self, profile: &str, layout: &mut Layout<'_>) {
        match self {
            Self::Whole => {}
            Self::DamagedElsewhere => layout.damaged = Some("damaged".to_owned()),
            Self::Damaged => layout.damaged = Some(profile.to_owned()),
        }
    }
}

all! {
    /// The files of older tools.
    Legacy {
        None,
        BotoInHome,
        /// `BOTO_CONFIG` names one, and there is another in the home.
        BotoByVariable,
        /// `BOTO_CONFIG` names one that is not there, and there is another in the home.
        BotoMissing,
        /// An access key without a secret.
        BotoHalf,
        /// `AWS_CREDENTIAL_FILE`, of the first tools for EC2.
        Ec2Tools,
    }
}

impl Legacy {
    pub(super) fn lay(self, layout: &mut Layout<'_>) {
        let boto =
            |road: &str| format!("[Credentials]\naws_access_key_id = {road}\naws_secret_access_key = {MARKER}\n");
        match self {
            Self::None => {}
            Self::BotoInHome => drop(layout.file(".boto", &boto("boto(home)"))),
            Self::BotoByVariable | Self::BotoMissing => {
                layout.file(".boto", &boto("boto(home)"));
                let path = match self {
                    Self::BotoMissing => layout.path("missing.boto"),
                    _ => layout.file("boto.cfg", &boto("boto(variable)")),
                };
                layout.set("BOTO_CONFIG", &path);
            }
            Self::BotoHalf => drop(layout.file(".boto", "[Credentials]\naws_access_key_id = boto(half)\n")),
            Self::Ec2Tools => {
                let text = format!("AWSAccessKeyId=ec2(variable)\nAWSSecretKey={MARKER}\n");
                let path = layout.file("ec2-keys", &text);
                layout.set("AWS_CREDENTIAL_FILE", &path);
            }
        }
    }
}
