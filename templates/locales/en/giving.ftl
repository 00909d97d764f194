# Whole packages, contact sheets and links for people outside.

# In the text beside the files
giving-notes-name = Credits and rights.txt
giving-taken = Downloaded at { $at }
giving-credit = Credit: { $credit }
giving-licence = Right of use: { $licence }
giving-until = May be used until { $at }
giving-left-out = Left out:
giving-left-out-count =
    { $count ->
        [one] One asset. { $why }
       *[other] { $count } assets. { $why }
    }

# Links for people outside
giving-from = Shared by { $unit }
giving-zip = Download all ({ $size })
giving-zip-counts = Downloading all counts as one download.
collections-zip-nothing = Nothing in this collection may be used at present.
    .title = Nothing to download
    .kept = {""}
    .next = Choose another collection, or ask the unit that made this one.
shares-over-now = This link is no longer valid.
    .title = No longer shared
    .kept = {""}
    .next = If you still need the material, ask whoever sent you the link.

# Contact sheet
giving-sheet = Contact sheet (PDF)
giving-sheet-first = This sheet has the first { $most } of { $count } assets.
giving-sheet-lacking = Some letters could not be shown, because the server lacks a font.
giving-sheet-no-font = The contact sheet could not be made, because the server lacks the font Noto Sans.
    .next = Please ask an administrator to run “chancery doctor”.
