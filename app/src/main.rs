//! The program.

fn main() -> std::process::ExitCode {
    rushes::cli::main()
}
