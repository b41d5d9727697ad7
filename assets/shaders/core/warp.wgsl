// Each pixel looks up where it comes from by a projective map, and mixes the pixels around that place.

struct Params {
    // The rows of the map from output to input positions, in pixels of the pictures at hand.
    map0: vec4f,
    map1: vec4f,
    map2: vec4f,
    // 0 nearest, 1 bilinear, 2 bicubic, 3 Lanczos.
    filter_kind: u32,
    // 0 transparent, 1 black, 2 clamp, 3 mirror, 4 wrap.
    border: u32,
    // As `finish_mixing` takes it.
    finish: u32,
}

// Taps either way, at most: a picture shrunk further aliases rather than stalls.
const REACH: i32 = 48;

fn looked_up(pos: vec2i, border: u32) -> vec4f {
    let size = size0();
    if border == 2u {
        return load0(border_clamp(pos, size));
    } else if border == 3u {
        return load0(border_mirror(pos, size));
    } else if border == 4u {
        return load0(border_wrap(pos, size));
    }
    let nothing = vec4f(0.0, 0.0, 0.0, f32(border));
    return select(load0(pos), nothing, any(pos < vec2i(0)) || any(pos >= size));
}

fn sinc(x: f32) -> f32 {
    let t = 3.14159265358979 * x;
    return select(sin(t) / t, 1.0, abs(x) < 1e-4);
}

// The weight at a distance in widened pixels.
fn weight(d: f32, kind: u32) -> f32 {
    let x = abs(d);
    if kind == 1u {
        return max(0.0, 1.0 - x);
    } else if kind == 2u {
        // Keys' cubic, a = -1/2.
        let near = (1.5 * x - 2.5) * x * x + 1.0;
        let far = ((-0.5 * x + 2.5) * x - 4.0) * x + 2.0;
        return select(select(0.0, far, x < 2.0), near, x < 1.0);
    }
    return select(0.0, sinc(x) * sinc(x / 3.0), x < 3.0);
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let out = vec3f(vec2f(at.pos) + 0.5, 1.0);
    let h = vec3f(dot(p.map0.xyz, out), dot(p.map1.xyz, out), dot(p.map2.xyz, out));
    if h.z <= 1e-6 {
        return finish_mixing(vec4f(0.0, 0.0, 0.0, f32(p.border != 0u)), p.finish);
    }
    let source = h.xy / h.z;
    let far = 1e6;
    if any(abs(source) > vec2f(far)) {
        return finish_mixing(vec4f(0.0, 0.0, 0.0, f32(p.border != 0u)), p.finish);
    }
    if p.filter_kind == 0u {
        return finish_mixing(looked_up(vec2i(floor(source)), p.border), p.finish);
    }
    // How far the input moves with one output pixel, along each input axis: where the picture shrinks, the filter
    // is widened by it.
    let dx = (vec2f(p.map0.x, p.map1.x) - source * p.map2.x) / h.z;
    let dy = (vec2f(p.map0.y, p.map1.y) - source * p.map2.y) / h.z;
    let widened = max(vec2f(1.0), sqrt(dx * dx + dy * dy));
    let support = f32(p.filter_kind);
    let reach = support * widened;
    let low = max(vec2i(ceil(source - 0.5 - reach)), vec2i(floor(source)) - REACH);
    let high = min(vec2i(floor(source - 0.5 + reach)), vec2i(floor(source)) + REACH);
    let size = size0();
    if p.border < 2u && (any(high < vec2i(0)) || any(low >= size)) {
        return finish_mixing(vec4f(0.0, 0.0, 0.0, f32(p.border)), p.finish);
    }
    var sum = vec4f(0.0);
    var total = 0.0;
    for (var y = low.y; y <= high.y; y++) {
        let wy = weight((f32(y) + 0.5 - source.y) / widened.y, p.filter_kind);
        var row = vec4f(0.0);
        var along = 0.0;
        for (var x = low.x; x <= high.x; x++) {
            let wx = weight((f32(x) + 0.5 - source.x) / widened.x, p.filter_kind);
            row += wx * looked_up(vec2i(x, y), p.border);
            along += wx;
        }
        sum += wy * row;
        total += wy * along;
    }
    return finish_mixing(sum / total, p.finish);
}
