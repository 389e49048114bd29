/** The token service (MKS 3.2): always open, plain JSON, not signed. */
import { Type } from 'typebox';
import type { ServiceFacts } from './service.ts';

export const auth: ServiceFacts = {
  name: 'auth',
  request: Type.Object(
    {
      username: Type.String({ pattern: '^[A-Z0-9]{3,10}$' }),
      password: Type.String({ minLength: 6, maxLength: 10 }),
    },
    { additionalProperties: false },
  ),
  givesFile: false,
  authorities: [{ function: 'ONLINE_AUTHENTICATE_USER', messageType: 'YT' }],
  summary: { en: 'Log in and get a token', tr: 'Oturum aç ve token al' },
};
