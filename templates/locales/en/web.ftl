# What every page shares: the frame, errors, and what scripts say.

product-name = Chancery
product-tagline = The newsroom of a foreign ministry
skip-to-content = Skip to content
close = Close
cancel = Cancel
go-home = To the overview

# The frame
nav-main = Main navigation
nav-home = My day
nav-items = Content
nav-approvals = Approvals
nav-deliveries = Publications
nav-more = More
nav-assets = Library
nav-campaigns = Campaigns
nav-accounts = Accounts and channels
nav-stops = Paused publishing
nav-press = Press rooms
nav-units = Units
nav-people = People
nav-policy = Approval rules
nav-audit = Audit trail
nav-queue = Background work
nav-heading-planning = Tools
nav-heading-channels = Channels
nav-heading-organisation = Organisation
nav-person = Account:
nav-profile = Profile and sign-in
nav-notifications = Notifications
nav-sign-in = Sign in
nav-sign-out = Sign out
nav-preferences = Language and appearance
nav-language = Language
nav-theme = Appearance
theme-light = Light
theme-dark = Dark
theme-auto = As the device is set
next-page = Next page
loading = Loading…

demo-label = Demonstration
demo-banner = Demonstration: all data is fictional.
demo-switch-role = Change role

# The overview
home-welcome = Welcome, { $name }
home-today = Today is { $date }
home-new-item = Write new content
home-waiting = Waiting for your approval
home-attention = Publications that need attention
home-mine = Your drafts
home-recent = Recently published

# Times
clocks-both = { $place } and { $headquarters }

# Dialogs
confirm-title = Please confirm
confirm-go = Yes, continue
session-ended-title = You have been signed out
session-ended-kept = This page stays open and what you have written is kept in this browser. Sign in again in a new tab, then come back here and go on.
session-ended-later = Later
session-ended-sign-in = Sign in in a new tab
session-renewed-title = You are signed in again
session-renewed-text = Close this tab and go on where you were. What you had written is still there.

# What scripts say
say-offline = The server does not answer. Nothing on this page is lost; check the connection and try again.
say-renewed = You are signed in again.
say-characters = characters
say-bytes = bytes
say-over = { $count } { $unit } too many
say-look-up = Type to find
say-look-up-in = Find in: { $list }
say-look-up-found = Found: { $count }. Chosen: { $first }
say-look-up-none = Nothing found; the list is whole again.
autosave-waiting = Not saved yet
autosave-saving = Saving…
autosave-saved = Saved at { $time }
autosave-offline = No connection. Kept in this browser, will be saved as soon as possible.
autosave-signed-out = Signed out. Kept in this browser.
autosave-conflict = Somebody else has changed this. Your text is kept in this browser.
autosave-refused = Not saved: something in the form is not accepted.
autosave-restored = Your unsaved text from { $time } has been put back.
autosave-older = This browser holds unsaved text from { $time } that is based on an earlier version.
autosave-restore = Put it back
autosave-discard = Discard it
autosave-conflict-question = Somebody else has saved a newer version meanwhile. Nothing was overwritten.
autosave-save-mine = Save my version as well

# Why something is not allowed
action-name =
    { $action ->
        [item-read] see content
        [item-write] write content
        [item-approve] approve as head of mission
        [item-approve_headquarters] approve for headquarters
        [model-write] write models for missions
        [model-send] send models to missions
        [item-check_headquarters] check for headquarters
        [item-review] pass texts as a native reviewer
        [policy-manage] change the approval rules
        [webhook-manage] manage webhooks
        [account-read] see accounts
        [account-manage] manage accounts
        [delivery-read] see publications
        [delivery-decide] settle a publication
        [stop-place] pause publishing
        [stop-ministry] pause publishing for the whole ministry
        [asset-read] look at the library
        [asset-contribute] put material into the library
        [asset-steward] look after the library
        [asset-use] use material of the library
        [unit-read] see units
        [unit-manage] change units
        [person-manage] manage people
        [audit-read] read the audit trail
        [queue-manage] manage background work
       *[other] do this
    }
refused-no-role = None of your roles may { action-name }.
refused-elsewhere = Your role may { action-name }, but at another unit.
refused-ended = Your posting that allowed you to { action-name } has ended.
refused-not-yet = Your posting that will allow you to { action-name } has not begun.
refused-out-of-scope = This access token is not meant for that ({ $action }).
refused-token-on-page = Access tokens are for programs. Sign in to use this page.

# Problems: what happened; .kept: what was kept; .next: what to do
problem-number = Request number { $id }
problem-bad-request = The request could not be read.
    .title = That did not work
    .kept = Nothing was changed.
    .next = Go back and try again.
problem-unauthenticated = Your session has ended, or you have not signed in yet.
    .title = Please sign in
    .kept = Drafts are kept in this browser.
    .next = Sign in and go on where you were.
problem-forbidden = You may not do this.
    .title = Not permitted
    .kept = Nothing was changed.
    .next = If you should be able to do this, ask the administrator of your unit for the role.
problem-not-found = There is nothing at this address, or it is not open to you.
    .title = Not found
    .kept = Nothing was changed.
    .next = Check the address, or start from the overview.
problem-gone = This is no longer open.
    .title = No longer open
    .kept = {""}
    .next = Ask whoever sent you this address.
problem-method-not-allowed = This address can not be used in this way.
    .title = That did not work
    .kept = Nothing was changed.
    .next = Go back and try again.
problem-conflict = Somebody else has changed this meanwhile.
    .title = Changed meanwhile
    .kept = Nothing was overwritten.
    .next = Load the page again to see the present state.
problem-invalid = Some of what you entered can not be accepted.
    .title = Please check what you entered
    .kept = What you entered is still in the form.
    .next = Correct what is marked and send it again.
problem-too-large = That is larger than is accepted here.
    .title = Too large
    .kept = Nothing was changed. Text that you wrote is kept in this browser.
    .next = Shorten the text or choose a smaller file.
problem-too-many = That was too often in a short time.
    .title = A short pause, please
    .kept = Nothing was changed.
    .next = Wait a moment and try again.
problem-timeout = That took longer than we wait.
    .title = Timed out
    .kept = It may still have been done.
    .next = Load the page again and look before you repeat it.
problem-unavailable = A part of the product does not answer at the moment.
    .title = Not available at the moment
    .kept = Nothing was changed. Scheduled publications are not lost.
    .next = Try again in a minute. If it lasts, tell the administrator.
problem-precondition = The program that sent this speaks another version of the protocol, or of the thing.
    .title = Not that version
    .kept = Nothing was changed.
    .next = Reload the page. A program should read the answer’s headers and the API’s description.
problem-unsupported-type = What was sent is of a type that is not taken here.
    .title = Wrong type
    .kept = Nothing was changed.
    .next = Send what the API’s description says.
problem-locked = Somebody is at work on this at the moment.
    .title = In use
    .kept = Nothing was changed.
    .next = Try again in a few seconds.
problem-mangled = What arrived is not what was sent.
    .title = Spoilt on the way
    .kept = What had arrived soundly before is kept.
    .next = Send that part again.
problem-full = The disk that keeps files is full.
    .title = No room
    .kept = What had arrived before is kept.
    .next = Tell the administrator. When there is room, go on where it stopped.
problem-internal = Something went wrong on our side.
    .title = A fault of ours
    .kept = What was saved before is safe.
    .next = Try again. If it happens again, tell the administrator the request number.
problem-database-unavailable = The database does not answer at the moment.
problem-csrf = The page was too old, or the request did not come from it.
    .next = Load the page again and repeat what you did.
problem-foreign-origin = This request came from another site and was refused.
    .next = If it was you, open Chancery itself and repeat what you did there.
problem-unreadable-text = The text contains characters that can not be read.
    .next = Paste the text again as plain text.
problem-unexpected-value = The form or document does not have the expected content.
    .next = Load the page again and repeat what you did.
problem-not-a-form = A form was expected here.
problem-not-json = A JSON document was expected here.
problem-bad-cursor = This page of the list does not exist any more.
    .next = Start again at the first page.
