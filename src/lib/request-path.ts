/** The path of a request's target, without its query (RFC 9112 §3.2.1). */
export function requestPath(target: string): string {
  return target.split('?', 1)[0] ?? target;
}
