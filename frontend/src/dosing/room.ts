// The room on the page: notifications by stream, values by asking, clocks by the server's time, forms by the outbox.
import { ageWords, serverNow, setServerTime } from "../ages.js";
import { givenNow, sinceStart, untilDue } from "./clock.js";
import { type Heard, liveness, POLL_MS } from "./liveness.js";
import { draw, fillTable } from "./plot.js";
import { bringsValues, isOlder, mayFollow, type Told } from "./following.js";
import { drawAround, HeldParts, typingIn } from "./held.js";
import { kept, putBack } from "./kept.js";
import { newKey, Writer } from "./writing.js";
import { type Changes, merged, type Series } from "./lanes.js";

/** What a monitor's readings change: the tiles, and what of the series is new. */
interface ValuesPushed extends Changes {
  at: string;
  seen: string;
  base?: string;
  parts?: Record<string, string>;
}

interface LiveAnswer extends ValuesPushed {
  opened_at: string;
  started_at: string | null;
  ended_at: string | null;
  planned_end_at: string | null;
  given_mg: string | null;
  ordered_mg: string | null;
  rate_mg_per_h: string | null;
  dose_state: string;
  steps: { kind: string; at: string }[];
  events: { at: string; text: string }[];
  monitor: string;
}

const seconds = (text: string): number => Date.parse(text) / 1000;
const secondsOrNull = (text: string | null): number | null => (text ? seconds(text) : null);
const BETWEEN_ASKS_MS = 2_000;

export class DosingRoom {
  private readonly heard: Heard = { streamAt: null, fetchedAt: null, closed: false };
  private last: LiveAnswer | undefined;
  private told: Told | undefined; // of answer and values, whichever was later
  private series: Series = {};
  private readonly shown = new Map<string, string>();
  private readonly held: HeldParts;
  private soon: ReturnType<typeof setTimeout> | undefined;
  private asking = false;
  private again = false;
  private askedAt = Date.now(); // the page brought an answer, and its stream has time to begin

  constructor(private readonly root: HTMLElement) {
    this.held = new HeldParts(root, (name, html) => this.replace(name, html));
  }

  /** Begin. */
  open(): void {
    setServerTime(new Date(this.root.dataset.now ?? Date.now()));
    this.showFirst();
    this.listen();
    this.catchTaps();
    setInterval(() => this.tick(), 1000);
    new Writer(this.root, () => void this.ask()).start();
    let width = innerWidth;
    window.addEventListener("resize", () => {
      if (width !== innerWidth) this.drawPlot();
      width = innerWidth;
    });
  }

  /** The page carries its first answer; it is asked for only where the page is an old one. */
  private showFirst(): void {
    const first = document.getElementById("first-answer")?.textContent;
    if (first) this.show(JSON.parse(first) as LiveAnswer);
    else void this.ask();
  }

  private listen(): void {
    const seen = encodeURIComponent(this.told?.seen ?? "");
    const stream = new EventSource(`${this.root.dataset.stream ?? ""}?seen=${seen}`);
    const noted = (event: MessageEvent<string>): void => {
      setServerTime(new Date(JSON.parse(event.data).at));
      this.heard.streamAt = serverNow().getTime();
    };
    stream.addEventListener("beat", noted);
    stream.addEventListener("changed", (event) => {
      noted(event);
      this.askSoon();
    });
    stream.addEventListener("answer", (event) => {
      noted(event);
      const answer = JSON.parse(event.data) as LiveAnswer;
      if (isOlder(this.last, answer)) return;
      if (mayFollow(this.told, answer)) this.show(answer);
      else this.askSoon();
    });
    stream.addEventListener("values", (event) => {
      noted(event);
      const values = JSON.parse(event.data) as ValuesPushed;
      if (isOlder(this.told, values)) return;
      if (mayFollow(this.told, values)) this.showValues(values);
      else this.askSoon();
    });
    stream.addEventListener("closed", () => {
      this.heard.closed = true;
      stream.close();
    });
    window.addEventListener("pagehide", () => stream.close());
  }

  /** Ask at the next chance: a monitor that speaks each second is asked after every other. */
  private askSoon(): void {
    if (this.soon !== undefined) return;
    const wait = Math.max(this.askedAt + BETWEEN_ASKS_MS - Date.now(), 0);
    this.soon = setTimeout(() => {
      this.soon = undefined;
      void this.ask();
    }, wait);
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
      const seen = encodeURIComponent(this.told?.seen ?? "");
      const response = await fetch(`${this.root.dataset.live ?? ""}?seen=${seen}`, { headers: { Accept: "application/json" } });
      if (response.status === 401 || response.status === 404) this.heard.closed = true;
      if (response.ok && !response.redirected) {
        const answer = (await response.json()) as LiveAnswer;
        if (!isOlder(this.last, answer)) this.show(answer);
      }
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
    const { tiles, ...parts } = answer.parts ?? {};
    this.last = answer;
    for (const [name, html] of Object.entries(parts)) this.replace(name, html);
    this.showValues({ ...answer, parts: tiles === undefined ? {} : { tiles } });
  }

  /** Tiles and series, unless the screen was told later ones while the answer was worked out. */
  private showValues(values: ValuesPushed): void {
    setServerTime(new Date(values.at));
    this.heard.fetchedAt = serverNow().getTime();
    if (bringsValues(this.told, values)) {
      this.series = merged(this.series, values);
      this.told = { at: values.at, seen: values.seen };
      for (const [name, html] of Object.entries(values.parts ?? {})) this.replace(name, html);
    }
    this.drawPlot();
    this.tick();
  }

  /** Put a part in place when it says something new, and never under the hands of somebody who uses it. */
  private replace(name: string, html: string): void {
    const place = document.getElementById(`part-${name}`);
    if (!place) return;
    const bare = html.replace(/<input type="hidden"[^>]*>/g, "");
    const isShown = this.shown.get(name) === bare;
    const field = typingIn(place);
    if (this.held.isTouched(place) || (field && isShown)) {
      if (!isShown) this.held.owe(name, html);
      return;
    }
    if (field) this.held.owe(name, html);
    else if (!this.held.settle(name) && isShown) return;
    const before = kept(place);
    if (!field) place.innerHTML = html;
    else if (!drawAround(place, html, field)) return;
    this.ownTokens(place);
    putBack(place, before);
    this.shown.set(name, bare);
  }

  /** What is told to all screens alike holds no tokens: each puts its own into the forms, and a key of its own. */
  private ownTokens(place: HTMLElement): void {
    for (const once of place.querySelectorAll<HTMLInputElement>('input[name="once"]')) once.value ||= newKey();
    const token = this.root.querySelector<HTMLInputElement>('input[name="csrfmiddlewaretoken"]');
    if (!token) return;
    for (const form of place.querySelectorAll<HTMLFormElement>('form[method="post"]')) {
      if (!form.querySelector('[name="csrfmiddlewaretoken"]')) form.prepend(token.cloneNode());
    }
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
      series: this.series,
      steps: last.steps.map((step) => ({ kind: step.kind, at: seconds(step.at) })),
      events: last.events.map((event) => ({ at: seconds(event.at), text: event.text })),
    });
    const body = document.querySelector<HTMLTableSectionElement>("#plot-table tbody");
    if (body) fillTable(body, this.series, this.root.dataset.zone ?? "");
  }

  private tick(): void {
    this.held.letGo();
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
    const state = liveness(this.heard, now, this.last?.monitor);
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
    });
  }
}
