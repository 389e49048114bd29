/** Every flavour of archive, read again by readers that did not write it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Shape } from '../../sandbox/index.ts';
import { fetchArchive, login, looseRows, MONDAY, start, ZIP_PASSWORD } from './support.ts';
import { has7z, unzip, unzipWith7z, unzipWithUnzipper } from './unzip.ts';

const FLAVOURS: Partial<Shape>[] = [
  { encryption: 'aes-256' },
  { encryption: 'aes-192' },
  { encryption: 'aes-128', compression: 'store' },
  { encryption: 'aes-256', zip64: true },
  { encryption: 'aes-256', dataDescriptor: false },
  { encryption: 'aes-256', dataDescriptor: false, zip64: true, compression: 'store' },
  { encryption: 'zipcrypto' },
  { encryption: 'zipcrypto', compression: 'store' },
  { encryption: 'zipcrypto', zip64: true },
  { encryption: 'none' },
];

for (const flavour of FLAVOURS) {
  test(`an archive with ${JSON.stringify(flavour)}`, async (t) => {
    const sandbox = await start(t, { shape: { rows: 200, ...flavour } });
    const client = await login(sandbox);
    const { body } = await fetchArchive(client);
    const [file, ...others] = await unzip(body, ZIP_PASSWORD);
    assert.ok(file);
    assert.equal(others.length, 0);
    const { entry, bytes } = file;
    const expected = sandbox.expectedRows({ member: 'TIB', processDate: MONDAY });
    assert.deepEqual(JSON.parse(bytes.toString()), looseRows(expected));
    assert.equal(entry.encrypted, flavour.encryption !== 'none');
    assert.equal(entry.zipCrypto, flavour.encryption === 'zipcrypto');
    assert.equal(entry.bitFlag?.dataDescriptor, flavour.dataDescriptor ?? true);
    assert.equal(entry.zip64, flavour.zip64 ?? false);
    assert.equal(entry.compressedSize < entry.uncompressedSize, flavour.compression !== 'store');
    if (await has7z()) assert.deepEqual(await unzipWith7z(body, ZIP_PASSWORD), bytes);
    if (flavour.encryption === 'zipcrypto') {
      assert.deepEqual(await unzipWithUnzipper(body, ZIP_PASSWORD), bytes);
    }
    if (entry.encrypted) await assert.rejects(unzip(body, 'Another-1'));
  });
}

test('the strength of AES is as asked for', async (t) => {
  const sandbox = await start(t, { shape: { rows: 10 } });
  const client = await login(sandbox);
  for (const [encryption, strength] of [
    ['aes-128', 1],
    ['aes-192', 2],
    ['aes-256', 3],
  ] as const) {
    sandbox.shape.set({ encryption });
    const [file] = await unzip((await fetchArchive(client)).body, ZIP_PASSWORD);
    assert.equal(file?.entry.extraFieldAES?.strength, strength);
  }
});
