//! The only colours, sizes and fonts in the house.
//!
//! Everything that is drawn takes its look from here, so that light and dark, and every contrast, are decided in one
//! place and computed in one test.

use std::sync::Arc;

use authlight_core::report::Light;
use eframe::egui::epaint::text::{FontTweak, VariationCoords};
use eframe::egui::style::{ScrollStyle, WidgetVisuals};
use eframe::egui::{
    Color32, Context, CornerRadius, FontData, FontDefinitions, FontFamily, FontId, Margin, Shadow, Stroke, Style,
    TextStyle, Theme, Visuals, vec2,
};

/// The colours of one theme.
#[derive(Clone, Copy, Debug)]
pub struct Tokens {
    /// Behind everything.
    pub background: Color32,
    /// Behind cards, buttons, fields.
    pub card: Color32,
    /// Around cards and buttons, between parts.
    pub line: Color32,
    /// Around fields that are typed in.
    pub edge: Color32,
    /// Behind file names and small remarks.
    pub chip: Color32,
    /// Under the pointer.
    pub hover: Color32,
    /// Text.
    pub ink: Color32,
    /// Quiet text.
    pub muted: Color32,
    /// Red lights.
    pub problem: Color32,
    /// Amber lights.
    pub look: Color32,
    /// Green lights.
    pub works: Color32,
    /// Blue lights.
    pub not_yours: Color32,
    /// The primary button, focus and selection. Nothing else.
    pub accent: Color32,
    /// Under the pointer: the primary button.
    pub accent_hover: Color32,
    /// Text on the primary button.
    pub on_accent: Color32,
    /// Behind selected text.
    pub selection: Color32,
    /// Over everything while a question waits for its answer.
    pub veil: Color32,
    shadow: Color32,
    /// Behind the verdict, one of each light.
    bands: [Color32; 5],
}

const fn rgb(hex: u32) -> Color32 {
    let [_, red, green, blue] = hex.to_be_bytes();
    Color32::from_rgb(red, green, blue)
}

/// Light.
const LIGHT: Tokens = Tokens {
    background: rgb(0xf6f6f4),
    card: rgb(0xffffff),
    line: rgb(0xe3e2de),
    edge: rgb(0x8b8982),
    chip: rgb(0xefeeea),
    hover: rgb(0xf1f0ec),
    ink: rgb(0x1d1d1b),
    muted: rgb(0x66645e),
    problem: rgb(0xb3261e),
    look: rgb(0x8a5a00),
    works: rgb(0x1a6e3a),
    not_yours: rgb(0x1b5fa8),
    accent: rgb(0x1b5fa8),
    accent_hover: rgb(0x164f8d),
    on_accent: rgb(0xffffff),
    selection: rgb(0xd6e5f5),
    veil: Color32::from_black_alpha(96),
    shadow: Color32::from_black_alpha(36),
    bands: [rgb(0xebf5ee), rgb(0xfbf3e2), rgb(0xfceeec), rgb(0xefeeea), rgb(0xebf2fa)],
};

/// Dark.
const DARK: Tokens = Tokens {
    background: rgb(0x191a1c),
    card: rgb(0x222326),
    line: rgb(0x34353a),
    edge: rgb(0x7a7b81),
    chip: rgb(0x2d2e32),
    hover: rgb(0x2a2b2f),
    ink: rgb(0xececea),
    muted: rgb(0xa3a29d),
    problem: rgb(0xff8a80),
    look: rgb(0xf0b94d),
    works: rgb(0x6fd195),
    not_yours: rgb(0x8ab8f0),
    accent: rgb(0x8ab8f0),
    accent_hover: rgb(0xa5c8f4),
    on_accent: rgb(0x191a1c),
    selection: rgb(0x2b3e55),
    veil: Color32::from_black_alpha(140),
    shadow: Color32::from_black_alpha(96),
    bands: [rgb(0x1e2f25), rgb(0x352c1b), rgb(0x382322), rgb(0x232427), rgb(0x1f2a38)],
};

impl Tokens {
    /// The colours of this theme.
    pub fn of(theme: Theme) -> Self {
        match theme {
            Theme::Light => LIGHT,
            Theme::Dark => DARK,
        }
    }

    /// The colour of a light's shape and word.
    pub fn light(&self, light: Light) -> Color32 {
        match light {
            Light::Green => self.works,
            Light::Amber => self.look,
            Light::Red => self.problem,
            Light::Grey => self.muted,
            Light::Blue => self.not_yours,
        }
    }

    /// The colour behind the verdict.
    pub fn band(&self, light: Light) -> Color32 {
        let [green, amber, red, grey, blue] = self.bands;
        match light {
            Light::Green => green,
            Light::Amber => amber,
            Light::Red => red,
            Light::Grey => grey,
            Light::Blue => blue,
        }
    }
}

/// A size and weight of the one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// Running text.
    Body,
    /// Buttons.
    Button,
    /// What matters within running text.
    Strong,
    /// Remarks.
    Small,
    /// What matters within remarks.
    SmallStrong,
    /// The title of a card.
    Title,
    /// The verdict.
    Verdict,
    /// File names, variables, commands.
    Code,
}

impl Type {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Body,
        Self::Button,
        Self::Strong,
        Self::Small,
        Self::SmallStrong,
        Self::Title,
        Self::Verdict,
        Self::Code,
    ];

    /// Font and size, in points.
    pub fn font(self) -> FontId {
        match self {
            Self::Body => FontId::proportional(14.0),
            Self::Button => FontId::new(14.0, medium()),
            Self::Strong => FontId::new(14.0, semibold()),
            Self::Small => FontId::proportional(13.0),
            Self::SmallStrong => FontId::new(13.0, semibold()),
            Self::Title => FontId::new(16.0, semibold()),
            Self::Verdict => FontId::new(22.0, semibold()),
            Self::Code => FontId::monospace(13.0),
        }
    }

    /// From one line to the next, in points.
    pub fn line_height(self) -> f32 {
        match self {
            Self::Body | Self::Button | Self::Strong | Self::Code => 20.0,
            Self::Small | Self::SmallStrong => 18.0,
            Self::Title => 24.0,
            Self::Verdict => 28.0,
        }
    }
}

fn medium() -> FontFamily {
    FontFamily::Name("medium".into())
}

fn semibold() -> FontFamily {
    FontFamily::Name("semibold".into())
}

/// The step of all distances, in points.
pub const STEP: f32 = 4.0;
/// Corners of buttons and fields, in points.
pub const CORNER: u8 = 6;
/// Corners of cards, in points.
pub const CARD_CORNER: u8 = 10;
/// Space inside a card, in points.
pub const CARD_MARGIN: i8 = 18;
/// Height of a button, in points.
pub const BUTTON_HEIGHT: f32 = 34.0;

const INTER: &[u8] = include_bytes!("../../assets/fonts/Inter.ttf");

/// Fonts and both themes.
pub fn apply(ctx: &Context) {
    ctx.set_fonts(fonts());
    for theme in [Theme::Light, Theme::Dark] {
        ctx.style_mut_of(theme, |style| dress(style, theme));
    }
}

/// Inter in three weights of one file, and behind it whatever egui brings.
fn fonts() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    let behind = fonts.families.get(&FontFamily::Proportional).cloned().unwrap_or_default();
    for (family, weight) in [(FontFamily::Proportional, 400.0), (medium(), 500.0), (semibold(), 600.0)] {
        let name = format!("Inter {weight}");
        let tweak = FontTweak { coords: VariationCoords::new([(b"wght", weight)]), ..FontTweak::default() };
        fonts.font_data.insert(name.clone(), Arc::new(FontData { tweak, ..FontData::from_static(INTER) }));
        fonts.families.insert(family, std::iter::once(name).chain(behind.iter().cloned()).collect());
    }
    fonts
}

fn dress(style: &mut Style, theme: Theme) {
    let tokens = Tokens::of(theme);
    style.text_styles = [
        (TextStyle::Body, Type::Body.font()),
        (TextStyle::Button, Type::Button.font()),
        (TextStyle::Small, Type::Small.font()),
        (TextStyle::Heading, Type::Title.font()),
        (TextStyle::Monospace, Type::Code.font()),
    ]
    .into();

    let spacing = &mut style.spacing;
    spacing.item_spacing = vec2(2.0 * STEP, STEP);
    spacing.button_padding = vec2(3.0 * STEP, 7.0);
    spacing.interact_size = vec2(STEP, BUTTON_HEIGHT);
    spacing.menu_margin = Margin::same(6);
    spacing.combo_height = 360.0;
    spacing.scroll = ScrollStyle { floating: true, ..ScrollStyle::solid() };

    let widget = |fill: Color32, edge: Stroke, ink: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: edge,
        corner_radius: CornerRadius::same(CORNER),
        fg_stroke: Stroke::new(1.5, ink),
        expansion: 0.0,
    };
    let line = Stroke::new(1.0, tokens.line);
    let focus = Stroke::new(2.0, tokens.accent);
    let visuals = &mut style.visuals;
    *visuals = match theme {
        Theme::Light => Visuals::light(),
        Theme::Dark => Visuals::dark(),
    };
    // Inter has no hints of its own. To work some out, the whole font is looked through for each size, which took more
    // time than all else in the first frame; the letters hardly differ.
    visuals.text_options.font_hinting = false;
    visuals.override_text_color = None;
    visuals.weak_text_color = Some(tokens.muted);
    visuals.widgets.noninteractive = widget(tokens.background, line, tokens.ink);
    visuals.widgets.inactive = widget(tokens.card, line, tokens.ink);
    visuals.widgets.hovered = widget(tokens.hover, line, tokens.ink);
    visuals.widgets.active = widget(tokens.hover, focus, tokens.ink);
    visuals.widgets.open = widget(tokens.hover, line, tokens.ink);
    visuals.selection.bg_fill = tokens.selection;
    visuals.selection.stroke = Stroke::new(2.0, tokens.accent);
    visuals.hyperlink_color = tokens.accent;
    visuals.panel_fill = tokens.background;
    visuals.window_fill = tokens.card;
    visuals.window_stroke = line;
    visuals.window_corner_radius = CornerRadius::same(CARD_CORNER);
    visuals.menu_corner_radius = CornerRadius::same(CARD_CORNER);
    let shadow = Shadow { offset: [0, 4], blur: 16, spread: 0, color: tokens.shadow };
    visuals.popup_shadow = shadow;
    visuals.window_shadow = shadow;
    visuals.extreme_bg_color = tokens.card;
    visuals.text_edit_bg_color = Some(tokens.background);
    visuals.code_bg_color = tokens.chip;
    visuals.faint_bg_color = tokens.chip;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2: the relative luminance of a colour.
    fn luminance(colour: Color32) -> f64 {
        let part = |byte: u8| {
            let value = f64::from(byte) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * part(colour.r()) + 0.7152 * part(colour.g()) + 0.0722 * part(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_text_stands_out_from_what_is_behind_it() {
        for (theme, tokens) in [("light", LIGHT), ("dark", DARK)] {
            let grounds = [tokens.background, tokens.card, tokens.chip, tokens.hover];
            let grounds: Vec<_> = grounds.into_iter().chain(tokens.bands).collect();
            for (name, ink) in [
                ("ink", tokens.ink),
                ("muted", tokens.muted),
                ("problem", tokens.problem),
                ("look", tokens.look),
                ("works", tokens.works),
                ("not yours", tokens.not_yours),
                ("accent", tokens.accent),
            ] {
                for ground in &grounds {
                    let ratio = contrast(ink, *ground);
                    assert!(ratio >= 4.5, "{theme}: {name} on {ground:?} has {ratio:.2}");
                }
            }
            for ground in [tokens.accent, tokens.accent_hover] {
                assert!(contrast(tokens.on_accent, ground) >= 4.5, "{theme}: the primary button");
            }
            for ink in [tokens.ink, tokens.accent] {
                assert!(contrast(ink, tokens.selection) >= 4.5, "{theme}: selected text");
            }
            for ground in [tokens.background, tokens.card] {
                assert!(contrast(tokens.edge, ground) >= 3.0, "{theme}: the edge of a field");
            }
        }
    }

    #[test]
    fn distances_between_lines_keep_the_step_and_the_font_holds_what_we_write() {
        for kind in Type::ALL {
            assert!(kind.line_height() >= kind.font().size * 1.2, "{kind:?}");
        }
    }
}
