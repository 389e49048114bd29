/** Documents that may be of any length, read as far as a page can show them. */
import { ApiError, call } from './api.ts';
import { countText } from './format.ts';
import { t } from './language.ts';

/** Some 250,000 changes. The downloads have no such bound. */
const MOST_CHARACTERS = 64 * 1024 * 1024;

/**
 * The JSON answer of a call.
 *
 * @throws ApiError, also for one that is too long to be shown: nothing of it is shown then.
 */
export async function getBounded<Document>(
  path: string,
  init: RequestInit = {},
): Promise<Document> {
  const response = await call(path, init);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  const pieces: string[] = [];
  let characters = 0;
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) break;
    pieces.push(value);
    characters += value.length;
    if (characters <= MOST_CHARACTERS) continue;
    await reader?.cancel();
    throw new ApiError(tooLong());
  }
  return JSON.parse(pieces.join('')) as Document;
}

function tooLong() {
  const most = countText(MOST_CHARACTERS / 1024 / 1024);
  return {
    type: '',
    status: 200,
    title: t({ en: 'Too much to be shown', tr: 'Gösterilemeyecek kadar çok' }),
    detail: t({
      en: `The answer has more than ${most} MiB. The downloads give all of it.`,
      tr: `Yanıt ${most} MiB’den büyük. Tamamı indirilebilir.`,
    }),
  };
}
