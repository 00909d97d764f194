# All accounts at a glance.

accounts-filter = Unit, handle or name
accounts-filter-do = Filter
accounts-filter-none = Show all
accounts-counted = { $count } of { $total } accounts
accounts-of-region = { $count ->
    [one] 1 account
   *[other] { $count } accounts
}
accounts-calling = { $count ->
    [one] 1 needs attention
   *[other] { $count } need attention
}
accounts-region-none = Elsewhere
accounts-none-found = No account matches.
account-attention-reconnect = The platform no longer accepts its credentials: connect it again.
account-attention-ended = Its access ended at { $time }: connect it again.
account-attention-failing = { $count ->
    [one] 1 post went wrong in the last 7 days.
   *[other] { $count } posts went wrong in the last 7 days.
}
account-attention-ends_soon = Its access ends at { $time }: renew it before then.
account-attention-limited = The platform asked us to wait before posting again.
