/** What a format of rows is: one file beside this one each, and a line in the list of `index.ts`. */
import type { Localised } from '../../lib/localised.ts';

/** A ready report, as far as a document of its rows names it. */
export interface RowsOf {
  id: string;
  member: string;
  /** `YYYYMMDD`. */
  processDate: string;
  refId?: string;
}

/** The rows: canonical NDJSON, each line a row in MKS's order of fields. */
export interface RowLines {
  rowCount: number;
  /** In pieces cut anywhere, which are their taker's. */
  bytes(): AsyncIterable<Buffer>;
  /** In pieces of whole lines, each lent until the next is asked for. */
  lines(): AsyncIterable<Buffer>;
}

export interface Format {
  /** What `?format=` calls it. */
  name: string;
  /** What `Accept` calls it; of two formats of one type the first in the list is meant. */
  mediaType: string;
  /** The whole Content-Type header. */
  contentType: string;
  /** Of a file that holds it, without a dot. */
  extension: string;
  summary: Localised;
  /**
   * What the API document says of its body: the document of rows, a row a line, a text, or a file that
   * no program reads as text and that is compressed in itself.
   */
  shape: 'document' | 'row' | 'text' | 'file';
  /** For the API document: of a text its head and one row, of a file how it begins. */
  example?: string;
  /** The lines go out as they are kept, so that a kept compressed form may go out too. */
  isAsKept?: true;
  /**
   * Writes the document, in pieces as `releasing` takes them; at most a few are in memory. What the lines throw
   * passes through, so that the connection breaks instead of ending well.
   */
  write(report: RowsOf, rows: RowLines): AsyncIterable<Buffer>;
}
