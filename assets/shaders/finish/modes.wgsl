// Photoshop's blend modes: `b` is the bottom, `s` the top (its "source"). Codes follow `Mode` in nodes/finish/mode.rs.

fn mode_burn(b: f32, s: f32) -> f32 {
    if b >= 1.0 {
        return 1.0;
    }
    if s <= 0.0 {
        return 0.0;
    }
    return 1.0 - min(1.0, (1.0 - b) / s);
}

fn mode_dodge(b: f32, s: f32) -> f32 {
    if b <= 0.0 {
        return 0.0;
    }
    if s >= 1.0 {
        return 1.0;
    }
    return min(1.0, b / (1.0 - s));
}

fn mode_vivid(b: f32, s: f32) -> f32 {
    if s < 0.5 {
        return mode_burn(b, 2.0 * s);
    }
    return mode_dodge(b, 2.0 * s - 1.0);
}

fn mode_divide(b: f32, s: f32) -> f32 {
    if s <= 0.0 {
        return 1.0;
    }
    return b / s;
}

fn mode_hard_light(b: vec3f, s: vec3f) -> vec3f {
    return select(2.0 * b * s, 1.0 - 2.0 * (1.0 - b) * (1.0 - s), s >= vec3f(0.5));
}

// W3C Compositing 1, which is Photoshop's.
fn mode_soft_light(b: vec3f, s: vec3f) -> vec3f {
    let root = select(((16.0 * b - 12.0) * b + 4.0) * b, sqrt(max(b, vec3f(0.0))), b > vec3f(0.25));
    let dark = b - (1.0 - 2.0 * s) * b * (1.0 - b);
    return select(dark, b + (2.0 * s - 1.0) * (root - b), s > vec3f(0.5));
}

// The luma of W3C Compositing 1.
fn mode_lum(c: vec3f) -> f32 {
    return dot(c, vec3f(0.3, 0.59, 0.11));
}

fn mode_sat(c: vec3f) -> f32 {
    return max(c.r, max(c.g, c.b)) - min(c.r, min(c.g, c.b));
}

fn mode_set_lum(c: vec3f, lum: f32) -> vec3f {
    let moved = c + (lum - mode_lum(c));
    let own = mode_lum(moved);
    let low = min(moved.r, min(moved.g, moved.b));
    let high = max(moved.r, max(moved.g, moved.b));
    var out = moved;
    if low < 0.0 {
        out = own + (out - own) * own / (own - low);
    }
    if high > 1.0 {
        out = own + (out - own) * (1.0 - own) / (high - own);
    }
    return out;
}

fn mode_set_sat(c: vec3f, sat: f32) -> vec3f {
    let low = min(c.r, min(c.g, c.b));
    let own = mode_sat(c);
    if own <= 0.0 {
        return vec3f(0.0);
    }
    return (c - low) * (sat / own);
}

fn mode_clipped(v: vec3f) -> vec3f {
    return clamp(v, vec3f(0.0), vec3f(1.0));
}

// The colour of the top where both pictures are opaque.
fn mode_color(mode: u32, b: vec3f, s: vec3f) -> vec3f {
    switch mode {
        case 2u: { return mode_clipped(min(b, s)); }
        case 3u: { return mode_clipped(b * s); }
        case 4u: { return mode_clipped(vec3f(mode_burn(b.r, s.r), mode_burn(b.g, s.g), mode_burn(b.b, s.b))); }
        case 5u: { return mode_clipped(b + s - 1.0); }
        case 6u: { return select(b, s, s.r + s.g + s.b < b.r + b.g + b.b); }
        case 7u: { return mode_clipped(max(b, s)); }
        case 8u: { return mode_clipped(b + s - b * s); }
        case 9u: { return mode_clipped(vec3f(mode_dodge(b.r, s.r), mode_dodge(b.g, s.g), mode_dodge(b.b, s.b))); }
        case 10u: { return mode_clipped(b + s); }
        case 11u: { return select(b, s, s.r + s.g + s.b > b.r + b.g + b.b); }
        case 12u: { return mode_clipped(mode_hard_light(s, b)); }
        case 13u: { return mode_clipped(mode_soft_light(b, s)); }
        case 14u: { return mode_clipped(mode_hard_light(b, s)); }
        case 15u: { return mode_clipped(vec3f(mode_vivid(b.r, s.r), mode_vivid(b.g, s.g), mode_vivid(b.b, s.b))); }
        case 16u: { return mode_clipped(b + 2.0 * s - 1.0); }
        case 17u: { return mode_clipped(select(min(b, 2.0 * s), max(b, 2.0 * s - 1.0), s >= vec3f(0.5))); }
        case 18u: { return select(vec3f(0.0), vec3f(1.0), b >= 1.0 - s); }
        case 19u: { return mode_clipped(abs(b - s)); }
        case 20u: { return mode_clipped(b + s - 2.0 * b * s); }
        case 21u: { return mode_clipped(b - s); }
        case 22u: {
            return mode_clipped(vec3f(mode_divide(b.r, s.r), mode_divide(b.g, s.g), mode_divide(b.b, s.b)));
        }
        case 23u: { return mode_set_lum(mode_set_sat(s, mode_sat(b)), mode_lum(b)); }
        case 24u: { return mode_set_lum(mode_set_sat(b, mode_sat(s)), mode_lum(b)); }
        case 25u: { return mode_set_lum(s, mode_lum(b)); }
        case 26u: { return mode_set_lum(b, mode_lum(s)); }
        default: { return s; }
    }
}

// How much of a pixel a dissolving top covers: chance decides for each pixel of the full picture, the same in
// every frame.
fn mode_dissolved(pos: vec2u, proxy: u32, amount: f32) -> f32 {
    var shown = 0.0;
    for (var i = 0u; i < 16u; i++) {
        let within = (vec2u(i % 4u, i / 4u) * proxy) / 4u;
        shown += select(0.0, 1.0, uniform3(pos * proxy + within, 0u, 0u).x < amount);
    }
    return shown / 16.0;
}

// The top over the bottom, both of straight alpha (W3C Compositing 1, source over).
fn mode_over(mode: u32, bottom: vec4f, top: vec4f, opacity: f32, pos: vec2u, proxy: u32) -> vec4f {
    var cover = clamp(top.a * opacity, 0.0, 1.0);
    if mode == 1u {
        cover = mode_dissolved(pos, proxy, cover);
    }
    let blended = mode_color(mode, bottom.rgb, top.rgb);
    // What is opaque stays so, and nothing need be divided.
    if bottom.a == 1.0 {
        return vec4f(mix(bottom.rgb, blended, cover), 1.0);
    }
    let alpha = cover + bottom.a * (1.0 - cover);
    let mixed = bottom.rgb * (bottom.a * (1.0 - cover)) + (top.rgb * (1.0 - bottom.a) + blended * bottom.a) * cover;
    return vec4f(select(vec3f(0.0), mixed / alpha, alpha > 1e-5), alpha);
}

// 1: display values to linear light. 2: the way back. 0: as they are.
fn mode_space(space: u32, c: vec4f) -> vec4f {
    if space == 1u {
        return vec4f(linear_from_sdr(c.rgb), c.a);
    }
    if space == 2u {
        return vec4f(sdr_from_linear(c.rgb), c.a);
    }
    return c;
}
