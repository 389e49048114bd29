import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createPrivateKey, createSign, X509Certificate } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { runCommand, temporaryFolder } from '../scripts/run.ts';

const openssl = (...options: string[]): string =>
  execFileSync('openssl', options, { encoding: 'utf8' });

const TITLE = 'ÖRNEK YATIRIM MENKUL DEĞERLER ANONİM ŞİRKETİ';

test("a key and a certificate by MKK's rules, as openssl reads them", (t) => {
  const out = join(temporaryFolder(t), 'keys');
  const args = ['--member', 'TIB', '--title', TITLE, '--city', 'İstanbul', '--out', out];
  const { code, output, errors } = runCommand('certificate', [...args, '--district', 'Şişli']);
  assert.equal(code, 0, errors);

  const [keyFile, pemFile, cerFile] = ['key', 'pem', 'cer'].map((end) => join(out, `TIB.${end}`));
  assert.ok(keyFile !== undefined && pemFile !== undefined && cerFile !== undefined);
  const text = openssl(
    'x509',
    '-in',
    pemFile,
    '-noout',
    '-text',
    '-nameopt',
    'utf8,sep_comma_plus',
  );
  const name = `C=TR,ST=İstanbul,L=Şişli,O=TIB,CN=${TITLE}`;
  assert.ok(text.includes(`Subject: ${name}`), text);
  assert.ok(text.includes(`Issuer: ${name}`), text);
  assert.match(text, /Signature Algorithm: sha256WithRSAEncryption/);
  assert.match(text, /Public-Key: \(4096 bit\)/);
  assert.match(openssl('asn1parse', '-in', pemFile), /commonName\n.*UTF8STRING/);
  assert.match(openssl('verify', '-CAfile', pemFile, pemFile), /OK/);
  assert.equal(
    openssl('x509', '-in', pemFile, '-noout', '-pubkey'),
    openssl('pkey', '-in', keyFile, '-pubout'),
  );
  const fingerprint = openssl('x509', '-in', pemFile, '-noout', '-fingerprint', '-sha256');
  assert.ok(output.includes(fingerprint.trim().split('=')[1] ?? '?'), output);

  assert.ok(readFileSync(keyFile, 'utf8').startsWith('-----BEGIN PRIVATE KEY-----'));
  assert.equal(statSync(keyFile).mode & 0o777, 0o600);
  const certificate = new X509Certificate(readFileSync(pemFile));
  assert.ok(certificate.raw.equals(readFileSync(cerFile)));
  const { validFromDate, validToDate } = certificate;
  assert.equal(validToDate.getTime() - validFromDate.getTime(), 700 * 86_400_000);
  assert.ok(validFromDate.getTime() <= Date.now());

  const again = runCommand('certificate', args);
  assert.equal(again.code, 1);
  assert.match(again.errors, /TIB\.key.*is not overwritten/);
  assert.ok(certificate.raw.equals(readFileSync(cerFile)));
});

test('the key can be encrypted with a passphrase', (t) => {
  const folder = temporaryFolder(t);
  const passphraseFile = join(folder, 'pass');
  writeFileSync(passphraseFile, 'öp en sesame\n');
  const args = ['--member', 'AKY', '--title', 'AKY', '--days', '365', '--out', folder];
  const { code, errors } = runCommand('certificate', [
    ...args,
    '--passphrase-file',
    passphraseFile,
  ]);
  assert.equal(code, 0, errors);
  const key = readFileSync(join(folder, 'AKY.key'));
  assert.throws(() => createPrivateKey(key));
  const opened = createPrivateKey({ key, passphrase: 'öp en sesame' });
  const certificate = new X509Certificate(readFileSync(join(folder, 'AKY.pem')));
  assert.ok(certificate.checkPrivateKey(opened));
  assert.ok(createSign('sha256').update('x').sign(opened).length === 512);
});

test('the options of before are refused, and the new ones told', (t) => {
  const out = join(temporaryFolder(t), 'keys');
  const args = ['--member', 'TIB', '--title', 'T', '--out', out];
  const old = ['--state', 'İstanbul', '--locality', 'Sarıyer'];
  const { code, errors } = runCommand('certificate', [...args, ...old]);
  assert.equal(code, 2);
  assert.match(errors, /--state is called --city now\n--locality is called --district now/);
  assert.throws(() => statSync(out));
});

test('every mistake on the command line is named, and nothing is written', (t) => {
  const out = join(temporaryFolder(t), 'keys');
  const wrong = ['--member', 'tib', '--days', '364', '--country', 'Turkey', '--out', out];
  const { code, errors } = runCommand('certificate', wrong);
  assert.equal(code, 2);
  for (const option of ['--member must', '--title is', '--days must be 365 to 730', '--country']) {
    assert.ok(errors.includes(option), errors);
  }
  assert.throws(() => statSync(out));
  for (const days of ['731', '0x1ff', '400.5', '-400', '']) {
    const args = ['--member', 'TIB', '--title', 'T', `--days=${days}`, '--out', out];
    assert.equal(runCommand('certificate', args).code, 2);
  }
  assert.equal(runCommand('certificate', ['--unknown']).code, 2);
});

test('in Turkish where the terminal is', (t) => {
  const env = { ...process.env, LC_ALL: 'tr_TR.UTF-8' };
  const out = temporaryFolder(t);
  const args = ['--member', 'TIB', '--title', TITLE, '--out', out];
  const { code, output } = runCommand('certificate', args, env);
  assert.equal(code, 0);
  assert.match(
    output,
    /^4096 bitlik RSA [^]*TIB\.cer   aynı sertifika[^]*parmak izi   [0-9A-F]{2}:/,
  );
  assert.match(output, /3\. Üye dosyasında \S*TIB\.key ve \S*TIB\.pem dosyalarının adını verin\./);
  assert.match(runCommand('certificate', args, env).errors, /TIB\.key, .*zaten var/);

  const empty = join(out, 'empty');
  writeFileSync(empty, '\n');
  const passphrase = runCommand('certificate', [...args, '--passphrase-file', empty], env);
  assert.match(passphrase.errors, /^--passphrase-file: dosya boş/);
  const long = ['--city', 'x'.repeat(129), '--state', 'S', '--days', '1', '--country', 'tr'];
  const { code: wrong, errors } = runCommand('certificate', long, env);
  assert.equal(wrong, 2);
  for (const mistake of [
    '--state seçeneğinin adı artık --city',
    '--member: 3–8 büyük harf',
    '--title: kurumun unvanı eksik',
    '--city: en çok 128 karakter',
    '--country: iki büyük harf',
    '--days: 365 ile 730 arası',
  ])
    assert.ok(errors.includes(mistake), errors);
});
