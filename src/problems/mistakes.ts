/** The mistakes of a request, all parts of it at once, in words for people. */
import type { FastifyRequest, FastifySchemaValidationError } from 'fastify';
import type { Localised } from '../lib/localised.ts';
import type { Mistake } from '../problems.ts';
import { formInWords } from './form-words.ts';

const PARTS = ['params', 'body', 'querystring', 'headers'] as const;
type Part = (typeof PARTS)[number];

/**
 * Validates every part of the request against its schema. Fastify itself stops at the first part
 * that is wrong; a caller is helped by the whole list.
 */
export function schemaMistakes(request: FastifyRequest): Mistake[] {
  return PARTS.flatMap((part) => {
    const validate = request.getValidationFunction(part);
    if (validate === undefined || validate(partOf(request, part))) return [];
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
  const name = shown(error.params['missingProperty'] ?? error.params['additionalProperty']);
  const path = name === '' ? error.instancePath : `${error.instancePath}/${escapePointer(name)}`;
  return part === 'body' ? path : path.replace(/^\//, '');
}

/** A validator's parameter as text. */
function shown(value: unknown): string {
  if (Array.isArray(value)) return value.map(shown).join(', ');
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function escapePointer(name: string): string {
  return name.slice(0, 128).replaceAll('~', '~0').replaceAll('/', '~1');
}

function messageOf(error: FastifySchemaValidationError): Localised {
  const { params } = error;
  const limit = shown(params['limit']);
  switch (error.keyword) {
    case 'required':
      return { en: 'is required', tr: 'gerekli' };
    case 'additionalProperties':
      return { en: 'is not known here', tr: 'burada bilinmiyor' };
    case 'type':
      return { en: `must be ${shown(params['type'])}`, tr: `türü ${shown(params['type'])} olmalı` };
    case 'pattern':
      return formInWords(shown(params['pattern']));
    case 'enum': {
      const allowed = shown(params['allowedValues']);
      return { en: `must be one of ${allowed}`, tr: `şunlardan biri olmalı: ${allowed}` };
    }
    case 'anyOf':
      return { en: 'is none of the allowed values', tr: 'izin verilen değerlerden biri değil' };
    case 'minLength':
      return {
        en: `must have ${limit} characters or more`,
        tr: `en az ${limit} karakter olmalı`,
      };
    case 'maxLength':
      return {
        en: `must have at most ${limit} characters`,
        tr: `en çok ${limit} karakter olmalı`,
      };
    case 'minimum':
      return { en: `must be ${limit} or more`, tr: `en az ${limit} olmalı` };
    case 'maximum':
      return { en: `must be at most ${limit}`, tr: `en çok ${limit} olmalı` };
    default:
      return { en: error.message ?? 'is not valid', tr: 'geçerli değil' };
  }
}
