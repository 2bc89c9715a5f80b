// Entries wait here until the server has said that they are kept (hazard H23). Nothing else deletes one.

import { gettext, ngettext } from "../words.js";

export interface Entry {
  id: string;
  session: string;
  /** Who tapped: nobody else sends it, since an entry carries a name in the record. */
  by: string;
  url: string;
  kind: string;
  fields: [string, string][];
  tappedAt: string;
  refused?: string;
}

export type Answer = { kind: "kept" } | { kind: "refused"; why: string; fields: Record<string, string> } | { kind: "later" };

export interface Store {
  put(entry: Entry): Promise<void>;
  all(): Promise<Entry[]>;
  remove(id: string): Promise<void>;
}

/** Fields that belong to one showing of a page and not to the entry. */
const OF_THE_PAGE = new Set(["csrfmiddlewaretoken", "once", "client_id", "measured_at"]);

/** An entry from what was typed: named here, and timed by the server's clock as this page knows it. */
export function entryFrom(
  form: { url: string; kind: string; session: string; by: string; fields: Iterable<[string, string]> },
  id: string,
  at: Date,
): Entry {
  const typed = [...form.fields].filter(([name]) => !OF_THE_PAGE.has(name));
  const tappedAt = at.toISOString();
  return {
    id,
    session: form.session,
    by: form.by,
    url: form.url,
    kind: form.kind,
    fields: [...typed, ["client_id", id], ["measured_at", tappedAt]],
    tappedAt,
  };
}

/** One's own entries in the order they were tapped; those the server refused wait for a person. */
export function toSend(entries: readonly Entry[], by: string): Entry[] {
  return entries
    .filter((entry) => entry.refused === undefined && entry.by === by)
    .sort((a, b) => (a.tappedAt < b.tappedAt ? -1 : a.tappedAt > b.tappedAt ? 1 : a.id < b.id ? -1 : 1));
}

const NEVER_TAKEN = new Set([400, 404, 409, 413, 422]);

/** What an answer means. Only the server's own word counts as kept; a sign-in page does not. */
export function meaning(status: number, body: unknown): Answer {
  const said = (typeof body === "object" && body !== null ? body : {}) as Record<string, unknown>;
  if (status >= 200 && status < 300 && said.kept === true) return { kind: "kept" };
  if (NEVER_TAKEN.has(status) && Array.isArray(said.objections)) {
    const texts = said.objections.map((one: { text?: string }) => one.text ?? "");
    const fields: Record<string, string> = {};
    for (const one of said.objections as { text?: string; field?: string }[]) if (one.field) fields[one.field] = one.text ?? "";
    return { kind: "refused", why: [...new Set(texts)].join(" "), fields };
  }
  return { kind: "later" };
}

/** Send what waits, in order. It stops at the first that cannot be sent now, so that the order stays. */
export async function sendAll(store: Store, by: string, post: (entry: Entry) => Promise<Answer>): Promise<void> {
  for (const entry of toSend(await store.all(), by)) {
    const answer = await post(entry);
    if (answer.kind === "later") return;
    if (answer.kind === "kept") await store.remove(entry.id);
    else await store.put({ ...entry, refused: answer.why });
  }
}

/** What the page says of entries that have not left this device. Empty when there are none. */
export function keptWords(waiting: number, ofOthers = 0): string {
  const own = ngettext(
    "%(count)s entry is kept on this device, not sent yet.",
    "%(count)s entries are kept on this device, not sent yet.",
    waiting,
  );
  const others = ngettext(
    "%(count)s entry is kept here for somebody else, and sent when they sign in.",
    "%(count)s entries are kept here for somebody else, and sent when they sign in.",
    ofOthers,
  );
  return [waiting ? `◆ ${own}` : "", ofOthers ? `◆ ${others}` : ""].filter(Boolean).join(" ");
}

/** What an entry is, in words: the form it was typed into. */
export function kindWords(kind: string): string {
  const words: Record<string, string> = {
    vitals: gettext("vitals"),
    alertness: gettext("alertness"),
    adverse_event: gettext("side effect"),
    words: gettext("words"),
    present: gettext("present"),
  };
  return words[kind] ?? kind.replaceAll("_", " ");
}

/** What a person is told who signs out while entries of theirs wait. */
export function signOutWords(waiting: number): string {
  return ngettext(
    "%(count)s entry is kept on this device and not sent yet. It stays here, sealed, and is sent when you sign in on it again.",
    "%(count)s entries are kept on this device and not sent yet. They stay here, sealed, and are sent when you sign in on it again.",
    waiting,
  );
}

/** How long a tap waits for the clinic; after it the entry stays here, and goes by itself. */
export const ANSWER_WITHIN_MS = 8_000;

/** Send one entry, and say what became of it. No answer in time is no answer. */
export async function post(entry: Entry, token: string, within = ANSWER_WITHIN_MS): Promise<Answer> {
  try {
    const response = await fetch(entry.url, {
      method: "POST",
      headers: { Accept: "application/json", "X-CSRFToken": token },
      body: new URLSearchParams(entry.fields),
      signal: AbortSignal.timeout(within),
    });
    return meaning(response.status, await response.json().catch(() => null));
  } catch {
    return { kind: "later" };
  }
}
