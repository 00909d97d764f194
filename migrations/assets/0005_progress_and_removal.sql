-- How far a film is, and parts that were put beside an asset by mistake.

-- Of what is being made: how much, in hundredths. Null: nobody knows.
alter table assets.renditions add column percent smallint check (percent between 0 and 100);

-- A file that was taken away: by whom, and why. It counts as superseded since then, so nothing that asks for the current
-- files finds it, and it can be brought back for as long as its content is kept.
alter table assets.files
    add column removed_at  timestamptz,
    add column removed_by  uuid,
    add column removed_why text check (length(removed_why) between 1 and 2000),
    add constraint files_removed check (
        (removed_at is null) = (removed_by is null) and (removed_at is null) = (removed_why is null)
        and (removed_at is null or superseded_at is not null));
