// Pores, fine relief and fine colour variation on skin. Inputs: the picture, its low band, where skin is, and the
// same spread out.
//
// Everything added is a sum of wavelets (negative Laplacians of normal distributions) around scattered points. Each
// sums to zero over the plane, so that the low band stays what it is.

struct Params {
    strength: f32,
    // Wavelength of the pores in pixels of the full picture.
    wavelength: f32,
    freckles: f32,
    imperfections: f32,
    keep_detail: f32,
    // How much of the relief a pixel of a proxy still shows.
    kept: f32,
    // 1 where the third input is a person's mask, which needs no spreading.
    masked: u32,
}

// Height and slope of the wavelets around points scattered one a cell; `share` of the cells have one.
fn wavelets(pos: vec2f, cell: f32, sigma: f32, stream: u32, share: f32, both_signs: bool) -> vec3f {
    let q = pos / cell;
    let home = vec2i(floor(q));
    var sum = vec3f(0.0);
    for (var j = -1; j <= 1; j++) {
        for (var i = -1; i <= 1; i++) {
            let here = home + vec2i(i, j);
            let h = pcg3d(vec3u(vec2u(here + 32768), stream));
            let more = pcg(h.x ^ h.z);
            if unit_float(more) >= share {
                continue;
            }
            let point = (vec2f(here) + vec2f(unit_float(h.x), unit_float(h.y))) * cell;
            var height = 0.4 + 0.6 * unit_float(h.z);
            if both_signs && (more & 1u) == 1u {
                height = -height;
            }
            let d = (pos - point) / sigma;
            let r2 = dot(d, d);
            let bell = height * exp(-0.5 * r2);
            sum += vec3f(bell * (1.0 - 0.5 * r2), -bell * d * (2.0 - 0.5 * r2));
        }
    }
    return sum;
}

fn tool(at: Pixel, p: Params) -> vec4f {
    let here = vec2i(at.pos);
    let c = load0(here);
    var skin = load2(here).r;
    if p.masked == 0u {
        // A few pixels of the colour of skin are not skin.
        skin *= smoothstep(0.25, 0.6, load3(here).r);
    }
    if skin <= 0.0 {
        return c;
    }
    let lab = oklab_from_linear(linear_from_sdr(c.rgb));
    let low = oklab_from_linear(linear_from_sdr(load1(here).rgb));

    // Where light comes from, as far as the shading of the low band tells.
    let reach = i32(max(1.0, round(p.wavelength * at.scale)));
    let slope = vec2f(
        luma(load1(here + vec2i(reach, 0)).rgb) - luma(load1(here - vec2i(reach, 0)).rgb),
        luma(load1(here + vec2i(0, reach)).rgb) - luma(load1(here - vec2i(0, reach)).rgb),
    );
    let light = slope / (length(slope) + 0.02);

    let pos = (vec2f(at.pos) + 0.5) / at.scale;
    let sigma = p.wavelength / 4.443;
    let pores = -wavelets(pos, 1.5 * p.wavelength, sigma, at.seed * 8u, 1.0, false);
    let relief = wavelets(pos, 0.8 * p.wavelength, 0.6 * sigma, at.seed * 8u + 1u, 1.0, true);
    let height = pores + 0.35 * relief;
    // A hollow is darker, and so is a slope that leans away from the light.
    let shade = 0.16 * (height.x - 0.5 * dot(height.yz, light));

    let spots = wavelets(pos, 7.0 * p.wavelength, 2.0 * sigma, at.seed * 8u + 2u, 0.55, false).x;
    let flush = wavelets(pos, 2.2 * p.wavelength, 1.4 * sigma, at.seed * 8u + 3u, 1.0, true).x;
    let uneven = wavelets(pos, 2.2 * p.wavelength, 1.4 * sigma, at.seed * 8u + 4u, 1.0, true).x;

    let amount = p.strength * skin * p.kept;
    let marks = skin * p.kept;
    let detail = mix(1.0, p.keep_detail, skin);
    var made = low + detail * (lab - low);
    made.x += low.x * (amount * shade - 0.08 * p.freckles * marks * spots + 0.02 * p.imperfections * marks * uneven);
    // Spots are browner and flushed skin redder, in proportion to how much light there is.
    made.y += low.x * marks * (0.015 * p.freckles * spots + 0.03 * p.imperfections * flush);
    made.z += low.x * marks * (0.03 * p.freckles * spots + 0.008 * p.imperfections * flush);
    return vec4f(sdr_from_linear(linear_from_oklab(made)), c.a);
}
