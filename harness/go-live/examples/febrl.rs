//! Precision, recall and F1 on FEBRL dataset 4, as `scripts/febrl.py` writes it: `febrl FOLDER`. No labels are used, and
//! nothing is set for this data set: Australian columns go where ours are.

#![allow(clippy::cast_precision_loss, reason = "figures of ten thousand rows")]

use go_live::lookalike::{Links, Row, Rows, link};
use jiff::civil::Date;

fn main() {
    let folder = std::env::args().nth(1).expect("usage: febrl FOLDER, as scripts/febrl.py wrote it");
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/{name}")).expect("the script wrote it");
    let (a, b) = (read("a.tsv"), read("b.tsv"));
    let (a, b): (Vec<Vec<&str>>, Vec<Vec<&str>>) = (cells(&a), cells(&b));
    let addresses =
        |rows: &[Vec<&str>]| rows.iter().map(|row| format!("{} {}", row[3], row[4])).collect::<Vec<_>>();
    let (lines_a, lines_b) = (addresses(&a), addresses(&b));
    let (row_a, row_b) = (|at: usize| row(&a[at], &lines_a[at]), |at: usize| row(&b[at], &lines_b[at]));
    let began = std::time::Instant::now();
    let links = link(&Rows { n_rows: a.len(), row: &row_a }, &Rows { n_rows: b.len(), row: &row_b }, 2);
    println!("{:.3} s, {:?}, {} pairs", began.elapsed().as_secs_f64(), links.trust, links.n_pairs);
    report(&links, &a, &b);
}

fn cells(text: &str) -> Vec<Vec<&str>> {
    text.lines().map(|line| line.split('\t').collect()).collect()
}

fn row<'a>(cells: &[&'a str], line: &'a str) -> Row<'a> {
    Row {
        given: cells[1],
        family: cells[2],
        born: born(cells[9]),
        nhs: cells[10],
        postcode: cells[7],
        address: [line, cells[5], cells[6]],
        ..Row::default()
    }
}

/// `19390424`.
fn born(text: &str) -> Option<Date> {
    let part = |range: std::ops::Range<usize>| text.get(range)?.parse::<i16>().ok();
    let (year, month, day) = (part(0..4)?, part(4..6)?, part(6..8)?);
    Date::new(year, month.try_into().ok()?, day.try_into().ok()?).ok()
}

fn report(links: &Links, a: &[Vec<&str>], b: &[Vec<&str>]) {
    let right = links.links.iter().filter(|link| a[link.a as usize][0] == b[link.b as usize][0]).count();
    let (precision, recall) = (right as f64 / links.links.len() as f64, right as f64 / a.len() as f64);
    let f1 = 2.0 * precision * recall / (precision + recall);
    println!("P {precision:.4} R {recall:.4} F1 {f1:.4} ({right} of {})", links.links.len());
    println!("expected {:.1}", links.expected);
}
