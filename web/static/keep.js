/* Buttons that keep a selection: data-copy="id" copies what stands in a field, and says so in its own words;
   data-print prints. They are shown only where scripts run. */
(() => {
  "use strict";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy], [data-print]");
    if (!button) return;
    if (button.matches("[data-print]")) {
      window.print();
      return;
    }
    const field = document.getElementById(button.dataset.copy);
    field.select(); // so that it can be copied by hand where the browser refuses
    try {
      await navigator.clipboard.writeText(field.value);
      document.getElementById(button.getAttribute("aria-describedby")).textContent = button.dataset.done;
    } catch {
      field.focus();
    }
  });
})();
