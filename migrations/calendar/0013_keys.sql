-- By which words of a text an entry of the two lists is looked up: the last of each of its forms, without diacritics. An
-- entry that nobody has written since has none, and is looked at every time.

alter table calendar.names add column keys text[];
alter table calendar.sensitive_words add column keys text[];
