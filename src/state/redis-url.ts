/** Reads the address of a Redis: one server, one server over TLS, a unix socket, or sentinels. */
import { isIP } from 'node:net';
import type { RedisOptions } from 'ioredis';
import type { Localised } from '../lib/localised.ts';

const SENTINEL_PORT = 26379;
const REDIS_PORT = 6379;

/** What is wrong with an address, without repeating it: it may hold a password. */
export class RedisUrlError extends Error {
  override readonly name = 'RedisUrlError';
  readonly text: Localised;

  constructor(en: string, tr: string) {
    super(en);
    this.text = { en, tr };
  }
}

/**
 * Turns a Redis address into ioredis options.
 *
 * `redis://`, `rediss://` (TLS), `redis+sentinel://host:port,host:port/master` and `unix:/path`;
 * each may bear `user:password@`, and a database number as the last part of its path.
 * @throws RedisUrlError.
 */
export function parseRedisUrl(address: string): RedisOptions {
  if (address.startsWith('redis+sentinel://')) return parseSentinels(address);
  if (address.startsWith('unix:')) return parseSocket(address);
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !['redis:', 'rediss:'].includes(url.protocol) || url.hostname === '') {
    throw new RedisUrlError(
      'must be redis://host:port, rediss://host:port or redis+sentinel://host:port,host:port/master',
      'şu biçimde olmalı: redis://host:port, rediss://host:port ya da redis+sentinel://host:port,host:port/master',
    );
  }
  refuseParameters(url);
  // URL keeps the brackets of an IPv6 address; a socket does not want them.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  return {
    host,
    port: url.port === '' ? REDIS_PORT : Number(url.port),
    ...login(url),
    ...database(url.pathname.slice(1)),
    ...(url.protocol === 'rediss:' ? { tls: isIP(host) ? {} : { servername: host } } : {}),
  };
}

function parseSentinels(address: string): RedisOptions {
  const match = /^redis\+sentinel:\/\/(?:([^@]*)@)?([^/@]+)\/([^/?#]+)(?:\/([^/?#]*))?$/.exec(
    address,
  );
  const [, userInfo, hosts, master, databaseText] = match ?? [];
  const sentinels = (hosts ?? '').split(',').map((text) => `redis://${text}`);
  const areHosts = sentinels.every((text) => URL.canParse(text) && new URL(text).hostname !== '');
  if (master === undefined || !areHosts) {
    throw new RedisUrlError(
      'must be redis+sentinel://host:port,host:port/master',
      'şu biçimde olmalı: redis+sentinel://host:port,host:port/master',
    );
  }
  return {
    name: decode(master),
    sentinels: sentinels.map((text) => {
      const { hostname, port } = new URL(text);
      return {
        host: hostname.replace(/^\[(.*)\]$/, '$1'),
        port: port === '' ? SENTINEL_PORT : Number(port),
      };
    }),
    ...(userInfo === undefined ? {} : login(parseUserInfo(userInfo))),
    ...database(databaseText ?? ''),
  };
}

function parseSocket(address: string): RedisOptions {
  const url = new URL(address);
  return { path: decode(url.pathname) };
}

function parseUserInfo(userInfo: string): URL {
  // A URL would take what stands before these for its host, and none for the password.
  if (/[/?#]/.test(userInfo))
    throw new RedisUrlError(
      'the user and password before @ cannot be read',
      '@ öncesindeki kullanıcı ve parola okunamıyor',
    );
  return new URL(`redis://${userInfo}@sentinel`);
}

function login(url: URL): RedisOptions {
  return {
    ...(url.username === '' ? {} : { username: decode(url.username) }),
    ...(url.password === '' ? {} : { password: decode(url.password) }),
  };
}

function database(text: string): RedisOptions {
  if (text === '') return {};
  if (!/^\d{1,4}$/.test(text))
    throw new RedisUrlError(
      'the database after the last / must be a number',
      'son / sonrasındaki veritabanı bir sayı olmalı',
    );
  return { db: Number(text) };
}

function refuseParameters(url: URL): void {
  if (url.search !== '' || url.hash !== '')
    throw new RedisUrlError('must not hold a ? or # part', '? veya # bölümü içeremez');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError(
      'holds a % that is not followed by two hexadecimal digits',
      'iki onaltılık rakam izlemeyen bir % içeriyor',
    );
  }
}
