# Models that headquarters sends to missions.

nav-models = Models
models-title = Models for missions
models-eyebrow = Written once at headquarters, adopted by each mission in its own name
models-page-title = Model
models-new = Write a model
models-none = There are no models yet.
models-untitled = No name yet
models-state-draft = Draft
models-state-sent = Sent
models-state-withdrawn = Withdrawn
models-waits-for-release = Waiting to be sent
models-answered = { $answered } of { $total } missions have answered
models-made-by = by { $person }
models-sent-by = version { $version } sent by { $person }, { $time }
models-offered-by = { $person } asked at { $time } for it to be sent.
models-offer = Ask for it to be sent
models-offered = Whoever decides at headquarters has been asked to send it.

# Writing
models-edit-title = Write a model
models-edit-sent = Missions keep the version that they have. What you change here reaches them when it is sent again; they then see what is new and decide.
models-name = Name of the model
models-name-hint = How missions find it in their lists, for example “National Day 2 September”.
models-guidance = Guidance for the missions
models-guidance-hint = Lines to take and background, for internal use. Nothing marked as a state secret may be written here.
models-texts = Texts
models-variation = Variation { $number }
models-variation-short = a variation
models-variation-add = Add a variation
models-variation-remove = Remove this variation
models-short = Shorter text for channels with a limit
models-short-hint = Used where the text is too long for the channel. Without it such channels are left out.
models-language-add = Add a language
models-language-remove = Remove this language
models-add = Add
models-same-text-title = The same text from many accounts
models-same-text = Platforms treat the same text posted by many accounts as spam and may restrict them. Write several variations: they are spread over the missions in turn, and each mission can still put it in its own words.
models-passages = Locked passages
models-passages-hint = Official names, titles and positions that every mission must keep word for word. Each must stand in the text of its language.
models-passage = Words to be kept
models-passage-source = Source of the wording
models-pictures-hint = For each mission the library is asked whether it may use the picture; where it may not, the picture is left out and the mission is told.
models-answer-by = Answers are asked for by
models-answer-by-hint = Ha Noi time.
models-clock-host = Each mission’s own hour
models-clock-headquarters = One instant for all: Ha Noi time
models-save-and-look = Save and look
models-ready = Complete: it can be sent.
models-not-ready-yet = Before it can be sent:
models-not-ready = The model is not complete yet: { $count } things are missing.
models-missing-title = Give the model a name.
models-missing-texts = Add at least one language with its text.
models-missing-text = The text in { $language } lacks its headline or its body{ $variation ->
    [1] .
   *[other] {" "}(variation { $variation }).
}
models-missing-language = Variation { $variation } lacks a text in { $language }.
models-missing-passage = The locked passage “{ $passage }” is not in the text{ $variation ->
    [1] .
   *[other] {" "}(variation { $variation }).
}
models-saved = Saved.
models-not-saved = The model was not saved.
    .kept = What you wrote is still on this page.
    .next = Correct what is marked and save again.
models-stale = Somebody else saved this model while you were writing.
    .kept = What you wrote is still on this page.
    .next = Compare it with the other version before you save: saving now replaces it.
models-changed-meanwhile = Changed by somebody else meanwhile.
models-guidance-too-long = The guidance is longer than 20,000 characters.
models-passage-too-long = A locked passage is longer than 5,000 characters, or its source than 300.
models-too-many = At most 30 variations, languages, passages and pictures.
models-language-twice = A language is there twice.

# Sending
models-send = Send to missions
models-send-more = Send to more missions
models-send-change = Send the change
models-send-title = Send to missions
models-send-now = Send
models-send-change-note = { $count ->
    [one] One mission has an earlier version and gets the change, too.
   *[other] { $count } missions have an earlier version and get the change, too.
}
models-to = To whom
models-to-all = All missions ({ $count })
models-to-some = Those chosen below
models-to-kinds = By kind
models-to-region = All of this part of the world
models-no-region = Elsewhere
models-has-it = (has it already)
models-unit-missing = Choose at least one mission.
models-unit-no-mission = One of the units is not a mission.
models-sent = { $count ->
    [one] On its way to one mission.
   *[other] On its way to { $count } missions.
}
models-changed-unsent = It was changed since it was last sent. Missions do not have the change yet.
models-withdraw = Withdraw the model
models-withdraw-reason = Why is it withdrawn?
models-withdraw-now = Withdraw it
models-withdrawn = The model is withdrawn. Items that missions made of it stay theirs.
models-reason-missing = Please give a reason.
models-refused-withdrawn = The model has been withdrawn by headquarters.
models-refused-withdraw = This model has not been sent, or has been withdrawn.

# Grid
models-grid = Missions
models-filter = Filter by answer
models-filter-all = All
models-filter-open = Not answered
models-filter-behind = Have not looked at the change
models-arriving = { $arrived } of { $total } missions have received it
models-none-here = No mission matches this filter.
models-remind = Remind those who have not answered
models-reminded = { $count ->
    [0] Nobody was reminded: all have answered, or were reminded within the last twelve hours.
    [one] One mission was reminded.
   *[other] { $count } missions were reminded.
}
models-reminded-at = reminded { $time }
models-behind = has not looked at the change
models-open-item = Open the item
models-csv = Download as a table
models-campaign-grid = All models of the campaign
models-campaign-title = Models of the campaign, mission by mission
models-campaign-none = No model of this campaign has been sent yet.
models-progress-on_its_way = On its way
models-progress-unseen = Not opened
models-progress-seen = Opened
models-progress-adopted = Adopted
models-progress-adapted = Adapted
models-progress-declined = Declined
models-progress-submitted = Waiting for approval
models-progress-approved = Approved
models-progress-out = Published
models-progress-failed = Needs attention
models-progress-cancelled = Cancelled there
models-csv-mission = Mission
models-csv-region = Part of the world
models-csv-progress = How far
models-csv-reason = Reason
models-csv-answered-by = Answered by
models-csv-answered-at = Answered at
models-csv-goes-out = Goes out at
models-csv-link = Link

# At a mission
models-received-title = Models from headquarters
models-received-eyebrow = Adopt, adapt or decline with a reason
models-received-none = Headquarters has sent nothing to your mission yet.
models-waiting = Models to answer
models-to-answer = Not answered
models-behind-here = Changed by headquarters
models-answer-until = Answer by { $time } (Ha Noi)
models-at-title = Model from headquarters
models-is-withdrawn = Headquarters has withdrawn this model. It can no longer be adopted; what your mission made of it stays yours.
models-no-time = Headquarters has set no time: choose one when you adopt it.
models-have-item = Your mission has adopted it.
models-you-declined = Your mission declined it. You can still adopt it.
models-your-texts = Texts in your mission’s languages
models-locked = Must be kept word for word
models-locked-legend-sample = Marked passages
models-locked-legend = must be kept word for word.
models-channels = On adoption it is prepared for
models-picture = Picture that comes with the model
models-picture-refused = { $why ->
    [territory] Left out: its rights do not cover your country
    [withdrawn] Left out: it was withdrawn from the library
    [ended] Left out: its rights have ended
   *[other] Left out: the library does not allow your mission to use it on every channel
}
models-adopt = Adopt as a draft
models-adapt = Adopt and edit
models-adopt-submit = Adopt and submit
models-adopt-approve = Adopt and approve
models-approve-as-is = Approve as headquarters wrote it
models-approve-confirm = Approve “{ $title }” in your name, word for word as headquarters wrote it? It goes out at its time.
models-decline = Decline
models-decline-reason = Why does it not suit your mission?
models-decline-now = Decline
models-declined = Declined. Headquarters sees the reason.
models-adopted = Adopted: the item is in your calendar.
models-adopted-without = Adopted. { $count ->
    [one] One picture may not be used by your mission and was left out.
   *[other] { $count } pictures may not be used by your mission and were left out.
}
    .tone = warning
models-adopted-submitted = Adopted and submitted for approval.
models-adopted-not-ready = Adopted, but not submitted yet: the list says what is missing.
    .tone = warning
models-approved = Adopted and approved in your name. It goes out at its time.
models-refused-decline = Your mission has adopted it already: cancel the item instead.
models-refused-take = The item is no longer open: open it again first.
models-not-for-headquarters = Whether a mission adopts a model is for the mission to say.
models-tap-not-head = The head of mission approves it.
models-tap-wrote = You wrote in this text, so somebody else has to approve it.
models-tap-edited = The text was changed here, so it is approved like any other item.

# A later change
models-change = Headquarters has changed it since
models-change-out = Headquarters has changed it since your item went out
models-change-by = Sent by { $person }, { $time }.
models-change-time = The time has changed, too.
models-change-pictures = The pictures have changed, too.
models-change-theirs = What headquarters changed
models-change-own = Your mission’s text
models-change-take = Take the change
models-change-take-confirm = Replace your mission’s text with headquarters’? Your text is kept beside it as a copy.
models-change-keep = Keep ours
models-change-noted = Noted
models-change-reopen = To take the change, open your item again first; it then needs a new approval.
models-change-out-hint = See whether what is out needs a correction.
models-change-taken = Taken. The item carries headquarters’ new text.
models-change-kept = Noted. Your item stays as it is.

timeline-adopted = adopted headquarters’ model
timeline-put_forward = put headquarters’ text forward word for word
timeline-model_taken = took over headquarters’ change

notice-model-received = Headquarters has sent a model: “{ $title }”.
notice-model-changed = Headquarters has changed the model “{ $title }” that you adopted.
notice-model-changed-out = Headquarters has changed “{ $title }” since your item went out. See whether it needs a correction.
notice-model-offered = { $person } asks for the model “{ $title }” to be sent.
notice-model-reminder = { $person } reminds you to answer the model “{ $title }”.
notice-model-withdrawn = { $person } has withdrawn the model “{ $title }”.

audit-area-model = Models
audit-model-created = Made a model
audit-model-edited = Wrote in a model
audit-model-offered = Asked for a model to be sent
audit-model-sent = Sent a model to missions
audit-model-withdrawn = Withdrew a model
audit-model-reminded = Reminded missions of a model
audit-model-declined = Declined a model
audit-model-kept-own = Kept the mission’s text
audit-item-adopted = Adopted a model
audit-item-put-forward = Put headquarters’ text forward
audit-item-model-taken = Took over headquarters’ change
