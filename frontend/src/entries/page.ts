// What every page does for itself: the theme, the ages of values, the menu, and one press per form.
import "../styles/page.css";
import { keepAges } from "../ages.js";
import { keepUp } from "../keeping-up.js";
import { keep } from "../device/keeping.js";
import { keepWaiting } from "../waiting.js";
import { keepTheme } from "../theme.js";
import { keepSaid } from "../said.js";
import { keepSentences } from "../fields.js";
import { gettext } from "../words.js";

document.documentElement.classList.add("js");
keepTheme(document);
keepAges(document);
keepUp(document);
keepWaiting(document);
void keep();
keepSaid(document);
keepSentences(document);
document.querySelector(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });

document.addEventListener("click", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const menu = target?.closest<HTMLButtonElement>("[data-menu]");
  if (menu) {
    const open = document.getElementById("side-body")?.classList.toggle("open") ?? false;
    menu.setAttribute("aria-expanded", String(open));
  }
  target?.closest("[data-close]")?.parentElement?.remove();
  const opener = target?.closest<HTMLElement>("[data-open]");
  if (opener?.dataset.open) {
    const dialog = document.getElementById(opener.dataset.open);
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
  }
  if (target?.closest("[data-dismiss]")) target.closest("dialog")?.close();
  const copier = target?.closest<HTMLElement>("[data-copy]");
  if (copier?.dataset.copy) {
    void navigator.clipboard.writeText(copier.dataset.copy).then(() => (copier.textContent = gettext("Copied")));
  }
  if (target?.closest("[data-print]")) window.print();
});

// One press is one submission; the server holds to it too, by the form's token (hazard H05).
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
