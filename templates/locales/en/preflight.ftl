# Preflight, names and titles, words to mind, versions.

# What preflight says
check-token-ends = { $channel } will refuse it: its access ends on { $when }, before this goes out. Have an administrator connect it again, or choose an earlier time.
check-word-blocked = “{ $word }” may not be used. { $advice } Replace it.
check-word-minded = Mind “{ $word }”. { $advice }
check-name-locked = “{ $found }” is not the approved name: write “{ $approved }”. { $reason }
check-name-otherwise = “{ $found }” differs from the approved form: write “{ $approved }”. { $reason }
check-passage-altered = The { $language } text no longer has this passage of headquarters word for word: “{ $passage }…” { $named ->
    [no] Put it back as it was.
   *[other] Put it back as it is in “{ $source }”.
}
check-link-broken = { $url } { $why ->
    [gone] leads to no page
    [failing] fails on its server
    [private] leads into a network that readers cannot reach
   *[other] did not answer
} ({ $answered ->
    [no] checked { $time }
   *[other] { $status }, checked { $time }
}): correct the link or take it out.
check-text-echoed = { $out ->
    [yes] The same text is out on { $places }
   *[other] The same text waits on { $places }
}{ $others ->
    [no] { "" }
   *[other] { " " }and { $more } more
} within a week. Platforms take that for spam: vary it, or repost.
check-day-host = { $date } is { $en } in the host country: see whether the tone and the hour fit.
check-day-home = { $date } is { $en } in Viet Nam: see whether the tone and the hour fit.
check-day-mourning = { $date } is a day of mourning: { $name }. Nothing festive goes out: choose another day or another tone. { $note }
check-day-sensitive = { $date } is entered as sensitive: { $name }. Weigh the words. { $note }
check-day-off = { $date } is a day off: { $name }. See whether somebody is there to answer. { $note }
check-translation-outdated = The source has changed since it was translated into { $language }: compare, and bring the translation up to date.

# What is never taken in
items-marked = This text carries the mark “{ $level }”. Classified text must not be stored here: nothing was saved, and nothing was kept. It is still on your screen; take it out, or close the page.
    .kept = Nothing of it is kept.
    .next = Take the marked text out and save again.
items-marked-here = The mark of secrecy “{ $level }” stands here.
items-marked-file = The name of this file carries the mark “{ $level }”. Classified files must not be stored here: it was not taken in.
    .kept = Nothing of it is kept.

# Links
notice-item-link-broken = A link in “{ $title }” leads nowhere now: { $url }
timeline-link_broken = notes that a link in it leads nowhere now

# Names and titles
nav-names = Names and titles
names-title = Names and titles
names-eyebrow = As headquarters approved them
names-lead = How names, titles and places are written in each language. Every text is compared with this list while it is written; what is locked must be written so.
names-new = Add a name
names-search = Search names, forms to avoid and terms
names-language-all = Every language
names-find = Search
names-locked = Locked
names-not = Not:
names-change = Change
names-count = { $found } of { $count }
names-none = The list is empty.
names-none-found = Nothing in the list matches.
names-show-all = Show the whole list
names-edit-title = A name or title
names-approved = Approved form
names-term = Term
names-term-hint = The same in every language: east_sea, foreign_minister
names-language-hint = Language tag: vi, en, lo
names-avoid = Forms to avoid
names-avoid-hint = One on each line. A reason after an equals sign: South China Sea = not our name
names-lock = Locked: nothing can be submitted in which it is written otherwise
names-remove = Take it off the list
names-remove-confirm = Take “{ $name }” off the list?
names-import = Import a file
names-import-how = A CSV file in UTF-8 with a heading. Entries with the same term and language are replaced; rows that cannot be taken are named, the others are saved.
names-file = CSV file
names-import-go = Import
names-saved = Saved. Texts are compared with it from now on.
names-removed = Taken off the list.
names-imported = { $count ->
    [one] One entry saved.
   *[other] { $count } entries saved.
}
names-imported-partly = { $count ->
    [one] One entry was saved; these rows were not:
   *[other] { $count } entries were saved; these rows were not:
}
names-row = Line { $line }:
names-row-unreadable = it cannot be read as CSV.
names-term-length = The term needs 1 to 100 characters.
names-language-unknown = This is not a language tag (vi, en, lo).
names-approved-length = The approved form needs 1 to 300 characters.
names-avoid-length = At most 50 forms to avoid, each with at most 300 characters and a reason of at most 500.
names-avoid-approved = The approved form is among the forms to avoid.
names-twice = This term has an entry in this language already.
names-not-yours = Desk officers and administrators keep the list of names.
names-file-missing = Please choose a CSV file.
names-file-encoding = The file is not in UTF-8. Save it as “CSV UTF-8”.
names-file-heading = The first line must name the columns term, language and approved.
names-file-rows = At most 5,000 rows and 2 MB at a time.
names-lookup = Look up a name or title
names-lookup-label = Part of a name, in any form
names-insert = Insert
names-whole-list = The whole list
say-inserted = Inserted: { $word }

# Words to mind
nav-words = Words to mind
words-title = Words to mind
words-eyebrow = Before something is published
words-lead = Words that need care in this unit and all below it. Preflight points to them in every text.
words-of = Unit
words-show = Show
words-blocking = Blocks
words-notice = Notice
words-every-language = Every language
words-with-marks = diacritics count
words-without-marks = with and without diacritics
words-inherited = from
words-remove = Remove
words-remove-confirm = No longer mind “{ $word }”?
words-none = No words yet.
words-add = Add a word
words-word = Word, or several
words-language-hint = Language tag; empty: every language
words-advice = What to do about it
words-marks = Diacritics must be as written here
words-block = Nothing with it can be submitted
words-add-go = Add
words-saved = Saved. Texts are compared with it from now on.
words-removed = Removed.
words-word-length = Please write 1 to 100 characters with at least one word.
words-advice-length = The advice has more than 500 characters.
words-nowhere = None of your present roles lets you see a unit's texts.

# Versions
versions-title = Versions
versions-link = Compare and restore versions
versions-changes = What changed
versions-list = Who wrote when
versions-from = From
versions-to = To
versions-compare = Compare
versions-legend = Marked:
versions-gone = taken out
versions-new = added
versions-no-change = The words are the same.
versions-none = Nothing has been written yet.
versions-present = Present text
versions-reason-written = wrote
versions-reason-submitted = submitted
versions-reason-restored = restored an earlier version
versions-restore = Restore this version
versions-restore-confirm = Put the version of { $time } in place of the present text? The present text stays in this list.
versions-restored = The earlier version is in place. What it replaced is in the list.
versions-stale = Somebody saved meanwhile. Look at the newest version, then restore again.
    .tone = warning
versions-frozen = The item is no longer a draft. To restore a version, reopen the item first.
versions-field-title = Headline
versions-field-body = Text
versions-field-time = Time
versions-field-variant = Text of a channel

# Accounts: when access ends
account-access-ends = Access ends
account-access-ends-on = Access ends on (if the platform says)
account-access-ends-hint = Whoever writes for a later hour is told that the channel will refuse it. Connecting the account again clears this date.
accounts-access-saved = Saved.
accounts-day-unreadable = This date cannot be read.

# Translations
translation-title = Translation
translation-list = Translations
translation-into = Translation into { $language }
translation-standing-missing = Missing
translation-standing-in_work = In work
translation-standing-translated = Translated
translation-standing-reviewed = Reviewed
translation-standing-outdated = Source changed since
translation-since = The source has changed since it was translated:
translation-paragraph = Paragraph { $number }
translation-no-source = The source has no text yet.
translation-counted = when it was last saved
translation-mark = Translation complete
translation-pass = I have read it and pass it
translation-pass-hint = Somebody other than who translated reads it against the source.
translation-done = Marked as complete. Somebody else can read and pass it.
translation-passed = Passed.
translation-own = Somebody other than who translated passes a translation.
translation-not-complete = It is not complete, or its source has changed since.
timeline-translated = completed a translation
timeline-translation_passed = read a translation and passed it

# Remarks
remarks-title = Remarks
remarks-mention = Mention somebody
remarks-mention-hint = Write @ and a name to tell somebody.
remarks-nobody = Nobody else sees this item.
remarks-none = No remarks yet.
remarks-reply = Reply
remarks-reply-label = Your reply
remarks-reply-send = Send the reply
remarks-resolve = Resolve
remarks-reopen = Open again
remarks-resolved-by = Resolved by { $person }
remarks-told = Remark added. Told: { $people }.
remarks-not-told = Remark added. { $people } may not see this item, so nothing was sent to them.
    .tone = warning
remarks-resolved = Resolved.
remarks-reopened = Open again.
timeline-replied = replied to a remark
timeline-remark_resolved = resolved a remark
timeline-remark_reopened = opened a remark again
notice-item-mentioned = { $person } mentions you in a remark on “{ $title }”.
notice-item-replied = { $person } replied to a remark on “{ $title }”.

# Presence
presence-language = { $person } is editing the { $language } text.
