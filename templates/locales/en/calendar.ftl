# The calendar: items, approvals, campaigns.

# Lists
item-kind-statement = Statement
item-kind-press_release = Press release
item-kind-news = News
item-kind-greeting = Greeting or condolence
item-kind-notice = Notice to citizens
item-kind-hint-statement = An official position in the mission's name
item-kind-hint-press_release = A text for the press
item-kind-hint-news = Something that happened
item-kind-hint-greeting = National day, new year, congratulations, condolences
item-kind-hint-notice = Guidance or advice for citizens
topic-general = General
topic-bilateral = Bilateral relations
topic-economy = Economy, trade, tourism
topic-culture = Culture and heritage
topic-consular = Consular matters
topic-consular_emergency = Consular emergency
topic-high_level_visit = High-level visit
topic-sovereignty = Sovereignty and territory
topic-human_rights = Human rights
item-scope-internal = Internal
item-scope-public = Public
item-clock-host = Host country's time
item-clock-headquarters = Hanoi time

# States
item-state-draft = Draft
item-state-changes_requested = Changes requested
item-state-submitted = Waiting for approval
item-state-approved = Approved
item-state-scheduled = Scheduled
item-state-publishing = Being published
item-state-published = Published
item-state-partly = Partly published
item-state-failed = Not published
item-state-needs_person = Needs a person
item-state-stopping = Stopping…
item-state-cancelled = Cancelled
item-says-draft = Being written. When the text is complete, submit it for approval.
item-says-changes_requested = Changes are needed; the history says which. Make them and submit again.
item-says-submitted = Submitted and waiting for approval. Nothing has gone out.
item-says-approved = Approved. The order to publish is on its way.
item-says-scheduled = It goes out by itself at its time. There is nothing left to do.
item-says-held = It is held back and does not go out by itself. When publishing resumes, somebody looks at it and decides: now, at a new time, or not at all.
item-says-publishing = Being published on its channels.
item-says-published = Published on every channel.
item-says-partly = Some channels have it, some refused it. See each channel below.
item-says-failed = No channel took it. You can reopen it, choose a new time and submit again.
item-says-needs_person = It is not known whether it went out. Somebody must look at the channel and say so; it is never sent again by itself.
item-says-stopping = Stopping. “Cancelled” is shown only when the publisher has confirmed that nothing went out.
item-says-cancelled = Cancelled. It will not go out.
item-station-draft = Write
item-station-submitted = Submit
item-station-approved = Approve
item-station-scheduled = Schedule
item-station-published = Publish
item-delivery-waiting = waiting for its time
item-delivery-held = held by a pause
item-delivery-publishing = being published
item-delivery-published = published
item-delivery-unknown = outcome unknown, being looked up
item-delivery-needs_person = somebody must look
item-delivery-failed = refused by the channel
item-delivery-missed = its time passed
item-delivery-cancelled = cancelled

# List
items-title = Items
items-page-title = Item
items-eyebrow = Everything in preparation, waiting and out
items-new = Write an item
items-new-title = Write a new item
items-new-unit = In the name of
items-new-kind = Choose what it is, to begin
items-new-nowhere = None of your present roles may write for a unit.
items-unit-missing = Please choose a unit.
items-untitled = No headline yet
items-mine = My work
items-mine-none = You have no drafts.
items-all = See all
items-filter-state = Filter by state
items-group-all = All
items-group-open = Being written
items-group-waiting = Waiting for approval
items-group-planned = Going out
items-group-out = Published
items-group-trouble = Needs attention
items-group-stopped = Stopped
items-search = Search headlines
items-unit = Unit
items-unit-all = Every unit
items-filter = Filter
items-none = There are no items yet.
items-none-found = No item matches these filters.
items-show-all = Remove the filters

# Composer
items-compose = Write an item
items-headline = Headline
items-headline-hint = One short sentence that says what matters most
items-body = Text
items-body-hint = Leave an empty line between paragraphs. Every channel carries this text unless it has its own.
items-language = Language
items-when = When it goes out
items-time = Date and time
time-clock = By whose clock
time-agree = The host country's clock and Hanoi's show the same time.
time-none = No time chosen yet.
time-passed = This time has passed. Please choose another.
time-too-soon = This is too soon: at least a minute is needed to prepare.
time-gap = The clocks there go forward that day, so the chosen time does not exist. It goes out in the first minute after the change, as shown above.
time-overlap = The clocks there go back that day, so the chosen time comes twice. It goes out the first time.
items-channels = Channels
channels-none = No channel chosen.
channels-add = Add a channel
channels-gone = This channel no longer exists
channels-own = Write a separate text for this channel
channels-translate = This channel speaks another language: please enter the translation.
channels-images = With pictures
channels-remove = Remove channel
channels-meter = { $count } / { $max } characters
items-images = Pictures
items-asset-refused = The library has no such picture that your mission may use now.
images-library = Choose from the library
images-library-title = Pictures of the asset library
images-from-library = From the library
images-add = Add a picture
images-hint = JPEG, PNG or WebP, at most { $megabytes } MB. Location data in the picture is removed.
images-alt = Description of picture { $number }
images-unused = No channel carries pictures yet.
images-remove = Remove picture
images-remove-confirm = Remove this picture from the item?
items-about = About it
items-needs-translation = Needs translation
items-from-model = Adopted from the model
items-scope = Distribution scope
items-scope-hint = Internal by default. Only what is public can be submitted for publication.
items-topic = Topic
items-topic-hint = Some topics add an approval step at headquarters.
items-kind = Kind
items-audience = Audience
items-campaign = Campaign
items-campaign-none = No campaign
items-programme = Programme
items-programme-none = No programme
items-window = May go out late by (minutes)
items-window-hint = After that it no longer goes out by itself; somebody chooses a new time.
items-message = A word to who approves (optional)
items-submit = Submit for approval
items-save = Save
items-autosave-on = Saves by itself
items-preview = Preview
preview-none = There is no channel to preview yet.
preview-empty = (no text yet)
preview-alt = Description: { $text }
preview-alt-missing = No description yet
items-approver-writes = Mind: if you change this text, somebody else has to approve it. Nobody approves what they wrote.

# What is missing
checklist-ready = Ready to be submitted
checklist-missing = { $count ->
    [one] One thing to do before you can submit
   *[other] { $count } things to do before you can submit
}
checklist-make-public = Make it public
checklist-chain = To be approved by:
check-title-missing = There is no headline yet.
check-channel-missing = No channel is chosen.
check-channel-gone = A channel no longer exists: remove it or choose another.
check-channel-disabled = { $channel } is switched off.
check-channel-needs-reauth = { $channel } has to be connected again before anything can go out there.
check-text-missing = { $channel } has no text yet.
check-headline-missing = { $channel } has no headline yet.
check-headline-untranslated = { $channel } has no headline in { $language } yet.
check-translation-missing = { $channel } has no translation into { $language } yet.
check-asset-refused = Picture { $number } from the library may not be used { $platform ->
    [press_room] in the press room
    [bluesky] on Bluesky
   *[other] there
}: { $why ->
    [withdrawn] it was withdrawn
    [gone] it is no longer in the library
    [not_published] it is not released in the library yet
    [embargo] it is under embargo at that time
    [not_started] its rights begin later
    [ended] its rights have ended by then
    [territory] its rights do not cover this country
    [internal_only] it is for internal use only
    [licence] nobody knows its licence
    [consent] the consent of those shown is missing
    [channel] its rights do not cover this channel
   *[other] the library does not allow it
}. Choose another picture.
check-text-too-long = The text for { $channel } is { $over } characters too long (at most { $limit }): write a shorter one for this channel.
check-text-too-heavy = The text for { $channel } has { $bytes } bytes (at most { $limit }): write a shorter one for this channel.
check-images-too-many = { $channel } takes at most { $limit } pictures; there are { $count }.
check-alt-missing = Picture { $number } has no description in { $language } yet.
check-item-too-large = Its texts together are more than one order can carry: make several items of it.
check-scope-internal = Its distribution scope is still internal.
check-time-missing = No time is chosen.
check-time-passed = Its time has passed: choose another.
check-time-too-soon = Its time is too soon: at least a minute is needed.
check-time-gap = The chosen time does not exist that day (clocks go forward); it goes out right after the change.
check-time-overlap = The chosen time comes twice that day (clocks go back); it goes out the first time.
check-approver-missing = { $role ->
    [native_reviewer] Nobody can pass the text in this language: no native reviewer is named for it, or whoever is has written in it.
    [desk_officer] Nobody at the headquarters desk can check it: whoever might has written in it, or nobody holds the role.
    [headquarters_approver] Nobody at headquarters can approve it: whoever might has written in it, or nobody holds the role.
   *[other] Nobody can approve it: the head of mission has written in it, or nobody holds the role.
}

# What was done
items-saved = Saved.
items-submitted = Submitted. Whoever approves has been told.
items-not-submitted = { $count ->
    [one] Saved, but not submitted: one thing is left to do.
   *[other] Saved, but not submitted: { $count } things are left to do.
}
    .tone = warning
items-reopened = Open for editing. Earlier approvals no longer hold.
    .tone = warning
items-stopping = Stopping. Please wait until the publisher has confirmed it.
    .tone = warning
items-cancelled = Cancelled.
items-commented = Comment added.
items-frozen = This item was submitted, so it cannot be edited directly. Use “Reopen to edit” if you need to.
    .tone = warning
items-kept = Somebody else saved first. Your text is kept as a copy.
    .tone = warning
    .kept = Nothing is lost: your copy is on the editing page, to be taken or discarded.
    .next = Load the latest text and save again.
items-kept-changed = { $person } saved this item after you opened it. Your text is kept as a copy; reload the page to compare.
items-kept-frozen = This item is no longer a draft ({ $person } acted on it). Your text is kept as a copy.
items-copy-taken = Your copy is in place. What it replaced is kept for whoever wrote it.
items-copy-discarded = Your copy was discarded.
items-blocked = { $count ->
    [one] Not submitted: one thing is left to do.
   *[other] Not submitted: { $count } things are left to do.
}
    .kept = The draft is saved.
items-not-saved = A value is not acceptable, so nothing was saved.
    .kept = What you entered is still on the page.
items-stale = The item changed after you opened this page.
    .next = Reload the page, look again and repeat.
items-if-match-missing = The header If-Match with the revision that was read is missing.
items-value-unknown = This value is not in the list.
items-title-too-long = The headline has more than 300 characters.
items-body-too-long = The text has more than 100,000 characters.
items-alt-too-long = The description has more than 2,000 characters.
items-time-unreadable = This date and time cannot be read.
items-time-unlikely = This date is out of range.
items-window-out-of-range = Choose between 1 and 1,440 minutes.
items-language-unknown = This is not a language tag.
items-audience-unknown = This audience is not in the list.
items-programme-unknown = This programme is not in the list.
items-campaign-unknown = This campaign is not the unit's.
items-channels-too-many = Too many channels for one item.
items-channel-twice = A channel can be used once for each language.
items-channel-foreign = This channel is not the unit's.
items-comment-missing = Please write something.
items-comment-too-long = The comment has more than 5,000 characters.
items-image-missing = No picture was chosen.
items-image-too-many = An item has at most 20 pictures.
items-image-twice = This picture is in the item already.
items-image-unreadable = The upload cannot be read.
items-image-not-an-image = This file is not a JPEG, PNG or WebP picture.
items-refused-save = { $state ->
    [submitted] It waits for approval and cannot be edited. Reopen it first.
   *[other] It is no longer a draft and cannot be edited.
}
items-refused-submit = { $state ->
    [submitted] It was submitted already and waits for approval.
   *[other] Only a draft can be submitted.
}
items-refused-decide = { $state ->
    [ready] It was approved already.
    [approved] It was approved already.
    [scheduled] It was approved already.
    [draft] It was taken back to be edited.
    [changes_requested] Changes were requested already.
    [cancelled] It was cancelled.
   *[other] It no longer waits for approval.
}
items-refused-reopen = { $state ->
    [published] It is out and cannot be reopened; it can be corrected.
    [withdrawn] It was out and has been taken down. Write a new item instead.
    [publishing] It is being published. Stop it first if you must.
    [needs_person] It is not known whether it went out: somebody must look first.
    [stopping] It is being stopped: please wait for the confirmation.
   *[other] It is a draft and can be edited now.
}
items-refused-cancel = { $state ->
    [published] It is out and can no longer be cancelled.
    [partly] Part of it is out; there is nothing left to stop.
    [withdrawn] It was out and has been taken down; there is nothing left to cancel.
    [stopping] It is being stopped: please wait for the confirmation.
   *[other] It was cancelled already.
}
items-refused-report = This report came late; the state stays.

# One item
items-edit = Edit
items-open = See the item
items-review = Read and approve
items-reopen = Reopen to edit
items-reopen-confirm = { $state ->
    [submitted] Take it back to edit? It has to be submitted again afterwards.
   *[other] Reopen to edit? The approval is void, and nothing goes out until it is approved again.
}
items-cancel = Cancel, do not publish
items-discard = Discard the draft
items-cancel-reason = Reason (optional)
items-cancel-now = Cancel this item
items-stopping-order = The version approved before is being stopped; the publisher has not confirmed yet.
items-changes-asked = { $person } asks for changes:
items-deliveries = Each publication in detail
items-content = Content by channel
items-see-it = See it
items-comment = Comment
items-comment-send = Add comment
items-editing-too = { $person } has this item open too.
items-editing-too-kept = If both of you write, what is saved second is kept as a copy; nothing is lost.
items-frozen-meanwhile = This item was submitted or changed state just now and can no longer be edited.
items-copy-title = Your copy
items-copy-text = Saved at { $time }, after somebody else had saved first. Take it or discard it.
items-copy-frozen = This text is kept because the item was no longer a draft when you saved it.
items-copy-show = Show the copy
items-copy-take = Take my copy
items-copy-take-confirm = Replace the present text with your copy? The present text is kept for whoever wrote it.
items-copy-discard = Discard my copy

# Timeline
timeline-title = What happened
timeline-system = The system
timeline-created = made it
timeline-edited = edited it
timeline-submitted = submitted it
timeline-approved = approved it
timeline-changes_requested = asked for changes
timeline-retimed = chose a new time
timeline-reopened = reopened it to edit
timeline-cancel_requested = cancelled it; being stopped
timeline-cancelled = cancelled it
timeline-stop_confirmed = { $count ->
    [0] confirmed that it was stopped; nothing went out
    [one] confirmed the stop; one delivery could not be stopped
   *[other] confirmed the stop; { $count } deliveries could not be stopped
}
timeline-asset_held = holds it: { $why ->
    [withdrawn] a picture was withdrawn from the library
    [ended] the rights to a picture have ended
    [embargo] a picture came under embargo
   *[other] the library no longer allows a picture
}
timeline-asset_replaced = notes that the library has a new version of a picture; this item keeps the earlier one
timeline-asset_live = asks for it to be taken down: { $why ->
    [withdrawn] a picture was withdrawn from the library
    [ended] the rights to a picture have ended
   *[other] the library no longer allows a picture
}
timeline-commented = said
timeline-delivered = published it on { $account }
timeline-delivery_failed = could not publish it on { $account }
timeline-delivery_missed = missed its time on { $account }
timeline-delivery_needs_person = does not know what became of it on { $account }; somebody must look
timeline-delivery_held = holds it on { $account }

# Approval
approvals-title = Waiting for me
approvals-page-title = Approval
approvals-eyebrow = The most urgent first
approvals-waiting = Waiting for my approval
approvals-none = Nothing waits for your approval.
approvals-see-waiting = See everything that waits for approval
approvals-urgent = Due soon
approvals-late = Time passed
approvals-goes-out = Goes out
approvals-window = At the latest { $minutes } minutes after that; later it does not go out.
approvals-asked-by = Submitted by { $person } at { $time }
approvals-channels = Content by channel
approvals-chain = Approval
approvals-hash = Hash of the text: { $hash }
approvals-confirm = Approve “{ $title }” with exactly the text, channels and time on this page?
approvals-approve = Approve
approvals-approve-new-time = Approve with the new time
approvals-new-time = New time
approvals-request-changes = Ask for changes
approvals-what-to-change = What should be changed?
approvals-send-back = Send the request
approvals-open-item = See the item
approvals-late-title = Its time has passed: choose a new time.
approvals-late-text = Nothing goes out by itself when approval comes late. A new time makes a new version with the same text, and your approval holds for that version. Its writer can also reopen it, choose a time and submit again.
approvals-late-restart = An earlier step approved the old time, so that step has to approve the new one before you do.
approvals-approved = Approved. It goes out at its time.
approvals-approved-next = Approved. The next step has been asked.
approvals-restarted = New time chosen. The first step has to approve it before you do.
    .tone = warning
approvals-changes-requested = The writers have been asked for changes.
approvals-not-waiting = This item no longer waits for approval.
    .tone = warning
approvals-comment-missing = Please say what should be changed.
approvals-objection-own = You wrote in this item or submitted it, so somebody else has to approve it.
approvals-objection-twice = You have decided on this version already; the remaining step is somebody else's.
approvals-objection-head-of-mission = It waits for the head of mission.
approvals-objection-headquarters = It waits for headquarters.
approvals-objection-changed = The text, the channels or the time changed after you opened the page, so this decision was not recorded.
    .next = Open the page again, read what is there now and decide.
approvals-objection-late = Its time has passed, so it was not approved.
    .next = Open the page again and choose a new time.
approval-role-head_of_mission = Head of mission
approval-role-headquarters_approver = Headquarters
approval-status-approved = Approved
approval-status-changes = Asked for changes
approval-status-waiting = Waiting
approval-status-later = Later step

# Campaigns
campaigns-title = Campaigns
campaigns-page-title = Campaign
campaigns-edit-title = Campaign
campaigns-eyebrow = Items around an event, a visit, an anniversary
campaigns-new = New campaign
campaigns-edit = Edit campaign
campaigns-none = There are no campaigns yet.
campaigns-count = { $count ->
    [one] one item
   *[other] { $count } items
}, { $out } published
campaigns-name = Name
campaigns-goal = Goal
campaigns-starts = From
campaigns-ends = To
campaigns-colour = Colour
campaigns-owner = Owner
campaigns-items = Its items
campaigns-items-none = There are no items yet.
campaigns-saved = The campaign is saved.
campaigns-not-saved = A value is not acceptable, so nothing was saved.
    .kept = What you entered is still on the page.
campaigns-stale = Somebody else changed this campaign.
campaigns-changed-meanwhile = Somebody else changed it meanwhile; open the page again to see the new text.
campaigns-day-unreadable = Please enter a date.
campaigns-name-missing = Please give it a name.
campaigns-name-too-long = The name has more than 200 characters.
campaigns-goal-too-long = The goal has more than 2,000 characters.
campaigns-ends-before-it-starts = It cannot end before it starts.
colour-blue = Blue
colour-azure = Azure
colour-indigo = Indigo
colour-purple = Purple
colour-pink = Pink
colour-red = Red
colour-orange = Orange
colour-yellow = Yellow
colour-lime = Lime
colour-green = Green
colour-teal = Teal
colour-cyan = Cyan

# Notifications
notice-item-submitted = { $person } submitted “{ $title }” for approval.
notice-item-approved = { $person } approved “{ $title }”; it goes out at its time.
notice-item-changes = { $person } asks for changes to “{ $title }”.
notice-item-voided = { $person } reopened “{ $title }” to edit it; your approval is void.
notice-item-cancelled = { $person } cancelled “{ $title }”.
notice-item-commented = { $person } commented on “{ $title }”.
notice-item-published = “{ $title }” is out on every channel.
notice-item-partly = “{ $title }” is out on some channels only.
notice-item-failed = “{ $title }” could not be published. Please see what to do.
notice-item-needs-person = It is not known whether “{ $title }” went out. Somebody must look.
notice-item-asset-held = “{ $title }” is held: the library no longer allows one of its pictures. Choose another and submit it again.
notice-item-asset-replaced = The library has a new version of a picture in “{ $title }”. The item keeps the earlier one; to use the new one, choose the picture again.
notice-item-asset-live = “{ $title }” is out with a picture whose rights have ended: please take the post down where the press room cannot.
notice-item-stopped = “{ $title }” was stopped; nothing went out.
