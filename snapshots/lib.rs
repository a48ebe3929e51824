//! Nothing is here: it makes a package of the repository, so that `cargo insta review` finds the stories in this folder.
