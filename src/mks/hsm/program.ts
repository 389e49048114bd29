/** The program of an HSM's process: opens one token, and signs what it is told to, until its parent leaves. */
import type { HsmTrouble } from '../../lib/hsm.ts';
import { HsmError, type Order, type Reply } from './messages.ts';
import { openToken, type Token } from './pkcs11.ts';

let token: Promise<Token> | undefined;

process.on('message', (order: Order) => {
  if ('place' in order) {
    token = openToken(order.place);
    token.then(
      () => say({ kind: 'open' }),
      (error: unknown) => say({ kind: 'closed', trouble: troubleOf(error) }),
    );
    return;
  }
  const { id, keyLabel, bytes } = order;
  token
    ?.then((opened) => opened.sign(keyLabel, bytes))
    .then(
      (signature) => say({ kind: 'signed', id, signature }),
      (error: unknown) => say({ kind: 'unsigned', id, trouble: troubleOf(error) }),
    );
});

// A terminal and a supervisor end the whole group at once, and the gateway still has something to sign.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined);

function say(reply: Reply): void {
  // Whoever asked may be gone.
  if (process.connected) process.send?.(reply);
}

function troubleOf(error: unknown): HsmTrouble {
  if (error instanceof HsmError) return error.trouble;
  return { reason: 'unreachable', detail: error instanceof Error ? error.name : 'failed' };
}
