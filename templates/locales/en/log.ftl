# What was done off-line or elsewhere.

nav-log = Activity log
log-title = Activity log
log-eyebrow = What was done off-line or elsewhere
log-new = Log an activity
log-edit-title = Log an activity
log-none = Nothing has been logged yet.
log-none-found = No entry matches these filters.
log-unit = Who did it
log-kind = What it was
log-kind-all = Everything
log-kind-interview = Interview
log-kind-op_ed = Op-ed or article placed
log-kind-event = Event
log-kind-exhibition = Exhibition or display
log-kind-press_visit = Visit of reporters
log-kind-co_production = Co-production
log-kind-post = Post made on the platform itself
log-kind-other = Something else
log-what = What was done, in one line
log-summary = What happened
log-summary-hint = Outlets, hosts and partners may be named. Leave out the names of private people.
log-starts = On
log-ends = Until, if several days
log-from = From
log-to = To
log-partner = Outlet, host or partner
log-link = Where it can be seen
log-results = Results
log-reach = Reached
log-present = Present
log-pieces = Pieces
log-reach-n = { $count ->
    [one] one person reached
   *[other] { $shown } reached
}
log-present-n = { $count ->
    [one] one person present
   *[other] { $shown } present
}
log-pieces-n = { $count ->
    [one] one piece
   *[other] { $count } pieces
}
log-evidence = Evidence
log-evidence-open = Open in the library
log-evidence-hint = Recordings, cuttings and pictures are kept in the library and chosen from there.
log-saved = Saved.
log-not-saved = The entry was not saved.
    .kept = What you wrote is still on this page.
    .next = Correct what is marked and save again.
log-stale = Somebody else changed this entry while you were writing.
    .kept = What you wrote is still on this page.
    .next = Compare before you save: saving now replaces the other version.
log-title-missing = Say in at most 300 characters what was done.
log-too-long = The summary has more than 10,000 characters, or the partner’s name more than 300.
log-link-refused = A link begins with https:// or http:// and has at most 2,000 characters.
log-figure-unlikely = Enter a whole number, or leave it empty.
log-csv-unit = Unit
log-csv-kind = Kind
log-csv-title = What
log-csv-starts = From
log-csv-ends = To
log-csv-programme = Programme
log-csv-campaign = Campaign
log-csv-audience = Audience
log-csv-language = Language
log-csv-partner = Outlet or partner
log-csv-link = Link
log-csv-reach = Reached
log-csv-present = Present
log-csv-pieces = Pieces
log-csv-summary = Summary

audit-area-activity = Activity log
audit-activity-logged = Logged an activity
audit-activity-changed = Changed a logged activity
