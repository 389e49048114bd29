/** Whether a series stays flat: its slope, and its end beside its beginning. */

export interface Point {
  minute: number;
  value: number;
}

/** Least squares. @returns how much the value grows a minute. @throws RangeError for fewer than two points. */
export function slopeOf(points: readonly Point[]): number {
  if (points.length < 2) throw new RangeError('a slope needs two points');
  const minutes = meanOf(points.map(({ minute }) => minute));
  const values = meanOf(points.map(({ value }) => value));
  const sum = (of: (point: Point) => number): number =>
    points.reduce((total, point) => total + of(point), 0);
  return (
    sum(({ minute, value }) => (minute - minutes) * (value - values)) /
    sum(({ minute }) => (minute - minutes) ** 2)
  );
}

/** The middle value of the last third over that of the first: 1 is flat. */
export function growthOf(points: readonly Point[]): number {
  const third = Math.floor(points.length / 3);
  const middle = (part: readonly Point[]): number =>
    part.map(({ value }) => value).toSorted((a, b) => a - b)[Math.floor(part.length / 2)] ?? 0;
  return middle(points.slice(-third)) / Math.max(middle(points.slice(0, third)), Number.EPSILON);
}

function meanOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}
