/** Downloads: fetched with the key in a header, and kept as a file only when whole. */
import { useState } from 'preact/hooks';
import { call, problemFor } from '../lib/api.ts';
import type { Problem } from '../lib/documents.ts';
import { countText } from '../lib/format.ts';
import { html } from './html.ts';
import { ProblemNote } from './problem-note.ts';

export interface Offer {
  /** On the button, such as `Excel`. */
  text: string;
  path: string;
  init?: RequestInit;
  /** When the gateway gives it none. */
  fileName: string;
}

export function Downloads({ offers, label }: { offers: readonly Offer[]; label: string }) {
  const [busy, setBusy] = useState<{ text: string; bytes: number }>();
  const [problem, setProblem] = useState<Problem>();
  const fetchOffer = async (offer: Offer): Promise<void> => {
    setProblem(undefined);
    setBusy({ text: offer.text, bytes: 0 });
    try {
      await download(offer, (bytes) => setBusy({ text: offer.text, bytes }));
    } catch (error) {
      setProblem(problemFor(error));
    } finally {
      setBusy(undefined);
    }
  };
  return html`<div class="actions" role="group" aria-label=${label}>
      <span class="muted">${label}</span>
      ${offers.map(
        (offer) =>
          html`<button
            type="button"
            disabled=${busy !== undefined}
            onClick=${() => void fetchOffer(offer)}
          >
            ${offer.text}
          </button>`,
      )}
      <span role="status" class="muted">
        ${busy && `${busy.text}: ${countText(Math.ceil(busy.bytes / 1024))} KiB`}
      </span>
    </div>
    ${problem && html`<${ProblemNote} problem=${problem} />`}`;
}

/** @throws ApiError; a body that breaks off is no file. */
async function download(offer: Offer, onProgress: (bytes: number) => void): Promise<void> {
  const response = await call(offer.path, offer.init);
  const name = fileNameOf(response.headers.get('content-disposition')) ?? offer.fileName;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let toldAt = 0;
  const reader = response.body?.getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done || value === undefined) break;
    pieces.push(value);
    bytes += value.length;
    if (performance.now() - toldAt < 200) continue;
    toldAt = performance.now();
    onProgress(bytes);
  }
  save(new Blob(pieces, { type: response.headers.get('content-type') ?? '' }), name);
}

/** Hands a file to the browser's own downloads. */
export function save(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The browser has taken it over by then.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** RFC 6266, as the gateway writes it: `attachment; filename="…"`. */
function fileNameOf(disposition: string | null): string | undefined {
  return /filename="([^"]+)"/.exec(disposition ?? '')?.[1];
}
