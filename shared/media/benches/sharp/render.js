// Makes the renditions that the bench makes too, two at a time, and prints how long it took in milliseconds.
//   node render.js SOURCES TARGET QUALITY
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import sharp from "sharp";

const [sources, target, quality] = process.argv.slice(2);
const sizes = [
  { name: "whole", width: 1600, height: 1600, fit: "inside" },
  { name: "filled", width: 1080, height: 1350, fit: "cover" },
  { name: "small", width: 400, height: 400, fit: "inside" },
];

// One thread for each picture and two pictures at once: two cores, as ours.
sharp.concurrency(1);
sharp.cache(false);

const names = (await readdir(sources)).filter((name) => name.endsWith(".jpg")).sort();
const work = names.flatMap((name) => sizes.map((size) => ({ name, size })));

async function render({ name, size }) {
  await sharp(join(sources, name))
    .rotate()
    .resize(size.width, size.height, { fit: size.fit, withoutEnlargement: true })
    .jpeg({ quality: Number(quality) })
    .toFile(join(target, `${size.name}-${name}`));
}

async function all() {
  const waiting = [...work];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      await render(next);
    }
  };
  await Promise.all([worker(), worker()]);
}

await render(work[0]);
const began = performance.now();
await all();
console.log(performance.now() - began);
