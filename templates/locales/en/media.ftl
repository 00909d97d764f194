# Files: what they are, and why one is not taken

media-kind-picture = Picture
media-kind-film = Film
media-kind-audio = Audio
media-kind-document = Document
media-kind-captions = Captions
media-kind-archive = Archive

media-refused-empty = The file is empty.
media-refused-unknown = This kind of file is not taken. Send a picture (JPEG, PNG, WebP, AVIF, HEIC, TIFF, SVG, GIF), a film (MP4, MOV, WebM), a sound (MP3, WAV), a document (PDF, DOCX, PPTX, XLSX) or captions (SRT, VTT).
media-refused-extension = The name ends in “.{ $extension }”, but the file is { $actual }. Rename it, or choose the right file.
media-refused-polyglot = Another file is hidden inside this one. Save it anew with the program that made it, then send that.
media-refused-playlist = This is a list of other files, not the film itself. Send the film.
media-refused-too-large = The file has more than { $megabytes } MB.
media-refused-too-many-pixels = The picture has { $width } × { $height } pixels; at most { $megapixels } million are taken. Make it smaller and send it again.
media-refused-too-many-pages = The document has { $pages } pages; at most { $limit } are taken. Divide it into parts.
media-refused-too-long = It plays for more than { $minutes } minutes. Divide it into parts.
media-refused-bomb = The file unpacks to far more than it seems to hold, so it was not opened.
media-refused-too-slow = Reading this file takes more time or memory than a sound file needs. Save it anew with the program that made it, then send that.
media-refused-locked = The file is locked with a password. Remove the password and send it again.
media-refused-programs = The document contains macros or other programs. Save it without them and send it again.
media-refused-entities = The drawing declares entities of its own, which are not allowed. Export it anew as plain SVG.
media-refused-encoding = The text is not in Unicode (UTF-8). Save it in that encoding and send it again.
media-refused-marked = It carries the mark of state secrecy “{ $level }”. Classified files must not be stored here: take it away, and send only what may be published.
media-refused-damaged = The file is damaged or incomplete. Send it again, or look for a sound copy.
