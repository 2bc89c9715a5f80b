// The room on the page: news by stream, values by asking, clocks by the server's time, forms by the outbox.
import { ageWords, serverNow, setServerTime } from "../ages.js";
import { givenNow, sinceStart, untilDue } from "./clock.js";
import { type Heard, liveness, POLL_MS } from "./liveness.js";
import { type Answer, type Entry, entryFrom, keptWords, meaning, sendAll } from "./outbox.js";
import { draw, fillTable } from "./plot.js";
import { deviceStore } from "./store.js";
import type { Series } from "./lanes.js";

interface LiveAnswer {
  at: string;
  opened_at: string;
  started_at: string | null;
  ended_at: string | null;
  planned_end_at: string | null;
  given_mg: string | null;
  ordered_mg: string | null;
  rate_mg_per_h: string | null;
  dose_state: string;
  steps: { kind: string; at: string }[];
  series: Series;
  events: { at: string; text: string }[];
  parts: Record<string, string>;
}

const seconds = (text: string): number => Date.parse(text) / 1000;
const secondsOrNull = (text: string | null): number | null => (text ? seconds(text) : null);
const SEND_EVERY_MS = 15_000;

/** A key for an entry; `randomUUID` is there only on TLS and on localhost. */
function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12})$/, "$1-$2-4$3-8$4-$5");
}

export class DosingRoom {
  private readonly heard: Heard = { streamAt: null, fetchedAt: null, closed: false };
  private last: LiveAnswer | undefined;
  private readonly shown = new Map<string, string>();
  private asking = false;
  private again = false;
  private askedAt = 0;
  private sending = false;

  private readonly by: string;

  constructor(private readonly root: HTMLElement) {
    this.by = root.dataset.by ?? "";
  }

  /** Begin. */
  open(): void {
    setServerTime(new Date(this.root.dataset.now ?? Date.now()));
    this.listen();
    this.catchTaps();
    setInterval(() => this.tick(), 1000);
    setInterval(() => void this.sendKept(), SEND_EVERY_MS);
    window.addEventListener("online", () => void this.sendKept());
    let width = innerWidth;
    window.addEventListener("resize", () => {
      if (width !== innerWidth) this.drawPlot();
      width = innerWidth;
    });
    void navigator.storage?.persist?.();
    void this.ask();
    void this.sendKept();
  }

  private listen(): void {
    const stream = new EventSource(this.root.dataset.stream ?? "");
    const noted = (event: MessageEvent<string>): void => {
      setServerTime(new Date(JSON.parse(event.data).at));
      this.heard.streamAt = serverNow().getTime();
    };
    stream.addEventListener("beat", noted);
    stream.addEventListener("changed", (event) => {
      noted(event);
      void this.ask();
    });
    stream.addEventListener("closed", () => {
      this.heard.closed = true;
      stream.close();
    });
    window.addEventListener("pagehide", () => stream.close());
  }

  /** Ask for the room as it stands; a second wish while one is under way is served right after. */
  private async ask(): Promise<void> {
    if (this.asking) {
      this.again = true;
      return;
    }
    this.asking = true;
    this.askedAt = Date.now();
    try {
      const response = await fetch(this.root.dataset.live ?? "", { headers: { Accept: "application/json" } });
      if (response.status === 401 || response.status === 404) this.heard.closed = true;
      if (response.ok && !response.redirected) this.show((await response.json()) as LiveAnswer);
    } catch {
      // The line is down; the state of the page says so by itself.
    } finally {
      this.asking = false;
    }
    if (this.again) {
      this.again = false;
      void this.ask();
    }
  }

  private show(answer: LiveAnswer): void {
    setServerTime(new Date(answer.at));
    this.heard.fetchedAt = serverNow().getTime();
    this.last = answer;
    for (const [name, html] of Object.entries(answer.parts)) {
      this.replace(name, html);
    }
    this.drawPlot();
    this.tick();
  }

  /** Put a part in place when it says something new, and never under the hands of someone who types in it. */
  private replace(name: string, html: string): void {
    const place = document.getElementById(`part-${name}`);
    const bare = html.replace(/<input type="hidden"[^>]*>/g, "");
    if (!place || this.shown.get(name) === bare) return;
    const active = document.activeElement;
    if (active?.matches("input, textarea, select") && place.contains(active)) return;
    place.innerHTML = html;
    this.shown.set(name, bare);
  }

  private drawPlot(): void {
    const place = document.getElementById("plot");
    if (!place || !this.last) return;
    const { last } = this;
    draw(place, {
      now: serverNow().getTime() / 1000,
      openedAt: seconds(last.opened_at),
      startedAt: secondsOrNull(last.started_at),
      plannedEndAt: secondsOrNull(last.planned_end_at),
      endedAt: secondsOrNull(last.ended_at),
      series: last.series,
      steps: last.steps.map((step) => ({ kind: step.kind, at: seconds(step.at) })),
      events: last.events.map((event) => ({ at: seconds(event.at), text: event.text })),
    });
    const body = document.querySelector<HTMLTableSectionElement>("#plot-table tbody");
    if (body) fillTable(body, last.series);
  }

  private tick(): void {
    const now = serverNow().getTime();
    for (const element of this.root.querySelectorAll<HTMLTimeElement>("time[data-measured]")) {
      const age = (now - Date.parse(element.dateTime)) / 1000;
      element.textContent = ageWords(age);
      if (element.dataset.fresh) element.closest(".value")?.classList.toggle("old", age > Number(element.dataset.fresh));
    }
    for (const element of this.root.querySelectorAll<HTMLTimeElement>("time[data-due]")) {
      const { words, late } = untilDue(Date.parse(element.dateTime), now);
      element.textContent = words;
      element.classList.toggle("late", late);
    }
    const state = liveness(this.heard, now);
    const place = document.getElementById("live-state");
    if (place && place.textContent !== state.words) place.textContent = state.words;
    place?.classList.toggle("live", state.live);
    this.root.classList.toggle("not-live", !state.live);
    if (state.poll && Date.now() - this.askedAt >= POLL_MS) void this.ask();
    this.tickDose(now);
  }

  private tickDose(now: number): void {
    const { last } = this;
    const started = last?.started_at ?? this.root.dataset.started;
    const clock = document.getElementById("clock");
    if (clock && started) clock.textContent = sinceStart(Date.parse(started), now);
    const given = document.getElementById("given");
    if (!last?.given_mg || !given) return;
    const dose = {
      given: Number(last.given_mg),
      ordered: Number(last.ordered_mg),
      rate: Number(last.rate_mg_per_h),
      running: last.dose_state === "running",
      at: Date.parse(last.at),
    };
    const amount = givenNow(dose, now);
    given.textContent = amount.toFixed(1);
    const bar = document.getElementById("given-bar");
    if (bar instanceof HTMLProgressElement) bar.value = (amount / dose.ordered) * 100;
  }

  private catchTaps(): void {
    this.root.addEventListener("click", (event) => {
      const target = event.target instanceof Element ? event.target : null;
      const opener = target?.closest<HTMLElement>("[data-dialog]");
      const dialog = opener ? document.getElementById(opener.dataset.dialog ?? "") : null;
      if (dialog instanceof HTMLDialogElement) {
        event.preventDefault();
        dialog.showModal();
      }
      const closer = target?.closest("[data-close-dialog]");
      if (closer) {
        event.preventDefault();
        closer.closest("dialog")?.close();
      }
      const dropped = target?.closest<HTMLElement>("[data-drop]")?.dataset.drop;
      if (dropped) void deviceStore.remove(dropped).then(() => this.sayKept());
    });
    this.root.addEventListener("submit", (event) => {
      const form = event.target;
      if (form instanceof HTMLFormElement && form.dataset.outbox) {
        event.preventDefault();
        void this.write(form);
      }
    });
  }

  /** A tap becomes an entry on this device first, and leaves it when the server has it. */
  private async write(form: HTMLFormElement): Promise<void> {
    const fields = [...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]);
    const session = this.root.dataset.session ?? "";
    const entry = entryFrom(
      { url: form.action, kind: form.dataset.outbox ?? "", session, by: this.by, fields },
      newKey(),
      serverNow(),
    );
    try {
      await deviceStore.put(entry);
    } catch {
      form.submit(); // this browser keeps nothing: send it as a page without a script would
      return;
    }
    const answer = await this.post(entry);
    const place = form.querySelector<HTMLElement>("[data-errors]");
    if (place) place.hidden = answer.kind !== "refused";
    if (answer.kind === "refused") {
      await deviceStore.remove(entry.id); // the person is here and can mend it
      if (place) place.textContent = answer.why;
      return;
    }
    if (answer.kind === "kept") await deviceStore.remove(entry.id);
    form.reset();
    form.closest("dialog")?.close();
    await this.sayKept();
    void this.ask();
  }

  private async post(entry: Entry): Promise<Answer> {
    const token = this.root.querySelector<HTMLInputElement>("input[name='csrfmiddlewaretoken']")?.value ?? "";
    try {
      const response = await fetch(entry.url, {
        method: "POST",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams(entry.fields),
      });
      return meaning(response.status, await response.json().catch(() => null));
    } catch {
      return { kind: "later" };
    }
  }

  private async sendKept(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    try {
      await sendAll(deviceStore, this.by, (entry) => this.post(entry));
    } finally {
      this.sending = false;
    }
    await this.sayKept();
  }

  private async sayKept(): Promise<void> {
    const place = document.getElementById("kept");
    if (!place) return;
    const entries = await deviceStore.all();
    const words = keptWords(entries);
    const refused = entries.filter((entry) => entry.refused !== undefined);
    place.hidden = !words && !refused.length;
    place.replaceChildren(
      words,
      ...refused.map((entry) => {
        const line = document.createElement("span");
        line.textContent = ` ✕ ${entry.kind.replace("_", " ")} of ${entry.tappedAt.slice(11, 16)} UTC was not taken: ${entry.refused ?? ""} `;
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button quiet";
        button.dataset.drop = entry.id;
        button.textContent = "I have seen this, drop it";
        line.append(button);
        return line;
      }),
    );
  }
}
