//! Captions: SubRip as editors write them, WebVTT as browsers read them, one in memory.

use crate::{MediaType, Refused};

/// One caption.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Cue {
    /// In thousandths of a second.
    from: u64,
    to: u64,
    text: String,
}

/// A film has some thousand.
const MOST: usize = 50_000;

/// Captions in the other format, or made tidy in the same. Positions and styles are left out.
///
/// # Errors
/// [`Refused::Damaged`] when there isn't a single caption in it, or a time that is none.
pub fn convert(text: &str, to: MediaType) -> Result<String, Refused> {
    let cues = parse(text)?;
    let mut out = String::new();
    if to == MediaType::Vtt {
        out.push_str("WEBVTT\n\n");
    }
    for (number, cue) in cues.iter().enumerate() {
        let mark = if to == MediaType::Vtt { '.' } else { ',' };
        if to == MediaType::Srt {
            out.extend([(number + 1).to_string().as_str(), "\n"]);
        }
        let (from, to) = (time(cue.from, mark), time(cue.to, mark));
        out.extend([&from, " --> ", &to, "\n", &cue.text, "\n\n"]);
    }
    Ok(out)
}

/// The words alone, for search and as a first transcript.
pub(crate) fn words(text: &str) -> Result<String, Refused> {
    let lines: Vec<String> = parse(text)?
        .into_iter()
        .map(|cue| without_tags(&cue.text))
        .collect();
    Ok(lines.join("\n"))
}

/// Reads either format: blocks between empty lines, of which those with an arrow are captions.
fn parse(text: &str) -> Result<Vec<Cue>, Refused> {
    let text = text
        .trim_start_matches('\u{feff}')
        .replace("\r\n", "\n")
        .replace('\r', "\n");
    let mut cues = Vec::new();
    for block in text.split("\n\n") {
        let mut lines = block.lines().skip_while(|line| !line.contains("-->"));
        let Some((from, to)) = lines.next().and_then(|line| line.split_once("-->")) else {
            continue;
        };
        let to = to.split_whitespace().next().unwrap_or_default();
        let (Some(from), Some(to)) = (moment(from.trim()), moment(to)) else {
            return Err(Refused::damaged("a time that is none"));
        };
        if to < from {
            return Err(Refused::damaged("a caption ends before it begins"));
        }
        let text: Vec<&str> = lines.map(str::trim_end).filter(|line| !line.is_empty()).collect();
        cues.push(Cue {
            from,
            to,
            // An arrow in a text would be taken for a time.
            text: text.join("\n").replace("-->", "→"),
        });
        if cues.len() > MOST {
            return Err(Refused::Bomb);
        }
    }
    if cues.is_empty() {
        return Err(Refused::damaged("there is no caption in it"));
    }
    Ok(cues)
}

/// `01:02:03,004`, `01:02:03.004` or `02:03.004`.
fn moment(text: &str) -> Option<u64> {
    let (whole, part) = text.split_once([',', '.'])?;
    if part.len() != 3 {
        return None;
    }
    let mut seconds = 0_u64;
    let fields: Vec<&str> = whole.split(':').collect();
    if !(2..=3).contains(&fields.len()) {
        return None;
    }
    for field in fields {
        seconds = seconds
            .checked_mul(60)?
            .checked_add(u64::from(field.parse::<u16>().ok()?))?;
    }
    Some(seconds * 1000 + u64::from(part.parse::<u16>().ok()?))
}

fn time(milliseconds: u64, mark: char) -> String {
    let (seconds, part) = (milliseconds / 1000, milliseconds % 1000);
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    format!("{hours:02}:{minutes:02}:{seconds:02}{mark}{part:03}")
}

/// `<i>…</i>`, `<v Ambassador>…`, `{\an8}`.
fn without_tags(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut closing = None;
    for c in text.chars() {
        match (closing, c) {
            (Some(end), c) if c == end => closing = None,
            (Some(_), _) => {}
            (None, '<') => closing = Some('>'),
            (None, '{') => closing = Some('}'),
            (None, c) => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    const SRT: &str = "\u{feff}1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Kính thưa</i> quý vị,\r\nthưa các bạn\r\n\r\n2\r\n01:00:03,004 --> 01:00:04,000\r\n{\\an8}Xin cảm ơn --> hết\r\n";

    #[test]
    fn subrip_becomes_webvtt_and_back() {
        let vtt = convert(SRT, MediaType::Vtt).unwrap_or_default();
        assert!(vtt.starts_with(
            "WEBVTT\n\n00:00:01.000 --> 00:00:02.500\n<i>Kính thưa</i> quý vị,\nthưa các bạn\n\n"
        ));
        assert!(vtt.contains("01:00:03.004 --> 01:00:04.000\n"));
        assert!(vtt.contains("Xin cảm ơn → hết"));
        let srt = convert(&vtt, MediaType::Srt).unwrap_or_default();
        assert_eq!(convert(&srt, MediaType::Vtt), Ok(vtt));
    }

    #[test]
    fn notes_styles_and_positions_are_left_out() {
        let text = "WEBVTT - title\n\nNOTE nothing\n\nSTYLE\n::cue{}\n\nintro\n00:01.000 --> 00:02.000 align:start\nXin chào\n";
        assert_eq!(
            convert(text, MediaType::Srt).as_deref(),
            Ok("1\n00:00:01,000 --> 00:00:02,000\nXin chào\n\n")
        );
    }

    #[test]
    fn words_are_without_tags() {
        assert_eq!(
            words(SRT).as_deref(),
            Ok("Kính thưa quý vị,\nthưa các bạn\nXin cảm ơn → hết")
        );
    }

    #[test]
    fn what_is_no_caption_is_refused() {
        for text in [
            "",
            "WEBVTT\n\n",
            "1\n00:00:01,000 --> soon\nx",
            "1\n00:00:09,000 --> 00:00:01,000\nx",
        ] {
            assert!(
                matches!(convert(text, MediaType::Vtt), Err(Refused::Damaged(_))),
                "{text}"
            );
        }
    }
}
