// The bilateral filter (Tomasi and Manduchi 1998): neighbours count by their distance and by how much they look
// alike, so that noise goes and edges stay. Distances in colour are the sum over the channels, as OpenCV's.

struct Params {
    // Deviation in pixels of the picture at hand.
    reach: f32,
    // Deviation in summed channel values.
    likeness: f32,
    // Pixels either way.
    radius: u32,
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let here = vec2i(at.pos);
    let centre = load0(here);
    let r = i32(p.radius);
    var sum = vec3f(0.0);
    var total = 0.0;
    for (var y = -r; y <= r; y++) {
        for (var x = -r; x <= r; x++) {
            let d2 = x * x + y * y;
            if d2 > r * r {
                continue;
            }
            let c = load0(here + vec2i(x, y));
            let unlike = dot(abs(c.rgb - centre.rgb), vec3f(1.0)) / p.likeness;
            let far = f32(d2) / (p.reach * p.reach);
            // What is transparent has no colour to give.
            let w = exp(-0.5 * (far + unlike * unlike)) * select(1.0, c.a, d2 > 0);
            sum += w * c.rgb;
            total += w;
        }
    }
    return vec4f(sum / total, centre.a);
}
