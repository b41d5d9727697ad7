struct Params {
    distortion: f32,
    // Radial factors of red, green and blue, less 1.
    spread: vec3f,
    // By how many of our pixels the picture moves.
    weave: vec2f,
    // 1 where the values are linear light already.
    light: u32,
}

// Premultiplied linear light.
fn film_light(pos: vec2i, light: u32) -> vec4f {
    let c = load0(pos);
    return vec4f(select(linear_from_sdr(c.rgb), c.rgb, light == 1u) * c.a, c.a);
}

// Weights of Catmull and Rom's cubic.
fn film_weights(t: f32) -> vec4f {
    let t2 = t * t;
    let t3 = t2 * t;
    return 0.5 * vec4f(-t3 + 2.0 * t2 - t, 3.0 * t3 - 5.0 * t2 + 2.0, -3.0 * t3 + 4.0 * t2 + t, t3 - t2);
}

fn film_at(pos: vec2f, light: u32) -> vec4f {
    let at = pos - 0.5;
    let base = floor(at);
    let wx = film_weights(at.x - base.x);
    let wy = film_weights(at.y - base.y);
    var sum = vec4f(0.0);
    for (var y = 0; y < 4; y++) {
        for (var x = 0; x < 4; x++) {
            sum += wx[x] * wy[y] * film_light(vec2i(base) + vec2i(x, y) - 1, light);
        }
    }
    return sum;
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let size = vec2f(at.size);
    let half_diagonal = 0.5 * length(size);
    let off = vec2f(at.pos) + 0.5 - 0.5 * size;
    let r2 = dot(off, off) / (half_diagonal * half_diagonal);
    // The corners stay where they are.
    let bent = off * (1.0 + p.distortion * (r2 - 1.0));
    let middle = 0.5 * size - p.weave;
    let green = film_at(bent * (1.0 + p.spread.g) + middle, p.light);
    var light = green;
    var alpha = vec3f(green.a);
    if any(p.spread != vec3f(p.spread.g)) {
        let red = film_at(bent * (1.0 + p.spread.r) + middle, p.light);
        let blue = film_at(bent * (1.0 + p.spread.b) + middle, p.light);
        light = vec4f(red.r, green.g, blue.b, green.a);
        alpha = vec3f(red.a, green.a, blue.a);
    }
    let rgb = select(vec3f(0.0), light.rgb / alpha, alpha > vec3f(1e-5));
    return vec4f(select(sdr_from_linear(rgb), rgb, p.light == 1u), light.a);
}
