// Builds the script of the report into the Python package; two builds give the same bytes.
import { build } from "esbuild";

await build({
  entryPoints: ["report/main.js"],
  outfile: "../src/agorascope/report/static/charts.js",
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  banner: { js: "/* Agorascope, Apache-2.0. Contains Apache ECharts 6.1.0, Copyright 2017-2026 The Apache Software Foundation, Apache-2.0, with parts of d3.js, Copyright 2010-2016 Mike Bostock, BSD-3-Clause; zrender, Copyright 2017 Baidu Inc., BSD-3-Clause; tslib, Copyright Microsoft Corporation, 0BSD. */" },
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "info",
});
