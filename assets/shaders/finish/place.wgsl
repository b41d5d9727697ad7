struct Params {
    left: u32,
    top: u32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    return load0(vec2i(at.pos) - vec2i(i32(p.left), i32(p.top)));
}
