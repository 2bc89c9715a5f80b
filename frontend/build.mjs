// Bundle the front end into the ui app's static folder: one style sheet and one script a page, each named
// by its content and kept compressed beside itself. Nothing is loaded from elsewhere at run time.
import { build } from "esbuild";
import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const out = "../src/openkap/ui/static/ui/build";
const entries = readdirSync("src/entries").map((name) => `src/entries/${name}`);

rmSync(out, { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: [...entries, "src/mark.svg"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox111", "safari16.4"],
  loader: { ".woff2": "file", ".svg": "copy" },
  legalComments: "linked",
  metafile: true,
  minify: true,
  sourcemap: false,
  outdir: out,
  logLevel: "warning",
});

// What a template calls page.css is served as page-<hash>.css.
const hashed = /-[0-9A-Z]{8}(?=\.\w+$)/;
const names = Object.entries(metafile.outputs)
  .filter(([path, made]) => made.entryPoint || path.endsWith(".css"))
  .map(([path]) => basename(path));
writeFileSync(join(out, "manifest.json"), JSON.stringify(Object.fromEntries(names.map((name) => [name.replace(hashed, ""), name]))));

// A woff2 font is compressed already.
for (const name of names) {
  const body = readFileSync(join(out, name));
  writeFileSync(join(out, `${name}.br`), brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
  writeFileSync(join(out, `${name}.gz`), gzipSync(body, { level: 9 }));
}
