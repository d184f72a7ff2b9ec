//! The list on a terminal that can move its cursor, drawn anew when a key or the window's size changes it.

use super::super::NoAnswer;
use super::super::platform::{Silent, Watch, open_terminal};
use super::keys::Keys;
use super::list::{List, Step, Window};
use super::{Choices, Pick};
use rustix::termios;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::time::{Duration, Instant};

/// The place of what was chosen.
pub(in super::super) fn pick(pick: &Pick<'_>) -> Result<usize, NoAnswer> {
    let terminal = open_terminal().ok_or(NoAnswer::NoTerminal)?;
    let watch = Watch::begin().map_err(NoAnswer::Failed)?;
    let silent = Silent::new(&terminal)?;
    let choices = Choices::of(pick.choices).or(pick.otherwise);
    let mut screen = Screen { terminal: &terminal, shown: None };
    let taken = follow(&mut screen, List::new(pick.title, &choices, pick.usually), pick.limit, &watch);
    let line =
        taken.as_ref().map_or_else(|_| String::new(), |place| format!("{}: {}\n", pick.title, pick.name(*place)));
    let left = screen.leave(&line);
    drop(silent);
    drop(watch);
    let place = taken?;
    left.map_err(NoAnswer::Failed).map(|()| place)
}

fn follow(screen: &mut Screen<'_>, mut list: List<'_>, limit: Duration, watch: &Watch) -> Result<usize, NoAnswer> {
    let mut keys = Keys::default();
    let mut bytes = [0; 1024];
    let mut pressed_at = Instant::now();
    while pressed_at.elapsed() < limit && !watch.was_interrupted() {
        screen.draw(&mut list).map_err(NoAnswer::Failed)?;
        let mut terminal = screen.terminal;
        let pressed = match terminal.read(&mut bytes) {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(NoAnswer::Failed(error)),
            Ok(0) => {
                // A terminal that was hung up answers like this at once.
                std::thread::sleep(Duration::from_millis(10));
                keys.pause().into_iter().collect()
            }
            Ok(count) => {
                pressed_at = Instant::now();
                keys.read(&bytes[..count])
            }
        };
        for key in pressed {
            match list.press(key) {
                Step::Stay => {}
                Step::Take(place) => return Ok(place),
                Step::Leave => return Err(NoAnswer::Interrupted),
            }
        }
    }
    Err(if watch.was_interrupted() { NoAnswer::Interrupted } else { NoAnswer::TimedOut })
}

/// The lines that the list takes. The cursor rests in the first, so that whatever a changed window makes of the others,
/// they are below it and are taken away.
struct Screen<'a> {
    terminal: &'a File,
    shown: Option<(Window, Vec<String>)>,
}

impl Screen<'_> {
    fn draw(&mut self, list: &mut List<'_>) -> std::io::Result<()> {
        let window = window(self.terminal);
        let lines = list.lines(window);
        if self.shown.as_ref().is_some_and(|(size, shown)| *size == window && *shown == lines) {
            return Ok(());
        }
        let mut terminal = self.terminal;
        terminal.write_all(frame(&lines).as_bytes())?;
        self.shown = Some((window, lines));
        Ok(())
    }

    /// Takes the lines away, but for one where something was chosen.
    fn leave(self, line: &str) -> std::io::Result<()> {
        let mut terminal = self.terminal;
        terminal.write_all(format!("\r\x1b[J{line}").as_bytes())
    }
}

/// What shows these lines in the place of those before.
fn frame(lines: &[String]) -> String {
    let (first, others) = lines.split_first().expect("one line is for typing");
    // What is too long after all is cut off, not wrapped.
    let mut frame = String::from("\r\x1b[J\x1b[?7l");
    for line in others {
        frame.extend(["\n", line]);
    }
    // Terminals take a zero for a one.
    if !others.is_empty() {
        write!(frame, "\x1b[{}A", others.len()).expect("a String takes all");
    }
    write!(frame, "\r{first}\x1b[?7h").expect("a String takes all");
    frame
}

/// Some terminals do not know their own size.
fn window(terminal: &File) -> Window {
    let size = termios::tcgetwinsize(terminal).ok().filter(|size| size.ws_col > 0 && size.ws_row > 0);
    size.map_or(Window { columns: 80, rows: 24 }, |size| Window {
        columns: size.ws_col.into(),
        rows: size.ws_row.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_goes_up_by_the_lines_below_the_first() {
        for (lines, shown) in [
            (&["R: x"][..], "\r\x1b[J\x1b[?7l\rR: x\x1b[?7h"),
            (&["R: ", "> a", "  b"], "\r\x1b[J\x1b[?7l\n> a\n  b\x1b[2A\rR: \x1b[?7h"),
        ] {
            assert_eq!(frame(&lines.iter().map(ToString::to_string).collect::<Vec<_>>()), shown);
        }
    }
}
