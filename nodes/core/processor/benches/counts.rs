//! Instructions a pixel of each tool, counted by valgrind's callgrind: `cargo bench -p rushes-processor --bench counts`.
//!
//! The same program counts the same on any machine and under any load, where times are too noisy to tell a small step.
//! Lanes are those of AVX2 at most, which is what valgrind knows. Memory and waiting are not in it.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a measurement that fails may panic")]

mod work;

use rushes_gpu::Precision;
use std::hint::black_box;
use std::process::Command;
use work::{TOOLS, Work};

/// Small, for an instruction counted takes fifty; wide as a picture of 1080p, for spans.
const SIZE: (u32, u32) = (1920, 64);
/// Which tool a program that is counted makes.
const TOOL: &str = "COUNTED_TOOL";

fn main() {
    if let Ok(tool) = std::env::var(TOOL) {
        return once(&tool);
    }
    if Command::new("valgrind").arg("--version").output().is_err() {
        return println!("instructions are not counted: there is no valgrind");
    }
    println!("{:28}{:>8}{:>8}", "instructions a pixel made", "half", "float");
    for tool in TOOLS {
        let counts = ["half", "float"].map(|precision| counted(&format!("{precision}: {tool}")));
        println!("{tool:28}{:>8.1}{:>8.1}", counts[0], counts[1]);
    }
}

/// Makes a tool's picture on this thread alone, what callgrind counts in [`rushes_counted`].
fn once(tool: &str) {
    rayon::ThreadPoolBuilder::new().num_threads(1).use_current_thread().build_global().unwrap();
    let (precision, tool) = tool.split_once(": ").unwrap();
    let precision = if precision == "half" { Precision::Half } else { Precision::Float };
    let work = Work::new(SIZE, precision);
    // What is found and made once is not what a picture costs.
    work.make(tool);
    println!("{}", rushes_counted(&work, tool));
}

/// Says of how many pixels the picture is. The name is what callgrind is told.
#[unsafe(no_mangle)]
#[inline(never)]
fn rushes_counted(work: &Work, tool: &str) -> u32 {
    black_box(work).make(tool)
}

/// Instructions a pixel.
fn counted(tool: &str) -> f64 {
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=rushes_counted"]);
    let out = command.arg(std::env::current_exe().unwrap()).env(TOOL, tool).output().unwrap();
    let (told, words) = (String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr));
    let pixels: f64 = told.trim().parse().unwrap_or_else(|_| panic!("{tool}: {words}"));
    let line = words.lines().find_map(|line| line.split_once("Collected : ")).unwrap();
    line.1.trim().parse::<f64>().unwrap() / pixels
}
