/** What befalls a Redis besides its death: callers are told, nothing is sent unrecorded, and all goes on by itself. */
import { test } from 'node:test';
import { outlive, REDIS_FAULTS } from '../support/redis-faults.ts';

/** Longer than a command waits, and than a connection is believed. */
const FROZEN_MS = 5_000;

for (const name of Object.keys(REDIS_FAULTS)) {
  test(`a Redis that is ${name}`, (t) => outlive(t, name, FROZEN_MS).then(() => undefined));
}
