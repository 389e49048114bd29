/** The upstream services that callers may name. A new one is one file and one line here. */
import { balanceReport } from './balance-report.ts';
import { mfundTradeDetails } from './mfund-trade-details.ts';
import { reportContent } from './report-content.ts';
import { reportStatus } from './report-status.ts';
import type { ServiceFacts } from './service.ts';

/** All but the token service, which only the gateway itself calls. */
export const catalogue: readonly ServiceFacts[] = [
  balanceReport,
  reportStatus,
  reportContent,
  mfundTradeDetails,
];

/** The service of that name, if there is one. */
export function findService(name: string): ServiceFacts | undefined {
  return catalogue.find((service) => service.name === name);
}

export { auth } from './auth.ts';
export { balanceReport } from './balance-report.ts';
export { reportContent } from './report-content.ts';
export { reportStatus } from './report-status.ts';
export type { Incomplete, ReportAnswer, Said, Service, ServiceFacts } from './service.ts';
