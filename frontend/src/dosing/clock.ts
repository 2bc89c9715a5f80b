// The times of the room: how long since the dose began, how long until something is due. Pure.

import { gettext } from "../words.js";

/** "T+23:40", or hours as well after the first. */
export function sinceStart(startedAt: number, now: number): string {
  return `T+${minutesAndSeconds(Math.max(now - startedAt, 0))}`;
}

/** "1:20" until it is due; "late 0:30" after. */
export function untilDue(dueAt: number, now: number): { words: string; late: boolean } {
  const late = now > dueAt;
  const words = minutesAndSeconds(Math.abs(dueAt - now));
  return { words: late ? gettext("late %(time)s", { time: words }) : words, late };
}

/** What has been given by now, worked out from the rate since the server last said, never over the order. */
export function givenNow(
  dose: { given: number; ordered: number; rate: number; running: boolean; at: number },
  now: number,
): number {
  if (!dose.running) return dose.given;
  const hours = Math.max(now - dose.at, 0) / 3_600_000;
  return Math.min(dose.given + dose.rate * hours, dose.ordered);
}

function minutesAndSeconds(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const two = (value: number): string => String(value).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
