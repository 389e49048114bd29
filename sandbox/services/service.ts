/** The services of MKS that the sandbox plays: their names, paths and hours. */

export const SERVICE_PATHS = {
  auth: '/v1/auth',
  'balance-report': '/v1/reports/account/balance-report',
  'async-report-status': '/v1/reports/async-report-status',
  'async-report-content': '/v1/reports/async-report-content',
  getMfundTradeDetails: '/v1/yf/getMfundTradeDetails',
} as const;

export type ServiceName = keyof typeof SERVICE_PATHS;

export const SERVICE_NAMES = Object.keys(SERVICE_PATHS) as ServiceName[];

/** Service hours in minutes since midnight in Istanbul (MKS 8); the login is always open. */
const GROUP_HOURS = { 1: [60, 1380], 4: [60, 1380] } as const;
const GROUPS: Record<ServiceName, keyof typeof GROUP_HOURS | undefined> = {
  auth: undefined,
  'balance-report': 1,
  'async-report-status': 4,
  'async-report-content': 1,
  getMfundTradeDetails: 1,
};

/** The service at this path. */
export function serviceAt(path: string): ServiceName | undefined {
  return SERVICE_NAMES.find((name) => SERVICE_PATHS[name] === path);
}

/** Whether the service is open at this minute of the day in Istanbul. */
export function isOpen(service: ServiceName, minute: number): boolean {
  const group = GROUPS[service];
  if (group === undefined) return true;
  const [opens, closes] = GROUP_HOURS[group];
  return minute >= opens && minute < closes;
}
