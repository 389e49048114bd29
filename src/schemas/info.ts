/** The head of the OpenAPI document. */
import { VERSION } from '../lib/version.ts';

export const API_INFO = {
  title: 'MKS gateway',
  version: VERSION,
  description:
    'Balances and other reports of MKS, the core system of the Turkish central securities ' +
    'depository, for in-house systems: the gateway logs in, signs, queues, waits, verifies, ' +
    'unlocks and answers with rows.\n\n' +
    'Start with `POST /balances`. Every failure is a problem document (RFC 9457); its `type` is ' +
    'the address of a page that says what to do.\n\n' +
    'Merkezi kayıt sistemindeki bakiyeleri ve diğer raporları kurum içi sistemlere sunar: oturum ' +
    'açar, imzalar, sıraya koyar, bekler, doğrular, açar ve satırları verir. `POST /balances` ile ' +
    'başlayın.',
  license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
};

export const API_TAGS = [
  { name: 'balances', description: 'Balance reports and their rows. Bakiye raporları.' },
  {
    name: 'standing orders',
    description: 'What is asked for day by day, by itself. Sürekli talimatlar.',
  },
  {
    name: 'mks',
    description: 'Signed calls to MKS, passed through. MKS servislerine imzalı çağrı.',
  },
  { name: 'reference', description: 'Service hours and result codes. Hizmet saatleri ve kodlar.' },
  { name: 'operations', description: 'Health and this document. Sağlık ve bu belge.' },
] as const;
