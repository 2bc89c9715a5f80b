// A part of a page that keeps up by itself: asked for anew every few seconds while somebody can see it. Where it
// cannot, it says since when it stands still; what is shown stays.
import { gettext } from "./words.js";

const EVERY_MS = 10_000;

export type Outcome = "shown" | "gone" | "failed";

/** What an answer means: shown, gone for this person (signed out, no longer theirs), or a failure that may pass. */
export function outcomeOf(answer: { ok: boolean; redirected: boolean; status: number }): Outcome {
  if (answer.redirected || [401, 403, 404].includes(answer.status)) return "gone";
  return answer.ok ? "shown" : "failed";
}

/** The sentence for a part that does not keep up; `since` is when it last did, as the page writes times. */
export function standingStill(outcome: Outcome, since: string): string {
  if (outcome === "shown") return "";
  if (outcome === "gone") return gettext("Screen not live: it was signed out.");
  return gettext("Not live since %(since)s. It is tried again by itself.", { since });
}

/** Lets every part marked `data-refresh` (its address) keep up; `data-refresh-note` beside it says when it does not. */
export function keepUp(page: Document): void {
  for (const part of page.querySelectorAll<HTMLElement>("[data-refresh]")) follow(page, part);
}

function follow(page: Document, part: HTMLElement): void {
  const note = part.parentElement?.querySelector<HTMLElement>("[data-refresh-note]") ?? null;
  let since = clockOf(part);
  let asking = false;
  const timer = setInterval(() => void again(), EVERY_MS);
  page.addEventListener("visibilitychange", () => void again());

  async function again(): Promise<void> {
    if (page.hidden || asking) return;
    asking = true;
    const [outcome, text] = await asked(part.dataset.refresh ?? "");
    asking = false;
    if (outcome === "shown") show(page, part, text);
    if (outcome === "gone") clearInterval(timer);
    if (outcome === "shown") since = clockOf(part);
    if (!note) return;
    note.hidden = outcome === "shown";
    note.textContent = standingStill(outcome, since);
  }
}

async function asked(address: string): Promise<[Outcome, string]> {
  try {
    const answer = await fetch(address, { headers: { Accept: "text/html" }, signal: AbortSignal.timeout(EVERY_MS) });
    return [outcomeOf(answer), await answer.text()];
  } catch {
    return ["failed", ""];
  }
}

/** The clinic's time at which the part was made, as the server wrote it. */
const clockOf = (part: HTMLElement): string =>
  part.querySelector<HTMLElement>("[data-made]")?.dataset.made ?? "";

/** Shows what came, if it differs; whoever had a link or button of it in focus has it still. */
function show(page: Document, part: HTMLElement, text: string): void {
  if (part.innerHTML === text) return;
  const focused = page.activeElement instanceof HTMLElement && part.contains(page.activeElement) ? page.activeElement : null;
  const address = focused?.getAttribute("href");
  part.innerHTML = text;
  if (!address) return;
  for (const link of part.querySelectorAll<HTMLAnchorElement>("a[href]"))
    if (link.getAttribute("href") === address) return link.focus({ preventScroll: true });
}
