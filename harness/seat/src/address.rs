//! Where a foreign program is. An address that leads outside this computer is taken only when somebody says so, and one
//! with a password in it never: it would stand in every report.

use reqwest::Url;
use std::fmt;

#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    url: Url,
}

/// Why a text is no address of a seat: whole sentences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAnAddress(pub String);

impl Address {
    /// Reads `http://127.0.0.1:8080` or `https://engine.example/base`.
    pub fn read(text: &str, allow_remote: bool) -> Result<Address, NotAnAddress> {
        let no = |why: &str| Err(NotAnAddress(format!("{why} Write it as http://127.0.0.1:8080.")));
        let Ok(url) = text.parse::<Url>() else {
            return no("That is no address: it has no scheme, or a part of it is not right.");
        };
        if !url.username().is_empty() || url.password().is_some() {
            return no(
                "The address has a user or password in it, which would stand in every report. Give the key in REHEARSE_SEAT_KEY.",
            );
        }
        if !matches!(url.scheme(), "http" | "https") {
            return no("The address is neither http nor https.");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return no("The address has something after ? or #.");
        }
        let address = Address { url };
        if !address.is_loopback() && !allow_remote {
            return Err(NotAnAddress(format!(
                "{} is not this computer. A rehearsal makes, changes and deletes records there. If that is a test system \
                 made for it, say so with --allow-remote.",
                address.host()
            )));
        }
        Ok(address)
    }

    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    pub fn is_loopback(&self) -> bool {
        let host = self.host().trim_start_matches('[').trim_end_matches(']');
        host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// The whole address of a path of the contract, given in parts that are not encoded yet, and a query.
    pub(crate) fn at(&self, path: &[&str], query: &[(&str, &str)]) -> Url {
        let mut url = self.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_this_computer_is_taken() {
        for text in ["http://127.0.0.1:4170", "http://localhost/base/", "http://[::1]:1", "https://127.1.2.3"]
        {
            assert!(Address::read(text, false).is_ok(), "{text}");
        }
    }

    #[test]
    fn another_computer_is_named_and_needs_a_word() {
        let NotAnAddress(why) =
            Address::read("http://engine.example:8080", false).expect_err("not this computer");
        assert!(why.contains("engine.example") && why.contains("--allow-remote"), "{why}");
        assert!(Address::read("http://engine.example:8080", true).is_ok());
        for text in [
            "http://127.0.0.1.evil.example",
            "http://localhost.evil.example",
            "http://0.0.0.0",
            "http://2130706433.nip.io",
        ] {
            assert!(Address::read(text, false).is_err(), "{text}");
        }
    }

    #[test]
    fn a_password_is_refused_and_not_repeated() {
        let NotAnAddress(why) = Address::read("http://me:s3cret@127.0.0.1", true).expect_err("a password");
        assert!(!why.contains("s3cret"), "{why}");
        for text in [
            "",
            "127.0.0.1:80",
            "ftp://127.0.0.1",
            "http://",
            "http://127.0.0.1/?a=b",
            "http://127.0.0.1/#x",
            "http://127.0.0.1:99999",
        ] {
            assert!(Address::read(text, true).is_err(), "{text}");
        }
    }

    #[test]
    fn a_path_cannot_leave_its_place() {
        let address = Address::read("http://127.0.0.1:1/base/", false).expect("an address");
        let url = address.at(&["v1", "../x", "a b/é"], &[("after", "1&2")]);
        assert_eq!(url.as_str(), "http://127.0.0.1:1/base/v1/..%2Fx/a%20b%2F%C3%A9?after=1%262");
    }
}
