/** What a configuration comes to, for the first line of the log: never a secret. */
import type { Configuration } from '../config.ts';
import { VERSION } from '../lib/version.ts';
import { parseRedisUrl } from '../state/redis-url.ts';

export interface ConfigurationSummary {
  version: string;
  environment: string;
  line: string;
  /** MKS's address. */
  mks: string;
  /** Member codes. */
  members: string[];
  /** `embedded`, or where it is; of an address the hosts alone. */
  redis: string;
  dataDir: string;
}

export function summaryOf({ config, credentials }: Configuration): ConfigurationSummary {
  const { environment, line, baseUrl, redisUrl, dataDir } = config;
  return {
    version: VERSION,
    environment,
    line,
    mks: baseUrl,
    members: [...credentials.members.keys()],
    redis: redisUrl === undefined ? 'embedded' : hostsOf(redisUrl),
    dataDir,
  };
}

function hostsOf(redisUrl: string): string {
  const { host, port, path, sentinels, name } = parseRedisUrl(redisUrl);
  if (sentinels) {
    const hosts = sentinels.map((sentinel) => `${sentinel.host}:${sentinel.port}`);
    return `${name} of ${hosts.join(', ')}`;
  }
  return path ?? `${host}:${port}`;
}
