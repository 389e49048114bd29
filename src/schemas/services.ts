/** Schemas of the pass-through, service hours, result codes and problem pages. */
import { Type } from 'typebox';
import { CODE_KINDS } from '../mks/codes.ts';
import { named, refTo, Timestamp } from './common.ts';

export const MksPayload = named(
  'MksPayload',
  Type.Object(
    {},
    {
      additionalProperties: true,
      description: "MKS's verified answer, unknown fields and all. Doğrulanmış MKS yanıtı.",
    },
  ),
);

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
    },
    { description: 'One group of services; one that never closes has no times' },
  ),
);

export const ServiceHoursList = named(
  'ServiceHoursList',
  Type.Object(
    { now: Timestamp, items: Type.Array(refTo(ServiceHoursGroup)) },
    { description: 'When MKS is open. MKS hizmet saatleri.' },
  ),
);

const ResultCodeEntry = named(
  'ResultCode',
  Type.Object(
    {
      code: Type.String(),
      meaning: Type.String(),
      kind: Type.Enum([...CODE_KINDS]),
      mends: Type.Enum(['nobody', 'caller', 'member', 'gateway', 'mkk'], {
        description: 'Who can put it right',
      }),
      retryable: Type.Boolean(),
      authorities: Type.Array(
        Type.Object({ function: Type.String(), messageType: Type.String() }),
        { description: 'What to look for in screen YT14' },
      ),
    },
    { description: 'One result code of MKS. MKS sonuç kodu.' },
  ),
);

export const ResultCodeList = named(
  'ResultCodeList',
  Type.Object({ items: Type.Array(refTo(ResultCodeEntry)) }),
);

export const ProblemPage = named(
  'ProblemPage',
  Type.Object(
    {
      type: Type.String(),
      status: Type.Integer(),
      title: Type.String(),
      meaning: Type.String(),
      remedy: Type.String(),
    },
    { description: 'What a problem means and what to do. Sorunun anlamı ve çözümü.' },
  ),
);

/** Every named schema of this file, in the order in which they refer to each other. */
export const OTHER_SCHEMAS = [
  MksPayload,
  ServiceHoursGroup,
  ServiceHoursList,
  ResultCodeEntry,
  ResultCodeList,
  ProblemPage,
];
