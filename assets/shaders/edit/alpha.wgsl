// What a file's alpha channel means.

struct Params {
    // 0 left out, 1 straight, 2 premultiplied.
    meaning: u32,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    if p.meaning == 0u {
        return vec4f(c.rgb, 1.0);
    }
    return select(c, straight(c), p.meaning == 2u);
}
