//! What the reader makes of whole files: good ones, bad ones and damaged ones.

mod bad;
mod corpus;
mod editor;
mod examples;
mod format;
mod good;
mod limits;
mod reference;
mod schema;
mod suite;
