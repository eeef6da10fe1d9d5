// Looks at reports with a browser, offline: `node handler/render/judge.mjs report.html ...`.
//
// For each file, in a wide window, a wide dark one and one as narrow as a page at 400 %: the rules of axe for WCAG 2.2
// AA (and its best practices), no request to anywhere, no error of the page and none of its policy, nothing wider than
// the window, the filter and every kind of link within reach of the Tab key with a focus that can be seen, links into
// closed parts that open them, and a page that shows and filters the same with scripts turned off. What the desk adds
// is in `judge_desk.mjs`. With PICTURES set to a folder, pictures are left there to look at. Prints one line a failure,
// then the sum.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { keys, links, picture, print, search, speed } from "./judge_desk.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const WINDOWS = {
  wide: { viewport: { width: 1440, height: 900 }, colorScheme: "light" },
  dark: { viewport: { width: 1440, height: 900 }, colorScheme: "dark" },
  narrow: { viewport: { width: 320, height: 640 }, colorScheme: "light" },
};
/** axe takes minutes for a report of a thousand statements, which has nothing that one of a hundred has not. */
const MOST_FOR_AXE = 400;
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const ARGUMENTS = [
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  // A container has no user namespaces for the sandbox; the page under test is our own and has no network.
  "--no-sandbox",
];

let passed = 0;
const failures = [];

function check(what, faults) {
  if (faults.length === 0) passed += 1;
  else failures.push(`${what}: ${faults.join("; ")}`);
}

async function axe(page, what) {
  // A session of the browser's own protocol: the page's policy lets no script in.
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send("Runtime.evaluate", {
    expression: `${AXE}; axe.run(document, { runOnly: ${JSON.stringify(RULES)} }).then((found) =>
      JSON.stringify({ passes: found.passes.length, violations: found.violations.map((violation) =>
        violation.id + " at " + violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")) }))`,
    awaitPromise: true,
    returnByValue: true,
  });
  const found = JSON.parse(result.value);
  check(`${what}: axe`, found.passes > 0 ? found.violations : ["axe found nothing to judge"]);
}

/** The stops of the Tab key in order, each with whether its focus shows and is not covered by the header. */
async function stops(page, most) {
  const seen = [];
  await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
  for (let count = 0; count < most; count += 1) {
    await page.keyboard.press("Tab");
    const stop = await page.evaluate(() => {
      const at = document.activeElement;
      if (!at || at === document.body) return null;
      const style = getComputedStyle(at);
      const box = at.getBoundingClientRect();
      const bar = document.querySelector(".bar");
      const covered = !bar.contains(at) && getComputedStyle(bar).position === "sticky"
        && box.bottom <= bar.getBoundingClientRect().bottom && !at.classList.contains("skip");
      return {
        name: at.id || at.getAttribute("href") || at.className || at.tagName,
        tag: at.tagName,
        type: at.type ?? "",
        group: at.name ?? "",
        shows: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        covered,
      };
    });
    if (!stop) break;
    seen.push(stop);
  }
  return seen;
}

async function keyboard(page, what) {
  const seen = await stops(page, 400);
  const faults = [];
  if (!seen[0]?.name.startsWith("#main")) faults.push("the first stop is not the way past the header");
  const unseen = seen.filter((stop) => !stop.shows).map((stop) => stop.name);
  if (unseen.length) faults.push(`no visible focus on ${unseen.slice(0, 3).join(", ")}`);
  const covered = seen.filter((stop) => stop.covered).map((stop) => stop.name);
  if (covered.length) faults.push(`covered by the header: ${covered.slice(0, 3).join(", ")}`);
  const draft = await page.locator("#draft").count();
  if (draft && !seen.some((stop) => stop.group === "show")) faults.push("the filter is out of reach");
  const last = await page.locator("nav.contents a").last().getAttribute("href");
  if (!seen.some((stop) => stop.name === last)) faults.push("the contents are out of reach");
  check(`${what}: keyboard`, faults);
}

async function filter(page, what) {
  if (!(await page.locator("#show-critical").count())) return;
  const visible = () => page.evaluate(() => [...document.querySelectorAll(".entry")].filter((e) => e.getClientRects().length).length);
  const all = await visible();
  await page.focus("#show-all");
  await page.keyboard.press("ArrowRight");
  const found = await visible();
  await page.keyboard.press("ArrowRight");
  const critical = await visible();
  await page.check("#show-all");
  const expected = await page.evaluate(() => {
    const entries = [...document.querySelectorAll(".entry")];
    const critical = entries.filter((entry) => entry.querySelector(".is-critical")).length;
    return [entries.length, entries.filter((entry) => entry.querySelector(".note")).length, critical];
  });
  const counted = [all, found, critical];
  check(`${what}: filter`, counted.join() === expected.join() ? [] : [`shows ${counted}, has ${expected}`]);
}

async function context(page, what) {
  const link = page.locator(".cite a").first();
  if (!(await link.count())) return;
  const target = (await link.getAttribute("href")).slice(1);
  await link.click();
  const shows = await page.evaluate((id) => {
    const box = document.getElementById(id).getBoundingClientRect();
    return box.height > 0 && box.top >= 0 && box.bottom <= innerHeight;
  }, target);
  check(`${what}: a citation leads to its words`, shows ? [] : [`#${target} is not in view`]);
}

async function fits(page, what) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(`${what}: fits`, wider > 1 ? [`${wider} pixels wider than the window`] : []);
}

async function still(browser, file, shown) {
  const page = await (await browser.newContext({ javaScriptEnabled: false, offline: true })).newPage();
  await page.goto(pathToFileURL(resolve(file)).href);
  const without = await page.locator(".entry, .note, .cite").count();
  check(`${file}: without scripts`, without === shown ? [] : [`shows ${without} of ${shown} parts`]);
  if (await page.locator("#show-critical").count()) {
    await page.check("#show-critical");
    const seen = await page.locator(".entry:visible").count();
    const critical = await page.locator(".entry:has(.note.is-critical)").count();
    check(`${file}: filter without scripts`, seen === critical ? [] : [`shows ${seen}, has ${critical}`]);
  }
  await page.context().close();
}

async function judge(browser, file) {
  const shown = {};
  for (const [name, window] of Object.entries(WINDOWS)) {
    const what = `${file} (${name})`;
    const page = await (await browser.newContext({ ...window, offline: true, reducedMotion: "reduce" })).newPage();
    const url = pathToFileURL(resolve(file)).href;
    const requests = [];
    const errors = [];
    page.on("request", (request) => { if (request.url().split("#")[0] !== url) requests.push(request.url()); });
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => { if (message.type() === "error") errors.push(message.text()); });
    await page.goto(url);
    check(`${what}: picture`, await picture(page, file, name));
    shown[name] = await page.evaluate(() => document.querySelectorAll(".entry, .note, .cite").length);
    await fits(page, what);
    // The dark window has other colours and nothing else.
    if (name !== "dark") {
      await keyboard(page, what);
      await filter(page, what);
      await context(page, what);
    }
    if (name !== "dark" && (await page.locator("#draft .entry").count())) {
      check(`${what}: keys`, await keys(page));
      check(`${what}: links to statements and findings`, await links(page, url));
      check(`${what}: search`, await search(page));
      if (name === "wide") {
        check(`${what}: speed`, await speed(page, file));
        check(`${what}: print`, await print(page));
      }
    }
    await page.evaluate(() => { for (const details of document.querySelectorAll("details")) details.open = true; });
    if ((await page.locator(".entry").count()) <= MOST_FOR_AXE) await axe(page, what);
    check(`${what}: asks for nothing`, requests);
    check(`${what}: no error`, errors);
    await page.context().close();
  }
  await still(browser, file, shown.wide);
}

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error("give the reports to look at: node judge.mjs report.html ...");
  process.exit(2);
}
const browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
try {
  for (const file of files) await judge(browser, file);
} finally {
  await browser.close();
}
for (const failure of failures) console.log(`FAILED ${failure}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exit(failures.length ? 1 : 0);
