//! The files beside the graph of tools: a table of colours, and planes as a decoder gives them.

/// The table of colours that is looked up.
pub(super) const LOOK: &str = "look.cube";
/// The pictures of which floats are made: 16 bits, in the display's own encoding as the others are.
pub(super) const FLOATS: &str = "float_%04d.png";
/// Frames that are stored as planes.
pub(super) const PLANES: &str = "planes.y4m";

/// A table of 33 colours each way as a `.cube` file: a little warmer, a little steeper.
pub(super) fn cube() -> String {
    let mut text = "LUT_3D_SIZE 33\n".to_owned();
    let at = |i: u32| f64::from(i) / 32.0;
    let steep = |v: f64| v * v * (3.0 - 2.0 * v);
    for i in 0..33 * 33 * 33_u32 {
        let (r, g, b) = (at(i % 33), at(i / 33 % 33), at(i / 1089));
        let (r, g, b) = (steep(r).powf(0.95), steep(g), steep(b).powf(1.05));
        text.push_str(&format!("{r:.6} {g:.6} {b:.6}\n"));
    }
    text
}

/// Two frames of 4:2:0 in 8 bits as YUV4MPEG2, of slopes in all three planes.
pub(super) fn planes((width, height): (u32, u32)) -> Vec<u8> {
    let mut bytes = format!("YUV4MPEG2 W{width} H{height} F24:1 Ip A1:1 C420jpeg\n").into_bytes();
    for frame in 0..2_u32 {
        bytes.extend(b"FRAME\n");
        for (width, height, step) in
            [(width, height, 1), (width / 2, height / 2, 3), (width / 2, height / 2, 5)]
        {
            let at = |x: u32, y: u32| (16 + (x * step + y + 7 * frame) % 220) as u8;
            bytes.extend((0..height).flat_map(|y| (0..width).map(move |x| at(x, y))));
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_size_that_they_name() {
        assert_eq!(cube().lines().count(), 1 + 33 * 33 * 33);
        let head = "YUV4MPEG2 W64 H36 F24:1 Ip A1:1 C420jpeg\n".len();
        assert_eq!(planes((64, 36)).len(), head + 2 * ("FRAME\n".len() + 64 * 36 * 3 / 2));
    }
}
