//! `rushes-servers CLIP [--port N]`: a server that behaves as fal.ai does, until it is killed.

use std::process::ExitCode;

use rushes_servers::fal::Server;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (clip, port) = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [clip] => (clip, Ok(0)),
        [clip, "--port", port] => (clip, port.parse::<u16>()),
        _ => {
            eprintln!("rushes-servers CLIP [--port N]");
            return ExitCode::from(2);
        }
    };
    let Ok(port) = port else {
        eprintln!("error: the port is a number up to 65535");
        return ExitCode::from(2);
    };
    match std::fs::read(clip).and_then(|clip| Server::start_at(clip, port)) {
        Ok(server) => {
            println!("{}", server.url());
            loop {
                std::thread::park();
            }
        }
        Err(e) => {
            eprintln!("error: {e} ({clip})");
            ExitCode::FAILURE
        }
    }
}
