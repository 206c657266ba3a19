//! Draws egui's triangles into a picture without any graphics driver: for pictures in tests, and for machines that
//! have no driver.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use eframe::egui::epaint::{ClippedPrimitive, ImageData, Mesh, Primitive, TextureId, Vertex, textures::TexturesDelta};
use eframe::egui::{Color32, ColorImage, Pos2};

/// The textures, the picture, and a way to draw it with them.
#[derive(Default)]
pub struct Rasteriser {
    textures: HashMap<TextureId, Arc<ColorImage>>,
    /// Kept for the next one: to ask the system for new memory takes as long as to draw.
    picture: ColorImage,
}

impl Rasteriser {
    /// Takes in what changed of the textures.
    pub fn update(&mut self, delta: &mut TexturesDelta) {
        for (id, patches) in delta.set.drain() {
            for patch in patches {
                let ImageData::Color(image) = patch.image;
                match (patch.pos, self.textures.get_mut(&id)) {
                    (Some([left, top]), Some(whole)) => {
                        let whole = Arc::make_mut(whole);
                        for (row, pixels) in image.pixels.chunks(image.size[0].max(1)).enumerate() {
                            let start = (top + row) * whole.size[0] + left;
                            if let Some(place) = whole.pixels.get_mut(start..start + pixels.len()) {
                                place.copy_from_slice(pixels);
                            }
                        }
                    }
                    _ => {
                        self.textures.insert(id, image);
                    }
                }
            }
        }
        for id in delta.free.drain() {
            self.textures.remove(&id);
        }
    }

    /// Draws onto `ground`. Positions are in points; a point has `scale` pixels.
    pub fn draw(
        &mut self,
        primitives: &[ClippedPrimitive],
        scale: f32,
        size: [usize; 2],
        ground: Color32,
    ) -> &ColorImage {
        if self.picture.size == size {
            self.picture.pixels.fill(ground);
        } else {
            self.picture = ColorImage::filled(size, ground);
        }
        for ClippedPrimitive { clip_rect, primitive } in primitives {
            let Primitive::Mesh(mesh) = primitive else { continue };
            let Some(texture) = self.textures.get(&mesh.texture_id) else { continue };
            let clip = [
                pixel(clip_rect.min.x * scale, size[0]),
                pixel(clip_rect.min.y * scale, size[1]),
                pixel(clip_rect.max.x * scale, size[0]),
                pixel(clip_rect.max.y * scale, size[1]),
            ];
            draw_mesh(mesh, texture, &mut self.picture, scale, clip);
        }
        &self.picture
    }
}

fn draw_mesh(mesh: &Mesh, texture: &ColorImage, picture: &mut ColorImage, scale: f32, clip: [usize; 4]) {
    let vertices = |corners: &[u32]| {
        let corner = |at: usize| mesh.vertices.get(*corners.get(at)? as usize);
        Some([corner(0)?, corner(1)?, corner(2)?])
    };
    let mut rest = &mesh.indices[..];
    while let Some((first, others)) = rest.split_at_checked(3) {
        if let Some((second, beyond)) = others.split_at_checked(3)
            && let Some(letter) = Letter::of(mesh, first, second, texture, scale)
        {
            letter.draw(picture, texture, clip);
            rest = beyond;
            continue;
        }
        if let Some(triangle) = vertices(first).and_then(|corners| Triangle::of(corners, scale)) {
            triangle.draw(picture, texture, clip);
        }
        rest = others;
    }
}

/// Two triangles that lay a rectangle of the texture on as many pixels, in one colour: a letter.
struct Letter {
    /// Left and top, in pixels.
    place: [usize; 2],
    /// The same of the texture, in texels.
    from: [usize; 2],
    size: [usize; 2],
    colour: Color32,
}

impl Letter {
    /// None: they are something else.
    fn of(mesh: &Mesh, first: &[u32], second: &[u32], texture: &ColorImage, scale: f32) -> Option<Self> {
        let (&[a, b, c], &[d, e, f]) = (first, second) else { return None };
        if d != c || e != b {
            return None;
        }
        let corner = |at: u32| mesh.vertices.get(at as usize);
        let [a, b, c, f] = [corner(a)?, corner(b)?, corner(c)?, corner(f)?];
        let one_colour = a.color == b.color && a.color == c.color && a.color == f.color;
        let upright = |at: fn(&Vertex) -> Pos2| {
            let [a, b, c, f] = [at(a), at(b), at(c), at(f)];
            a.y == b.y && c.y == f.y && a.x == c.x && b.x == f.x
        };
        if !one_colour || !upright(|vertex| vertex.pos) || !upright(|vertex| vertex.uv) {
            return None;
        }
        let span = |from: f32, to: f32, unit: f32| Some((whole(from * unit)?, whole(to * unit)?));
        let [wide, high] = texture.size.map(|side| side as f32);
        let (left, right) = span(a.pos.x, f.pos.x, scale)?;
        let (top, bottom) = span(a.pos.y, f.pos.y, scale)?;
        let (from_left, from_right) = span(a.uv.x, f.uv.x, wide)?;
        let (from_top, from_bottom) = span(a.uv.y, f.uv.y, high)?;
        let size = [right.checked_sub(left)?, bottom.checked_sub(top)?];
        let as_many = from_left + size[0] == from_right && from_top + size[1] == from_bottom;
        as_many.then_some(Self { place: [left, top], from: [from_left, from_top], size, colour: a.color })
    }

    fn draw(&self, picture: &mut ColorImage, texture: &ColorImage, [left, top, right, bottom]: [usize; 4]) {
        let [x, y] = self.place;
        let columns = x.max(left)..(x + self.size[0]).min(right);
        for row in y.max(top)..(y + self.size[1]).min(bottom) {
            let above = (self.from[1] + row - y) * texture.size[0] + self.from[0];
            let texels = texture.pixels.get(above + columns.start - x..(above + columns.end).saturating_sub(x));
            let below = row * picture.size[0];
            let places = picture.pixels.get_mut(below + columns.start..below + columns.end);
            let (Some(texels), Some(places)) = (texels, places) else { continue };
            for (place, texel) in places.iter_mut().zip(texels) {
                if *texel != Color32::TRANSPARENT {
                    *place = through(self.colour, *texel, *place);
                }
            }
        }
    }
}

/// The number, where it is a whole one but for what was lost on the way, and not negative.
fn whole(number: f32) -> Option<usize> {
    let nearest = (number + 0.5).floor();
    (nearest >= 0.0 && (number - nearest).abs() < 0.01).then_some(nearest as usize)
}

/// The nearest pixel's edge, not below none.
fn pixel(position: f32, limit: usize) -> usize {
    ((position + 0.5) as usize).min(limit)
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
        let paint = self.paint(texture);
        let width = picture.size[0];
        for y in highest..lowest {
            let covered = self.row(y, left, right);
            let Some(row) = picture.pixels.get_mut(y * width + covered.start..y * width + covered.end) else {
                continue;
            };
            match paint {
                Paint::Plain(colour) if colour[3] == 255.0 => row.fill(over(colour, Color32::TRANSPARENT)),
                Paint::Plain(colour) => row.iter_mut().for_each(|place| *place = over(colour, *place)),
                Paint::Blend(texel) => {
                    for (x, place) in covered.zip(row) {
                        *place = over(tint(self.colour(self.weights(x, y)), texel), *place);
                    }
                }
                Paint::Texture => {
                    for (x, place) in covered.zip(row) {
                        let weights = self.weights(x, y);
                        let [u, v] = [|vertex: &Vertex| vertex.uv.x, |vertex: &Vertex| vertex.uv.y]
                            .map(|part| self.mix(weights, part));
                        *place = over(tint(self.colour(weights), sample(texture, u, v)), *place);
                    }
                }
            }
        }
    }

    fn paint(&self, texture: &ColorImage) -> Paint {
        let [a, b, c] = self.corners;
        if a.uv != b.uv || b.uv != c.uv {
            return Paint::Texture;
        }
        let texel = sample(texture, a.uv.x, a.uv.y);
        let one = a.color == b.color && b.color == c.color;
        if one { Paint::Plain(tint(a.color.to_array().map(f32::from), texel)) } else { Paint::Blend(texel) }
    }

    /// How much of each corner is in the middle of a pixel.
    fn weights(&self, x: usize, y: usize) -> [f32; 3] {
        self.shares(x, y).map(|share| share / self.whole)
    }

    fn mix(&self, [wa, wb, wc]: [f32; 3], part: fn(&Vertex) -> f32) -> f32 {
        let [a, b, c] = self.corners;
        part(a) * wa + part(b) * wb + part(c) * wc
    }

    fn colour(&self, weights: [f32; 3]) -> [f32; 4] {
        let [a, b, c] = self.corners;
        if a.color == b.color && b.color == c.color {
            return a.color.to_array().map(f32::from);
        }
        let parts: [fn(&Vertex) -> f32; 4] = [
            |vertex| f32::from(vertex.color.r()),
            |vertex| f32::from(vertex.color.g()),
            |vertex| f32::from(vertex.color.b()),
            |vertex| f32::from(vertex.color.a()),
        ];
        parts.map(|part| self.mix(weights, part))
    }
}

/// What a triangle is filled with.
enum Paint {
    /// One colour.
    Plain([f32; 4]),
    /// From the colour of one corner to that of the others, on this texel.
    Blend([f32; 4]),
    /// The texture.
    Texture,
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

/// What `over` gives for a colour on a texel, without fractions, which take three times as long.
fn through(colour: Color32, texel: Color32, below: Color32) -> Color32 {
    const ALL: u32 = 255 * 255;
    let (colour, texel) = (colour.to_array().map(u32::from), texel.to_array().map(u32::from));
    let rest = ALL - colour[3] * texel[3];
    let mut mixed = below.to_array();
    for (part, (colour, texel)) in mixed.iter_mut().zip(colour.into_iter().zip(texel)) {
        let nearest = (colour * texel * 255 + u32::from(*part) * rest + ALL / 2) / ALL;
        *part = nearest.min(255) as u8;
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

#[cfg(test)]
mod tests {
    use eframe::egui::{Rect, pos2, vec2};

    use super::*;

    #[test]
    fn a_letter_is_drawn_alike_as_a_copy_and_as_two_triangles() {
        let mut texture = ColorImage::filled([16, 16], Color32::TRANSPARENT);
        for (place, pixel) in texture.pixels.iter_mut().enumerate() {
            *pixel = Color32::from_white_alpha((place * 37 % 256) as u8);
        }
        let mut mesh = Mesh::default();
        let texels = Rect::from_min_size(pos2(3.0, 2.0), vec2(9.0, 11.0));
        let from = Rect::from_min_max((texels.min.to_vec2() / 16.0).to_pos2(), (texels.max.to_vec2() / 16.0).to_pos2());
        let place = Rect::from_min_size(pos2(5.5, 4.0), vec2(9.0, 11.0) / 2.0);
        mesh.add_rect_with_uv(place, from, Color32::from_rgb(29, 130, 241));
        let ground = ColorImage::filled([40, 40], Color32::from_rgb(246, 200, 90));
        let clip = [12, 0, 40, 17];

        let mut copied = ground.clone();
        let letter = Letter::of(&mesh, &mesh.indices[..3], &mesh.indices[3..], &texture, 2.0).unwrap();
        letter.draw(&mut copied, &texture, clip);
        let mut triangles = ground.clone();
        for corners in mesh.indices.chunks_exact(3) {
            let corners = [0, 1, 2].map(|at| &mesh.vertices[corners[at] as usize]);
            Triangle::of(corners, 2.0).unwrap().draw(&mut triangles, &texture, clip);
        }
        assert_ne!(copied.pixels, ground.pixels);
        for (one, other) in copied.pixels.iter().zip(&triangles.pixels) {
            let near = |(one, other): (u8, u8)| one.abs_diff(other) <= 1;
            assert!(one.to_array().into_iter().zip(other.to_array()).all(near), "{one:?} {other:?}");
        }
    }
}
