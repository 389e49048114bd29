/** The addresses that the gateway listens on and speaks to. */
import { BlockList, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Place } from './findings.ts';

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** MKK's four hosts (MKS, hosts). */
const HOSTS = {
  test: {
    internet: 'https://apitestint.mkk.com.tr',
    exchange: 'https://apitest.mkk.com.tr',
  },
  production: {
    internet: 'https://apiint.mkk.com.tr',
    exchange: 'https://api.mkk.com.tr',
  },
} as const;

/** Where MKS is: its environment and the line that leads to it. */
export function defaultBaseUrl(
  environment: keyof typeof HOSTS,
  line: keyof (typeof HOSTS)['test'],
): string {
  return HOSTS[environment][line];
}

/** Whether a host name or an IP stays on this machine. Names but `localhost` are not looked up. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true;
  const family = isIP(host);
  return family !== 0 && LOOPBACK.check(host, family === 4 ? 'ipv4' : 'ipv6');
}

/** MKS_BASE_URL: https, or http to this machine; origin and path without a slash at the end. */
export function checkBaseUrl(text: string, place: Place): string | undefined {
  const url = parseUrl(text, place);
  if (url === undefined) return undefined;
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    place.mistake(
      'must hold neither a user, nor a password, nor a ? or # part',
      'kullanıcı, parola, ? ve # bölümü içeremez',
    );
    return undefined;
  }
  if (url.protocol === 'http:' && !isLoopback(bareHost(url))) {
    place.mistake(
      'must be https: plain http is for loopback addresses alone',
      'https olmalı: düz http yalnız bu makine içindir',
    );
    return undefined;
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
}

/**
 * TRAIL_TIMESTAMP_URL: what comes back is signed, so plain http does where we know whose signature it has to
 * be; and to this machine.
 * @param knowsAuthority whether TRAIL_TIMESTAMP_CA_FILE says so.
 */
export function checkStampUrl(
  text: string,
  place: Place,
  knowsAuthority: boolean,
): string | undefined {
  const url = parseUrl(text, place);
  if (url === undefined) return undefined;
  if (url.username !== '' || url.password !== '' || url.hash !== '') {
    place.mistake(
      'must hold neither a user, nor a password, nor a # part',
      'kullanıcı, parola ve # bölümü içeremez',
    );
    return undefined;
  }
  if (url.protocol === 'http:' && !knowsAuthority && !isLoopback(bareHost(url))) {
    place.mistake(
      'is plain http: name in TRAIL_TIMESTAMP_CA_FILE who may sign the stamps, or use https',
      'düz http: damgaları kimin imzalayabileceğini TRAIL_TIMESTAMP_CA_FILE ile verin ya da https kullanın',
    );
    return undefined;
  }
  return url.href;
}

/** MKS_PROXY_URL: an http or https proxy, perhaps with a user and password. */
export function checkProxyUrl(text: string, place: Place): string | undefined {
  const url = parseUrl(text, place);
  if (url === undefined) return undefined;
  if (url.pathname !== '/' || url.search !== '' || url.hash !== '') {
    place.mistake('must hold no path', 'yol içeremez');
    return undefined;
  }
  return url.href;
}

function parseUrl(text: string, place: Place): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && ['http:', 'https:'].includes(url.protocol)) return url;
  place.mistake('must be an http or https URL', 'http veya https adresi olmalı');
  return undefined;
}

function bareHost(url: URL): string {
  return url.hostname.replace(/^\[(.*)\]$/, '$1');
}

/** MKS_HOST_ADDRESS: an IP. */
export function checkIp(text: string, place: Place): string | undefined {
  if (isIP(text) !== 0) return text;
  place.mistake('must be an IP address', 'bir IP adresi olmalı');
  return undefined;
}

/** MKS_EGRESS_ADDRESS: an IP that this machine has, or connections could not be bound to it. */
export function checkLocalIp(text: string, place: Place): string | undefined {
  const address = checkIp(text, place);
  if (address === undefined) return undefined;
  // All of 127.0.0.0/8 is this machine's, though only one address of it is listed.
  if (isIP(address) === 4 && isLoopback(address)) return address;
  const own = new BlockList();
  for (const entry of Object.values(networkInterfaces()).flat()) {
    if (entry !== undefined)
      own.addAddress(entry.address, entry.family === 'IPv4' ? 'ipv4' : 'ipv6');
  }
  if (own.check(address, isIP(address) === 4 ? 'ipv4' : 'ipv6')) return address;
  place.mistake('is not an address of this machine', 'bu makinenin adresi değil');
  return undefined;
}

/** The parts of the way to MKS, each checked by itself. */
export interface Route {
  baseUrl: string;
  egressAddress?: string;
  hostAddress?: string;
  proxyUrl?: string;
}

/** Notes what cannot go together: addresses of two kinds, and plain http that would leave this machine. */
export function checkRoute(route: Route, place: (variable: string) => Place): void {
  const { egressAddress, hostAddress, proxyUrl } = route;
  const base = new URL(route.baseUrl);
  const proxyHost = proxyUrl === undefined ? undefined : bareHost(new URL(proxyUrl));
  if (base.protocol === 'http:') {
    const notThere = [
      'must be a loopback address: MKS_BASE_URL is plain http',
      'makine içi bir adres olmalı: MKS_BASE_URL düz http',
    ] as const;
    if (hostAddress !== undefined && !isLoopback(hostAddress)) {
      place('MKS_HOST_ADDRESS').mistake(...notThere);
    }
    if (proxyHost !== undefined && !isLoopback(proxyHost)) {
      place('MKS_PROXY_URL').mistake(...notThere);
    }
  }
  // What we connect to ourselves; of a name nobody knows yet what it stands for.
  const peer = proxyHost ?? hostAddress ?? bareHost(base);
  if (egressAddress === undefined || isIP(peer) === 0) return;
  const egress = place('MKS_EGRESS_ADDRESS');
  if (isIP(egressAddress) !== isIP(peer)) {
    egress.mistake(
      `is IPv${isIP(egressAddress)}, and ${peer} cannot be reached from it`,
      `IPv${isIP(egressAddress)}, ${peer} adresine buradan ulaşılamaz`,
    );
  } else if (isLoopback(egressAddress) && !isLoopback(peer)) {
    egress.mistake(
      `is a loopback address, and ${peer} cannot be reached from it`,
      `makine içi bir adres, ${peer} adresine buradan ulaşılamaz`,
    );
  }
}
