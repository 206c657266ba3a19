//! How long ago something was, for sentences.

/// A number of units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Since {
    /// `moment`, `minutes`, `hours`, `days`; `unknown` where no time is known.
    pub unit: &'static str,
    /// How many.
    pub count: i64,
}

/// The time from then to now, rounded down.
pub(super) fn since(now_ms: i64, then_ms: Option<i64>) -> Since {
    let Some(then_ms) = then_ms else { return Since { unit: "unknown", count: 0 } };
    match now_ms.saturating_sub(then_ms) / 60_000 {
        ..1 => Since { unit: "moment", count: 0 },
        minutes @ 1..120 => Since { unit: "minutes", count: minutes },
        minutes if minutes < 48 * 60 => Since { unit: "hours", count: minutes / 60 },
        minutes => Since { unit: "days", count: minutes / (24 * 60) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unit_fits_the_time() {
        let minute = 60_000;
        for (then, unit, count) in [
            (0, "moment", 0),
            (minute, "minutes", 1),
            (119 * minute, "minutes", 119),
            (120 * minute, "hours", 2),
            (47 * 60 * minute, "hours", 47),
            (48 * 60 * minute, "days", 2),
        ] {
            assert_eq!(since(then, Some(0)), Since { unit, count });
        }
        assert_eq!(since(0, Some(minute)).unit, "moment", "a clock that was set back");
        assert_eq!(since(0, None).unit, "unknown");
    }
}
