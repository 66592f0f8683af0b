const FORMATS = new Map<number, Intl.NumberFormat>();

/** A figure in print, with so many places and no grouping. */
export function figure(value: number, places = 0): string {
  let format = FORMATS.get(places);
  if (format === undefined) {
    const digits = { minimumFractionDigits: places, maximumFractionDigits: places };
    FORMATS.set(places, (format = new Intl.NumberFormat('en', { useGrouping: false, ...digits })));
  }
  return format.format(value);
}
