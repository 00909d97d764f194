//! Words for search, in every language, the same for what is indexed and for what is asked.
//!
//! PostgreSQL keeps and finds the words (`tsvector`, GIN) but doesn't choose them: its own parser knows neither Lao nor
//! Chinese. A text is cut by [UAX 29 and the dictionaries of ICU](icu_segmenter), each word is folded (compatibility
//! forms, case, invisible marks), and what comes out is written as the text of a `tsvector` by [`Index`] or of a
//! `tsquery` by [`query`]. Both are for a cast (`$1::text::tsvector`), never for `to_tsvector`.
//!
//! **Diacritics.** A word with diacritics is indexed twice at the same place: as it is and without them. So *Viet Nam*
//! finds *Việt Nam* and *Viet Nam*, while *Việt Nam* finds only what is written so: who takes the trouble to type
//! marks means them, and in Vietnamese they tell words apart (*má*, *mà*, *mả*). The two ways to place a tone (*hoà*,
//! *hòa*) are one word. In Thai, Lao, Khmer, Hindi and the like marks are letters and always stay.
//!
//! **Korean** is cut into pairs of syllables, since particles cling to its words.

mod fold;
mod index;
mod query;
mod text;
mod token;

pub use index::{Index, Lexeme, Weight, index};
pub use query::query;
pub use text::{Word, cut, words};
