/* The form warns before what was typed is left behind. Without a script it works the same, but for that. */
(() => {
  "use strict";

  const form = document.querySelector("[data-form]");
  if (!form) return;
  let isChanged = false;
  form.addEventListener("input", () => {
    isChanged = true;
  });
  document.addEventListener("submit", () => {
    isChanged = false;
  });
  addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
})();
