// What `judge.mjs` asks of a report as a review desk: keys, links, search, print, pictures and speed. Each function
// gives the faults that it found, in words.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/** The most that a filter may take, and the most until a report can be used, in milliseconds. */
const FILTER = 100;
const LOAD = 5_000;

const focused = (page) => page.evaluate(() => document.activeElement.id || document.activeElement.className);
const inView = (page, id) => page.evaluate(async (id) => {
  for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
  const box = document.getElementById(id).getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.top < innerHeight;
}, id);
/** Back to the top, after what is still under way. */
const top = (page) => page.evaluate(async () => {
  for (let frame = 0; frame < 4; frame += 1) await new Promise(requestAnimationFrame);
  document.activeElement?.blur();
  scrollTo(0, 0);
});
const visible = (page) => page.evaluate(() => [...document.querySelectorAll(".entry")]
  .filter((entry) => entry.getClientRects().length).map((entry) => entry.id));

/** The keys move over statements and findings, reach the search and give everything back; they can be turned off. */
export async function keys(page) {
  const faults = [];
  const expect = async (what, expected) => {
    const at = await focused(page);
    if (at !== expected) faults.push(`${what} leads to ${at}, not ${expected}`);
    else if (expected.startsWith("s-") && !(await inView(page, expected))) faults.push(`${what}: ${expected} is out of view`);
  };
  const ids = await page.evaluate(() => [...document.querySelectorAll(".entry")].map((entry) => entry.id));
  await top(page);
  await page.keyboard.press("n");
  await expect("n", ids[0]);
  for (let at = 1; at <= Math.min(3, ids.length - 1); at += 1) {
    await page.keyboard.press("j");
    await expect("j", ids[at]);
    if (at === 1) {
      await page.keyboard.press("p");
      await expect("p", ids[0]);
      await page.keyboard.press("n");
    }
  }
  const findings = await page.evaluate(() => [...document.querySelectorAll(".note[id]")].map((note) => note.id));
  if (findings.length) {
    await top(page);
    await page.keyboard.press("f");
    await expect("f", findings[0]);
  }
  await page.keyboard.press("/");
  await expect("/", "by-words");
  await page.keyboard.type("zzzz");
  if ((await visible(page)).length) faults.push("a search for what is nowhere shows statements");
  await page.keyboard.press("Escape");
  if ((await visible(page)).length !== ids.length) faults.push("Esc does not show everything again");
  await page.evaluate(() => { document.querySelector("#keys").open = true; });
  await page.uncheck("#use-keys");
  const before = await focused(page);
  await page.keyboard.press("n");
  await expect("n when keys are off", before);
  await page.check("#use-keys");
  return faults;
}

/** A link to a statement or a finding shows it, whatever the filter hides. */
export async function links(page, url) {
  const faults = [];
  const ids = await page.evaluate(() => [".entry", ".note[id]"].flatMap((kind) => {
    const all = [...document.querySelectorAll(kind)].map((element) => element.id);
    return [...new Set([all[0], all[Math.floor(all.length / 2)], all.at(-1)])].filter(Boolean);
  }));
  for (const id of ids) {
    await page.fill("#by-words", "zzzz");
    await page.goto(`${url}#${encodeURIComponent(id)}`);
    if (!(await inView(page, id))) faults.push(`#${id} is not shown`);
  }
  await page.fill("#by-words", "");
  return faults;
}

/** Section, source, rule and words narrow the draft to what suits, and the sources can be searched. */
export async function search(page) {
  const faults = [];
  const all = await visible(page);
  const expect = async (what, expected) => {
    const seen = await visible(page);
    if (seen.join() !== expected.join()) faults.push(`${what} shows ${seen.length} statements, ${expected.length} suit`);
    const said = await page.textContent("#shown");
    if (said !== `${expected.length} of ${all.length} statements`) faults.push(`${what} says "${said}"`);
    const empty = await page.locator(".section:visible, .field:visible").evaluateAll((boxes) =>
      boxes.filter((box) => ![...box.querySelectorAll(".entry, .note")].some((part) => part.getClientRects().length)).length);
    if (empty) faults.push(`${what} leaves ${empty} empty headings`);
    await page.keyboard.press("Escape");
  };
  const of = (kind, value) => page.evaluate(([kind, value]) => [...document.querySelectorAll(".entry")].filter((entry) => ({
    section: () => entry.closest(".section").id === value,
    source: () => [...entry.querySelectorAll(".cite a")].some((link) => link.hash.startsWith(`#d${value}.`)),
    rule: () => entry.querySelector(`.note[data-rule="${value}"]`),
    words: () => entry.textContent.toLowerCase().includes(value),
  })[kind]()).map((entry) => entry.id), [kind, value]);
  for (const kind of ["section", "source", "rule"]) {
    const value = await page.locator(`#by-${kind} option`).last().getAttribute("value");
    if (!value) continue;
    await page.selectOption(`#by-${kind}`, value);
    await expect(kind, await of(kind, value));
  }
  const word = await page.evaluate(() => document.querySelector(".entry .text").textContent.trim().split(/\s+/)[0].toLowerCase());
  await page.fill("#by-words", word);
  await expect("words", await of("words", word));
  if (await page.locator("#sentence-words").count()) {
    await page.fill("#sentence-words", word);
    const rows = await page.locator(".sentences tbody tr[id]:visible").count();
    if (!rows) faults.push("a search of the sources finds nothing of what the draft quotes");
    await page.fill("#sentence-words", "");
  }
  return faults;
}

/** How long filters take on the page, each the least of five times (the machine has other things to do), and how long it took until it could be used. */
export async function speed(page, file) {
  const { load, filter } = await page.evaluate(() => {
    const set = (id, value) => {
      const control = document.getElementById(id);
      const begun = performance.now();
      if (value === true) control.checked = true;
      else control.value = value;
      control.dispatchEvent(new Event("input", { bubbles: true }));
      document.body.getBoundingClientRect();
      return performance.now() - begun;
    };
    const section = document.querySelector("#by-section option:last-child").value;
    const steps = [
      ["show-critical", true], ["show-found", true], ["show-all", true],
      ["by-words", "room"], ["by-words", ""], ["by-section", section], ["by-section", ""],
    ];
    const times = steps.map(() => []);
    for (let round = 0; round < 5; round += 1) steps.forEach(([id, value], at) => times[at].push(set(id, value)));
    const [navigation] = performance.getEntriesByType("navigation");
    return { load: navigation.loadEventEnd, filter: Math.max(...times.map((all) => Math.min(...all))) };
  });
  console.log(`${file}: loaded in ${Math.round(load)} ms, slowest filter ${Math.round(filter)} ms`);
  return [
    ...(load > LOAD ? [`loaded in ${Math.round(load)} ms`] : []),
    ...(filter > FILTER ? [`a filter took ${Math.round(filter)} ms`] : []),
  ];
}

/** What is printed holds every statement and every sentence, whatever the screen shows. */
export async function print(page) {
  const folder = mkdtempSync(join(tmpdir(), "desk-"));
  try {
    const pdf = join(folder, "report.pdf");
    await page.check("#show-critical");
    await page.pdf({ path: pdf, preferCSSPageSize: true });
    await page.check("#show-all");
    const plain = (text) => text.replace(/\s+/g, "");
    const printed = plain(execFileSync("pdftotext", ["-raw", pdf, "-"], { encoding: "utf8", maxBuffer: 1 << 28 }));
    const parts = await page.evaluate(() => [...document.querySelectorAll(".entry .text, .sentences tbody td:nth-child(3), .asked-text li p:first-child, .note[id] p:first-child")]
      .map((part) => part.textContent));
    // A long text can be cut by the end of a page, so that its beginning is looked for.
    const missing = parts.filter((part) => !printed.includes(plain(part).slice(0, 40)));
    const faults = missing.length ? [`${missing.length} of ${parts.length} texts are not printed, such as "${missing[0].slice(0, 60)}"`] : [];
    if (printed.includes("Criticalonly")) faults.push("the filter is printed");
    return faults;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A picture of the page as it opens, which is not blank. */
export async function picture(page, file, name) {
  const folder = process.env.PICTURES;
  const path = folder ? join(folder, `${basename(dirname(file))}-${basename(file, ".html")}-${name}.png`) : undefined;
  const png = (await page.screenshot({ path })).toString("base64");
  const canvas = await page.context().newPage();
  const colours = await canvas.evaluate(async (png) => {
    const image = new Image();
    image.src = `data:image/png;base64,${png}`;
    await image.decode();
    const board = new OffscreenCanvas(image.width, image.height).getContext("2d");
    board.drawImage(image, 0, 0);
    const points = new Uint32Array(board.getImageData(0, 0, image.width, image.height).data.buffer);
    const counts = new Map();
    for (const point of points) counts.set(point, (counts.get(point) ?? 0) + 1);
    return { kinds: counts.size, most: Math.max(...counts.values()) / points.length };
  }, png);
  await canvas.close();
  return colours.kinds < 16 || colours.most > 0.99 ? [`blank: ${colours.kinds} colours`] : [];
}
