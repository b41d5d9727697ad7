// Draws a working picture: display-referred RGB with straight alpha, of any float format.

struct Place {
    // Clip-space rectangle: left, top, right, bottom.
    rect: vec4f,
    // 1 smooth, 0 squares.
    smooth_: f32,
    // 1 draws a checkerboard behind what is transparent.
    checker: f32,
    // Brightness, 1 as it is.
    gain: f32,
    // Texels of the picture that one pixel of the target covers.
    footprint: f32,
}

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var<uniform> place: Place;

struct Corner {
    @builtin(position) position: vec4f,
    @location(0) uv: vec2f,
}

@vertex
fn corner(@builtin(vertex_index) index: u32) -> Corner {
    let uv = vec2f(f32(index & 1u), f32(index >> 1u));
    var out: Corner;
    out.position = vec4f(mix(place.rect.xy, place.rect.zw, uv), 0.0, 1.0);
    out.uv = uv;
    return out;
}

fn texel(at: vec2i) -> vec4f {
    let size = vec2i(textureDimensions(picture));
    let c = textureLoad(picture, clamp(at, vec2i(0), size - 1), 0);
    // A NaN compares false with itself; it shows as magenta, so that nobody takes it for black.
    if any(c != c) {
        return vec4f(1.0, 0.0, 1.0, 1.0);
    }
    let a = clamp(c.a, 0.0, 1.0);
    return vec4f(clamp(c.rgb, vec3f(0.0), vec3f(1.0)) * a, a);
}

fn bilinear(at: vec2f) -> vec4f {
    let p = at - 0.5;
    let base = vec2i(floor(p));
    let f = fract(p);
    let top = mix(texel(base), texel(base + vec2i(1, 0)), f.x);
    let bottom = mix(texel(base + vec2i(0, 1)), texel(base + vec2i(1, 1)), f.x);
    return mix(top, bottom, f.y);
}

// The mean over what one pixel covers, by at most six taps each way.
fn area(at: vec2f) -> vec4f {
    let taps = i32(clamp(ceil(place.footprint), 1.0, 6.0));
    let step = place.footprint / f32(taps);
    var sum = vec4f(0.0);
    for (var y = 0; y < taps; y++) {
        for (var x = 0; x < taps; x++) {
            let off = (vec2f(f32(x), f32(y)) + 0.5) * step - place.footprint * 0.5;
            sum += texel(vec2i(floor(at + off)));
        }
    }
    return sum / f32(taps * taps);
}

@fragment
fn pixel(in: Corner) -> @location(0) vec4f {
    let at = in.uv * vec2f(textureDimensions(picture));
    var c: vec4f;
    if place.footprint > 1.0 {
        c = area(at);
    } else if place.smooth_ > 0.5 {
        c = bilinear(at);
    } else {
        c = texel(vec2i(floor(at)));
    }
    c = vec4f(c.rgb * place.gain, c.a);
    if place.checker > 0.5 {
        let square = (i32(floor(in.position.x / 8.0)) + i32(floor(in.position.y / 8.0))) & 1;
        let ground = select(0.16, 0.24, square == 1);
        return vec4f(c.rgb + vec3f(ground) * (1.0 - c.a), 1.0);
    }
    return c;
}
