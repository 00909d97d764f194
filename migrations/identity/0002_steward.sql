-- The steward of the asset library (quản lý kho): reviews what contributors put in, sets rights, publishes.

alter table identity.grants drop constraint grants_role_check;
alter table identity.grants add constraint grants_role_check check (role in (
    'press_attache', 'head_of_mission', 'desk_officer', 'headquarters_approver', 'analyst', 'contributor', 'steward',
    'native_reviewer', 'remote_reader', 'auditor', 'administrator'));
