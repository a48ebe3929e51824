//! Small sets that every row has: of fields and of settings, a bit each, so that a million rows stay small.

use feed::{Field, Setting};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldSet(u32);

impl FieldSet {
    pub fn add(&mut self, field: Field) {
        self.0 |= 1 << field as u32;
    }

    pub fn remove(&mut self, field: Field) {
        self.0 &= !(1 << field as u32);
    }

    pub const fn without(self, other: FieldSet) -> FieldSet {
        FieldSet(self.0 & !other.0)
    }

    pub const fn has(self, field: Field) -> bool {
        self.0 & 1 << field as u32 != 0
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub const fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// In the order of [`Field::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Field> {
        Field::ALL.iter().copied().filter(move |field| self.has(*field))
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SettingSet(u16);

impl SettingSet {
    pub fn add(&mut self, setting: Setting) {
        self.0 |= 1 << setting as u16;
    }

    pub const fn has(self, setting: Setting) -> bool {
        self.0 & 1 << setting as u16 != 0
    }

    pub fn extend(&mut self, other: SettingSet) {
        self.0 |= other.0;
    }

    /// In the order of [`Setting::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Setting> {
        Setting::ALL.iter().copied().filter(move |setting| self.has(*setting))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_and_setting_has_a_bit() {
        let (mut fields, mut settings) = (FieldSet::default(), SettingSet::default());
        for field in Field::ALL {
            fields.add(*field);
        }
        for setting in Setting::ALL {
            settings.add(*setting);
        }
        assert!(fields.iter().eq(Field::ALL.iter().copied()));
        assert!(settings.iter().eq(Setting::ALL.iter().copied()));
        assert_eq!(fields.len(), Field::ALL.len());
    }
}
