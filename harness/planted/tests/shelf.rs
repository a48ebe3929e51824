//! The shelf as a whole. That each fault is one is shown by the suite: `rehearse selftest`.

use planted::Family;
use std::collections::BTreeSet;

#[test]
fn the_shelf_holds_at_least_fifty_faults_of_every_family() {
    let names: BTreeSet<&str> = planted::shelf().map(|fault| fault.name).collect();
    assert_eq!(names.len(), planted::shelf().count(), "each name once");
    assert!(names.len() >= 50, "{}", names.len());
    let families: BTreeSet<Family> = planted::shelf().map(|fault| fault.family).collect();
    assert_eq!(families.len(), Family::ALL.len(), "{families:?}");
}

#[test]
fn every_fault_says_in_one_sentence_what_is_wrong() {
    for fault in planted::shelf() {
        let is_name = fault.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(is_name, "{}", fault.name);
        assert!(fault.says.ends_with('.') && !fault.says.contains(". "), "{}: {}", fault.name, fault.says);
        assert!(std::ptr::eq(planted::find(fault.name).expect("on the shelf"), fault));
    }
}
