# Somebody’s day.

today-out = Going out today
today-out-none = Nothing goes out today.
today-next = After that
today-asked = You are asked
today-asked-changes = Changes wanted
today-asked-named = You were named
