// Colour helpers. "SDR" is the one display encoding of working frames; light is its power 2.4.

// A power of the size, with the sign kept.
fn odd_power(v: vec3f, power: f32) -> vec3f {
    let size = pow(abs(v), vec3f(power));
    return select(size, -size, v < vec3f(0.0));
}

// Encoded display value to linear light, odd about 0 so that overshoot survives.
fn linear_from_sdr(v: vec3f) -> vec3f {
    return odd_power(v, 2.4);
}

// Linear light to the encoded display value.
fn sdr_from_linear(v: vec3f) -> vec3f {
    return odd_power(v, 1.0 / 2.4);
}

// BT.709 luminance weights.
fn luma(rgb: vec3f) -> f32 {
    return dot(rgb, vec3f(0.2126, 0.7152, 0.0722));
}

// Cube root, odd about 0.
fn cube_root(v: vec3f) -> vec3f {
    return odd_power(v, 1.0 / 3.0);
}

// Linear light of BT.709 primaries to Oklab (Ottosson 2020).
fn oklab_from_linear(rgb: vec3f) -> vec3f {
    let lms = cube_root(vec3f(
        dot(rgb, vec3f(0.4122214708, 0.5363325363, 0.0514459929)),
        dot(rgb, vec3f(0.2119034982, 0.6806995451, 0.1073969566)),
        dot(rgb, vec3f(0.0883024619, 0.2817188376, 0.6299787005)),
    ));
    return vec3f(
        dot(lms, vec3f(0.2104542553, 0.7936177850, -0.0040720468)),
        dot(lms, vec3f(1.9779984951, -2.4285922050, 0.4505937099)),
        dot(lms, vec3f(0.0259040371, 0.7827717662, -0.8086757660)),
    );
}

// Oklab to linear light of BT.709 primaries.
fn linear_from_oklab(lab: vec3f) -> vec3f {
    let root = vec3f(
        dot(lab, vec3f(1.0, 0.3963377774, 0.2158037573)),
        dot(lab, vec3f(1.0, -0.1055613458, -0.0638541728)),
        dot(lab, vec3f(1.0, -0.0894841775, -1.2914855480)),
    );
    let lms = root * root * root;
    return vec3f(
        dot(lms, vec3f(4.0767416621, -3.3077115913, 0.2309699292)),
        dot(lms, vec3f(-1.2684380046, 2.6097574011, -0.3413193965)),
        dot(lms, vec3f(-0.0041960863, -0.7034186147, 1.7076147010)),
    );
}

// Straight alpha, encoded colour to premultiplied linear light.
fn premultiplied_linear(c: vec4f) -> vec4f {
    return vec4f(linear_from_sdr(c.rgb) * c.a, c.a);
}

// Premultiplied linear light to straight alpha, encoded colour; black where alpha is 0.
fn straight_sdr(c: vec4f) -> vec4f {
    return vec4f(sdr_from_linear(straight(c).rgb), c.a);
}

// Premultiplied to straight alpha; black where alpha is 0.
fn straight(c: vec4f) -> vec4f {
    return vec4f(select(vec3f(0.0), c.rgb / c.a, c.a > 1e-5), c.a);
}
