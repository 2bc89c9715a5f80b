// Bundle the front end into the ui room's static folder. Nothing is loaded from elsewhere at run time.
import { build } from "esbuild";
import { readdirSync, rmSync } from "node:fs";

const out = "../src/openkap/ui/static/ui/build";
const entries = readdirSync("src/entries")
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `src/entries/${name}`);

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: [...entries, "src/fonts.css"],
  entryNames: "[name]",
  assetNames: "[name]-[hash]",
  bundle: true,
  format: "esm",
  target: ["chrome111", "firefox111", "safari16.4"],
  loader: { ".woff2": "file" },
  legalComments: "linked",
  minify: true,
  sourcemap: false,
  outdir: out,
  logLevel: "warning",
});
