/* A list of results that changes in place: a link of a page to itself with other parameters, or a form of the years,
   exchanges what differs and leaves the rest as it is. Without this script, and where it fails, whole pages load.

   What templates say to it:
   data-part="name"      stands outside <main> and differs with the parameters; it is there even where it is empty
   data-key="name"       what an element is, where its text or address does not tell
   data-said="text"      is said, in place of everything else, when the control inside it was used
   data-announce="name"  is said, in place of the heading, when only the parameter of this name has changed */
(() => {
  "use strict";

  const REST_MS = 150; // without scrolling, after which a place is kept
  const IN_HEAD =
    "title, meta[name=description], meta[name=robots], meta[property], " +
    "link[rel=canonical], link[rel=alternate], link[rel=prev], link[rel=next]";
  const FILES = '[href^="/static/"], [src^="/static/"]'; // where they differ, the site has changed since the page came

  const said = document.createElement("div");
  const main = () => document.querySelector("main");
  let shown = location.pathname + location.search; // what the page shows; after a step back the address is ahead of it
  let served = states(document); // of everything that opens, as the server sent it
  let asking = new AbortController();
  let resting = 0;

  said.className = "visually-hidden";
  said.setAttribute("aria-live", "polite");
  document.body.append(said);

  /* The parameters that only one of two addresses has, but for the page of the list where others differ too. */
  function changes(one, other) {
    const [here, there] = [one, other].map((address) => {
      const parameters = [...new URL(address, location.origin).searchParams].filter(([, value]) => value);
      return new Map(parameters.map(([name, value]) => [`${name}=${value}`, name]));
    });
    const all = [...here].filter(([pair]) => !there.has(pair)).concat([...there].filter(([pair]) => !here.has(pair)));
    const others = all.filter(([, name]) => name !== "page");
    const found = new Map((others.length ? others : all).sort());
    return { names: [...new Set(found.values())].join(), pairs: [...found.keys()].join("&") };
  }

  /* What something that opens is called, with what it stands in: regions in each other may have the same name. */
  function nameOf(details) {
    const around = details.parentElement.closest("details, fieldset");
    const own = details.dataset.key ?? details.querySelector("summary, legend")?.textContent.trim();
    return `${around ? nameOf(around) : ""}/${own}`;
  }

  function states(page) {
    return new Map([...page.querySelectorAll("main details")].map((details) => [nameOf(details), details.open]));
  }

  /* What a control is, before and after it was used: a link is what it adds to the page or takes away from it. */
  function identityOf(control, address) {
    if (control.dataset.key ?? control.id) return control.dataset.key ?? control.id;
    if (control.matches("summary")) return nameOf(control.parentElement);
    return control.href ? `${control.pathname}?${changes(control.href, address).pairs}` : "";
  }

  /* A control on the next page. The order that was chosen leads to that page; of what is gone the next in its row. */
  function findAgain(control, page, address) {
    const [now, next] = [document, page].map((one) =>
      [...one.querySelectorAll(control.localName)].filter((other) => other.classList[0] === control.classList[0]),
    );
    const identity = identityOf(control, shown);
    return (
      next.find((one) => one.dataset.key && one.dataset.key === control.dataset.key) ??
      next.find((one) => one.dataset.key && one.hash === control.hash) ?? // what can still be done with the same thing
      next.find((one) => one.href && one.href === control.href) ??
      next.find((one) => identityOf(one, address) === identity) ??
      next[Math.min(now.indexOf(control), next.length - 1)]
    );
  }

  function partsOf(page) {
    const parts = [...page.querySelectorAll("[data-part]")].filter((part) => !part.closest("main"));
    return new Map(parts.map((part) => [part.dataset.part, part]));
  }

  /* Whether a page can take the place of this one. */
  function fits(page) {
    const [ours, theirs] = [document, page].map((one) => {
      const files = [...one.querySelectorAll(FILES)].map((file) => file.src ?? file.href);
      return [...partsOf(one).keys(), ...files].join();
    });
    return page.querySelector("main") && ours === theirs;
  }

  /* What somebody opened or closed stays so, unless the server now means it otherwise. */
  function keepOpen(page) {
    const next = states(page);
    const now = states(document);
    for (const details of page.querySelectorAll("main details")) {
      const name = nameOf(details);
      if (now.has(name) && next.get(name) === served.get(name)) details.open = now.get(name);
    }
    served = next;
  }

  function exchangeHead(page) {
    const wanted = new Map([...page.head.querySelectorAll(IN_HEAD)].map((one) => [one.outerHTML, one]));
    for (const one of document.head.querySelectorAll(IN_HEAD)) if (!wanted.delete(one.outerHTML)) one.remove();
    document.head.append(...wanted.values());
  }

  /* A box keeps what is being typed into it, unless the search itself has changed. */
  function exchangePart(part, next) {
    if (!part.matches("input")) part.replaceWith(next);
    else if (part.defaultValue !== next.defaultValue) part.value = part.defaultValue = next.defaultValue;
  }

  const scrollToTop = (top) => window.scrollTo({ top, behavior: "instant" });

  /* `used` is the control that led here, `top` where the page was left; one of them is given. */
  function exchange(page, address, used, top) {
    const { names } = changes(shown, address);
    const active = document.activeElement;
    const isLost = active !== main() && active.closest("main, [data-part]:not(input)"); // with what is exchanged
    const control = isLost ? active : active.matches("main, body") ? used : null; // Safari gives no link the focus
    const focusVisible = control?.matches(":focus-visible");
    const height = control?.getBoundingClientRect().top;
    const again = control && findAgain(control, page, address);
    const parts = partsOf(page);

    keepOpen(page);
    exchangeHead(page);
    for (const [name, part] of partsOf(document)) exchangePart(part, parts.get(name));
    main().replaceWith(page.querySelector("main"));
    shown = address;
    document.dispatchEvent(new Event("exchange"));

    const results = document.getElementById("results");
    if (used && names === "page" && results) {
      results.focus({ preventScroll: true });
      results.scrollIntoView({ behavior: "instant" });
    } else if (control) {
      again?.focus({ preventScroll: true, focusVisible });
      if (document.activeElement !== again) main().focus({ preventScroll: true });
      else if (used) scrollToTop(scrollY + again.getBoundingClientRect().top - height);
    }
    if (!used) scrollToTop(top);
    const news = document.querySelector(`[data-announce="${names}"]`) ?? document.querySelector("h1");
    const ofControl = !names && again?.closest("[data-said]")?.dataset.said;
    said.textContent = ofControl || (news ? news.textContent.trim() : document.title);
  }

  function cancel() {
    asking.abort();
    main().removeAttribute("aria-busy");
  }

  async function ask(address) {
    cancel();
    asking = new AbortController();
    const { signal } = asking;
    said.textContent = "";
    main().setAttribute("aria-busy", "true");
    // A page that is left ends the request, and that is no failure.
    addEventListener("beforeunload", cancel, { signal });
    try {
      const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
      const { pathname, search } = new URL(answer.url);
      const isPage = answer.ok && answer.headers.get("Content-Type")?.startsWith("text/html");
      if (!isPage || pathname !== location.pathname) throw new Error(answer.statusText);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (!fits(page)) throw new Error("another site");
      return signal.aborted ? null : { page, to: pathname + search };
    } catch (error) {
      if (signal.aborted) return null;
      throw error;
    } finally {
      if (!signal.aborted) cancel();
    }
  }

  const keepPlace = () => history.replaceState({ ...history.state, top: scrollY }, "");

  async function go(address, used) {
    try {
      const answer = await ask(address);
      if (!answer) return;
      history.scrollRestoration = "manual"; // its own place is known only when the page is there
      keepPlace();
      history.pushState(null, "", answer.to + address.hash);
      exchange(answer.page, answer.to, used);
      keepPlace();
    } catch {
      location.assign(address);
    }
  }

  async function goBack({ state }) {
    clearTimeout(resting);
    const address = location.pathname + location.search;
    if (address === shown) {
      cancel();
      if (state) scrollToTop(state.top);
      return;
    }
    try {
      const answer = await ask(address);
      if (answer) exchange(answer.page, answer.to, null, state?.top ?? 0);
    } catch {
      location.reload();
    }
  }

  function leadsHere(address) {
    const { origin, pathname, search } = location;
    return address.origin === origin && address.pathname === pathname && address.search !== search;
  }

  function onClick(event) {
    const link = event.target.closest(":is(main, [data-part]) a[href]:not([target], [download])");
    if (!link || event.defaultPrevented || event.button) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || !leadsHere(new URL(link.href))) return;
    event.preventDefault();
    go(new URL(link.href), link);
  }

  function onSubmit(event) {
    const { target: form, submitter } = event;
    if (event.defaultPrevented || form.method !== "get" || !form.matches("main form:not([target])")) return;
    if (submitter?.matches("[formaction], [formmethod], [formtarget]")) return;
    const address = new URL(form.action);
    address.search = new URLSearchParams(new FormData(form, submitter));
    if (!leadsHere(address)) return;
    event.preventDefault();
    go(address, submitter);
  }

  function onScroll() {
    clearTimeout(resting);
    if (history.scrollRestoration === "manual") resting = setTimeout(keepPlace, REST_MS);
  }

  document.addEventListener("click", onClick);
  document.addEventListener("submit", onSubmit);
  window.addEventListener("popstate", goBack);
  window.addEventListener("scroll", onScroll, { passive: true });
  if (history.scrollRestoration === "manual" && history.state) scrollToTop(history.state.top); // loaded anew
})();
