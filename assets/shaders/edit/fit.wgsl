// A picture scaled to lie whole in the middle of another size: Lanczos of three lobes, in linear light.

struct Params {
    // Source position = (destination position + 0.5) * step + offset, in pixels of the source as it is.
    step: vec2f,
    offset: vec2f,
    // Half the width of the filter in source pixels.
    reach: vec2f,
}

fn sinc(x: f32) -> f32 {
    let a = 3.14159265358979 * x;
    return select(sin(a) / a, 1.0, abs(x) < 1e-4);
}

fn lanczos(x: f32) -> f32 {
    return select(0.0, sinc(x) * sinc(x / 3.0), abs(x) < 3.0);
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let size = vec2f(size0());
    let centre = (vec2f(at.pos) + 0.5) * p.step + p.offset;
    if any(centre < vec2f(0.0)) || any(centre >= size) {
        return vec4f(0.0, 0.0, 0.0, 1.0);
    }
    let low = vec2i(ceil(centre - p.reach - 0.5));
    let high = vec2i(floor(centre + p.reach - 0.5));
    var sum = vec4f(0.0);
    var weight = 0.0;
    for (var y = low.y; y <= high.y; y++) {
        let wy = lanczos((f32(y) + 0.5 - centre.y) * 3.0 / p.reach.y);
        for (var x = low.x; x <= high.x; x++) {
            let w = wy * lanczos((f32(x) + 0.5 - centre.x) * 3.0 / p.reach.x);
            sum += premultiplied_linear(load0(vec2i(x, y))) * w;
            weight += w;
        }
    }
    let mean = sum / weight;
    return straight_sdr(vec4f(mean.rgb, clamp(mean.a, 0.0, 1.0)));
}
