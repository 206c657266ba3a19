//! Lights and arrows as painted shapes: the fonts have none, and a shape can be told apart without its colour.

use std::f32::consts::{FRAC_PI_8, TAU};

use authlight_core::report::Light;
use eframe::egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, pos2, vec2};

/// Paints a light of this size (its height, in points) around `centre`.
pub fn light(painter: &Painter, centre: Pos2, size: f32, light: Light, colour: Color32) {
    // Lines grow slower than shapes, so that the big one of the verdict is not heavy.
    let stroke = Stroke::new((size / 22.0).powf(0.6) * 2.0, colour);
    let radius = (size - stroke.width) / 2.0;
    let at = |x: f32, y: f32| centre + vec2(x, y) * radius;
    match light {
        Light::Green => {
            painter.circle_stroke(centre, radius, stroke);
            painter.add(Shape::line(vec![at(-0.45, 0.04), at(-0.12, 0.36), at(0.46, -0.28)], stroke));
        }
        Light::Amber => {
            let corners = vec![at(0.0, -0.92), at(1.0, 0.84), at(-1.0, 0.84)];
            painter.add(Shape::closed_line(corners.clone(), stroke));
            for corner in corners {
                painter.circle_filled(corner, stroke.width / 2.0, colour);
            }
            painter.line_segment([at(0.0, -0.3), at(0.0, 0.26)], stroke);
            painter.circle_filled(at(0.0, 0.54), stroke.width * 0.62, colour);
        }
        Light::Red => {
            let corner = |n: u8| centre + Vec2::angled(FRAC_PI_8 + f32::from(n) * TAU / 8.0) * (radius * 1.06);
            painter.add(Shape::closed_line((0..8).map(corner).collect(), stroke));
            painter.line_segment([at(-0.34, -0.34), at(0.34, 0.34)], stroke);
            painter.line_segment([at(-0.34, 0.34), at(0.34, -0.34)], stroke);
        }
        Light::Grey => {
            for dash in 0..DASHES {
                painter.add(Shape::line(arc(centre, radius, dash), stroke));
            }
        }
        Light::Blue => {
            let square = Rect::from_center_size(centre, Vec2::splat(radius * 1.86));
            painter.rect_stroke(square, radius * 0.22, stroke, StrokeKind::Middle);
            painter.line_segment([at(-0.42, 0.0), at(0.42, 0.0)], stroke);
        }
    }
}

const DASHES: u8 = 10;

/// One dash of the ring, a little more than half of its share.
fn arc(centre: Pos2, radius: f32, dash: u8) -> Vec<Pos2> {
    let share = TAU / f32::from(DASHES);
    let start = f32::from(dash) * share - TAU / 4.0 - share * 0.29;
    (0..=6_u8).map(|step| centre + Vec2::angled(start + share * 0.58 * f32::from(step) / 6.0) * radius).collect()
}

/// An arrow to the right: who signs in.
pub fn arrow(painter: &Painter, centre: Pos2, size: f32, colour: Color32) {
    let stroke = Stroke::new(2.0, colour);
    let half = size / 2.0;
    let tip = pos2(centre.x + half, centre.y);
    painter.line_segment([pos2(centre.x - half, centre.y), tip], stroke);
    let wing = half * 0.72;
    painter.add(Shape::line(vec![tip + vec2(-wing, -wing), tip, tip + vec2(-wing, wing)], stroke));
}

/// Two bars, struck through: it is not the same.
pub fn unequal(painter: &Painter, centre: Pos2, size: f32, colour: Color32) {
    let stroke = Stroke::new(1.5, colour);
    let half = size * 0.42;
    for y in [-size * 0.17, size * 0.17] {
        painter.line_segment([centre + vec2(-half, y), centre + vec2(half, y)], stroke);
    }
    painter.line_segment([centre + vec2(-half * 0.6, half), centre + vec2(half * 0.6, -half)], stroke);
}

/// A small angle that says whether a row is open (down) or closed (right).
pub fn chevron(painter: &Painter, centre: Pos2, size: f32, open: bool, colour: Color32) {
    let (along, across) = (size * 0.25, size * 0.5);
    let points = if open {
        vec![centre + vec2(-across, -along), centre + vec2(0.0, along), centre + vec2(across, -along)]
    } else {
        vec![centre + vec2(-along, -across), centre + vec2(along, 0.0), centre + vec2(-along, across)]
    };
    painter.add(Shape::line(points, Stroke::new(1.5, colour)));
}
