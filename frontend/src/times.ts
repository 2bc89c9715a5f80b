// A moment as the clinic's clock shows it, on every page.

/** A moment in seconds as the clinic's clock shows it: its zone, 24 hours, wherever the screen stands. */
export function clinicTime(at: number, zone: string): string {
  const options: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", { ...options, timeZone: zone || "UTC" }).format(new Date(at * 1000));
}
