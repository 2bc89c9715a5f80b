// Whether what the stream brings goes on from what the screen has. Pure.

export interface Told {
  at: string;
  seen: string;
}

export interface Pushed extends Told {
  /** Until when the series was told before; what is pushed holds what changed after that. */
  base?: string;
  series_minutes: unknown;
}

/** It was worked out before what the screen shows: it says nothing new. */
export function isOlder(last: Told | undefined, pushed: Pushed): boolean {
  return last !== undefined && Date.parse(pushed.at) < Date.parse(last.at);
}

/** Its tiles and series are newer than what the screen has, or of another edition of the series. */
export function bringsValues(told: Told | undefined, pushed: Pushed): boolean {
  if (told === undefined || !isOlder(told, pushed)) return true;
  return parted(pushed.seen)[0] !== parted(told.seen)[0];
}

/** It may be shown: it holds the whole series, or all of it that the screen has not seen. */
export function mayFollow(last: Told | undefined, pushed: Pushed): boolean {
  if (pushed.series_minutes === null) return true;
  if (last === undefined || pushed.base === undefined) return false;
  const [edition, until] = parted(pushed.base);
  const [mine, seen] = parted(last.seen);
  return edition === mine && until <= seen;
}

/** An edition of the series and a moment in UTC, as the server writes both: moments of one clock, in one form. */
function parted(seen: string): [string, string] {
  const at = seen.indexOf("@");
  return at < 0 ? [seen, ""] : [seen.slice(0, at), seen.slice(at + 1)];
}
