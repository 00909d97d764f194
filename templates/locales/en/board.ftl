# The board: a stretch of time, days that matter, moves, feeds, import.

nav-calendar = Calendar
board-title = Calendar
board-eyebrow = What goes out, and when
board-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
weekday-1 = Monday
weekday-2 = Tuesday
weekday-3 = Wednesday
weekday-4 = Thursday
weekday-5 = Friday
weekday-6 = Saturday
weekday-7 = Sunday
board-more = More
board-past = Earlier this month
board-print = Print
board-previous = Earlier
board-next = Later
board-today = Today
board-views = Layout
board-view-month = Month
board-view-week = Week
board-view-day = Day
board-view-agenda = List
board-view-lanes = Channels
board-clocks = Whose clock
board-clock-each = Each mission’s own clock
board-each-own = Every item stands on the day and hour of its own mission. Two items side by side may be hours apart.
board-filters = Filters
board-filtered = in use
board-scope = Whose items
board-scope-all = All that I may read
board-scope-regions = A part of the world
board-scope-units = A mission or unit
board-any = Any
board-channel = Channel
board-reset = Clear the filters
board-list = As a list
board-lunar = lunar { $day }
board-estimated = the date may move by a day
board-more-items = { $count ->
    [one] 1 more
   *[other] { $count } more
}
board-empty = Nothing is planned here yet.
board-undated = Without a day
board-undated-hint = Drag a draft onto a day, or open it and choose a time.
board-no-day = It has no day yet.
board-open = Open
board-move = Move
board-move-of = Move “{ $title }” to another time
board-move-to = New day and time, at the mission
board-move-to-headquarters = New day and time, in Hanoi
board-move-now = Move it
board-move-failed = It was not moved. Look at your connection, then try again.
board-move-past = This time has passed. Choose one that is still to come.
board-move-no-time = It has no day yet, so it cannot be shifted. Give it a time first.
board-move-again = Moving it needs approval again: what was approved was this hour, too. Move it and submit it again?
    .next = Say yes to move it and submit it again, or leave it where it is.
board-again-title = Approval will start again
board-again = Approval starts again. I move it and submit it again.
board-again-yes = Move and submit again
board-moved = Moved to { $time } { $place }.
board-moved-again = Moved to { $time } { $place } and submitted again. Earlier approvals are void.
board-moved-off = It has no day again.
board-said = { $said }
board-undo = Undo
board-undone = It is back where it was.
board-back = Back to the calendar
board-fixed-out = It is out already, so it keeps its hour. What is out can be corrected or withdrawn on its own page.
board-fixed-sending = It is being sent, so it keeps its hour. Wait until it is known what became of it.
board-fixed-failed = It did not go out. Open it again on its own page, then choose a new time.
board-fixed-cancelled = It was cancelled. Open it again on its own page, then choose a new time.
board-not-yours = This item belongs to a unit for which you do not write, so only its own writers can move it.
board-lane-stays = Moving to another hour keeps the channel. Change channels in the item itself.
board-embargo = Embargo ends
board-hour = Hour

timeline-moved = moved it to another time

# Several at once
bulk-title = Change several at once
bulk-choose = Choose “{ $title }”
bulk-hint = Tick items in the list, then choose what to do. Each is done by itself; what cannot be done says why.
bulk-days = Days later (minus: earlier)
bulk-shift = Shift
bulk-duplicate = Duplicate
bulk-label = Relabel
bulk-as-is = As it is
bulk-none = None
bulk-done = { $count ->
    [0] Nothing was changed
    [one] 1 item done
   *[other] { $count } items done
}
bulk-refused = { $count ->
    [one] 1 item was left as it is
   *[other] { $count } items were left as they are
}
bulk-again-hint = { $count ->
    [one] 1 item was submitted already: it can be moved and submitted again, and its approval starts anew.
   *[other] { $count } items were submitted already: they can be moved and submitted again, and their approval starts anew.
}
bulk-too-many = At most 200 items at once.
bulk-unreadable = This form is damaged.
bulk-nothing-chosen = No item was chosen.
    .next = Go back, tick items in the list and choose what to do.
bulk-days-unreadable = The number of days is missing or out of range.
    .next = Go back and enter a number of days, such as 7 or -1.
bulk-no-label = No new label was chosen.
    .next = Go back and choose a campaign, a topic or an audience.

# Days that people enter
days-title = Days that matter
days-hint = Holidays of Viet Nam and of host countries, and lunar dates, are known already. Enter here what is decided for one year: mourning, days swapped, visits, events, sensitive dates.
days-label = What it is
days-kind = Sort
days-holds = Where it holds
days-holds-ministry = Headquarters and all missions
days-holds-countries = A host country
days-note = What there is to know
days-none = Nobody has entered a day yet.
days-saved = The day is entered.
days-removed = The day is removed.
days-remove = Remove
days-remove-of = Remove “{ $title }”
days-change-of = Change “{ $title }”
days-remove-confirm = Remove “{ $title }” for everybody?
days-not-saved = The day was not entered.
days-name-missing = Say what it is, in up to 200 characters.
days-note-too-long = The note has more than 2,000 characters.
days-ends-before = The last day is before the first.
days-too-long = More than 400 days: enter shorter stretches.
days-country-unknown = This country is not known.
day-kind-public = Public holiday
day-kind-substitute = Day off in lieu
day-kind-commemoration = Commemoration
day-kind-festival = Festival
day-kind-diplomacy = Diplomacy
day-kind-mourning = Mourning
day-kind-day_off = Day off
day-kind-working_day = Working day
day-kind-visit = Visit
day-kind-event = Event
day-kind-sensitive = Sensitive date

# Feeds
feeds-title = Calendars to subscribe to
feeds-hint = Your own calendar programme shows what goes out. The address is a secret: whoever has it sees what you may see. It ends when you revoke it or your posting ends.
feeds-made = Your calendar is ready.
feeds-made-hint = Copy the address into your calendar programme now. It is shown only once.
feeds-address = Address
feeds-subject = What to show
feeds-mine = What I write
feeds-make = Make an address
feeds-since = since { $time }
feeds-used = last fetched { $time }
feeds-unused = not fetched yet
feeds-revoke = Revoke
feeds-revoke-confirm = Revoke this address? Programmes that use it stop showing anything new.
feeds-revoked = The address is revoked.
feeds-none = You have made no address yet.
feeds-too-many = You have 50 addresses already. Revoke one that nobody uses.

# Import
import-title = Take in a plan
import-hint = A plan kept in a spreadsheet or another calendar becomes drafts. First you see how each row was understood; nothing is made before you say yes.
import-file = File
import-file-hint = CSV, Excel (.xlsx) or iCalendar (.ics), up to 4 MB and 5,000 rows. Columns may be named in Vietnamese or English.
import-read = Read the file
import-template = An empty sheet to fill in
import-understood = { $good ->
    [one] 1 row was understood
   *[other] { $good } rows were understood
}
import-take = { $count ->
    [one] Make 1 draft
   *[other] Make { $count } drafts
}
import-other = Another file
import-bad = { $count ->
    [one] 1 row is left out
   *[other] { $count } rows are left out
}
import-bad-hint = Correct them in the file and take in those rows alone, or write them here by hand.
import-good = { $count ->
    [one] 1 row becomes a draft
   *[other] { $count } rows become drafts
}
import-line = Row { $line }
import-left = and { $count } more.
import-taken = { $count ->
    [one] 1 draft was made.
   *[other] { $count } drafts were made.
}
import-column-line = Row
import-column-title = Headline
import-column-body = Text
import-column-when = When
import-column-date = Date
import-column-time = Time
import-column-kind = Kind
import-column-topic = Topic
import-column-language = Language
import-column-audience = Audience
import-column-campaign = Campaign
import-title-missing = The headline is missing.
import-time-without-day = There is an hour but no day.
import-language-unknown = This language is not known here. Use its name or its code, such as vi or en.
import-refused-empty = The file has no rows.
    .next = Choose a file with a line of column names and rows below it.
import-refused-rows = The file has more than 5,000 rows.
    .next = Divide it, then take the parts in one after the other.
import-refused-large = The file is larger than is read here.
    .next = Take out pictures and other sheets, or divide it.
import-refused-kind = This file cannot be read.
    .next = Save it as CSV (UTF-8), Excel (.xlsx) or iCalendar (.ics).
import-refused-title = No column holds headlines.
    .next = Name a column “Headline” or “Tiêu đề”, or begin with the empty sheet.
