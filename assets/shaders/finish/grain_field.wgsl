// Film grain as a field over the pixels of the full picture. `GRAIN_SAMPLES`, declared before, is how many points of
// a proxy's pixel are averaged each way.

struct GrainField {
    // The full picture.
    width: u32,
    height: u32,
    // Pixels of it that one of ours covers each way.
    proxy: u32,
    frame: u32,
    seed: u32,
    // Grain diameter in pixels of the full picture.
    cell: f32,
    // Power of the part without size.
    fine: f32,
    // 0: one grain for all channels, 1: a grain for each.
    color: f32,
    // How the strength of single grains is bent, and what keeps its deviation.
    response: f32,
    response_gain: f32,
}

// Independent values of deviation 1 for three channels, uniform.
fn grain_noise(pos: vec2u, key: u32) -> vec3f {
    let v = pcg3d(vec3u(pos, key));
    return (vec3f(unit_float(v.x), unit_float(v.y), unit_float(v.z)) - 0.5) * 3.4641016;
}

// Weights of a quadratic B-spline at `t` in its cell, scaled so that independent values keep their deviation.
fn grain_weights(t: f32) -> vec3f {
    let w = vec3f(0.5 * (1.0 - t) * (1.0 - t), 0.75 - (t - 0.5) * (t - 0.5), 0.5 * t * t);
    return w / length(w);
}

// The field at one pixel of the full picture: deviation 1, mean not exactly 0.
fn grain_raw(g: GrainField, pos: vec2u) -> vec3f {
    let u = (vec2f(pos) + 0.5) / g.cell;
    let base = vec2u(floor(u));
    let wx = grain_weights(fract(u.x));
    let wy = grain_weights(fract(u.y));
    let key = pcg(g.frame ^ pcg(g.seed));
    var coarse = vec3f(0.0);
    for (var y = 0u; y < 3u; y++) {
        for (var x = 0u; x < 3u; x++) {
            coarse += wx[x] * wy[y] * grain_noise(base + vec2u(x, y), key);
        }
    }
    let fine = grain_noise(pos, pcg(key));
    let layers = sqrt(1.0 - g.fine) * coarse + sqrt(g.fine) * fine;
    let shared_layer = (layers.x + layers.y + layers.z) * 0.57735027;
    let k = g.color;
    let deviation = sqrt((1.0 - k) * (1.0 - k) + k * k + 2.0 * k * (1.0 - k) * 0.57735027);
    let value = ((1.0 - k) * shared_layer + k * layers) / deviation;
    return value * inverseSqrt(1.0 + g.response * value * value) * g.response_gain;
}

// The half of a side that `v` lies in, counted from `turn` around the picture: x is where its value is taken, y is 1 for
// the first half, 2 for the second, which takes the first's, and 0 for the pixel that an odd side leaves over.
fn grain_half(v: u32, turn: u32, side: u32) -> vec2u {
    let half_side = side / 2u;
    let from_turn = v + select(0u, side, v < turn) - turn;
    if from_turn < half_side {
        return vec2u(v, 1u);
    }
    if from_turn >= 2u * half_side {
        return vec2u(v, 0u);
    }
    let partner = from_turn - half_side + turn;
    return vec2u(partner - select(0u, side, partner >= side), 2u);
}

// The field at one pixel of the full picture. Half of the picture, another one in every frame, is the other half's
// negative, so that the mean of a whole picture is 0.
fn grain_at(g: GrainField, pos: vec2u) -> vec3f {
    let turn = pcg3d(vec3u(g.frame, g.seed, 0x85ebca6bu)).xy % vec2u(g.width, g.height);
    let row = grain_half(pos.y, turn.y, g.height);
    let column = grain_half(pos.x, turn.x, g.width);
    var source = vec2u(pos.x, row.x);
    var half_of = row.y;
    if row.y == 0u {
        source = vec2u(column.x, pos.y);
        half_of = column.y;
    }
    let negated = select(vec3f(0.0), vec3f(-1.0), half_of == 2u);
    return grain_raw(g, source) * select(negated, vec3f(1.0), half_of == 1u);
}

// The mean over what our pixel covers.
fn grain_mean(g: GrainField, pos: vec2u) -> vec3f {
    var sum = vec3f(0.0);
    var count = 0.0;
    for (var y = 0u; y < GRAIN_SAMPLES; y++) {
        for (var x = 0u; x < GRAIN_SAMPLES; x++) {
            let full = pos * g.proxy + (vec2u(x, y) * g.proxy) / GRAIN_SAMPLES;
            if full.x < g.width && full.y < g.height {
                sum += grain_at(g, full);
                count += 1.0;
            }
        }
    }
    return sum / max(count, 1.0);
}
