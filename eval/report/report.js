"use strict";
// Filters of the items. Without this script the report is whole, only not filtered.
(() => {
  const form = document.getElementById("filters");
  const [task, slice, failed, flagged, search] =
    ["by-task", "by-slice", "only-failed", "only-flagged", "by-text"].map((id) => document.getElementById(id));
  const count = document.getElementById("count");
  const groups = [...document.querySelectorAll(".group")].map((element) => ({
    element,
    task: element.dataset.task,
    name: element.querySelector("h3").textContent,
    told: element.querySelector("summary .n"),
    items: [...element.querySelectorAll(".item")].map((item) => ({
      element: item,
      slices: JSON.parse(item.dataset.slices),
      failed: "failed" in item.dataset,
      flagged: "flagged" in item.dataset,
      text: null,
    })),
  }));
  const all = groups.reduce((sum, group) => sum + group.items.length, 0);

  function offerSlices() {
    const chosen = slice.value;
    const found = new Set();
    for (const group of groups) {
      if (!task.value || group.task === task.value) {
        for (const item of group.items) item.slices.forEach((one) => found.add(one));
      }
    }
    const offered = [...found].sort().map((one) => new Option(one.replace("=", "："), one));
    slice.replaceChildren(new Option("全部", ""), ...offered);
    slice.value = found.has(chosen) ? chosen : "";
  }

  function filter() {
    // A text is read only when one is searched for, and kept.
    const wanted = search.value.trim().toLowerCase();
    const asked = slice.value || failed.checked || flagged.checked || wanted;
    let shown = 0;
    for (const group of groups) {
      const mine = !task.value || group.task === task.value;
      let left = 0;
      for (const item of group.items) {
        if (wanted && mine && item.text === null) item.text = item.element.textContent.toLowerCase();
        const kept = mine && (!slice.value || item.slices.includes(slice.value))
          && (!failed.checked || item.failed) && (!flagged.checked || item.flagged)
          && (!wanted || item.text.includes(wanted));
        item.element.hidden = !kept;
        left += kept;
      }
      group.element.hidden = !mine || (asked && !left);
      group.told.textContent = left === group.items.length ? `${left} 条` : `${left} / ${group.items.length} 条`;
      if (left && (asked || task.value)) group.element.open = true;
      shown += left;
    }
    count.textContent = `${shown} / ${all} 条`;
  }

  let waiting = 0;
  search.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(filter, 150);
  });
  for (const choice of [slice, failed, flagged]) choice.addEventListener("change", filter);
  task.addEventListener("change", () => { offerSlices(); filter(); });
  form.addEventListener("submit", (event) => { event.preventDefault(); filter(); });
  form.addEventListener("reset", () => setTimeout(() => { offerSlices(); filter(); }));
  offerSlices();
  filter();
  form.hidden = false;
})();
