/** `POST /balances/check`: the caller's ledger against a ready report, position by position. */
import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Type } from 'typebox';
import { defined } from '../../lib/defined.ts';
import { ProblemError } from '../../problems.ts';
import {
  BREAK_EXAMPLE,
  BREAKS_CSV_EXAMPLE,
  CHECK_EXAMPLE,
  LEDGER_EXAMPLE,
  CHECK_SCHEMAS,
  LedgerBreak,
  LedgerCheck,
  LedgerName,
} from '../../schemas/checks.ts';
import { answer, MemberCode, ProcessDate, refTo } from '../../schemas/common.ts';
import { problemAnswers } from '../../schemas/problems.ts';
import { ON_ROWS, tags } from '../../schemas/report-parts.ts';
import { filters } from '../../schemas/reports.ts';
import { callerOf, resolveMember } from '../request/access.ts';
import {
  describeDifferences,
  DIFFERENCE_HEADERS,
  differenceFormat,
  FORMAT_NAMES,
  notReady,
  refuseDates,
  WORKBOOK_CONTENT,
} from '../request/differences.ts';
import { aboutReport, seen } from '../request/seen.ts';
import { readerOf, requireChunks, sendStream } from '../request/send.ts';
import type { App, EdgeDeps } from '../types.ts';

const ZIP_TYPE = 'application/zip';

const endpoint = {
  schema: {
    operationId: 'checkLedger',
    tags,
    summary: 'Check a ledger against a day',
    description:
      'Compares a ledger (CSV with `,` `;` or tab, columns by header in any order: `mbrAccNo`, `subAccCode`, `isin`, ' +
      '`balanceAmount` or HESAP, ALT_HESAP, ISIN, BAKIYE; `secClassCode`, `mic`, `addDefCode` count if they are ' +
      'there) with the ready report of the same filters. It asks MKS for nothing: 409 says that the report is not ' +
      'ready, and `POST /balances` fetches it. At most 1,000,000 lines and 256 MiB. The archive that a member ' +
      'downloads from MKS is a ledger too: `application/zip`, with its password in `Ledger-Password`.\n\n' +
      'Defterinizi (CSV) hazır raporla pozisyon bazında karşılaştırır. MKS’ye istek göndermez.',
    consumes: ['text/csv', 'application/zip'],
    // Read as it comes, and so not validated.
    body: Type.Unsafe<IncomingMessage>({
      description: 'The ledger. Defter.',
      examples: [LEDGER_EXAMPLE],
    }),
    'x-request-examples': { ledger: { summary: 'One line', value: LEDGER_EXAMPLE } },
    headers: Type.Object({
      'Ledger-Password': Type.Optional(
        Type.String({
          maxLength: 200,
          description:
            'Opens the archive, of `application/zip` alone; neither logged nor kept. Arşivin parolası.',
        }),
      ),
    }),
    querystring: Type.Object(
      {
        processDate: ProcessDate,
        ledger: LedgerName,
        member: Type.Optional(MemberCode),
        tolerance: Type.Optional(
          Type.String({
            pattern: '^[0-9]{1,30}(?:\\.[0-9]{1,30})?$',
            description: 'Smaller differences count as matched. Daha küçük farklar uyumlu sayılır.',
          }),
        ),
        profile: Type.Optional(
          Type.String({
            pattern: '^[A-Za-z0-9._-]{1,64}$',
            description:
              'How the ledger is read, by `CHECK_PROFILES_FILE`. Defterin okunma profili.',
          }),
        ),
        dryRun: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 100,
            description: 'Compares nothing, and shows how so many first lines are read',
          }),
        ),
        format: Type.Optional(Type.Enum([...FORMAT_NAMES], { description: 'Wins over Accept' })),
        ...filters,
      },
      { additionalProperties: false },
    ),
    response: {
      200: answer(
        'The breaks. Uyuşmazlıklar.',
        {
          'application/json': { schema: refTo(LedgerCheck), example: CHECK_EXAMPLE },
          'application/x-ndjson': { schema: refTo(LedgerBreak), example: BREAK_EXAMPLE },
          'text/csv': { schema: Type.String(), example: BREAKS_CSV_EXAMPLE },
          ...WORKBOOK_CONTENT,
        },
        {
          ...DIFFERENCE_HEADERS,
          Location: { type: 'string', description: 'Where the record of this check is' },
        },
      ),
      ...problemAnswers([
        ...ON_ROWS.filter((slug) => slug !== 'not-found'),
        'member-forbidden',
        'payload-too-large',
        'unsupported-media-type',
      ]),
    },
  },
};

export function checkLedger(app: App, deps: EdgeDeps): void {
  for (const schema of CHECK_SCHEMAS) app.addSchema(schema);
  // In a place of its own: nowhere else is a body taken that is not JSON.
  app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers();
    const types = ['text/csv', ZIP_TYPE];
    scope.addContentTypeParser(types, (_request, body, parsed) => parsed(null, body));
    addRoute(scope, deps);
    done();
  });
}

function addRoute(app: App, deps: EdgeDeps): void {
  app.post('/balances/check', endpoint, async (request, reply) => {
    requireChunks(request);
    const { headers, query } = request;
    const {
      processDate,
      ledger,
      member: named,
      tolerance,
      profile: profileName,
      dryRun,
      format: asked,
      ...wanted
    } = query;
    const coding = headers['content-encoding'] ?? 'identity';
    if (coding.toLowerCase() !== 'identity') throw new ProblemError('unsupported-media-type');
    refuseDates({ processDate }, deps.clock.now());
    const member = resolveMember(callerOf(request), named, 'member');
    const profile = findProfile(deps, profileName);
    const zipPassword = zipPasswordOf(headers);
    const format = dryRun === undefined ? (asked ?? differenceFormat(request)) : 'json';
    const sent = {
      // A refused ledger is not read to its end, and its sender has to be told why.
      body: request.body.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
      ...defined({ announcedBytes: announced(headers['content-length']), profile, zipPassword }),
      ...readerOf(request, reply),
    };
    const about = { member, days: [processDate], what: 'breaks' } as const;
    describeDifferences(reply, format, about).header('cache-control', 'no-store');
    if (dryRun !== undefined) {
      return sendStream(request, reply, () => deps.checks.preview(sent, dryRun));
    }
    const report = await deps.desk.findReady({ member, processDate, filters: wanted });
    if (report === undefined) throw notReady([processDate]);
    request.told = { ...request.told, report: report.id };
    const act = { action: 'check.run', ...aboutReport(report), format, end: 'given' } as const;
    const id = randomUUID();
    const told = { tolerance, profile: profileName };
    await seen(deps, request, { ...act, asked: { check: id, ledger, ...defined(told) } });
    reply.header('location', `/balances/checks/${id}`);
    const check = { ...sent, id, report, ledger, format, ...defined({ tolerance }) };
    return sendStream(request, reply, () => deps.checks.read(check));
  });
}

function announced(contentLength: string | undefined): number | undefined {
  return contentLength === undefined ? undefined : Number(contentLength);
}

/** @throws ProblemError `invalid-request` for one that is not in the profiles file. */
function findProfile({ checkProfiles }: EdgeDeps, name: string | undefined) {
  const profile = checkProfiles().find((each) => each.name === name);
  if (name === undefined || profile !== undefined) return profile;
  const message = { en: 'is not a profile of the gateway', tr: 'geçitte böyle bir profil yok' };
  throw new ProblemError('invalid-request', {
    extensions: { errors: [{ path: 'profile', message }] },
  });
}

/**
 * What opens the ledger, if it is an archive: a header goes by the log and by every list of addresses.
 * @throws ProblemError `invalid-request` when it is missing.
 */
function zipPasswordOf(headers: IncomingHttpHeaders): string | undefined {
  if (!headers['content-type']?.toLowerCase().startsWith(ZIP_TYPE)) return undefined;
  const sent = headers['ledger-password'];
  if (typeof sent !== 'string' || sent === '') {
    const message = { en: 'is required for an archive', tr: 'arşiv için gerekli' };
    const errors = [{ path: 'Ledger-Password', message }];
    throw new ProblemError('invalid-request', { extensions: { errors } });
  }
  // Node reads a header's bytes as latin1: what is sent is UTF-8.
  return Buffer.from(sent, 'latin1').toString();
}
