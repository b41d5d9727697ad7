// What lies beyond the edge of a picture: positions brought back inside.

// The nearest pixel of the edge.
fn border_clamp(pos: vec2i, size: vec2i) -> vec2i {
    return clamp(pos, vec2i(0), size - 1);
}

// The picture reflected about its edge pixels' outer sides: … 1 0 | 0 1 2 …
fn border_mirror(pos: vec2i, size: vec2i) -> vec2i {
    let period = size * 2;
    let inside = ((pos % period) + period) % period;
    return min(inside, period - 1 - inside);
}

// The picture repeated.
fn border_wrap(pos: vec2i, size: vec2i) -> vec2i {
    return ((pos % size) + size) % size;
}
