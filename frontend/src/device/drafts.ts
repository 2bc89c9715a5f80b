// Drafts: what was typed into a form and not yet taken by the clinic, so that an expired session, a sign-out in
// another tab or a closed page loses nothing. Pure: what a draft holds, when it is put back, when it goes.

export interface Draft {
  /** The person, the page and the form. */
  id: string;
  by: string;
  fields: [string, string][];
  /** The token the form was last sent with; the clinic names it when it has taken the form. */
  once: string;
  at: string;
}

/** Fields that are nobody's typing, or that nobody may keep: tokens, passwords, codes, signatures. */
const NEVER = /^(csrfmiddlewaretoken|once|client_id|measured_at|version|form|next|code|credential|typed_name|signed_name|initials|birth_year)$|pass|secret/i;

/** Whether a field may lie in a draft. A number or a time of an hour ago must not come back as one of now. */
export const mayKeep = (name: string, type: string, inputMode = ""): boolean =>
  Boolean(name) && !NEVER.test(name) && !NO_WORDS.has(type) && !["decimal", "numeric"].includes(inputMode);

const NO_WORDS = new Set(["hidden", "password", "file", "submit", "button", "number", "date", "time", "datetime-local"]);

/** A form is known by where it is sent, on whatever page it stands; two of one address are two. */
export const draftId = (by: string, action: string, number: number): string => `${by}|${action}|${number}`;

/** Whether two sets of fields say the same. */
export const same = (one: readonly [string, string][], other: readonly [string, string][]): boolean =>
  JSON.stringify([...one].sort()) === JSON.stringify([...other].sort());

/** The drafts whose form the clinic has taken, by the tokens it names, and those too old to be of use. */
export function spent(drafts: readonly Draft[], done: readonly string[], now: number): string[] {
  return drafts.filter((one) => (one.once && done.includes(one.once)) || now - Date.parse(one.at) > KEPT_MS).map((one) => one.id);
}

export const KEPT_MS = 24 * 3_600_000;

/** The tokens of the forms the clinic has taken, from its cookie. */
export function doneTokens(cookies: string): string[] {
  const found = /(?:^|;\s*)openkap_done="?([^;"]*)/.exec(cookies);
  return found ? decodeURIComponent(decodeURIComponent(found[1] ?? "")).split(",").filter(Boolean) : [];
}
