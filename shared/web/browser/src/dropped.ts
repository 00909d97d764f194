// Files as people hand them over: chosen, or dropped, folders and all.

/** A file, and its path within what was handed over. */
export interface Found {
  file: File;
  path: string;
}

/** What a file input holds; of a folder, with its path. */
export function chosenFiles(files: FileList): Found[] {
  return [...files].map((file) => ({ file, path: file.webkitRelativePath || file.name }));
}

/** What was dropped. Folders are walked through. */
export async function droppedFiles(transfer: DataTransfer): Promise<Found[]> {
  // Entries must be asked for before the first wait: the browser empties the list then.
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry()).filter((entry) => entry !== null);
  if (entries.length === 0) return chosenFiles(transfer.files);
  const found: Found[] = [];
  for (const entry of entries) await walk(entry, found);
  return found;
}

async function walk(entry: FileSystemEntry, found: Found[]): Promise<void> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject));
    found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader();
  for (;;) {
    // A reader gives a hundred entries at a time, and none at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (some.length === 0) return;
    for (const inner of some) await walk(inner, found);
  }
}
