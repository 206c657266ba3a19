//! Claude Code where there is none, for the window: the ways, and what it says of itself once it is there.

use authlight_core::claude_code::ways::{self, Standing, Way};
use authlight_core::message::{Message, Words as _};

use super::Inspector;
use crate::act::install::{self, Ways};
use crate::examination::Examination;
use crate::machine::session;
use crate::state::StopFlag;
use crate::state::walkthrough::Cell;
use crate::state::walkthrough::install::{Open, WayOffer, WayOffers};

impl Inspector {
    pub(super) fn offered_ways(&self, cell: &Cell, ask_node: bool, stop: &StopFlag) -> WayOffers {
        let looked = self.look_at(cell);
        let [now] = &looked.examinations;
        let here = now.is_of_this_machine(&|path| self.disk().outside(path));
        let mut ways = Ways::look(self.disk(), now);
        if ask_node && here {
            ways = ways.ask_node(now, &session::run, &stop.shared());
        }
        let all = ways.all.iter().map(|(way, standing)| self.offered_way(way, standing, now)).collect();
        WayOffers { all, page: ways::PAGE, elsewhere: !here }
    }

    fn offered_way(&self, way: &'static Way, standing: &Standing, now: &Examination) -> WayOffer {
        let start = install::start(way, standing, now, &|path| self.disk().outside(path));
        let open = match standing {
            Standing::Shown => Open::Copied,
            Standing::Ready { .. } => Open::Started,
            Standing::NodeNotAsked { .. } => Open::AsksNode,
            _ => Open::Closed,
        };
        // The sentences of the console name its commands.
        let mut needs = install::standing(way, standing);
        needs.key = "walk-install-standing".into();
        WayOffer {
            id: way.id,
            name: self.words().say(&install::named(way)),
            needs: self.words().say(&needs),
            command: way.command,
            back: way.back,
            open,
            launch: start.and_then(|start| start.in_terminal(now)),
        }
    }

    pub(super) fn status_of_own_claude(&self, cell: &Cell, stop: &StopFlag) -> String {
        let looked = self.look_at(cell);
        let own = looked.examinations[0].own_claude(&|path| self.disk().outside(path));
        let Some(own) = own else { return self.words().text("walk-install-not-run") };
        match own.status(&session::run, &stop.shared()) {
            Ok(stored) if stored.signed_in && stored.method.is_empty() => self.words().text("walk-install-signed-in"),
            Ok(stored) if stored.signed_in => {
                self.words().say(&Message::new("walk-install-signed-in-by").with("method", stored.method))
            }
            Ok(_) => self.words().text("walk-install-not-signed-in"),
            Err(row) => self.words().say(&row.text),
        }
    }
}
