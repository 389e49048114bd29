/** The form of a check: the ledger is dropped, looked at first, then compared. */
import { useState } from 'preact/hooks';
import { ApiError, problemFor, queryOf } from '../../lib/api.ts';
import { getBounded } from '../../lib/bounded.ts';
import type { Filters } from '../../lib/documents.ts';
import { t } from '../../lib/language.ts';
import { lastAsked, remember } from '../../lib/remembered.ts';
import { DayField } from '../../parts/day-field.ts';
import { FilterFields, filtersOf, textOf } from '../../parts/filters.ts';
import { html } from '../../parts/html.ts';
import { MemberField } from '../../parts/member-field.ts';
import { ProblemNote } from '../../parts/problem-note.ts';
import { MissingDays } from '../missing-days.ts';
import {
  isPasswordRefusal,
  ledgerHeaders,
  takePassword,
  useIsArchive,
} from './archive-password.ts';
import { Breaks } from './breaks.ts';
import type { CheckAnswer } from './documents.ts';
import { LedgerField } from './ledger-field.ts';

interface Wanted {
  member: string;
  processDate: string;
  ledger: string;
  tolerance: string;
  filters: Filters;
}

interface Outcome {
  wanted: Wanted;
  file: File;
  /** How it is asked for once more; not where that takes a password, which is let go. */
  repeat?: ReturnType<typeof requestOf>;
  check?: CheckAnswer;
  error?: unknown;
}

interface NewCheckProps {
  members: readonly string[];
  /** When there is one more among the earlier ones. */
  onChecked: () => void;
}

export function NewCheck({ members, onChecked }: NewCheckProps) {
  const [file, setFile] = useState<File>();
  const [isBusy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const isArchive = useIsArchive(file);
  // Told at the field, and no longer once there is another ledger.
  const isRefused = isPasswordRefusal(outcome?.error);
  const check = async (wanted: Wanted, ledger: File, zipPassword?: string): Promise<void> => {
    remember({ member: wanted.member, filters: wanted.filters, ledger: wanted.ledger });
    setBusy(true);
    setOutcome(undefined);
    const request = requestOf(wanted, ledger, zipPassword);
    const asked = { wanted, file: ledger, ...(zipPassword === undefined && { repeat: request }) };
    try {
      const found = await getBounded<CheckAnswer>(request.path, request.init);
      setOutcome({ ...asked, check: found });
      onChecked();
    } catch (error) {
      setOutcome({ ...asked, error });
    } finally {
      setBusy(false);
    }
  };
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const wanted = wantedIn(new FormData(form));
    if (file !== undefined) void check(wanted, file, takePassword(form));
  };
  return html`<form class="card" onSubmit=${submit}>
      <h2>${t({ en: 'Your ledger against MKS', tr: 'Defteriniz ve MKS' })}</h2>
      <${LedgerField}
        file=${file}
        isArchive=${isArchive}
        isPasswordRefused=${isRefused && outcome?.file === file}
        member=${members[0]}
        onFile=${setFile}
      />
      <${CheckFields} members=${members} />
      <p>
        <button class="primary" disabled=${isBusy || isArchive === undefined}>
          ${isBusy ? t({ en: 'Comparing …', tr: 'Karşılaştırılıyor …' }) : t({ en: 'Compare', tr: 'Karşılaştır' })}
        </button>
      </p>
    </form>
    ${outcome && !isRefused && html`<${Shown} outcome=${outcome} />`}`;
}

function wantedIn(data: FormData): Wanted {
  return {
    member: textOf(data, 'member'),
    processDate: textOf(data, 'day').replaceAll('-', ''),
    ledger: textOf(data, 'ledger'),
    tolerance: textOf(data, 'tolerance').replace(',', '.'),
    filters: filtersOf(data),
  };
}

function requestOf({ filters, ...rest }: Wanted, ledger: File, zipPassword?: string) {
  const init = {
    method: 'POST',
    headers: { ...ledgerHeaders(zipPassword), accept: '*/*' },
    body: ledger,
  };
  return { path: `/balances/check${queryOf({ ...rest, ...filters })}`, init };
}

function Shown({ outcome: { wanted, repeat, check, error } }: { outcome: Outcome }) {
  if (check !== undefined) return html`<${Breaks} check=${check} repeat=${repeat} />`;
  const isMissing = error instanceof ApiError && error.slug === 'conflict';
  return html`<${ProblemNote} problem=${problemFor(error)} />
    ${isMissing && html`<${MissingDays} member=${wanted.member} filters=${wanted.filters} days=${[wanted.processDate]} />`}`;
}

function CheckFields({ members }: { members: readonly string[] }) {
  const last = lastAsked();
  return html`<div class="fields">
      <${MemberField} members=${members} />
      <${DayField} />
      <label class="field">
        <span>${t({ en: 'Name of the ledger', tr: 'Defterin adı' })}</span>
        <input
          name="ledger"
          required
          pattern="[A-Za-z0-9._\\-]{1,64}"
          defaultValue=${last.ledger ?? 'ledger'}
          spellcheck=${false}
        />
      </label>
      <label class="field">
        <span>${t({ en: 'Tolerance', tr: 'Tolerans' })}</span>
        <input
          name="tolerance"
          inputmode="decimal"
          pattern="[0-9]{1,30}([.,][0-9]{1,30})?"
          placeholder="0.01"
        />
      </label>
    </div>
    <${FilterFields} values=${last.filters} />`;
}
