// A real S3 server with one empty bucket, as the Rust tests start it, and the product's settings to use it.

import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const binary = process.env.JOURNEY_S3 ?? join(here, "../../target/debug/examples/s3_server");

/** Starts the server; answers the product's environment for its bucket and how to stop it. */
export async function startS3() {
  if (!existsSync(binary)) {
    throw new Error(`no ${binary}: run \`cargo build -p chancery-storage --example s3_server\``);
  }
  const child = spawn(binary, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const line = new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  const said = await Promise.race([line, ended.then((code) => Promise.reject(new Error(`the S3 server ended with ${code}`)))]);
  const bucket = JSON.parse(said);
  const setting = (name) => `CHANCERY_STORAGE__S3__${name}`;
  return {
    environment: {
      [setting("ENDPOINT")]: bucket.endpoint,
      [setting("REGION")]: bucket.region,
      [setting("BUCKET")]: bucket.bucket,
      [setting("ACCESS_KEY")]: bucket.access_key,
      [setting("SECRET_KEY")]: bucket.secret_key,
      [setting("PATH_STYLE")]: "true",
      [setting("ALLOW_HTTP")]: "true",
    },
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}
