//! What is what on a page, for those who hear it read: headings, paragraphs, and lists of what belongs together.

use std::num::NonZeroU16;

use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, Tag, TagGroup, TagTree,
};

/// A part of what is read.
#[derive(Debug, Clone)]
pub enum Part {
    /// What the whole is called.
    Title,
    /// What stands over a text.
    Heading,
    /// A paragraph.
    Text,
    /// A picture, by what is said in its place.
    Picture(String),
}

/// A part by its number; none: what nobody needs to hear.
pub type Tagged = Option<usize>;

/// The parts in the order in which they are read.
#[derive(Debug, Default)]
pub(crate) struct Parts {
    /// Each with the entry that it belongs to, and with what was drawn of it.
    all: Vec<(Part, Option<usize>, Vec<Identifier>)>,
    item: Option<usize>,
    items: usize,
}

impl Parts {
    /// The next part; gives its number.
    pub fn add(&mut self, part: Part) -> usize {
        self.all.push((part, self.item, Vec::new()));
        self.all.len() - 1
    }

    /// What follows belongs to another entry.
    pub fn begin_item(&mut self) {
        self.item = Some(self.items);
        self.items += 1;
    }

    /// What follows belongs to no entry.
    pub fn end_items(&mut self) {
        self.item = None;
    }

    /// Says of what is drawn from here to [`Surface::end_tagged`] which part it is.
    pub fn begin(&mut self, surface: &mut Surface<'_>, tagged: Tagged) {
        let part = tagged.and_then(|index| self.all.get_mut(index));
        let Some((part, _, drawn)) = part else {
            surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
            return;
        };
        drawn.push(surface.start_tagged(match part {
            Part::Picture(_) => ContentTag::Other,
            _ => ContentTag::Span(SpanTag::empty()),
        }));
    }

    /// All of it: a list with its entries, between what stands before and behind.
    pub fn tree(self) -> TagTree {
        let mut tree = TagTree::new();
        let mut list: Option<TagGroup> = None;
        let mut entry: Option<(usize, TagGroup)> = None;
        let close = |entry: Option<(usize, TagGroup)>, list: &mut Option<TagGroup>| {
            if let Some((_, body)) = entry {
                let mut one = TagGroup::new(Tag::LI);
                one.push(body);
                list.get_or_insert_with(|| TagGroup::new(Tag::L(ListNumbering::None)))
                    .push(one);
            }
        };
        for (part, item, drawn) in self.all {
            let mut group = match part {
                Part::Title => TagGroup::new(Tag::Hn(NonZeroU16::MIN, None)),
                Part::Heading => TagGroup::new(Tag::Hn(NonZeroU16::MIN.saturating_add(1), None)),
                Part::Text => TagGroup::new(Tag::P),
                Part::Picture(alt) => TagGroup::new(Tag::Figure(Some(alt))),
            };
            for one in drawn {
                group.push(one);
            }
            let Some(item) = item else {
                close(entry.take(), &mut list);
                if let Some(list) = list.take() {
                    tree.push(list);
                }
                tree.push(group);
                continue;
            };
            if entry.as_ref().is_some_and(|(before, _)| *before != item) {
                close(entry.take(), &mut list);
            }
            entry
                .get_or_insert_with(|| (item, TagGroup::new(Tag::LBody)))
                .1
                .push(group);
        }
        close(entry, &mut list);
        if let Some(list) = list {
            tree.push(list);
        }
        tree
    }
}
