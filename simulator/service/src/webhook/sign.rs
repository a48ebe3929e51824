//! Signatures of the Standard Webhooks specification: HMAC-SHA256 over ID, time and body, with a shared secret.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use std::{fmt, io, ops::RangeInclusive};

/// What both sides know. As a text it is `whsec_` and base64.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

/// Bytes of a secret. Standard Webhooks, "Signature scheme".
const LENGTHS: RangeInclusive<usize> = 24..=64;
const PREFIX: &str = "whsec_";

impl Secret {
    /// The error is a whole sentence, and does not repeat the secret.
    pub fn read(text: &str) -> Result<Secret, String> {
        let bytes = text.strip_prefix(PREFIX).and_then(|rest| STANDARD.decode(rest).ok());
        match bytes {
            Some(bytes) if LENGTHS.contains(&bytes.len()) => Ok(Secret(bytes)),
            _ => Err(format!(
                "The secret is no good: it is whsec_ and the base64 of {} to {} bytes.",
                LENGTHS.start(),
                LENGTHS.end()
            )),
        }
    }

    pub fn random() -> io::Result<Secret> {
        let mut bytes = vec![0; 32];
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Secret(bytes))
    }

    /// As a text, for the one who is to check signatures.
    pub fn text(&self) -> String {
        format!("{PREFIX}{}", STANDARD.encode(&self.0))
    }

    /// `seconds` are those since 1970.
    pub(super) fn signature(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of any length will do");
        mac.update(format!("{id}.{seconds}.").as_bytes());
        mac.update(body);
        format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example that implementations of the specification share.
    #[test]
    fn a_signature_is_as_the_specification_has_it() {
        let secret = Secret::read("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret");
        let signature =
            secret.signature("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#);
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        assert_eq!(Secret::read(&secret.text()), Ok(secret));
    }

    #[test]
    fn a_secret_that_is_no_good_is_not_repeated() {
        for text in ["", "whsec_", "whsec_c2hvcnQ=", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_not base64!"]
        {
            let error = Secret::read(text).expect_err("it is no good");
            assert!(
                text.is_empty() || !error.contains(text.trim_start_matches("whsec_")) || text == "whsec_"
            );
        }
        assert_eq!(format!("{:?}", Secret::random().expect("randomness")), "Secret(..)");
    }
}
