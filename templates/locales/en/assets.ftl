# The asset library

# Why it may not be used
assets-refusal-gone = This asset is no longer in the library.
assets-refusal-withdrawn = This asset has been withdrawn.
assets-refusal-not_published = No steward has published this asset yet.
assets-refusal-embargo = This asset is under embargo.
assets-refusal-not_started = The right to use this asset has not begun.
assets-refusal-ended = The right to use this asset has ended.
assets-refusal-territory = This asset may not be used in the country where the unit works.
assets-refusal-internal_only = This asset is for internal use only.
assets-refusal-licence = Nobody has said by which right this asset is used.
assets-refusal-consent = The consent of those shown in this asset is missing.
assets-refusal-channel = This asset may not be used on the channel chosen.

# When something could not be saved
assets-stale = Somebody else has just changed this asset.
    .kept = What you entered is still on the page.
    .next = Look at the new version, then save again if it is still needed.
assets-not-saved = Not saved: something needs to be put right.
    .kept = What you entered is still on the page.
    .next = Put the marked entries right and save again.
assets-storage-unavailable = The store of files does not answer.
    .next = Please try again in some minutes.
