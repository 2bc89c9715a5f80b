// Why a form came back: whoever reads the page is there at once, and each reason leads to its field.

/** Moves the focus to the reasons, or to the first wrong field; a link to a field opens what it is folded into. */
export function keepSaid(page: Document): void {
  const first = page.querySelector<HTMLElement>("[data-said]") ?? page.querySelector<HTMLElement>("main [aria-invalid=true]");
  first?.focus();
  for (const link of page.querySelectorAll<HTMLAnchorElement>("[data-said] a[href^='#']"))
    link.addEventListener("click", (event) => {
      const field = page.getElementById(link.hash.slice(1));
      if (!field) return;
      event.preventDefault();
      show(field);
    });
}

/** The field itself, wherever it is folded away, with the cursor in it. */
function show(field: HTMLElement): void {
  for (let fold = field.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  const dialog = field.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  field.scrollIntoView({ block: "center" });
  field.focus({ preventScroll: true });
}
