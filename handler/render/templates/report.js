"use strict";
// Everything can be read without this script. It filters and searches the draft and the sources, moves by keys, opens
// what a link points into, copies queries, and opens everything for printing.
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const words = (input) => (input ? input.value.toLowerCase().split(/\s+/).filter(Boolean) : []);
  const text = (element) => element.textContent.toLowerCase();
  const has = (haystack, needles) => needles.every((needle) => haystack.includes(needle));
  const hide = (element, away) => element.classList.toggle("filtered", away);

  // The draft: what each statement is filtered by is read once.
  const draft = byId("draft");
  const changes = all("#changes .change");
  const weight = (note) => (note.classList.contains("is-critical") ? "critical" : "found");
  const told = (note) => ({ weight: weight(note), rule: note.dataset.rule });
  const entries = all("#draft .entry").map((element) => ({
    element,
    text: text(element),
    notes: all(".note[id]", element).map(told),
    sources: all(".cite a", element).map((link) => link.hash.slice(2).split(".")[0]),
    section: element.closest(".section").id,
  }));
  // Findings about a field or a section are no statement's; they keep it in sight.
  const loose = draft ? all(".note[id]", draft).filter((note) => !note.closest(".entry")).map((note) => ({
    boxes: [note.closest(".field"), note.closest(".section")].filter(Boolean),
    section: note.closest(".section").id,
    ...told(note),
  })) : [];
  const boxes = draft ? all(".field, .missing, .section", draft) : [];

  const wanted = () => ({
    show: document.querySelector("input[name=show]:checked").value,
    section: byId("by-section").value,
    source: byId("by-source").value,
    rule: byId("by-rule").value,
    words: words(byId("by-words")),
  });
  const suits = (note, want) => (want.show !== "critical" || note.weight === "critical") && (!want.rule || note.rule === want.rule);
  const fits = (entry, want) => (!want.section || entry.section === want.section)
    && (!want.source || entry.sources.includes(want.source))
    && ((want.show === "all" && !want.rule) || entry.notes.some((note) => suits(note, want)))
    && has(entry.text, want.words);

  const filter = () => {
    if (!draft) return;
    const want = wanted();
    const narrow = want.show !== "all" || want.section || want.source || want.rule || want.words.length > 0;
    const kept = new Set();
    let shown = 0;
    for (const entry of entries) {
      const fit = fits(entry, want);
      hide(entry.element, !fit);
      if (!fit) continue;
      shown += 1;
      kept.add(entry.element.closest(".field")).add(entry.element.closest(".section"));
    }
    if (want.show !== "all" || want.rule) {
      for (const note of loose) {
        const here = !want.section || note.section === want.section;
        if (here && !want.source && !want.words.length && suits(note, want)) for (const box of note.boxes) kept.add(box);
      }
    }
    for (const box of boxes) hide(box, Boolean(narrow) && !kept.has(box));
    byId("none-shown").style.display = narrow && kept.size === 0 ? "block" : "";
    byId("show-again").hidden = !narrow;
    byId("shown").textContent = narrow ? `${shown} of ${entries.length} statements` : "";
  };

  const clear = () => {
    if (!draft) return;
    byId("show-all").checked = true;
    for (const id of ["by-section", "by-source", "by-rule", "by-words"]) byId(id).value = "";
    filter();
  };

  // The sources: their sentences are read when they are searched for the first time.
  let rows;
  const search = () => {
    const needles = words(byId("sentence-words"));
    rows ??= all(".source-text").map((source) => ({
      source,
      rows: all("tbody tr[id]", source).map((element) => ({ element, text: text(element) })),
    }));
    let shown = 0;
    for (const { source, rows: own } of rows) {
      let found = 0;
      for (const row of own) {
        const fit = has(row.text, needles);
        hide(row.element, !fit);
        if (fit) found += 1;
      }
      hide(source, found === 0);
      if (needles.length) source.open = found > 0;
      shown += found;
    }
    byId("sentences-shown").textContent = needles.length ? `${shown} ${shown === 1 ? "sentence" : "sentences"}` : "";
  };

  // What is out of sight has only the height that it is guessed to have, so that the way is gone twice.
  const show = (element) => {
    element.scrollIntoView();
    requestAnimationFrame(() => requestAnimationFrame(() => element.scrollIntoView()));
  };

  const reveal = () => {
    const target = byId(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    if (!target.getClientRects().length) {
      clear();
      const every = byId("sentences-all");
      if (every) {
        every.checked = true;
        byId("sentence-words").value = "";
        search();
      }
    }
    show(target);
  };

  const go = (to) => {
    for (let at = to.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    to.tabIndex = -1;
    to.focus({ preventScroll: true });
    show(to);
  };
  // The next of these after where the reader is: the focus if it is within one, else the top of the window.
  const step = (among, by) => {
    const visible = among.filter((element) => !element.closest(".filtered"));
    const here = visible.findIndex((element) => element.contains(document.activeElement));
    let next = here + by;
    if (here < 0) {
      const top = visible.findIndex((element) => element.getBoundingClientRect().top >= 0);
      next = by > 0 ? top : (top < 0 ? visible.length : top) - 1;
    }
    if (visible[next]) go(visible[next]);
  };
  const statements = all("#draft .entry");
  const findings = all(".note[id]");
  const keys = {
    n: () => step(statements, 1),
    j: () => step(statements, 1),
    p: () => step(statements, -1),
    k: () => step(statements, -1),
    f: () => step(findings, 1),
    F: () => step(findings, -1),
    c: () => step(changes, 1),
    C: () => step(changes, -1),
    "/": () => byId("by-words").focus(),
  };
  const typing = (element) => element.matches("select, textarea, input:not([type=radio], [type=checkbox])");
  addEventListener("keydown", (event) => {
    if (!draft || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape") {
      clear();
      if (typing(event.target)) event.target.blur();
      return;
    }
    const key = keys[event.key];
    if (!key || typing(event.target) || !byId("use-keys").checked) return;
    event.preventDefault();
    key();
  });

  const copy = async (button) => {
    const letter = button.parentElement.querySelector(".asked-text");
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(letter.innerText);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(letter);
      button.textContent = "Selected: copy with Ctrl+C";
    }
    setTimeout(() => { button.textContent = label; }, 4000);
  };

  let closed = [];
  addEventListener("beforeprint", () => {
    closed = all("details:not([open])");
    for (const details of closed) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of closed) details.open = false;
  });

  document.documentElement.classList.add("scripted");
  for (const element of all(".more-tools, #keys, button.copy")) element.hidden = false;
  for (const button of all("button.copy")) button.addEventListener("click", () => copy(button));
  for (const input of all(".tools input, .tools select")) input.addEventListener("input", filter);
  byId("show-again")?.addEventListener("click", () => {
    clear();
    byId("show-all").focus();
  });
  byId("sentence-words")?.addEventListener("input", search);
  addEventListener("hashchange", reveal);
  filter();
  reveal();
})();
