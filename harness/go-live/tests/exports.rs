//! Exports: bytes in, typed rows and every problem out.

use go_live::exports::{CareHistory, Column, Export, Side, Status};

#[test]
fn a_column_that_is_not_there_is_unknown_and_an_empty_cell_is_empty() {
    use Column::{ExternalId, FamilyName, RecordId, Status as State};
    let export = Export::of_cells(
        Side::Acp,
        &[FamilyName, ExternalId, RecordId, State],
        &[&["Price", "00482 ", "18804", "Active"], &["Okafor", "", "18805", "archived"]],
    );
    let (one, other) = (export.row(0), export.row(1));
    assert_eq!((one.number(), other.number()), (2, 3));
    assert_eq!((one.external_id(), other.external_id()), (Some("00482 "), None));
    assert_eq!((one.text(FamilyName), one.text(Column::Branch)), (Some("Price"), None));
    assert_eq!((one.status(), other.status()), (Some(Status::Active), Some(Status::Archived)));
    assert_eq!(one.care_history(), CareHistory::Unknown);
    assert_eq!(one.fields().len(), 1);
    assert_eq!(one.for_lookalikes().identifier, "00482 ");
}
