//! A stable number for each case, worked out from its name alone: `--shard` and `--shuffle` go by it. Adding a scenario
//! therefore moves no other to another shard, and changes the order of no two others.

use std::{fmt, str::FromStr};

/// One part of a suite that is run in several parts: `hash:2/5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1 to `of`.
    number: u64,
    of: u64,
}

impl Shard {
    pub(crate) fn has(self, scenario: &str, case: Option<&str>) -> bool {
        number(0, scenario, case) % self.of == self.number - 1
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.number, self.of)
    }
}

impl FromStr for Shard {
    type Err = String;

    /// `hash:2/5`; the error says what would have worked.
    fn from_str(text: &str) -> Result<Shard, String> {
        let parts = text.strip_prefix("hash:").unwrap_or(text).split_once('/');
        let number_of =
            |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
        let numbers = parts.and_then(|(number, of)| number_of(number).zip(number_of(of)));
        let Some((number, of)): Option<(u64, u64)> = numbers else {
            return Err("write hash:2/5 for the second of five shards".to_owned());
        };
        if of == 0 {
            return Err("nothing can be split into 0 shards; write hash:1/1 for all of it".to_owned());
        }
        if number == 0 || number > of {
            let reason = if number == 0 { "shards are counted from 1" } else { "there are no more" };
            return Err(format!(
                "there is no shard {number} of {of}: {reason}. They are hash:1/{of} to hash:{of}/{of}"
            ));
        }
        if !text.starts_with("hash:") {
            return Err(format!("write hash:{number}/{of}: cases are shared out by a hash of their names"));
        }
        Ok(Shard { number, of })
    }
}

/// The number of a case under a seed: FNV-1a over the bytes, then the last step of `MurmurHash3`, so that its low bits
/// are as good as any. It must never change: pipelines rely on a case staying in its shard.
pub(crate) fn number(seed: u64, scenario: &str, case: Option<&str>) -> u64 {
    let start = 0xcbf2_9ce4_8422_2325_u64 ^ mixed(seed);
    // A byte that no name has stands between the two.
    let bytes = scenario.bytes().chain([0]).chain(case.unwrap_or_default().bytes());
    mixed(bytes.fold(start, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)))
}

fn mixed(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_has_the_number_that_it_always_had() {
        assert_eq!(number(0, "late-sync/missed", None), 0x7c69_e65d_b80c_a5fe);
        assert_eq!(number(0, "late-sync/missed", Some("visit tomorrow")), 0x4424_ea20_0ef8_6a9f);
        assert_eq!(number(7, "late-sync/missed", None), 0x0467_5b7d_f5fe_7d0f);
    }

    #[test]
    fn shards_have_every_case_once_and_about_the_same_number() {
        let n_of = |shard: u64| {
            let shard = Shard { number: shard, of: 5 };
            (0..10_000).filter(|n| shard.has(&format!("folder/scenario-{n}"), None)).count()
        };
        let all: Vec<usize> = (1..=5).map(n_of).collect();
        assert_eq!(all.iter().sum::<usize>(), 10_000);
        assert!(all.iter().all(|n| (1850..2150).contains(n)), "{all:?}");
    }

    #[test]
    fn what_is_no_shard_is_told() {
        assert_eq!("hash:2/5".parse(), Ok(Shard { number: 2, of: 5 }));
        let says = |text: &str| text.parse::<Shard>().expect_err(text);
        assert!(says("hash:0/5").starts_with("there is no shard 0 of 5: shards are counted from 1"));
        assert!(says("hash:6/5").starts_with("there is no shard 6 of 5: there are no more"));
        assert!(says("hash:1/0").starts_with("nothing can be split into 0 shards"));
        assert!(says("2/5").starts_with("write hash:2/5: "));
        for text in [
            "",
            "2",
            "hash:",
            "hash:2",
            "hash:2/",
            "hash:/5",
            "hash:-1/5",
            "hash:+1/5",
            "hash:1.5/5",
            "hash:99999999999999999999/5",
        ] {
            assert_eq!(says(text), "write hash:2/5 for the second of five shards", "{text}");
        }
    }
}
