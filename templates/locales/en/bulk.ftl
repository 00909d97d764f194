# What is done to several items at once, and what became of each.

bulk-cancel-title = Cancel them
bulk-cancel-hint = What was ordered is stopped first; what is out stays out. Nothing of this can be undone here.
bulk-cancel = Cancel what is ticked
bulk-back = Back to the list
bulk-said-shifted = Now at { $time }.
bulk-said-again = Now at { $time }, and submitted again.
bulk-said-back = Back at its old time.
bulk-said-duplicated = A draft with the same content was made, without a day.
bulk-said-discarded = The copy was thrown away.
bulk-said-labelled = It has the new labels.
bulk-said-cancelled = Cancelled.
bulk-said-stopping = Being stopped: the publisher has been told and has to confirm.
