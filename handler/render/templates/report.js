"use strict";
// The report works without this script. It opens what a link points into, says how much a filter shows, copies
// queries, and opens everything for printing.
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  const reveal = () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let at = target.closest("details"); at; at = at.parentElement.closest("details")) at.open = true;
    if (!target.getClientRects().length) {
      for (const id of ["show-all", "sentences-all"]) {
        const everything = document.getElementById(id);
        if (everything) everything.checked = true;
      }
      count();
    }
    target.scrollIntoView();
  };

  const count = () => {
    const shown = document.getElementById("shown");
    if (!shown) return;
    const entries = all(".entry");
    const visible = entries.filter((entry) => entry.getClientRects().length).length;
    shown.textContent = visible === entries.length ? "" : `${visible} of ${entries.length} statements`;
  };

  const copy = async (button) => {
    const text = button.parentElement.querySelector(".asked-text");
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(text.innerText);
      button.textContent = "Copied";
    } catch {
      getSelection().selectAllChildren(text);
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

  addEventListener("hashchange", reveal);
  for (const input of all("input[name=show]")) input.addEventListener("change", count);
  for (const button of all("button.copy")) {
    button.hidden = false;
    button.addEventListener("click", () => copy(button));
  }
  count();
  reveal();
})();
