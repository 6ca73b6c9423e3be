/* The formal check by keyboard: j k move, y n space decide, digits jump, r writes the reason, letters on buttons press them.
   Without this script the page is the same form. */
(() => {
  "use strict";
  const form = document.querySelector("form[data-check]");
  if (!form) return;
  const items = [...form.querySelectorAll("[data-item]")];
  let here = Math.max(0, items.findIndex((item) => item.classList.contains("is-open")));
  const typing = (target) => target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
  const show = (index, focus = true) => {
    here = Math.max(0, Math.min(items.length - 1, index));
    items.forEach((item, number) => item.classList.toggle("is-here", number === here));
    if (focus) items[here].focus({ preventScroll: true });
    items[here].scrollIntoView({ block: "nearest" });
  };
  const radio = (value) => items[here].querySelector(`input[type=radio][value="${value}"]`);
  const paint = (item) => {
    const said = item.querySelector("input[type=radio]:checked").value || item.dataset.automatic;
    item.classList.remove("is-yes", "is-no", "is-open");
    item.classList.add(`is-${said || "open"}`);
  };
  const decide = (value) => {
    /* the rule has said so already: nothing to override, no reason to write */
    const automatic = items[here].dataset.automatic;
    radio(automatic === value ? "" : value).checked = true;
    form.dispatchEvent(new Event("input", { bubbles: true }));
    paint(items[here]);
    const reason = items[here].querySelector("input:not([type=radio])");
    if (automatic && automatic !== value && !reason.value) return reason.focus();
    if (value === "no" && !reason.value) return reason.focus();
    show(here + 1);
  };
  const toggle = () => {
    const now = items[here].querySelector("input[type=radio]:checked").value || items[here].dataset.automatic;
    decide(now === "yes" ? "no" : "yes");
  };
  const keys = {
    j: () => show(here + 1),
    k: () => show(here - 1),
    y: () => decide("yes"),
    n: () => decide("no"),
    " ": toggle,
    r: () => items[here].querySelector("input:not([type=radio])").focus(),
  };
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
      if (document.querySelector("dialog[open]")) return;
      if (typing(event.target)) {
        if (event.key === "Escape" || (event.key === "Enter" && event.target.closest("[data-item]"))) {
          event.preventDefault();
          event.stopImmediatePropagation();
          show(event.key === "Enter" ? here + 1 : here);
        }
        return;
      }
      if (event.target.closest("a[href], button, summary") && (event.key === " " || event.key === "Enter")) return;
      const button = form.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
      const digit = /^[1-9]$/.test(event.key) ? Number(event.key) : 0;
      const act = keys[event.key] || (digit && items[digit - 1] && (() => show(digit - 1))) || (button && (() => button.click()));
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    },
    true,
  );
  form.addEventListener("change", (event) => {
    const item = event.target.closest("[data-item]");
    if (item) paint(item);
  });
  form.addEventListener("focusin", (event) => {
    const index = items.indexOf(event.target.closest("[data-item]"));
    if (index >= 0 && index !== here) show(index, false);
  });
  show(here);
})();
