# Mail: what people get, what they choose, and what the administrator sees of it.

# In mails
mail-deadline = To be decided by:
mail-due = Goes out:
mail-open = Open it
mail-sign-in = You will be asked to sign in; the page opens straight afterwards. Nothing can be decided from this mail.
mail-why = You get this mail because of what you have chosen in your profile.
mail-settings = Choose what comes by mail
mail-test-subject = A test mail of Chancery
mail-test-body = Mail works. This one was made at { $at }.
mail-weekly-subject = The week at { $unit }
mail-weekly-lead = The seven days before { $date } and the seven to come.
mail-weekly-out = What went out
mail-weekly-troubled = What did not go out as it should
mail-weekly-troubled-hint = Each page says what is known and what can be done: look whether it is out, give it a new time, or cancel it.
mail-weekly-waiting = What waits for approval
mail-weekly-planned = What is planned
mail-weekly-age-hours =
    { $count ->
        [one] Has waited for an hour
       *[other] Has waited for { $count } hours
    }
mail-weekly-age-days =
    { $count ->
        [one] Has waited for a day
       *[other] Has waited for { $count } days
    }
mail-weekly-more =
    { $count ->
        [one] and one more
       *[other] and { $count } more
    }
mail-weekly-calendar = The calendar

# On one's own page
mail-title = Mail
mail-lead = What comes to { $email }. Everything stands in your notifications as well.
mail-language = Language of the mails
mail-kinds = What comes by mail
mail-kind-approval = Something waits for my approval
mail-kind-decided = What I wrote was approved, stopped or cancelled
mail-kind-changes = Changes are asked for in what I wrote
mail-kind-needs_person = Something did not go out as it should
mail-kind-mentions = Somebody mentions or answers me
mail-kind-weekly = The weekly letter of my unit, on Monday morning
mail-kind-test = Test mail
mail-saved = Saved. Mails follow your choice from now on.
mail-off = Mail is not set up in this installation, so nothing is sent. What you choose counts as soon as it is.
mail-bouncing = Your address refuses our mails, so nothing more is sent to it. Ask an administrator if it is wrong.
mail-bouncing-again = Send to it again
mail-cleared = Mails go to this address again.
mail-error-kind = Please choose from the list.

# The administrator's page
nav-mail = Mail
mail-admin-lead = What has left by mail in the last seven days, and what the mail server refused.
mail-admin-on = Mails go through { $place } and come from { $address }.
mail-admin-off = No mail is sent: no mail server is configured. People see their notifications in the page only. An operator sets up the section “mail” of the configuration.
mail-admin-waiting = On their way
mail-admin-sent = Sent
mail-admin-failed = Failed
mail-admin-test = Send me a test mail
mail-admin-tested = A test mail is on its way to you.
mail-admin-failures = Mails that failed
mail-admin-no-failures = None failed.
mail-admin-again = Send again
mail-admin-sent-again = The mail is on its way again.
mail-admin-bouncing = Addresses that refuse mails
mail-admin-bouncing-hint = After three refusals in a row nothing more is sent to an address, until it is changed or sent to again.
mail-admin-no-bouncing = None.
mail-admin-since = Since { $time }
