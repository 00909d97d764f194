# The asset library

# Why it may not be used
assets-refusal-gone = This asset is no longer in the library.
assets-refusal-withdrawn = This asset has been withdrawn.
assets-refusal-not_published = No steward has published this asset yet.
assets-refusal-embargo = This asset is under embargo.
assets-refusal-not_started = The right to use this asset has not begun.
assets-refusal-ended = The right to use this asset has ended.
assets-refusal-territory = This asset may not be used in the country where the unit works.
assets-refusal-internal_only = This asset is for internal use only.
assets-refusal-licence = Nobody has said by which right this asset is used.
assets-refusal-consent = The consent of those shown in this asset is missing.
assets-refusal-channel = This asset may not be used on the channel chosen.

# When something could not be saved
assets-stale = Somebody else has just changed this asset.
    .kept = What you entered is still on the page.
    .next = Look at the new version, then save again if it is still needed.
assets-not-saved = Not saved: something needs to be put right.
    .kept = What you entered is still on the page.
    .next = Put the marked entries right and save again.
assets-storage-unavailable = The store of files does not answer.
    .kept = Nothing is lost: descriptions, rights and files that have arrived are kept.
    .next = Please try again in some minutes.

# Lists
asset-kind-unknown = Being read
asset-kind-picture = Picture
asset-kind-film = Film
asset-kind-audio = Sound
asset-kind-document = Document
asset-kind-captions = Captions
asset-state-draft = Draft
asset-state-in_review = In review
asset-state-returned = Returned
asset-state-published = Published
asset-state-withdrawn = Withdrawn
asset-role-original = Original
asset-role-clean = Copy for use
asset-role-subtitled = Subtitled version
asset-role-source = Editable source
asset-role-captions = Captions
asset-role-consent = Consent or release
asset-licence-unknown = Not known yet
assets-licence-missing = Right of use not known
asset-licence-owned = Owned by the state
asset-licence-public_domain = Public domain
asset-licence-cc_by = Creative Commons Attribution (CC BY)
asset-licence-cc_by_sa = Creative Commons Attribution-ShareAlike (CC BY-SA)
asset-licence-agency = Supplied by a press agency
asset-licence-licensed = Licensed by agreement
asset-consent-not_needed = Not needed
asset-consent-given = Given, attached
asset-consent-missing = Needed and missing
asset-channel-press_room = Press room
asset-channel-bluesky = Bluesky
asset-channel-share_link = Share links
asset-usable-here = In the house
asset-usable-press_room = On the press room
asset-usable-bluesky = On Bluesky
asset-usable-share_link = Outside, by a link
asset-shape-landscape = Landscape
asset-shape-portrait = Portrait
asset-shape-square = Square
asset-shape-panorama = Panorama
asset-length-short = Under a minute
asset-length-medium = One to five minutes
asset-length-long = Over five minutes
asset-use-chosen = being written
asset-use-scheduled = scheduled
asset-use-live = out
asset-use-ended = no longer used
collection-kind-collection = Collection
collection-kind-kit = Kit
media-topic-01000000 = Arts, culture, entertainment
media-topic-02000000 = Crime, law and justice
media-topic-03000000 = Disasters and accidents
media-topic-04000000 = Economy, business and finance
media-topic-05000000 = Education
media-topic-06000000 = Environment
media-topic-07000000 = Health
media-topic-08000000 = Human interest
media-topic-09000000 = Labour
media-topic-10000000 = Lifestyle, travel and leisure
media-topic-11000000 = Politics and government
media-topic-12000000 = Religion
media-topic-13000000 = Science and technology
media-topic-14000000 = Society
media-topic-15000000 = Sport
media-topic-16000000 = Conflict and peace
media-topic-17000000 = Weather

# Finding
assets-title = Library
assets-eyebrow = Pictures, films, sound and documents for all missions
assets-review = Review
assets-ending = Rights that end
assets-put-in = Put material in
assets-filter-state = Filter by state
assets-search = Search the library
assets-search-hint = Title, caption, place, author…
assets-usable = What may be used
assets-usable-any = Everything I may see
assets-for = For the unit
assets-find = Search
assets-facets = Narrow down
assets-facet-kind = Kind
assets-facet-topic = Topic
assets-facet-priority = Ministry’s priorities
assets-facet-country = Country
assets-facet-language = Language
assets-facet-shape = Orientation
assets-facet-length = Length
assets-facet-more = More
assets-official-only = Official texts only
assets-unused-only = Never used
assets-apply = Apply
assets-found =
    { $count ->
        [one] { $count } asset
       *[other] { $count } assets
    }
assets-found-more = More than { $count } assets
assets-none-found = Nothing fits this search.
assets-none = There is nothing here yet.
assets-show-all = Show everything
assets-searches = Saved searches
assets-search-name = A name for this search
assets-search-keep = Save the search
assets-search-forget = Forget “{ $name }”
assets-search-unnamed = The search needs a short name.
assets-search-kept = The search is saved.
assets-search-forgotten = The search is forgotten.
assets-glance = Quick look
assets-open = Open
assets-chosen = { $count } chosen
assets-choose = Choose { $name }
assets-edit-many = Edit those chosen
assets-nothing-chosen = Nothing was chosen.
assets-pick-hint = Only what { $unit } may use now is shown.
assets-pick-none = Nothing that may be used fits these words.
assets-no-unit = No role of yours at an open unit allows use of the library.

# One asset
assets-page-title = Asset
assets-official = Official text
assets-internal = Internal only
assets-embargo = Embargo
assets-ended = Rights ended
assets-internal-banner = INTERNAL ONLY
assets-internal-explained = It must not be published or given to anybody outside.
assets-embargo-banner = UNDER EMBARGO
assets-embargo-until = Not to be used before
assets-ends-soon = The right to use it ends at
assets-reason-returned = Returned by the steward
assets-reason-withdrawn = Why it was withdrawn
assets-reason-draft = Note
assets-reason-in_review = Note
assets-reason-published = Note
assets-file-refused = The file was not accepted
assets-file-waiting = The file is being read. This page renews itself.
assets-twins = The library has the same already
assets-twin-same = the same file
assets-twin-alike = looks alike
assets-preview = Preview
assets-texts = Texts
assets-alt-is = Description for who cannot see it:
assets-transcript = Transcript
assets-no-texts = Nobody has described it yet.
assets-files = Files
assets-file-role = File
assets-file-version = Version
assets-file-type = Type
assets-file-size = Size (bytes)
assets-file-added = Added
assets-file-old = older version
assets-no-files = No file is ready yet.
assets-download = Download
assets-download-file = Download { $name }
assets-uses = Where used
assets-uses-none = No item uses it yet.
assets-taken = Downloads
assets-taken-inside = Its keepers and share links
assets-taken-count =
    { $count ->
        [one] once
       *[other] { $count } times
    }
assets-alike = More like this
assets-alike-none = Nothing else has the same topics.
assets-lacks = What is missing
assets-lack-title = A title
assets-lack-licence = By which right it is used
assets-lack-consent = The consent itself, as a file
assets-lack-title-in = A title in { $language }
assets-lack-alt = A description in { $language } for who cannot see it
assets-lack-transcript = A transcript in { $language }
assets-lack-credit = A credit line
assets-lack-topic = A topic
assets-next = What to do
assets-submit = Send for review
assets-discard = Discard the draft
assets-discard-sure = Discard this draft and its files for good?
assets-publish = Publish
assets-reason = Reason (to return or withdraw)
assets-return = Return
assets-withdraw = Withdraw
assets-waits = It waits for a steward.
assets-rights = Rights
assets-rights-for = For { $unit }, now:
assets-licence = Licence
assets-licence-note = Conditions
assets-credit = Credit line
assets-credit-hint = What must stand beside it wherever it is used, such as “Photo: VNA”.
assets-agency = Source agency
assets-creator = Creator
assets-place = Place
assets-country = Country
assets-taken-on = Date taken
assets-territory = Territory
assets-territory-hint = Enter a country’s name and choose it; no country means everywhere.
assets-starts = May be used from
assets-ends = Rights end
assets-topics = Topics
assets-priorities = Ministry’s priorities
assets-put-in-by = Put in by

# Editing
assets-edit = Edit
assets-edit-title = Edit the asset
assets-theirs = What somebody else has saved
assets-text-in = { $language }
assets-name = Title
assets-caption = Caption
assets-alt = Description for who cannot see it
assets-new-language = One more language
assets-new-language-hint = Enter the language’s name and save; its fields then appear.
assets-about = About it
assets-official-mark = This is an official text
assets-save = Save
assets-save-and-submit = Save and send for review
assets-focal = Focal point
assets-focal-x = Across
assets-focal-y = Down
assets-focal-hint = Every crop for a channel keeps this point.
assets-consent = Consent of those shown
assets-channels = Channels
assets-channels-hint = None chosen means every channel.
assets-zone = Zone of the following times
assets-embargo-field = Embargo until
assets-keep-location = Keep the place of taking in files that are given out
assets-rights-stewards = Rights are set by a steward during review.
assets-saved = Saved.
assets-submitted =
    { $count ->
        [one] One asset is
       *[other] { $count } assets are
    } with the stewards.
assets-published =
    { $count ->
        [one] One asset is
       *[other] { $count } assets are
    } published.
assets-returned =
    { $count ->
        [one] One asset is
       *[other] { $count } assets are
    } returned.
assets-withdrawn = Withdrawn. Whoever uses it has been told.
assets-discarded = The draft is discarded.
assets-too-long = This is too long.
assets-country-unknown = There is no such country in the list. Choose one of those that are offered.
assets-topic-unknown = This topic is not in the list.
assets-channel-unknown = This channel is not in the list.
assets-language-twice = This language is there twice.
assets-language-unknown = There is no such language in the list. Choose one of those that are offered, or enter a code such as lo or zh-Hans.
assets-ends-before-it-starts = The end must be after the beginning.
assets-time-unreadable = This time cannot be read.
assets-day-unreadable = This day cannot be read.
assets-reason-missing = A reason is needed.
assets-not-yours-now = It is in review or published; only a steward may change it now.
assets-not-a-draft = This can be done with drafts and returned assets only.
assets-not-in-review = It is not in review.
assets-not-published = It is not published.
assets-published-already = It is published already.
assets-file-not-ready = Its file has not been read yet, or was not accepted.

# Many at once
assets-bulk-title = Edit many assets
assets-bulk-lead = Only what you fill in changes, in these { $count } assets.
assets-add-topics = Topics to add
assets-unchanged = Unchanged
assets-yes = Yes
assets-no = No
assets-bulk-do = Change them
assets-bulk-done = Many assets changed
assets-bulk-changed =
    { $count ->
        [one] One asset has
       *[other] { $count } assets have
    } changed.
assets-bulk-undo = Undo
assets-bulk-undone = { $count } are as they were; { $kept } stay, since somebody has edited them meanwhile.
assets-bulk-undone-mark = Undone
assets-bulk-undone-already = This change was undone already.
assets-bulk-nothing = Nothing is chosen, or nothing is to be changed.
assets-bulk-too-many = At most 500 assets at once.
assets-review-none = Nothing waits for review.
assets-waiting =
    { $count ->
        [one] One asset waits
       *[other] { $count } assets wait
    } for review
assets-ending-lead = Rights that end within 30 days, or have ended while something still uses them.
assets-ending-none = No rights end soon.
assets-used-by =
    used by { $count ->
        [one] one item
       *[other] { $count } items
    }
notice-assets-submitted = { $person } has sent { $count } assets for review.
notice-asset-published = { $person } has published “{ $name }” in the library.
notice-asset-returned = { $person } has returned “{ $name }”.
notice-assets-ending = The rights of { $count } assets end within 30 days.

# Collections
collections-title = Collections and kits
collections-page-title = Collection
collections-new = Make a collection
collections-edit = Edit the collection
collections-none = There are no collections yet.
collections-empty = It is empty. Open an asset and put it into this collection.
collections-count =
    { $count ->
        [one] { $count } asset
       *[other] { $count } assets
    }
collections-usable = { $count } usable by your unit
collections-outside = { $count } may go outside
collections-hidden = { $count } not shown, because of their rights
collections-not-usable = Not usable
collections-not-outside = Not outside
collections-unit = Of the unit
collections-name-vi = Name in Vietnamese
collections-name-en = Name in English
collections-name-missing = The collection needs a name.
collections-kind = Kind
collections-guidance = Guidance
collections-shared = Shared inside
collections-shared-all = With every unit
collections-shared-units = With certain units
collections-saved = The collection is saved.
collections-filled =
    { $count ->
        [one] One asset is
       *[other] { $count } assets are
    } in the collection now.
collections-put-into = Put into a collection
collections-put = Put in
collections-place = Place of { $name }
collections-remove = Take out
collections-note = Note on { $name }
collections-note-hint = Note
collections-arrange = Save order and notes
collections-earlier = Move { $name } forward
collections-later = Move { $name } back
collections-moved = { $name } is number { $place } of { $count }
collections-unsaved = Your changes are not saved yet.
collections-came = Added meanwhile
collections-theirs = The other note:
collections-stale = { $person } has changed this collection meanwhile. Yours is not saved yet.
    .kept = Your order and your notes are below.
    .next = Look through them and save once more; that then stands in place of the other order.

# Links
shares-title = Links for people outside
shares-lead = Whoever has the link sees what may go outside, until the end of the last day.
shares-made = The link is ready
shares-address = The link’s address
shares-once = The address is shown once: copy it now.
shares-until = Good until
shares-downloads = { $count } downloads
shares-with-password = with a password
shares-end = End the link
shares-over = Ended
shares-ended = The link has ended.
shares-last-day = Last day
shares-password = Password (if needed)
shares-most = Downloads at most
shares-make = Make a link
shares-end-unlikely = Choose a day within a year from now.
shares-count-unlikely = Between 1 and 100,000.
shares-password-short = A password has at least 8 characters.
shares-open = Shared material
shares-needs-password = Whoever sent this link has set a password.
shares-password-field = Password
shares-unlock = Open
shares-password-wrong = This is not the password.
    .kept = { "" }
    .next = Type it again, or ask whoever sent you the link.
shares-too-many-tries = Too many wrong passwords.
shares-left = { $count } downloads left
shares-exhausted = This link has no downloads left.
shares-nothing = At present nothing may go outside by this link.
