/** The token service (MKS 3.2): always open, plain JSON, not signed; only the gateway itself calls it. */
import type { ServiceFacts } from './service.ts';

export const auth: Pick<ServiceFacts, 'name' | 'hoursGroup' | 'authorities'> = {
  name: 'auth',
  authorities: [{ function: 'ONLINE_AUTHENTICATE_USER', messageType: 'YT' }],
};
