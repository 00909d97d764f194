# Release on command: what is approved and waits for a person's word.

item-state-ready = Ready for release
item-says-ready = Approved for release on command. Nothing goes out until somebody gives the word; when the window ends without it, the item goes back to its writers.
transition-release = Release
items-refused-release = { $state ->
    [submitted] It has not been approved yet.
    [approved] It has been released already, or goes out by itself.
    [scheduled] It has been released already, or goes out by itself.
    [publishing] It is being published already.
    [published] It is out already.
   *[other] It does not wait for anybody’s word.
}

# In the composer
release-how = How it goes out
release-hint = On command, it is approved now and goes out when somebody gives the word: from the chosen time on, until the window ends.
release-at-time = By itself, at this time
release-within = { $minutes ->
    [30] On command, within half an hour
    [60] On command, within an hour
    [120] On command, within 2 hours
    [240] On command, within 4 hours
    [480] On command, within 8 hours
    [1440] On command, within a day
    [2880] On command, within 2 days
    [4320] On command, within 3 days
   *[other] On command, within { $minutes } minutes
}
release-window-out-of-range = On command, choose a window between 30 minutes and 3 days.
release-from = At the earliest
release-until = Until
release-meaning = It goes out on command within this window, and not by itself.

# When it is approved
release-badge = On command
release-how-on-command = Goes out on command
release-you-approve = You approve it for release on command, at any moment of this window.
release-who = Whoever submitted it, the head of mission, headquarters or their delegates give the word. Without it, nothing goes out.
release-approve-confirm = Approve “{ $title }” for release on command, at any moment of the window on this page, with exactly this text and these channels?
release-approved = Approved for release on command. It waits for somebody’s word.

# Giving the word
release-title = Release
release-on-command-until = On command, until
release-open = Release…
release-question = Release it now?
release-where = Where it goes
release-read = Read the texts
release-means = It is ordered at once and goes out within a minute. That cannot be taken back.
release-now = Release now
release-behalf = You give the word on behalf of { $person }. The record will name you both.
release-paused = Sending is paused. If you release it, it is held until somebody decides when the pause ends.
release-hindered = { $count ->
    [one] One thing stands in its way, so nothing has gone out.
   *[other] { $count } things stand in its way, so nothing has gone out.
}
    .tone = warning
release-done = Released. It goes out within a minute.
release-done-paused = Released, but sending is paused: it is held until somebody decides.
    .tone = warning
release-not-waiting = This item does not wait for anybody’s word.
    .tone = warning
release-refused-not-yours = The word is given by whoever submitted it, the head of mission, headquarters or their delegates.
release-refused-changed = The item changed after you opened the page, so it was not released.
    .next = Open the page again and read what is there now.
release-refused-early = Its window has not opened yet, so it cannot be released.
release-refused-over = Its window has ended, so it can no longer be released.
    .next = Reopen it, choose a new window and submit it again.
timeline-released = gave the word: released it
timeline-release_lapsed = sends it back: its window ended without a word
notice-item-ready = “{ $title }” is approved for release on command and waits for somebody’s word.
notice-item-released = { $person } released “{ $title }”; it goes out now.
notice-item-release-lapsed = The window of “{ $title }” ended without a word. It did not go out; choose a new window and submit it again.
audit-item-released = Gave the word: released content
audit-item-release-lapsed = Content sent back: its window ended without a word
