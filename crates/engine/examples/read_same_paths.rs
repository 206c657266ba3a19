//! The floor that `benches/processes` measures against: opens and reads the files named as arguments.

use std::fs::File;
use std::io::{Read, Write};

fn main() {
    let mut buffer = vec![0; 256 * 1024];
    let mut sum = 0_usize;
    for path in std::env::args_os().skip(1) {
        let Ok(mut file) = File::open(&path) else { continue };
        while let Ok(read) = file.read(&mut buffer) {
            if read == 0 {
                break;
            }
            sum += read;
        }
    }
    let _ = writeln!(std::io::stdout(), "{sum}");
}
