//! Cursors: a place in a list, as a text that a caller hands back and does not look into. One that was not given out by
//! this list of this world, as it is since it was last set up, is refused.

use std::fmt::Write as _;

/// What a cursor is good for: the world, how often it was set up, and the list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct List<'a> {
    pub(crate) world: &'a str,
    pub(crate) incarnation: u64,
    pub(crate) name: &'a str,
}

impl List<'_> {
    pub(crate) fn cursor(&self, place: &str) -> String {
        let mut text = String::with_capacity(place.len() * 2 + 9);
        for byte in place.bytes() {
            let _ = write!(text, "{byte:02x}");
        }
        let _ = write!(text, "-{:08x}", self.check(place));
        text
    }

    /// The place, or none for what is no cursor of this list.
    pub(crate) fn place(&self, cursor: &str) -> Option<String> {
        let (hex, _) = cursor.rsplit_once('-')?;
        let bytes: Option<Vec<u8>> =
            (0..hex.len() / 2).map(|i| u8::from_str_radix(hex.get(2 * i..2 * i + 2)?, 16).ok()).collect();
        let place = String::from_utf8(bytes?).ok()?;
        (self.cursor(&place) == cursor).then_some(place)
    }

    pub(crate) fn number(&self, cursor: &str) -> Option<u64> {
        self.place(cursor)?.parse().ok()
    }

    /// FNV-1a, so that a cursor of another list is noticed. It guards against mistakes, not against malice.
    fn check(&self, place: &str) -> u32 {
        let incarnation = self.incarnation.to_le_bytes();
        let parts = [self.world.as_bytes(), &[0], &incarnation, self.name.as_bytes(), &[0], place.as_bytes()];
        parts
            .concat()
            .iter()
            .fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: List<'_> = List { world: "a", incarnation: 1, name: "records" };

    #[test]
    fn a_cursor_leads_back_to_its_place() {
        for place in ["", "7", "SU-1", "Łódź -1"] {
            assert_eq!(LIST.place(&LIST.cursor(place)).as_deref(), Some(place));
        }
    }

    #[test]
    fn a_cursor_of_another_list_is_none() {
        let cursor = LIST.cursor("7");
        for other in
            [List { world: "b", ..LIST }, List { incarnation: 2, ..LIST }, List { name: "visits", ..LIST }]
        {
            assert_eq!(other.place(&cursor), None);
        }
        for forged in ["", "-", "37", "37-00000000", "zz-00000000", "é-1", "3-1"] {
            assert_eq!(LIST.place(forged), None, "{forged:?}");
        }
    }
}
