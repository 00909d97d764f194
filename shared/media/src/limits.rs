use crate::Kind;

/// How much is taken, measured before anything is decoded wherever a format tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Longest picture, in bytes.
    pub picture_bytes: u64,
    /// Longest film.
    pub film_bytes: u64,
    /// Longest sound.
    pub audio_bytes: u64,
    /// Longest document.
    pub document_bytes: u64,
    /// Longest captions.
    pub captions_bytes: u64,
    /// Longest archive.
    pub archive_bytes: u64,
    /// Most pixels of a picture, width times height. A few kilobytes can claim to be gigapixels.
    pub pixels: u64,
    /// Most pixels of one frame of a film.
    pub frame_pixels: u64,
    /// Longest film or sound.
    pub seconds: u64,
    /// Most pages of a document.
    pub pages: u32,
    /// What a document may unpack to.
    pub unpacked_bytes: u64,
    /// Most files in a document that is an archive.
    pub entries: usize,
    /// How much of a document's text is read for search, in bytes.
    pub text_bytes: usize,
}

impl Default for Limits {
    /// Any camera's photograph, a film of an afternoon, a book.
    fn default() -> Self {
        Self {
            picture_bytes: 200_000_000,
            film_bytes: 5_000_000_000,
            audio_bytes: 1_000_000_000,
            document_bytes: 200_000_000,
            captions_bytes: 2_000_000,
            archive_bytes: 5_000_000_000,
            pixels: 64_000_000,
            frame_pixels: 8192 * 4320,
            seconds: 6 * 3600,
            pages: 3_000,
            unpacked_bytes: 1_000_000_000,
            entries: 10_000,
            text_bytes: 1_000_000,
        }
    }
}

impl Limits {
    /// Longest file of a kind.
    #[must_use]
    pub const fn bytes(&self, kind: Kind) -> u64 {
        match kind {
            Kind::Picture => self.picture_bytes,
            Kind::Film => self.film_bytes,
            Kind::Audio => self.audio_bytes,
            Kind::Document => self.document_bytes,
            Kind::Captions => self.captions_bytes,
            Kind::Archive => self.archive_bytes,
        }
    }
}
