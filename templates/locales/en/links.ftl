# Links on their way out: marked for measurement, short addresses, how often they were followed.

links-style = Links on social platforms
links-style-hint = The press room always shows them as written. The preview shows and counts what goes out; the text here stays as you write it.
item-links-as_written = As written
item-links-marked = Marked for measurement
item-links-short = Marked, behind a short address
links-lead-to = leads to
links-title = Links
links-counted = How often each short address was followed. Nothing is kept of who followed it.
links-followed = { $count ->
    [0] not followed yet
    [one] followed once
   *[other] followed { $count } times
}
links-policy = Links in new items
links-policy-hint = How items of a unit, and of those below it, begin. Writers can choose otherwise for each item.

press-short-gone = This link no longer leads anywhere
press-short-gone-text = What it belonged to has been withdrawn.
