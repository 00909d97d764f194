//! The closed lists of the calendar. Their words end Fluent ids: `item-kind-statement`.

use chancery_contracts::vocabulary;
use serde::{Deserialize, Serialize};

vocabulary! {
    /// What sort of text an item is.
    Kind {
        /// In the state's name.
        Statement = "statement",
        /// *Thông cáo báo chí*.
        PressRelease = "press_release",
        /// Something that happened.
        News = "news",
        /// A national day, a new year, a condolence.
        Greeting = "greeting",
        /// To citizens.
        Notice = "notice",
    }
}

vocabulary! {
    /// Distribution scope (*phạm vi phổ biến*): who the content is meant for.
    Scope {
        /// The ministry and its missions. Cannot be submitted for a public channel.
        Internal = "internal",
        /// Everybody.
        Public = "public",
    }
}

vocabulary! {
    /// On whose wall the time of an item is read.
    ClockChoice {
        /// The host country's.
        Host = "host",
        /// Headquarters': a Tết greeting goes out at midnight in Hanoi, wherever the mission is.
        Headquarters = "headquarters",
    }
}

vocabulary! {
    /// What becomes of the links in a text on its way to a social platform. In the press room they stay as written.
    LinkStyle {
        /// Nothing.
        AsWritten = "as_written",
        /// They say where a reader comes from (`utm_source`, …).
        Marked = "marked",
        /// The same behind the ministry's own short address, which counts readers by the day and knows nothing of them.
        Short = "short",
    }
}

vocabulary! {
    /// The colour of a campaign: the palette of the page, so that it stays legible in light and dark.
    Colour {
        /// The default.
        Blue = "blue",
        /// Light blue.
        Azure = "azure",
        /// Deep blue.
        Indigo = "indigo",
        /// Purple.
        Purple = "purple",
        /// Pink.
        Pink = "pink",
        /// Red.
        Red = "red",
        /// Orange.
        Orange = "orange",
        /// Yellow.
        Yellow = "yellow",
        /// Light green.
        Lime = "lime",
        /// Green.
        Green = "green",
        /// Blue-green.
        Teal = "teal",
        /// Cyan.
        Cyan = "cyan",
    }
}
