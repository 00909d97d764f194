# Putting files in

uploads-title = Put files in
uploads-unit = For which unit
uploads-batch = Name of this batch
uploads-batch-hint = An event or a folder, such as “National Day reception”. Stewards review a batch together.
uploads-batch-unnamed = Batch without a name
uploads-content = What the files are
uploads-content-file = Pictures, films, sound, documents (or a ZIP of them)
uploads-content-addresses = A list (CSV) of web addresses from which the files are fetched
uploads-drop = Drop files or folders here, or choose them:
uploads-choose = Files
uploads-choose-folder = A whole folder
uploads-camera = Camera
uploads-limit = Up to { $gigabytes } GB each.
uploads-resume-hint = If the connection breaks or the computer is closed, nothing is lost: open this page again, choose the same files, and they go on where they stopped.
uploads-submit = Put in
uploads-under-way = Files under way
uploads-nowhere = You may not put files in for any unit. An administrator can give you the role.
uploads-lately = Put in lately
uploads-batch-lately = This batch
uploads-none = Nothing yet.
uploads-open = Open
uploads-pause = Pause
uploads-resume = Go on
uploads-again = Try again
uploads-remove = Remove
uploads-received =
    { $files ->
        [one] One file has arrived.
       *[other] { $files } files have arrived.
    } What became of them is shown below.

# Said by the page while files are under way
uploads-say-waiting = Waiting
uploads-say-sending = { $percent } %
uploads-say-paused = Paused
uploads-say-retrying = The connection is gone. It goes on by itself when the connection is back.
uploads-say-sent = Has arrived
uploads-say-trying = The file stays here, what has arrived is kept, and it goes on by itself.
uploads-say-failed = It did not work.
uploads-say-too-large = Longer than { $gigabytes } GB.
uploads-say-empty = The file is empty.
uploads-say-all = { $sent } of { $total } files have arrived.
uploads-say-leaving = Files are still under way.

# Where an upload stands
upload-state-receiving = Incomplete: choose the same file again to go on
upload-state-received = Has arrived, is being looked into
upload-state-expanding = Being unpacked
upload-state-waiting = Waiting
upload-state-done = In the library
upload-state-refused = Not taken

# Why a request is refused
uploads-refused-header = The header { $word } is missing or wrong.
uploads-refused-metadata = What is said of the file is missing or wrong: { $word }.
uploads-refused-gone = This upload is over, or there never was one.
    .next = Choose the file again.
uploads-refused-locked = This file is being sent over another connection.
    .next = It goes on by itself in a moment.
uploads-refused-offset = The file goes on at another place than was sent.
    .next = It goes on by itself at the right place.
uploads-refused-too-large = The file is longer than { $megabytes } MB, or longer than was announced.
    .kept = What had arrived before is kept.
    .next = Choose a shorter version of it.
uploads-refused-too-many = You have too many files under way.
    .next = Wait until some have arrived, or remove some.
uploads-refused-full = There is no room for this file: the disk of the server is full.
    .kept = What has arrived is kept.
    .next = Tell the administrator. When there is room, choose the file again and it goes on where it stopped.
uploads-refused-pieces = The file came in too many small pieces.
    .next = Choose it again over a better line.
uploads-refused-form = The form could not be read.
    .next = Choose the files again.
uploads-refused-no-file = No file was chosen.
    .next = Choose one file or several.
uploads-unit-missing = Choose a unit.

# Why an archive is not taken
uploads-refused-archive = The ZIP is damaged: its table of contents cannot be read.
uploads-refused-too-many-entries = The ZIP holds more than 5,000 files.
uploads-refused-bomb = The ZIP unpacks to far more than is credible. What was taken before stays.
uploads-refused-nothing-inside = There is no file in the ZIP.

# Why a file in an archive is not taken
uploads-entry-damaged = This file is damaged in the ZIP.
uploads-entry-nested = A ZIP in a ZIP is not opened.
uploads-entry-too-large = This file is too long.
uploads-entry-encrypted = This file is locked with a password.
uploads-entry-no-file = This is a link or a device, not a file.
uploads-entry-method = This file is compressed in a way that is not read here.
uploads-entry-name-hidden = The name holds hidden characters, which can make it look like another.
uploads-entry-name-path = The name points out of the archive.
uploads-entry-name-long = The name is missing or longer than 255 bytes.

# Why a list is not taken
uploads-refused-list-long = The list is longer than 1,000 lines or 1 MB.
uploads-refused-list-encoding = The list is not UTF-8. Save it as “CSV UTF-8”.
uploads-refused-list-unreadable = The list is no CSV that can be read.
uploads-refused-list-empty = There is no address in the list.

# Why a line of a list is not taken
uploads-address-unreadable = This is no web address.
uploads-address-twice = This address was in the list already.
uploads-address-private = This address is in a private network and is not asked.
uploads-address-gone = There is nothing at this address.
uploads-address-forbidden = This address is open only to those signed in there.
uploads-address-refused = The server at this address refused.
uploads-address-silent = The server at this address did not answer, three times.
