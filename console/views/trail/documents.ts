/** The access trail as the gateway tells it. */
import type { Localised } from '../../lib/localised.ts';

export interface TrailEntry {
  time: string;
  chain: string;
  number: number;
  action: string;
  client?: string;
  address?: string;
  requestId?: string;
  member?: string;
  members?: string[];
  processDate?: string;
  report?: string;
  rows?: number;
  format?: string;
  service?: string;
  route?: string;
  count?: number;
  end?: string;
}

export const ACTIONS: Record<string, Localised> = {
  'balances.asked': { en: 'asked for balances', tr: 'bakiye istedi' },
  'rows.read': { en: 'read rows', tr: 'satırları okudu' },
  'file.read': { en: 'read MKS’s file', tr: 'MKS dosyasını okudu' },
  'changes.read': { en: 'read changes', tr: 'değişiklikleri okudu' },
  'check.run': { en: 'checked a ledger', tr: 'defter kontrolü yaptı' },
  'service.called': { en: 'called a service', tr: 'servis çağırdı' },
  delivered: { en: 'was delivered to', tr: 'teslim aldı' },
  'exchanges.read': { en: 'read the messages to MKS', tr: 'MKS yazışmalarını okudu' },
  'trail.read': { en: 'read the trail', tr: 'izi okudu' },
  'member.paused': { en: 'paused a member', tr: 'üyeyi durdurdu' },
  'member.resumed': { en: 'resumed a member', tr: 'üyeyi başlattı' },
  denied: { en: 'was refused', tr: 'reddedildi' },
  'config.changed': { en: 'configuration changed', tr: 'yapılandırma değişti' },
  started: { en: 'gateway started', tr: 'geçit başladı' },
  stopped: { en: 'gateway stopped', tr: 'geçit durdu' },
  'chain.begun': { en: 'chain begun', tr: 'zincir başladı' },
  'segment.begun': { en: 'file begun', tr: 'dosya başladı' },
  'trail.cut': { en: 'old files removed', tr: 'eski dosyalar silindi' },
  'checkpoint.stamped': { en: 'checkpoint stamped', tr: 'imzalı nokta damgalandı' },
  checkpoint: { en: 'checkpoint', tr: 'imzalı nokta' },
};
