//! NHS numbers and telephone numbers, from what people type.

/// An NHS number as typed: its digits as a number, and above them whether the check digit is right. 0 is none.
pub(crate) type Nhs = u64;

const VALID: u64 = 1 << 40;

/// Reads the digits of an NHS number. Fewer than five digits, more than ten, or all of them equal is none.
pub(crate) fn read_nhs(raw: &str) -> Nhs {
    let (mut digits, mut n) = ([0_u8; 10], 0);
    for byte in raw.bytes().filter(u8::is_ascii_digit) {
        if n == 10 {
            return 0;
        }
        digits[n] = byte - b'0';
        n += 1;
    }
    let digits = &digits[..n];
    if n < 5 || digits.iter().all(|digit| *digit == digits[0]) {
        return 0;
    }
    let value = digits.iter().fold(0, |value, &digit| value * 10 + u64::from(digit));
    if n == 10 && has_check_digit(digits) { value | VALID } else { value }
}

/// Modulus 11: weights 10 to 1 over all ten digits add up to a multiple of 11 (NHS Data Dictionary).
fn has_check_digit(digits: &[u8]) -> bool {
    digits.iter().zip((1..=10).rev()).map(|(&digit, weight)| u32::from(digit) * weight).sum::<u32>() % 11 == 0
}

pub(crate) fn is_valid(nhs: Nhs) -> bool {
    nhs & VALID != 0
}

/// Whether two different numbers are one slip apart: a digit replaced, or two neighbours swapped.
pub(crate) fn is_one_slip(one: Nhs, other: Nhs) -> bool {
    let (mut one, mut other) = (one & (VALID - 1), other & (VALID - 1));
    while one != other && one % 10 == other % 10 {
        one /= 10;
        other /= 10;
    }
    one / 10 == other / 10
        || (one / 100 == other / 100 && one % 10 == other / 10 % 10 && other % 10 == one / 10 % 10)
}

/// The national digits of a UK telephone number (ten or nine), hashed; 0 is none. `+44`, `0044`, `(0)` and the leading
/// zero go; of several numbers in one cell the first counts; anything shorter is none.
pub(crate) fn read_phone(raw: &str) -> u32 {
    let (mut value, mut n, mut first_differs) = (0_u64, 0, false);
    for byte in raw.bytes() {
        match byte {
            b'0'..=b'9' => {
                let digit = u64::from(byte - b'0');
                first_differs |= n > 0 && digit != value % 10;
                value = value.wrapping_mul(10).wrapping_add(digit);
                n += 1;
                // The international prefix, and the zero in brackets after it.
                if (value == 44 && n >= 2) || value == 0 {
                    value = 0;
                    n = 0;
                    first_differs = false;
                }
            }
            b'/' | b';' | b',' if n >= 9 => break,
            b'a'..=b'z' | b'A'..=b'Z' if n >= 9 => break,
            _ => {}
        }
    }
    if !(9..=12).contains(&n) || !first_differs {
        return 0;
    }
    super::fold::short(super::fold::scatter(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nhs_numbers_are_read_as_people_write_them() {
        assert!(is_valid(read_nhs("999 000 0018")));
        assert_eq!(read_nhs("999-000-0018"), read_nhs("9990000018"));
        assert!(!is_valid(read_nhs("9990000019")));
        assert_ne!(read_nhs("9990000019"), 0);
        for none in ["", "0000000000", "9999999999", "99900000181", "1234", "n/a"] {
            assert_eq!(read_nhs(none), 0, "{none}");
        }
    }

    #[test]
    fn one_slip_is_one_digit_or_two_swapped() {
        let is = |one, other| is_one_slip(read_nhs(one), read_nhs(other));
        assert!(is("9990000018", "9990000028"));
        assert!(is("9990001018", "9990010018"));
        assert!(!is("9990000018", "9990000126"));
        assert!(is("9990000018", "8990000018"));
    }

    #[test]
    fn telephone_numbers_are_compared_by_national_digits() {
        let expected = read_phone("01632 960123");
        assert_ne!(expected, 0);
        for raw in [
            "+44 1632 960123",
            "0044 (0)1632 960123",
            "1632960123",
            "(01632) 960-123",
            "01632960123 (daughter)",
            "01632 960123 / 07700 900123",
        ] {
            assert_eq!(read_phone(raw), expected, "{raw}");
        }
        for none in ["", "0000000000", "1111111111", "999", "none", "01632"] {
            assert_eq!(read_phone(none), 0, "{none}");
        }
    }
}
