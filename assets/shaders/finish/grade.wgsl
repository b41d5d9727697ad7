struct Params {
    // Exposure, temperature, tint and lift, as factors of the values at hand and what is added.
    slope: vec3f,
    lift: vec3f,
    // 1 / gamma.
    power: vec3f,
    // Gain, offset and contrast about its pivot, in the same way.
    gain: vec3f,
    offset: vec3f,
    saturation: f32,
    // 1 where the table `curves` counts.
    curved: u32,
    // 1 where `hues` counts.
    hued: u32,
    // 1 where the values are linear light already.
    light: u32,
    // Added to Oklab's a and b before all else.
    mood: vec2f,
}

fn grade_light(v: vec3f, light: u32) -> vec3f {
    return select(linear_from_sdr(v), v, light == 1u);
}

fn grade_encoded(v: vec3f, light: u32) -> vec3f {
    return select(sdr_from_linear(v), v, light == 1u);
}

fn grade_bent(v: f32, power: f32) -> f32 {
    if power == 1.0 {
        return v;
    }
    let size = pow(abs(v), power);
    return select(size, -size, v < 0.0);
}

fn grade_curved(v: vec3f) -> vec3f {
    let inside = clamp(v, vec3f(0.0), vec3f(1.0));
    let bent = vec3f(table_1d(curves, inside.r).r, table_1d(curves, inside.g).g, table_1d(curves, inside.b).b);
    return bent + (v - inside);
}

// x: turn of the hue in radians, y: factor of the chroma, z: added to the lightness.
fn grade_hued(v: vec3f, light: u32) -> vec3f {
    let lab = oklab_from_linear(grade_light(v, light));
    let chroma = length(lab.yz);
    let hue = atan2(lab.z, lab.y);
    let h = table_1d(hues, fract(hue / 6.2831853 + 1.0));
    // Greys have no hue: what is added to the lightness fades out with the chroma.
    let colored = smoothstep(0.0, 0.04, chroma);
    let turned = hue + h.x;
    let bent = vec3f(lab.x + h.z * colored, chroma * h.y * cos(turned), chroma * h.y * sin(turned));
    return grade_encoded(linear_from_oklab(bent), light);
}

fn tool(c: vec4f, at: Pixel, p: Params) -> vec4f {
    var v = c.rgb;
    if any(p.mood != vec2f(0.0)) {
        let lab = oklab_from_linear(grade_light(v, p.light));
        v = grade_encoded(linear_from_oklab(lab + vec3f(0.0, p.mood * clamp(lab.x, 0.0, 1.0))), p.light);
    }
    v = v * p.slope + p.lift;
    v = vec3f(grade_bent(v.r, p.power.r), grade_bent(v.g, p.power.g), grade_bent(v.b, p.power.b));
    v = v * p.gain + p.offset;
    if p.curved == 1u {
        v = grade_curved(v);
    }
    if p.hued == 1u {
        v = grade_hued(v, p.light);
    }
    if p.saturation != 1.0 {
        v = mix(vec3f(luma(v)), v, p.saturation);
    }
    return vec4f(v, c.a);
}
