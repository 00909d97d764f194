// The browser's share of every page. Each file is one behaviour, switched on by attributes in the HTML; without
// scripts every page still reads, and every form still submits.

import "htmx.org";
import { startAdding } from "./adding";
import { startArranging } from "./arranging";
import { startAutosave } from "./autosave";
import { startChoices } from "./choices";
import { startCounters } from "./counter";
import { startCrop } from "./crop";
import { startDialogs } from "./dialogs";
import { startFocus } from "./focus";
import { startForms } from "./forms";
import { startGone } from "./gone";
import { startInsert } from "./insert";
import { startLibrary } from "./library";
import { startLive } from "./live";
import { startPassages } from "./passages";
import { startPicker } from "./picker";
import { startPreferences } from "./preferences";
import { startRequests } from "./requests";
import { startSession } from "./session";

startRequests();
startSession();
startDialogs();
startFocus();
startForms();
startChoices();
startPassages();
startPicker();
startPreferences();
startLibrary();
startInsert();
startAdding();
startCrop();
startArranging();
startGone();
startLive();
startCounters();
startAutosave();
