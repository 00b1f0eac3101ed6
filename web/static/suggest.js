/* Suggestions while somebody types: the editable combobox with a listbox of the ARIA Authoring Practices, list
   autocomplete with manual selection. Without this script, and where it gets no answer, the form searches as ever. */
(() => {
  "use strict";

  const WAIT_MS = 150; // after the last key

  function makeCombobox(form) {
    const input = form.elements.q;
    const kinds = JSON.parse(form.dataset.kinds);
    const counts = form.dataset.counts.split("|"); // what is said of so many suggestions
    const list = document.createElement("ul");
    const status = document.createElement("div");
    let offered = []; // what the options stand for
    let shown = ""; // the text that they belong to
    let active = -1; // the option that the keyboard is on
    let timer = 0;
    let asking = new AbortController();

    list.id = `${input.id}-suggestions`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", form.dataset.label);
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    status.setAttribute("aria-live", "polite");
    form.append(list, status);
    input.type = "text"; // a box of type search may not be a combobox
    input.autocomplete = "off";
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");

    const typed = () => input.value.trim();
    const isOpen = () => !list.hidden;

    function cancel() {
      clearTimeout(timer);
      asking.abort();
    }

    function close() {
      cancel();
      activate(-1);
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      status.textContent = "";
    }

    function open() {
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
    }

    function activate(index) {
      list.children[active]?.setAttribute("aria-selected", "false");
      active = index;
      const option = list.children[active];
      if (!option) {
        input.removeAttribute("aria-activedescendant");
        return;
      }
      option.setAttribute("aria-selected", "true");
      input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    function makeOption(suggestion, index) {
      const option = document.createElement("li");
      const text = document.createElement("span");
      const kind = document.createElement("span");
      option.id = `${list.id}-${index}`;
      option.className = "suggestions__option";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      text.textContent = suggestion.text;
      if (suggestion.lang) text.lang = suggestion.lang;
      kind.className = "suggestions__kind";
      // Some regions have the same name.
      kind.textContent = suggestion.kind === "region" ? `${kinds.region} ${suggestion.id}` : kinds[suggestion.kind];
      option.append(text, " ", kind);
      option.addEventListener("click", () => choose(suggestion));
      return option;
    }

    function show(suggestions, text) {
      activate(-1);
      offered = suggestions;
      shown = text;
      list.replaceChildren(...suggestions.map(makeOption));
      if (suggestions.length) open();
      else close();
      status.textContent = counts[Math.min(suggestions.length, counts.length - 1)];
    }

    async function ask() {
      cancel();
      const text = typed();
      if (!text) {
        close();
        return;
      }
      asking = new AbortController();
      const { signal } = asking;
      try {
        const answer = await fetch(`${form.dataset.suggest}&q=${encodeURIComponent(text)}`, { signal });
        if (!answer.ok) throw new Error(answer.statusText);
        const { suggestions } = await answer.json();
        if (!signal.aborted) show(suggestions, text);
      } catch {
        if (!signal.aborted) close();
      }
    }

    function askSoon() {
      cancel();
      activate(-1);
      timer = setTimeout(ask, WAIT_MS);
    }

    async function reveal() {
      if (shown !== typed() || !offered.length) await ask();
      else open();
    }

    function choose(suggestion) {
      close();
      if (suggestion.kind === "term") {
        input.value = suggestion.text;
        form.requestSubmit();
        return;
      }
      const address = new URL(suggestion.url);
      for (const { name, value } of form.querySelectorAll("input[name=selected]")) address.searchParams.append(name, value);
      location.assign(address.pathname + address.search);
    }

    async function moveTo(place) {
      if (!isOpen() || shown !== typed()) await reveal();
      if (isOpen() && shown === typed()) activate(place());
    }

    function onKey(event) {
      const isComposing = event.isComposing || event.keyCode === 229; // the key that ends it has this code in Safari
      if (isComposing || event.ctrlKey || event.metaKey) return;
      const last = () => offered.length - 1;
      switch (event.key) {
        case "ArrowDown":
          event.preventDefault();
          if (event.altKey) reveal();
          else moveTo(() => (active < last() ? active + 1 : 0));
          break;
        case "ArrowUp":
          event.preventDefault();
          if (event.altKey) close();
          else moveTo(() => (active > 0 ? active - 1 : last()));
          break;
        case "Enter":
          if (isOpen() && active >= 0) {
            event.preventDefault();
            choose(offered[active]);
          } else close();
          break;
        case "Escape":
          if (isOpen()) event.preventDefault();
          else input.value = "";
          close();
          break;
        case "Tab":
          close();
          break;
        case "Home":
        case "End":
        case "ArrowLeft":
        case "ArrowRight":
          activate(-1); // back in the text, where the key moves the cursor
          break;
      }
    }

    input.addEventListener("keydown", onKey);
    input.addEventListener("input", (event) => (event.isComposing ? close() : askSoon()));
    input.addEventListener("compositionstart", close);
    input.addEventListener("compositionend", askSoon);
    input.addEventListener("blur", close);
    form.addEventListener("submit", close);
    list.addEventListener("mousedown", (event) => event.preventDefault()); // the text keeps the focus
    return close;
  }

  const closers = new Map(); // of the forms on the page: what closes their lists

  /* Make comboboxes of the forms that are not yet one: another script may exchange a part of the page. */
  function setUp() {
    for (const form of closers.keys()) if (!form.isConnected) closers.delete(form);
    for (const form of document.querySelectorAll("form[data-suggest]"))
      if (!closers.has(form)) closers.set(form, makeCombobox(form));
  }

  setUp();
  document.addEventListener("exchange", setUp);
  // Back on a page as it was left.
  window.addEventListener("pageshow", (event) => event.persisted && closers.forEach((close) => close()));
})();
