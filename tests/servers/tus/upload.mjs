// Uploads a file with the official client: breaks off in the middle, goes on, and gives another upload up.
//
//     node upload.mjs ENDPOINT UNIT FILE
//
// Prints one line of JSON: where it went on, and what is said of the upload that was given up.

import { createReadStream, statSync } from "node:fs";
import * as tus from "tus-js-client";

const [endpoint, unit, path] = process.argv.slice(2);
const size = statSync(path).size;

function upload(options) {
  return new tus.Upload(createReadStream(path), {
    endpoint,
    uploadSize: size,
    chunkSize: 4 * 1024 * 1024,
    retryDelays: [0, 100, 500, 1000],
    metadata: { filename: "Phim tài liệu.mp4", filetype: "video/mp4", unit },
    ...options,
  });
}

/** Sends until a quarter has arrived; gives where. */
function half() {
  return new Promise((resolve, reject) => {
    const sending = upload({
      onError: reject,
      onChunkComplete: (_, accepted) => {
        if (accepted < size / 4) return;
        sending.abort().then(() => resolve(sending.url), reject);
      },
      onSuccess: () => reject(new Error("it was to be broken off")),
    });
    sending.start();
  });
}

const url = await half();
let resumedAt;
await new Promise((resolve, reject) => {
  upload({
    uploadUrl: url,
    onError: reject,
    onSuccess: resolve,
    onAfterResponse: (request, response) => {
      if (request.getMethod() === "HEAD") resumedAt = Number(response.getHeader("Upload-Offset"));
    },
  }).start();
});

const abandoned = await half();
await tus.Upload.terminate(abandoned);
const answer = await fetch(abandoned, { method: "HEAD", headers: { "Tus-Resumable": "1.0.0" } });
console.log(JSON.stringify({ resumedAt, terminated: answer.status }));
