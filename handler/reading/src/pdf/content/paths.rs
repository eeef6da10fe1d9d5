//! Path instructions: ruled lines, filled boxes, and the clip.

use hayro_syntax::content::ops::TypedInstruction as Op;

use super::Painter;
use crate::pdf::plane::{Area, Matrix};

impl Painter<'_, '_> {
    pub(super) fn path(&mut self, op: &Op<'_, '_>) {
        match op {
            Op::Transform(m) => {
                let inner = Matrix([m.0, m.1, m.2, m.3, m.4, m.5].map(|n| n.as_f64()));
                self.state.to_page = self.state.to_page.after(inner);
            }
            Op::MoveTo(to) => self.outline.start(to.0.as_f64(), to.1.as_f64()),
            Op::LineTo(to) => self.outline.line(to.0.as_f64(), to.1.as_f64()),
            Op::CubicTo(c) => self.outline.curve(c.4.as_f64(), c.5.as_f64()),
            Op::CubicStartTo(c) => self.outline.curve(c.2.as_f64(), c.3.as_f64()),
            Op::CubicEndTo(c) => self.outline.curve(c.2.as_f64(), c.3.as_f64()),
            Op::ClosePath(_) => self.outline.close(),
            Op::RectPath(r) => {
                self.outline
                    .rectangle(r.0.as_f64(), r.1.as_f64(), r.2.as_f64(), r.3.as_f64());
            }
            Op::ClipNonZero(_) | Op::ClipEvenOdd(_) => self.outline.clips = true,
            Op::EndPath(_) => self.paint_path(false, false),
            Op::StrokePath(_) | Op::CloseAndStrokePath(_) => self.paint_path(false, true),
            Op::FillPathNonZero(_) | Op::FillPathNonZeroCompatibility(_) | Op::FillPathEvenOdd(_) => {
                self.paint_path(true, false);
            }
            Op::FillAndStrokeNonZero(_)
            | Op::FillAndStrokeEvenOdd(_)
            | Op::CloseFillAndStrokeNonZero(_)
            | Op::CloseFillAndStrokeEvenOdd(_) => self.paint_path(true, true),
            _ => {}
        }
    }

    fn paint_path(&mut self, fill: bool, stroke: bool) {
        let outline = std::mem::take(&mut self.outline);
        let state = &self.state;
        let upright = state.to_page.is_upright();
        let off = self.marks.iter().any(|mark| mark.off);
        if fill && upright && !off {
            let covers = state.opaque && state.clip_exact && outline.is_plain();
            for area in outline.boxes() {
                let area = state.to_page.cover(area).meet(state.clip);
                if area.width() >= 0.0 && area.height() >= 0.0 {
                    self.ink.fill(area, state.fill, covers);
                }
            }
        }
        if stroke && upright && !off {
            for (from, to) in outline.segments() {
                let area = Area::around([
                    state.to_page.apply(from.0, from.1),
                    state.to_page.apply(to.0, to.1),
                ]);
                if area.width().min(area.height()) < 0.5 && area.touches(state.clip, 1.0) {
                    self.ink.rule(area.meet(grown(state.clip)), state.stroke);
                }
            }
        }
        if outline.clips
            && let Some(area) = outline.bounds()
        {
            self.clip(area, upright && outline.is_one_box());
        }
    }
}

/// With a little room around it, for lines that lie on its edge.
pub(super) fn grown(area: Area) -> Area {
    Area {
        x0: area.x0 - 1.0,
        y0: area.y0 - 1.0,
        x1: area.x1 + 1.0,
        y1: area.y1 + 1.0,
    }
}
