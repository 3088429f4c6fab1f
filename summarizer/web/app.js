// What a browser must do by itself. No library, no request.
(() => {
  "use strict";
  const english = /\/en\/?$/.test(location.pathname);

  // Gradio words its own parts by navigator.language and falls back to English for "zh" or "zh-HK".
  const language = english ? "en" : "zh-CN";
  for (const [name, value] of [["language", language], ["languages", [language]]])
    Object.defineProperty(navigator, name, { get: () => value, configurable: true });
  document.documentElement.lang = language;

  // Enter that confirms a candidate of an input method must not send. Chrome and Firefox mark its keydown
  // with isComposing or 229; Safari ends the composition first and marks nothing, so that an Enter in the
  // same moment is taken for the confirming one.
  let composing = false, ended = -Infinity;
  const JUST_NOW = 60;  // milliseconds
  addEventListener("compositionstart", () => { composing = true; }, true);
  addEventListener("compositionend", (event) => { composing = false; ended = event.timeStamp; }, true);
  for (const kind of ["keydown", "keypress"])
    addEventListener(kind, (event) => {
      if (event.key !== "Enter") return;
      if (composing || event.isComposing || event.keyCode === 229 || event.timeStamp - ended < JUST_NOW)
        event.stopImmediatePropagation();
    }, true);

  // Light or dark: what the reader chose here, else what the address or the system says.
  const chosen = () => { try { return localStorage.getItem("summarizer-theme"); } catch { return null; } };
  const asked = new URLSearchParams(location.search).get("__theme");
  const wanted = () => (asked ? null : chosen());
  const apply = () => {
    const theme = wanted();
    if (theme && document.body) document.body.classList.toggle("dark", theme === "dark");
  };
  addEventListener("DOMContentLoaded", () => {
    apply();
    new MutationObserver(() => {
      const theme = wanted();
      if (theme && document.body.classList.contains("dark") !== (theme === "dark")) apply();
    }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
  });

  // Clicks on our own buttons inside gr.HTML. An element with data-pick names what was meant; Enter and
  // blank work as on any button because they are buttons.
  window.summarizerPick = (element, trigger, kind) => {
    element.addEventListener("click", (event) => {
      const target = event.target.closest("[data-pick]");
      if (!target || !element.contains(target)) return;
      trigger(kind, { key: target.dataset.pick });
      const there = target.dataset.goto && document.getElementById(target.dataset.goto);
      if (there && matchMedia("(max-width: 900px)").matches)
        setTimeout(() => there.scrollIntoView({ behavior: "smooth", block: "start" }), 250);
    });
  };
  // An article opens at its marked sentence: inside its own pane, the page stays where it is.
  window.summarizerShow = (element, watch) => {
    const show = () => requestAnimationFrame(() => {
      const mark = element.querySelector("#cited, #chosen");
      const pane = mark && mark.closest(".pane");
      if (pane) pane.scrollTop = mark.offsetTop - pane.offsetTop - pane.clientHeight / 3;
    });
    watch("value", show);
    show();
  };
  window.summarizerTheme = () => {
    const dark = !document.body.classList.contains("dark");
    try { localStorage.setItem("summarizer-theme", dark ? "dark" : "light"); } catch { /* private window */ }
    document.body.classList.toggle("dark", dark);
  };
})();
