// A part of the room is not drawn anew under somebody's hands. While a finger is on it, it waits: a tap would fall
// between two buttons and be lost. While somebody types, what is new is drawn around the mark they type in: a new
// mark is seen at once, and no letter is lost.

/** A hand that rests on the screen holds nothing back for longer. */
const TOUCH_MS = 5_000;

/** What came for parts that are in use, the latest of each, until it is drawn whole. */
export class HeldParts {
  private readonly waiting = new Map<string, string>();
  private pressed: { on: Node; at: number } | undefined;

  constructor(
    root: HTMLElement,
    private readonly draw: (name: string, html: string) => void,
  ) {
    root.addEventListener("pointerdown", (event) => {
      if (event.target instanceof Node) this.pressed = { on: event.target, at: Date.now() };
    });
    // The click comes after the finger has left: it still finds its button.
    for (const end of ["pointerup", "pointercancel"]) {
      window.addEventListener(end, () => setTimeout(() => this.released()));
    }
  }

  /** Whether a finger is on the part. */
  isTouched(place: Element): boolean {
    const { pressed } = this;
    return pressed !== undefined && Date.now() - pressed.at < TOUCH_MS && place.contains(pressed.on);
  }

  /** The part could not be drawn whole. */
  owe(name: string, html: string): void {
    this.waiting.set(name, html);
  }

  /** The part is drawn whole now: whether that was owed. */
  settle(name: string): boolean {
    return this.waiting.delete(name);
  }

  /** Draw what waits for a part that may be free by now. */
  letGo(): void {
    for (const [name, html] of [...this.waiting]) this.draw(name, html);
  }

  private released(): void {
    this.pressed = undefined;
    this.letGo();
  }
}

/** The field of a part that somebody types in. */
export function typingIn(place: Element): Element | undefined {
  const active = document.activeElement;
  return active?.matches("input, textarea, select") && place.contains(active) ? active : undefined;
}

/** Draw a list of marks around the one that a field stands in; false where it is no such list, or the mark is gone. */
export function drawAround(place: Element, html: string, field: Element): boolean {
  const mine = field.closest<HTMLElement>("[data-mark]");
  if (!mine || mine.parentElement !== place) return false;
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  const children = [...fresh.content.childNodes];
  const twin = children.findIndex((child) => child instanceof HTMLElement && child.dataset.mark === mine.dataset.mark);
  if (twin < 0) return false;
  for (const child of [...place.childNodes]) if (child !== mine) child.remove();
  mine.before(...children.slice(0, twin));
  mine.after(...children.slice(twin + 1));
  return true;
}
