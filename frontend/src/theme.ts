// One switch between light and quiet-room, remembered for this browser.

import { gettext } from "./words.js";

export type Theme = "light" | "quiet";

/** The other theme. */
export function other(theme: string | undefined): Theme {
  return theme === "quiet" ? "light" : "quiet";
}

/** The words on the switch: where it leads, not where one is. */
export function words(theme: string | undefined): string {
  return theme === "quiet" ? gettext("Light theme") : gettext("Quiet-room theme");
}

/** Make every switch on the page work. */
export function keepTheme(page: Document): void {
  const root = page.documentElement;
  const show = (): void => {
    for (const button of page.querySelectorAll("[data-theme-switch]")) button.textContent = words(root.dataset.theme);
  };
  show();
  page.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-theme-switch]")) return;
    const chosen = other(root.dataset.theme);
    root.dataset.theme = chosen;
    page.cookie = `theme=${chosen};path=/;max-age=31536000;samesite=lax`;
    show();
  });
}
