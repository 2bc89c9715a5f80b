// How many alerts wait for this person, beside the menu: asked for anew while somebody can see the page.
import { outcomeOf } from "./keeping-up.js";

const EVERY_MS = 30_000;

/** The number an answer says, or null where it says none. */
export const numberIn = (text: string): number | null => (/^\d{1,4}$/.test(text.trim()) ? Number(text) : null);

/** Keeps every count of the page up, where its menu says from which address. */
export function keepWaiting(page: Document): void {
  const address = page.querySelector<HTMLElement>("[data-waiting]")?.dataset.waiting;
  if (!address) return;
  const timer = setInterval(() => void again(), EVERY_MS);
  page.addEventListener("visibilitychange", () => void again());

  async function again(): Promise<void> {
    if (page.hidden) return;
    try {
      const answer = await fetch(address ?? "", { signal: AbortSignal.timeout(EVERY_MS) });
      if (outcomeOf(answer) === "gone") return clearInterval(timer);
      const count = answer.ok ? numberIn(await answer.text()) : null;
      if (count !== null) show(page, count);
    } catch {
      return; // the count that was there stands until the next try
    }
  }
}

function show(page: Document, count: number): void {
  for (const place of page.querySelectorAll<HTMLElement>("[data-count]")) {
    place.hidden = count === 0;
    const number = place.querySelector("[data-number]");
    if (number) number.textContent = String(count);
  }
}
