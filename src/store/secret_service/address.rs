//! Where the session bus is.
//!
//! An address is a list of `transport:key=value,…` between semicolons, with percent escapes in the values. Local sockets
//! are all that is needed: <https://dbus.freedesktop.org/doc/dbus-specification.html#addresses>

use crate::context::Vars;
use percent_encoding::percent_decode_str;
use std::ffi::OsStr;
use std::fmt;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// The socket of a bus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Address {
    Path(PathBuf),
    /// A name that is in no folder, which Linux alone has.
    Abstract(Vec<u8>),
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{:?}", path.display().to_string()),
            Self::Abstract(name) => write!(f, "abstract {:?}", String::from_utf8_lossy(name)),
        }
    }
}

/// The addresses of the session bus, to be tried in this order; else why there are none.
pub(super) fn of_session(vars: &Vars) -> Result<Vec<Address>, &'static str> {
    let runtime = vars.os("XDG_RUNTIME_DIR").map(Path::new).filter(|folder| folder.is_absolute());
    let usual = runtime.map(|folder| Address::Path(folder.join("bus")));
    let Some(named) = vars.os("DBUS_SESSION_BUS_ADDRESS") else {
        return usual.map(|usual| vec![usual]).ok_or("neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set");
    };
    let named = named.to_str().ok_or("DBUS_SESSION_BUS_ADDRESS is not UTF-8")?;
    let addresses: Vec<_> = named.split(';').filter_map(|address| parse(address, usual.as_ref())).collect();
    if addresses.is_empty() { Err("DBUS_SESSION_BUS_ADDRESS names no local socket") } else { Ok(addresses) }
}

/// `None` for what is no local socket.
fn parse(address: &str, usual: Option<&Address>) -> Option<Address> {
    let keys = address.trim().strip_prefix("unix:")?.split(',').filter_map(|pair| pair.split_once('='));
    let mut found = keys.filter_map(|(key, value)| {
        let bytes: Vec<u8> = percent_decode_str(value).collect();
        match key {
            "path" => Some(Address::Path(OsStr::from_bytes(&bytes).into())),
            "abstract" => Some(Address::Abstract(bytes)),
            "runtime" if value == "yes" => usual.cloned(),
            _ => None,
        }
    });
    found.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_the_specification_has_them() {
        let path = |path: &str| Ok(vec![Address::Path(path.into())]);
        let none = Err("DBUS_SESSION_BUS_ADDRESS names no local socket");
        for (named, expected) in [
            ("unix:path=/run/user/1000/bus", path("/run/user/1000/bus")),
            ("unix:path=/run/bus,guid=0a1b", path("/run/bus")),
            ("unix:guid=0a1b,path=/run/bus", path("/run/bus")),
            ("unix:path=/a%20b%2cc", path("/a b,c")),
            ("unix:runtime=yes", path("/run/user/7/bus")),
            ("unix:abstract=/tmp/dbus-x,guid=1", Ok(vec![Address::Abstract(b"/tmp/dbus-x".into())])),
            ("tcp:host=localhost,port=1;unix:path=/b", path("/b")),
            ("unix:path=/a;unix:path=/b", Ok(vec![Address::Path("/a".into()), Address::Path("/b".into())])),
            ("tcp:host=localhost,port=1", none.clone()),
            ("unix:dir=/tmp", none.clone()),
            ("autolaunch:", none.clone()),
            ("nonsense", none.clone()),
        ] {
            let vars = Vars::from([("DBUS_SESSION_BUS_ADDRESS", named), ("XDG_RUNTIME_DIR", "/run/user/7")]);
            assert_eq!(of_session(&vars), expected, "{named}");
        }
    }

    #[test]
    fn without_an_address_the_bus_is_in_the_runtime_folder() {
        let usual = Ok(vec![Address::Path("/run/user/7/bus".into())]);
        assert_eq!(of_session(&Vars::from([("XDG_RUNTIME_DIR", "/run/user/7")])), usual);
        let none = Err("neither DBUS_SESSION_BUS_ADDRESS nor XDG_RUNTIME_DIR is set");
        assert_eq!(of_session(&Vars::from([("XDG_RUNTIME_DIR", "run")])), none);
        assert_eq!(of_session(&Vars::default()), none);
    }
}
