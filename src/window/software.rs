//! Draws egui's triangles into a picture without any graphics driver: for pictures in tests, and for machines that
//! have no driver.

use std::collections::HashMap;
use std::ops::Range;

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
                let (Some(a), Some(b), Some(c)) = (corner(0), corner(1), corner(2)) else { continue };
                if let Some(triangle) = Triangle::of([a, b, c], scale) {
                    triangle.draw(&mut picture, texture, clip);
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

/// A triangle in pixels, the way round that makes its area positive.
struct Triangle<'a> {
    corners: [&'a Vertex; 3],
    places: [Pos2; 3],
    owned: [bool; 3],
    whole: f32,
}

impl<'a> Triangle<'a> {
    /// None: it has no area.
    fn of([a, b, c]: [&'a Vertex; 3], scale: f32) -> Option<Self> {
        let at = |vertex: &Vertex| Pos2::new(vertex.pos.x * scale, vertex.pos.y * scale);
        let corners = if area(at(a), at(b), at(c)) < 0.0 { [a, c, b] } else { [a, b, c] };
        let [a, b, c] = corners.map(at);
        let whole = area(a, b, c);
        let owned = [owns_edge(c, b), owns_edge(a, c), owns_edge(b, a)];
        (whole > 0.0).then_some(Self { corners, places: [a, b, c], owned, whole })
    }

    /// How much of each corner is in the middle of a pixel, times the area.
    fn shares(&self, x: usize, y: usize) -> [f32; 3] {
        let [a, b, c] = self.places;
        let middle = Pos2::new(x as f32 + 0.5, y as f32 + 0.5);
        [area(b, c, middle), area(c, a, middle), area(a, b, middle)]
    }

    fn covers(&self, x: usize, y: usize) -> bool {
        self.shares(x, y).iter().zip(self.owned).all(|(share, owned)| *share > 0.0 || (*share == 0.0 && owned))
    }

    /// The pixels of a row that it covers, between `left` and `right`.
    fn row(&self, y: usize, left: usize, right: usize) -> Range<usize> {
        let [a, b, c] = self.places;
        let middle = y as f32 + 0.5;
        let (mut low, mut high) = (f32::NEG_INFINITY, f32::INFINITY);
        for (from, to) in [(a, b), (b, c), (c, a)] {
            let rise = to.y - from.y;
            // Where this edge crosses the row. What lies right of an edge that goes down is outside, and so on.
            let cross = from.x + (middle - from.y) / rise * (to.x - from.x);
            if rise > 0.0 {
                high = high.min(cross);
            } else if rise < 0.0 {
                low = low.max(cross);
            }
        }
        // The crossings are rounded; which pixel belongs to which of two neighbours is decided by their shares.
        let mut start = pixel(low - 1.5, usize::MAX).max(left);
        let mut end = pixel(high + 1.5, right);
        while start < end && !self.covers(start, y) {
            start += 1;
        }
        while start < end && !self.covers(end - 1, y) {
            end -= 1;
        }
        start..end
    }

    fn draw(&self, picture: &mut ColorImage, texture: &ColorImage, [left, top, right, bottom]: [usize; 4]) {
        let heights = self.places.map(|place| place.y);
        let highest = pixel(heights.into_iter().fold(f32::INFINITY, f32::min).floor(), usize::MAX).max(top);
        let lowest = pixel(heights.into_iter().fold(f32::NEG_INFINITY, f32::max).ceil(), bottom);
        let plain = self.plain_colour(texture);
        let width = picture.size[0];
        for y in highest..lowest {
            let covered = self.row(y, left, right);
            let Some(row) = picture.pixels.get_mut(y * width + covered.start..y * width + covered.end) else {
                continue;
            };
            match plain {
                Some(colour) if colour[3] == 255.0 => row.fill(over(colour, Color32::TRANSPARENT)),
                Some(colour) => row.iter_mut().for_each(|place| *place = over(colour, *place)),
                None => {
                    for (x, place) in covered.zip(row) {
                        *place = over(self.colour(texture, x, y), *place);
                    }
                }
            }
        }
    }

    /// The colour of all of it, if it has only one.
    fn plain_colour(&self, texture: &ColorImage) -> Option<[f32; 4]> {
        let [a, b, c] = self.corners;
        let one = a.uv == b.uv && b.uv == c.uv && a.color == b.color && b.color == c.color;
        one.then(|| tint(a.color.to_array().map(f32::from), sample(texture, a.uv.x, a.uv.y)))
    }

    fn colour(&self, texture: &ColorImage, x: usize, y: usize) -> [f32; 4] {
        let [a, b, c] = self.corners;
        let [wa, wb, wc] = self.shares(x, y).map(|share| share / self.whole);
        let mix = |part: fn(&Vertex) -> f32| part(a) * wa + part(b) * wb + part(c) * wc;
        let colour = if a.color == b.color && b.color == c.color {
            a.color.to_array().map(f32::from)
        } else {
            [
                mix(|v| f32::from(v.color.r())),
                mix(|v| f32::from(v.color.g())),
                mix(|v| f32::from(v.color.b())),
                mix(|v| f32::from(v.color.a())),
            ]
        };
        let flat = a.uv == b.uv && b.uv == c.uv;
        let (u, v) = if flat { (a.uv.x, a.uv.y) } else { (mix(|v| v.uv.x), mix(|v| v.uv.y)) };
        tint(colour, sample(texture, u, v))
    }
}

fn tint(mut colour: [f32; 4], texel: [f32; 4]) -> [f32; 4] {
    for (part, texel) in colour.iter_mut().zip(texel) {
        *part *= texel / 255.0;
    }
    colour
}

/// Premultiplied colours, one over the other, as the graphics drivers' backends blend them.
fn over(above: [f32; 4], below: Color32) -> Color32 {
    if above == [0.0; 4] {
        return below;
    }
    let rest = 1.0 - above[3] / 255.0;
    let mut mixed = below.to_array();
    for (part, above) in mixed.iter_mut().zip(above) {
        // Rounded, and held between 0 and 255, by the conversion.
        *part = (above + f32::from(*part) * rest + 0.5) as u8;
    }
    let [red, green, blue, alpha] = mixed;
    Color32::from_rgba_premultiplied(red, green, blue, alpha)
}

/// The texture between its four nearest texels. Where a texel lies right under the pixel, as those of letters do, it is
/// the only one.
fn sample(texture: &ColorImage, u: f32, v: f32) -> [f32; 4] {
    let [width, height] = texture.size;
    let (x, y) = ((u * width as f32 - 0.5).max(0.0), (v * height as f32 - 0.5).max(0.0));
    let (left, top) = (x as usize, y as usize);
    let (right_share, bottom_share) = (x - left as f32, y - top as f32);
    let mut mixed = [0.0; 4];
    for (x, y, share) in [
        (left, top, (1.0 - right_share) * (1.0 - bottom_share)),
        (left + 1, top, right_share * (1.0 - bottom_share)),
        (left, top + 1, (1.0 - right_share) * bottom_share),
        (left + 1, top + 1, right_share * bottom_share),
    ] {
        if share > 0.0 {
            let (x, y) = (x.min(width.saturating_sub(1)), y.min(height.saturating_sub(1)));
            let texel = texture.pixels.get(y * width + x).copied().unwrap_or(Color32::TRANSPARENT);
            for (part, value) in mixed.iter_mut().zip(texel.to_array()) {
                *part += f32::from(value) * share;
            }
        }
    }
    mixed
}
