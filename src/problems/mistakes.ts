/** The mistakes of a request, all parts of it at once, in words for people. */
import type { FastifyRequest, FastifySchemaValidationError } from 'fastify';
import type { Localised, Mistake } from '../problems.ts';

const PARTS = ['params', 'body', 'querystring', 'headers'] as const;
type Part = (typeof PARTS)[number];

/**
 * Validates every part of the request against its schema. Fastify itself stops at the first part
 * that is wrong; a caller is helped by the whole list.
 */
export function schemaMistakes(request: FastifyRequest): Mistake[] {
  return PARTS.flatMap((part) => {
    const validate = request.getValidationFunction(part);
    if (validate === undefined || validate(partOf(request, part)) === true) return [];
    return inWords(part, validate.errors ?? []);
  });
}

function partOf(request: FastifyRequest, part: Part): unknown {
  if (part === 'querystring') return request.query;
  if (part === 'headers') return request.headers;
  return part === 'body' ? (request.body ?? null) : request.params;
}

function inWords(part: Part, errors: readonly FastifySchemaValidationError[]): Mistake[] {
  // Of a choice between constants only the choice itself is worth a word, not each that failed.
  const choices = new Set(
    errors.filter(({ keyword }) => keyword === 'anyOf').map(({ instancePath }) => instancePath),
  );
  return errors
    .filter(({ keyword, instancePath }) => keyword === 'anyOf' || !choices.has(instancePath))
    .map((error) => ({ path: pathOf(part, error), message: messageOf(error) }));
}

/** A JSON Pointer into the body; of the other parts, whose members are flat, the name. */
function pathOf(part: Part, error: FastifySchemaValidationError): string {
  const name = error.params['missingProperty'] ?? error.params['additionalProperty'];
  const path =
    name === undefined
      ? error.instancePath
      : `${error.instancePath}/${escapePointer(String(name))}`;
  return part === 'body' ? path : path.replace(/^\//, '');
}

function escapePointer(name: string): string {
  return name.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1');
}

function messageOf(error: FastifySchemaValidationError): Localised {
  const { params } = error;
  switch (error.keyword) {
    case 'required':
      return { en: 'is required', tr: 'gerekli' };
    case 'additionalProperties':
      return { en: 'is not known here', tr: 'burada bilinmiyor' };
    case 'type':
      return { en: `must be ${params['type']}`, tr: `türü ${params['type']} olmalı` };
    case 'pattern':
      return {
        en: `must match ${params['pattern']}`,
        tr: `şu kalıba uymalı: ${params['pattern']}`,
      };
    case 'enum': {
      const allowed = [params['allowedValues']].flat().join(', ');
      return { en: `must be one of ${allowed}`, tr: `şunlardan biri olmalı: ${allowed}` };
    }
    case 'anyOf':
      return { en: 'is none of the allowed values', tr: 'izin verilen değerlerden biri değil' };
    case 'minLength':
      return {
        en: `must have ${params['limit']} characters or more`,
        tr: `en az ${params['limit']} karakter olmalı`,
      };
    case 'maxLength':
      return {
        en: `must have at most ${params['limit']} characters`,
        tr: `en çok ${params['limit']} karakter olmalı`,
      };
    case 'minimum':
      return { en: `must be ${params['limit']} or more`, tr: `en az ${params['limit']} olmalı` };
    case 'maximum':
      return { en: `must be at most ${params['limit']}`, tr: `en çok ${params['limit']} olmalı` };
    default:
      return { en: error.message ?? 'is not valid', tr: 'geçerli değil' };
  }
}
