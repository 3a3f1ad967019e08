// Draws icon.png from icon.svg: node images/draw-icon.mjs [CHROMIUM], where package.json's tools are installed.
import { readFileSync } from "node:fs";
import { chromium } from "playwright-core";

const at = (name) => new URL(name, import.meta.url).pathname;
const browser = await chromium.launch({ executablePath: process.argv[2] ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 256, height: 256 } });
await page.setContent(`<style>body { margin: 0 } svg { display: block; width: 256px }</style>${readFileSync(at("icon.svg"))}`);
await page.screenshot({ path: at("icon.png"), omitBackground: true });
await browser.close();
