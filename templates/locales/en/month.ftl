# A month of the board as pages to print.

month-pdf = The month as PDF
month-made = made at { $time }
month-filtered = filtered
month-left-out = { $shown } items are shown, { $count } are left out. Narrow the filters down to see them.
month-lacking = Some letters are in no font of this machine and are missing here.
month-no-font = The font Noto Sans is not installed on the server, so no pages can be made. Please tell your administrator.
