//! The program `rushes`: the window and the command line, both thin over the same document and evaluator.

pub mod editor;
