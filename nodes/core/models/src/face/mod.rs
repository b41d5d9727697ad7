//! Faces: where they are in a picture, their eyes and noses, and how alike two of them are.
//!
//! The networks and trees are those of Davis E. King's dlib, which are in the public domain, and each step is held to
//! what dlib itself computes: a convolutional detector with one window of 80 by 80 pixels over a pyramid
//! (King 2015, Max-Margin Object Detection), five points by a cascade of regression trees (Kazemi and Sullivan 2014), the
//! face cut out upright, and a residual network that gives 128 numbers for it. dlib tells of these that two pictures are
//! of one person where they are less than 0.6 apart, which is right for 99.38 of 100 pairs of Labeled Faces in the Wild.
//!
//! Faces of about 64 pixels and more are found; nothing is made larger to find smaller ones.

mod chip;
mod find;
mod geometry;
mod points;
mod tiles;

pub use geometry::{Point, Rect};

use crate::Picture;
use crate::network::{Network, Signature};
use points::Forests;
use rushes_engine::{Cancel, Error, Result};
use std::sync::OnceLock;

/// Numbers that a face is described by.
const NUMBERS: usize = 128;

static DETECTOR: &[u8] = include_bytes!("../../../../../assets/models/face/detector.onnx");
static DESCRIPTOR: &[u8] = include_bytes!("../../../../../assets/models/face/descriptor.onnx");
static POINTS: &[u8] = include_bytes!("../../../../../assets/models/face/points.bin");

/// A face in a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Face {
    /// Where it is; parts of it can lie outside of the picture.
    pub rect: Rect,
    /// How sure it is that this is a face: above 0, and around 1 for a clear one.
    pub confidence: f32,
    /// The outer and inner corner of the eye on the right of the picture, those of the eye on the left, and the bottom
    /// of the nose.
    pub points: [Point; 5],
}

/// What makes a face that of one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Descriptor([f32; NUMBERS]);

impl Descriptor {
    /// Two faces that are less apart are those of one person.
    pub const SAME: f64 = 0.6;

    /// How far two faces are apart: Euclidean, 0 for one and the same picture.
    pub fn distance(&self, other: &Self) -> f64 {
        let square = |(a, b): (&f32, &f32)| (f64::from(*a) - f64::from(*b)).powi(2);
        self.0.iter().zip(&other.0).map(square).sum::<f64>().sqrt()
    }

    /// The numbers themselves.
    pub fn numbers(&self) -> &[f32] {
        &self.0
    }
}

/// What looks at faces. Each part of it is loaded when it is first needed.
#[derive(Default)]
pub struct Faces {
    detector: OnceLock<Result<Network>>,
    points: OnceLock<Result<Forests>>,
    descriptor: OnceLock<Result<Network>>,
}

impl Faces {
    /// Nothing is loaded yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The faces in a picture, the surest first.
    ///
    /// # Errors
    /// Where a network cannot be used, or the work was cancelled.
    pub fn find(&self, picture: &Picture, cancel: &Cancel) -> Result<Vec<Face>> {
        let load = || Network::load(&find::SIGNATURE, DETECTOR);
        let detector = ready(&self.detector, load)?;
        let forests = ready(&self.points, || Forests::read(POINTS))?;
        let mut faces = Vec::new();
        for (rect, confidence) in find::find(detector, picture, cancel)? {
            cancel.check()?;
            faces.push(Face { rect, confidence, points: forests.points(picture, &rect) });
        }
        Ok(faces)
    }

    /// The face cut out of its picture, upright, 150 by 150 pixels; black where the picture does not reach.
    ///
    /// # Errors
    /// Never for a face of this picture.
    pub fn chip(&self, picture: &Picture, face: &Face) -> Result<Picture> {
        chip::cut(picture, &face.points)
    }

    /// What makes this face that of one person.
    ///
    /// # Errors
    /// Where the network cannot be used, or the work was cancelled.
    pub fn describe(&self, picture: &Picture, face: &Face, cancel: &Cancel) -> Result<Descriptor> {
        const SIGNATURE: Signature = Signature {
            name: "describing faces",
            input: ("chips", &[None, Some(3), Some(chip::SIDE), Some(chip::SIDE)]),
            output: ("numbers", &[None, Some(NUMBERS)]),
        };
        let network = ready(&self.descriptor, || Network::load(&SIGNATURE, DESCRIPTOR))?;
        let chip = self.chip(picture, face)?;
        cancel.check()?;
        let (_, numbers) = network.run([1, 3, chip::SIDE, chip::SIDE], chip.planes())?;
        let numbers = numbers.try_into().map_err(|_| Error::system("a face has other than 128 numbers"))?;
        Ok(Descriptor(numbers))
    }
}

fn ready<T>(part: &OnceLock<Result<T>>, load: impl FnOnce() -> Result<T>) -> Result<&T> {
    part.get_or_init(load).as_ref().map_err(Clone::clone)
}
