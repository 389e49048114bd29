/** The receivers of examples/, each told by the sender that the gateway tells with: what is genuine is believed, nothing else. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { request } from 'undici';
import { systemClock, type Clock } from '../../src/lib/clock.ts';
import { createNoticeSender, signaturesOf } from '../../src/orders/notices.ts';
import { temporaryFolder } from '../support/folder.ts';
import { startPair } from '../support/pair.ts';
import { freePort } from '../support/port.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';
import {
  environmentOf,
  lackIn,
  LANGUAGES,
  preparedFolder,
  run,
  skipped,
  type Language,
} from './languages.ts';

const { shell, python, javascript, java, csharp } = LANGUAGES;
const RECEIVERS: Record<string, [Language, file: string]> = {
  python: [python, 'python/notices.py'],
  javascript: [javascript, 'javascript/notices.mjs'],
  java: [java, 'java/Notices.java'],
  csharp: [csharp, 'csharp/Notices.cs'],
};

const [secret, another] = [randomBytes(24), randomBytes(24)];
interface OrderDocument {
  dates: { report?: string; notices: { state: string }[] }[];
}

const START_MS = 30_000;
const MINUTE_S = 60;

const bodyOf = (report: string): string =>
  JSON.stringify({
    type: 'balances.ready',
    timestamp: '2026-03-03T01:05:42.000+03:00',
    data: { order: 'gece çağrısı', member: 'TIB', processDate: '20260302', report, rows: 41 },
  });

async function secretFile(): Promise<{ folder: string; file: string }> {
  const folder = await temporaryFolder();
  const file = join(folder, 'hook.secret');
  writeFileSync(file, `whsec_${secret.toString('base64')}\n`);
  return { folder, file };
}

/** The gateway's own sender, on a clock that is so many seconds away. */
function senderAt(t: TestContext, offsetSeconds = 0) {
  const clock: Clock = { ...systemClock, now: () => Date.now() + offsetSeconds * 1000 };
  const sender = createNoticeSender(clock);
  t.after(() => sender.close());
  return sender;
}

/** What it has said, and where it listens. */
async function startReceiver(t: TestContext, { env }: Language, command: string[]) {
  const { file: secretPath } = await secretFile();
  const port = await freePort();
  const [program = '', ...args] = command;
  const child = spawn(program, [...args, secretPath, String(port)], {
    env: environmentOf(env),
  });
  const said = { output: '', errors: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.output += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.errors += text));
  t.after(async () => {
    if (child.kill('SIGKILL')) await once(child, 'exit');
  });
  const isUp = (): boolean => said.output.includes(`listening on ${port}`);
  await until(() => isUp() || child.exitCode !== null, START_MS);
  assert.ok(isUp(), said.errors);
  return { said, url: `http://127.0.0.1:${port}/hook` };
}

for (const [name, [language, file]] of Object.entries(RECEIVERS)) {
  test(`${name}: believes what is signed and fresh, once, and refuses the rest`, async (t) => {
    if (skipped(t, language)) return;
    const command = language.command(file, await preparedFolder(language, file));
    const { said, url } = await startReceiver(t, language, command);
    const sender = senderAt(t);
    const target = { url, secrets: [secret] };
    const notice = { id: 'msg_1', body: bodyOf('report-1') };
    const sent = async (...[to, what]: Parameters<typeof sender.send>): Promise<unknown> => {
      const { status, error } = await sender.send(to, what);
      return status ?? error;
    };

    assert.equal(await sent(target, notice), 204);
    assert.equal(await sent(target, notice), 204, 'what comes again is taken again');
    const both = { url, secrets: [another, secret] };
    assert.equal(await sent(both, { id: 'msg_2', body: bodyOf('report-2') }), 204);

    const forged = { id: 'msg_3', body: bodyOf('report-3') };
    assert.equal(await sent({ url, secrets: [another] }, forged), 401, 'another secret');
    for (const offset of [-6 * MINUTE_S, 6 * MINUTE_S]) {
      const { status } = await senderAt(t, offset).send(target, forged);
      assert.equal(status, 401, `${offset} seconds`);
    }
    for (const offset of [-4 * MINUTE_S, 4 * MINUTE_S]) {
      const fresh = { id: `msg_4${offset}`, body: bodyOf(`report-4${offset}`) };
      assert.equal((await senderAt(t, offset).send(target, fresh)).status, 204, `${offset}`);
    }
    const timestamp = String(Math.floor(Date.now() / 1000));
    const genuine = signaturesOf([secret], forged.id, timestamp, forged.body);
    const tampered = async (change: Record<string, string>, body = forged.body) => {
      const headers = {
        'webhook-id': forged.id,
        'webhook-timestamp': timestamp,
        'webhook-signature': genuine,
        ...change,
      };
      const answer = await request(url, { method: 'POST', headers, body });
      await answer.body.dump();
      return answer.statusCode;
    };
    assert.equal(await tampered({}, forged.body.replace('41', '42')), 401, 'another body');
    assert.equal(await tampered({ 'webhook-id': 'msg_5' }), 401, 'another id');
    assert.equal(await tampered({ 'webhook-timestamp': `${Number(timestamp) + 1}` }), 401);
    assert.equal(await tampered({ 'webhook-signature': genuine.slice(0, -2) }), 401, 'a part');
    assert.equal(await tampered({ 'webhook-signature': '' }), 401, 'no signature');
    assert.equal(await tampered({ 'webhook-signature': 'v1,é v1a,x' }), 401, 'not ASCII');
    const notJson = { id: 'msg_6', body: 'x' };
    assert.equal(await sent(target, notJson), 500, 'work that fails is to be tried again');
    assert.equal(await sent(target, notJson), 500, 'and is not remembered as done');
    assert.equal(await sent(target, forged), 204, 'the genuine one is not held up by forgeries');

    await until(() => said.output.includes('report-3'));
    assert.deepEqual(said.output.trimEnd().split(/\r?\n/).slice(1), [
      'balances.ready report-1',
      'again msg_1',
      'balances.ready report-2',
      'balances.ready report-4-240',
      'balances.ready report-4240',
      'balances.ready report-3',
    ]);
  });

  test(`${name}: does not start without a secret that can be one`, async (t) => {
    if (skipped(t, language)) return;
    const folder = await preparedFolder(language, file);
    const { file: secretPath } = await secretFile();
    for (const text of ['\n', 'whsec_\n', 'a text of the house, long enough\n']) {
      writeFileSync(secretPath, text);
      const command = [...language.command(file, folder), secretPath, String(await freePort())];
      const { code, output, errors } = await run(command, language.env);
      assert.notEqual(code, 0, text);
      assert.equal(output, '');
      assert.match(errors, /must hold whsec_ and base64/);
    }
  });
}

test('a standing order of the gateway tells each of them, and counts it as told', async (t) => {
  const present = Object.entries(RECEIVERS).filter(([, [each]]) => lackIn(each) === undefined);
  const { folder } = await secretFile();
  const receivers = new Map<string, Awaited<ReturnType<typeof startReceiver>>>();
  for (const [name, [language, file]] of present) {
    const command =
      language.asRead?.(file) ?? language.command(file, await preparedFolder(language, file));
    receivers.set(name, await startReceiver(t, language, command));
  }
  const orders = [...receivers].map(([name, { url }]) => ({
    name,
    member: 'TIB',
    at: '00:00',
    date: 'yesterday',
    catchUpDays: 0,
    notify: { url, secretFile: 'hook.secret' },
  }));
  const ordersFile = join(folder, 'orders.json');
  writeFileSync(ordersFile, JSON.stringify({ orders }));
  const { get } = await startPair(t, {}, { STANDING_ORDERS_FILE: ordersFile });
  for (const [name, { said }] of receivers) {
    await until(() => said.output.includes('balances.ready'), 30_000);
    const [, report] = /^balances\.ready (\S+)\r?$/m.exec(said.output) ?? [];
    const readDay = async () =>
      ((await (await get(`/standing-orders/${name}`)).json()) as OrderDocument).dates[0];
    await until(async () => (await readDay())?.notices[0]?.state === 'delivered');
    assert.equal((await readDay())?.report, report, name);
  }
});

test('openssl: a saved notice is verified as of when it came', async (t) => {
  if (skipped(t, shell)) return;
  const { folder, file: secretPath } = await secretFile();
  const [headers, body] = [join(folder, 'headers'), join(folder, 'body')];
  const url = await serve(t, (message, response) => {
    const pairs = message.rawHeaders.map((text, at) =>
      at % 2 === 0 ? `${text}: ` : `${text}\r\n`,
    );
    writeFileSync(headers, pairs.join(''));
    void buffer(message).then((bytes) => {
      writeFileSync(body, bytes);
      response.writeHead(204).end();
    });
  });
  const verify = (...received: string[]) =>
    run([...shell.command('curl/notice.sh'), secretPath, headers, body, ...received]);
  const saved = { id: 'msg_1', body: bodyOf('report-1') };
  const save = (secrets: Buffer[]) => senderAt(t).send({ url, secrets }, saved);
  const refused = (errors: string) => ({ code: 1, output: '', errors: `refused: ${errors}\n` });

  await save([another, secret]);
  assert.deepEqual(await verify(), { code: 0, output: 'verified msg_1\n', errors: '' });
  const now = Math.floor(Date.now() / 1000);
  assert.equal((await verify(String(now + 4 * MINUTE_S))).code, 0);
  for (const offset of [-6 * MINUTE_S, 6 * MINUTE_S]) {
    const late = await verify(String(now + offset));
    assert.deepEqual(late, refused('the timestamp is too far away'));
  }
  writeFileSync(body, `${saved.body}\n`);
  assert.deepEqual(await verify(), refused('no signature is right'));
  await save([another]);
  assert.deepEqual(await verify(), refused('no signature is right'));
  for (const length of [16, 64]) {
    const key = randomBytes(length);
    writeFileSync(secretPath, `whsec_${key.toString('base64')}\n`);
    await save([key]);
    assert.equal((await verify()).code, 0, `${length} octets`);
  }
  writeFileSync(secretPath, '\n');
  assert.equal((await verify()).code, 2);
});
