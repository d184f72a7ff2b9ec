//! What variables say of credentials.

use super::{
    super::super::fake::MARKER,
    layout::{FileKind, Layout},
};

/// Declares an enumeration and the list of all that is in it.
macro_rules! all {
    ($(#[$doc:meta])* $name:ident { $($(#[$each:meta])* $variant:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum $name { $($(#[$each])* $variant,)* }

        impl $name {
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant,)*];
        }
    };
}
pub(super) use all;

all! {
    /// Who names the profile, and how.
    Naming {
        Nobody,
        Option,
        AwsProfile,
        AwsDefaultProfile,
        /// `AWS_PROFILE` names it, `AWS_DEFAULT_PROFILE` another.
        BothVariables,
        /// `AWS_PROFILE` names another.
        OptionAgainstVariable,
        /// `AWS_PROFILE` is empty, and so there is no name.
        EmptyVariable,
    }
}

impl Naming {
    pub(super) fn is_explicit(self) -> bool {
        matches!(self, Self::Option | Self::OptionAgainstVariable)
    }

    /// The name of the profile that counts.
    pub(super) fn profile(self) -> &'static str {
        if matches!(self, Self::Nobody | Self::EmptyVariable) { "default" } else { "chosen" }
    }

    pub(super) fn lay(self, layout: &mut Layout<'_>) {
        match self {
            Self::Nobody | Self::Option => {}
            Self::AwsProfile => layout.set("AWS_PROFILE", "chosen"),
            Self::AwsDefaultProfile => layout.set("AWS_DEFAULT_PROFILE", "chosen"),
            Self::BothVariables => {
                layout.set("AWS_PROFILE", "chosen");
                layout.set("AWS_DEFAULT_PROFILE", "other");
            }
            Self::OptionAgainstVariable => layout.set("AWS_PROFILE", "other"),
            Self::EmptyVariable => layout.set("AWS_PROFILE", ""),
        }
        // Whoever looks at a profile that does not count is found out.
        for other in ["default", "other"] {
            if other != self.profile() {
                layout.keys(FileKind::Credentials, other);
            }
        }
    }
}

all! {
    /// Keys in variables.
    Keys {
        None,
        Pair,
        Session,
        /// The token in `AWS_SECURITY_TOKEN`.
        SecurityToken,
        /// Another token in each of the two variables.
        BothTokens,
        IdAlone,
        SecretAlone,
        TokenAlone,
        Empty,
        Blank,
        /// `AWS_CREDENTIAL_EXPIRATION` of another day, beside keys that do not end.
        StalePair,
        StaleSession,
        FreshSession,
    }
}

impl Keys {
    pub(super) fn lay(self, layout: &mut Layout<'_>) {
        let (id, secret) = match self {
            Self::None | Self::TokenAlone => (None, None),
            Self::IdAlone => (Some("variables"), None),
            Self::SecretAlone => (None, Some(MARKER)),
            Self::Empty => (Some(""), Some("")),
            Self::Blank => (Some(" "), Some(" ")),
            _ => (Some("variables"), Some(MARKER)),
        };
        let has_token = matches!(
            self,
            Self::Session | Self::BothTokens | Self::TokenAlone | Self::StaleSession | Self::FreshSession
        );
        let has_security_token = matches!(self, Self::SecurityToken | Self::BothTokens);
        let expiration = match self {
            Self::StalePair | Self::StaleSession => Some("2020-01-02T03:04:05Z"),
            Self::FreshSession => Some("2099-01-02T03:04:05Z"),
            _ => None,
        };
        for (name, value) in
            [("AWS_ACCESS_KEY_ID", id), ("AWS_SECRET_ACCESS_KEY", secret), ("AWS_CREDENTIAL_EXPIRATION", expiration)]
        {
            if let Some(value) = value {
                layout.set(name, value);
            }
        }
        if has_token {
            layout.set("AWS_SESSION_TOKEN", &format!("{MARKER}-session"));
        }
        if has_security_token {
            layout.set("AWS_SECURITY_TOKEN", &format!("{MARKER}-security"));
        }
    }
}

all! {
    /// The variables of web identity.
    Web {
        None,
        Whole,
        /// With a session name.
        Named,
        TokenAlone,
        RoleAlone,
        NameAlone,
        /// The token's file is not there.
        Missing,
        /// The token's file ends with a newline.
        Newline,
        Empty,
    }
}

impl Web {
    pub(super) fn lay(self, layout: &mut Layout<'_>) {
        let token = match self {
            Self::None | Self::RoleAlone | Self::NameAlone => None,
            Self::Empty => Some(String::new()),
            Self::Missing => Some(layout.path("missing.jwt")),
            Self::Newline => Some(layout.file("variables.jwt", &format!("{MARKER}-variables\n"))),
            Self::Whole | Self::Named | Self::TokenAlone => {
                Some(layout.file("variables.jwt", &format!("{MARKER}-variables")))
            }
        };
        if let Some(token) = token {
            layout.set("AWS_WEB_IDENTITY_TOKEN_FILE", &token);
        }
        if !matches!(self, Self::None | Self::TokenAlone | Self::NameAlone) {
            layout.set("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/variables");
        }
        if matches!(self, Self::Named | Self::NameAlone) {
            layout.set("AWS_ROLE_SESSION_NAME", "variables");
        }
    }
}

all! {
    /// The variables of a container.
    Container {
        None,
        Open,
        Token,
        TokenFile,
        /// A token in a file, another one in the variable.
        BothTokens,
        /// The token's file ends with a newline.
        Newline,
        /// The token's file is not there.
        Missing,
        /// No host that may be asked without TLS.
        ForeignHost,
        Refusing,
        Silent,
        Empty,
    }
}

impl Container {
    pub(super) fn lay(self, layout: &mut Layout<'_>) {
        let uri = match self {
            Self::None => return,
            Self::Open | Self::Token | Self::TokenFile | Self::BothTokens | Self::Newline | Self::Missing => {
                format!("{}/container/task", layout.aws.url)
            }
            Self::ForeignHost => "http://192.0.2.1/container/task".to_owned(),
            Self::Refusing => format!("{}/container/refusing", layout.aws.url),
            Self::Silent => format!("{}/container/task", layout.aws.silent),
            Self::Empty => String::new(),
        };
        layout.set("AWS_CONTAINER_CREDENTIALS_FULL_URI", &uri);
        if matches!(self, Self::Token | Self::BothTokens) {
            layout.set("AWS_CONTAINER_AUTHORIZATION_TOKEN", &format!("{MARKER}-variable"));
        }
        let file = match self {
            Self::TokenFile | Self::BothTokens => layout.file("container.token", &format!("{MARKER}-file")),
            Self::Newline => layout.file("container.token", &format!("{MARKER}-file\n")),
            Self::Missing => layout.path("missing.token"),
            _ => return,
        };
        layout.set("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", &file);
    }
}

all! {
    /// The instance's metadata.
    Instance {
        Disabled,
        DisabledInCapitals,
        Whole,
        WithoutRole,
        /// It knows nothing of tokens.
        OfVersion1,
        Refusing,
        NotTrusted,
        Silent,
        /// `AWS_EC2_INSTANCE_PROFILE_NAME` says what the role is.
        Preset,
    }
}

impl Instance {
    pub(super) fn lay(self, layout: &mut Layout<'_>) {
        let aws = layout.aws;
        let url = match self {
            Self::Disabled | Self::DisabledInCapitals | Self::Whole | Self::Preset => &aws.url,
            Self::WithoutRole => &aws.without_role,
            Self::OfVersion1 => &aws.of_version_1,
            Self::Refusing => &aws.refusing,
            Self::NotTrusted => &aws.not_trusted,
            Self::Silent => &aws.silent,
        };
        layout.set("AWS_EC2_METADATA_SERVICE_ENDPOINT", url);
        if self != Self::Silent {
            // The machine may be busy.
            layout.set("AWS_METADATA_SERVICE_TIMEOUT", "30");
        }
        match self {
            Self::Disabled => layout.set("AWS_EC2_METADATA_DISABLED", "true"),
            Self::DisabledInCapitals => layout.set("AWS_EC2_METADATA_DISABLED", "TRUE"),
            // Nothing is said of it, so that a profile may.
            Self::Whole => {}
            _ => layout.set("AWS_EC2_METADATA_DISABLED", "false"),
        }
        if self == Self::Preset {
            layout.set("AWS_EC2_INSTANCE_PROFILE_NAME", "Preset");
        }
    }
}
