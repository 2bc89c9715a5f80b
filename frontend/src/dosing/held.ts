// A part of the room is not drawn anew while somebody uses it: a tap would fall between two buttons and be lost.

/** What came for parts that are in use, the latest of each, until they can be drawn. */
export class HeldParts {
  private readonly waiting = new Map<string, string>();
  private pressed: Node | undefined;

  constructor(
    root: HTMLElement,
    private readonly draw: (name: string, html: string) => void,
  ) {
    root.addEventListener("pointerdown", (event) => (this.pressed = event.target instanceof Node ? event.target : undefined));
    // The click comes after the finger has left: it still finds its button.
    for (const end of ["pointerup", "pointercancel"]) {
      window.addEventListener(end, () => setTimeout(() => this.released()));
    }
  }

  /** Whether the part is in use; then what came for it waits. */
  keeps(name: string, place: Element, html: string): boolean {
    const used = isUsed(place, this.pressed);
    if (used) this.waiting.set(name, html);
    else this.waiting.delete(name);
    return used;
  }

  /** Draw what waited for a part that is no longer in use. */
  letGo(): void {
    for (const [name, html] of [...this.waiting]) this.draw(name, html);
  }

  private released(): void {
    this.pressed = undefined;
    this.letGo();
  }
}

/** Somebody types in the part, or has a finger on it. */
function isUsed(place: Element, pressed: Node | undefined): boolean {
  const active = document.activeElement;
  const typing = active?.matches("input, textarea, select") === true && place.contains(active);
  const touching = pressed !== undefined && place.contains(pressed);
  return typing || touching;
}
