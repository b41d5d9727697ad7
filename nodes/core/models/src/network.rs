//! A network as a file of ONNX, and running it.

use rten::{Dimension, Model, ModelOptions, NodeId, OpRegistry, RunOptions, ThreadPool, op_types};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, Tensor};
use rushes_engine::{Error, Result};
use std::sync::{Arc, LazyLock};

/// The threads that networks run on: one core is left to the window.
static POOL: LazyLock<Arc<ThreadPool>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    Arc::new(ThreadPool::with_num_threads(cores.saturating_sub(1).max(1)))
});

/// What a network is said to be: what it is told of by, and its one input and output, by name and size, where a size is
/// not left open.
pub(crate) struct Signature {
    pub(crate) name: &'static str,
    pub(crate) input: (&'static str, &'static [Option<usize>]),
    pub(crate) output: (&'static str, &'static [Option<usize>]),
}

/// A network that is ready.
pub(crate) struct Network {
    name: &'static str,
    model: Model,
    input: NodeId,
    output: NodeId,
}

impl Network {
    /// Loads a network, and refuses one that is not what its signature says.
    pub(crate) fn load(signature: &Signature, bytes: &'static [u8]) -> Result<Self> {
        let name = signature.name;
        let wrong = |what: &str| Error::system(format!("the network for {name} cannot be used: {what}"));
        let model = ModelOptions::with_ops(operators())
            .load_static_slice(bytes)
            .map_err(|e| wrong(&e.to_string()))?;
        let only = |ids: &[NodeId], (wanted, size): (&str, &[Option<usize>])| {
            let [id] = ids else { return Err(wrong("it has not one input and one output")) };
            let node = model.node_info(*id).ok_or_else(|| wrong("it is not whole"))?;
            let fits = |(d, wanted): (&Dimension, &Option<usize>)| match (d, wanted) {
                (Dimension::Fixed(d), Some(wanted)) => d == wanted,
                (Dimension::Symbolic(_), None) => true,
                _ => false,
            };
            let sizes = node.shape().unwrap_or_default();
            if node.name() != Some(wanted) || sizes.len() != size.len() || !sizes.iter().zip(size).all(fits) {
                return Err(wrong(&format!("{wanted} is not what it should be")));
            }
            Ok(*id)
        };
        let input = only(model.input_ids(), signature.input)?;
        let output = only(model.output_ids(), signature.output)?;
        Ok(Self { name, model, input, output })
    }

    /// What it makes of `values`, with the size of it.
    pub(crate) fn run(&self, size: [usize; 4], values: Vec<f32>) -> Result<(Vec<usize>, Vec<f32>)> {
        let failed = |what: String| Error::system(format!("the network for {} failed: {what}", self.name));
        let input = NdTensor::try_from_data(size, values).map_err(|e| failed(e.to_string()))?;
        let options = RunOptions::default().with_thread_pool(Some(POOL.clone()));
        let made = self.model.run(vec![(self.input, input.into())], &[self.output], Some(options));
        let made = made.map_err(|e| failed(e.to_string()))?.pop();
        let made = made.ok_or_else(|| failed("nothing came out".to_owned()))?;
        let made = Tensor::<f32>::try_from(made).map_err(|e| failed(e.to_string()))?;
        let size = made.shape().to_vec();
        let values = made.into_data();
        if values.iter().any(|v| !v.is_finite()) {
            return Err(failed("it gave what is no number".to_owned()));
        }
        Ok((size, values))
    }
}

/// The operators that the networks here are made of, all of which are held to what others compute.
fn operators() -> OpRegistry {
    OpRegistry::with_ops(&[
        &op_types::Add,
        &op_types::AveragePool,
        &op_types::Cast,
        &op_types::Conv,
        &op_types::Flatten,
        &op_types::GlobalAveragePool,
        &op_types::MatMul,
        &op_types::MaxPool,
        &op_types::Pad,
        &op_types::Relu,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    static DETECTOR: &[u8] = include_bytes!("../../../../assets/models/face/detector.onnx");
    const SIGNATURE: Signature = Signature {
        name: "tests",
        input: ("tiles", &[Some(1), Some(3), None, None]),
        output: ("scores", &[Some(1), Some(1), None, None]),
    };

    fn refused(signature: &Signature, bytes: &'static [u8]) -> String {
        Network::load(signature, bytes).err().unwrap().to_string()
    }

    #[test]
    fn what_is_not_the_network_is_refused_in_words() {
        assert!(refused(&SIGNATURE, b"no network at all").contains("the network for tests cannot be used"));
        assert!(refused(&SIGNATURE, &DETECTOR[..DETECTOR.len() / 2]).contains("cannot be used"));
        let gray = Signature { input: ("tiles", &[Some(1), Some(1), None, None]), ..SIGNATURE };
        assert!(refused(&gray, DETECTOR).contains("tiles is not what it should be"));
        let other = Signature { output: ("boxes", &[Some(1), Some(1), None, None]), ..SIGNATURE };
        assert!(refused(&other, DETECTOR).contains("boxes is not what it should be"));
        let network = Network::load(&SIGNATURE, DETECTOR).unwrap();
        assert!(network.run([1, 3, 64, 64], vec![0.0; 7]).is_err(), "values that are not of the size");
    }
}
