# What a mission makes of an asset: shapes, films, captions, sound

# The page
renditions-adapt = Adapt
renditions-title = Adapt the asset
renditions-for = For { $unit }
renditions-refused = It cannot be adapted for your unit now
renditions-picture = Picture
renditions-poster = A picture of the film
renditions-page-picture = A page as a picture
renditions-wave = The sound as a picture
renditions-wave-lead = The course of the sound, for pages and posts that show only pictures.
renditions-wave-order = Make the picture
renditions-purpose = For what
renditions-frame = What is shown
renditions-frame-focus = Around the focal point
renditions-frame-drawn = A frame drawn by hand
renditions-crop = Frame of the picture
renditions-crop-hint = Drag the frame or its corner. With the keyboard: arrow keys move it, Shift and arrow keys change its size.
renditions-crop-says = Left { $left } %, top { $top } %, width { $width } %, height { $height } %
renditions-focal = Focal point
renditions-left = Left edge, %
renditions-top = Upper edge, %
renditions-width = Width, %
renditions-height = Height, %
renditions-numbers = Frame in numbers
renditions-format = Format
renditions-format-jpeg = JPEG: photographs, every platform
renditions-format-webp = WebP: smaller, for pages
renditions-format-png = PNG: without loss, for drawings
renditions-mark = In the corner
renditions-mark-none = Nothing
renditions-mark-words = These words
renditions-mark-logo = Logo: { $name }
renditions-words = Words
renditions-corner = Which corner
renditions-corner-bottom_right = Lower right
renditions-corner-bottom_left = Lower left
renditions-corner-top_right = Upper right
renditions-corner-top_left = Upper left
renditions-page = Page
renditions-page-of = of { $count }
renditions-second = At which second
renditions-second-hint = Leave it empty and a moment early in the film is chosen. The last is second { $last }.
renditions-film = Film
renditions-film-lead = H.264 and AAC in MP4, within what the platform takes.
renditions-captions-burnt = Captions in the picture
renditions-captions-none = None
renditions-sound = Sound
renditions-sound-lead = The sound alone, as MP3.
renditions-captions = Captions
renditions-captions-language = Language
renditions-order = Make it
renditions-logo = A logo for others
renditions-logo-lead = { $unit } and the units below it may put this picture in a corner of theirs.
renditions-logo-offer = Offer it as a logo
renditions-logo-withdraw = No longer offer it

# What was made
renditions-made = Made from it
renditions-made-none = Nothing has been ordered yet.
renditions-ready-files = Ready files
renditions-meant = To be used
renditions-download = Download
renditions-download-named = Download: { $what }
renditions-state-waiting = In the queue
renditions-state-being-made = Being made since { $since }
renditions-state-failed = Not made
renditions-percent = { $percent } %
renditions-progress = How much of it is made
renditions-again = Again
renditions-again-named = Again: { $what }
renditions-seconds = { $seconds } s
renditions-translation = For translation
renditions-translation-lead = Everything a translator needs in one zip: the clean file, captions, the editable source, and the texts as XLIFF.
renditions-translation-into = Into the language
renditions-translation-hint = A code such as lo, fr or zh-Hans. Texts that exist in other languages come along in any case.
renditions-translation-get = Download the pack

# Watching
renditions-player = Watch
renditions-player-audio = Listen
renditions-player-failed = This cannot be played here. Download the file instead.
renditions-player-waiting = The film is being prepared for watching. It appears here by itself.
renditions-player-waiting-audio = The sound is being prepared. It appears here by itself.

# For what
rendition-purpose-web = For pages, whole
rendition-purpose-card = Link card 1.91:1
rendition-purpose-wide = Wide 16:9
rendition-purpose-square = Square 1:1
rendition-purpose-portrait = Portrait 4:5
rendition-purpose-story = Upright 9:16
rendition-purpose-film_small = For a poor line (360p)
rendition-purpose-film_web = For pages (720p)
rendition-purpose-film_full = YouTube, Facebook, screens (1080p)
rendition-purpose-film_x = X: 140 seconds, 512 MB
rendition-purpose-film_instagram = Instagram: 15 minutes, 1 GB
rendition-purpose-film_tiktok = TikTok: 4 GB
rendition-purpose-film_bluesky = Bluesky: 300 MB
rendition-purpose-film_mastodon = Mastodon: 99 MB
rendition-purpose-film_telegram = Telegram: 50 MB
rendition-purpose-film_zalo = Zalo: 50 MB
rendition-purpose-sound = Sound (MP3)
rendition-purpose-srt = Captions as SRT
rendition-purpose-vtt = Captions as WebVTT

# What happened
rendition-ordered = Ordered. It appears in the list as soon as it is made.
rendition-logo-offered = The picture is offered as a logo.
rendition-logo-withdrawn = The picture is no longer offered as a logo.
rendition-not-ready = This has not been made yet.
    .next = Wait until the list says that it is ready, then download it.

# What does not fit
rendition-purpose-unfit = This cannot be made of this file. Choose another purpose.
rendition-number-unreadable = This is not a number.
rendition-cut-outside = The frame reaches beyond the picture. Left edge and width, upper edge and height may come to 100 at most.
rendition-words-too-long = At most 80 letters on one line.
rendition-logo-gone = This logo may not be used now. Choose another.
rendition-no-such-page = The document has no such page.
rendition-no-such-second = The film is shorter than that.
rendition-film-too-long = The film is longer than the platform takes. Cut it first, or choose another purpose.
rendition-captions-missing = There are no captions in this language. Ask the asset’s unit for them, or choose another language.
rendition-language-unknown = This is no language code; lo, fr and zh-Hans are.

# Why one was not made
rendition-failed-machine = The server tried several times and could not make it. Order it again; if it fails again, tell the people who run the system.
rendition-failed-cannot-fit = It cannot be made small enough for { $megabytes } MB and still be watched. Cut the film first, or choose another purpose.
rendition-failed-unfit = This cannot be made of this file. Choose another purpose.
rendition-failed-gone = The file is no longer in the store. Ask the asset’s unit to put it in again.
