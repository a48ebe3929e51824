//! Address lines to two numbers: which house, and which street. It knows no postcode and no town.

use super::fold::{fold_into, hash_bytes, short};

/// 0 is unknown, in both.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
pub(crate) struct Place {
    /// All house and flat numbers, in any order.
    pub(crate) house: u32,
    /// The word that a street is called by: `church` of `Church Lane`.
    pub(crate) street: u32,
}

/// Reads the lines. `spare` is room to fold in.
pub(crate) fn read(lines: &[&str], spare: &mut Vec<u8>) -> Place {
    let mut place = Place::default();
    let mut first_word = 0;
    for line in lines.iter().filter(|line| !line.is_empty()) {
        fold_into(line, spare);
        let mut before: &[u8] = b"";
        for token in spare.split(|byte| *byte == b' ') {
            if is_house_number(token) {
                place.house = place.house.wrapping_add(short(hash_bytes(token)));
            } else if place.street == 0 && is_kind_of_street(token) && before.len() > 2 {
                place.street = short(hash_bytes(before));
            } else if first_word == 0
                && token.len() > 2
                && !is_kind_of_dwelling(token)
                && token[0].is_ascii_alphabetic()
            {
                first_word = short(hash_bytes(token));
            }
            before = if token.first().is_some_and(u8::is_ascii_alphabetic) { token } else { b"" };
        }
    }
    if place.street == 0 {
        place.street = first_word;
    }
    place
}

/// `12`, `12a`, `3`; not `1st`, and not the second half of a postcode.
fn is_house_number(token: &[u8]) -> bool {
    let n_digits = token.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=5).contains(&n_digits) && token.len() <= n_digits + 1
}

fn is_kind_of_street(token: &[u8]) -> bool {
    matches!(
        token,
        b"road"
            | b"rd"
            | b"street"
            | b"st"
            | b"str"
            | b"avenue"
            | b"ave"
            | b"av"
            | b"lane"
            | b"ln"
            | b"la"
            | b"close"
            | b"cl"
            | b"clo"
            | b"drive"
            | b"dr"
            | b"drv"
            | b"crescent"
            | b"cres"
            | b"cr"
            | b"court"
            | b"ct"
            | b"crt"
            | b"gardens"
            | b"gdns"
            | b"grdns"
            | b"garden"
            | b"grove"
            | b"gr"
            | b"gro"
            | b"way"
            | b"place"
            | b"pl"
            | b"terrace"
            | b"terr"
            | b"ter"
            | b"square"
            | b"sq"
            | b"hill"
            | b"park"
            | b"row"
            | b"walk"
            | b"wlk"
            | b"view"
            | b"green"
            | b"mews"
            | b"rise"
            | b"circuit"
            | b"parade"
            | b"mount"
            | b"fold"
            | b"croft"
    )
}

fn is_kind_of_dwelling(token: &[u8]) -> bool {
    matches!(
        token,
        b"flat"
            | b"apartment"
            | b"apt"
            | b"unit"
            | b"room"
            | b"floor"
            | b"the"
            | b"house"
            | b"cottage"
            | b"bungalow"
            | b"care"
            | b"home"
            | b"ground"
            | b"first"
            | b"second"
            | b"top"
            | b"upper"
            | b"lower"
            | b"plot"
            | b"block"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lines: &[&str]) -> Place {
        read(lines, &mut Vec::new())
    }

    #[test]
    fn spellings_of_one_address_are_one_place() {
        for (one, other) in [
            (vec!["12 Church Lane"], vec!["12, Church Ln."]),
            (vec!["Flat 3", "12 High Street"], vec!["12 High St, Flat 3"]),
            (vec!["12 St Mary's Road", "Leeds"], vec!["12 St Marys Rd"]),
            (vec!["Rose Cottage", "Mill Lane"], vec!["Mill Ln"]),
        ] {
            assert_eq!(place(&one), place(&other), "{one:?}");
        }
    }

    #[test]
    fn next_door_is_another_house_in_the_same_street() {
        let (one, other) = (place(&["12 Church Lane"]), place(&["14 Church Lane"]));
        assert_eq!(one.street, other.street);
        assert_ne!(one.house, other.house);
        assert_eq!(place(&["1st Floor, The Mews"]).house, 0);
    }
}
