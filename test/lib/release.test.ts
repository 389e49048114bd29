import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { test } from 'node:test';
import { release, releasing, streamInto } from '../../src/lib/release.ts';

const KIB = 1024;
/** Larger than what small Buffers share. */
const MEMORY_BYTES = 2 * Buffer.poolSize;

test('memory of its own goes at once, and a second time is none', () => {
  const whole = Buffer.allocUnsafeSlow(1024 * KIB);
  release(whole.subarray(0, 10));
  assert.equal(whole.buffer.byteLength, 0);
  release(whole);
});

test('memory that small Buffers share stays', () => {
  const [one, other] = [Buffer.from('one'), Buffer.from('other')];
  release(one);
  assert.equal(other.toString(), 'other');
  assert.equal(one.toString(), 'one');
});

/** Pieces as zlib gives them: several in one memory, then in the next; each of one letter. */
function* pieces(memories: Buffer[], kibibytes: readonly number[]): Generator<Buffer> {
  let memory = Buffer.alloc(0);
  for (const [n, length] of kibibytes.map((kib) => kib * KIB).entries()) {
    if (length > memory.length) memories.push((memory = Buffer.allocUnsafeSlow(MEMORY_BYTES)));
    yield memory.subarray(0, length).fill(0x61 + (n % 26));
    memory = memory.subarray(length);
  }
}

async function* later<T>(values: Iterable<T>): AsyncGenerator<T> {
  yield* values;
}

const hasGone = (memories: readonly Buffer[]): boolean[] =>
  memories.map(({ buffer }) => buffer.byteLength === 0);

test('memory goes when the next piece has been asked for and lies in another one', async () => {
  const memories: Buffer[] = [];
  const seen: boolean[][] = [];
  for await (const piece of releasing(later(pieces(memories, [80, 48, 128, 20, 120])))) {
    assert.equal(piece.length % KIB, 0);
    seen.push(hasGone(memories));
  }
  // A memory goes behind the piece that follows it: the taker may have looked back until then.
  assert.deepEqual(seen, [
    [false],
    [false],
    [false, false],
    [true, false, false],
    [true, true, false, false],
  ]);
});

test('what the taker holds stays, and all else of a long stream goes', async () => {
  const memories: Buffer[] = [];
  const lengths = Array.from({ length: 400 }, (_, n) => ((n * 37) % 127) + 1);
  const expected = Buffer.concat([...pieces([], lengths)]);
  const taken: Buffer[] = [];
  let most = 0;
  const slow = new Writable({
    highWaterMark: 400 * KIB,
    // Looks at a piece when it has had it for a while, as a socket does.
    write(piece: Buffer, _encoding, done) {
      setTimeout(() => {
        taken.push(Buffer.from(piece));
        most = Math.max(most, hasGone(memories).filter((gone) => !gone).length);
        done();
      }, 1);
    },
  });
  await pipeline(streamInto(slow, later(pieces(memories, lengths))), slow);
  assert.ok(Buffer.concat(taken).equals(expected));
  assert.ok(memories.length > 150, 'many memories');
  assert.ok(most < 20, `${most} memories at once`);
});

test('what the pieces throw is the failure of the stream', async () => {
  async function* broken(): AsyncGenerator<Buffer> {
    yield Buffer.alloc(100 * KIB);
    throw new Error('the disk');
  }
  const nowhere = new Writable({ write: (_piece, _encoding, done) => done() });
  await assert.rejects(pipeline(streamInto(nowhere, broken()), nowhere), /the disk/);
});
