//! Local neural networks: what they are, loading them, running them.
//!
//! The networks that ship lie in `assets/models`, each with its licence and the script that made it, and are a part of
//! the program. They are loaded when first asked and checked then: a graph of other inputs, outputs or operators than
//! are named here is refused in words. [`face`] finds faces and says how alike two are.
//!
//! This room must not know the graph, the graphics device, media or the window. Of the engine it uses the vocabulary
//! only.

pub mod face;
mod network;
mod picture;

pub use picture::Picture;
