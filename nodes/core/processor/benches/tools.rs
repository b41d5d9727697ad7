//! Tools over pictures of 1920×1080 in memory, in half floats and in floats: `cargo bench -p rushes-processor`.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a measurement that fails may panic")]

mod work;

use criterion::{Criterion, criterion_group, criterion_main};
use rushes_gpu::Precision;
use work::{TOOLS, Work};

fn tools(c: &mut Criterion) {
    for (name, precision) in [("half", Precision::Half), ("float", Precision::Float)] {
        let mut group = c.benchmark_group(name);
        let work = Work::new((1920, 1080), precision);
        for tool in TOOLS {
            group.bench_function(tool, |b| b.iter(|| work.make(tool)));
        }
        group.finish();
    }
}

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(20);
    targets = tools
}
criterion_main!(all);
