// Builds the workbench's drawings into src/sayso/web/static/built/ (or the folder named as the first argument).
// COMPLETE is written last, with the hash of everything that the result was made from; hatch_build.py compares it.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(process.argv[2] ?? join(HERE, "../src/sayso/web/static/built"));
const MODULES = join(HERE, "node_modules");
const FONTS = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans-Oblique.ttf"];

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "node_modules" ? [] : sources(path);
    return /\.(m?js|css)$/.test(entry.name) || /^package(-lock)?\.json$/.test(entry.name) ? [path] : [];
  });
}

// The same walk as in hatch_build.py: names and contents, in the order of their names.
function sourceHash() {
  const hash = createHash("sha256");
  const names = sources(HERE).map((path) => relative(HERE, path).replaceAll("\\", "/"));
  for (const name of names.sort()) hash.update(name).update("\0").update(readFileSync(join(HERE, name))).update("\0");
  return hash.digest("hex");
}

async function bundle() {
  const options = { bundle: true, minify: true, format: "esm", target: "es2022", sourcemap: false, legalComments: "none", charset: "utf8" };
  const scripts = Object.fromEntries(["map", "network", "casualties"].map((name) => [name, join(HERE, `${name}.js`)]));
  const made = await build({ ...options, entryPoints: scripts, outdir: OUT, metafile: true });
  // MapLibre's own worker, whole: it takes nothing from the page's modules.
  const worker = { "map-worker": join(MODULES, "maplibre-gl/dist/maplibre-gl-worker.mjs") };
  await build({ ...options, entryPoints: worker, outdir: OUT });
  const styles = { map: join(MODULES, "maplibre-gl/dist/maplibre-gl.css"), drawings: join(HERE, "drawings.css") };
  await build({ ...options, entryPoints: styles, outdir: OUT });
  return Object.keys(made.metafile.inputs);
}

// Natural Earth numbers its countries by ISO 3166; the ledger names them by letters. CLDR, which Node holds, knows both.
function letters(numeric) {
  if (!numeric) return "";
  const region = new Intl.Locale(`und-${numeric}`).region ?? "";
  return /^[A-Z]{2}$/.test(region) ? region : "";
}

function countries() {
  const world = JSON.parse(readFileSync(join(MODULES, "world-atlas/countries-50m.json"), "utf8"));
  for (const shape of world.objects.countries.geometries) {
    const name = shape.properties.name;
    shape.properties = { name, code: name === "Kosovo" ? "XK" : letters(shape.id) };
    delete shape.id;
  }
  delete world.objects.land; // the countries hold the same outline
  writeFileSync(join(OUT, "countries.json"), JSON.stringify(world));
}

function fonts() {
  mkdirSync(join(OUT, "fonts"));
  for (const name of FONTS) cpSync(join(MODULES, "dejavu-fonts-ttf/ttf", name), join(OUT, "fonts", name));
}

function packageOf(input) {
  return input.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1];
}

// The lock file knows everything that is installed; MapLibre comes bundled already, with its own packages inside.
function bundledPackages(inputs) {
  const lock = JSON.parse(readFileSync(join(HERE, "package-lock.json"), "utf8")).packages;
  const found = new Set(["world-atlas", "dejavu-fonts-ttf", ...inputs.map(packageOf).filter(Boolean)]);
  const queue = ["maplibre-gl"];
  while (queue.length) {
    const name = queue.pop();
    found.add(name);
    for (const next of Object.keys(lock[`node_modules/${name}`]?.dependencies ?? {})) {
      if (!found.has(next) && !next.startsWith("@types/")) queue.push(next);
    }
  }
  return [...found].sort();
}

function notice(name) {
  const folder = join(MODULES, name);
  const { version, license, author, homepage } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file) && statSync(join(folder, file)).isFile());
  const written = (typeof author === "string" ? author : author?.name)?.replace(/\s*[<(].*/, "");
  const head = [`${name} ${version}`, `Licence: ${license ?? "see below"}`, written && `By: ${written}`, homepage].filter(Boolean);
  const terms = files.map((file) => readFileSync(join(folder, file), "utf8").trim());
  return [head.join("\n"), ...terms].join("\n\n");
}

function notices(names) {
  const rule = `\n\n${"=".repeat(78)}\n\n`;
  const head = "The workbench's drawings hold these packages, each under its own licence.\nMap data: Natural Earth (public domain).";
  writeFileSync(join(OUT, "NOTICES.txt"), [head, ...names.map(notice)].join(rule) + "\n");
}

function printSizes() {
  const kilo = (bytes) => `${(bytes / 1024).toFixed(1)} kB`.padStart(11);
  console.log(`${"file".padEnd(26)}${"size".padStart(11)}${"gzipped".padStart(11)}`);
  for (const name of readdirSync(OUT, { recursive: true }).sort()) {
    const path = join(OUT, name);
    if (statSync(path).isFile()) console.log(name.padEnd(26) + kilo(statSync(path).size) + kilo(gzipSync(readFileSync(path), { level: 9 }).length));
  }
}

rmSync(OUT, { recursive: true, force: true });
mkdirSync(OUT, { recursive: true });
const inputs = await bundle();
countries();
fonts();
notices(bundledPackages(inputs));
writeFileSync(join(OUT, "COMPLETE"), sourceHash() + "\n");
printSizes();
