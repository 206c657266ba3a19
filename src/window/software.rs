//! Draws egui's triangles into a picture without any graphics driver: for pictures in tests, and for machines that
//! have no driver.

use std::collections::HashMap;

use eframe::egui::epaint::{ClippedPrimitive, ImageData, Primitive, TextureId, Vertex, textures::TexturesDelta};
use eframe::egui::{Color32, ColorImage, Pos2};

/// The textures, and a way to draw with them.
#[derive(Default)]
pub struct Rasteriser {
    textures: HashMap<TextureId, ColorImage>,
}

impl Rasteriser {
    /// Takes in what changed of the textures.
    pub fn update(&mut self, delta: &mut TexturesDelta) {
        for (id, patches) in delta.set.drain() {
            for patch in patches {
                let ImageData::Color(image) = patch.image;
                match (patch.pos, self.textures.get_mut(&id)) {
                    (Some([left, top]), Some(whole)) => {
                        for (row, pixels) in image.pixels.chunks(image.size[0].max(1)).enumerate() {
                            let start = (top + row) * whole.size[0] + left;
                            if let Some(place) = whole.pixels.get_mut(start..start + pixels.len()) {
                                place.copy_from_slice(pixels);
                            }
                        }
                    }
                    _ => {
                        self.textures.insert(id, (*image).clone());
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Draws onto `ground`. Positions are in points; a point has `scale` pixels.
    pub fn draw(&self, primitives: &[ClippedPrimitive], scale: f32, size: [usize; 2], ground: Color32) -> ColorImage {
        let mut picture = ColorImage::filled(size, ground);
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = [
                pixel(clip_rect.min.x * scale, size[0]),
                pixel(clip_rect.min.y * scale, size[1]),
                pixel(clip_rect.max.x * scale, size[0]),
                pixel(clip_rect.max.y * scale, size[1]),
            ];
            for corners in mesh.indices.chunks_exact(3) {
                let corner = |at: usize| mesh.vertices.get(corners[at] as usize);
                if let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) {
                    triangle(&mut picture, texture, [a, b, c], scale, clip);
                }
            }
        }
        picture
    }
}

fn pixel(position: f32, limit: usize) -> usize {
    (position.round().max(0.0) as usize).min(limit)
}

/// Twice the area of a triangle, with its sense.
fn area(a: Pos2, b: Pos2, c: Pos2) -> f32 {
    (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x)
}

/// An edge belongs to the triangle on one of its sides alone, so that neighbours do not draw a pixel twice.
fn owns_edge(from: Pos2, to: Pos2) -> bool {
    (from.y == to.y && from.x < to.x) || from.y > to.y
}

fn triangle(picture: &mut ColorImage, texture: &ColorImage, corners: [&Vertex; 3], scale: f32, clip: [usize; 4]) {
    let [a, mut b, mut c] = corners;
    let at = |vertex: &Vertex| Pos2::new(vertex.pos.x * scale, vertex.pos.y * scale);
    if area(at(a), at(b), at(c)) < 0.0 {
        std::mem::swap(&mut b, &mut c);
    }
    let (pa, pb, pc) = (at(a), at(b), at(c));
    let whole = area(pa, pb, pc);
    if whole <= 0.0 {
        return;
    }
    let owned = [owns_edge(pc, pb), owns_edge(pa, pc), owns_edge(pb, pa)];
    let low = |x: f32, y: f32, z: f32, limit: usize| pixel(x.min(y).min(z).floor(), usize::MAX).max(limit);
    let high = |x: f32, y: f32, z: f32, limit: usize| pixel(x.max(y).max(z).ceil(), limit);
    let [left, top, right, bottom] = clip;
    let flat = a.uv == b.uv && b.uv == c.uv;
    for y in low(pa.y, pb.y, pc.y, top)..high(pa.y, pb.y, pc.y, bottom) {
        for x in low(pa.x, pb.x, pc.x, left)..high(pa.x, pb.x, pc.x, right) {
            let middle = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
            let shares = [area(pb, pc, middle), area(pc, pa, middle), area(pa, pb, middle)];
            if shares.iter().zip(owned).any(|(share, owned)| *share < 0.0 || (*share == 0.0 && !owned)) {
                continue;
            }
            let [wa, wb, wc] = shares.map(|share| share / whole);
            let mix = |part: fn(&Vertex) -> f32| part(a) * wa + part(b) * wb + part(c) * wc;
            let mut colour = [
                mix(|v| f32::from(v.color.r())),
                mix(|v| f32::from(v.color.g())),
                mix(|v| f32::from(v.color.b())),
                mix(|v| f32::from(v.color.a())),
            ];
            let texel =
                if flat { sample(texture, a.uv.x, a.uv.y) } else { sample(texture, mix(|v| v.uv.x), mix(|v| v.uv.y)) };
            for (part, texel) in colour.iter_mut().zip(texel) {
                *part *= texel / 255.0;
            }
            if let Some(place) = picture.pixels.get_mut(y * picture.size[0] + x) {
                *place = over(colour, *place);
            }
        }
    }
}

/// Premultiplied colours, one over the other, as the graphics drivers' backends blend them.
fn over([red, green, blue, alpha]: [f32; 4], below: Color32) -> Color32 {
    let rest = 1.0 - alpha / 255.0;
    let mix = |above: f32, below: u8| (above + f32::from(below) * rest).round().clamp(0.0, 255.0) as u8;
    let [below_red, below_green, below_blue, below_alpha] = below.to_array();
    Color32::from_rgba_premultiplied(
        mix(red, below_red),
        mix(green, below_green),
        mix(blue, below_blue),
        mix(alpha, below_alpha),
    )
}

/// The texture between its four nearest texels.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = (u * width as f32 - 0.5, v * height as f32 - 0.5);
    let texel = |x: f32, y: f32| {
        let x = (x.max(0.0) as usize).min(width.saturating_sub(1));
        let y = (y.max(0.0) as usize).min(height.saturating_sub(1));
        texture.pixels.get(y * width + x).copied().unwrap_or(Color32::TRANSPARENT).to_array().map(f32::from)
    };
    let (left, top) = (x.floor(), y.floor());
    let (right_share, bottom_share) = (x - left, y - top);
    let mut mixed = [0.0; 4];
    for (corner, share) in [
        (texel(left, top), (1.0 - right_share) * (1.0 - bottom_share)),
        (texel(left + 1.0, top), right_share * (1.0 - bottom_share)),
        (texel(left, top + 1.0), (1.0 - right_share) * bottom_share),
        (texel(left + 1.0, top + 1.0), right_share * bottom_share),
    ] {
        if share > 0.0 {
            for (part, value) in mixed.iter_mut().zip(corner) {
                *part += value * share;
            }
        }
    }
    mixed
}
