/** The services of MKS that the sandbox plays: their names, paths and hours. */

/** Service hours in minutes since midnight in Istanbul (MKS 8); the login is always open. */
const GROUP_HOURS = { 1: [60, 1380], 4: [60, 1380] } as const;

interface Facts {
  path: string;
  /** Absent: always open. */
  group?: keyof typeof GROUP_HOURS;
}

const SERVICES = {
  auth: { path: '/v1/auth' },
  'balance-report': { path: '/v1/reports/account/balance-report', group: 1 },
  'async-report-status': { path: '/v1/reports/async-report-status', group: 4 },
  'async-report-content': { path: '/v1/reports/async-report-content', group: 1 },
  getMfundTradeDetails: { path: '/v1/yf/getMfundTradeDetails', group: 1 },
} as const satisfies Record<string, Facts>;

export type ServiceName = keyof typeof SERVICES;

export const SERVICE_NAMES = Object.keys(SERVICES) as ServiceName[];

/** The path that the service is asked at. */
export function pathOf(service: ServiceName): string {
  return SERVICES[service].path;
}

/** The service at this path. */
export function serviceAt(path: string): ServiceName | undefined {
  return SERVICE_NAMES.find((name) => pathOf(name) === path);
}

/** Whether the service is open at this minute of the day in Istanbul. */
export function isOpen(service: ServiceName, minute: number): boolean {
  const { group }: Facts = SERVICES[service];
  if (group === undefined) return true;
  const [opens, closes] = GROUP_HOURS[group];
  return minute >= opens && minute < closes;
}
