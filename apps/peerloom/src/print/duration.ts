/**
 * A time span the way routers print it: `00:01:23` up to a day, then `1d02h`, from a week on `2w3d`.
 * Fractions of a second are dropped.
 */
export function durationText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const minutes = Math.floor(whole / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days === 0) return [hours, minutes % 60, whole % 60].map(twoDigits).join(':');
  if (days < 7) return `${days}d${twoDigits(hours % 24)}h`;
  return `${Math.floor(days / 7)}w${days % 7}d`;
}

/** A moment, in milliseconds since the epoch, as ISO 8601 in UTC with milliseconds. */
export function momentText(time: number): string {
  return new Date(time).toISOString();
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
