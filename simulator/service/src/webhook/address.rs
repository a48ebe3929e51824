//! Where webhooks go: plain HTTP, to this computer unless more is allowed.

use std::{fmt, net::IpAddr};

/// An address that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    host: String,
    port: u16,
    /// With the query, if there is one.
    path: String,
}

impl Address {
    /// The error is a whole sentence.
    pub fn read(url: &str, allow_remote: bool) -> Result<Address, String> {
        let uri: axum::http::Uri = url
            .parse()
            .map_err(|_| "That is not an address. Write it as http://127.0.0.1:9000/hook.".to_owned())?;
        match uri.scheme_str() {
            Some("http") => {}
            Some("https") => {
                return Err("Webhooks are sent by plain HTTP only. Put a program that speaks HTTPS on this computer, and name \
                            that."
                    .to_owned());
            }
            _ => {
                return Err(
                    "The address begins with http://, for instance http://127.0.0.1:9000/hook.".to_owned()
                );
            }
        }
        let authority = uri.authority().filter(|it| !it.as_str().contains('@'));
        let Some(authority) = authority else {
            return Err(
                "The address has no host, or a name and password in it, which it may not have.".to_owned()
            );
        };
        let host = authority.host().trim_matches(['[', ']']).to_owned();
        let address = Address {
            host,
            port: authority.port_u16().unwrap_or(80),
            path: uri.path_and_query().map_or("/", |it| it.as_str()).to_owned(),
        };
        if !address.is_here() && !allow_remote {
            return Err(format!(
                "{} is not this computer. What goes there leaves it; --allow-remote allows that.",
                address.host
            ));
        }
        Ok(address)
    }

    /// On this computer.
    pub fn is_here(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    pub fn host(&self) -> &str {
        &self.host
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }

    /// What is connected to. `localhost` is this computer whatever a table of names says.
    pub(super) fn to_connect(&self) -> (&str, u16) {
        let host = if self.host.eq_ignore_ascii_case("localhost") { "127.0.0.1" } else { &self.host };
        (host, self.port)
    }

    /// For the header Host.
    pub(super) fn authority(&self) -> String {
        if self.host.contains(':') {
            format!("[{}]:{}", self.host, self.port)
        } else {
            format!("{}:{}", self.host, self.port)
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "http://{}{}", self.authority(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_http_to_this_computer_unless_more_is_allowed() {
        for (url, shown) in [
            ("http://127.0.0.1:9000/hook?x=1", "http://127.0.0.1:9000/hook?x=1"),
            ("http://localhost", "http://localhost:80/"),
            ("http://[::1]:81/a", "http://[::1]:81/a"),
            ("HTTP://LOCALHOST:1/", "http://LOCALHOST:1/"),
        ] {
            assert_eq!(Address::read(url, false).map(|it| it.to_string()), Ok(shown.to_owned()));
        }
        for url in [
            "https://127.0.0.1/",
            "ftp://127.0.0.1/",
            "127.0.0.1:9000",
            "/hook",
            "",
            "http://",
            "http://user:pass@127.0.0.1/",
            "http://example.com/",
            "http://127.0.0.1.example.com/",
            "http://169.254.169.254/latest",
            "http://0.0.0.0/",
            "http://2130706433/",
        ] {
            assert!(Address::read(url, false).is_err(), "{url}");
        }
        assert!(Address::read("http://example.com/", true).is_ok_and(|it| !it.is_here()));
        assert!(Address::read("https://example.com/", true).is_err());
    }
}
