/** `GET /service-hours`: when each group of services is open. */
import { Type } from 'typebox';
import { istanbulTimestamps, toIstanbulTimestamp } from '../../lib/dates.ts';
import { defined } from '../../lib/defined.ts';
import type { Language, Localised } from '../../lib/localised.ts';
import { preferredLanguage } from '../../lib/negotiation.ts';
import type { HoursGroup, ServiceWindow } from '../../mks/hours.ts';
import { auth } from '../../mks/services/catalogue.ts';
import type { App, EdgeDeps } from '../types.ts';
import { CONTENT_LANGUAGE, jsonAnswer, named, refTo, Timestamp } from '../../schemas/common.ts';
import { ON_REFERENCE, problemAnswers } from '../../schemas/problems.ts';

const ServiceHoursGroup = named(
  'ServiceHoursGroup',
  Type.Object(
    {
      group: Type.Integer({ minimum: 1, maximum: 4 }),
      services: Type.Array(Type.String()),
      window: Type.String({ description: 'HH:MM-HH:MM, Istanbul', examples: ['01:00-23:00'] }),
      open: Type.Boolean({ description: 'Open now. Şu anda açık.' }),
      opensAt: Type.Optional(Timestamp),
      closesAt: Type.Optional(Timestamp),
      note: Type.Optional(Type.String({ description: 'What the hours leave out. Açıklama.' })),
    },
    { description: 'One group of services; one that never closes has no times' },
  ),
);

const ServiceOfGroup = named(
  'ServiceOfGroup',
  Type.Object(
    {
      name: Type.String(),
      group: Type.Optional(Type.Integer({ minimum: 1, maximum: 4 })),
      alwaysOpen: Type.Boolean({ description: 'In no group and open at all hours' }),
    },
    { description: 'One service of MKS and the group whose hours are its own' },
  ),
);

const ServiceHoursList = named(
  'ServiceHoursList',
  Type.Object(
    {
      now: Timestamp,
      services: Type.Array(refTo(ServiceOfGroup)),
      items: Type.Array(refTo(ServiceHoursGroup)),
    },
    { description: 'When MKS is open. MKS hizmet saatleri.' },
  ),
);

const endpoint = {
  schema: {
    operationId: 'readServiceHours',
    tags: ['reference'],
    summary: 'Read the service hours',
    description:
      'Every service of MKS with its group; each group with its window and whether it is open. ' +
      'Hizmet saatleri.',
    response: {
      200: jsonAnswer(
        'The groups. Gruplar.',
        refTo(ServiceHoursList),
        {
          now: '2025-05-06T10:15:00.000+03:00',
          services: [
            { name: 'auth', alwaysOpen: true },
            { name: 'reports/async-report-status', group: 4, alwaysOpen: false },
          ],
          items: [
            {
              group: 4,
              services: ['reports/async-report-status'],
              window: '01:00-23:00',
              open: true,
              opensAt: '2025-05-07T01:00:00.000+03:00',
              closesAt: '2025-05-06T23:00:00.000+03:00',
            },
          ],
        },
        CONTENT_LANGUAGE,
      ),
      ...problemAnswers(ON_REFERENCE),
    },
  },
};

const GROUPS: readonly HoursGroup[] = [1, 2, 3, 4];

/** Where MKS's calendar may say more than ours (MKS 8). */
const NOTES: Partial<Record<HoursGroup, Localised>> = {
  2: {
    en:
      'Counts Monday to Friday. Public holidays and half days are not known here; on those MKS ' +
      'itself refuses.',
    tr:
      'Pazartesi-cuma sayılır. Resmî tatiller ve yarım günler burada bilinmez; o günlerde isteği ' +
      'MKS reddeder.',
  },
  3: {
    en: 'Counts every day. Holidays are not known here; should there be any, MKS itself refuses.',
    tr: 'Her gün sayılır. Tatiller burada bilinmez; tatil varsa isteği MKS reddeder.',
  },
};

export function readServiceHours(app: App, deps: EdgeDeps): void {
  for (const schema of [ServiceHoursGroup, ServiceOfGroup, ServiceHoursList]) app.addSchema(schema);
  app.get('/service-hours', endpoint, (request, reply) => {
    const now = deps.clock.now();
    const language = preferredLanguage(request.headers['accept-language']);
    return reply
      .header('content-language', language)
      .header('vary', 'Accept-Language')
      .send({
        now: toIstanbulTimestamp(now),
        // The gateway alone calls the login, but its hours are worth knowing too.
        services: [auth, ...deps.services].map(({ name, hoursGroup }) => ({
          name,
          ...defined({ group: hoursGroup }),
          alwaysOpen: hoursGroup === undefined,
        })),
        items: GROUPS.map((group) => describeGroup(deps, group, now, language)),
      });
  });
}

function describeGroup(deps: EdgeDeps, group: HoursGroup, now: number, language: Language) {
  const opensAt = deps.hours.opensAt(group, now);
  const closesAt = deps.hours.closesAt(group, now);
  const open = deps.hours.isOpen(group, now);
  return {
    group,
    services: deps.services
      .filter(({ hoursGroup }) => hoursGroup === group)
      .map(({ name }) => name),
    window: windowText(deps.hours.windows[group]),
    open,
    ...istanbulTimestamps({ opensAt, closesAt }),
    ...defined({ note: NOTES[group]?.[language] }),
  };
}

function windowText(window: ServiceWindow): string {
  return `${clockTime(window.startMinute)}-${clockTime(window.endMinute)}`;
}

function clockTime(minute: number): string {
  return `${twoDigits(Math.floor(minute / 60))}:${twoDigits(minute % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
