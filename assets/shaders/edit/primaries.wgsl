// Light of one set of primaries to another's.

struct Params {
    red: vec3f,
    green: vec3f,
    blue: vec3f,
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    let light = linear_from_sdr(c.rgb);
    return vec4f(sdr_from_linear(vec3f(dot(p.red, light), dot(p.green, light), dot(p.blue, light))), c.a);
}
