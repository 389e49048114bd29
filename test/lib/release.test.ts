import assert from 'node:assert/strict';
import { test } from 'node:test';
import { release } from '../../src/lib/release.ts';

test('memory of its own goes at once, and a second time is none', () => {
  const whole = Buffer.allocUnsafeSlow(1024 * 1024);
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
