/** What an answer's body is called when it is kept as a file (RFC 6266). */

const HARMLESS = /^[A-Za-z0-9._ -]*$/;

/**
 * @param name of the file, any text: a harmless ASCII name for all, the true one beside it for who can
 *   read it (RFC 8187).
 */
export function contentDisposition(type: 'inline' | 'attachment', name: string): string {
  if (HARMLESS.test(name)) return `${type}; filename="${name}"`;
  const ascii = name.replace(/[^A-Za-z0-9._ -]/g, '_');
  const encoded = encodeURIComponent(name.toWellFormed()).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `${type}; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** `20250505` as `2025-05-05`, as names of files bear a day. */
export function dashed(day: string): string {
  return `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
}
