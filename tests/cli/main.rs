//! The binary, run as its users run it, against AWS as a real server on 127.0.0.1.

mod fake;
mod keyfob;
