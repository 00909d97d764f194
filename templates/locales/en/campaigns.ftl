# Where a campaign stands, and what is done to it.

campaigns-all = All in use
campaign-state-planned = Planned
campaign-state-running = Running
campaign-state-ended = Ended
campaign-state-put_away = Put away
campaign-change-begin = Begin now
campaign-change-end = End it
campaign-change-resume = Go on with it
campaign-change-put_away = Put away
campaign-change-take_back = Take back
campaigns-state-refused = That does not fit where the campaign stands now. Open the page again to see it.
campaigns-days-over = Its last day is over. Give it a later last day first.
