/** Points in time as the clock on the reader's wall shows them, and numbers as they write them. Pure. */

export interface WallClock {
  /** Name of the time zone. */
  readonly zone: string;
  /** `Fri 20 Nov 07:00` */
  minute(time: Date): string;
}

/** @param timeZone  Of the IANA data base. */
export function openWallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    weekday: "short",
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  return {
    zone: timeZone,
    minute(time) {
      const parts = new Map(format.formatToParts(time).map(({ type, value }) => [type, value]));
      const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? "";
      return `${part("weekday")} ${part("day")} ${part("month")} ${part("hour")}:${part("minute")}`;
    },
  };
}

const COUNT = new Intl.NumberFormat("en-US");

/** `12,345` */
export function formatCount(count: number): string {
  return COUNT.format(count);
}
