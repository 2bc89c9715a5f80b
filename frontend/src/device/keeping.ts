// On every page: send what waits, keep drafts of what is typed, and say so before somebody signs out.
import { clinicTime } from "../times.js";
import { doneTokens, type Draft, draftId, mayKeep, same, spent } from "./drafts.js";
import { type Entry, keptWords, kindWords, post, sendAll, signOutWords } from "./outbox.js";
import { canSeal, type Sealer, sealerAt } from "./sealing.js";
import { draftsOf, entriesOf, waitingHere } from "./store.js";
import { gettext } from "../words.js";

const SEND_EVERY_MS = 15_000;
const WRITE_AFTER_MS = 600;
export const CHANGED = "openkap:kept";

type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** The token of any form of this page, for what is sent by a script. */
const csrf = (): string => document.querySelector<HTMLInputElement>("input[name='csrfmiddlewaretoken']")?.value ?? "";

/** A moment of ours by the clinic's clock. */
const here = (at: string): string => clinicTime(Date.parse(at) / 1000, document.body.dataset.zone ?? "");

/** Begin, when somebody is signed in on this page. */
export async function keep(): Promise<void> {
  const { by, key } = document.body.dataset;
  if (!by || !key) return;
  guardSignOut(by);
  await begin(by, key);
}

/** With the key, all of it begins; a page that was opened while the clinic did not answer asks for it again. */
async function begin(by: string, key: string): Promise<void> {
  const sealer = await sealerAt(key);
  if (sealer) {
    new Sender(sealer, by).start();
    return new Drafts(sealer, by).start();
  }
  void sayWaiting(by, []);
  if (canSeal()) setTimeout(() => void begin(by, key), SEND_EVERY_MS);
}

async function sayWaiting(by: string, refused: readonly Entry[]): Promise<void> {
  const place = document.getElementById("kept");
  if (!place) return;
  const { all, own } = await waitingHere(by);
  const words = keptWords(own - refused.length, all - own);
  place.hidden = !words && !refused.length;
  place.replaceChildren(words, ...refused.map(refusedLine));
}

function refusedLine(entry: Entry): HTMLElement {
  const line = document.createElement("span");
  const told = { what: kindWords(entry.kind), time: here(entry.tappedAt), why: entry.refused ?? "" };
  const words = gettext("%(what)s of %(time)s was not taken: %(why)s", told);
  line.textContent = ` ✕ ${words} `;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet";
  button.dataset.drop = entry.id;
  button.textContent = gettext("I have seen this, drop it");
  line.append(button);
  return line;
}

class Sender {
  constructor(
    private readonly sealer: Sealer,
    private readonly by: string,
  ) {}

  start(): void {
    document.addEventListener(CHANGED, () => void this.say());
    document.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const dropped = target?.closest<HTMLElement>("[data-drop]")?.dataset.drop;
      if (dropped) void this.store.remove(dropped).then(() => this.say());
    });
    setInterval(() => void this.send(), SEND_EVERY_MS);
    window.addEventListener("online", () => void this.send());
    void navigator.storage?.persist?.();
    void this.send();
  }

  private get store(): ReturnType<typeof entriesOf> {
    return entriesOf(this.sealer, this.by);
  }

  /** Send what waits; of several open pages one does it at a time. */
  private async send(): Promise<void> {
    const work = (): Promise<void> => sendAll(this.store, this.by, (entry) => post(entry, csrf()));
    if (navigator.locks) await navigator.locks.request("openkap-outbox", { ifAvailable: true }, (lock) => (lock ? work() : undefined));
    else await work();
    await this.say();
  }

  private async say(): Promise<void> {
    await sayWaiting(this.by, (await this.store.all()).filter((entry) => entry.refused !== undefined));
  }
}

class Drafts {
  private readonly store;

  constructor(
    sealer: Sealer,
    private readonly by: string,
  ) {
    this.store = draftsOf(sealer, by);
  }

  async start(): Promise<void> {
    const drafts = await this.store.all();
    for (const id of spent(drafts, doneTokens(document.cookie), Date.now())) await this.store.remove(id);
    document.cookie = "openkap_done=; Max-Age=0; Path=/; SameSite=Strict";
    const left = new Map((await this.store.all()).map((one) => [one.id, one]));
    const seen = new Map<string, number>();
    const short: (() => void)[] = [];
    for (const form of document.querySelectorAll<HTMLFormElement>("form[method='post']")) {
      const action = form.getAttribute("action") ?? location.pathname;
      const number = seen.get(action) ?? 0;
      seen.set(action, number + 1);
      this.watch(form, draftId(this.by, action, number), { left, short });
    }
    document.addEventListener("submit", () => short.forEach((keep) => keep()));
  }

  /** What was left in a form is put back, and bound to this showing of the form at once. A form with a long text
   * has a draft as it is typed; any other one when another form of its page is sent. */
  private watch(form: HTMLFormElement, id: string, page: { left: Map<string, Draft>; short: (() => void)[] }): void {
    const fields = fieldsOf(form);
    if (form.dataset.outbox || !fields.length) return;
    const found = page.left.get(id);
    if (found) {
      this.putBack(form, found);
      void this.write(form, id);
    }
    if (fields.some((field) => field instanceof HTMLTextAreaElement)) this.keepAsTyped(form, id);
    else page.short.push(() => fieldsOf(form).every(untouched) || void this.write(form, id));
  }

  private keepAsTyped(form: HTMLFormElement, id: string): void {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const write = (): void => {
      clearTimeout(waiting);
      void this.write(form, id);
    };
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(write, WRITE_AFTER_MS);
    });
    form.addEventListener("submit", write);
    window.addEventListener("pagehide", () => waiting !== undefined && write());
  }

  private async write(form: HTMLFormElement, id: string): Promise<void> {
    const once = form.querySelector<HTMLInputElement>("input[name='once']")?.value ?? "";
    await this.store.put({ id, by: this.by, fields: typedIn(form), once, at: new Date().toISOString() });
  }

  /** Put a draft into a form that nobody has touched; what the page itself brought back stands. */
  private putBack(form: HTMLFormElement, draft: Draft): void {
    const before = typedIn(form);
    if (same(before, draft.fields) || !fieldsOf(form).every(untouched)) return;
    fill(form, draft.fields);
    const folded = form.closest("details");
    if (folded) folded.open = true;
    const line = document.createElement("p");
    line.className = "card mark due draft";
    line.setAttribute("role", "status");
    const words = gettext("What you typed at %(time)s was not sent, and is back.", { time: here(draft.at) });
    line.textContent = `◆ ${words} `;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet";
    button.textContent = gettext("Start afresh");
    button.addEventListener("click", () => {
      fill(form, before);
      line.remove();
      void this.store.remove(draft.id);
    });
    line.append(button);
    form.prepend(line);
  }
}

function fieldsOf(form: HTMLFormElement): Field[] {
  return [...form.elements].filter((one): one is Field => one.matches("input, textarea, select") && mayKeep((one as Field).name, (one as Field).type, (one as Field).inputMode));
}

const isTick = (field: Field): field is HTMLInputElement => field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type);

function typedIn(form: HTMLFormElement): [string, string][] {
  return fieldsOf(form)
    .filter((field) => !isTick(field) || field.checked)
    .map((field) => [field.name, field.value]);
}

function untouched(field: Field): boolean {
  if (isTick(field)) return field.checked === field.defaultChecked;
  if (field instanceof HTMLSelectElement)
    return field.selectedIndex === Math.max(0, [...field.options].findIndex((one) => one.defaultSelected));
  return field.value === field.defaultValue;
}

function fill(form: HTMLFormElement, fields: readonly [string, string][]): void {
  for (const field of fieldsOf(form)) {
    const values = fields.filter(([name]) => name === field.name).map(([, value]) => value);
    if (isTick(field)) field.checked = values.includes(field.value);
    else if (values[0] !== undefined) field.value = values[0];
  }
}

/** Whoever signs out while entries of theirs wait is told how many, and what becomes of them. */
function guardSignOut(by: string): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches("[data-sign-out]") || form.dataset.sure) return;
    event.preventDefault();
    void waitingHere(by)
      .catch(() => ({ own: 0 })) // a browser that keeps nothing has nothing that waits
      .then(({ own }) => (own ? askSure(form, own) : leave(form)));
  }, true);
}

function leave(form: HTMLFormElement): void {
  form.dataset.sure = "yes";
  form.requestSubmit();
}

function askSure(form: HTMLFormElement, own: number): void {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-labelledby", "sure-words");
  const words = document.createElement("p");
  words.id = "sure-words";
  words.textContent = signOutWords(own);
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(
    choice(gettext("Stay, and send them"), "button", () => dialog.close()),
    choice(gettext("Sign out all the same"), "button quiet", () => leave(form)),
  );
  dialog.append(words, actions);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function choice(words: string, look: string, act: () => void): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = look;
  button.textContent = words;
  button.addEventListener("click", act);
  return button;
}
