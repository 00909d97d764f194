# Approving: whose step, what waits, delegates, passages, policy.

approval-role-native_reviewer = Native reviewer
approval-role-desk_officer = Headquarters desk
approvals-objection-native-reviewer = It waits for a native reviewer to pass the text.
approvals-objection-desk = It waits for the desk at headquarters.
approvals-on-behalf = { $person } on behalf of { $behalf }
approvals-for = For { $person }
approvals-you-stand-in = You decide on behalf of { $person }. The record will name you both.
approvals-overdue = Overdue
approvals-until = Decide by { $time }
approvals-age-minutes = { $count ->
    [0] just submitted
    [one] waits for a minute
   *[other] waits for { $count } minutes
}
approvals-age-hours = { $count ->
    [one] waits for an hour
   *[other] waits for { $count } hours
}
approvals-age-days = { $count ->
    [one] waits for a day
   *[other] waits for { $count } days
}
approvals-pass = Pass the text
approvals-read-here = Read the text here
approvals-pictures = { $count ->
    [one] one picture
   *[other] { $count } pictures
}
approvals-tick = Choose “{ $title }”
approvals-several = Approve what is ticked
approvals-several-confirm = Approve everything that is ticked, with exactly the texts, channels and times on this page?
approvals-several-none = Nothing was ticked, so nothing was approved.
approvals-several-results = What became of them
approvals-several-unnamed = An item
approvals-several-failed = This one could not be approved now. Please open it and try again.
approvals-several-unreadable = The list of items could not be read, so nothing was approved. Please open the page again.
approvals-several-too-many = At most { $count } items are approved at once.

# Passages
passages-title = Marked passages
passages-add = Mark a passage
passages-hint = Select words in the text above, or choose a sentence from the list.
passages-sentence = Sentence
passages-choose = Choose a sentence
passages-comment = What should be changed there?
passages-mark = Mark it
passages-remove = Remove the mark
passages-marked = Marked. The writers see it once you ask for changes.
passages-removed = The mark is removed.
passages-settled = Settled.
passages-are-sent = Your marked passages are sent with the request; a word more is optional.
passages-not-marked = Nothing was marked.
passages-nothing-chosen = Please select words in the text, or choose a sentence.
passages-not-in-text = The text does not have these words.
passages-too-long = At most 2,000 characters, please.
passages-too-many = At most 50 marks can be open.
passages-to-settle = { $count ->
    [one] One passage to change
   *[other] { $count } passages to change
}
passages-still-there = These words are still in the text.
passages-gone = These words are no longer in the text.
passages-show = Show in the text
passages-settle = Settled

# What may be done
transitions-title = What can I do now?
transitions-allowed = possible now
transition-edit = Edit
transition-submit = Submit for approval
transition-approve = Approve
transition-request_changes = Ask for changes
transition-reopen = Reopen to edit
transition-cancel = Cancel

# Delegates
delegations-title = Delegates
delegations-intro = A head of mission or an approver at headquarters who is away names a colleague to decide in their stead, from a day to a day. The record names both, and neither approves what either of them wrote.
delegations-new = Name a delegate
delegations-who = Who decides for you?
delegations-choose = Choose a colleague
delegations-first = First day
delegations-last = Last day
delegations-reason = Reason
delegations-make = Name the delegate
delegations-no-colleagues = Nobody else works at your unit, so nobody can stand in for you.
delegations-none = Nobody decides on somebody else’s behalf.
delegations-says = { $to } decides for { $from }
delegations-days = { $first } to { $last }
delegations-standing-now = In force
delegations-standing-to_come = To come
delegations-standing-over = Over
delegations-standing-revoked = Ended early
delegations-ended-by = Ended by { $person }
delegations-end = End it
delegations-end-confirm = Shall { $to } no longer decide in this stead?
delegations-made = The delegate is named and has been told.
delegations-ended = The delegation has ended.
delegations-not-made = No delegate was named: something has to be corrected.
    .kept = What you entered is still here.
delegations-nobody-chosen = Please choose a colleague.
delegations-not-yours = You do not hold this role at that unit.
delegations-no-colleague = A delegate has to be a colleague at the same unit.
delegations-no-second-factor = Whoever decides needs a one-time code at sign-in. Please ask this colleague to set it up on their account page first.
delegations-reason-missing = Please give a reason.
delegations-reason-too-long = At most 500 characters, please.
delegations-first-passed = The first day has passed.
delegations-last-refused = The last day has to be on or after the first, and within a year.

# Policy
policy-title = Approval policy
policy-eyebrow = Who must approve what
policy-intro = The head of a mission approves everything of the mission, and as a rule alone. Rules add steps: a native reviewer before, headquarters after. What was submitted keeps the steps it was submitted with.
policy-ask = Who would approve this?
policy-ask-hint = Say what it is about, and see who approves it. Tick steps to see what a rule would change before you save it.
policy-any-unit = The whole ministry
policy-any-topic = Any topic
policy-any-kind = Any kind
policy-language = Language
policy-language-hint = A tag such as lo or km; empty means any.
policy-adds = The rule adds
policy-show = Who would approve this?
policy-save = Save this rule
policy-who = These would approve it
policy-as-it-is = As it is now
policy-with-this = With this rule
policy-same = The rule changes nothing here.
policy-nobody = Nobody holds this role now: such an item could not be submitted.
policy-rules = Rules
policy-rules-hint = Rules for a topic are always added. Of the rules for one language, the nearest counts: that of the unit before that of the ministry, then the one that names the kind.
policy-adds-these = Adds:
policy-adds-nothing = Nothing more is needed here.
policy-changed = Changed by { $person } on { $date }
policy-remove = Remove
policy-remove-confirm = Remove this rule? What has been submitted keeps its steps.
policy-none = There are no rules: the head of mission alone approves.
policy-saved = The policy is saved.
policy-removed = The rule is removed.
policy-deadlines = Deadlines
policy-deadlines-hint = So many minutes before an item’s time, each step should be taken. Then the next in line is told; and once more, together with the headquarters desk, when half of that time has passed.
policy-minutes-out-of-range = Between 2 minutes and a week (10,080 minutes), please.
policy-reviewers = Native reviewers
policy-reviewers-hint = Which languages each of them passes: tags, with commas between them.
policy-no-reviewers = Nobody holds the role of a native reviewer. Give it under People.
policy-reviewer-without-language = A native reviewer passes the text of one language: please name it.
policy-headquarters-for-all = Headquarters cannot be put in the way of everything: please name a topic or a kind.
policy-topic-without-step = A rule for a topic adds at least one step.
policy-head-always = The head of mission is in every chain; no rule has to say so.

timeline-escalated = notes that the decision is overdue, and has told the next in line
timeline-passage_settled = settled a marked passage
timeline-on-behalf = (on behalf of { $person })
notice-item-overdue = “{ $title }” waits for a decision beyond its deadline.
notice-item-overdue-again = “{ $title }” still waits for a decision, and its time is near.
notice-approval-delegated = { $person } named you to decide in their stead.
notice-approval-delegation-ended = { $person } ended a delegation that concerns you.

# Approving with edits
amendments-title = Approve with edits
amendments-open = Change words and approve
amendments-hint = Nobody approves their own words, so a writer has to agree to yours. Once they do, it goes on with your approval, and the record names you both.
amendments-comment = A word to the writers (optional)
amendments-propose = Approve with these edits
amendments-proposed = Your edits are with the writers. Your approval counts once one of them agrees.
amendments-nothing-changed = No word differs from what was submitted.
amendments-proposed-by = { $person } approves it with these edits
amendments-before = As it was submitted
amendments-accept = Agree with the edits
amendments-accept-confirm = Take these edits over in your name? It is then approved with exactly these words.
amendments-accepted = Agreed. With the approver’s word it is approved, and goes out at its time.
amendments-accepted-next = Agreed and approved. The next step has been asked.
amendments-accepted-restarted = Agreed. The first step has been asked, since the words are new.
timeline-amended = proposes edits and approves them in advance
timeline-amendment_accepted = agrees with the edits
notice-item-amended = { $person } approves “{ $title }” with edits; please agree or reopen it.
