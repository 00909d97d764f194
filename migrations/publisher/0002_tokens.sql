-- When the access that an account was given ends, where the platform or whoever connected it says so. Unknown: null.
alter table publisher.accounts add column token_ends_at timestamptz;
