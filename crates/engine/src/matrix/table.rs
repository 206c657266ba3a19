//! The rows as a face shows them: the chosen folder, then those that differ from it, then the others.

use std::path::PathBuf;

use authlight_core::projects::Cell;

use crate::state::{Context, StopFlag};

/// What to look at.
#[derive(Clone, Debug, Default)]
pub struct TableRequest {
    /// The chosen folder, as in [`crate::state::ScanRequest`].
    pub project: Option<PathBuf>,
    /// The chosen context.
    pub context: Context,
    /// The other folders.
    pub folders: Vec<PathBuf>,
    /// Whether the person has said that folders may be opened for which the system asks.
    pub may_open: bool,
    /// Of a new terminal, whether the files alone count and not what the person's shell said.
    pub files_only: bool,
    /// Set when the answer is no longer wanted.
    pub stop: StopFlag,
}

/// A folder and what signs in there.
#[derive(Clone, Debug, PartialEq)]
pub struct TableRow {
    /// The folder; none: Claude Code is started in no project.
    pub folder: Option<PathBuf>,
    /// How it is shown: below the home as `~/…`.
    pub name: String,
    /// One for each of [`super::COLUMNS`]; none where the folder was not opened.
    pub cells: Vec<Cell>,
}

/// The rows that have come in.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// As they came; the chosen folder is the first.
    rows: Vec<TableRow>,
    differing: Vec<usize>,
    alike: Vec<usize>,
    closed: Vec<usize>,
}

impl Table {
    /// Takes rows in. The first of all is the chosen folder's.
    pub fn extend(&mut self, rows: impl IntoIterator<Item = TableRow>) {
        for row in rows {
            let kind = match self.rows.first() {
                None => None,
                Some(_) if row.cells.is_empty() => Some(&mut self.closed),
                Some(chosen) if chosen.cells == row.cells => Some(&mut self.alike),
                Some(_) => Some(&mut self.differing),
            };
            kind.into_iter().for_each(|kind| kind.push(self.rows.len()));
            self.rows.push(row);
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row at a place on the screen: the chosen folder, those that differ, the others, those that were not opened.
    pub fn row(&self, place: usize) -> Option<&TableRow> {
        let Some(mut left) = place.checked_sub(1) else { return self.rows.first() };
        for kind in [&self.differing, &self.alike, &self.closed] {
            match kind.get(left) {
                Some(index) => return self.rows.get(*index),
                None => left -= kind.len(),
            }
        }
        None
    }

    /// Where a folder's row stands; `guess` is looked at first.
    pub fn place_of(&self, folder: Option<&PathBuf>, guess: usize) -> Option<usize> {
        let is_it = |place: &usize| self.row(*place).is_some_and(|row| row.folder.as_ref() == folder);
        Some(guess).filter(is_it).or_else(|| (0..self.len()).find(is_it))
    }

    /// How many folders were not opened.
    pub fn closed(&self) -> usize {
        self.closed.len()
    }

    /// Whether there is something to compare: several folders, or a difference in the one, be it that only some of its
    /// cells could be told.
    pub fn compares(&self) -> bool {
        let told = |cell: &Cell| (cell.unknown, cell.signs_in.clone());
        let differs = |row: &TableRow| {
            let mut cells = row.cells.iter().map(told);
            let first = cells.next();
            row.cells.iter().any(|cell| cell.because.is_some()) || cells.any(|cell| Some(cell) != first)
        };
        self.len() > 1 || self.rows.iter().any(differs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use authlight_core::report::CredentialKind;

    fn row(name: &str, signs_in: &[CredentialKind], opened: bool) -> TableRow {
        let cell = Cell {
            context: Context::Process,
            signs_in: signs_in.to_vec(),
            unknown: false,
            compared: true,
            because: None,
        };
        let cells = if opened { vec![cell] } else { Vec::new() };
        TableRow { folder: Some(name.into()), name: name.to_owned(), cells }
    }

    #[test]
    fn what_differs_stands_first_however_it_comes_in() {
        let mut table = Table::default();
        let key = [CredentialKind::ApiKey];
        table.extend([row("chosen", &key, true), row("same", &key, true)]);
        assert!(table.compares());
        table.extend([row("closed", &[], false), row("other", &[], true), row("alike", &key, true)]);
        let names: Vec<_> = (0..6).map_while(|place| table.row(place)).map(|row| row.name.as_str()).collect();
        assert_eq!(names, ["chosen", "other", "same", "alike", "closed"]);
        assert_eq!(table.place_of(Some(&"alike".into()), 0), Some(3));
        assert_eq!((table.place_of(None, 3), table.closed()), (None, 1));
    }
}
