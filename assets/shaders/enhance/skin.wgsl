// How much a colour is skin, from 0 to 1, by its place in Oklab.
//
// Human skin keeps to a narrow range of hues, from pink to golden, at every lightness; how colourful it is depends
// on how light it is: little where it is very dark or very light, most in between. What has the hue but is grey,
// or far more colourful, is not skin.

// The chroma that is usual for skin of a lightness.
fn usual_chroma(lightness: f32) -> f32 {
    let rise = 0.026 + 0.05 * smoothstep(0.2, 0.6, lightness);
    // Beyond the brightest white there is none.
    return max(rise - 0.18 * max(0.0, lightness - 0.77), 1e-3);
}

fn tool(c: vec4f, at: Pixel) -> vec4f {
    let lab = oklab_from_linear(linear_from_sdr(max(c.rgb, vec3f(0.0))));
    let chroma = max(length(lab.yz), 1e-4);
    let hue = degrees(atan2(lab.z, lab.y)) - 60.0;
    let turned = abs(hue - 360.0 * round(hue / 360.0)) / 26.0;
    let colourful = log(chroma / usual_chroma(lab.x));
    let unusual = select(colourful / 1.1, colourful / 0.57, colourful > 0.0);
    let likely = exp(-pow(turned, 4.0) - unusual * unusual * unusual * unusual);
    let lit = smoothstep(0.08, 0.16, lab.x);
    let skin = smoothstep(0.2, 0.6, likely) * lit * c.a;
    return vec4f(vec3f(skin), 1.0);
}
