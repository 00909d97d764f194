//! How many elements a drawing has once every `use` is replaced by what it refers to. Ten lines can make ten million.

use std::collections::HashMap;

use crate::Refused;

/// More than any map has.
const MOST: u64 = 200_000;

/// What an element with its own id stands for.
#[derive(Debug, Default, Clone)]
struct Content {
    elements: u64,
    uses: Vec<String>,
}

/// Counts while the drawing is read.
#[derive(Debug, Default)]
pub(super) struct Multiplication {
    /// Open elements: the id, if it has one, and what was counted in it.
    open: Vec<(Option<String>, Content)>,
    named: HashMap<String, Content>,
    total: Content,
}

impl Multiplication {
    /// An element begins.
    pub(super) fn begin(&mut self, id: Option<String>, refers_to: Option<String>) {
        let mut content = Content {
            elements: 1,
            uses: Vec::new(),
        };
        content.uses.extend(refers_to);
        self.open.push((id, content));
    }

    /// The innermost element ends.
    pub(super) fn end(&mut self) {
        let Some((id, content)) = self.open.pop() else {
            return;
        };
        let outer = self.open.last_mut().map_or(&mut self.total, |(_, outer)| outer);
        outer.elements += content.elements;
        outer.uses.extend(content.uses.iter().cloned());
        if let Some(id) = id {
            self.named.insert(id, content);
        }
    }

    /// Whether the whole is of reasonable size.
    pub(super) fn check(&self) -> Result<(), Refused> {
        let mut known = HashMap::new();
        if self.size(&self.total, &mut known, 0) > MOST {
            return Err(Refused::Bomb);
        }
        Ok(())
    }

    /// Saturating at more than the limit. What refers to itself, or is nested too deeply, is as large as can be.
    fn size<'a>(&'a self, content: &'a Content, known: &mut HashMap<&'a str, u64>, depth: usize) -> u64 {
        if depth > 64 {
            return MOST + 1;
        }
        let mut size = content.elements;
        for name in &content.uses {
            let Some((name, target)) = self.named.get_key_value(name.as_str()) else {
                continue;
            };
            let used = if let Some(size) = known.get(name.as_str()) {
                *size
            } else {
                let used = self.size(target, known, depth + 1);
                known.insert(name, used);
                used
            };
            size = size.saturating_add(used).min(MOST + 1);
            if size > MOST {
                break;
            }
        }
        size
    }
}
