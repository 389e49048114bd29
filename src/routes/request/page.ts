/** A list given page by page: what its query says, and a cursor that it did not make. */
import { Type } from 'typebox';
import { defined } from '../../lib/defined.ts';
import { CursorError, type Page } from '../../lib/page.ts';
import { ProblemError } from '../../problems.ts';

const DEFAULT_PAGE_SIZE = 50;

/** The query of every such list. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 200,
      default: DEFAULT_PAGE_SIZE,
      description: 'Page size',
    }),
  ),
  cursor: Type.Optional(
    Type.String({ minLength: 1, maxLength: 512, description: 'From `nextCursor`' }),
  ),
};

/** What a list is asked for. */
interface PageAsked {
  limit: number;
  cursor?: string;
}

/**
 * Reads one page and writes its entries as callers see them.
 * @param query as `pageQuery` has checked it.
 * @param list throws CursorError for a cursor that is not its own.
 * @throws ProblemError `invalid-request` for such a cursor, else what `list` throws.
 */
export async function readPage<Item, Document>(
  query: { limit?: number; cursor?: string },
  list: (asked: PageAsked) => Promise<Page<Item>>,
  toDocument: (item: Item) => Document,
): Promise<Page<Document>> {
  const { limit = DEFAULT_PAGE_SIZE, cursor } = query;
  const { items, nextCursor } = await list({ limit, ...defined({ cursor }) }).catch(refuseCursor);
  return { items: items.map(toDocument), ...defined({ nextCursor }) };
}

function refuseCursor(error: unknown): never {
  if (!(error instanceof CursorError)) throw error;
  const message = { en: 'is not a cursor of this list', tr: 'bu listenin imleci değil' };
  throw new ProblemError('invalid-request', {
    extensions: { errors: [{ path: 'cursor', message }] },
    cause: error,
  });
}
