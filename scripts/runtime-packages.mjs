// Takes out of package.json what a built server does not load, so that `npm prune --omit=dev` leaves only the rest.
// For images; it changes the package.json of the folder it runs in.
import { readFileSync, writeFileSync } from 'node:fs';

/** Packages that are bundled into the page. */
const ofThePage = [
  /^@angular\//,
  /^@jsverse\//,
  /^@fontsource/,
  /^emoji-picker-element/,
  /^idb$/,
  /^lowlight$/,
  /^highlight\.js$/,
  /^socket\.io-client$/,
];

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
for (const name of Object.keys(manifest.dependencies))
  if (ofThePage.some((pattern) => pattern.test(name))) delete manifest.dependencies[name];
writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
